"""The journals of the department, and who is due again."""

from ui.screens.journals.screen import JournalsScreen

__all__ = ["JournalsScreen", "make"]

make = JournalsScreen
