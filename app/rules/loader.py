"""Reads a rule pack and refuses, with file, record and mend, whatever it cannot answer for.

Refused: not TOML, an unknown or missing key, a wrong type, an unknown act, fact, group, parameter or word, no
citation, doubled records, overlapping or disordered dates and ages, an unused parameter, act or group, a changed,
missing or additional file, a signature that does not fit, a record of no topic of the check-list. All of it on each
day, where records have days (`slices`).
"""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from app.domain.criteria import DefectInfo, ScaleInfo
from app.domain.errors import UserError
from app.domain.text import N_
from app.domain.vocabulary import Status
from app.rules import (
    case_tables,
    checklist,
    conflict_tables,
    fact_tables,
    note_tables,
    scale_tables,
    signoffs,
    slices,
    tables,
    word_tables,
)
from app.rules.files import Verify, check_files, missing, read_draft, read_files
from app.rules.measure_tables import MeasureTables
from app.rules.model import NoteRule, Pack, Parameter, Value
from app.rules.periods import EXAMINATION, REGISTRATION
from app.rules.programme import Programme
from app.rules.references import Used
from app.rules.source import Acts, Table, optional_date, refuse
from app.rules.toml import parse

FORMAT: Final = "mse-pack/1"
_WEAKEST_FIRST: Final = (Status.MEMORY, Status.SEEN, Status.VERIFIED)
_UNITS: Final[Mapping[str, type]] = {"years": int, "months": int, "persons": int, "degrees": int, "rule": str,
                                            "switch": bool}  # fmt: skip
_MOST: Final = {"years": 150, "months": 1_800, "persons": 100, "degrees": 10}  # what no law exceeds
_PACK_ID: Final = re.compile(r"[a-z][a-z0-9-]{0,39}")
_VERSION: Final = re.compile(r"(0|[1-9][0-9]{0,5})(\.(0|[1-9][0-9]{0,5})){2}")
RULES: Final = {"period.start": (EXAMINATION, REGISTRATION), "period.end": ("first_of_next_month", "day_itself")}


def weakest(statuses: Any) -> Status:
    """The least sure of some statuses; `verified` where there are none."""
    return min(statuses, key=_WEAKEST_FIRST.index, default=Status.VERIFIED)


def load_pack(directory: Path, *, verify: Verify | None, with_cases: bool = False) -> Pack:
    """The pack in a folder. `verify(manifest, signature)` checks its signature (None: not checked, for a pack in work).

    `with_cases`: read the test cases too, which `pack check` runs. UserError naming file, record and mend.
    """
    return _pack(*read_files(directory, verify), with_cases)


def load_stored(files: Mapping[str, bytes], *, verify: Verify | None, with_cases: bool = False) -> Pack:
    """The pack in some files, manifest and signature among them, wherever they are kept. UserError as `load_pack`."""

    def read(name: str) -> bytes:
        if name not in files:
            raise missing(name)
        return files[name]

    return _pack(*check_files(files, read, verify), with_cases)


def load_draft(directory: Path) -> Pack:
    """The pack in a folder as its files stand, with its cases: not signed, in work. For checks, never for decisions."""
    return _pack(*read_draft(directory), with_cases=True)


def _pack(files: Mapping[str, bytes], digest: str, with_cases: bool) -> Pack:
    contents = {name: parse(name, data) for name, data in files.items() if with_cases or name != "cases.toml"}
    return pack_of(contents, digest)


