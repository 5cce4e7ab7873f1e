"""Everybody in a trip as a table: turn, queue, person, state of the case, what is missing. On the home screen, too."""

from datetime import date, datetime
from enum import IntEnum
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractTableModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QWidget

from app.domain import dates
from app.domain.text import N_, Text
from app.domain.trips import KEPT
from app.domain.vocabulary import LABELS, CaseState, Occasion, QueueState
from app.services.trip_views import Tally, Turn
from ui import shortcuts, theme
from ui.language import Language
from ui.screens.examination.step_list import NAMES
from ui.widgets.digits import digit_of
from ui.widgets.signs import STATE_SIGNS
from ui.widgets.tables import RowTable

Index = QModelIndex | QPersistentModelIndex
ROOT: Final = QModelIndex()
_ROLE = Qt.ItemDataRole
_MIME: Final = "application/x-saraptama-turn"
_OF_ROW: Final = (
    Qt.ItemFlag.ItemIsEnabled
    | Qt.ItemFlag.ItemIsSelectable
    | Qt.ItemFlag.ItemNeverHasChildren
    | Qt.ItemFlag.ItemIsDragEnabled
)
_REMARKS: Final = 12
QUEUE_SIGNS: Final = {
    QueueState.WAITING: "hourglass",
    QueueState.CALLED: "arrow-right",
    QueueState.IN_EXAMINATION: "stethoscope",
    QueueState.REFUSED: "ban",
    QueueState.NOT_COME: "circle-help",
    QueueState.POSTPONED: "skip-forward",
    QueueState.EXAMINED: "check",
    QueueState.CLOSED: "x",
}
_LOUD: Final = (QueueState.CALLED, QueueState.IN_EXAMINATION)
_QUIET: Final = (QueueState.REFUSED, QueueState.NOT_COME, QueueState.POSTPONED, QueueState.CLOSED)
_FOLLOWING: Final = ("vote", "proposal", "decision", "programme")


class Column(IntEnum):
    TURN = 0
    QUEUE = 1
    NAME = 2
    AGE = 3
    IIN = 4
    OCCASION = 5
    STATE = 6
    MISSING = 7


_TITLES: Final = {
    Column.TURN: N_("No."),
    Column.QUEUE: N_("Queue"),
    Column.NAME: N_("Person"),
    Column.AGE: N_("Age"),
    Column.IIN: N_("ИИН"),
    Column.OCCASION: N_("Occasion"),
    Column.STATE: N_("State"),
    Column.MISSING: N_("What is missing"),
}
# What stands below in a compact row.
_BELOW: Final = {Column.AGE: Column.IIN, Column.STATE: Column.OCCASION}


