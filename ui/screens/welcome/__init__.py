"""The first start."""

from ui.screens.welcome.screen import WelcomeScreen

__all__ = ["WelcomeScreen"]
