"""The list of cases: the home screen."""

from ui.screens.cases.screen import CasesScreen

__all__ = ["CasesScreen", "make"]

make = CasesScreen
