"""Contradictions and obstacles (criteria, section 6). Each check looks at one case and names what is concerned.

A check whose data are absent or null reports nothing. What depends on unknown facts is reported only if it holds
in every completion.
"""

from collections.abc import Callable, Collection, Mapping
from enum import Enum
from typing import Any, Final, NamedTuple

from app.domain import iin as numbers
from app.domain.dates import add_months, birthday
from app.domain.proposal import Conflict, Period
from app.domain.text import LocalText
from app.rules.decided import Decided, Report
from app.rules.model import ConflictRule, Pack
from app.rules.papers import day_of
from app.rules.scale_pairs import far_apart, worded

_EMPTY: Final[dict[str, Any]] = {}


Found = tuple[list[str], dict[str, object]] | None
Check = Callable[[Decided, Mapping[str, Any]], Found]


def reports_of(now: Decided, known: Collection[Report] = (), but: frozenset[str] = frozenset()) -> list[Report]:
    """What the pack's checks report of a case, sorted by code.

    `known`: what another edition reports, taken over for the codes in `but`; these are not asked again.
    """
    found = [report for report in known if report.rule.code in but]
    papers = now.papers
    for looks_at, checks in _checks(now.pack, but):
        if looks_at is None or getattr(papers, looks_at):
            for check, rule in checks:
                reported = check(now, rule.arguments)
                if reported is not None:
                    found.append(Report(rule, *reported))
    if len(found) > 1:
        found.sort(key=_code)
    return found


def _code(report: Report) -> str:
    return report.rule.code


def conflict_of(pack: Pack, report: Report) -> Conflict:
    """What a check reports, in words."""
    if report.params:
        return _worded(*report)
    key = ("conflict", report.rule.code, *report.facts)
    found: Conflict | None = pack.compiled.get(key)
    if found is None:  # what is concerned are some of the few facts and papers: there are not many such keys
        found = pack.compiled[key] = _worded(*report)
    return found


def _checks(pack: Pack, but: frozenset[str]) -> "list[tuple[str | None, list[tuple[Check, ConflictRule]]]]":
    """The pack's checks but for some codes, by the part of the papers without which they report nothing."""
    key = ("checks", but)
    found: list[tuple[str | None, list[tuple[Check, ConflictRule]]]] | None = pack.compiled.get(key)
    if found is None:
        grouped: dict[str | None, list[tuple[Check, ConflictRule]]] = {}
        for rule in pack.conflicts:
            if rule.code not in but:
                looks_at, _, check = CHECKS[rule.check]
                grouped.setdefault(looks_at, []).append((check, rule))
        found = pack.compiled[key] = list(grouped.items())
    return found


def _worded(rule: ConflictRule, facts: list[str], params: dict[str, object]) -> Conflict:
    text = rule.text.with_params(**params) if params else rule.text
    return Conflict(rule.code, rule.kind, tuple(sorted(facts)), text, rule.citation)


def _measures_differ(now: Decided, arguments: Mapping[str, Any]) -> Found:
    pair = arguments["measures"]
    if not now.space.differs(pair, now.case):
        return None
    return now.space.named(pair, now.case), {}


def _excluded_by_age(now: Decided, _: Mapping[str, Any]) -> Found:
    if not now.case.excluded:
        return None
    names = [now.pack.fact_name(fact) for fact in now.case.excluded]
    listed = LocalText(*(", ".join(name.of(language) for name in names) for language in ("kk", "ru", "en")))
    return list(now.case.excluded), {"age": now.case.age, "facts": listed}


