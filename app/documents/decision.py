"""The decision as all papers of a case tell it: made once, from what was signed, before any form or language.

Forms only word it (`app.documents.forms`). So number, dates, percentages and names are the same on every paper and in
every language, whichever is printed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from app.documents.conclusion import ConclusionContent, PaperMeasure, Signature
from app.domain.case_file import get
from app.domain.clock import KAZAKHSTAN
from app.domain.dates import parse_iso
from app.domain.declension import LANGUAGES as DECLINED
from app.domain.declension import confirmed
from app.domain.names import same_name
from app.domain.proposal import Citation
from app.domain.purposes import purposes_of
from app.domain.statements import HELP, RECOMMENDED
from app.domain.text import LocalText, one_line
from app.domain.vocabulary import EndingKind, Outcome, Purpose, Role
from app.rules.periods import start_of

if TYPE_CHECKING:
    from app.documents.conclusion import Department
    from app.documents.witness import Witness
    from app.rules.model import Pack

LEVELS: Final[Mapping[str, int]] = {
    Outcome.GROUP_1: 1, Outcome.GROUP_2: 2, Outcome.GROUP_3: 3,
    Outcome.CHILD_GROUP_1: 1, Outcome.CHILD_GROUP_2: 2, Outcome.CHILD_GROUP_3: 3,
}  # fmt: skip
"""The group of an outcome that has one."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who was examined. `no_iin`: why there is no ИИН, and in which words."""

    name: str
    iin: str | None
    no_iin: tuple[str, str] | None
    birth_date: date | None
    age: int | None
    sex: str | None
    citizenship: str | None
    address: tuple[str, str]
    """as it was entered, and its КАТО code"""
    identity: tuple[str | None, str | None, date | None, str | None]
    """kind, number, day of issue, issuer"""
    representative: tuple[str, str | None] | None
    """name and kind"""
    to_whom: Mapping[str, str]
    """by language: the name as it says to whom something is given, where somebody confirmed it; never guessed"""


@dataclass(frozen=True, slots=True)
class Member:
    """A member of the commission, with the signature once it was given."""

    name: str
    role: str
    signature: Signature | None


@dataclass(frozen=True, slots=True)
class Blank:
    """Series and number of a strict-report blank (қатаң есептегі бланк), and the day on which it was taken.
    `duplicate`: it was taken to replace a paper that was lost."""

    series: str
    number: str
    on: date
    duplicate: bool = False

    def __str__(self) -> str:
        return f"{self.series} № {self.number}".strip()


@dataclass(frozen=True, slots=True)
class Finding:
    """A disorder or a limitation that was found: its name, its degree and the name of that."""

    name: LocalText
    degree: int
    degree_name: LocalText | None


@dataclass(frozen=True, slots=True)
class Ending:
    """How a case ended without a decision. `ground`: the list's words for a refusal's ground."""

    kind: str
    ground: LocalText | None
    source: LocalText | None
    text: str
    on: date | None
    head: str


@dataclass(frozen=True, slots=True)
class Handed:
    """A paper for the person: form, blank, and in which languages it was produced so far."""

    form: str
    blank: Blank | None
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Beside:
    """What the desk knows beside the case. `blanks` by kind of paper; `duplicate`: such a paper was given out before;
    `appeal_until`: None where the term is not known."""

    blanks: Mapping[str, Blank] = field(default_factory=dict)
    ground: LocalText | None = None
    ground_source: LocalText | None = None
    appeal_until: date | None = None
    handed: tuple[Handed, ...] = ()
    duplicate: bool = False

    def with_handed(self, handed: tuple[Handed, ...]) -> "Beside":
        """The same with the papers that a receipt lists."""
        return replace(self, handed=handed)


