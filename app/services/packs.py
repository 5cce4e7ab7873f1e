"""Which criteria apply on which day: those that came with the program, and those that this desk has accepted."""

import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Protocol

from app import paths
from app.domain import dates
from app.domain.errors import KnownError, UserError
from app.domain.proposal import Band, PackIdentity
from app.domain.text import N_, Text
from app.domain.vocabulary import Outcome, PeriodKind

if TYPE_CHECKING:
    from app.domain.criteria import FactInfo, ScaleInfo
    from app.rules.library import PackLibrary
    from app.rules.model import Pack, Rule

Days = tuple[date, date | None]
"""First and last day, both included; None: without an end."""
_ADULT = 18
_LEVELS = {Outcome.GROUP_1: 1, Outcome.GROUP_2: 2, Outcome.GROUP_3: 3}


class Edition(Protocol):
    """An edition at hand. `pack` reads it at the first asking; KnownError where it is damaged."""

    @property
    def version(self) -> str: ...

    def days(self) -> Days: ...

    def pack(self) -> "Pack": ...

    def files(self) -> Mapping[str, bytes]:
        """Its files by name, manifest and signature among them."""
        ...


@dataclass(frozen=True, slots=True)
class ShippedEdition:
    """An edition that came with the program."""

    library: "PackLibrary"
    version: str

    def days(self) -> Days:
        pack = self.pack()
        return pack.valid_from, pack.valid_to

    def pack(self) -> "Pack":
        return self.library.load(self.version)

    def files(self) -> Mapping[str, bytes]:
        return {path.name: path.read_bytes() for path in sorted(self.library.folder(self.version).iterdir())}


class AcceptedEdition:
    """An edition that this desk has accepted, from its database. `counts`: its key was not revoked since."""

    def __init__(self, ordinal: int, version: str, digest: str, days: Days, files: Mapping[str, bytes]) -> None:
        self.ordinal = ordinal
        self.version = version
        self.digest = digest
        self.counts = True
        self._days = days
        self._files = files
        self._pack: Pack | None = None

    def days(self) -> Days:
        return self._days

    def files(self) -> Mapping[str, bytes]:
        return self._files

    def pack(self) -> "Pack":
        pack = self._pack
        if pack is None:
            from app.rules.loader import load_stored

            try:
                # Its signature was checked when it was accepted, and `verify` checks it again; its digest names it.
                pack = load_stored(self._files, verify=None)
            except UserError as error:
                sentence = N_(
                    "This program can't read the edition {version} of the criteria, which this desk has accepted."
                    " {reason} Install the newest program, or a later edition."
                )
                raise KnownError(
                    Text(sentence, {"version": self.version, "reason": error.text}), where=error.where
                ) from error
            if pack.digest != self.digest:
                sentence = N_(
                    "The edition {version} of the criteria is not the one that was accepted: the database was changed."
                )
                raise KnownError(Text(sentence, {"version": self.version}))
            self._pack = pack
        return pack


def holds(edition: Edition, on: date) -> bool:
    """Whether a day lies among the edition's days."""
    first, last = edition.days()
    return first <= on and (last is None or on <= last)