def _referral_too_early(now: Decided, arguments: Mapping[str, Any]) -> Found:
    signed, referral = now.papers.signed, now.papers.referral
    if signed is None:
        return None
    months, since = now.day.parameter(arguments["months"]), {}
    for path in ("incapacity_since", "diagnosed_on"):
        day = day_of(referral.get(path))
        if day is not None:
            # One of the two that is early enough suffices. No month is longer than 31 days: most need no calendar.
            if (signed - day).days >= 31 * months or signed >= add_months(day, months):
                return None
            since[f"referral.{path}"] = day
    if not since or now.papers.examination.get("occasion") != "first" or referral.get("exception") is not None:
        return None
    return ["referral.signed_on", *since], {"signed": signed, "since": min(since.values()), "months": months}


def _referral_expired(now: Decided, arguments: Mapping[str, Any]) -> Found:
    signed = now.papers.signed
    if signed is None:
        return None
    months = now.day.parameter(arguments["months"])
    if (now.papers.on - signed).days <= 28 * months:
        return None
    until = add_months(signed, months)
    if now.papers.on <= until:
        return None
    return ["referral.signed_on", "examination.on"], {"signed": signed, "until": until, "on": now.papers.on}


def _iin_checksum(now: Decided, _: Mapping[str, Any]) -> Found:
    number = now.papers.number
    return (["person.iin"], {}) if number is not None and not number.checksum_ok else None


def _iin_birth_date(now: Decided, _: Mapping[str, Any]) -> Found:
    number = now.papers.number
    if number is None or not numbers.birth_date_disagrees(number, now.papers.birth):
        return None
    return ["person.iin", "person.birth_date"], {}


def _iin_sex(now: Decided, _: Mapping[str, Any]) -> Found:
    number = now.papers.number
    if number is None or not numbers.sex_disagrees(number, now.case.sex):
        return None
    return ["person.iin", "person.sex"], {}


def _commission(now: Decided, arguments: Mapping[str, Any]) -> Found:
    commission = now.papers.examination.get("commission")
    if commission is None:
        return None
    least, headless = now.day.parameter(arguments["members"]), True
    for member in commission:
        if member.get("role") == "head":
            headless = False
            break
    if headless:
        place = now.papers.examination.get("place")
        headless = place is not None and place not in arguments["head_not_needed"]
    if len(commission) >= least and not headless:
        return None
    concerned = ["examination.commission", *(["examination.place"] if headless else [])]
    return concerned, {"members": least, "count": len(commission)}


def _cause_age(now: Decided, _: Mapping[str, Any]) -> Found:
    code = now.papers.cause.get("code")
    if code is None or now.day.allows(code, now.case.age):
        return None
    return ["cause.code", "person.birth_date", "examination.on"], {"code": code, "age": now.case.age}


def _cause_paper_missing(now: Decided, _: Mapping[str, Any]) -> Found:
    code = now.papers.cause.get("code")
    cause = now.pack.causes_by_code.get(code) if code is not None else None
    if cause is None or cause.paper == "none":
        return None
    paper = now.papers.cause.get("paper") or _EMPTY
    issued = day_of(paper.get("date"))
    complete = issued is not None and all((paper.get(key) or "").strip() for key in ("number", "issuer"))
    if cause.paper == "competent_body":
        return None if complete else (["cause.code", "cause.paper"], {"code": code})
    assert cause.childhood_until is not None  # noqa: S101 - the loader asks for it
    border = birthday(now.papers.birth, now.day.parameter(cause.childhood_until))
    if now.papers.previous.get("cause") in cause.childhood_causes or (
        complete and issued is not None and issued < border
    ):
        return None
    return ["cause.code", "cause.paper", "previous.cause"], {"code": code}


def _percentage_outside_band(now: Decided, _: Mapping[str, Any]) -> Found:
    concerned = []
    general = [answer.general for answer in now.case.possible]
    for key, bands in (("general_capacity", general), ("professional_capacity", now.bands)):
        figure = now.papers.decision.get(key)
        if figure is not None and not any(band is not None and band.first <= figure <= band.last for band in bands):
            concerned.append(f"decision.{key}")
    return (concerned, {}) if concerned else None


