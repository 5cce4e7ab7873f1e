"""Rehabilitation measures in words of three languages: what is proposed, why, and what a doctor has to answer."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from app.domain.case_file import Document
from app.domain.criteria import RecordInfo
from app.domain.proposal import Citation, Part, Proposal
from app.domain.text import LocalText
from app.domain.vocabulary import MeasureState
from app.rules.condition_lines import ConditionLine, ConditionLines, joined
from app.rules.measures import GroundFound, MeasureFound, measures_of
from app.rules.model import Condition, Pack
from app.rules.programme import Ground, Programme


@dataclass(frozen=True, slots=True)
class GroundTold:
    """An indication or contra-indication in words. `confirm`: what a doctor must answer. `held` None: left open."""

    record: str
    held: bool | None
    lines: tuple[ConditionLine, ...]
    confirm: LocalText | None
    citation: Citation


@dataclass(frozen=True, slots=True)
class MeasureTold:
    """A measure in words. `quantity` (pieces), `months` (term of replacement), `carrier`: None where not known.

    `with_programme`: it lasts as long as the programme. `required`: what holds whatever the indication.
    """

    record: str
    kind: LocalText
    name: LocalText
    state: MeasureState
    missing: tuple[LocalText, ...]
    required: tuple[ConditionLine, ...]
    indications: tuple[GroundTold, ...]
    against: tuple[GroundTold, ...]
    quantity: int | None
    months: int | None
    with_programme: bool
    carrier: LocalText | None
    citation: Citation


@dataclass(frozen=True, slots=True)
class ProgrammeTold:
    """The programme (ИПАР): its name, whether it is made for this person at all, and the measures, surest first.

    `made` None: unknown facts leave it open. Measures that are not indicated are left out.
    """

    name: LocalText
    made: bool | None
    lines: tuple[ConditionLine, ...]
    measures: tuple[MeasureTold, ...]
    citation: Citation


_ORDER = (MeasureState.PROPOSED, MeasureState.TO_CONFIRM, MeasureState.OPEN, MeasureState.CONTRAINDICATED)


def programme_told(
    pack: Pack, proposal: Proposal, document: Document, programme: Programme | None
) -> ProgrammeTold | None:
    """The measures that a programme of the pack proposes for a case, in words; None where it is off, or not there."""
    if programme is None or not pack.is_on(programme.switch, proposal.on):
        return None
    found = measures_of(pack, document, of=programme)
    words = _Lines(pack, programme, proposal)
    asked = next((one.required[: len(programme.when)] for one in found if one.required), ())
    truths = {part.held for part in asked}
    return ProgrammeTold(
        programme.name,
        False if False in truths else None if None in truths else True,
        words.lines(asked),
        tuple(words.measure(one) for state in _ORDER for one in found if one.state is state),
        programme.citation,
    )


def programme_records(pack: Pack, programme: Programme) -> Iterator[RecordInfo]:
    """The records of measures.toml in words, for lists of a pack's records."""
    for name, record in programme.records().items():
        text = ground_text(pack, record) if isinstance(record, Ground) else record.name
        yield RecordInfo(name, text, record.citation)


def ground_text(pack: Pack, ground: Ground) -> LocalText:
    """An indication or contra-indication in one line, whoever the person is: for lists of a pack's records."""
    parts = [asked(pack, condition) for condition in ground.when]
    return joined([*parts, *([ground.confirm] if ground.confirm else [])], "; ")


def asked(pack: Pack, condition: Condition) -> LocalText:
    """A condition of a measure in words, whoever the person is: `independent movement: degree 2 or heavier`."""
    return _simple(pack, _about(pack, condition), needed(pack, condition))


