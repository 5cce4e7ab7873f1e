"""Between what is stored of trips and what is handed out: records, lines, tallies; and what a case takes of a trip."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from app.domain import case_file
from app.domain.dates import parse_iso
from app.domain.trips import TAKEN, standing
from app.domain.vocabulary import CaseState, EndingKind, Occasion, Place, QueueState
from app.services.open_work import Unfinished
from app.services.trip_views import Tally, Trip, Turn, Worklist

if TYPE_CHECKING:
    from app.storage.cases import CaseRecord
    from app.storage.trips import PlacedCase
    from app.storage.unit_of_work import UnitOfWork


def trip_of(trip_id: str, record: Mapping[str, Any]) -> Trip:
    """A trip as it is handed out."""
    from app.storage.unit_of_work import read_time

    closed = record.get("closed")
    return Trip(
        id=trip_id,
        on=date.fromisoformat(record["on"]),
        place=Place(record["place"]),
        fields={name: value for name, value in record.items() if name != "closed"},
        closed_at=read_time(closed["at"]) if closed else None,
        left=tuple(closed["left"]) if closed else (),
    )


def tally_of(found: Iterable[tuple[CaseState, QueueState, int]]) -> Tally:
    """How many cases stand how, from state, standing and number."""
    states: Counter[QueueState] = Counter()
    signed = 0
    for state, queue, count in found:
        states[queue] += count
        signed += count if state in (CaseState.SIGNED, CaseState.SUPERSEDED) else 0
    return Tally(dict(states), signed)


def turn_of(placed: "PlacedCase", unfinished: Unfinished | None = None) -> Turn:
    """A case as lists show it."""
    unfinished = unfinished or Unfinished()
    return Turn(
        case_id=placed.id,
        number=placed.number,
        turn=placed.turn or 0,
        queue=standing(placed.queue, placed.state),
        state=placed.state,
        name=placed.name,
        iin=placed.iin,
        birth_date=parse_iso(placed.birth_date or ""),
        on=parse_iso(placed.examined_on or ""),
        occasion=Occasion(placed.occasion) if placed.occasion else None,
        missing=unfinished.missing,
        wrong=unfinished.wrong,
        remarks=unfinished.remarks,
        ending=EndingKind(placed.ending) if placed.state is CaseState.ENDED and placed.ending else None,
    )


def not_examined(worklist: Worklist) -> tuple[Turn, ...]:
    """Everybody in the trip whose case is neither decided nor ended."""
    done = (QueueState.EXAMINED, QueueState.CLOSED)
    return tuple(turn for turn in worklist.turns if turn.queue not in done)


def taken(trip: Trip) -> dict[str, Any]:
    """What a case takes from its trip, by path of the case."""
    return {path: trip.fields[name] for path, name in TAKEN.items() if trip.fields.get(name)}


def take(work: "UnitOfWork", case: "CaseRecord", trip: Trip, before: Trip | None) -> None:
    """Write the trip's day, place and commission into a draft, each with its audit row. What the case has otherwise
    than its trip before was changed on purpose and stays; so does a place that was given before there was a trip."""
    from app.storage import cases

    if case.state is not CaseState.DRAFT:
        return
    document, unfinished, head = case.document, dict(case.unfinished), None
    for path, value in taken(trip).items():
        old = case_file.get(document, path)
        if before is None:
            follows = not old or path != "examination.place"
        else:
            follows = not old or old == before.fields.get(TAKEN[path])
        if not follows or (old == value and path not in unfinished):
            continue
        head = work.audit("field", case_id=case.id, path=path, old=old, new=value)
        document = case_file.put(document, path, value)
        unfinished.pop(path, None)
    if head is not None:
        cases.save(work, head, case.id, document, unfinished)
