"""Rows of a journal as a Qt table. A column of the screen holds one of the journal's, or two, one below the other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from app.domain.text import N_
from app.domain.vocabulary import PaperState
from app.services.journal_columns import COLUMNS, Name, Value, shown
from ui import theme
from ui.language import Language

Index = QModelIndex | QPersistentModelIndex
ROOT: Final = QModelIndex()
_ROLE = Qt.ItemDataRole
CASE_ROLE: Final = _ROLE.UserRole


@dataclass(frozen=True, slots=True)
class Shown:
    """What stands on top of a column of the screen and what below; `sample`: as wide as it may get, empty for a column
    that shares what room is left by `weight`; `word`: a message that may stand in it."""

    top: str
    below: str = ""
    sample: str = ""
    weight: int = 1
    word: str = ""


OVERDUE: Final = N_("overdue")
_DAY: Final = "00.00.0000"
_CASE: Final = "00/2026/000000"
SCREEN: Final[Mapping[Name, tuple[Shown, ...]]] = MappingProxyType(
    {
        "protocols": (
            Shown("entry", "examined_on", _DAY),
            Shown("name", "iin", weight=5),
            Shown("address", weight=4),
            Shown("icd10", sample="W00.000"),
            Shown("outcome", "period", weight=6),
            Shown("due_on", sample=_DAY),
            Shown("number", "certificate", f"{_CASE}00"),
            Shown("commission", weight=3),
        ),
        "papers": (
            Shown("series", sample="WWW"),
            Shown("number", sample="000000000000"),
            Shown("kind", weight=4),
            Shown("name", "case_number", weight=5),
            Shown("taken_at", "who", weight=4),
            Shown("state", "reason", weight=4),
        ),
        "refusals": (
            Shown("changed_at", sample=_DAY),
            Shown("name", "iin", weight=4),
            Shown("number", sample=_CASE),
            Shown("ending", weight=3),
            Shown("ground", weight=5),
            Shown("place", "occasion", weight=3),
        ),
        "due": (
            Shown("due_on", sample=_DAY, word=OVERDUE),
            Shown("name", "iin", weight=7),
            Shown("village", "address", weight=4),
            Shown("outcome", weight=2),
            Shown("number", "under_way", sample=f"{_CASE}00"),
        ),
    }
)


@dataclass(frozen=True, slots=True)
class ModelRow:
    """One line: the case that it leads to, its cells as the journal's columns, and whether it is to be marked."""

    case_id: str | None
    cells: Sequence[Value]
    marked: bool = False


class JournalModel(QAbstractTableModel):
    """Read only; words in the window's language."""

    def __init__(self, name: Name, language: Language, parent: QObject) -> None:
        super().__init__(parent)
        self._language = language
        self._at = {column.name: at for at, column in enumerate(COLUMNS[name])}
        self._titles = {column.name: column.title for column in COLUMNS[name]}
        self.columns = SCREEN[name]
        self.rows: tuple[ModelRow, ...] = ()

    def show(self, rows: tuple[ModelRow, ...]) -> None:
        """Take other rows."""
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def retranslate(self) -> None:
        """Every word again."""
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.columns) - 1)
        if self.rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, len(self.columns) - 1))

    def title(self, at: int) -> str:
        """What stands above a column."""
        column = self.columns[at]
        names = [column.top, *([column.below] if column.below else [])]
        return "\n".join(self._language.t(self._titles[name]) for name in names)

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _ROLE.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == _ROLE.DisplayRole:
            return self.title(section)
        if orientation == Qt.Orientation.Horizontal and role == _ROLE.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(self, index: Index, role: int = _ROLE.DisplayRole) -> Any:
        row, column = self.rows[index.row()], self.columns[index.column()]
        if role == _ROLE.DisplayRole:
            return "\n".join(part for part in self._parts(row, column) if part) or "–"
        if role == _ROLE.ToolTipRole:
            return "\n".join(part for part in self._parts(row, column) if part) or None
        if role == _ROLE.AccessibleTextRole:
            titles = self.title(index.column()).split("\n")
            return ", ".join(
                f"{title}: {part or '–'}" for title, part in zip(titles, self._parts(row, column), strict=True)
            )
        if role == _ROLE.FontRole and column.top in ("name", "number") and index.column() <= 1:
            return theme.current().font(bold=True) if column.top == "name" else None
        if role == _ROLE.ForegroundRole:
            return self._ink(row, column)
        if role == CASE_ROLE:
            return row.case_id
        return None

    def word(self, at: int) -> str:
        """The word that may stand in a column, in the window's language."""
        msgid = self.columns[at].word
        return self._language.t(msgid) if msgid else ""

    def text(self, at: int, names: Sequence[str]) -> list[str]:
        """The words of some of the journal's columns in one row."""
        return [shown(self._language.t, self.rows[at].cells[self._at[name]]) for name in names]

    def _parts(self, row: ModelRow, column: Shown) -> list[str]:
        names = [column.top, *([column.below] if column.below else [])]
        parts = [shown(self._language.t, row.cells[self._at[name]]) for name in names]
        if row.marked and column.top == "due_on":
            parts[0] += "\n" + self._language.t(OVERDUE)
        return parts

    def _ink(self, row: ModelRow, column: Shown) -> QColor | None:
        colours = theme.current().colours
        if row.marked and column.top == "due_on":
            return QColor(colours.danger)
        value = row.cells[self._at[column.top]]
        if column.top == "state" and value is PaperState.SPOILED:
            return QColor(colours.warning)
        return None


def day_of(row: ModelRow) -> date | None:
    """The day in a row's first column."""
    value = row.cells[0]
    return value if isinstance(value, date) else None
