"""A page of the case for one step."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QLayout, QScrollArea, QVBoxLayout, QWidget

from app.i18n import Translator
from app.services.views import User
from ui.screens.examination.case_criteria import CaseCriteria
from ui.widgets.field import Field, Words, say
from ui.widgets.group import Group
from ui.widgets.parts import is_asked

T = TypeVar("T")


class StepPage(QScrollArea):
    """One step: a heading and groups of questions below each other. Scrolls downwards only.

    It is made when somebody comes here first, or a little ahead of that. What is too much for one frame is made in
    parts: `later` names them, `make_part` makes the next one.
    """

    grown = Signal()
    """Another part of it stands, and is still empty."""
    seen = Signal()
    """What stood last is shown."""

    def __init__(self, step: str, heading: Words, parent: QWidget | None = None) -> None:
        """With its `parent` from the beginning: Qt styles everything anew that is put into another widget later."""
        super().__init__(parent)
        self._parts: list[Callable[[], object]] = []
        self._t: Translator | None = None
        self._read_only = False
        self._growing = self._unseen = False
        self._room: QWidget | None = None
        self.next_button: QWidget | None = None
        """To the next step, once the case has put it there."""
        self.step, self._heading_words = step, heading
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.content = QWidget()
        self.setWidget(self.content)
        self.column = QVBoxLayout(self.content)
        self.column.setContentsMargins(24, 16, 24, 24)
        self.column.setSpacing(20)
        self.heading = QLabel(self.content)
        self.heading.setProperty("role", "heading")
        self.heading.setWordWrap(True)
        self.column.addWidget(self.heading)
        self.lines = QVBoxLayout()
        self.lines.setSpacing(20)
        self.column.addLayout(self.lines)
        self.groups: list[Group] = []

    def named(self, t: Translator) -> str:
        """How the step is called above its questions."""
        return say(t, self._heading_words)

    def group(self, heading: Words, rows: Sequence[Sequence[QWidget]], *, add: Words = "", remove: Words = "") -> Group:
        """The next group of questions on the page."""
        made = Group(heading, rows, add=add, remove=remove, parent=self.place)
        self.add(made)
        return made

    @property
    def place(self) -> QWidget:
        """What the next thing on the page is a child of.

        What is put on a page in sight is laid out at each word of it, and the whole page with it: a part has a place
        of its own, which is seen once it is filled.
        """
        if self._growing and self._room is None and self.isVisible():
            self._room = QWidget(self.content)
            self._room.hide()
            lines = QVBoxLayout(self._room)
            lines.setContentsMargins(0, 0, 0, 0)
            lines.setSpacing(self.lines.spacing())
            self.lines.addWidget(self._room)
        return self._room or self.content

    def add(self, widget: QWidget) -> None:
        """The next thing on the page."""
        if isinstance(widget, Group):
            self.take(widget)
        place = self.place
        lines = self.lines if place is self.content else place.layout()
        if lines is not None:
            lines.addWidget(widget)

    def take(self, group: Group) -> None:
        """Serve a group that stands somewhere on the page."""
        self.groups.append(group)
        for field in group.fields:
            field.rebuilt.connect(self._on_rebuilt)
        if self._t is not None:
            group.retranslate(self._t)
            group.set_read_only(self._read_only)

    def finish(self) -> None:
        """Nothing follows: the rest of the page stays empty at the bottom."""
        self.column.addStretch(1)

    def retranslate(self, t: Translator) -> None:
        """Every word that stands; what depends on the record, `refresh` says: it follows before the page is seen."""
        self._t = t
        self.heading.setText(self.named(t))
        self.content.setAccessibleName(self.heading.text())
        self.setAccessibleName(self.heading.text())
        for group in self.groups:
            group.retranslate(t)

    def set_read_only(self, read_only: bool) -> None:
        self._read_only = read_only
        for group in self.groups:
            group.set_read_only(read_only)

    def _on_rebuilt(self) -> None:
        if self.isVisible() and not self._growing:
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

    # --- what is made later ----------------------------------------------------------------------------------
    def later(self, *parts: Callable[[], object]) -> None:
        """What is made in turns of their own, in this order."""
        self._parts.extend(parts)

    def next(self, part: Callable[[], object]) -> None:
        """What is made in the next turn, before everything else."""
        self._parts.insert(0, part)

    def drop_parts(self) -> None:
        """Make nothing of what was named: it is another page now."""
        self._parts.clear()

    @property
    def is_whole(self) -> bool:
        """Whether every part stands."""
        return not self._parts and not self._unseen

    def make_part(self) -> None:
        """Make the next part, or show the one that was made: on a page in sight each is a turn's work."""
        if self._unseen:
            self.show_made()
        elif self._parts:
            self._growing = True
            self._parts.pop(0)()
            self.grown.emit()
            self._growing, self._unseen = False, True
            if not self.isVisible():
                self.show_made()

    def show_made(self) -> None:
        """Show what was made last."""
        if not self._unseen:
            return
        room, self._room, self._unseen = self._room, None, False
        for group in self.groups:
            group.show_rows()
        if room is not None:
            room.show()
        if self.isVisible() and not self._parts:
            self.order_tabs()
        self.seen.emit()

    def make_whole(self) -> None:
        """Make every part, for who can't wait."""
        while not self.is_whole:
            self.make_part()

    def show_part(self) -> None:
        """What of the newest part depends on the record."""
        self.refresh()

    # --- what a page is told beside the record ---------------------------------------------------------------
    def take_criteria(self, criteria: CaseCriteria) -> None:
        """The criteria in force for the case are these."""

    def take_users(self, users: tuple[User, ...]) -> None:
        """Who is a user of this laptop."""

    def show_record(self) -> None:
        """The record was read again: whatever is no field of the form."""

    def settle(self) -> None:
        """Take in what is being typed outside the fields of the form."""

    def first(self) -> QWidget | None:
        """Where the keyboard goes when the step is opened: the first question."""
        for group in self.groups:
            if group.is_open and group.fields:
                return group.fields[0].focus_widget()
        return None

    def first_path(self) -> str | None:
        """What the first question asks for, where its part may not be made yet."""
        return None

    def can_reveal(self, field: Field) -> bool:
        """Whether the field is one that may be seen here now."""
        return is_asked(field, self)

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


def wanted(part: T | None) -> T:
    """A part that stands; RuntimeError where it doesn't."""
    if part is None:
        raise RuntimeError("this part of the page is not made")
    return part
