"""The case window: the steps on the left, the step in the middle, the proposal on the right."""

from ui.screens.examination.case_screen import CaseScreen

__all__ = ["CaseScreen"]
