"""What of a journal is asked for: words, a period, and one choice for each of a few columns."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from app.domain import dates
from app.domain.errors import UserError
from app.domain.text import N_, LocalText
from app.domain.vocabulary import LABELS, Occasion, Outcome, PaperKind, PaperState, Place
from app.services import setup
from app.services.journals import Asked, JournalName
from ui.language import Language
from ui.theme import restyle
from ui.widgets.choice import Combo
from ui.widgets.flow import FlowLayout
from ui.widgets.parts import clearable, label, row
from ui.widgets.words import Words

_PAUSE_MS = 150
# Filter → what stands for "any", its members.
_KINDS: Final[Mapping[str, tuple[str, type[StrEnum] | None]]] = MappingProxyType(
    {
        "outcome": (N_("Any decision"), Outcome),
        "place": (N_("Any place"), Place),
        "occasion": (N_("Any occasion"), Occasion),
        "region": (N_("Any region"), None),
        "kind": (N_("Any paper"), PaperKind),
        "state": (N_("Issued and written off"), PaperState),
    }
)
FILTERS: Final[Mapping[JournalName, tuple[str, ...]]] = MappingProxyType(
    {
        "protocols": ("outcome", "place", "occasion", "region"),
        "papers": ("kind", "state"),
        "refusals": ("place", "occasion", "region"),
    }
)
PERIODS: Final = (
    N_("All time"), N_("Today"), N_("This month"), N_("Last month"), N_("This year"), N_("Last year"),
    N_("Other period"),
)  # fmt: skip

WRONG_PERIOD: Final = N_("Not a day, or the period ends before it begins.")


class FilterBar(QWidget):
    """`changed` once something else is asked for. What can't be a date is told: `wrong(True)`."""

    changed = Signal()
    wrong = Signal(bool)

    def __init__(
        self, name: JournalName, language: Language, words: Words, today: Callable[[], date], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._language, self._today, self._words = language, today, words
        flow = FlowLayout(self)
        self.search = QLineEdit(self)
        clearable(self.search, words)
        words(self.search, "accessibleName", N_("Search the journal"))
        words(self.search, "placeholderText",
              N_("Name, ИИН, case or blank number") if name == "papers" else N_("Name, ИИН or number"))  # fmt: skip
        flow.addWidget(self.search)
        self.period = self._combo(N_("Period"))
        ends = QWidget(self)
        self.since, self.until = QLineEdit(ends), QLineEdit(ends)
        line = row(ends, gap=4)
        between = label("hint")
        between.setText("–")
        words(self.since, "accessibleName", N_("First day of the period"))
        words(self.until, "accessibleName", N_("Last day of the period"))
        for part in (self.since, between, self.until):
            line.addWidget(part)
        for end in (self.since, self.until):
            words(end, "placeholderText", N_("dd.mm.yyyy"))
            words(end, "toolTip", N_("18112026, 18.11.26, -3d and today are understood."))
            end.editingFinished.connect(self._on_dates)
        self.period.activated.connect(self._on_period)
        flow.addWidget(self.period)
        flow.addWidget(ends)
        self.choices: dict[str, Combo] = {}
        for key in FILTERS[name]:
            choice = self._combo(_KINDS[key][0])
            choice.activated.connect(lambda _: self.changed.emit())
            self.choices[key] = choice
            flow.addWidget(choice)
        self._values: dict[str, list[Any]] = {}
        self._days: tuple[date | None, date | None] = (None, None)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self.changed)
        self.search.textChanged.connect(self._pause.start)
        self.retranslate()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if hasattr(self, "_days"):
            self._fit()

    def _fit(self) -> None:
        metrics = self.since.fontMetrics()
        day = max(metrics.horizontalAdvance(words) for words in ("00.00.0000", self.since.placeholderText()))
        for end in (self.since, self.until):
            end.setFixedWidth(day + 30)
        told = metrics.horizontalAdvance(self.search.placeholderText())
        self.search.setMinimumWidth(max(metrics.averageCharWidth() * 25, told + 26))

    def asked(self) -> Asked:
        """What is asked for, but for the order."""
        chosen = {key: self._values[key][max(choice.currentIndex(), 0)] for key, choice in self.choices.items()}
        return Asked(since=self._days[0], until=self._days[1], query=self.search.text(), **chosen)

    def is_empty(self) -> bool:
        """Whether everything is asked for."""
        return self.asked() == Asked()

    def clear(self) -> None:
        """Ask for everything again."""
        self.search.clear()
        self.period.setCurrentIndex(0)
        for choice in self.choices.values():
            choice.setCurrentIndex(0)
        self._show_days(None, None)
        self.changed.emit()

    def retranslate(self) -> None:
        """Every list again; what is chosen stays chosen."""
        t = self._language.t
        self._fill(self.period, [t(each) for each in PERIODS])
        for key, choice in self.choices.items():
            any_of, members = _KINDS[key]
            pairs: list[tuple[Any, str]]
            if members is None:
                pairs = [(code[:2], t.show(name)) for code, name in _regions()]
            else:
                known = [member for member in members if member is not Outcome.UNDETERMINED]
                pairs = [(member.value, t(LABELS[member])) for member in known]
            self._values[key] = [None, *(value for value, _ in pairs)]
            self._fill(choice, [t(any_of), *(words for _, words in pairs)])
        self._fit()

    def _combo(self, msgid: str) -> Combo:
        made = Combo(self)
        made.setMinimumContentsLength(11)
        self._words(made, "accessibleName", msgid)
        return made

    @staticmethod
    def _fill(combo: Combo, items: list[str]) -> None:
        at = max(combo.currentIndex(), 0)
        combo.clear()
        combo.addItems(items)
        combo.setCurrentIndex(at)
        metrics = combo.fontMetrics()
        # The first says that all are shown: it is never cut.
        first = metrics.horizontalAdvance(items[0]) - combo.iconSize().width()
        combo.setMinimumContentsLength(max(11, -(-first // metrics.horizontalAdvance("X"))))

    def _on_period(self, at: int) -> None:
        today = self._today()
        first = today.replace(day=1)
        last_month = (first - timedelta(days=1)).replace(day=1)
        ends: tuple[tuple[date | None, date | None], ...] = (
            (None, None),
            (today, today),
            (first, dates.first_of_next_month(first) - timedelta(days=1)),
            (last_month, first - timedelta(days=1)),
            (today.replace(month=1, day=1), today.replace(month=12, day=31)),
            (date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)),
        )
        if at < len(ends):
            self._show_days(*ends[at])
            self.changed.emit()
        else:
            self.since.setFocus()

    def _show_days(self, since: date | None, until: date | None) -> None:
        self._days = (since, until)
        for edit, day in ((self.since, since), (self.until, until)):
            edit.setText(day.strftime("%d.%m.%Y") if day is not None else "")
            self._mark(edit, wrong=False)

    def _on_dates(self) -> None:
        days: list[date | None] = []
        for edit in (self.since, self.until):
            try:
                typed = edit.text().strip()
                days.append(dates.parse_typed(typed, self._today()) if typed else None)
                self._mark(edit, wrong=False)
            except UserError:
                self._mark(edit, wrong=True)
                return
        since, until = days
        if since is not None and until is not None and until < since:
            self._mark(self.until, wrong=True)
            return
        if (since, until) != self._days:
            self._show_days(since, until)
            self.period.setCurrentIndex(0 if since is until is None else len(PERIODS) - 1)
            self.changed.emit()

    def _mark(self, edit: QLineEdit, *, wrong: bool) -> None:
        if bool(edit.property("invalid")) != wrong:
            edit.setProperty("invalid", wrong)
            restyle(edit)
        if wrong:
            self._words(edit, "accessibleDescription", WRONG_PERIOD)
        else:
            self._words.forget(edit, "accessibleDescription")
            edit.setAccessibleDescription("")
        self.wrong.emit(wrong)


def _regions() -> tuple[tuple[str, LocalText], ...]:
    return setup.regions()