def _decision_differs(now: Decided, _: Mapping[str, Any]) -> Found:
    outcome, period, cause = (now.papers.decision.get(key) for key in ("outcome", "period", "cause"))
    proposed = now.cause_proposed
    if period is not None and period.get("kind") is None:
        period = None  # an empty period is not given
    given = {"decision.outcome": outcome, "decision.period": period, "decision.cause": cause}
    concerned = [path for path, value in given.items() if value is not None]
    if not concerned:
        return None
    cause_agrees = cause is None or (cause == proposed if proposed is not None else now.day.allows(cause, now.case.age))
    agreeing = {"decision.cause"} if cause_agrees else set()  # what agrees in some completion
    for proposed_outcome, proposed_period in now.possible:
        outcome_agrees = outcome is None or outcome == proposed_outcome
        period_agrees = period is None or _agrees(period, proposed_period)
        if outcome_agrees and period_agrees and cause_agrees:
            return None
        if outcome_agrees:
            agreeing.add("decision.outcome")
        if period_agrees:
            agreeing.add("decision.period")
    # what differs in every completion; where that is nothing by itself, all that was given differs together
    return [path for path in concerned if path not in agreeing] or concerned, {}


def _scale_differs(now: Decided, arguments: Mapping[str, Any]) -> Found:
    pairs = far_apart(now.pack, now.papers.scales, now.space, now.case, now.day.parameter(arguments["degrees"]))
    if not pairs:
        return None
    texts = [worded(now.pack, pair, arguments["pair"]) for pair in pairs]
    listed = LocalText(*("; ".join(text.of(language) for text in texts) for language in ("kk", "ru", "en")))
    names = now.space.names
    concerned: list[str] = []
    for pair in pairs:
        concerned += [f"scales.{pair.scale.id}", *(pair.given or (names[number] for number in pair.unknown))]
    return list(dict.fromkeys(concerned)), {"pairs": listed}


def _agrees(period: Mapping[str, Any], proposed: Period | None) -> bool:
    if proposed is None:
        return False
    kind, value = period.get("kind"), period.get("value")
    term = proposed.proposed
    if kind == term.kind and value == term.value:
        return True
    return any(kind == term.kind and value == term.value for term in proposed.alternatives)


class RestsOn(Enum):
    """What a check asks besides its own arguments: with these alike, two editions report alike (`app.rules.alike`)."""

    PAPERS = "papers"
    FACTS = "facts"  # and what the criteria make of them
    CAUSES = "causes"
    ALL = "all"


class Asked(NamedTuple):
    """A check. `looks_at`: the part of the papers without which it reports nothing; None: it is always asked."""

    looks_at: str | None
    rests_on: RestsOn
    check: Check


CHECKS: Final[Mapping[str, Asked]] = {
    "measures_differ": Asked(None, RestsOn.FACTS, _measures_differ),
    "excluded_by_age": Asked(None, RestsOn.FACTS, _excluded_by_age),
    "referral_too_early": Asked("signed", RestsOn.PAPERS, _referral_too_early),
    "referral_expired": Asked("signed", RestsOn.PAPERS, _referral_expired),
    "iin_checksum": Asked("number", RestsOn.PAPERS, _iin_checksum),
    "iin_birth_date": Asked("number", RestsOn.PAPERS, _iin_birth_date),
    "iin_sex": Asked("number", RestsOn.PAPERS, _iin_sex),
    "commission": Asked("examination", RestsOn.PAPERS, _commission),
    "cause_age": Asked("cause", RestsOn.CAUSES, _cause_age),
    "cause_paper_missing": Asked("cause", RestsOn.CAUSES, _cause_paper_missing),
    "percentage_outside_band": Asked("decision", RestsOn.ALL, _percentage_outside_band),
    "decision_differs": Asked("decision", RestsOn.ALL, _decision_differs),
    "scale_differs": Asked("scales", RestsOn.ALL, _scale_differs),
}
