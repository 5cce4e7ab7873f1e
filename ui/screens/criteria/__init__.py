"""Preparing a new edition of the criteria: make or open it, sign its records off, see what changes, sign it."""

from ui.screens.criteria.screen import CriteriaScreen

__all__ = ["CriteriaScreen"]
