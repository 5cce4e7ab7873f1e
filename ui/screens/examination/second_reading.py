"""The second reading of a decision that differs: by a user outside of the commission, or by a paper."""

from typing import Any

from PySide6.QtWidgets import QLineEdit, QWidget

from app.domain import voting
from app.domain.clock import SystemClock
from app.domain.dates import parse_iso
from app.domain.errors import Told
from app.domain.text import N_, Text
from app.domain.vocabulary import CaseState
from app.i18n import Translator
from app.services.desk import Desk
from app.services.second_reading import readers_among
from app.services.views import User
from ui.language import Language
from ui.screens.examination.record import CaseRecord
from ui.widgets.choice import Combo
from ui.widgets.date_field import DateField
from ui.widgets.labelled import Labelled
from ui.widgets.options import ChoiceField, Option
from ui.widgets.parts import Lines, button, column, label, panel, row
from ui.widgets.passphrase import PassphraseEdit
from ui.widgets.words import Words

_USER, _PAPER = "user", "paper"


class SecondReadingPanel(QWidget):
    """Shown below a decided case whose decision has to be read a second time, before the signatures."""

    def __init__(self, desk: Desk, language: Language, record: CaseRecord) -> None:
        super().__init__()
        self._desk, self._language, self._record = desk, language, record
        words = self._words = Words(language, self)
        self._users: tuple[User, ...] = ()
        self._readers: tuple[User, ...] = ()
        self.heading, self.hint, self.told = label("section", wrap=True), label(wrap=True), label(wrap=True)
        words(self.heading, "text", N_("Second reading"))
        words(
            self.hint,
            "text",
            N_("The decision differs from what the criteria give. Before it is signed the department of methodology "
               "and control reads it. This rule is a setting of your department."),
        )  # fmt: skip
        self.agreed = ChoiceField(
            "second_reading.agreed", N_("That department"),
            [Option(True, N_("agrees with the decision")), Option(False, N_("does not agree"))],
        )  # fmt: skip
        self.way = ChoiceField(
            "second_reading.way", N_("How it says so"),
            [Option(_USER, N_("at this laptop")), Option(_PAPER, N_("by a paper"))],
        )  # fmt: skip
        self.text = Lines(2)
        self._text = Labelled(words, N_("What it says (may stay empty where it agrees)"), self.text)
        self.account, self.passphrase = Combo(), PassphraseEdit(words)
        self._account = Labelled(words, N_("User outside of the commission"), self.account)
        self._passphrase = Labelled(words, N_("Passphrase of that user"), self.passphrase, buddy=self.passphrase.edit)
        self.nobody = label("warning", wrap=True)
        words(self.nobody, "text", N_("No user of this laptop is outside of the commission. Add one in the settings."))
        self.by, self.number = QLineEdit(), QLineEdit()
        self._by = Labelled(words, N_("Who read it"), self.by)
        self._number = Labelled(words, N_("Number of the paper"), self.number)
        self.on = DateField("second_reading.on", N_("Date of the paper"), today=SystemClock().today)
        self.error = label("error", wrap=True)
        self.confirm_button, self.back_button = button("primary", "check"), button("quiet", "undo-2")
        words(self.confirm_button, "text", N_("Record the second reading"))
        words(self.back_button, "text", N_("Take the second reading out"))
        self.confirm_button.clicked.connect(self.confirm)
        self.passphrase.submitted.connect(self.confirm)
        self.back_button.clicked.connect(self._take_back)
        self.form = panel()
        inside = column(self.form, margin=16, gap=12)
        by_user, by_paper = QWidget(), QWidget()
        line = row(by_user, gap=16)
        line.addWidget(self._account, 1)
        line.addWidget(self._passphrase, 1)
        paper = row(by_paper, gap=16)
        for asked in (self._by, self._number, self.on):
            paper.addWidget(asked, 1)
        self._ways = {_USER: by_user, _PAPER: by_paper}
        within: tuple[QWidget, ...] = (self.agreed, self.way, by_user, self.nobody, by_paper, self._text, self.error)
        for part in within:
            inside.addWidget(part)
        buttons = row()
        buttons.addWidget(self.confirm_button)
        buttons.addStretch(1)
        inside.addLayout(buttons)
        lines = column(self, gap=12)
        whole: tuple[QWidget, ...] = (self.heading, self.hint, self.told, self.form)
        for part in whole:
            lines.addWidget(part)
        back = row()
        back.addWidget(self.back_button)
        back.addStretch(1)
        lines.addLayout(back)
        self.way.committed.connect(lambda *_: self._show_way())
        self.way.show_value(_USER)
        self.error.hide()

    def take_users(self, users: tuple[User, ...]) -> None:
        """Who is a user of this laptop."""
        self._users = users
        self.refresh()

    def retranslate(self, t: Translator) -> None:
        for field in (self.agreed, self.way, self.on):
            field.retranslate(t)
        self.refresh()

    def refresh(self) -> None:
        """Shown where it is asked for, or was given."""
        record = self._record
        if not record.is_loaded:
            return
        reading, state = record.get(voting.SECOND_READING), record.view.state
        needed = voting.needs_second_reading(record.document, record.draft.proposal, record.procedure)
        waits = state is CaseState.DECIDED
        self.setVisible((waits and needed) or reading is not None)
        self.form.setVisible(waits and reading is None)
        self.hint.setVisible(waits and reading is None)
        self.back_button.setVisible(waits and reading is not None)
        self.told.setVisible(reading is not None)
        if reading is not None:
            self.told.setText(_told(self._language.t, reading))
        readers = readers_among(self._users, record.document)
        if readers != self._readers:
            self._readers = readers
            self.account.clear()
            self.account.addItems([f"{user.name} · {user.login}" for user in readers])
        self._show_way()

    def first(self) -> QWidget | None:
        """Where the keyboard begins; None where nothing is asked."""
        return self.agreed.focus_widget() if not self.isHidden() and self._asks() else None

    def confirm(self) -> None:
        """Record what was entered."""
        if not self.confirm_button.isEnabled():
            return
        self.error.hide()
        agreed, text = _chosen(self.agreed), self.text.toPlainText()
        if agreed is None:
            self._say(Text(N_("Choose whether that department agrees.")), self.agreed.focus_widget())
            return
        readings, case_id = self._desk.second_readings, self._record.case_id
        if _chosen(self.way) == _PAPER:
            self.on.settle()
            by, number, on = self.by.text(), self.number.text(), parse_iso(str(self._on or ""))
            work = lambda: readings.by_paper(case_id, by=by, number=number, on=on, agreed=agreed, text=text)  # noqa: E731
        else:
            at = self.account.currentIndex()
            login = self._readers[at].login if 0 <= at < len(self._readers) else ""
            passphrase = self.passphrase.text()
            work = lambda: readings.confirm(case_id, login, passphrase, agreed=agreed, text=text)  # noqa: E731
        self.confirm_button.setEnabled(False)
        self._record.act(work, self._failed, done=self._recorded)

    @property
    def _on(self) -> Any:
        """The day typed, in ISO form; None where it isn't one."""
        try:
            return self.on.parse(self.on.text())
        except Told:
            return None

    def _asks(self) -> bool:
        return self.form.isVisibleTo(self)

    def _show_way(self) -> None:
        chosen = _chosen(self.way)
        for way, part in self._ways.items():
            part.setVisible(way == chosen)
        self.nobody.setVisible(chosen == _USER and not self._readers)

    def _recorded(self) -> None:
        self.confirm_button.setEnabled(True)
        self.passphrase.clear()
        self.text.setPlainText("")

    def _failed(self, error: BaseException) -> None:
        self.confirm_button.setEnabled(True)
        if not isinstance(error, Told):
            raise error
        targets: dict[str | None, QWidget] = {
            "passphrase": self.passphrase.edit, "by": self.by, "number": self.number, "on": self.on.focus_widget(),
            "text": self.text, "login": self.account,
        }  # fmt: skip
        self._say(error.text, targets.get(error.where, self.confirm_button))

    def _take_back(self) -> None:
        self._record.act(lambda: self._desk.second_readings.take_back(self._record.case_id))

    def _say(self, text: Text, then: QWidget) -> None:
        self.error.setText("⚠ " + self._language.t.show(text))
        self.error.show()
        then.setFocus()


def _chosen(field: ChoiceField) -> Any:
    chosen = field.row.value_button()
    # Before its words are known a field has no buttons yet; what was shown counts.
    return chosen.option.value if chosen is not None else field._value if not field.row.buttons else None


def _told(t: Translator, reading: dict[str, Any]) -> str:
    on = parse_iso(reading.get("on") or "")
    told = {"name": reading.get("by") or "", "on": t.show(on) if on is not None else ""}
    number = (reading.get("paper") or {}).get("number")
    if reading.get("agreed"):
        sign, words = "✓ ", t("{name} agrees with the decision, {on}.", **told)
    else:
        sign, words = "⚠ ", t("{name} does not agree with the decision, {on}.", **told)
    parts = [sign + words, t("Paper No. {number}.", number=number) if number else "", reading.get("text") or ""]
    return " ".join(part for part in parts if part)
