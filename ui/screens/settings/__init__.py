"""What can be chosen and checked."""

from ui.screens.settings.screen import SettingsScreen

__all__ = ["SettingsScreen"]
