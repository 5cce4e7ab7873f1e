"""The case window: the steps on the left, the step in the middle, the proposal on the right.

Whoever needs a part of it alone, as the rooms of cases and trips do, doesn't wait for all of it to be imported.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ui.screens.examination.case_screen import CaseScreen

__all__ = ["CaseScreen"]


def __getattr__(name: str) -> Any:
    if name != "CaseScreen":
        raise AttributeError(name)
    from ui.screens.examination.case_screen import CaseScreen

    return CaseScreen
