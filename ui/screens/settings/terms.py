"""Terms that no text at hand gives: the department enters its own days, and each case says that they are its own."""

from functools import partial

from PySide6.QtWidgets import QWidget

from app.domain.errors import Told, UserError
from app.domain.text import N_, Text
from app.services.deadlines import Basis, TermInfo, terms
from app.services.desk import Desk
from app.services.preferences import SETTINGS, TERM
from ui.language import Language
from ui.screens.proposal import words as law
from ui.tasks import TaskRunner
from ui.widgets.number_field import NumberField
from ui.widgets.parts import column, label, panel
from ui.widgets.words import Words


class DaysField(NumberField):
    """A number of days."""

    def parse(self, text: str) -> object:
        digits = text.strip()
        if digits and not (digits.isascii() and digits.isdigit()):
            raise UserError(Text(N_("“{text}” is no number of days. Type it in digits."), {"text": text}))
        return int(digits) if digits else None


class TermsPage(QWidget):
    """A number of calendar days for each term, saved when it is left; empty: as the program has it."""

    title = N_("Terms of days")

    def __init__(self, desk: Desk, tasks: TaskRunner, language: Language) -> None:
        super().__init__()
        self._desk, self._tasks, self._language = desk, tasks, language
        words = Words(language, self)
        about = label(wrap=True)
        sentence = N_(
            "The texts at hand don't give every term. What is entered here counts in calendar days, and every case says"
            " that the department has entered it and nobody has checked it."
        )
        words(about, "text", sentence)
        lines = column(self, gap=16)
        lines.addWidget(about)
        self.fields: dict[str, DaysField] = {}
        self._hints = {}
        for term in terms():
            box = panel()
            inside = column(box, margin=16, gap=4)
            field = DaysField(term.id, term.name, check=partial(_checked, term.id))
            field.committed.connect(self._save)
            hint = self._hints[term.id] = label("hint", wrap=True)
            inside.addWidget(field)
            inside.addWidget(hint)
            self.fields[term.id] = field
            lines.addWidget(box)
        self.said = label("hint", wrap=True)
        lines.addWidget(self.said)
        lines.addStretch(1)
        self._words = words
        language.changed.connect(self.retranslate)
        self.retranslate()
        tasks.run(desk.deadlines.basis, done=self._show, owner=self)

    def first_field(self) -> QWidget:
        return next(iter(self.fields.values())).focus_widget()

    def retranslate(self) -> None:
        """Every word again."""
        t = self._language.t
        for term in terms():
            field = self.fields[term.id]
            field.retranslate(t)
            field.edit.setPlaceholderText("–" if term.days is None else str(term.days))
            known = (
                t("The program has none.")
                if term.days is None
                else t.plural("The program has {n} day.", "The program has {n} days.", term.days)
            )
            self._hints[term.id].setText(f"{known} {_source(t.show(term.source))} · {law.status(t, term.status)}")

    def _show(self, basis: Basis) -> None:
        for term_id, field in self.fields.items():
            field.show_value(basis.entered.get(term_id))

    def _save(self, term_id: str, value: object) -> None:
        days = value if isinstance(value, int) else None
        term = next(term for term in terms() if term.id == term_id)

        def failed(error: BaseException) -> None:
            if isinstance(error, Told):
                self.fields[term_id].set_error(error.text)
            else:
                self._tasks.failed.emit(error)

        self._tasks.run(
            lambda: self._desk.deadlines.set_days(term_id, days),
            done=lambda _none: self._say(term),
            failed=failed,
            owner=self,
        )

    def _say(self, term: TermInfo) -> None:
        self._words(self.said, "text", N_("Saved: {term}."), term=term.name)


def _source(text: str) -> str:
    return text[:1].upper() + text[1:]


def _checked(term_id: str, value: object) -> object:
    if value is not None:
        try:
            SETTINGS[TERM + term_id].spec.check(value, term_id)
        except UserError:
            raise UserError(Text(N_("“{value}” is no number of days."), {"value": value})) from None
    return value
