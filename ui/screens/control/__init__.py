"""How we decide: counts of votes and decisions that differ from the criteria."""

from ui.screens.control.screen import ControlScreen

__all__ = ["ControlScreen", "make"]

make = ControlScreen