def pack_of(contents: Mapping[str, dict[str, Any]], digest: str) -> Pack:
    """The pack of parsed files, name by name; its test cases are read where `cases.toml` is among them."""
    head = Table("pack.toml", "pack", contents["pack.toml"])
    if head.take("format", str) != FORMAT:
        raise head.refuse(N_("the format is not “{format}”. This program reads that format only."), format=FORMAT)
    acts = Acts(head)
    name = Table("pack.toml", "name", head.take("name", dict))
    head.take("valid_from", object)  # it must be there
    valid_from, valid_to = optional_date(head, "valid_from") or date.min, optional_date(head, "valid_to")
    if valid_to is not None and valid_to < valid_from:
        raise head.refuse(N_("valid_to lies before valid_from. Correct the dates."))

    contents = signoffs.applied(contents)
    stretches = slices.cut(contents, valid_from, valid_to)
    packs: list[Pack] = []
    errors: dict[int, UserError] = {}
    groups = Used()
    for number, stretch in enumerate(stretches):
        try:
            packs.append(_slice(head, name, (valid_from, valid_to), stretch, acts, digest, groups))
        except UserError as error:
            errors[number] = error
    if errors:
        raise slices.refusal(stretches, errors)
    groups.refuse_idle("group", packs[-1].groups, groups.groups)
    name.done()
    head.done()
    acts.refuse_unused()
    checklist.refuse_gaps(contents)
    cases = case_tables.cases(_whole(contents, "cases.toml"), packs, _UNITS, RULES) if "cases.toml" in contents else ()
    status = weakest(citation.status for citation in acts.citations)
    for pack in packs:
        pack.cases, pack.status = cases, status
    return slices.joined(packs)


def _slice(
    head: Table, name: Table, valid: tuple[date, date | None], stretch: slices.Stretch, acts: Acts, digest: str,
    groups: Used,
) -> Pack:  # fmt: skip
    """The pack of the records that hold on some days; its groups that are used go into `groups`."""
    contents, used = stretch.contents, Used()
    parameters = _parameters(_whole(contents, "parameters.toml"), acts, (stretch.first, stretch.last))
    facts = fact_tables.facts(_whole(contents, "facts.toml"), acts, parameters, used)
    defects = _defects(_whole(contents, "defects.toml"), acts)
    words = word_tables.words(contents["words.toml"])
    decided = tables.decisions(_whole(contents, "decisions.toml"), acts, parameters, facts, used)
    conflicts = conflict_tables.conflicts(_whole(contents, "conflicts.toml"), acts, parameters, decided.measures, used)
    scales: tuple[ScaleInfo, ...] = ()
    if "scales.toml" in contents:
        scales = scale_tables.scales(_whole(contents, "scales.toml"), acts, parameters, facts, decided.groups, used)
    levels = {rule.result for rule in decided.levels}
    for defect in defects.values():
        if defect.level not in levels:
            raise refuse(
                "defects.toml",
                f"defect {defect.id}",
                N_("no row of decisions.toml gives level {level}. Correct the level."),
                level=defect.level,
            )
    programme = None
    if "measures.toml" in contents:
        reader = MeasureTables(acts, parameters, facts, levels, defects, used)
        programme = reader.programme(_whole(contents, "measures.toml"))
    extra_help = None
    if "help.toml" in contents:
        reader = MeasureTables(acts, parameters, facts, levels, defects, used)
        extra_help = reader.programme(_whole(contents, "help.toml"))
        _refuse_shared(extra_help, programme)
    notes: tuple[NoteRule, ...] = ()
    if "notes.toml" in contents:
        notes = note_tables.notes(_whole(contents, "notes.toml"), acts, parameters, used)
    used.parameters.update(RULES)
    for parameter in parameters:
        if parameter not in used.parameters:
            raise refuse("parameters.toml", f"parameter {parameter}", N_("nothing uses it. Take it out."))
    used.refuse_idle("measure", decided.measures, used.measures)
    groups.groups |= used.groups
    for rule in RULES:
        if rule not in parameters:
            raise refuse("parameters.toml", f"parameter {rule}", N_("this parameter is missing. Add it."))
    return Pack(
        id=_named(head, "id", _PACK_ID), version=_named(head, "version", _VERSION), digest=digest,
        status=Status.MEMORY, name=name.local(), valid_from=valid[0], valid_to=valid[1],
        parameters=parameters, fact_list=facts, groups=decided.groups, measures=decided.measures,
        levels=decided.levels, outcomes=decided.outcomes, clips=decided.clips, periods=decided.periods,
        general=decided.general, professional=decided.professional, proposed_causes=decided.proposed_causes,
        causes_by_code=decided.causes, defect_by_id=defects, conflicts=conflicts, words=words, cases=(),
        holds_from=stretch.first, holds_to=stretch.last, scales=scales, programme=programme, extra_help=extra_help,
        notes=notes,
    )  # fmt: skip


