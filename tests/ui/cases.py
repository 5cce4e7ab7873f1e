"""A case in the window, as tests begin with it."""

from collections.abc import Callable
from typing import Any

from app.services.desk import Desk
from app.services.views import CaseView
from ui.main_window import MainWindow
from ui.screens.examination import CaseScreen


def opened(
    window: MainWindow,
    idle: Callable[[MainWindow], None],
    case: dict[str, Any] | Callable[[Desk], CaseView],
    step: str | None = None,
) -> CaseScreen:
    """The screen of a case that is imported, or made by a function on the worker; at a step where one is named."""
    desk = window.desk
    assert desk is not None
    found: list[CaseView] = []
    make = case if callable(case) else lambda desk: desk.examinations.import_case(case)
    window.tasks.run(lambda: make(desk), done=found.append)
    idle(window)
    window.open_case(found[0].id)
    idle(window)
    screen = window.screens.currentWidget()
    assert isinstance(screen, CaseScreen)
    if step is not None:
        screen.go(step)
        idle(window)
    return screen
