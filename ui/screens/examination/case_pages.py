"""The pages of a case by step: each made when somebody comes there first, or ahead of that in idle moments."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final, Generic, TypeVar

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QStackedWidget, QWidget

from app.services.steps import STEPS
from ui.screens.examination.step_page import StepPage

P = TypeVar("P", bound=StepPage)
Make = Callable[[QWidget], StepPage]

QUIET_MS: Final = 250
"""So long nobody goes to a step before pages are made ahead."""
BETWEEN_MS: Final = 20
"""Between two pages: whoever types meanwhile waits for one of them at most."""
BREATH_MS: Final = 5
"""Between two parts of the page on screen: what came meanwhile is drawn in a frame of its own."""


class CasePages(Mapping[str, StepPage]):
    """`pages[step]` is made at the first asking; a walk through the keys makes nothing. One case only: the pages go
    with it, so nothing of a person can stand on the page of another."""

    def __init__(
        self, stack: QStackedWidget, makers: Mapping[str, Make], furnish: Callable[[StepPage], object]
    ) -> None:
        """`furnish` gets each page once it is made."""
        self._stack, self._makers, self._furnish = stack, makers, furnish
        self._making: set[str] = set()
        self.made: dict[str, StepPage] = {}

    def __getitem__(self, step: str) -> StepPage:
        page = self.made.get(step)
        if page is None:
            make = self._makers[step]
            if step in self._making:
                raise RuntimeError(f"the page of {step} is asked for while it is being made")
            self._making.add(step)
            try:
                page = self.made[step] = make(self._stack)
            finally:
                self._making.discard(step)
            self._stack.addWidget(page)
            self._furnish(page)
        return page

    def take_down(self, then: Callable[[], object]) -> None:
        """Destroy the pages, one in a turn, then `then`: all at once would hold the window up."""
        gone, self.made = list(self.made.values()), {}

        def go_on() -> None:
            if gone:
                gone.pop().deleteLater()
                QTimer.singleShot(0, self._stack, go_on)
            else:
                then()

        go_on()

    def __iter__(self) -> Iterator[str]:
        return iter(STEPS)

    def __len__(self) -> int:
        return len(STEPS)


class Ahead:
    """Makes what is missing of the page on screen at once, part by part, and the other pages while nobody does
    anything; the following ones first."""

    def __init__(self, pages: CasePages, owner: QWidget) -> None:
        self._pages, self._owner = pages, owner
        self._step = STEPS[0]
        self._timer = QTimer(owner)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._go_on)

    def begin(self, step: str) -> None:
        """Somebody is on this step now."""
        self._step = step
        page = self._pages.made.get(step)
        self._timer.start(QUIET_MS if page is None or page.is_whole else BREATH_MS)

    def stop(self) -> None:
        """Make nothing more until somebody goes to a step."""
        self._timer.stop()

    def _go_on(self) -> None:
        if not self._owner.isVisible():
            return  # locked: the step is opened anew when somebody is back
        at = STEPS.index(self._step)
        for step in (*STEPS[at:], *STEPS[:at]):
            page = self._pages.made.get(step)
            if page is None or not page.is_whole:
                if page is None:
                    self._pages[step]
                else:
                    page.make_part()
                if step != self._step:
                    self._timer.start(BETWEEN_MS)
                else:
                    self._timer.start(QUIET_MS if self._pages[step].is_whole else BREATH_MS)
                return


class Made(Generic[P]):
    """A page of a screen that has `pages`, by its step: the attribute's name. Who asks for it gets it whole."""

    def __init__(self, kind: type[P]) -> None:
        self._kind = kind

    def __set_name__(self, owner: type, name: str) -> None:
        self._step = name

    def __get__(self, screen: "HasPages", owner: type) -> P:
        page = screen.pages[self._step]
        if not isinstance(page, self._kind):
            raise TypeError(f"{self._step} is a {type(page).__name__}")
        page.make_whole()
        return page


class HasPages(QWidget):
    """What `Made` looks for pages on."""

    pages: CasePages
