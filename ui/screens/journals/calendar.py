"""A month with how many are due on each day, and its year with how many in each month."""

import calendar
from collections.abc import Mapping
from datetime import date, timedelta

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QPushButton, QSizePolicy, QWidget

from app.domain import dates
from app.domain.text import N_
from ui.language import Language
from ui.widgets.parts import button, column, label, row
from ui.widgets.words import Words

_ARROWS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
_ACROSS = 4  # months side by side
_YEARS = range(1900, 2200)


class Cell(QPushButton):
    """A day or a month with its count; hands arrows and page keys to its calendar."""

    def __init__(self, owner: "DueCalendar", at: int, across: int) -> None:
        super().__init__()
        self._owner, self._at, self._across = owner, at, across
        self.setProperty("kind", "quiet")
        self.setCheckable(True)
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        step = _ARROWS.get(key, {Qt.Key.Key_Up: -self._across, Qt.Key.Key_Down: self._across}.get(key, 0))
        if step:
            self._owner.walk(self, step)
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self._owner.go(-1 if key == Qt.Key.Key_PageUp else 1)
        else:
            super().keyPressEvent(event)


class DueCalendar(QWidget):
    """`month_chosen(first day)`; `day_chosen(day)` for a day on which somebody is due."""

    month_chosen = Signal(object)
    day_chosen = Signal(object)

    def __init__(self, language: Language, today: date) -> None:
        super().__init__()
        self._language, self._today = language, today
        self.month = today.replace(day=1)
        self._days: Mapping[date, int] = {}
        words = Words(language, self)
        self.back_button, self.on_button = (
            button("quiet", "chevron-left", alone=True),
            button("quiet", "chevron-right", alone=True),
        )
        words(self.back_button, "accessibleName", N_("Month back"))
        words(self.on_button, "accessibleName", N_("Month on"))
        words(self.back_button, "toolTip", N_("Month back (Page Up)"))
        words(self.on_button, "toolTip", N_("Month on (Page Down)"))
        self.back_button.clicked.connect(lambda: self.go(-1))
        self.on_button.clicked.connect(lambda: self.go(1))
        self.title = label("section")
        self.title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        top = row(gap=4)
        top.addWidget(self.back_button)
        top.addWidget(self.title, 1)
        top.addWidget(self.on_button)
        self.heads = [label("hint") for _ in range(7)]
        self.days = [Cell(self, at, 7) for at in range(42)]
        self.months = [Cell(self, at, _ACROSS) for at in range(12)]
        days, months = QGridLayout(), QGridLayout()
        for grid in (days, months):
            grid.setSpacing(2)
        for at, head in enumerate(self.heads):
            head.setAlignment(Qt.AlignmentFlag.AlignCenter)
            days.addWidget(head, 0, at)
        for at, cell in enumerate(self.days):
            days.addWidget(cell, 1 + at // 7, at % 7)
            cell.clicked.connect(lambda _=False, at=at: self._on_day(at))
        for at, cell in enumerate(self.months):
            months.addWidget(cell, at // _ACROSS, at % _ACROSS)
            cell.clicked.connect(lambda _=False, at=at: self.show_month(date(self.month.year, at + 1, 1)))
        lines = column(self, gap=8)
        lines.addLayout(top)
        lines.addLayout(days)
        lines.addSpacing(8)
        self.year = label("section")
        lines.addWidget(self.year)
        lines.addLayout(months)
        language.changed.connect(self.retranslate)
        self.retranslate()

    def show_month(self, month: date) -> None:
        """Go to a month."""
        if month != self.month and month.year in _YEARS:
            if month.year != self.month.year:
                self._days = {}
            self.month = month
            self.retranslate()
            self.month_chosen.emit(month)
        else:
            self.retranslate()

    def go(self, step: int) -> None:
        """A month back or on."""
        self.show_month(dates.add_months(self.month, step))

    def show_counts(self, days: Mapping[date, int]) -> None:
        """How many are due on each day of the year in sight."""
        self._days = days
        self.retranslate()

    def walk(self, cell: Cell, step: int) -> None:
        """From a cell to another by an arrow key; days that can't be chosen are passed over."""
        cells = self.days if cell in self.days else self.months
        at = cells.index(cell) + step
        while 0 <= at < len(cells) and not cells[at].isEnabled():
            at += step
        if 0 <= at < len(cells):
            cells[at].setFocus(Qt.FocusReason.TabFocusReason)

    def retranslate(self) -> None:
        """Every word and number again."""
        t, locale = self._language.t, QLocale()
        self.title.setText(f"{self._month_name(self.month.month)} {self.month.year}")
        self.year.setText(str(self.month.year))
        for at, head in enumerate(self.heads):
            head.setText(locale.standaloneDayName(at + 1, QLocale.FormatType.ShortFormat))
        first = self._first()
        for at, cell in enumerate(self.days):
            day = first + timedelta(days=at)
            count = self._days.get(day, 0)
            inside = day.month == self.month.month
            cell.setText(f"{day.day}\n{count or ' '}" if inside else " \n ")
            cell.setEnabled(inside)
            cell.setChecked(bool(count) and inside)
            cell.setAccessibleName(t.plural("{day}: {n} person is due", "{day}: {n} people are due", count, day=day))
            cell.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
            cell.setFixedHeight(cell.fontMetrics().lineSpacing() * 2 + 8)
            cell.setVisible(at < 35 or (first + timedelta(days=35)).month == self.month.month)
        marked = next((cell for cell in self.days if cell.isChecked()), self.days[(self.month - first).days])
        marked.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        for at, cell in enumerate(self.months):
            count = sum(n for day, n in self._days.items() if day.month == at + 1)
            name = self._month_name(at + 1)
            cell.setText(f"{QLocale().standaloneMonthName(at + 1, QLocale.FormatType.ShortFormat)}\n{count or '–'}")
            cell.setChecked(at + 1 == self.month.month)
            cell.setFixedHeight(cell.fontMetrics().lineSpacing() * 2 + 8)
            cell.setFocusPolicy(Qt.FocusPolicy.StrongFocus if cell.isChecked() else Qt.FocusPolicy.ClickFocus)
            cell.setAccessibleName(
                t.plural("{month}: {n} person is due", "{month}: {n} people are due", count, month=name)
            )

    def _on_day(self, at: int) -> None:
        day = self._first() + timedelta(days=at)
        self.days[at].setChecked(day in self._days)
        if day in self._days:
            self.day_chosen.emit(day)

    def _first(self) -> date:
        return self.month - timedelta(days=calendar.weekday(self.month.year, self.month.month, 1))

    @staticmethod
    def _month_name(month: int) -> str:
        name = QLocale().standaloneMonthName(month)
        return name[:1].upper() + name[1:]
