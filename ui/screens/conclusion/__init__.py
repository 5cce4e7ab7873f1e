"""The conclusion as it will be on paper: seen, printed, saved."""

from ui.screens.conclusion.panel import ConclusionPanel

__all__ = ["ConclusionPanel"]
