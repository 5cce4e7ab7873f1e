"""Contradictions and obstacles (criteria, section 6). Each check looks at one case and names what is concerned.

A check whose data are absent or null reports nothing. What depends on unknown facts is reported only if it holds
in every completion.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from app.domain import iin as numbers
from app.domain.case_file import get
from app.domain.dates import add_months, birthday, parse_iso
from app.domain.proposal import Band, Conflict, Period
from app.domain.text import LocalText
from app.domain.vocabulary import Outcome
from app.rules.conditions import NOT_APPLICABLE
from app.rules.diagram import Diagrams, results, value_at
from app.rules.model import Cause, ConflictRule, Pack
from app.rules.space import Case, Space


@dataclass(slots=True)
class Situation:
    """Everything a check may look at. `possible`: outcome and period of every completion, together."""

    pack: Pack
    space: Space
    case: Case
    document: Mapping[str, Any]
    birth: date
    possible: list[tuple[Outcome, Period | None]]
    general: set[Band | None]
    professional: set[Band | None]
    cause_proposed: str | None

    number: numbers.Iin | None = None

    def __post_init__(self) -> None:
        digits = self.at("person.iin")
        if isinstance(digits, str) and numbers.is_form(digits):
            self.number = numbers.read(digits)

    def at(self, path: str) -> Any:
        return get(self.document, path)  # type: ignore[arg-type] # read only

    def day(self, path: str) -> date | None:
        value = self.at(path)
        return parse_iso(value) if isinstance(value, str) else None


Found = tuple[list[str], dict[str, object]] | None
Check = Callable[[Situation, Mapping[str, Any]], Found]


def conflicts_of(situation: Situation) -> tuple[Conflict, ...]:
    """What the pack's checks report of a case, sorted by code."""
    found = []
    for rule in situation.pack.conflicts:
        reported = CHECKS[rule.check](situation, rule.arguments)
        if reported is not None:
            found.append(_conflict(rule, *reported))
    return tuple(sorted(found, key=lambda conflict: conflict.code)) if len(found) > 1 else tuple(found)


def _conflict(rule: ConflictRule, facts: list[str], params: dict[str, object]) -> Conflict:
    words = {name: f"{value:%d.%m.%Y}" if isinstance(value, date) else value for name, value in params.items()}
    text = rule.text.with_params(**words) if words else rule.text
    return Conflict(rule.code, rule.kind, tuple(sorted(facts)), text, rule.citation)


def _measures_differ(now: Situation, arguments: Mapping[str, Any]) -> Found:
    diagram, values = now.space.differ[arguments["measures"]], now.case.values
    leaf = value_at(diagram, values)
    certain = leaf.value if leaf is not None else results(Diagrams().restrict(diagram, values)) == {True}
    if not certain:
        return None
    groups = [group for name in arguments["measures"] for group, _ in now.pack.measures[name].parts]
    members = now.space.members(tuple(groups))
    return [now.space.names[member] for member in members if now.case.raws[member] != NOT_APPLICABLE], {}


def _excluded_by_age(now: Situation, _: Mapping[str, Any]) -> Found:
    if not now.case.excluded:
        return None
    names = [now.pack.fact_name(fact) for fact in now.case.excluded]
    listed = LocalText(*(", ".join(name.of(language) for name in names) for language in ("kk", "ru", "en")))
    return list(now.case.excluded), {"age": now.case.age, "facts": listed}


def _referral_too_early(now: Situation, arguments: Mapping[str, Any]) -> Found:
    signed = now.day("referral.signed_on")
    since = {path: day for path in ("referral.incapacity_since", "referral.diagnosed_on") if (day := now.day(path))}
    if (
        signed is None
        or not since
        or now.at("examination.occasion") != "first"
        or now.at("referral.exception") is not None
    ):
        return None
    months, earliest = now.pack.parameter(arguments["months"], now.case.on), min(since.values())
    if signed >= add_months(earliest, months):
        return None
    return ["referral.signed_on", *since], {"signed": signed, "since": earliest, "months": months}


def _referral_expired(now: Situation, arguments: Mapping[str, Any]) -> Found:
    signed = now.day("referral.signed_on")
    if signed is None:
        return None
    until = add_months(signed, now.pack.parameter(arguments["months"], now.case.on))
    if now.case.on <= until:
        return None
    return ["referral.signed_on", "examination.on"], {"signed": signed, "until": until, "on": now.case.on}


def _iin_checksum(now: Situation, _: Mapping[str, Any]) -> Found:
    number = now.number
    return (["person.iin"], {}) if number is not None and not number.checksum_ok else None


def _iin_birth_date(now: Situation, _: Mapping[str, Any]) -> Found:
    number = now.number
    if number is None or not numbers.birth_date_disagrees(number, now.birth):
        return None
    return ["person.iin", "person.birth_date"], {}


