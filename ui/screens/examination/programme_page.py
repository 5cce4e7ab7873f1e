"""The programme of rehabilitation measures: take over what is proposed, confirm, add, change, refuse; what changed."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from app.domain.errors import UserError
from app.domain.programme import PATH, rows_of
from app.domain.text import N_, Text
from app.domain.vocabulary import Agreement, CaseState, MeasureState, Signatory
from app.i18n import Translator
from app.services import programmes
from app.services.programme_words import STATE_HEADINGS, STATE_SIGNS
from app.services.programmes import ListedMeasure, MeasureList
from app.services.steps import programme_asked, programme_made
from ui import shortcuts
from ui.language import Language
from ui.screens.examination import measure_words
from ui.screens.examination.form import Form, options
from ui.screens.examination.measure_changes import ChangesPanel, missing
from ui.screens.examination.measure_dialogs import AddDialog, ReasonDialog, RowDialog
from ui.screens.examination.measure_offers import Offers
from ui.screens.examination.measure_rows import MeasureRows
from ui.screens.examination.step_page import StepPage
from ui.screens.proposal import words
from ui.widgets.flow import FlowLayout
from ui.widgets.options import Option
from ui.widgets.parts import button, label

_OFFERED = (MeasureState.PROPOSED, MeasureState.TO_CONFIRM, MeasureState.CONTRAINDICATED)


class ProgrammePage(StepPage):
    """Takes changes until the members have signed. `told(text)`: an act that couldn't be done says why."""

    told = Signal(str)

    def __init__(self, form: Form, language: Language, parent: QWidget) -> None:
        super().__init__("programme", N_("Rehabilitation programme"), parent)
        self._form, self._record, self._language = form, form.record, language
        self._listed = MeasureList()

        self.remark = label(wrap=True)
        self.add(self.remark)
        self.changes = ChangesPanel()
        self.add(self.changes)

        self.take_button, self.add_button = button("primary"), button("", "plus")
        self.edit_button, self.remove_button = button("", "pencil"), button("", "trash-2")
        self.up_button, self.down_button = button("", "arrow-up"), button("", "arrow-down")
        self._buttons = (self.take_button, self.add_button, self.edit_button, self.remove_button, self.up_button,
                         self.down_button)  # fmt: skip
        self.tools = QWidget()
        flow = FlowLayout(self.tools)
        for made in self._buttons:
            made.setAutoDefault(False)
            flow.addWidget(made)
        self.add(self.tools)
        self.error = label("error", wrap=True)
        self.error.hide()
        self.add(self.error)
        self.rows = MeasureRows()
        self.add(self.rows)
        self.offers: dict[MeasureState, Offers] = {}
        self.open = label(wrap=True)
        self.finish()
        self._connect()
        self.later(self._make_offers, self._make_end)

    def _make_offers(self) -> None:
        for state in _OFFERED:
            offers = self.offers[state] = Offers(state)
            offers.chosen.connect(self.include)
            self.add(offers)
            if self._t is not None:
                offers.retranslate(self._t)
        self.add(self.open)

    def _make_end(self) -> None:
        form = self._form
        self.none = form.long_text(
            f"{PATH}.none",
            N_("No measures are needed because"),
            hint=N_("only where the programme stays empty"),
            lines=2,
        )
        self.none_group = self.group(N_("No measures"), [[self.none]])
        self.consent = self.group(
            N_("What the person says"),
            [
                [form.choice(f"{PATH}.consent.answer", N_("The whole programme"), options(Agreement))],
                [
                    form.choice(f"{PATH}.consent.by", N_("Said by"), options(Signatory)),
                    form.date(f"{PATH}.consent.on", N_("Said on")),
                ],
                [
                    form.choice(
                        f"{PATH}.plan",
                        N_("The programme on paper"),
                        [Option(True, N_("is signed")), Option(False, N_("is not signed by the person"))],
                    )
                ],
            ],
        )
        self.source = label("hint", wrap=True)
        self.add(self.source)

    def _connect(self) -> None:
        acts: tuple[Callable[[], object], ...] = (
            self.take_over, self.ask_for_one, lambda: self.edit(self.rows.currentRow()),
            lambda: self.remove(self.rows.currentRow()), lambda: self.shift(self.rows.currentRow(), -1),
            lambda: self.shift(self.rows.currentRow(), 1),
        )  # fmt: skip
        for made, act in zip(self._buttons, acts, strict=True):
            made.clicked.connect(lambda _checked=False, a=act: a())
        self.changes.followed.connect(self.follow)
        self.rows.opened.connect(self.edit)
        self.rows.removed.connect(self.remove)
        self.rows.moved.connect(self.shift)
        self._record.replaced.connect(self._on_replaced)

    # --- acts ------------------------------------------------------------------------------------------------
    @property
    def _may_change(self) -> bool:
        return self._record.may_change(PATH)

    def _programme(self) -> dict[str, Any] | None:
        found = self._record.get(PATH)
        return found if isinstance(found, dict) else None

    def _put(self, programme: dict[str, Any], chosen: int | None) -> None:
        """Show and save another programme."""
        self.error.hide()
        if programme == (self._programme() or {}):
            return
        self._record.put(PATH, programme)
        if chosen is not None:
            self.rows.setCurrentRow(min(chosen, self.rows.count() - 1))
        if self.rows.count():
            self.rows.setFocus()
        else:
            (self.take_button if self.take_button.isEnabled() else self.add_button).setFocus()

    def _try(self, work: Callable[[], dict[str, Any]], *, chosen: int | None = None) -> None:
        """Put what `work` gives; say it where it refuses."""
        if not self._may_change:
            return
        self._form.settle()
        try:
            self._put(work(), chosen)
        except UserError as error:
            said = self._language.t.show(error.text)
            self.error.setText("⚠ " + said)
            self.error.show()
            self.told.emit(said)

    def take_over(self) -> None:
        """Everything that is proposed and isn't in the programme yet."""
        first = self.rows.count()
        self._try(lambda: programmes.take_over(self._programme(), self._listed), chosen=first)

    def follow(self) -> None:
        """As the criteria have it now."""
        self._try(lambda: programmes.follow(self._programme(), self._listed), chosen=0)

    def include(self, identity: str, reason: str = "") -> None:
        """One measure of the criteria; one that is contra-indicated asks for a reason first."""
        measure = self._listed.find(identity)
        if measure is None or not self._may_change:
            return
        there = [row.get("measure") for row in rows_of(self._programme())]
        if identity in there:
            self.rows.setCurrentRow(there.index(identity))
            self.rows.setFocus()
            return
        if measure.state is MeasureState.CONTRAINDICATED and not reason:
            asked = ReasonDialog(self._language, measure, self.window())
            asked.given.connect(lambda given: self.include(identity, given))
            asked.open()
            return
        self._try(lambda: programmes.take(self._programme(), measure, reason), chosen=self.rows.count())

    def ask_for_one(self) -> None:
        """A measure of the whole list, or one in words."""
        if not (self._may_change and self._shown()):
            return
        there = frozenset(str(row.get("measure")) for row in rows_of(self._programme()))
        asked = AddDialog(self._language, self._listed, there, self.window())
        asked.chosen.connect(self.include)
        asked.free.connect(self._ask_in_words)
        asked.open()

    def _ask_in_words(self, typed: str) -> None:
        self._ask_row({"name": typed or None}, None)

    def edit(self, place: int) -> None:
        """Change the row at a place."""
        rows = rows_of(self._programme())
        if self._may_change and 0 <= place < len(rows):
            self._ask_row(rows[place], place)

    def _ask_row(self, given: dict[str, Any], place: int | None) -> None:
        asked = RowDialog(self._language, given, self._listed, self.window())

        def saved(row: dict[str, Any]) -> None:
            rows = rows_of(self._programme())
            if place is None:
                rows.append(row)
            elif place < len(rows):
                rows[place] = row
            at = len(rows) - 1 if place is None else place
            self._try(lambda: programmes.with_rows(self._programme(), rows), chosen=at)

        asked.saved.connect(saved)
        asked.open()

    def remove(self, place: int) -> None:
        """Take the row at a place out; it can be taken back."""
        rows = rows_of(self._programme())
        if 0 <= place < len(rows):
            del rows[place]
            self._try(lambda: programmes.with_rows(self._programme(), rows), chosen=place)

    def shift(self, place: int, by: int) -> None:
        """Put the row at a place earlier (-1) or later (1)."""
        rows = rows_of(self._programme())
        if 0 <= place < len(rows) and 0 <= place + by < len(rows):
            rows.insert(place + by, rows.pop(place))
            self._try(lambda: programmes.with_rows(self._programme(), rows), chosen=place + by)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Whatever has the keyboard and has no use for Insert hands it on to its page.
        if event.key() == Qt.Key.Key_Insert and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.ask_for_one()
        else:
            super().keyPressEvent(event)

    # --- show ------------------------------------------------------------------------------------------------
    def _on_replaced(self, path: str) -> None:
        if path == PATH:
            for known in self._form.fields:
                if known.startswith(f"{PATH}."):
                    self._form.show_field(known)

    def retranslate(self, t: Translator) -> None:
        super().retranslate(t)
        said = (t("Take over the proposal"), t("Add a measure"), t("Change"), t("Take out"), t("Earlier"),
                t("Later"))  # fmt: skip
        keys = ("agree", "add_measure", "edit_measure", "remove_measure", "turn_up", "turn_down")
        for made, text, key in zip(self._buttons, said, keys, strict=True):
            made.setText(text)
            made.setAccessibleName(text)
            made.setToolTip(shortcuts.native(key))
        self.changes.retranslate(t)
        self.rows.setAccessibleName(t("Measures of the programme"))
        for offers in self.offers.values():
            offers.retranslate(t)

    def _shown(self) -> bool:
        """Whether a programme can be made here, or there is one."""
        made = programme_made(self._record.document, self._record.draft.proposal)
        return made or bool(rows_of(self._programme()))

    def set_read_only(self, read_only: bool) -> None:
        super().set_read_only(read_only and not self._may_change)

    def refresh(self) -> None:
        t, record = self._t, self._record
        if t is None or not record.is_loaded:
            return
        self._listed = record.measures()
        programme, may = self._programme(), self._may_change
        rows = rows_of(programme)
        self._show_remark(t)
        self.changes.show_changes(t, programmes.changes(programme if may else None, self._listed), self._listed)
        self.rows.show_entries([measure_words.row(t, n, row, self._listed) for n, row in enumerate(rows, 1)])
        self.rows.setVisible(bool(rows))
        there = {row.get("measure") for row in rows}
        proposed = [one for one in self._listed.of(MeasureState.PROPOSED) if one.id not in there]
        self.tools.setVisible(may and self._shown())
        self.take_button.setEnabled(bool(proposed))
        for made in (self.edit_button, self.remove_button, self.up_button, self.down_button):
            made.setEnabled(bool(rows))
        if self.offers:
            offered = may and programme_made(record.document, record.draft.proposal)
            for state, offers in self.offers.items():
                found = [one for one in self._listed.of(state) if one.id not in there] if offered else []
                offers.show_measures(t, found)
            self._show_open(t, [one for one in self._listed.of(MeasureState.OPEN) if one.id not in there], offered)
        if f"{PATH}.none" in self._form.fields:  # the end of the page stands
            self._show_end(t, programme, may)

    def _show_end(self, t: Translator, programme: dict[str, Any] | None, may: bool) -> None:
        rows = rows_of(programme)
        self.none_group.setVisible(self._shown() and not rows and (may or bool((programme or {}).get("none"))))
        self.consent.setVisible(bool(rows))
        self.source.setVisible(self._listed.name is not None)
        if self._listed.name is not None and self._listed.citation is not None:
            name = measure_words.capital(t.show(self._listed.name))
            self.source.setText(f"{name}. {words.citation(t, self._listed.citation)}")

    def _show_remark(self, t: Translator) -> None:
        record = self._record
        made = programme_made(record.document, record.draft.proposal)
        state = next(state for state in record.states() if state.step == self.step)
        lines = ["○ " + t.show(wish.text) for wish in state.wishes]
        if not made and not lines:
            lines = ["✓ " + t("No disability is established: no programme is made.")]
        elif made and not programme_asked(record.document) and record.view.state in _IN_WORK:
            asks_not = t("The purpose of the referral does not ask for a programme. One can be made all the same.")
            lines.append("✓ " + asks_not)
        self.remark.setText("\n".join(lines))
        self.remark.setVisible(bool(lines))

    def _show_open(self, t: Translator, found: list[ListedMeasure], offered: bool) -> None:
        facts = dict.fromkeys(t.show(fact) for one in found for fact in missing(self._listed, one.id))
        said = t(
            "{state}: {n}. Missing: {list}",
            state=Text(STATE_HEADINGS[MeasureState.OPEN]),
            n=len(found),
            list=", ".join(facts),
        )
        self.open.setText(f"{STATE_SIGNS[MeasureState.OPEN]} {said}")
        self.open.setVisible(bool(found) and offered)

    def first(self) -> QWidget | None:
        if self.rows.count():
            return self.rows
        for made in (self.take_button, self.add_button):
            if made.isVisibleTo(self) and made.isEnabled():
                return made
        return None


_IN_WORK = (CaseState.DRAFT, CaseState.DECIDED)