class PackService:
    """The editions of this desk; pure reading, may be used on the window's thread.

    Every method raises KnownError where an edition is damaged or, for those that came with the program, isn't signed
    by a key that came with it.
    """

    def __init__(self, library: "PackLibrary | None" = None, *, today: Callable[[], date] | None = None) -> None:
        """The packs that came with the program, unless another library is given. `today` is the desk's calendar."""
        self._given = library
        self._today = today
        self._accepted: tuple[AcceptedEdition, ...] = ()
        self._ordered: tuple[Edition, ...] | None = None
        self._named: dict[str, Pack] = {}

    def take(self, accepted: Sequence[AcceptedEdition]) -> None:
        """From now on these are the editions that the desk has accepted."""
        self._accepted = tuple(accepted)
        self._ordered = None

    def at_hand(self) -> tuple[Edition, ...]:
        """Every edition that may decide, the highest version first; at one version what came with the program."""
        ordered = self._ordered
        if ordered is None:
            from app.rules.library import version_number

            library = self._library()
            shipped: list[Edition] = [ShippedEdition(library, version) for version in library.versions()]
            found = [*shipped, *(edition for edition in self._accepted if edition.counts)]
            # Sorting is stable, also backwards.
            ordered = tuple(sorted(found, key=lambda edition: version_number(edition.version), reverse=True))
            self._ordered = ordered
        return ordered

    def for_date(self, on: date) -> "Pack":
        """The criteria in force on the day of examination; KnownError where there are none for that day."""
        for edition in self.at_hand():
            if holds(edition, on):
                return edition.pack().on(on)
        return self._library().for_date(on)  # says that there are none

    def named(self, identity: PackIdentity) -> "Pack":
        """The very pack that a conclusion names; KnownError where it is not at hand."""
        for edition in self._accepted:
            if edition.digest == identity.digest:
                return edition.pack()
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

    def scales(self, on: date, birth_date: date | None) -> "tuple[tuple[ScaleInfo, bool], ...]":
        """The scales of that day's criteria, each with whether it is meant for the person's age (unknown: an adult)."""
        from app.rules.scales import applying

        age = dates.age(birth_date, on) if birth_date is not None and birth_date <= on else _ADULT
        pack = self.for_date(on)
        meant = applying(pack, age, on)
        return tuple((scale, scale in meant) for scale in pack.scales)

    def offered(self, on: date, birth_date: date | None) -> tuple[frozenset[Outcome], frozenset[PeriodKind]]:
        """What a commission may decide for a person of that age: outcomes, and kinds of period. All of them where the
        birth date is unknown. "Until 7" and "until 18" end at a birthday and are for who has not reached it."""
        pack, outcomes = self.for_date(on), frozenset(Outcome) - {Outcome.UNDETERMINED}
        if birth_date is None or birth_date > on:
            return outcomes, frozenset(PeriodKind)
        age = dates.age(birth_date, on)

        def fits(rule: "Rule") -> bool:
            first, below = (
                None if name is None else int(pack.parameters[name].on(on))
                for name in (rule.ages.first, rule.ages.below)
            )
            return (first is None or first <= age) and (below is None or age < below)

        given = {outcome for rule in pack.outcomes if fits(rule) for outcome in rule.result}
        ends = {rule.result for rule in pack.clips}
        kinds = frozenset(PeriodKind) - ends | {rule.result for rule in pack.clips if fits(rule)}
        return frozenset(given | {Outcome.NOT_ESTABLISHED}), kinds

    def general_band(self, on: date, outcome: Outcome) -> Band | None:
        """The per cent of lost general capacity that the criteria of that day give to a group; None for no group."""
        level = _LEVELS.get(outcome)
        for rule in self.for_date(on).general:
            if any(c.get("level") == "of_case" and level in c.get("in", ()) for c in rule.when):
                return rule.result if isinstance(rule.result, Band) else None
        return None

    def identity(self, on: date | None = None) -> PackIdentity:
        """Name, version, digest and status of the criteria of that day.

        Else of today; of the newest ones where there is no today, or none hold (a clock that was never set).
        """
        today = self._today() if on is None and self._today is not None else None
        if on is not None:
            pack = self.for_date(on)
        elif today is not None and any(holds(edition, today) for edition in self.at_hand()):
            pack = self.for_date(today)
        else:
            pack = self.at_hand()[0].pack()
        return PackIdentity(pack.id, pack.version, pack.digest, pack.status)

    def warm_up(self) -> None:
        """Read every edition that may decide, while nobody waits. For the worker thread; what is damaged is told once
        it is needed."""
        with contextlib.suppress(KnownError):
            for edition in self.at_hand():
                with contextlib.suppress(KnownError):
                    edition.pack()

    def _library(self) -> "PackLibrary":
        if self._given is None:
            from app.crypto.pack_signature import verify_shipped
            from app.rules.library import PackLibrary

            self._given = PackLibrary(verify=verify_shipped)
        return self._given