@dataclass(frozen=True, slots=True)
class Decision:
    """Everything that papers say of one case. `level`: the group, 1 to 3. `since` is the first day, `until` the first
    day after the period. `clauses`: the provisions that held. `findings` and `limits`: what was found, heaviest first.
    """

    number: str | None
    signed: bool
    made_on: date | None
    """the day on which the last member signed, in Kazakhstan"""
    on: date | None
    place: str | None
    occasion: str | None
    person: Person
    asked: frozenset[str]
    outcome: str | None
    level: int | None
    cause: LocalText | None
    period: tuple[str | None, int | None]
    since: date | None
    until: date | None
    general: int | None
    professional: int | None
    insured: bool | None
    differs: bool
    previous: tuple[date | None, str | None]
    referral: tuple[str | None, date | None, str | None]
    """number, day of signing, organisation"""
    diagnosis: tuple[str, str]
    injury: tuple[str | None, str | None, date | None, str | None]
    """capacity, and the paper of the cause: number, day, issuer"""
    findings: tuple[Finding, ...]
    limits: tuple[Finding, ...]
    clauses: tuple[Citation, ...]
    programme: tuple[PaperMeasure, ...]
    programme_told: Mapping[str, Any]
    """the programme's field in the case: what the person says, why there are no measures"""
    help: Mapping[str, Any]
    """kinds of additional help, another one, its term: the field in the case (app.domain.statements)"""
    work_advice: str
    """what the commission recommends on work, in one line"""
    members: tuple[Member, ...]
    department: "Department | None"
    digest: str
    ending: Ending | None
    supersedes: str | None
    superseded_by: str | None
    sample: bool
    beside: Beside
    witness: "Witness | None" = None
    """who signs the papers; None as long as there is nothing to sign"""

    @property
    def established(self) -> bool:
        return self.outcome not in (None, Outcome.NOT_ESTABLISHED, Outcome.UNDETERMINED)

    @property
    def head(self) -> Member | None:
        """Who leads the commission."""
        return next((member for member in self.members if member.role == Role.HEAD), None)

    @property
    def _anything(self) -> bool:
        """Whether anything was decided."""
        return any(value is not None for value in (self.outcome, self.cause, self.general, self.professional))

    @property
    def tags(self) -> frozenset[str]:
        """What the case has, by which its papers are chosen (`resources/templates/set.toml`)."""
        found = {
            "any": True,
            "established": self.established,
            "without_group": not self.established and self._anything,
            "not_established": self.outcome == Outcome.NOT_ESTABLISHED,
            "general": self.general is not None,
            "professional": self.professional is not None,
            "extra_help": Purpose.EXTRA_HELP in self.asked,
            "decided": self._anything,
            "programme": self.established and bool(self.programme or self.programme_told.get("none")),
            "refused": self.ending is not None and self.ending.kind == EndingKind.REFUSED,
            "open": self.ending is None and not self.signed,
        }
        return frozenset(tag for tag, holds in found.items() if holds)


