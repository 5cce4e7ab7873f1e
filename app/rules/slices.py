"""Records with days: a pack whose records carry `valid_from` or `valid_to` is several packs, one after the other.

The parsed files are cut at the days on which some record begins or has ended, and each stretch of days is loaded by the
same loader: so every rule of form, every check and every proof holds on each day, and the engine knows nothing of it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, replace
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from app.domain.criteria import RecordInfo
from app.domain.errors import UserError
from app.domain.proposal import Citation
from app.domain.text import N_, LocalText, Text
from app.rules.facts import grounds
from app.rules.model import Pack, Parameter
from app.rules.source import Table, optional_date, refuse

UNDATED: Final = frozenset({"cases.toml", "signoffs.toml", "checklist.toml"})  # what is said of records, not of the law
SLICE_LIMIT: Final = 60
_DAY: Final = timedelta(1)


class Stretch(NamedTuple):
    """The files as they hold from `first` to `last`, both included; `last` None: without an end."""

    first: date
    last: date | None
    contents: Mapping[str, dict[str, Any]]


def cut(contents: Mapping[str, dict[str, Any]], first: date, last: date | None) -> list[Stretch]:
    """The stretches of an edition in force from `first` to `last`; one of them where no record has days.

    UserError where a record ends before it begins, lies outside of the edition's days, or where there are too many.
    """
    dated: dict[int, tuple[date | None, date | None]] = {}
    starts: set[date] = set()
    for file, key, position, record in _records(contents):
        if isinstance(record, dict) and ("valid_from" in record or "valid_to" in record):
            begins, ends = dated[id(record)] = _days(file, key, position, record, first, last)
            starts |= {day for day in (begins, ends + _DAY if ends and ends < date.max else None) if day is not None}
    starts = {day for day in starts if first < day and (last is None or day <= last)}
    if len(starts) >= SLICE_LIMIT:
        raise refuse("pack.toml", "pack", N_(
            "its records change on {n} different days, {most} are allowed. Make a new edition of the pack instead."),
            n=len(starts), most=SLICE_LIMIT - 1)  # fmt: skip
    if not dated:
        return [Stretch(first, last, contents)]
    firsts = [first, *sorted(starts)]
    ends_of = [*(day - _DAY for day in firsts[1:]), last]
    return [Stretch(day, end, _on(contents, day, dated)) for day, end in zip(firsts, ends_of, strict=True)]


def _records(contents: Mapping[str, dict[str, Any]]) -> Iterator[tuple[str, str, int, Any]]:
    for file, content in contents.items():
        if file not in UNDATED:
            for key, records in content.items():
                if isinstance(records, list):
                    for position, record in enumerate(records, start=1):
                        yield file, key, position, record


def _days(
    file: str, key: str, position: int, record: dict[str, Any], first: date, last: date | None
) -> tuple[date | None, date | None]:
    name = next((record[part] for part in ("id", "code", "fact", "scale") if part in record), position)
    table = Table(file, f"{key} {name}", record)
    begins, ends = optional_date(table, "valid_from"), optional_date(table, "valid_to")
    if begins and ends and ends < begins:
        raise table.refuse(N_("valid_to lies before valid_from. Correct the dates."))
    if (ends and ends < first) or (begins and last and begins > last):
        raise table.refuse(
            N_("it never holds: its days lie outside of the edition's. Correct the dates, or take it out.")
        )
    return begins, ends


def _on(
    contents: Mapping[str, dict[str, Any]], day: date, dated: Mapping[int, tuple[date | None, date | None]]
) -> dict[str, dict[str, Any]]:
    """The files with the records that hold on a day."""

    def holds(record: object) -> bool:
        begins, ends = dated.get(id(record), (None, None))
        return (begins is None or begins <= day) and (ends is None or day <= ends)

    return {
        file: content if file in UNDATED else {
            key: [record for record in value if holds(record)] if isinstance(value, list) else value
            for key, value in content.items()
        }
        for file, content in contents.items()
    }  # fmt: skip


def refusal(stretches: Sequence[Stretch], errors: Mapping[int, UserError]) -> UserError:
    """One refusal for what went wrong in some stretches (their numbers): the first, and on which days it is so."""
    at = min(errors)
    error = errors[at]
    end = at
    while end + 1 in errors and errors[end + 1].text == error.text:
        end += 1
    if at == 0 and end == len(stretches) - 1:
        return error
    params = {"what": error.text, "first": stretches[at].first, "last": stretches[end].last}
    if at == 0:
        sentence = N_("{what} This is so until {last}, as long as records with days hold that end then.")
    elif stretches[end].last is None:
        sentence = N_("{what} This is so from {first} on, when records with days begin or have ended.")
    else:
        sentence = N_("{what} This is so from {first} to {last}, because of the days of records.")
    return UserError(Text(sentence, params), where=error.where)


def joined(packs: Sequence[Pack]) -> Pack:
    """The edition made of its slices, in order: each knows all, and the newest stands for the edition."""
    if len(packs) > 1:
        together = tuple(packs)
        for pack in together:
            pack.slices = together
    return packs[-1]


def slices_of(pack: Pack) -> tuple[Pack, ...]:
    """The slices of an edition in order of days; the pack itself where no record has days."""
    return pack.slices or (pack,)


def with_parameter(pack: Pack, before: Parameter, after: Parameter) -> Pack:
    """The edition in which one parameter is another, wherever it stands as `before`. For checks."""
    return joined([
        replace(held, parameters={**held.parameters, after.id: after} if held.parameters.get(before.id) == before
                else held.parameters, compiled={}, slices=())
        for held in slices_of(pack)
    ])  # fmt: skip


def with_border(pack: Pack, number: int, by: timedelta) -> Pack:
    """The edition in which slice `number` begins some days later or earlier, and the one before it ends so."""
    moved = [replace(held, compiled={}, slices=()) for held in slices_of(pack)]
    end = moved[number - 1].holds_to
    assert end is not None  # noqa: S101 - another slice follows it
    moved[number - 1].holds_to, moved[number].holds_from = end + by, moved[number].holds_from + by
    return joined(moved)


def records_by_id(pack: Pack) -> dict[str, Any]:
    """The records of one slice that decide, by the id under which `Pack.records` lists them."""
    tables = (pack.levels, pack.outcomes, pack.clips, pack.periods, pack.general, pack.professional,
              pack.proposed_causes)  # fmt: skip
    found: dict[str, Any] = {rule.id: rule for rules in tables for rule in rules}
    found |= {fact.id: fact for fact in pack.fact_list}
    found |= {**pack.parameters, **pack.measures}
    found |= {f"cause.{code}": cause for code, cause in pack.causes_by_code.items()}
    found |= {f"defect.{defect.id}": defect for defect in pack.defects}
    found |= {ground.id: ground for ground in grounds(pack)}
    found |= {f"scale.{scale.id}": scale for scale in pack.scales} | {note.id: note for note in pack.notes}
    for programme in pack.programmes:
        found |= programme.records()
    return found | {conflict.code: conflict for conflict in pack.conflicts}


def changed(before: Pack, after: Pack, *, deciding: bool = False) -> list[str]:
    """The ids of the records that are not the same in two slices; `deciding`: not only in their words and citation."""
    old, new = records_by_id(before), records_by_id(after)
    said = _decides_by if deciding else lambda record: record
    return [name for name in {**old, **new} if said(old.get(name)) != said(new.get(name))]


def _decides_by(record: Any) -> Any:
    if record is None:
        return None
    values = [getattr(record, part.name) for part in fields(record) if part.name not in ("degrees", "definitions")]
    return [value for value in values if not isinstance(value, LocalText | Citation)]


def dated_records(pack: Pack) -> tuple[RecordInfo, ...]:
    """All records of all slices, those of one id together, each with the days on which it holds."""
    from app.rules.facts import record_infos

    found: dict[str, list[tuple[RecordInfo, Any, int, int]]] = {}  # with the record, its first and its last slice
    held = slices_of(pack)
    for number, one in enumerate(held):
        records = records_by_id(one)
        for info in record_infos(one):
            basis, same_id = records.get(info.id), found.setdefault(info.id, [])
            for place, (known, other, first, last) in enumerate(same_id):
                if last == number - 1 and known == info and other == basis:
                    same_id[place] = known, other, first, number
                    break
            else:
                same_id.append((info, basis, number, number))
    return tuple(
        replace(info, valid_from=held[first].holds_from if first else None,
                valid_to=held[last].holds_to if last + 1 < len(held) else None)
        for same_id in found.values() for info, _, first, last in same_id
    )  # fmt: skip
