"""The pack's own test cases at work: what each of them gives, whether that is expected, and what they would notice."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from app.domain.case_file import check_document
from app.domain.dates import parse_iso
from app.domain.errors import Told
from app.domain.proposal import Band, Period, Proposal, Term, Undetermined
from app.domain.text import N_, Text
from app.rules.case_words import CaseWords, expectation
from app.rules.engine import propose
from app.rules.measures import measures_read
from app.rules.model import Pack, Parameter, TestCase, Value
from app.rules.notes import notes_of
from app.rules.scales import bands_read
from app.rules.slices import slices_of, with_parameter

_NAMES: Final[Mapping[str, str]] = {
    "total": N_("one outcome for each combination of facts"),
    "period_total": N_("a period for each disability"),
    "no_overlap": N_("no two rows at once"),
    "monotone": N_("heavier facts, no lighter outcome"),
    "decides": N_("effect of the record"),
    "cited": N_("sources"),
    "used": N_("use of the value"),
    "boundary": N_("boundary"),
    "coverage": N_("cases for the record"),
    "status": N_("status of the records"),
    "case": N_("test case"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One check of a pack: its name, the band, rule or case it is about, whether it holds, and what was seen."""

    check: str
    subject: str
    ok: bool
    detail: Text

    @property
    def name(self) -> Text:
        """What the check is called for people; `check` is its name for programs."""
        return Text(_NAMES[self.check])


def run_cases(pack: Pack) -> tuple[Finding, ...]:
    """The pack's own test cases by clause, each against what it expects."""
    return tuple(case_findings(pack))


def case_findings(pack: Pack) -> Iterator[Finding]:
    """As `run_cases`, one after the other, for whoever stops at the first that fails."""
    return (_finding(pack, case) for case in pack.cases)


def _finding(pack: Pack, case: TestCase) -> Finding:
    told = _told(pack, case)
    if isinstance(told, Text):
        return Finding("case", case.id, False, told)
    wrong = [key for key, value in case.expect.items() if told[key] != value]
    if not wrong:
        detail = Text(N_("{clause}: {sentence}"), {"clause": case.clause, "sentence": case.sentence})
        return Finding("case", case.id, True, detail)
    key, words = wrong[0], CaseWords(pack.on(_day(case) or pack.holds_from))
    expected, found = case.expect[key], told[key]
    if isinstance(expected, dict) and isinstance(found, dict):  # of several measures those that are not as expected
        differ = [name for name in expected if name not in found or found[name] != expected[name]]
        expected, found = ({name: side.get(name) for name in differ} for side in (expected, found))
    return Finding("case", case.id, False, Text(
        N_("{sentence} Expected as {key}: {expected}; the criteria give: {found}."),
        {"sentence": case.sentence, "key": expectation(key), "expected": words.value(key, expected),
         "found": words.value(key, found)}))  # fmt: skip


def _told(pack: Pack, case: TestCase) -> dict[str, Any] | Text:
    """What the criteria give of that which a case expects; the words of a refusal where its case file is none."""
    try:
        check_document(case.document)
        pack = _tried(pack, case)
        proposal = propose(pack, case.document, trace=False)
        told = dict(observed(proposal))
        if "scales" in case.expect:
            told["scales"] = bands_read(pack, case.document)
        if "notes" in case.expect:
            told["notes"] = [note.id for note in notes_of(pack, case.document, proposal)]
        told |= measures_read(pack, case.document, case.expect)
    except Told as error:
        return error.text
    return {key: told[key] for key in case.expect}


class Witnesses:
    """The cases of a pack as witnesses of a change: one that passes must fail, one that fails anyway give another."""

    def __init__(self, pack: Pack) -> None:
        given = ((case, _told(pack, case)) for case in pack.cases)
        self._failing = {case.id: told for case, told in given if told != case.expect}

    def first(self, changed: Sequence[Pack], clauses: Container[str]) -> str | None:
        """The first case that notices one of some changes of the pack; None where no case does.

        Cases by these clauses are asked before the others: they are about what was changed, so that mostly few need be.
        """
        for about in (True, False):
            for pack in changed:
                for case in pack.cases:
                    if (case.clause in clauses) is about and self._notices(pack, case):
                        return case.id
        return None

    def _notices(self, changed: Pack, case: TestCase) -> bool:
        return _told(changed, case) != self._failing.get(case.id, case.expect)


def case_days(cases: Iterable[TestCase]) -> set[date | None]:
    """The days of examination of some cases."""
    return {_day(case) for case in cases}


def _day(case: TestCase) -> date | None:
    return parse_iso(case.document["examination"]["on"] or "")


def proposal_of(pack: Pack, case: TestCase) -> Proposal | None:
    """What the criteria give for a case; None where its case file is none."""
    try:
        check_document(case.document)
        return propose(_tried(pack, case), case.document, trace=False)
    except Told:
        return None


def all_parameters(pack: Pack) -> list[Parameter]:
    """The parameters of all slices, each once unless it is another one there."""
    found: list[Parameter] = []
    for held in slices_of(pack):
        found += [parameter for parameter in held.parameters.values() if parameter not in found]
    return found


def _tried(pack: Pack, case: TestCase) -> Pack:
    """The pack with the values that a case tries instead of the pack's own; kept, for others try the same."""
    if not case.parameters:
        return pack
    key = ("tried", tuple(sorted(case.parameters.items())))
    found: Pack | None = pack.compiled.get(key)
    if found is None:
        found = pack
        for parameter in all_parameters(pack):
            if parameter.id in case.parameters:
                value = Value(None, None, case.parameters[parameter.id])
                found = with_parameter(found, parameter, replace(parameter, values=(value,)))
        pack.compiled[key] = found
    return found


def observed(proposal: Proposal) -> Mapping[str, Any]:
    """A proposal in the short form of the test cases: `years 2`, `[60, 79]`, `none`, `undetermined`."""
    period = proposal.period
    known = period if isinstance(period, Period) else None
    return {
        "outcome": proposal.outcome.value,
        "missing": list(proposal.missing),
        "level": [proposal.level.by_criteria or 0, proposal.level.by_defects or 0, proposal.level.of_case or 0],
        "period": _word(period) if known is None else _term(known.proposed),
        "until": known.proposed.until.isoformat() if known and known.proposed.until else "none",
        "alternatives": [_term(term) for term in known.alternatives] if known else [],
        "candidates": [_term(term) for term in known.candidates] if known else [],
        "period_missing": list(period.missing) if isinstance(period, Undetermined) else [],
        "general_capacity": _band(proposal.general_capacity),
        "general_missing": _missing(proposal.general_capacity),
        "professional_capacity": _band(proposal.professional_capacity),
        "professional_missing": _missing(proposal.professional_capacity),
        "cause": proposal.cause_proposed or "none",
        "conflicts": [conflict.code for conflict in proposal.conflicts],
        "obstacles": [conflict.code for conflict in proposal.conflicts if conflict.kind == "obstacle"],
    }


def _word(value: object) -> str:
    return "none" if value is None else "undetermined"


def _term(term: Term) -> str:
    return term.kind.value if term.value is None else f"{term.kind.value} {term.value}"


def _band(band: Band | Undetermined | None) -> list[int] | str:
    return [band.first, band.last] if isinstance(band, Band) else _word(band)


def _missing(band: Band | Undetermined | None) -> list[str]:
    return list(band.missing) if isinstance(band, Undetermined) else []