def decision_of(content: ConclusionContent, pack: "Pack", beside: Beside) -> Decision:
    """The decision of a case; `pack` is the one that `content` was made with."""
    document, decided = content.document, content.get("decision") or {}
    on = parse_iso(content.get("examination.on") or "")
    term, period = content.decided_term, decided.get("period") or {}
    since = (start_of(pack, document, on) or on) if on is not None else None
    proposal = content.proposal
    steps = proposal.trace if proposal is not None else ()
    paper = content.get("cause.paper") or {}
    signatures = content.record.signatures if content.record else ()
    insured = content.get("facts.insured")
    cause = decided.get("cause") if decided.get("outcome") != Outcome.NOT_ESTABLISHED else None  # there is none then
    return Decision(
        number=content.number,
        signed=content.record is not None,
        made_on=max(one.signed_at for one in signatures).astimezone(KAZAKHSTAN).date() if signatures else None,
        on=on,
        place=content.get("examination.place"),
        occasion=content.get("examination.occasion"),
        person=_person(content),
        asked=purposes_of(document),
        outcome=decided.get("outcome"),
        level=LEVELS.get(decided.get("outcome") or ""),
        cause=content.causes.get(cause, LocalText(cause, cause, cause)) if cause else None,
        period=(period.get("kind"), period.get("value")),
        since=since,
        until=term.until if term is not None else None,
        general=decided.get("general_capacity"),
        professional=decided.get("professional_capacity"),
        insured=insured if isinstance(insured, bool) else None,
        differs=any(one.code == "decision_differs" for one in (proposal.conflicts if proposal else ())),
        previous=(parse_iso(content.get("previous.on") or ""), content.get("previous.outcome")),
        referral=(
            content.get("referral.number"),
            parse_iso(content.get("referral.signed_on") or ""),
            content.get("referral.organisation"),
        ),
        diagnosis=(content.get("diagnosis.main.icd10") or "", content.get("diagnosis.main.text") or ""),
        injury=(
            content.get("facts.work_injury.capacity"), paper.get("number"), parse_iso(paper.get("date") or ""),
            paper.get("issuer"),
        ),
        findings=_findings(content, "functions."),
        limits=_findings(content, "limitations."),
        clauses=tuple(dict.fromkeys(step.citation for step in steps if step.held and step.reached)),
        programme=content.measures,
        programme_told=content.get("dossier.programme") or {},
        help=content.get(HELP) or {},
        work_advice=one_line(content.get(f"{RECOMMENDED}.work") or ""),
        members=_members(content, signatures),
        department=content.department,
        digest=content.digest,
        ending=_ending(content, beside),
        supersedes=content.supersedes,
        superseded_by=content.superseded_by,
        sample=content.sample,
        beside=beside,
        witness=content.witness,
    )  # fmt: skip


def _person(content: ConclusionContent) -> Person:
    told: dict[str, Any] = content.get("person") or {}
    identity, acting = told.get("identity") or {}, told.get("representative") or {}
    reason = content.get("dossier.no_iin.reason")
    names = [told.get(key) for key in ("surname", "given_name", "patronymic")]
    return Person(
        name=one_line(" ".join(filter(None, names))),
        iin=told.get("iin"),
        no_iin=(reason, content.get("dossier.no_iin.words") or "") if reason and not told.get("iin") else None,
        birth_date=parse_iso(told.get("birth_date") or ""),
        age=content.age,
        sex=told.get("sex"),
        citizenship=told.get("citizenship"),
        address=((told.get("address") or {}).get("text") or "", (told.get("address") or {}).get("kato") or ""),
        identity=(
            identity.get("kind"), identity.get("number"), parse_iso(identity.get("issued_on") or ""),
            identity.get("issued_by"),
        ),
        representative=(acting["name"], acting.get("kind")) if acting.get("name") else None,
        to_whom={code: one_line(form) for code in DECLINED if (form := confirmed(content.document, code))},
    )  # fmt: skip


def _members(content: ConclusionContent, signatures: Sequence[Signature]) -> tuple[Member, ...]:
    left = list(signatures)
    made = []
    for told in content.get("examination.commission") or ():
        name = told.get("name") or ""
        signed = next((one for one in left if same_name(one.name, name)), None)
        if signed is not None:
            left.remove(signed)
        made.append(Member(name, told.get("role") or Role.MEMBER, signed))
    return tuple(made)


def _findings(content: ConclusionContent, group: str) -> tuple[Finding, ...]:
    found = []
    for fact in content.facts:
        value = get(content.document, f"facts.{fact.id}") if fact.id.startswith(group) else None
        if isinstance(value, int) and not isinstance(value, bool) and value > 0:
            names = [degree.name for degree in fact.degrees if degree.value == value]
            found.append(Finding(fact.name, value, names[0] if names else None))
    return tuple(sorted(found, key=lambda one: -one.degree))


def _ending(content: ConclusionContent, beside: Beside) -> Ending | None:
    told = content.get("dossier.ending")
    if not told:
        return None
    return Ending(
        kind=told["kind"],
        ground=beside.ground,
        source=beside.ground_source,
        text=told.get("text") or "",
        on=parse_iso(told.get("on") or ""),
        head=told.get("head") or "",
    )