class WorklistModel(QAbstractTableModel):
    """Read only but for the order: a row may be dragged. `dropped(case_id, place)` tells where to."""

    dropped = Signal(str, int)

    def __init__(self, language: Language, parent: QObject) -> None:
        super().__init__(parent)
        self._language = language
        self.turns: tuple[Turn, ...] = ()
        self.compact = False

    def show(self, turns: tuple[Turn, ...]) -> None:
        """Take other rows."""
        self.beginResetModel()
        self.turns = turns
        self.endResetModel()

    def states(self) -> set[CaseState]:
        """Of all the cases that are shown."""
        return {turn.state for turn in self.turns}

    def title(self, column: Column, *, compact: bool) -> str:
        below = _BELOW.get(column) if compact else None
        own = self._language.t(_TITLES[column])
        return own if below is None else f"{own}\n{self._language.t(_TITLES[below])}"

    def retranslate(self) -> None:
        """Every word again."""
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(Column) - 1)
        if self.turns:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.turns) - 1, len(Column) - 1))

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.turns)

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(Column)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _ROLE.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == _ROLE.DisplayRole:
            return self.title(Column(section), compact=self.compact)
        if orientation == Qt.Orientation.Horizontal and role == _ROLE.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(self, index: Index, role: int = _ROLE.DisplayRole) -> Any:
        turn, column = self.turns[index.row()], Column(index.column())
        if role == _ROLE.DisplayRole:
            below = _BELOW.get(column) if self.compact else None
            return self.text(turn, column) + (f"\n{self.text(turn, below)}" if below is not None else "")
        if role == _ROLE.AccessibleTextRole:
            return f"{self._language.t(_TITLES[column])}: {self.text(turn, column)}"
        if role == _ROLE.ToolTipRole:
            return self._tip(turn, column)
        if role == _ROLE.DecorationRole and column in (Column.QUEUE, Column.STATE):
            sign = QUEUE_SIGNS[turn.queue] if column == Column.QUEUE else STATE_SIGNS[turn.state]
            return theme.current().icon(sign, self._ink(turn, column))
        if role == _ROLE.ForegroundRole:
            return QColor(self._ink(turn, column))
        if role == _ROLE.FontRole and column in (Column.NAME, Column.TURN):
            return theme.current().font(bold=True)
        return None

    def text(self, turn: Turn, column: Column) -> str:
        """What stands in a cell."""
        t = self._language.t
        match column:
            case Column.TURN:
                return str(turn.turn) if turn.turn else "–"
            case Column.QUEUE:
                return t.show(turn.queue)
            case Column.NAME:
                return turn.name or t("name not entered")
            case Column.AGE:
                on = turn.on or datetime.now().astimezone().date()
                known = turn.birth_date is not None and turn.birth_date <= on
                return str(dates.age(turn.birth_date, on)) if known and isinstance(turn.birth_date, date) else "–"
            case Column.IIN:
                return turn.iin or "–"
            case Column.OCCASION:
                return t.show(turn.occasion) if turn.occasion else "–"
            case Column.STATE:
                return t.show(turn.state)
            case Column.MISSING:
                return self._missing(turn)

    def _missing(self, turn: Turn) -> str:
        t = self._language.t
        if turn.ending is not None:
            return t.show(turn.ending)
        # What follows from the rest is said once the rest is there.
        missing = [step for step in turn.missing if step not in _FOLLOWING] or turn.missing
        names = [f"⚠ {t(NAMES[step])}" for step in turn.wrong] + [t(NAMES[step]) for step in missing]
        if turn.state is CaseState.DECIDED and not names:
            return t("signatures")
        return ", ".join(names) or "–"

    def _tip(self, turn: Turn, column: Column) -> str | None:
        if column == Column.MISSING and turn.remarks:
            lines = [self._language.t.show(remark) for remark in turn.remarks[:_REMARKS]]
            return "\n".join([*lines, "…"] if len(turn.remarks) > _REMARKS else lines)
        return self.text(turn, column) if column in (Column.NAME, Column.OCCASION, Column.MISSING) else None

    def _ink(self, turn: Turn, column: Column) -> str:
        c = theme.current().colours
        if column == Column.QUEUE:
            return c.accent if turn.queue in _LOUD else c.muted if turn.queue in _QUIET else c.text
        if column == Column.STATE:
            return {CaseState.DECIDED: c.warning, CaseState.SIGNED: c.accent}.get(turn.state, c.text)
        if column == Column.MISSING:
            return c.warning if turn.wrong else c.muted
        return c.muted if column == Column.NAME and not turn.name else c.text

    # --- dragging ----------------------------------------------------------------------------------------------
    def flags(self, index: Index) -> Qt.ItemFlag:
        return _OF_ROW if index.isValid() else Qt.ItemFlag.ItemIsDropEnabled

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:
        return [_MIME]

    def mimeData(self, indexes: Any) -> QMimeData:
        data = QMimeData()
        data.setData(_MIME, self.turns[indexes[0].row()].case_id.encode())
        return data

    def dropMimeData(self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index) -> bool:
        if not data.hasFormat(_MIME):
            return False
        case_id = bytes(data.data(_MIME).data()).decode()
        before = next((at for at, turn in enumerate(self.turns) if turn.case_id == case_id), None)
        if before is not None:
            place = row if row >= 0 else len(self.turns)
            self.dropped.emit(case_id, place - 1 if place > before else place)
        return False  # the service moves it; the view takes nothing away


def tally_line(tally: Tally) -> Text:
    """How the day stands, in one line."""
    told = {"total": tally.total, "waiting": tally.waiting, "inside": tally.inside, "unsigned": tally.unsigned}
    return Text(
        N_("In the list {total} · waiting {waiting} · in {inside} · decided, unsigned {unsigned} · signed {signed}"
           " · refused, not come, postponed {absent}"),
        {**told, "signed": tally.signed, "absent": tally.absent},
    )  # fmt: skip


