"""The blind first vote (алғашқы жасырын дауыс беру, слепое первое голосование): who has voted, what came of it, how
far votes, proposal and decision lie apart. Pure.

A vote is an entry of `dossier.votes`; it is of the member whose name it bears. `dossier.vote.opened` says when the
votes were opened: until then no screen gets what they say (`without_content`).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from app.domain.case_file import Document, get, put
from app.domain.dates import birthday, parse_iso
from app.domain.proposal import Period, Proposal
from app.domain.purposes import needs_of
from app.domain.vocabulary import Outcome, PeriodKind, Place, Role

Vote = dict[str, Any]
BlindVote = Literal["required", "offered", "off"]
DIFFERS: Final = "decision_differs"
"""The contradiction of a decision that is not the proposal."""

VOTES: Final = "dossier.votes"
OPENED: Final = "dossier.vote.opened"
CLOSED: Final = "dossier.vote.closed"
EARLIER: Final = "dossier.vote.earlier"
DISSENT: Final = "dossier.dissent"
DISTANCE: Final = "dossier.distance"
SECOND_READING: Final = "dossier.second_reading"

# What the votes rest on: to change it afterwards needs a reason.
RESTS_ON: Final = (
    "facts",
    "scales",
    "diagnosis",
    "previous",
    "dossier.observations",
    "person.birth_date",
    "person.sex",
    "examination.on",
)
# What services alone write.
OWN: Final = ("dossier", VOTES, "dossier.vote", OPENED, EARLIER, DISTANCE, SECOND_READING)
_COUNTED: Final = ("outcome", "period", "reason")
_HEAVINESS: Final[Mapping[str, int]] = {
    Outcome.NOT_ESTABLISHED: 0,
    Outcome.GROUP_3: 1,
    Outcome.CHILD_GROUP_3: 1,
    Outcome.CHILD: 1,
    Outcome.GROUP_2: 2,
    Outcome.CHILD_GROUP_2: 2,
    Outcome.GROUP_1: 3,
    Outcome.CHILD_GROUP_1: 3,
}


@dataclass(frozen=True, slots=True)
class Procedure:
    """How this department works where the law, as far as it was read, leaves it open: settings of the department.

    `tie`: who decides where votes are even. `second_reading`: when the department of methodology has to read a
    decision that differs from the proposal.
    """

    blind_vote: BlindVote = "off"
    vote_passphrase: bool = False
    tie: Literal["head", "none"] = "head"
    second_reading: Literal["off", "when_group_differs", "always_when_differs"] = "off"


@dataclass(frozen=True, slots=True)
class Majority:
    """What most votes say. `outcome` and `period` None: undecided (an even vote that nobody decides), or no period.

    `by`: all are of one mind about the outcome, most are, or the head's vote decided an even vote; `tie`: nobody did.
    """

    outcome: str | None
    period: dict[str, Any] | None
    by: Literal["all", "majority", "head", "tie"]
    counts: tuple[tuple[str, int], ...]
    """outcome and number of votes, most votes first"""
    period_by: Literal["all", "majority", "head", "tie", "none"] = "all"
    """The same of the period, among the votes for the outcome; none: the outcome has no period, or there is none."""

    @property
    def agreed(self) -> dict[str, Any]:
        """What most members want indeed: without the period where the votes for it are even, whoever decides then."""
        return {"outcome": self.outcome, "period": None if self.period_by in ("head", "tie") else self.period}


@dataclass(frozen=True, slots=True)
class Distance:
    """How far an outcome and period lie from what the criteria give: groups heavier (below 0: lighter) and months
    longer; None where that can't be counted. `differs`: another outcome, or a period that the criteria don't offer."""

    groups: int | None
    months: int | None
    differs: bool

    def written(self) -> dict[str, Any]:
        """As it stands in the dossier."""
        return {"groups": self.groups, "months": self.months, "differs": self.differs}


# --- who has voted -----------------------------------------------------------------------------------------------
def commission(document: Document) -> list[dict[str, Any]]:
    """The members as they are entered."""
    return [dict(member) for member in get(document, "examination.commission") or []]


def vote_of(document: Document, member: int) -> Vote | None:
    """The vote of a member by the place in the commission; where two have one name, by place as well."""
    members = commission(document)
    name = members[member].get("name")
    alike = sum(other.get("name") == name for other in members) > 1
    for vote in get(document, VOTES) or []:
        if name and vote.get("name") == name and (not alike or vote.get("member") == member):
            return dict(vote)
    return None


def votes(document: Document) -> list[Vote | None]:
    """The vote of each member of the commission, in its order; None where there is none."""
    return [vote_of(document, member) for member in range(len(commission(document)))]


def waiting(document: Document) -> tuple[str, ...]:
    """The names of those who have not voted yet."""
    members = commission(document)
    return tuple(
        member.get("name") or "" for member, vote in zip(members, votes(document), strict=True) if vote is None
    )


def has_begun(document: Document) -> bool:
    """Whether anybody has voted."""
    return bool(get(document, VOTES))


def is_opened(document: Document) -> bool:
    """Whether the votes may be seen."""
    return get(document, OPENED) is not None


def is_voted_on(document: Document) -> bool:
    """Whether there is a group to vote on: a percentage alone or a duplicate asks for none, and in a proactive
    examination independent experts say their opinions instead."""
    proactive = get(document, "examination.place") == Place.IN_ABSENTIA_PROACTIVE
    return "group" in needs_of(document) and not proactive


def is_closed(document: Document, procedure: Procedure) -> bool:
    """Whether what the criteria give stays hidden until the votes are opened."""
    if is_opened(document) or procedure.blind_vote == "off" or not is_voted_on(document):
        return False
    return procedure.blind_vote == "required" or bool(get(document, CLOSED))


def without_content(document: Document) -> Document:
    """The document as screens get it: votes that are not opened yet say who has voted and when, nothing else."""
    given = get(document, VOTES)
    if not given or is_opened(document):
        return document
    masked = [{key: value for key, value in vote.items() if key not in _COUNTED} for vote in given]
    return put(document, VOTES, masked)


def rests_on(path: str) -> bool:
    """Whether votes rest on what stands at a path."""
    return any(path == root or path.startswith((f"{root}.", f"{root}[")) for root in RESTS_ON)


# --- what came of it ---------------------------------------------------------------------------------------------
def majority(document: Document, procedure: Procedure) -> Majority | None:
    """What most of the opened votes say; None where there are none."""
    if not is_opened(document):
        return None
    members, given = commission(document), votes(document)
    head = next((at for at, member in enumerate(members) if member.get("role") == Role.HEAD), None)
    heads = given[head] if head is not None and procedure.tie == "head" else None
    return tally([vote for vote in given if vote is not None], heads)


def tally(given: Sequence[Vote], heads: Vote | None) -> Majority | None:
    """The outcome with most votes, and the period with most votes among those for it. `heads`: the vote that decides
    where several have equally many and it is for one of them; None: nobody's does."""
    if not given:
        return None
    counts = Counter(str(vote["outcome"]) for vote in given)
    leading = _leading(counts)
    by: Literal["all", "majority", "head", "tie"] = "all" if len(counts) == 1 else "majority"
    if len(leading) == 1:
        outcome: str | None = leading[0]
    elif heads is not None and heads["outcome"] in leading:
        outcome, by = str(heads["outcome"]), "head"
    else:
        outcome, by = None, "tie"
    ordered = tuple(sorted(counts.items(), key=lambda pair: (-pair[1], -_HEAVINESS.get(pair[0], 0))))
    period, period_by = _period(given, outcome, heads)
    return Majority(outcome, period, by, ordered, period_by)


