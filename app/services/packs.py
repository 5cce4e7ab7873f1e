"""Which criteria apply on which day."""

from datetime import date
from typing import TYPE_CHECKING

from app.domain.proposal import PackIdentity

if TYPE_CHECKING:
    from app.domain.criteria import FactInfo
    from app.rules.loader import Pack


class PackService:
    """The rule packs of this installation; pure reading, may be used on the window's thread."""

    def for_date(self, on: date) -> "Pack":
        """The pack in force on the day of examination."""
        raise NotImplementedError

    def facts(self, on: date, birth_date: date | None) -> "tuple[FactInfo, ...]":
        """What to ask about a person of that age on that day; an adult where the birth date is unknown."""
        raise NotImplementedError

    def identity(self, on: date | None = None) -> PackIdentity:
        """Name, version, digest and status of the criteria of that day (else of the newest ones)."""
        raise NotImplementedError
