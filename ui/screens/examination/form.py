"""Makes the fields of the case's pages, bound to the record, and a page to stand them on."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from enum import StrEnum
from functools import partial
from typing import Any, TypeVar

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFrame, QLabel, QLayout, QScrollArea, QVBoxLayout, QWidget

from app.domain.case_file import check_field
from app.domain.text import LocalText, Text
from app.domain.vocabulary import LABELS
from app.i18n import Translator
from app.services import classifiers
from app.services.classifiers import Classifiers
from app.services.steps import open_conflicts, path_of, step_of
from ui.language import Language
from ui.screens.examination.record import CaseRecord
from ui.widgets.choice import ComboField, SeveralField
from ui.widgets.code_search import CodeField
from ui.widgets.country_field import CountryField
from ui.widgets.date_field import DateField
from ui.widgets.field import Field, TypedField, Words, say
from ui.widgets.group import Group
from ui.widgets.iin_field import IinField
from ui.widgets.options import ChoiceField, Option
from ui.widgets.rows import RowsField
from ui.widgets.text_field import LongTextField, TextField

F = TypeVar("F", bound=Field)


# Where a value is asked for under another path than it stands.
_ASKED_AS = {"decision.cause": "cause.code", "decision": "decision.outcome"}


def options(values: type[StrEnum]) -> list[Option]:
    """Every member of a closed list, in its order, by its words."""
    return [Option(member.value, LABELS[member]) for member in values]


class Form:
    """All fields of one case by path. Each tells the record what was entered; the record's answers go back to them."""

    def __init__(self, record: CaseRecord, language: Language, known: Classifiers, today: Callable[[], date]) -> None:
        self.record, self._language, self.classifiers, self.today = record, language, known, today
        self.fields: dict[str, Field] = {}
        self.bound: Callable[[Field], None] = lambda _field: None
        """Called with each field that is bound after the pages were made."""
        record.replaced.connect(self.show_field)
        record.refused.connect(self._on_refused)

    def add(self, field: F) -> F:
        """Bind a field that the page made itself."""
        self.fields[field.path] = field
        typed = isinstance(field, TypedField | RowsField)
        field.committed.connect(lambda path, value: self.record.commit(path, value, typed=typed))
        field.unfinished.connect(self.record.keep)
        return field

    def bind(self, field: Field) -> Field:
        """Bind a field that is made only when somebody asks for it, and show it as the record has it."""
        self.begin(self.add(field))
        return field

    def begin(self, field: Field) -> None:
        """Show a field that was bound after the pages were made as the record has it."""
        field.set_read_only(not self.record.editable)
        field.retranslate(self._language.t)
        self.show_field(field.path)
        self.bound(field)

    def text(self, path: str, label: Words, *, hint: Words = "", width: int = 0) -> TextField:
        return self.add(TextField(path, label, hint=hint, check=partial(check_field, path), width=width))

    def country(self, path: str, label: Words, *, hint: Words = "") -> CountryField:
        """A country: shown by name, kept by its code of ISO 3166-1 in three letters."""

        def known(language: str) -> list[tuple[str, str]]:
            return [(found.code, found.title) for found in self.classifiers.countries(language)]

        return self.add(CountryField(path, label, countries=known, hint=hint, check=partial(check_field, path)))

    def long_text(self, path: str, label: Words, *, hint: Words = "", lines: int = 3) -> LongTextField:
        return self.add(LongTextField(path, label, hint=hint, check=partial(check_field, path), lines=lines))

    def date(self, path: str, label: Words, *, hint: Words = "") -> DateField:
        return self.add(DateField(path, label, today=self.today, hint=hint, check=partial(check_field, path)))

    def iin(self, path: str, label: Words, *, hint: Words = "") -> IinField:
        return self.add(IinField(path, label, hint=hint, check=partial(check_field, path)))

    def code(self, path: str, label: Words, *, hint: Words = "") -> CodeField:
        return self.add(
            CodeField(
                path,
                label,
                search=self.search,
                title=self.title,
                hint=hint,
                normalise=classifiers.normal_code,
                check=partial(check_field, path),
            )
        )

    def choice(
        self, path: str, label: Words, answers: list[Option], *, hint: Words = "", vertical: bool = False
    ) -> ChoiceField:
        return self.add(
            ChoiceField(path, label, answers, hint=hint, check=partial(check_field, path), vertical=vertical)
        )

    def combo(self, path: str, label: Words, answers: Sequence[Option], *, hint: Words = "") -> ComboField:
        return self.add(ComboField(path, label, answers, hint=hint, check=partial(check_field, path)))

    def several(self, path: str, label: Words, answers: Sequence[Option], *, hint: Words = "") -> SeveralField:
        return self.add(SeveralField(path, label, answers, hint=hint, check=partial(check_field, path)))

    def search(self, typed: str) -> list[tuple[str, str]]:
        """Hits of ICD-10 for a code field."""
        return [(hit.code, hit.title) for hit in self.classifiers.search_icd10(typed, 12, self._language.code)]

    def title(self, code: str) -> str | None:
        """The title of a code of ICD-10, in the screen's language where there is one."""
        return self.classifiers.icd10_title(code, self._language.code)

    # --- the record's answers --------------------------------------------------------------------------------
    def show_all(self) -> None:
        """Every field as the record has it."""
        for path in self.fields:
            self.show_field(path)

    def show_field(self, path: str) -> None:
        """One field as the record has it: its value, or the unfinished text with its error."""
        field = self.fields.get(path)
        if field is None:
            return
        text = self.record.unfinished.get(path)
        field.set_error(None)
        field.show_value(self.record.get(path), text)
        if text is not None:
            field.recheck()

    def show_notices(self) -> None:
        """Below each field what contradicts there: wrong values between fields, open conflicts, obstacles."""
        found: dict[str, list[Text | LocalText]] = {}
        for problem in self.record.draft.problems:
            found.setdefault(problem.path, []).append(problem.text)
        if self.record.draft.proposal is not None:
            for conflict in open_conflicts(self.record.document, self.record.draft.proposal):
                paths = [p for p in (self.nearest(path_of(fact)) for fact in conflict.facts) if p]
                # One sentence below a dozen degrees would bury them: there the first one says it for all.
                together = bool(paths) and step_of(paths[0]) in ("functions", "decision")
                for path in dict.fromkeys(paths[:1] if together else paths):
                    found.setdefault(path, []).append(conflict.text)
        for path, field in self.fields.items():
            field.set_notices(tuple(found.get(path, ())))

    def nearest(self, path: str) -> str | None:
        """The field that asks for `path`: itself, its parent (`examination.commission[1].name`) or its first child."""
        path = _ASKED_AS.get(path, path)
        while path:
            if path in self.fields:
                return path
            child = next((known for known in self.fields if known.startswith(path + ".")), None)
            if child is not None:
                return child
            head = path.rstrip("]").rpartition("[")[0] if path.endswith("]") else path.rpartition(".")[0]
            if "." not in head and head not in self.fields:
                return None
            path = head
        return None

    def settle(self) -> None:
        """Take in what is being typed."""
        for field in self.fields.values():
            field.settle()

    def retranslate(self, t: Translator) -> None:
        for field in self.fields.values():
            field.retranslate(t)

    def set_read_only(self, read_only: bool) -> None:
        for field in self.fields.values():
            field.set_read_only(read_only)

    def _on_refused(self, path: str, text: Text) -> None:
        if path in self.fields:
            self.fields[path].set_error(text)


