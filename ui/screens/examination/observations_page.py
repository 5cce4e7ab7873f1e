"""What each specialist sees: one specialist at a time, each with the same long texts."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.case_file import check_field
from app.domain.observations import NAMES, ROOT, OriginKind, Section, Specialist, origins_path, path_of
from app.domain.text import N_, Text
from app.i18n import Translator
from app.services.snippets import Snippet
from ui import shortcuts
from ui.screens.examination.form import Form, given
from ui.screens.examination.phrases import PhraseList, matching
from ui.screens.examination.step_page import StepPage
from ui.widgets.field import Field
from ui.widgets.options import Option, OptionRow
from ui.widgets.paper_text import PaperEdit, PaperField
from ui.widgets.parts import button, label, row

_LINES = {Section.COMPLAINTS: 3, Section.WORK_SOCIAL: 2}
_HINTS = {
    Section.COMPLAINTS: N_("in the person's own words"),
    Section.WORK_SOCIAL: N_("education, occupations, conditions of work, family, housing"),
    Section.RESULTS: N_("what was done, when, with the figures"),
}
PhraseWanted = Callable[[Snippet | None], None]


class ObservationsPage(StepPage):
    """A row of specialists, a sign at each whether anything stands there, and the texts of the one chosen.

    The editors of a specialist are made when somebody looks there first: all together are forty-two.
    `phrase_dialog(draft)` is called to look after the phrases, with one to be kept or None.
    """

    def __init__(self, form: Form, parent: QWidget) -> None:
        super().__init__("observations", N_("What the specialists see"), parent)
        self._form = form
        self.phrase_dialog: PhraseWanted = lambda _draft: None
        self.phrases: Sequence[Snippet] = ()
        self.chosen = Specialist.THERAPIST
        self._panels: dict[Specialist, QWidget] = {}
        self._fields: dict[Specialist, list[PaperField]] = {}
        self._read_only = False
        self.specialists = OptionRow(choose_on_arrow=True)
        self.specialists.chosen.connect(lambda value: self.show_specialist(Specialist(value)))
        self.manage_button = button("quiet", "list-checks")
        self.manage_button.clicked.connect(lambda: self.phrase_dialog(None))
        self.hint = label("hint", wrap=True)
        line = row(gap=8)
        line.addWidget(self.hint, 1)
        line.addWidget(self.manage_button, 0, Qt.AlignmentFlag.AlignRight)
        self.column.addWidget(self.specialists)
        self.column.addLayout(line)
        self._holder = QVBoxLayout()
        self.column.addLayout(self._holder)
        self.list = PhraseList(self._matching)
        self.list.chosen.connect(self._on_phrase)
        self.finish()
        self.later(lambda: self.provide(f"{ROOT}.{self.chosen}"), lambda: self.show_specialist(self.chosen))
        self.destroyed.connect(self.list.deleteLater)  # it hangs on the window, above all pages
        form.record.replaced.connect(self._on_replaced)
        for name, step in (("next_specialist", 1), ("previous_specialist", -1)):
            shortcuts.bind(self, name, partial(self.turn, step))
        shortcuts.bind(self, "keep_phrase", self.keep_phrase)

    # --- specialists -----------------------------------------------------------------------------------------
    def show_specialist(self, who: Specialist) -> None:
        """The texts of this specialist; the keyboard stays where it is."""
        self.provide(f"{ROOT}.{who}")
        self.chosen = who
        for other, panel in self._panels.items():
            panel.setVisible(other is who)
        self.specialists.show_value(who.value)
        for field in self._fields[who]:
            field.paper.fit()
        self.order_tabs()

    def turn(self, step: int) -> None:
        """To the specialist after or before, with the keyboard in the same text as now."""
        everybody = list(Specialist)
        self.make_whole()
        section = next((n for n, f in enumerate(self._fields[self.chosen]) if f.edit.hasFocus()), 0)
        self.show_specialist(everybody[(everybody.index(self.chosen) + step) % len(everybody)])
        self.reveal(self._fields[self.chosen][section])

    def provide(self, path: str) -> None:
        parts = path.removeprefix(f"{ROOT}.").split(".")
        who = Specialist(parts[0]) if path.startswith(f"{ROOT}.") and parts[0] in set(Specialist) else None
        if who is None or who in self._panels:
            return
        panel = QWidget()
        column = QVBoxLayout(panel)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        self._panels[who], self._fields[who] = panel, []
        self._holder.addWidget(panel)
        panel.hide()
        for section in Section:
            at = path_of(who, section)
            field = PaperField(
                at, NAMES[section], hint=_HINTS.get(section, ""), check=partial(check_field, at),
                lines=_LINES.get(section, 3),
            )  # fmt: skip
            self._fields[who].append(field)
            column.addWidget(field)
            self._form.bind(field)
            self.list.serve(field.paper)
            field.paper.keep_wanted.connect(partial(self._keep, field))
            field.paper.phrases_wanted.connect(lambda: self.phrase_dialog(None))
            field.left.connect(self._on_left)
            self._show_origins(field)

    def first(self) -> QWidget | None:
        fields = self._fields.get(self.chosen) if self.is_whole else None
        return fields[0].focus_widget() if fields else None

    def first_path(self) -> str | None:
        return path_of(self.chosen, next(iter(Section)))

    def can_reveal(self, field: Field) -> bool:
        return True  # each specialist can be turned to

    def reveal(self, field: Field) -> None:
        who = next((who for who, fields in self._fields.items() if field in fields), None)
        if who is not None and who is not self.chosen:
            self.show_specialist(who)
        super().reveal(field)

    def refresh(self) -> None:
        if self._t is None:
            return
        if not self.specialists.buttons:
            self.specialists.set_options([Option(who.value, NAMES[who]) for who in Specialist], self._t, about="")
            self.specialists.show_value(self.chosen.value)
        t = self._t
        for option_button in self.specialists.buttons:
            who = Specialist(option_button.option.value)
            written = given(self._form.record, f"{ROOT}.{who}")
            name = t(NAMES[who])
            option_button.setText(f"{'✓' if written else '○'} {name}")
            stands = t("something is written") if written else t("nothing is written")
            option_button.setAccessibleName(f"{name}: {stands}")
            option_button.setToolTip(stands)
            option_button.updateGeometry()

    # --- phrases ---------------------------------------------------------------------------------------------
    def keep_phrase(self) -> None:
        """Keep the selected words of the text that has the keyboard."""
        field = next((f for f in self._fields.get(self.chosen, ()) if f.edit.hasFocus()), None)
        if field is not None and self._form.record.editable:
            field.paper.keep_selection()

    def _keep(self, field: PaperField, text: str) -> None:
        *_, who, section = field.path.split(".")
        language = self._t.language if self._t is not None else "kk"
        self.phrase_dialog(Snippet("", "", text.strip(), language, who, section))

    def _matching(self, typed: str) -> list[Snippet]:
        field = next((f for f in self._fields[self.chosen] if f.edit.hasFocus()), None)
        section = field.path.rpartition(".")[2] if field is not None else ""
        language = self._t.language if self._t is not None else "kk"
        return matching(self.phrases, typed, specialist=self.chosen.value, section=section, language=language)

    def _on_phrase(self, editor: PaperEdit, identity: str) -> None:
        for field in self._fields[self.chosen]:
            if field.paper is editor:
                field.inserted.append(identity)

    # --- where texts came from -------------------------------------------------------------------------------
    def _on_left(self, path: str) -> None:
        field = self._form.fields[path]
        if isinstance(field, PaperField):
            inserted, field.inserted = field.inserted, []
            self._form.record.trace(path, inserted)

    def _on_replaced(self, path: str) -> None:
        for fields in self._fields.values():
            for field in fields:
                if path == origins_path(field.path):
                    self._show_origins(field)

    def _show_origins(self, field: PaperField) -> None:
        found: list[dict[str, Any]] = self._form.record.get(origins_path(field.path) or "") or []
        told = [_told(origin) for origin in found]
        match told:
            case []:
                field.set_remark(None)
            case [one]:
                field.set_remark(one)
            case [one, *more]:
                for other in more:
                    one = Text(N_("{first} {second}"), {"first": one, "second": other})
                field.set_remark(one)

    # --- language and state ----------------------------------------------------------------------------------
    def retranslate(self, t: Translator) -> None:
        super().retranslate(t)
        self.hint.setText(t("A “/” at the beginning of a word opens the phrases; {key} keeps selected words as one.",
                            key=shortcuts.native("keep_phrase")))  # fmt: skip
        self.manage_button.setText(t("Phrases…"))
        self.manage_button.setAccessibleName(t("Phrases: look through, change, remove"))
        self.specialists.setAccessibleName(t("Specialists"))
        self.list.retranslate(t)
        if self.isVisible():
            self.refresh()

    def show_record(self) -> None:
        for fields in self._fields.values():
            for field in fields:
                self._show_origins(field)


def _told(origin: dict[str, Any]) -> Text:
    values = {"share": origin["share"], "name": origin["name"]}
    if origin["kind"] == OriginKind.CASE:
        return Text(N_("About {share} % of this text stands in case {name}."), values)
    return Text(N_("About {share} % of this text is the phrase “{name}”."), values)
