"""Trips: the sittings of the commission, and who comes when."""

from ui.screens.trips.screen import TripsScreen

__all__ = ["TripsScreen", "make"]

make = TripsScreen
