"""Which criteria apply on which day."""

from datetime import date
from typing import TYPE_CHECKING

from app.domain import dates
from app.domain.proposal import PackIdentity

if TYPE_CHECKING:
    from app.domain.criteria import FactInfo
    from app.rules.library import PackLibrary
    from app.rules.model import Pack

_ADULT = 18


class PackService:
    """The rule packs of this installation; pure reading, may be used on the window's thread."""

    def __init__(self, library: "PackLibrary | None" = None) -> None:
        """The packs that came with the program, unless another library is given."""
        self._given = library

    def for_date(self, on: date) -> "Pack":
        """The pack in force on the day of examination; UserError where there is none for that day."""
        return self._library().for_date(on)

    def named(self, identity: PackIdentity) -> "Pack":
        """The very pack that a conclusion names; UserError where it is not at hand."""
        raise NotImplementedError

    def facts(self, on: date, birth_date: date | None) -> "tuple[FactInfo, ...]":
        """What to ask about a person of that age on that day; an adult where the birth date is unknown."""
        age = dates.age(birth_date, on) if birth_date is not None and birth_date <= on else _ADULT
        return self.for_date(on).facts(age)

    def identity(self, on: date | None = None) -> PackIdentity:
        """Name, version, digest and status of the criteria of that day (else of the newest ones)."""
        pack = self.for_date(on or date.max)
        return PackIdentity(pack.id, pack.version, pack.digest, pack.status)

    def _library(self) -> "PackLibrary":
        raise NotImplementedError