class WorklistTable(RowTable):
    """`opened(case_id)` by Enter or click; `moved(case_id, place)` by Alt+Up, Alt+Down or dragging;
    `queued(case_id, state)` by the digits."""

    opened = Signal(str)
    moved = Signal(str, int)
    queued = Signal(str, object)

    def __init__(self, language: Language, parent: QWidget | None = None) -> None:
        self.turns = WorklistModel(language, language)
        self._widths: tuple[bool, dict[Column, int]] | None = None
        super().__init__(self.turns, parent)
        self.turns.setParent(self)
        self._language = language
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDragDropOverwriteMode(False)
        self.turns.dropped.connect(self.moved)
        self.activated.connect(lambda _index: self.open_selected())
        shortcuts.bind(self, "turn_up", lambda: self._step(-1))
        shortcuts.bind(self, "turn_down", lambda: self._step(1))
        language.changed.connect(self.retranslate)

    def selected(self) -> Turn | None:
        """The person under the cursor."""
        at = self.row()
        return self.turns.turns[at] if 0 <= at < len(self.turns.turns) else None

    def open_selected(self) -> None:
        """Open the case under the cursor."""
        turn = self.selected()
        if turn is not None:
            self.opened.emit(turn.case_id)

    def show_turns(self, turns: tuple[Turn, ...], keep: str | None = None) -> None:
        """Take other rows; the cursor stays with `keep`, else with who was chosen, else with who is in or next."""
        chosen = self.selected()
        wanted = keep or (chosen.case_id if chosen else None)
        self.turns.show(turns)
        self.measure()
        at = next((at for at, turn in enumerate(turns) if turn.case_id == wanted), None)
        for states in (_LOUD, (QueueState.WAITING,)):
            if at is None:
                at = next((place for place, turn in enumerate(turns) if turn.queue in states), None)
        if turns:
            self.choose(at or 0)

    def retranslate(self) -> None:
        """Every word again."""
        self.turns.retranslate()
        self.measure()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        turn = self.selected()
        digit = digit_of(event)
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if turn is not None and plain and digit is not None and 1 <= digit <= len(KEPT):
            self.queued.emit(turn.case_id, KEPT[digit - 1])
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.measure()

    def measure(self) -> None:
        """Columns as wide as their widest possible words; the name and what is missing share the rest. Where that is
        too little, rows have two lines: the ИИН stands below the age, the occasion below the state."""
        metrics, titles, t = self.fontMetrics(), self.horizontalHeader().fontMetrics(), self._language.t

        def widest(labels: Any) -> int:
            return max(metrics.horizontalAdvance(t(LABELS[label])) for label in labels)

        sign = round(16 * theme.current().scale) + 12
        words = {
            Column.TURN: metrics.horizontalAdvance("000"),
            Column.QUEUE: widest(QueueState) + sign,
            Column.AGE: metrics.horizontalAdvance("100"),
            Column.IIN: metrics.horizontalAdvance("000000000000"),
            Column.OCCASION: widest({Occasion.FIRST, *(turn.occasion for turn in self.turns.turns if turn.occasion)}),
            Column.STATE: widest({CaseState.DRAFT, CaseState.DECIDED, CaseState.SIGNED} | self.turns.states()) + sign,
        }

        def width(column: Column, compact: bool) -> int:
            lines = self.turns.title(column, compact=compact).split("\n")
            below = _BELOW.get(column) if compact else None
            inner = max(words[column], words[below] if below is not None else 0)
            return max(inner, *(round(titles.horizontalAdvance(line) * 1.12) for line in lines)) + 24

        room = self.viewport().width() - sum(width(column, False) for column in words)
        name = metrics.horizontalAdvance("Құдайбергенова Айсұлу Мұхтарқызы") * 1.1
        compact = room < name * 1.7
        if compact != self.turns.compact:
            self.turns.compact = compact
            self.turns.retranslate()
        widths = {at: width(at, compact) for at in words} | ({} if compact else {Column.NAME: round(name) + 24})
        if (compact, widths) == self._widths:
            return  # each width that is set lays all rows out anew
        self._widths = compact, widths
        header = self.horizontalHeader()
        for at in Column:
            self.setColumnHidden(at, compact and at in (Column.IIN, Column.OCCASION))
            if at in widths:
                header.setSectionResizeMode(at, QHeaderView.ResizeMode.Fixed)
                header.resizeSection(at, widths[at])
            else:
                header.setSectionResizeMode(at, QHeaderView.ResizeMode.Stretch)
        self.set_lines(2 if compact else 1)

    def _step(self, by: int) -> None:
        at, turn = self.row(), self.selected()
        if turn is not None and turn.turn and 0 <= at + by < len(self.turns.turns):
            self.moved.emit(turn.case_id, at + by)
