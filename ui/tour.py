"""A first tour of five minutes over one invented case, on a training desk: a panel that stops nobody's work."""

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import shiboken6
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QWidget

from app.domain.text import N_
from ui import shortcuts
from ui.widgets.parts import button, column, label, row
from ui.widgets.words import Words

if TYPE_CHECKING:
    from ui.main_window import MainWindow

WHO: Final = "Үлгібаев Болат"
"""The name of the invented person whose case is walked through: the one that has everything."""


@dataclass(frozen=True, slots=True)
class Station:
    """`room` of the window, or `step` of the case; what is said there."""

    words: str
    room: str = ""
    step: str = ""


STATIONS: Final = (
    Station(
        N_("Here are all cases. Type a name, an ИИН or a number to find one; Enter opens it."),
        room="cases",
    ),
    Station(
        N_("A case goes by the steps on the left, in any order. The ИИН fills in birth date and sex."),
        step="person",
    ),
    Station(
        N_("What the person came for decides what is asked later. F1 tells at each step what the law asks."),
        step="referral",
    ),
    Station(
        N_("Each specialist writes here. Keep words that come again with Ctrl+K: a / then puts them in."),
        step="observations",
    ),
    Station(
        N_("One key for each degree, 0 to 4; Tab goes on. The words beside the digits say what a degree means."),
        step="functions",
    ),
    Station(
        N_("Each member votes here before seeing the others' votes and the proposal, where the department decides so."),
        step="vote",
    ),
    Station(
        N_("This is what the criteria give, with every reason and how sure it is. It proposes; you decide."),
        step="proposal",
    ),
    Station(
        N_("Agree, or decide otherwise with a reason. Each member signs here; until then all can be opened again."),
        step="decision",
    ),
    Station(
        N_("The programme: one key takes over what the criteria propose; then say how many, how long, and who."),
        step="programme",
    ),
    Station(
        N_("The paper as it will be printed, signed at the decision. In the training it is marked as a sample."),
        step="conclusion",
    ),
    Station(
        N_(
            "The journals fill themselves with what was signed. That was the tour; the cases are yours to try."
            " “Sign out” and then “Leave the training” lead to real work."
        ),
        room="journals",
    ),
)


class Tour(QFrame):
    """Above the status line. `window` is led from station to station; the widget to begin with has the focus there.
    `wanted`: its key was pressed while it doesn't run."""

    closed = Signal()
    wanted = Signal()

    def __init__(self, window: "MainWindow", words: Words) -> None:
        super().__init__()
        self.setProperty("role", "banner")
        self._window, self._words, self.at = window, words, 0
        self._case: str | None = None
        self.count, self.text = label("label"), label(wrap=True)
        self.back_button, self.next_button, self.close_button = button(), button("primary"), button("quiet")
        words(self.back_button, "text", N_("Back"))
        words(self.close_button, "text", N_("Close the tour"))
        self.back_button.clicked.connect(self.back)
        self.next_button.clicked.connect(self.forward)
        self.close_button.clicked.connect(self.end)
        told = column(gap=0)
        told.addWidget(self.count)
        told.addWidget(self.text)
        line = row(self, margin=8)
        line.addLayout(told, 1)
        for part in (self.back_button, self.next_button, self.close_button):
            line.addWidget(part)
        shortcuts.bind(window, "tour_on", self.forward, window=True)
        shortcuts.bind(window, "tour_back", self.back, window=True)
        self.hide()

    def begin(self) -> None:
        """The first station."""
        self._case = None
        self.show()
        self._go(0)

    def forward(self) -> None:
        """The next station; after the last one the tour is over."""
        if self.isHidden():
            self.wanted.emit()
            return
        if self.at + 1 < len(STATIONS):
            self._go(self.at + 1)
        else:
            self.end()

    def back(self) -> None:
        """The station before."""
        if not self.isHidden() and self.at > 0:
            self._go(self.at - 1)

    def end(self) -> None:
        """Close the panel; the screen stays as it is."""
        self.hide()
        self.closed.emit()

    def _go(self, at: int) -> None:
        self.at, station = at, STATIONS[at]
        self._words(self.count, "text", N_("Tour, {n} of {of}"), n=at + 1, of=len(STATIONS))
        self._words(self.text, "text", station.words)
        self._words(self, "accessibleName", station.words)
        last = at + 1 == len(STATIONS)
        self._words(self.next_button, "text", N_("Finish") if last else N_("Next"))
        for made, key in ((self.next_button, "tour_on"), (self.back_button, "tour_back")):
            made.setToolTip(shortcuts.native(key))
        self.back_button.setEnabled(at > 0)
        if station.room:
            self._window.show_section(station.room)
        else:
            self._lead_to(station.step)

    def _lead_to(self, step: str) -> None:
        screen: Any = self._window.screens.currentWidget()
        if self._case is not None and getattr(screen, "case_id", None) == self._case:
            screen.go(step)
            return
        desk = self._window.desk
        if desk is None:
            return

        def found(case_id: str | None) -> None:
            self._case = case_id
            if case_id is not None and not self.isHidden():
                self._window.open_case(case_id)
                self._once_loaded(step)

        def find() -> str | None:
            return next((found.id for found in desk.examinations.rows(WHO)), None)

        self._window.tasks.run(find, done=found, owner=self)

    def _once_loaded(self, step: str) -> None:
        screen: Any = self._window.screens.currentWidget()
        if getattr(screen, "case_id", None) != self._case:
            return  # the present screen is still being saved, or asked about: Next leads on
        if screen.record.is_loaded:
            screen.go(step)
        else:
            screen.record.loaded.connect(partial(_go_once, screen, step, [False]))


def _go_once(screen: Any, step: str, gone: list[bool]) -> None:
    if not gone[0] and isinstance(screen, QWidget) and shiboken6.isValid(screen):
        gone[0] = True
        screen.go(step)  # type: ignore[attr-defined]