def _period(
    given: Sequence[Vote], outcome: str | None, heads: Vote | None
) -> tuple[dict[str, Any] | None, Literal["all", "majority", "head", "tie", "none"]]:
    periods = [vote.get("period") for vote in given if vote["outcome"] == outcome and vote.get("period")]
    counts = Counter(_key(period) for period in periods)
    leading = _leading(counts)
    if not leading:
        return None, "none"
    by: Literal["all", "majority", "head", "tie", "none"] = "all" if len(counts) == 1 else "majority"
    wanted = leading[0] if len(leading) == 1 else None
    if wanted is None:
        by, key = "tie", _key((heads or {}).get("period"))
        if heads is not None and heads["outcome"] == outcome and key in leading:
            by, wanted = "head", key
    return next((dict(period) for period in periods if period and _key(period) == wanted), None), by


def _leading(counts: "Counter[Any]") -> list[Any]:
    most = max(counts.values(), default=0)
    return [value for value, count in counts.items() if count == most]


def _key(period: Mapping[str, Any] | None) -> tuple[Any, Any]:
    return ((period or {}).get("kind"), (period or {}).get("value"))


def same_decision(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two votes, or a vote and a decision, say the same outcome and period."""
    if one.get("outcome") != other.get("outcome"):
        return False
    return one.get("outcome") == Outcome.NOT_ESTABLISHED or _key(one.get("period")) == _key(other.get("period"))


def dissenting(document: Document) -> tuple[int, ...]:
    """The members whose opened vote the decision does not follow, by their places in the commission."""
    decision = get(document, "decision") or {}
    if not decision.get("outcome") or not is_opened(document):
        return ()
    return tuple(
        at for at, vote in enumerate(votes(document)) if vote is not None and not same_decision(vote, decision)
    )


def opinion_of(document: Document, member: int) -> dict[str, Any] | None:
    """What a member gave as dissenting opinion (ерекше пікір, особое мнение): `{member, name, text, declined}`."""
    name = commission(document)[member].get("name")
    for given in get(document, DISSENT) or []:
        if given.get("member") == member and given.get("name") == name:
            return dict(given)
    return None


def dissent_answered(document: Document, member: int) -> bool:
    """Whether a member in dissent wrote the opinion, or said that there is none in writing."""
    given = opinion_of(document, member) or {}
    return bool(given.get("text") or given.get("declined"))


def for_and_against(document: Document) -> tuple[int, int] | None:
    """How many opened votes the decision follows, and how many not; None without votes or decision."""
    given = [vote for vote in votes(document) if vote is not None]
    if not given or not is_opened(document) or not get(document, "decision.outcome"):
        return None
    against = len(dissenting(document))
    return len(given) - against, against


# --- how far apart -----------------------------------------------------------------------------------------------
def months_of(period: Mapping[str, Any] | None, birth: date | None, on: date | None) -> int | None:
    """The length of a period in months; until a birthday, the full months to it. None where it has no end."""
    kind, value = _key(period)
    match kind:
        case PeriodKind.MONTHS:
            return int(value)
        case PeriodKind.YEARS:
            return int(value) * 12
        case PeriodKind.UNTIL_7 | PeriodKind.UNTIL_18 if birth is not None and on is not None:
            end = birthday(birth, 7 if kind == PeriodKind.UNTIL_7 else 18)
            return (end.year - on.year) * 12 + end.month - on.month - (end.day < on.day)
        case _:
            return None


def distance(choice: Mapping[str, Any], proposal: Proposal, document: Document) -> Distance | None:
    """From what the criteria give to an outcome and period; None where the proposal is not determined."""
    outcome = choice.get("outcome")
    if not outcome or proposal.outcome is Outcome.UNDETERMINED:
        return None
    birth, on = (parse_iso(get(document, path) or "") for path in ("person.birth_date", "examination.on"))
    groups = _HEAVINESS[outcome] - _HEAVINESS[proposal.outcome]
    period = choice.get("period") if outcome != Outcome.NOT_ESTABLISHED else None
    if not isinstance(proposal.period, Period) or period is None:
        return Distance(groups, None, outcome != proposal.outcome)
    offered = [{"kind": term.kind.value, "value": term.value} for term in
               (proposal.period.proposed, *proposal.period.alternatives)]  # fmt: skip
    chosen, proposed = months_of(period, birth, on), months_of(offered[0], birth, on)
    same = _key(period) == _key(offered[0])
    months = 0 if same else chosen - proposed if chosen is not None and proposed is not None else None
    return Distance(groups, months, outcome != proposal.outcome or not _is_among(period, offered))


def _is_among(period: Mapping[str, Any], offered: Iterable[Mapping[str, Any]]) -> bool:
    return any(_key(period) == _key(one) for one in offered)


def distances(document: Document, proposal: Proposal | None, procedure: Procedure) -> dict[str, Any] | None:
    """What `dossier.distance` keeps of a decided case; None where the proposal is not determined."""
    decision = get(document, "decision") or {}
    far = distance(decision, proposal, document) if proposal is not None else None
    if proposal is None or far is None:
        return None
    period = proposal.period.proposed if isinstance(proposal.period, Period) else None
    found = majority(document, procedure)
    told = []
    for at, vote in enumerate(votes(document)):
        apart = distance(vote, proposal, document) if vote is not None and is_opened(document) else None
        if vote is not None and apart is not None:
            told.append({"member": at, "name": vote["name"], **apart.written()})
    otherwise = any(conflict.code == DIFFERS for conflict in proposal.conflicts)
    return {
        "proposal": {
            "outcome": proposal.outcome.value,
            "period": period and {"kind": period.kind.value, "value": period.value},
        },
        "majority": found and {"outcome": found.outcome, "period": found.period, "by": found.by},
        "votes": told,
        "decision": {**far.written(), "differs": otherwise},
    }


def needs_second_reading(document: Document, proposal: Proposal | None, procedure: Procedure) -> bool:
    """Whether the department of methodology has to read this decision before it is signed."""
    outcome = get(document, "decision.outcome")
    if proposal is None or not outcome or proposal.outcome is Outcome.UNDETERMINED:
        return False
    match procedure.second_reading:
        case "always_when_differs":
            return any(conflict.code == DIFFERS for conflict in proposal.conflicts)
        case "when_group_differs":
            return bool(outcome != proposal.outcome)
        case _:
            return False
