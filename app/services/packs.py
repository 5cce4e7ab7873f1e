"""Which criteria apply on which day."""

from datetime import date
from typing import TYPE_CHECKING

from app import paths
from app.domain import dates
from app.domain.errors import KnownError
from app.domain.proposal import Band, PackIdentity
from app.domain.text import N_, Text
from app.domain.vocabulary import Outcome

if TYPE_CHECKING:
    from app.domain.criteria import FactInfo
    from app.rules.library import PackLibrary
    from app.rules.model import Pack

_ADULT = 18
_LEVELS = {Outcome.GROUP_1: 1, Outcome.GROUP_2: 2, Outcome.GROUP_3: 3}


class PackService:
    """The rule packs of this installation; pure reading, may be used on the window's thread.

    Every method raises KnownError where a pack is damaged or isn't signed by the key that came with the program.
    """

    def __init__(self, library: "PackLibrary | None" = None) -> None:
        """The packs that came with the program, unless another library is given."""
        self._given = library
        self._named: dict[str, Pack] = {}

    def for_date(self, on: date) -> "Pack":
        """The pack in force on the day of examination; KnownError where there is none for that day."""
        return self._library().for_date(on)

    def named(self, identity: PackIdentity) -> "Pack":
        """The very pack that a conclusion names; KnownError where it is not at hand."""
        pack = self._named.get(identity.digest)
        if pack is None:
            from app.crypto.pack_signature import verify_shipped
            from app.rules.loader import load_pack

            folder = paths.resource("rulepacks", identity.id, identity.version)
            pack = load_pack(folder, verify=verify_shipped) if folder.is_dir() else None
            if pack is None or pack.digest != identity.digest:
                sentence = N_(
                    "The criteria {id} {version} of this conclusion are not on this laptop. Install that rule pack."
                )
                raise KnownError(Text(sentence, {"id": identity.id, "version": identity.version}))
            self._named[identity.digest] = pack
        return pack

    def facts(self, on: date, birth_date: date | None) -> "tuple[FactInfo, ...]":
        """What to ask about a person of that age on that day; an adult where the birth date is unknown."""
        age = dates.age(birth_date, on) if birth_date is not None and birth_date <= on else _ADULT
        return self.for_date(on).facts(age, on)

    def general_band(self, on: date, outcome: Outcome) -> Band | None:
        """The per cent of lost general capacity that the criteria of that day give to a group; None for no group."""
        level = _LEVELS.get(outcome)
        for rule in self.for_date(on).general:
            if any(c.get("level") == "of_case" and level in c.get("in", ()) for c in rule.when):
                return rule.result if isinstance(rule.result, Band) else None
        return None

    def identity(self, on: date | None = None) -> PackIdentity:
        """Name, version, digest and status of the criteria of that day (else of the newest ones)."""
        pack = self._library().newest() if on is None else self.for_date(on)
        return PackIdentity(pack.id, pack.version, pack.digest, pack.status)

    def _library(self) -> "PackLibrary":
        if self._given is None:
            from app.crypto.pack_signature import verify_shipped
            from app.rules.library import PackLibrary

            self._given = PackLibrary(verify=verify_shipped)
        return self._given
