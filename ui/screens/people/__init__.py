"""The room of persons: who was ever examined, with everything that was decided."""

from ui.screens.people.screen import PeopleScreen

__all__ = ["PeopleScreen", "make"]

make = PeopleScreen
