"""The rows of the list as a Qt table: what each column says, in the window's language."""

from datetime import date, datetime
from enum import IntEnum
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFont

from app.domain import dates
from app.domain.text import N_
from app.domain.vocabulary import CaseState
from app.services.views import CaseRow
from ui import theme
from ui.language import Language
from ui.widgets.signs import STATE_SIGNS

Index = QModelIndex | QPersistentModelIndex
ROOT: Final = QModelIndex()
_ROLE = Qt.ItemDataRole
# A sign for each state, so that none is told by colour alone.


class Column(IntEnum):
    STATE = 0
    NAME = 1
    BORN = 2
    IIN = 3
    NUMBER = 4
    EXAMINED = 5
    OUTCOME = 6


_TITLES: Final = {
    Column.STATE: N_("State"),
    Column.NAME: N_("Person"),
    Column.BORN: N_("Born"),
    Column.IIN: N_("ИИН"),
    Column.NUMBER: N_("Number"),
    Column.EXAMINED: N_("Examined on"),
    Column.OUTCOME: N_("Decision"),
}
# What stands below in a compact row.
_BELOW: Final = {Column.BORN: Column.IIN, Column.NUMBER: Column.EXAMINED}


class CasesModel(QAbstractTableModel):
    """Read only. Ages count on the day of examination, else today.

    Where the window is narrow for the size of text (`compact`), rows have two lines: the ИИН stands below the birth
    date and the day of examination below the number, and their own columns are hidden.
    """

    def __init__(self, language: Language, parent: QObject) -> None:
        super().__init__(parent)
        self._language = language
        self.rows: tuple[CaseRow, ...] = ()
        self.compact = False
        self.today = datetime.now().astimezone().date()
        """the desk's day, on which a case that was put off comes back"""

    def title(self, column: Column, *, compact: bool | None = None) -> str:
        """What stands above a column."""
        below = _BELOW.get(column) if (self.compact if compact is None else compact) else None
        own = self._language.t(_TITLES[column])
        return own if below is None else f"{own}\n{self._language.t(_TITLES[below])}"

    def show(self, rows: tuple[CaseRow, ...]) -> None:
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
        if role == _ROLE.ToolTipRole and column in (Column.NAME, Column.OUTCOME):
            return self._text(row, column)
        if role == _ROLE.DecorationRole and column == Column.STATE:
            return theme.current().icon(STATE_SIGNS[row.state], self._ink(row))
        if role == _ROLE.ForegroundRole and (column == Column.STATE or (column == Column.NAME and not row.name)):
            return QColor(self._ink(row) if column == Column.STATE else theme.current().colours.muted)
        if role == _ROLE.FontRole and column == Column.NAME and row.name:
            return _bold()
        return None

    def _text(self, row: CaseRow, column: Column) -> str:
        t = self._language.t
        match column:
            case Column.STATE:
                return t.show(row.state)
            case Column.NAME:
                return row.name or t("name not entered")
            case Column.BORN:
                return self._born(row)
            case Column.IIN:
                return row.iin or "–"
            case Column.NUMBER:
                return row.number
            case Column.EXAMINED:
                return _date(row.examined_on)
            case Column.OUTCOME:
                return self._outcome(row)

    def _outcome(self, row: CaseRow) -> str:
        t = self._language.t
        if row.postponed_to is not None and row.outcome is None:
            until = date.fromisoformat(row.postponed_to)
            if until > self.today:
                return t("put off until {date}", date=until)
            return t("was put off until {date}: go on", date=until)
        told = row.outcome or row.ending
        return t.show(told) if told else "–"

    def _born(self, row: CaseRow) -> str:
        if row.birth_date is None:
            return "–"
        born = date.fromisoformat(row.birth_date)
        on = date.fromisoformat(row.examined_on) if row.examined_on else datetime.now().astimezone().date()
        if on < born:
            return _date(row.birth_date)
        return born_and_age(self._language, _date(row.birth_date), dates.age(born, on))

    def _ink(self, row: CaseRow) -> str:
        c = theme.current().colours
        return {CaseState.DECIDED: c.warning, CaseState.SIGNED: c.accent}.get(
            row.state, c.muted if row.state in (CaseState.SUPERSEDED, CaseState.ENDED, CaseState.DISCARDED) else c.text
        )


def born_and_age(language: Language, born: str, age: int) -> str:
    """A birth date and the full years since."""
    return language.t.plural("{date}, {n} year", "{date}, {n} years", age, date=born)


def _bold() -> QFont:
    return theme.current().font(bold=True)


def _date(iso: str | None) -> str:
    return date.fromisoformat(iso).strftime("%d.%m.%Y") if iso else "–"
