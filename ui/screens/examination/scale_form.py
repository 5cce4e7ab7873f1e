"""A scale as a form that unfolds: its entries by keyboard, its result in words, its source and licence beside it."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from app.domain.case_file import check_field
from app.domain.criteria import ScaleInfo, ScaleReading
from app.domain.errors import UserError
from app.domain.scales import FORMS, Form
from app.domain.text import N_, Text
from app.domain.vocabulary import LABELS
from app.i18n import Translator
from ui.widgets.digits import DIGIT_KEYS
from ui.widgets.field import Field, Words
from ui.widgets.jump_button import FoldButton
from ui.widgets.options import ChoiceField, Option
from ui.widgets.parts import column, label
from ui.widgets.text_field import TextField

# On the Kazakh layout the row of digits types letters.
_ROW: Final = str.maketrans('"әіңғүұқ', "12345890")
_LONGEST: Final = 5
_FEW: Final = 5  # so many levels stand in plain sight, each in words


class NumberEntry(TextField):
    """One number of a scale. Enter goes on to the next one, as Tab does."""

    def __init__(self, path: str, words: Words, *, hint: Words = "") -> None:
        super().__init__(path, words, hint=hint, check=partial(check_field, path))
        self.edit.setMaxLength(_LONGEST)
        self.edit.setMaximumWidth(self.edit.fontMetrics().horizontalAdvance("0" * _LONGEST) + 48)
        self.edit.returnPressed.connect(self._on_enter)

    def _on_enter(self) -> None:
        self.edit.focusNextChild()

    def parse(self, text: str) -> object:
        typed = text.strip().lower().translate(_ROW).replace(",", ".")
        if not typed:
            return None
        try:
            number = float(typed)
        except ValueError:
            raise UserError(Text(N_("“{text}” is not a number. Type it in digits."), {"text": text})) from None
        return int(number) if number.is_integer() else number

    def written(self, value: Any) -> str:
        shown = "" if value is None else str(value)
        return shown if self.t is None or self.t.language == "en" else shown.replace(".", ",")

    def retranslate(self, t: Translator) -> None:
        super().retranslate(t)
        if not self.edit.hasFocus() and self.error_text is None:
            self.edit.setText(self.edit.text().replace(*((",", ".") if t.language == "en" else (".", ","))))
            self.mark_settled()


class ScaleFold(Field):
    """One scale: a line that says what it comes to; unfolded, its entries. Made when somebody unfolds it.

    The entries are fields of the form, each with a path of its own; `make` binds them.
    """

    def __init__(self, scale: str, make: Callable[[Field], Field]) -> None:
        super().__init__(f"scales.{scale}", scale)
        self._scale, self._form, self._make = scale, FORMS[scale], make
        self._info: ScaleInfo | None = None
        self._reading: ScaleReading | None = None
        self._applies = True
        self._given: dict[str, Any] = {}
        self.entries: dict[str, Field] = {}
        self.button = FoldButton()
        self.button.toggled.connect(self._on_toggled)
        self.body = QWidget()
        self._lines = column(self.body, gap=8)
        self._lines.setContentsMargins(24, 8, 0, 8)
        self._source, self._licence = label("hint", wrap=True), label("hint", wrap=True)
        self.set_control(self.button, self.body)
        self.body.setVisible(False)

    # --- what it is about ------------------------------------------------------------------------------------
    def take_scale(self, info: ScaleInfo, *, applies: bool) -> None:
        """The scale as the criteria in force word it; `applies`: it is meant for the person's age."""
        if (info, applies) == (self._info, self._applies):
            return
        built = bool(self.entries) and info != self._info
        self._info, self._applies, self.label_words = info, applies, info.name
        self.set_remark(None if applies else Text(N_("Not meant for this age: it is not compared.")))
        if built:
            self._build()
        if self.t is not None:
            self.retranslate(self.t)

    def take_reading(self, reading: ScaleReading | None) -> None:
        """What the scale comes to with what is filled in so far; None: not yet."""
        if reading != self._reading:
            self._reading = reading
            self._show()

    @property
    def given(self) -> bool:
        """Whether anything is filled in."""
        return any(value is not None for value in self._given.values())

    @property
    def is_open(self) -> bool:
        return self.button.isChecked()

    def open(self, wanted: bool = True) -> None:
        """Unfold or fold it."""
        self.button.setChecked(wanted)

    # --- the entries -----------------------------------------------------------------------------------------
    def _on_toggled(self, wanted: bool) -> None:
        if wanted and not self.entries and self._info is not None:
            self._build()
        self.body.setVisible(wanted)
        self._show()
        self.rebuilt.emit()
        if wanted and self.entries and self.button.hasFocus():
            self._first().focus_widget().setFocus()

    def _first(self) -> Field:
        entries = list(self.entries.values())
        return next((entry for entry in entries if entry.is_empty()), entries[0])

    def _build(self) -> None:
        assert self._info is not None  # noqa: S101 - both callers have looked
        for old in self.body.findChildren(QWidget):
            if old not in (self._source, self._licence):
                old.setParent(None)
                old.deleteLater()
        self.entries = {}
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(12)
        for item in self._info.items:
            self.entries[item.id] = self._entry(item.id, item.name, item.hint or "")
        if self._form.whole is not None:
            words = N_("Mean, if the entries are not known") if self._form.adds_up == "mean" else N_(
                "Total, if the entries are not known"
            )  # fmt: skip
            self.entries[self._form.whole] = self._entry(self._form.whole, words, "")
        columns = 2 if len(self.entries) > 1 else 1
        for place, entry in enumerate(self.entries.values()):
            grid.addWidget(entry, place // columns, place % columns, Qt.AlignmentFlag.AlignTop)
        for number in range(columns):
            grid.setColumnStretch(number, 1)
        self._lines.addLayout(grid)
        self._lines.addWidget(self._source)
        self._lines.addWidget(self._licence)
        for entry in self.entries.values():
            self._make(entry)

    def _entry(self, key: str, name: Words, hint: Words) -> Field:
        path = f"{self.path}.{key}"
        allowed, info = self._form.entries[key].values, self._info
        if info is not None and _levels(self._form) and allowed is not None:
            levels = [
                Option(value, band.name, DIGIT_KEYS[value]) for value, band in zip(allowed, info.bands, strict=True)
            ]
            return ChoiceField(path, name, levels, vertical=True, check=partial(check_field, path))
        return NumberEntry(path, name, hint=hint)

    # --- a field ---------------------------------------------------------------------------------------------
    def retranslate(self, t: Translator) -> None:
        super().retranslate(t)
        self.label.setVisible(False)  # the button says it
        self._show()

    def _show(self) -> None:
        t = self.t
        if t is None:
            return
        name = self.label.text()
        said = t.show(self._reading.text) if self._reading is not None else ""
        if not said and self.given:
            said = t("not all entries are there yet")
        self.button.set_words(f"{name}: {said}" if said else name)
        self.button.setAccessibleDescription(t("unfolded") if self.is_open else t("folded"))
        if self._info is not None:
            source = self._info.citation
            act, status = f"{t.show(source.act)}, {source.edition}", t(LABELS[source.status])
            self._source.setText(t("Source: {act}. Bands: {status}", act=act, status=status))
            self._licence.setText(t("Licence: {licence}", licence=t.show(self._info.licence)))

    def show_value(self, value: Any, text: str | None = None) -> None:
        self._given = dict(value) if isinstance(value, dict) else {}
        self._show()

    def set_read_only(self, read_only: bool) -> None:
        """Its entries are fields of their own; looking at them is always allowed."""

    def focus_widget(self) -> QWidget:
        return self.button

    def is_empty(self) -> bool:
        return not self.given


def _levels(form: Form) -> bool:
    """Whether the scale is one choice of a few levels, which the bands word one by one."""
    items = list(form.items.values())
    return len(items) == 1 and items[0].values is not None and len(items[0].values) <= _FEW


def remarks(readings: tuple[ScaleReading, ...], fact: str) -> Text | None:
    """What the scales say beside the degree of a fact; None where none speaks to it."""
    said: Text | None = None
    for reading in readings:
        if fact in reading.facts:
            one = Text(N_("{scale}: {result}"), {"scale": reading.name, "result": reading.text})
            said = one if said is None else Text(N_("{first}; {rest}"), {"first": said, "rest": one})
    return said