class StepPage(QScrollArea):
    """One step: a heading and groups of questions below each other. Scrolls downwards only."""

    def __init__(self, step: str, heading: Words) -> None:
        super().__init__()
        self.step, self._heading_words = step, heading
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.content = QWidget()
        self.column = QVBoxLayout(self.content)
        self.column.setContentsMargins(24, 16, 24, 24)
        self.column.setSpacing(20)
        self.heading = QLabel()
        self.heading.setProperty("role", "heading")
        self.heading.setWordWrap(True)
        self.column.addWidget(self.heading)
        self.groups: list[Group] = []
        self.setWidget(self.content)

    def named(self, t: Translator) -> str:
        """How the step is called above its questions."""
        return say(t, self._heading_words)

    def add(self, widget: QWidget) -> None:
        """The next thing on the page."""
        if isinstance(widget, Group):
            self.take(widget)
        self.column.addWidget(widget)

    def take(self, group: Group) -> None:
        """Serve a group that stands somewhere on the page."""
        self.groups.append(group)
        for field in group.fields:
            field.rebuilt.connect(self._on_rebuilt)

    def finish(self) -> None:
        """Nothing follows: the rest of the page stays empty at the bottom."""
        self.column.addStretch(1)

    def retranslate(self, t: Translator) -> None:
        self.heading.setText(self.named(t))
        self.content.setAccessibleName(self.heading.text())
        self.setAccessibleName(self.heading.text())
        for group in self.groups:
            group.retranslate(t)

    def set_read_only(self, read_only: bool) -> None:
        for group in self.groups:
            group.set_read_only(read_only)

    def _on_rebuilt(self) -> None:
        if self.isVisible():
            self.order_tabs()

    def order_tabs(self) -> None:
        """Let Tab go as on paper. Qt's own order is that of making, and answers are made when their words are known."""
        before: QWidget | None = None
        for widget in in_reading_order(self.column):
            if before is not None:
                QWidget.setTabOrder(before, widget)
            before = widget

    def refresh(self) -> None:
        """The record changed: whatever on this page depends on other fields."""

    def provide(self, path: str) -> None:
        """Make the field that asks for `path`, where the page makes its fields only when they are wanted."""

    def first(self) -> QWidget | None:
        """Where the keyboard goes when the step is opened: the first question."""
        for group in self.groups:
            if group.is_open and group.fields:
                return group.fields[0].focus_widget()
        return None

    def can_reveal(self, field: Field) -> bool:
        """Whether the field is one that may be seen here now."""
        return field.isVisibleTo(self)

    def reveal(self, field: Field) -> None:
        """Open the group of a field, scroll to it and put the keyboard there."""
        for group in self.groups:
            if field in group.fields:
                group.open()
        self.content.adjustSize()
        top = field.mapTo(self.content, QPoint(0, 0)).y()
        self.verticalScrollBar().setValue(max(0, top - 48))
        field.focus_widget().setFocus(Qt.FocusReason.OtherFocusReason)


def in_reading_order(layout: QLayout) -> Iterator[QWidget]:
    """Everything below `layout` that takes the keyboard, from left to right and downwards."""
    for place in range(layout.count()):
        item = layout.itemAt(place)
        widget, inner = (None, None) if item is None else (item.widget(), item.layout())
        if widget is not None:
            if widget.focusPolicy() != Qt.FocusPolicy.NoFocus:
                yield widget
            inner = widget.layout()
        if inner is not None:
            yield from in_reading_order(inner)


def given(record: CaseRecord, path: str) -> bool:
    """Whether anything stands at the path or below it."""

    def holds(value: Any) -> bool:
        return any(holds(v) for v in value.values()) if isinstance(value, dict) else value is not None

    return holds(record.get(path)) or any(p.startswith(path + ".") for p in record.unfinished)
