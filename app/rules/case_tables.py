"""The records of cases.toml: a case file each, and what the criteria must give for it, by names that the pack has."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from app.domain.dates import parse_iso
from app.domain.text import N_
from app.domain.vocabulary import MeasureState, Outcome, PeriodKind
from app.rules.case_words import EXPECTED
from app.rules.conflict_tables import test_document
from app.rules.measures import OFF
from app.rules.model import Pack, TestCase
from app.rules.source import Table, names_known, optional_date

_OPEN: Final = ("none", "undetermined")


def cases(
    table: Table, packs: Sequence[Pack], units: Mapping[str, type], rules: Mapping[str, Any]
) -> tuple[TestCase, ...]:
    """The test cases of an edition made of `packs`. `units`, `rules`: what parameters may be, as the loader knows it.

    UserError where a case expects what is nothing, or names a code, fact, measure or period that is not known.
    """
    base, known = table.take("base", dict, {}), _known(packs)
    found = []
    for record in table.tables("case", lambda content: content.get("id"), dated=False):
        case_id, clause, sentence = (record.take(key, str) for key in ("id", "clause", "sentence"))
        document = test_document(
            base,
            optional_date(record, "on"),
            optional_date(record, "born"),
            record.one_of("sex", ("male", "female")),
            record.take("set", dict, {}),
            record.list_of("unset", str, []),
        )
        expect = record.take("expect", dict)
        for key, value in expect.items():
            if key not in EXPECTED:
                raise record.refuse(
                    N_("“{key}” is nothing that a test can expect. Known are: {known}."),
                    key=key,
                    known=", ".join(sorted(EXPECTED)),
                )
            _refuse_unknown(record, key, value, known)
        tried = record.take("with", dict, {})
        for name, value in tried.items():
            _refuse_trial(record, name, value, packs[-1], units, rules)
        record.done()
        found.append(TestCase(case_id, clause, sentence, document, expect, tried))
    table.done()
    return tuple(found)


def _refuse_trial(
    record: Table, name: str, value: object, pack: Pack, units: Mapping[str, type], rules: Mapping[str, Any]
) -> None:
    """Refuse a value that a test tries and the parameter could not have."""
    if name not in pack.parameters:
        raise record.refuse(N_("“{name}” is no parameter of parameters.toml. Correct the name. Known are: {known}."),
                            name=name, known=names_known(name, pack.parameters))  # fmt: skip
    if type(value) is not units[pack.parameters[name].unit] or (name in rules and value not in rules[name]):
        raise record.refuse(N_("“{value}” is no value of {parameter}. Correct it."), value=value, parameter=name)


def _known(packs: Sequence[Pack]) -> Mapping[str, frozenset[str]]:
    """The names that may stand under each key of `expect`, of all slices of an edition."""

    def every(names: Iterable[Iterable[str]]) -> frozenset[str]:
        return frozenset(name for of_one in names for name in of_one)

    codes = every((conflict.code for conflict in pack.conflicts) for pack in packs)
    facts = every((*(fact.id for fact in pack.fact_list), *pack.words["name"]) for pack in packs)
    programmes = [programme for pack in packs for programme in pack.programmes]
    measures = every((measure.id for measure in programme.measures) for programme in programmes)
    return {
        "outcome": frozenset(Outcome),
        "conflicts": codes,
        "obstacles": codes,
        "cause": every(pack.causes_by_code for pack in packs) | {"none"},
        "notes": every((note.id for note in pack.notes) for pack in packs),
        "scales": every((scale.id for scale in pack.scales) for pack in packs),
        "period": frozenset({*PeriodKind, *_OPEN}),
        **dict.fromkeys(("alternatives", "candidates"), frozenset(PeriodKind)),
        **dict.fromkeys(("missing", "period_missing", "general_missing", "professional_missing"), facts),
        **dict.fromkeys(("measures", *(f"measures_{what}" for what in ("missing", "grounds", "against", "by", "kind"))),
                        measures),
        "of measures": frozenset({*MeasureState, OFF}),
        "of measures_missing": facts,
        "of measures_grounds": every((ground.id for ground in measure.indications)
                                     for programme in programmes for measure in programme.measures),
        "of measures_against": every((ground.id for ground in measure.contraindications)
                                     for programme in programmes for measure in programme.measures),
        "of measures_kind": every(programme.kinds for programme in programmes),
        "of measures_by": every(programme.carriers for programme in programmes) | {"none"},
    }  # fmt: skip


def _refuse_unknown(record: Table, key: str, value: Any, known: Mapping[str, frozenset[str]]) -> None:
    """Refuse a name that no record has: the test would fail for ever, and not say why."""
    if key.startswith("measures") and isinstance(value, dict):
        _refuse_names(record, key, value, known[key])
        for of_one in value.values():
            _refuse_names(record, key, of_one if isinstance(of_one, list) else [of_one], known[f"of {key}"])
    elif key in known:
        _refuse_names(record, key, value if isinstance(value, list) else [value], known[key])
    elif key == "until" and value != "none" and (not isinstance(value, str) or parse_iso(value) is None):
        raise record.refuse(
            N_('“{key}” is {value}, but a day in quotes is needed there, as "2027-01-01", or "none". Correct it.'),
            key=key, value=str(value),
        )  # fmt: skip


def _refuse_names(record: Table, key: str, values: Iterable[Any], known: frozenset[str]) -> None:
    counted = key in ("period", "alternatives", "candidates", "scales")  # a name and a number
    for value in values if known else ():  # an edition without scales, notes or measures: its case fails, and says so
        name = str(value).partition(" ")[0] if counted else value
        if counted and isinstance(name, str) and name[:1].isdecimal():
            raise record.refuse(
                N_("“{value}” is not written as “{key}” is: first what it is, then how many, as “years 3”. Correct it."
                   " Known are: {known}."),
                value=value, key=key, known=names_known(name, known),
            )  # fmt: skip
        if not isinstance(name, str) or name not in known:
            raise record.refuse(
                N_("“{value}” is not known as “{key}”. Correct it. Known are: {known}."),
                value=value, key=key, known=names_known(name, known),
            )  # fmt: skip
