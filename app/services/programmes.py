"""The programme (ИПАР) of a case: what the criteria list for it, taking it over, and following what has changed since.

Everything here is pure: it reads a case and gives the programme as it shall be stored (`app.domain.programme.PATH`).
Nothing that a doctor has written is changed unless a doctor asks for it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from app.domain.case_file import get
from app.domain.dates import parse_iso
from app.domain.errors import KnownError, UserError
from app.domain.programme import PATH, rows_of
from app.domain.proposal import Citation
from app.domain.text import N_, LocalText, Text
from app.domain.vocabulary import MeasureDecision, MeasureOrigin, MeasureState, ProgrammePart
from app.services import programme_words
from app.services.packs import PackService
from app.services.views import Document, DraftProposal

if TYPE_CHECKING:
    from app.rules.programme import RehabilitationMeasure

Row = dict[str, Any]
Programme = dict[str, Any]

# In which part a measure stands at first: a convention of this program, which a doctor may change row by row. All that
# is not named stands in the social part.
_PARTS: Final[Mapping[str, ProgrammePart]] = MappingProxyType(
    {"workplace": ProgrammePart.PROFESSIONAL, "training": ProgrammePart.PROFESSIONAL}
)
_NO_CARRIERS: Final[Mapping[str, LocalText]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class ListedMeasure:
    """A measure of the criteria, and how it stands for the case. `told`: in words, None where it is not indicated or
    nothing is known of the case yet (then `state` is None, too). `carrier`: an id."""

    id: str
    name: LocalText
    kind: LocalText
    part: ProgrammePart
    quantity: int | None
    months: int | None
    with_programme: bool
    carrier: str | None
    citation: Citation
    state: MeasureState | None
    told: programme_words.Measure | None


@dataclass(frozen=True, slots=True)
class MeasureList:
    """The measures of the criteria in force, for one case, in their order. `known`: the criteria could say how each
    stands; else it is a mere list. `made` None: left open whether a programme is made."""

    name: LocalText | None = None
    citation: Citation | None = None
    known: bool = False
    made: bool | None = None
    measures: tuple[ListedMeasure, ...] = ()
    carriers: Mapping[str, LocalText] = field(default_factory=lambda: _NO_CARRIERS)

    def find(self, identity: str | None) -> ListedMeasure | None:
        """The measure with this id; None where the criteria don't list it."""
        return next((one for one in self.measures if one.id == identity), None)

    def of(self, state: MeasureState) -> tuple[ListedMeasure, ...]:
        """All that stand so, in the order of the criteria."""
        return tuple(one for one in self.measures if one.state is state)

    def search(self, typed: str, language: str) -> tuple[ListedMeasure, ...]:
        """Those whose name or kind has every word that was typed, in any place; names that begin so first."""
        words = typed.casefold().split()

        def text(one: ListedMeasure) -> str:
            return f"{one.name.of(language)} {one.kind.of(language)}".casefold()

        found = [one for one in self.measures if all(word in text(one) for word in words)]
        begin = typed.casefold().strip()
        return tuple(sorted(found, key=lambda one: not one.name.of(language).casefold().startswith(begin)))


class ProgrammeService:
    """Pure reading, may be used on the window's thread."""

    def __init__(self, packs: PackService) -> None:
        self._packs = packs

    def listed(self, document: Document, draft: DraftProposal) -> MeasureList:
        """The measures of the criteria that hold on the day of examination, as they stand by the `draft` made of this
        document. Empty where no criteria hold, or these have no programme."""
        on = parse_iso(get(document, "examination.on") or "")
        if on is None:
            return MeasureList()
        try:
            pack = self._packs.for_date(on)
        except KnownError:  # told where the day is entered
            return MeasureList()
        programme = pack.programme
        if programme is None or not pack.is_on(programme.switch, on):
            return MeasureList()
        told = draft.explanation.programme if draft.explanation is not None else None
        found = {one.record.removeprefix("rehabilitation."): one for one in told.measures} if told is not None else {}
        carriers = {carrier.id: carrier.name for carrier in programme.carriers.values()}
        injured = get(document, "facts.work_injury") is not None

        def carrier_of(measure: "RehabilitationMeasure") -> str | None:
            return next((c for c in measure.carriers if injured or not programme.carriers[c].injured), None)

        measures = tuple(
            ListedMeasure(
                id=measure.id,
                name=measure.name,
                kind=programme.kinds[measure.kind].name,
                part=_PARTS.get(measure.id, ProgrammePart.SOCIAL),
                quantity=measure.quantity,
                months=measure.months,
                with_programme=measure.with_programme,
                carrier=carrier_of(measure),
                citation=measure.citation,
                state=None if told is None else one.state if (one := found.get(measure.id)) else _NOT_INDICATED,
                told=found.get(measure.id),
            )
            for measure in programme.measures
        )
        known, made = told is not None, told.made if told is not None else None
        return MeasureList(programme.name, programme.citation, known, made, measures, carriers)


_NOT_INDICATED: Final = MeasureState.NOT_INDICATED


