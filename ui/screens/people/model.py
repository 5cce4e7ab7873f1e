"""The rows of the list of persons as a Qt table."""

from collections.abc import Callable
from datetime import date
from enum import IntEnum
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from app.domain.dates import parse_iso
from app.domain.text import N_
from app.services.person_views import PersonRow
from ui import theme
from ui.language import Language
from ui.screens.people import words

Index = QModelIndex | QPersistentModelIndex
ROOT: Final = QModelIndex()
_ROLE = Qt.ItemDataRole


class Column(IntEnum):
    NAME = 0
    IIN = 1
    BORN = 2
    LAST = 3
    DUE = 4


_TITLES: Final = {
    Column.NAME: N_("Person"),
    Column.IIN: N_("ИИН"),
    Column.BORN: N_("Born"),
    Column.LAST: N_("Last decision"),
    Column.DUE: N_("Until"),
}
# What stands below in a compact row.
_BELOW: Final = {Column.BORN: Column.IIN}


class PeopleModel(QAbstractTableModel):
    """Read only. Where the window is narrow for the size of text (`compact`), the ИИН stands below the birth date."""

    def __init__(self, language: Language, today: Callable[[], date], parent: QObject) -> None:
        super().__init__(parent)
        self._language, self._today = language, today
        self.rows: tuple[PersonRow, ...] = ()
        self.compact = False

    def title(self, column: Column, *, compact: bool | None = None) -> str:
        """What stands above a column."""
        below = _BELOW.get(column) if (self.compact if compact is None else compact) else None
        own = self._language.t(_TITLES[column])
        return own if below is None else f"{own}\n{self._language.t(_TITLES[below])}"

    def show(self, rows: tuple[PersonRow, ...]) -> None:
        """Take other rows."""
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def retranslate(self) -> None:
        """Every word again."""
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(Column) - 1)
        if self.rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, len(Column) - 1))

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(Column)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _ROLE.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == _ROLE.DisplayRole:
            return self.title(Column(section))
        if orientation == Qt.Orientation.Horizontal and role == _ROLE.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(self, index: Index, role: int = _ROLE.DisplayRole) -> Any:
        row, column = self.rows[index.row()], Column(index.column())
        if role == _ROLE.DisplayRole:
            below = _BELOW.get(column) if self.compact else None
            return self._text(row, column) + (f"\n{self._text(row, below)}" if below is not None else "")
        if role == _ROLE.AccessibleTextRole:
            return f"{self._language.t(_TITLES[column])}: {self._text(row, column)}"
        if role == _ROLE.ToolTipRole and column in (Column.NAME, Column.LAST):
            return self._text(row, column)
        if role == _ROLE.ForegroundRole:
            over = (
                column == Column.DUE and (until := parse_iso(row.due_on or "")) is not None and until <= self._today()
            )
            if over or (column == Column.NAME and not row.name):
                return QColor(theme.current().colours.warning if over else theme.current().colours.muted)
        if role == _ROLE.FontRole and column == Column.NAME and row.name:
            return theme.current().font(bold=True)
        return None

    def _text(self, row: PersonRow, column: Column) -> str:
        t = self._language.t
        match column:
            case Column.NAME:
                return row.name or t("name not entered")
            case Column.IIN:
                return words.number(row.iin)
            case Column.BORN:
                return words.born(t, row.birth_date, self._today())
            case Column.LAST:
                return words.last(t, row)
            case Column.DUE:
                return words.due(t, row.due_on, self._today())
