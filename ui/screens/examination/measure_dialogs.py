"""What the programme asks: a measure's row, a measure of the criteria's whole list, why one is taken all the same."""

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QLineEdit, QListWidgetItem, QSizePolicy, QWidget

from app.domain.case_file import check_field
from app.domain.errors import UserError
from app.domain.programme import PATH
from app.domain.text import N_, Text
from app.domain.vocabulary import LABELS, MeasureDecision, MeasureOrigin, MeasureState, MeasureUnit, ProgrammePart
from app.services.programmes import ListedMeasure, MeasureList
from ui.language import Language
from ui.screens.examination import measure_words
from ui.screens.proposal import words as proposal_words
from ui.widgets.choice import Combo
from ui.widgets.flow import FlowLayout
from ui.widgets.labelled import Labelled
from ui.widgets.parts import Lines, button, clearable, column, fit, label, row, scrolled
from ui.widgets.tick_box import TickBox
from ui.widgets.words import Words
from ui.widgets.wrapped_list import WrappedList

_ID = Qt.ItemDataRole.UserRole
_TERMS = (N_("not given"), N_("in months"), N_("for the term of the programme"))
_NONE, _MONTHS, _WITH_PROGRAMME = range(3)


class _Dialog(QDialog):
    """A heading, the parts of a subclass, what is wrong, two buttons."""

    def __init__(self, language: Language, title: str | Text, act: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.language, self.words = language, Words(language, self)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.words(self, "windowTitle", title)
        self.heading = label("section", wrap=True)
        self.words(self.heading, "text", title)
        self.error = label("error", wrap=True)
        self.error.hide()
        self.cancel_button, self.act_button = button(), button("primary")
        self.words(self.cancel_button, "text", N_("Change nothing"))
        self.words(self.act_button, "text", act)
        self.cancel_button.clicked.connect(self.reject)
        self.act_button.clicked.connect(self.act)
        for each in (self.cancel_button, self.act_button):
            each.setAutoDefault(False)
        self.middle = column(gap=12)
        buttons = row()
        buttons.addStretch(1)
        buttons.addWidget(self.cancel_button)
        buttons.addWidget(self.act_button)
        lines = column(self, margin=24, gap=12)
        lines.addWidget(self.heading)
        lines.addLayout(self.middle, 1)
        lines.addWidget(self.error)
        lines.addLayout(buttons)

    def act(self) -> None:
        """What the primary button does."""
        raise NotImplementedError

    def say_error(self, text: Text) -> None:
        """What is wrong, above the buttons."""
        shown = self.language.t.show(text)
        self.error.setText("⚠ " + shown)
        self.error.show()
        fit(self)


class ReasonDialog(_Dialog):
    """Why a contra-indicated measure is taken all the same. `given(reason)`."""

    given = Signal(str)

    def __init__(self, language: Language, measure: ListedMeasure, parent: QWidget) -> None:
        title = Text(N_("Take “{measure}” all the same"), {"measure": measure.name})
        super().__init__(language, title, N_("Take it into the programme"), parent)
        self.setMinimumWidth(600)
        entry = measure_words.offer(language.t, measure)
        against = f"{measure_words.state(language.t, measure.state)}: {'; '.join(entry.lines[1:])}"
        for text, role in ((against, ""), (entry.source, "hint")):
            said = label(role, wrap=True)
            said.setText(text)
            self.middle.addWidget(said)
        self.reason = Lines(3)
        self.field = Labelled(self.words, N_("Reason of the commission"), self.reason)
        self.middle.addWidget(self.field)
        self.reason.setFocus()

    def act(self) -> None:
        reason = self.reason.toPlainText().strip()
        if not reason:
            self.field.set_error(Text(N_("Say why it is taken although the criteria contra-indicate it.")))
            fit(self)
            self.reason.setFocus()
            return
        self.accept()
        self.given.emit(reason)


class AddDialog(_Dialog):
    """The criteria's whole list, searched in the language of the screen; or a measure in the commission's own words.

    `chosen(id)` for one of the list, `free(words)` for one in words.
    """

    chosen = Signal(str)
    free = Signal(str)

    def __init__(self, language: Language, listed: MeasureList, there: frozenset[str], parent: QWidget) -> None:
        """`there`: the measures that are in the programme already."""
        super().__init__(language, N_("Add a measure"), N_("Add the chosen measure"), parent)
        self._listed, self._there = listed, there
        self.setMinimumSize(760, 520)
        self.search = QLineEdit()
        clearable(self.search, self.words)
        self.words(self.search, "placeholderText", N_("Name or kind of the measure"))
        self.words(self.search, "accessibleName", N_("Search the measures of the criteria"))
        self.list = WrappedList()
        self.words(self.list, "accessibleName", N_("Measures of the criteria"))
        self.note = label("hint", wrap=True)
        self.free_button = button("", "pencil")
        self.words(self.free_button, "text", N_("Add it in own words"))
        self.free_button.setAutoDefault(False)
        for part in (self.search, self.list, self.note):
            self.middle.addWidget(part)
        self.middle.addWidget(self.free_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.search.textChanged.connect(self._fill)
        self.search.returnPressed.connect(self._on_return)
        self.list.itemActivated.connect(lambda _item: self.act())
        self.free_button.clicked.connect(self._on_free)
        self.search.setFocus()
        self._fill("")

    def _fill(self, typed: str) -> None:
        t = self.language.t
        found = self._listed.search(typed, t.language)
        self.list.clear()
        for measure in found:
            item = QListWidgetItem(measure_words.found(t, measure, there=measure.id in self._there))
            item.setData(_ID, measure.id)
            self.list.addItem(item)
        if found:
            self.list.setCurrentRow(0)
            self.note.setText(t.plural("{n} measure", "{n} measures", len(found)))
        elif self._listed.measures:
            self.note.setText(t("None of the criteria's measures is called so. It can be added in own words."))
        else:
            self.note.setText(t("The criteria of this day list no measures. One can be added in own words."))
        self.act_button.setEnabled(bool(found))

    def _on_return(self) -> None:
        if self.list.count():
            self.list.setFocus()
        else:
            self.free_button.setFocus()

    def act(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            identity = str(item.data(_ID))
            self.accept()
            self.chosen.emit(identity)

    def _on_free(self) -> None:
        typed = self.search.text().strip()
        self.accept()
        self.free.emit(typed)


class RowDialog(_Dialog):
    """One row of the programme. `saved(row)` with everything that the row had and wasn't asked for here."""

    saved = Signal(object)

    def __init__(self, language: Language, given: dict[str, Any], listed: MeasureList, parent: QWidget) -> None:
        self._given, self._listed = given, listed
        measure = listed.find(given.get("measure"))
        self._against = measure is not None and measure.state is MeasureState.CONTRAINDICATED
        own = given.get("measure") is None
        title = N_("A measure in own words") if own else Text(N_("{name}"), {"name": self._name(language)})
        super().__init__(language, title, N_("Save"), parent)
        t = language.t
        self.setMinimumWidth(720)
        body = QWidget()
        lines = column(body, gap=12)
        self.name = QLineEdit(str(given.get("name") or ""))
        if own:
            lines.addWidget(Labelled(self.words, N_("What it is"), self.name))
        elif measure is not None:
            source = label("hint", wrap=True)
            source.setText(proposal_words.citation(t, measure.citation))
            lines.addWidget(source)
        self.part = _combo([t(LABELS[part]) for part in ProgrammePart])
        self.part.setCurrentIndex(list(ProgrammePart).index(ProgrammePart(given.get("part") or "social")))
        self.quantity = QLineEdit("" if given.get("quantity") is None else str(given["quantity"]))
        self.unit = _combo([t(LABELS[unit]) for unit in MeasureUnit])
        self.unit.setCurrentIndex(list(MeasureUnit).index(MeasureUnit(given.get("unit") or "piece")))
        self.term = _combo([t(words) for words in _TERMS])
        months = given.get("months")
        term = _MONTHS if months is not None else _WITH_PROGRAMME if given.get("with_programme") else _NONE
        self.term.setCurrentIndex(term)
        self.months = QLineEdit("" if months is None else str(months))
        for edit in (self.quantity, self.months):
            edit.setMaxLength(5)
        self.carrier = _combo([measure_words.carrier(t, one, listed) for one in listed.carriers])
        self.carrier.setEditable(True)
        self.carrier.setMaxVisibleItems(6)
        self.carrier.setEditText(measure_words.carrier(t, given.get("carrier"), listed))
        line = self.carrier.lineEdit()
        if line is not None:
            line.setCursorPosition(0)
            self.words(line, "accessibleName", N_("Carried out by"))
        self._months = Labelled(self.words, N_("Months"), self.months)
        beside = row(gap=16)
        beside.addWidget(Labelled(self.words, N_("Part of the programme"), self.part), 2)
        beside.addWidget(Labelled(self.words, N_("Quantity"), self.quantity), 1)
        beside.addWidget(Labelled(self.words, N_("Counted in"), self.unit), 2)
        lines.addLayout(beside)
        terms = row(gap=16)
        terms.addWidget(Labelled(self.words, N_("Term"), self.term), 2)
        terms.addWidget(self._months, 1)
        terms.addStretch(2)
        lines.addLayout(terms)
        hint = N_("choose, or write who it is")
        lines.addWidget(Labelled(self.words, N_("Carried out by"), self.carrier, hint))
        self.refused, self.signed = TickBox(), TickBox()
        self.refused.set_words(t("The person refuses this measure"))
        self.refused.setAccessibleName(t("The person refuses this measure"))
        self.refused.setChecked(given.get("state") == MeasureDecision.REFUSED)
        self.signed.set_words(t("The person signs the refusal on paper"))
        self.signed.setAccessibleName(t("The person signs the refusal on paper"))
        self.signed.setChecked(given.get("signed") is not False)
        ticks = QWidget()
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        ticks.setSizePolicy(policy)
        flow = FlowLayout(ticks, spacing=16)
        flow.addWidget(self.refused)
        flow.addWidget(self.signed)
        lines.addWidget(ticks)
        self.reason, self.note = Lines(2), Lines(2)
        self.reason.setPlainText(str(given.get("reason") or ""))
        self.note.setPlainText(str(given.get("note") or ""))
        self._reason = Labelled(self.words, N_("Reason"), self.reason)
        lines.addWidget(self._reason)
        lines.addWidget(Labelled(self.words, N_("Note"), self.note))
        self.middle.addWidget(scrolled(body))
        self.term.currentIndexChanged.connect(lambda _place: self._show())
        self.refused.toggled.connect(lambda _on: self._show())
        self._show()
        wanted = self.sizeHint().expandedTo(body.sizeHint())
        self.resize(wanted.width() + 64, min(body.sizeHint().height() + 170, parent.window().height() - 32))
        (self.name if own else self.quantity).setFocus()

    def _name(self, language: Language) -> str:
        return measure_words.name(language.t, self._given, self._listed)

    def _show(self) -> None:
        self.months.setEnabled(self.term.currentIndex() == _MONTHS)
        refused = self.refused.isChecked()
        self.signed.setVisible(refused)
        self._reason.setVisible(refused or self._against or bool(self.reason.toPlainText()))
        said = N_("Why the person refuses it") if refused else N_("Reason of the commission")
        self.words(self._reason.label, "text", said)
        self.words(self.reason, "accessibleName", said)

    def row(self) -> dict[str, Any]:
        """The row as it stands in the dialogue. UserError where a number isn't one."""
        t, refused = self.language.t, self.refused.isChecked()
        term, carrier = self.term.currentIndex(), self.carrier.currentText().strip()
        known = {measure_words.carrier(t, one, self._listed): one for one in self._listed.carriers}
        quantity = _number(self.quantity.text())
        asked: dict[str, Any] = {
            "part": list(ProgrammePart)[self.part.currentIndex()].value,
            "quantity": quantity,
            "unit": list(MeasureUnit)[self.unit.currentIndex()].value if quantity is not None else None,
            "months": _number(self.months.text()) if term == _MONTHS else None,
            "with_programme": True if term == _WITH_PROGRAMME else None,
            "carrier": known.get(carrier, carrier) or None,
            "state": (MeasureDecision.REFUSED if refused else MeasureDecision.INCLUDED).value,
            "reason": self.reason.toPlainText().strip() or None,
            "signed": self.signed.isChecked() if refused else None,
            "note": self.note.toPlainText().strip() or None,
        }
        given = {"origin": MeasureOrigin.ADDED.value, **self._given, **asked}
        if self._given.get("measure") is None:
            given["name"] = " ".join(self.name.text().split()) or None
        return {key: value for key, value in given.items() if value is not None}

    def act(self) -> None:
        try:
            made = self.row()
            if self._given.get("measure") is None and not made.get("name"):
                raise UserError(Text(N_("Write what the measure is.")))
            if made["state"] == MeasureDecision.REFUSED and not made.get("reason"):
                raise UserError(Text(N_("Write why the person refuses it.")))
            if self._against and not made.get("reason"):
                raise UserError(Text(N_("Say why it is taken although the criteria contra-indicate it.")))
            if self.term.currentIndex() == _MONTHS and made.get("months") is None:
                raise UserError(Text(N_("Write how many months, or choose another term.")))
            check_field(f"{PATH}.rows", [made])
        except UserError as error:
            # Sentences of the case file begin with the path, which says nothing here.
            shown = self.language.t.show(error.text)
            said = shown.removeprefix(f"{error.where}: ") if error.where else shown
            self.say_error(Text(N_("{text}"), {"text": measure_words.capital(said)}))
            return
        self.accept()
        self.saved.emit(made)


def _combo(texts: list[str]) -> Combo:
    made = Combo()
    made.addItems(texts)
    return made


def _number(typed: str) -> int | None:
    digits = typed.strip()
    if digits and not (digits.isascii() and digits.isdigit()):
        raise UserError(Text(N_("“{text}” is not a whole number. Write it in digits."), {"text": digits}))
    return int(digits) if digits else None