@dataclass(frozen=True, slots=True)
class Changes:
    """What the criteria say otherwise than when the proposal was taken over. `gone`: no longer proposed; `unsure`: left
    open now by what is not known; `fresh`: proposed since. Measures by id; what the criteria don't list any more is
    among `gone`."""

    gone: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()
    fresh: tuple[str, ...] = ()

    @property
    def any(self) -> bool:
        """Whether there is something to follow: what is unsure is told, and stays."""
        return bool(self.gone or self.fresh)


def take_over(programme: Programme | None, listed: MeasureList) -> Programme:
    """The programme with every proposed measure that isn't in it yet, at its end. UserError where none is proposed."""
    proposed = listed.of(MeasureState.PROPOSED)
    if not proposed:
        raise UserError(Text(N_("The criteria propose no measure for this case as it stands.")), where=PATH)
    return _taken(programme, rows_of(programme) + _missing(proposed, programme), listed)


def take(programme: Programme | None, measure: ListedMeasure, reason: str = "") -> Programme:
    """The programme with this measure at its end.

    UserError where it is in the programme already, or is contra-indicated and no reason is given.
    """
    rows = rows_of(programme)
    if any(row.get("measure") == measure.id for row in rows):
        raise UserError(Text(N_("{measure}: this measure is in the programme already."), {"measure": measure.name}))
    reason = reason.strip()
    if measure.state is MeasureState.CONTRAINDICATED and not reason:
        sentence = N_("{measure} is contra-indicated by the criteria: say why it is taken all the same.")
        raise UserError(Text(sentence, {"measure": measure.name}))
    return with_rows(programme, [*rows, row_of(measure, reason or None)])


def row_of(measure: ListedMeasure, reason: str | None = None) -> Row:
    """A measure of the criteria as a row: with their quantity, term and carrier, as far as they are known."""
    origin = {MeasureState.PROPOSED: MeasureOrigin.PROPOSED, MeasureState.TO_CONFIRM: MeasureOrigin.CONFIRMED}
    row: Row = {
        "measure": measure.id,
        "part": measure.part.value,
        "quantity": measure.quantity,
        "unit": "piece" if measure.quantity is not None else None,
        "months": measure.months,
        "with_programme": measure.with_programme or None,
        "carrier": measure.carrier,
        "state": MeasureDecision.INCLUDED.value,
        "reason": reason,
        "origin": (origin.get(measure.state) or MeasureOrigin.ADDED if measure.state else MeasureOrigin.ADDED).value,
    }
    return {key: value for key, value in row.items() if value is not None}


def with_rows(programme: Programme | None, rows: Iterable[Row]) -> Programme:
    """The programme with these rows instead of its own; that none is needed is not true any more where there are."""
    kept = list(rows)
    changed = {**(programme or {}), "rows": kept}
    return {**changed, "none": None} if kept else changed


def changes(programme: Programme | None, listed: MeasureList) -> Changes:
    """What to tell of what the criteria say now; nothing as long as nothing was taken over or they can't say."""
    if not listed.known or programme is None:
        return Changes()
    gone, unsure = [], []
    rows = rows_of(programme)
    for row in rows:
        identity, origin = row.get("measure"), row.get("origin")
        if identity is None or origin not in (MeasureOrigin.PROPOSED, MeasureOrigin.CONFIRMED):
            continue
        measure = listed.find(identity)
        state = None if measure is None else measure.state
        if state is MeasureState.OPEN:
            unsure.append(identity)
        elif state is not MeasureState.PROPOSED and not (
            state is MeasureState.TO_CONFIRM and origin == MeasureOrigin.CONFIRMED
        ):
            gone.append(identity)
    fresh: list[str] = []
    if programme.get("taken") is not None:
        known = {*(programme.get("taken") or ()), *(row.get("measure") for row in rows)}
        fresh = [one.id for one in listed.of(MeasureState.PROPOSED) if one.id not in known]
    return Changes(tuple(gone), tuple(unsure), tuple(fresh))


def follow(programme: Programme | None, listed: MeasureList) -> Programme:
    """The programme as the criteria have it now: without what is gone, with what is new at its end; all else stays."""
    found = changes(programme, listed)
    rows = [row for row in rows_of(programme) if row.get("measure") not in found.gone]
    rows += [row_of(one) for one in listed.of(MeasureState.PROPOSED) if one.id in found.fresh]
    return _taken(programme, rows, listed)


def _missing(proposed: Iterable[ListedMeasure], programme: Programme | None) -> list[Row]:
    there = {row.get("measure") for row in rows_of(programme)}
    return [row_of(one) for one in proposed if one.id not in there]


def _taken(programme: Programme | None, rows: list[Row], listed: MeasureList) -> Programme:
    before = (programme or {}).get("taken")
    taken = [one.id for one in listed.measures if one.state is MeasureState.PROPOSED
             or (one.state is MeasureState.OPEN and one.id in (before or ()))]  # fmt: skip
    return {**with_rows(programme, rows), "taken": taken}