def _named(head: Table, key: str, form: "re.Pattern[str]") -> str:
    """What an edition is known by, in a form that folders and lists bear."""
    found: str = head.take(key, str)
    if not form.fullmatch(found):
        raise head.refuse(
            N_("“{value}” can't be the {key} of a pack. Write it as in: {example}."),
            value=found, key=key, example="kz-mse" if key == "id" else "1.0.0",
        )  # fmt: skip
    return found


def _refuse_shared(programme: Programme, other: Programme | None) -> None:
    """Refuse an id that stands in both programmes."""
    for name in programme.records():
        if other is not None and name in other.records():
            raise refuse("help.toml", name, N_("measures.toml has a record of this id. Choose another."))


def _whole(contents: Mapping[str, dict[str, Any]], file: str) -> Table:
    return Table(file, file.removesuffix(".toml"), contents[file])


def _parameters(table: Table, acts: Acts, days: tuple[date, date | None]) -> dict[str, Parameter]:
    """The parameters by id; each has a value on every one of these days, on which records use it."""
    found: dict[str, Parameter] = {}
    for record in table.tables("parameter", lambda content: content.get("id")):
        parameter_id, unit = record.take("id", str), record.one_of("unit", _UNITS)
        values: list[Value] = []
        for content in record.take("values", list):
            dated = Table(record.file, record.record, content)
            found_value = dated.number("value", 0, _MOST[unit]) if unit in _MOST else dated.take("value", _UNITS[unit])
            value = Value(optional_date(dated, "from"), optional_date(dated, "until"), found_value)
            dated.done()
            if parameter_id in RULES and value.value not in RULES[parameter_id]:
                raise record.refuse(
                    N_("“{value}” is not a known way to count a period. Known are: {known}."),
                    value=value.value,
                    known=", ".join(RULES[parameter_id]),
                )
            if value.first and value.last and value.last < value.first:
                raise record.refuse(
                    N_("a value ends on {until}, before it begins. Correct the dates."), until=value.last
                )
            if values and (values[-1].last is None or value.first is None or value.first <= values[-1].last):
                raise record.refuse(
                    N_("the dates of two values overlap or are out of order at {day}. Correct the dates."),
                    day=value.first or value.last or "–",
                )
            before = values[-1].last if values else None
            if before is not None and value.first is not None and (value.first - before).days > 1:
                raise record.refuse(
                    N_("no value holds between {before} and {first}. Move the dates together, or add a value."),
                    before=before, first=value.first,
                )  # fmt: skip
            values.append(value)
        if not values:
            raise record.refuse(N_("the parameter has no value. Add one."))
        _refuse_days_without_value(record, values[0].first, values[-1].last, days)
        found[parameter_id] = Parameter(parameter_id, record.local(), unit, tuple(values), acts.cite(record))
        record.done()
    table.done()
    return found


def _refuse_days_without_value(
    record: Table, first: date | None, last: date | None, days: tuple[date, date | None]
) -> None:
    """Refuse a parameter whose values begin too late or end too early: on such a day nothing could be decided."""
    since, until = days
    if first is not None and first > since:
        raise record.refuse(
            N_("no value holds from {since} to {before}, but the criteria use it on these days."
               " Leave “from” out of the first value, or add a value for the days before it."),
            since=since, before=first - timedelta(1),
        )  # fmt: skip
    if last is not None and until is None:
        raise record.refuse(
            N_("its last value ends on {last}, but the criteria hold on without an end: from the day after it nobody"
               " could be decided about. Leave “until” out of the last value, or add a value that begins then."),
            last=last,
        )  # fmt: skip
    if last is not None and until is not None and last < until:
        raise record.refuse(
            N_("its last value ends on {last}, but the criteria use it until {until}."
               " Leave “until” out of the last value, or add a value for the days after it."),
            last=last, until=until,
        )  # fmt: skip


def _defects(table: Table, acts: Acts) -> dict[str, DefectInfo]:
    found: dict[str, DefectInfo] = {}
    for record in table.tables("defect", lambda content: content.get("id")):
        defect_id, level = record.take("id", str), record.take("level", int)
        found[defect_id] = DefectInfo(defect_id, level, record.local(), acts.cite(record))
        record.done()
    table.done()
    return found