def needed(pack: Pack, condition: Condition) -> LocalText:
    """What a condition of a measure asks for: `degree 2 or heavier`, `favourable`, `I69 or G8…`."""
    if "at_least" in condition:
        least, most = condition["at_least"], condition["at_most"]
        fact = next(fact for fact in pack.fact_list if fact.id == condition["fact"])
        if least < most == fact.values[-1]:
            return pack.word("line", "degree_from").with_params(value=least)
        return _either(pack, [pack.word("line", "degree").with_params(value=n) for n in range(least, most + 1)])
    if "is" in condition:
        return _value(pack, condition["fact"], condition["is"])
    if "in" in condition:
        return _either(pack, [_plain(level) for level in condition["in"]])
    if "injured" in condition:
        return pack.word("line", "yes")
    if "defects" in condition:
        return _either(pack, [pack.defect_by_id[defect].name for defect in condition["defects"]])
    if "diagnosis" in condition:
        return _either(pack, [_plain(code if len(code) > 2 else f"{code}…") for code in condition["diagnosis"]])
    values = [pack.parameters[name].values[-1].value for _, name in condition["below_age"]]
    return _less_than(pack, dict.fromkeys(f"{months / 12:g}" for months in values))


class _Lines:
    def __init__(self, pack: Pack, programme: Programme, proposal: Proposal) -> None:
        self._pack, self._programme, self._words = pack, programme, ConditionLines(pack, proposal)

    def measure(self, found: MeasureFound) -> MeasureTold:
        """One measure; what the programme asks of everybody is told once, there."""
        measure, shared = found.measure, len(self._programme.when)
        return MeasureTold(
            f"rehabilitation.{measure.id}", self._programme.kinds[measure.kind].name, measure.name, found.state,
            tuple(self._pack.fact_name(fact) for fact in found.missing), self.lines(found.required[shared:]),
            tuple(self._ground("indication", one) for one in found.indications),
            tuple(self._ground("contraindication", one) for one in found.against),
            measure.quantity, measure.months, measure.with_programme,
            None if found.carrier is None else found.carrier.name, measure.citation,
        )  # fmt: skip

    def _ground(self, table: str, found: GroundFound) -> GroundTold:
        ground = found.ground
        return GroundTold(f"{table}.{ground.id}", found.held, self.lines(found.parts), ground.confirm, ground.citation)

    def lines(self, parts: Iterable[Part]) -> tuple[ConditionLine, ...]:
        return tuple(ConditionLine(part.held, self._line(part)) for part in parts)

    def _line(self, part: Part) -> LocalText:
        what = _about(self._pack, part.condition)
        if not part.because:
            return self._pack.word("line", "excluded").with_params(what=what)
        fact, value = part.because[0].fact, part.because[0].value
        if isinstance(value, tuple):
            values = [self._words.value(fact, one) for one in value]
            said = joined(values) if values else self._pack.word("line", "none")
        elif value is None and part.held:  # not known, but any value that is possible will do
            said = needed(self._pack, part.condition)
        else:
            said = self._words.value(fact, value)
        line = self._pack.word("line", "simple_needed")
        if "below_age" in part.condition:  # said always: an age alone doesn't tell the limit
            limit = _less_than(self._pack, [part.because[0].needs])
            return line.with_params(fact=what, value=said, needed=limit)
        if part.held:
            return _simple(self._pack, what, said)
        return line.with_params(fact=what, value=said, needed=needed(self._pack, part.condition))


def _less_than(pack: Pack, years: Iterable[str]) -> LocalText:
    said = " / ".join(years)
    comma = said.replace(".", ",")
    return pack.word("line", "less_than").with_params(value=LocalText(comma, comma, said))


def _about(pack: Pack, condition: Condition) -> LocalText:
    if "level" in condition:
        return pack.fact_name(f"level.{condition['level']}")
    named = {"defects": "anatomical_defects", "diagnosis": "diagnosis.main", "below_age": "age",
             "injured": "work_injury"}  # fmt: skip
    return pack.fact_name(next((name for key, name in named.items() if key in condition), condition.get("fact", "")))


def _simple(pack: Pack, fact: LocalText, value: LocalText) -> LocalText:
    return pack.word("line", "simple").with_params(fact=fact, value=value)


def _value(pack: Pack, fact_id: str, value: Any) -> LocalText:
    if isinstance(value, bool):
        return pack.word("line", "yes" if value else "no")
    degrees = next(fact for fact in pack.fact_list if fact.id == fact_id).degrees
    return next((degree.name for degree in degrees if degree.value == value), _plain(value))


def _plain(value: object) -> LocalText:
    return LocalText(str(value), str(value), str(value))


def _either(pack: Pack, texts: list[LocalText]) -> LocalText:
    *others, last = texts
    return pack.word("line", "or").with_params(list=joined(others), last=last) if others else last