def _iin_sex(now: Situation, _: Mapping[str, Any]) -> Found:
    number = now.number
    if number is None or not numbers.sex_disagrees(number, now.case.sex):
        return None
    return ["person.iin", "person.sex"], {}


def _commission(now: Situation, arguments: Mapping[str, Any]) -> Found:
    commission, place = now.at("examination.commission"), now.at("examination.place")
    if commission is None:
        return None
    least = now.pack.parameter(arguments["members"], now.case.on)
    headless = place is not None and place not in arguments["head_not_needed"]
    headless = headless and not any(member.get("role") == "head" for member in commission)
    if len(commission) >= least and not headless:
        return None
    concerned = ["examination.commission", *(["examination.place"] if headless else [])]
    return concerned, {"members": least, "count": len(commission)}


def fits_age(now: Situation, cause: Cause | None) -> bool:
    """Whether a cause may be given at the person's age."""
    return cause is not None and now.pack.covers(cause.ages, now.case.age, now.case.on)


def _cause_age(now: Situation, _: Mapping[str, Any]) -> Found:
    code = now.at("cause.code")
    if code is None or fits_age(now, now.pack.causes_by_code.get(code)):
        return None
    return ["cause.code", "person.birth_date", "examination.on"], {"code": code, "age": now.case.age}


def _cause_paper_missing(now: Situation, _: Mapping[str, Any]) -> Found:
    code = now.at("cause.code")
    cause = now.pack.causes_by_code.get(code) if code is not None else None
    if cause is None or cause.paper == "none":
        return None
    issued = now.day("cause.paper.date")
    complete = issued is not None and all((now.at(f"cause.paper.{key}") or "").strip() for key in ("number", "issuer"))
    if cause.paper == "competent_body":
        return None if complete else (["cause.code", "cause.paper"], {"code": code})
    assert cause.childhood_until is not None  # noqa: S101 - the loader asks for it
    border = birthday(now.birth, now.pack.parameter(cause.childhood_until, now.case.on))
    if now.at("previous.cause") in cause.childhood_causes or (complete and issued is not None and issued < border):
        return None
    return ["cause.code", "cause.paper", "previous.cause"], {"code": code}


def _percentage_outside_band(now: Situation, _: Mapping[str, Any]) -> Found:
    concerned = []
    for path, bands in (
        ("decision.general_capacity", now.general),
        ("decision.professional_capacity", now.professional),
    ):
        figure = now.at(path)
        if figure is not None and not any(band is not None and band.first <= figure <= band.last for band in bands):
            concerned.append(path)
    return (concerned, {}) if concerned else None


def _decision_differs(now: Situation, _: Mapping[str, Any]) -> Found:
    outcome, period, cause = now.at("decision.outcome"), now.at("decision.period"), now.at("decision.cause")
    if period is not None and period.get("kind") is None:
        period = None  # an empty period is not given
    given = {"decision.outcome": outcome, "decision.period": period, "decision.cause": cause}
    concerned = [path for path, value in given.items() if value is not None]
    if not concerned:
        return None
    cause_agrees = cause is None or (
        cause == now.cause_proposed
        if now.cause_proposed is not None
        else fits_age(now, now.pack.causes_by_code.get(cause))
    )
    agreeing = [
        {"decision.outcome": outcome is None or outcome == proposed_outcome,
         "decision.period": period is None or _agrees(period, proposed_period),
         "decision.cause": cause_agrees}
        for proposed_outcome, proposed_period in now.possible
    ]  # fmt: skip
    if any(all(agrees.values()) for agrees in agreeing):
        return None
    # what differs in every completion; where that is nothing by itself, all that was given differs together
    differing = [path for path in concerned if not any(agrees[path] for agrees in agreeing)]
    return differing or concerned, {}


def _agrees(period: Mapping[str, Any], proposed: Period | None) -> bool:
    if proposed is None:
        return False
    kind, value = period.get("kind"), period.get("value")
    return any(kind == term.kind and value == term.value for term in (proposed.proposed, *proposed.alternatives))


CHECKS: Final[Mapping[str, Check]] = {
    "measures_differ": _measures_differ,
    "excluded_by_age": _excluded_by_age,
    "referral_too_early": _referral_too_early,
    "referral_expired": _referral_expired,
    "iin_checksum": _iin_checksum,
    "iin_birth_date": _iin_birth_date,
    "iin_sex": _iin_sex,
    "commission": _commission,
    "cause_age": _cause_age,
    "cause_paper_missing": _cause_paper_missing,
    "percentage_outside_band": _percentage_outside_band,
    "decision_differs": _decision_differs,
}
