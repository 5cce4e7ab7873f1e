"""The map of a case: its steps, which step a field belongs to, and how each step stands. Pure.

A step is contradictory where something in it is wrong or contradicts and isn't answered yet, incomplete where
something that the conclusion needs isn't there, else complete. Steps can be taken in any order.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Literal

from app.domain import voting
from app.domain.case_file import Document, Problem, get
from app.domain.programme import PATH as PROGRAMME
from app.domain.programme import rows_of
from app.domain.proposal import Conflict, Proposal, Undetermined
from app.domain.purposes import Needs, needs_of, purposes_of
from app.domain.statements import HELP, PROGNOSES
from app.domain.text import N_, Text
from app.domain.vocabulary import CaseState, MeasureDecision, NoIin, Occasion, Outcome, Place, Purpose
from app.domain.voting import Procedure
from app.services import checklist
from app.services.views import CaseView, DraftProposal

STEPS: Final = (
    "person",
    "referral",
    "examination",
    "observations",
    "diagnosis",
    "functions",
    "vote",
    "proposal",
    "decision",
    "programme",
    "conclusion",
)

_NO_PROCEDURE: Final = Procedure()
NO_IIN: Final = "dossier.no_iin.reason"
NO_IIN_WORDS: Final = "dossier.no_iin.words"

StepStatus = Literal["complete", "incomplete", "contradictory"]

# First part of a path → its step. `previous` is asked where the occasion is, the cause where it is decided.
_HOME: Final[Mapping[str, str]] = MappingProxyType(
    {"person": "person", "referral": "referral", "examination": "examination", "previous": "examination",
     "diagnosis": "diagnosis", "facts": "functions", "functions": "functions", "limitations": "functions",
     "anatomical_defects": "functions", "defect_complication": "functions", "prognosis": "functions",
     "active_treatment": "functions", "insured": "functions", "work_injury": "functions", "scales": "functions",
     "cause": "decision", "decision": "decision", "dossier.no_iin": "person", "dossier.others": "person",
     "dossier.guardianship": "person", "dossier.name_forms": "person", "dossier.purpose": "referral",
     "dossier.request": "referral", "dossier.reviewed": "examination", "dossier.in_absentia": "examination",
     "dossier.postponed": "examination",
     "dossier.opinions": "decision", "dossier.correction": "decision", "dossier.ending": "conclusion",
     "dossier.votes": "vote", "dossier.vote": "vote", "dossier.dissent": "decision",
     "dossier.second_reading": "decision",
     "dossier.observations": "observations", "dossier.origins": "observations", "dossier.referral": "referral",
     "dossier.attachments": "referral", "dossier.checklist": "referral",
     "dossier.programme": "programme", "dossier.prognoses": "functions", "dossier.extra_help": "decision",
     "dossier.recommendations": "decision"}
)  # fmt: skip

# What a conclusion needs of each step, in the order of the paper; then the need (app.domain.purposes) it comes with.
_NEEDED: Final[Mapping[str, tuple[tuple[str, str], ...]]] = MappingProxyType(
    {
        "person": (
            ("person.surname", N_("The surname is missing.")),
            ("person.given_name", N_("The given name is missing.")),
            ("person.birth_date", N_("The birth date is missing.")),
            ("person.sex", N_("The sex is missing.")),
        ),
        "referral": (
            ("referral.number", N_("The number of the referral is missing.")),
            ("referral.signed_on", N_("The day on which the referral was signed is missing.")),
            ("referral.organisation", N_("The referring organisation is missing.")),
        ),
        "request": (
            ("dossier.request.organ", N_("The court that asks for the opinion is missing.")),
            ("dossier.request.number", N_("The number of the court's letter is missing.")),
            ("dossier.request.on", N_("The day of the court's letter is missing.")),
        ),
        "previous": (
            ("previous.on", N_("The day of the earlier decision is missing.")),
            ("previous.outcome", N_("The earlier decision is missing.")),
        ),
        "commission": (
            ("examination.on", N_("The day of the examination is missing.")),
            ("examination.place", N_("The place of the examination is missing.")),
            ("examination.occasion", N_("The occasion of the examination is missing.")),
            ("examination.commission", N_("The commission is missing.")),
        ),
        "observations": (),
        "diagnosis": (
            ("diagnosis.main.icd10", N_("The code of the main diagnosis is missing.")),
            ("diagnosis.main.text", N_("The main diagnosis in words is missing.")),
        ),
        "group": (
            ("decision.outcome", N_("The outcome is not decided.")),
        ),
    }
)  # fmt: skip
_ASKED: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "person": ("person",),
        "referral": ("referral", "request"),
        "examination": ("commission", "previous"),
        "diagnosis": ("diagnosis",),
        "decision": ("group",),
    }
)
"""By step: what of `_NEEDED` is asked for there. `person` is needed of every case."""
_EVERYTHING: Final = frozenset({"group", "general", "professional"})

OPINIONS: Final = 3
"""Independent experts who are asked in a proactive examination (domain: section 9)."""
# What the paper has a place for and does without.
_WISHED: Final[Mapping[str, tuple[tuple[tuple[str, ...], str], ...]]] = MappingProxyType(
    {
        "person": (
            (("person.address.text", "person.address.kato"), N_("No address: the conclusion will say “not given”.")),
            (
                ("person.identity.number", "person.identity.kind"),
                N_("No identity document: the conclusion will say “not given”."),
            ),
        ),
        "diagnosis": (
            (
                ("diagnosis.accompanying",),
                N_("Accompanying diseases are not answered: the paper will say “not given”."),
            ),
            (("diagnosis.complications",), N_("Complications are not answered: the paper will say “not given”.")),
        ),
        "functions": (
            (
                tuple(f"{PROGNOSES}.{key}" for key in ("clinical", "potential", "work")),
                N_("No prognosis for the act: it will have lines to write on."),
            ),
        ),
    }
)

WISHED: Final = {step: tuple(paths[0] for paths, _ in wishes) for step, wishes in _WISHED.items()}
"""By step: where it is said that something is better given."""

_NOT_EXAMINED: Final = N_("Needed for the proposal, not examined yet.")


_OPTIONAL: Final[Mapping[str, str]] = {"observations": "dossier.observations", "programme": PROGRAMME}
"""Steps that nothing waits for, and where what is entered there stands."""


@dataclass(frozen=True, slots=True)
class StepState:
    """How one step stands. `remarks` says what is wrong or missing and where, wrong things first; `wishes` what is
    better given, though nothing waits for it. `untouched`: nothing is asked for there and nothing was entered."""

    step: str
    status: StepStatus
    remarks: tuple[Problem, ...]
    wishes: tuple[Problem, ...] = ()
    untouched: bool = False


def step_of(path: str) -> str:
    """The step on which the field or fact at `path` is asked; `proposal` for what isn't asked anywhere."""
    first, *rest = [key.partition("[")[0] for key in path.split(".")]
    return _HOME.get(f"{first}.{rest[0]}" if rest else first) or _HOME.get(first, "proposal")


def path_of(fact: str) -> str:
    """The path in the document of a fact as proposals name it: `functions.mental` → `facts.functions.mental`."""
    is_fact = step_of(fact) == "functions" and not fact.startswith(("facts.", "scales."))
    return f"facts.{fact}" if is_fact else fact


def missing_facts(proposal: Proposal, needs: Needs = _EVERYTHING) -> tuple[str, ...]:
    """Paths of all facts that outcome, period or a percentage still waits for, each once, the outcome's first.

    Only what the case is asked for waits: `group` (outcome and period), `general`, `professional`.
    """
    names = list(proposal.missing) if "group" in needs else []
    for need, part in (
        ("group", proposal.period),
        ("general", proposal.general_capacity),
        ("professional", proposal.professional_capacity),
    ):
        if need in needs and isinstance(part, Undetermined):
            names += part.missing
    return tuple(path_of(name) for name in dict.fromkeys(names))


def answered(document: Document, code: str) -> bool:
    """Whether the commission has answered the conflict `code`: a reason with words; a differing decision cites, too."""
    reasons = get(document, "decision.reasons") or []
    needed = ("text", "citation") if code == voting.DIFFERS else ("text",)
    return any(reason.get("code") == code and all(reason.get(key) for key in needed) for reason in reasons)


def open_conflicts(document: Document, proposal: Proposal) -> tuple[Conflict, ...]:
    """Obstacles, and the conflicts that nobody has answered yet."""
    return tuple(c for c in proposal.conflicts if c.kind == "obstacle" or not answered(document, c.code))


def vote_remarks(document: Document, procedure: Procedure) -> tuple[Problem, ...]:
    """What the first vote still waits for; nothing where this department doesn't vote so and nobody has voted."""
    asked = procedure.blind_vote == "required" and voting.is_voted_on(document)
    if not asked and not voting.has_begun(document):
        return ()
    names = ", ".join(name for name in voting.waiting(document) if name)
    if names and voting.is_opened(document):
        sentence = N_("{names}: no vote. The votes are open already; vote again from the beginning.")
    elif names:
        sentence = N_("Not all members have voted yet: {names}.")
    elif not voting.is_opened(document):
        sentence = N_("The members have not voted yet.")
        if voting.has_begun(document):
            sentence = N_("All members have voted; the votes are not open yet.")
    else:
        return ()
    return (Problem(voting.VOTES, Text(sentence, {"names": names} if names else {})),)


def step_states(view: CaseView, draft: DraftProposal, procedure: Procedure = _NO_PROCEDURE) -> tuple[StepState, ...]:
    """How each step stands, in the order of `STEPS`. `procedure`: how the department votes and decides."""
    wrong: dict[str, list[Problem]] = {step: [] for step in STEPS}
    for problem in draft.problems:
        wrong[step_of(problem.path)].append(problem)
    for path, text in view.unfinished.items():
        wrong[step_of(path)].append(Problem(path, Text(N_("“{text}” is not a value yet."), {"text": text})))
    if draft.proposal is not None:
        for conflict in open_conflicts(view.document, draft.proposal):
            for step, path in _places(conflict).items():
                wrong[step].append(Problem(path, Text(N_("{text}"), {"text": conflict.text})))
    signed = view.state in (CaseState.SIGNED, CaseState.SUPERSEDED)
    states = []
    for step in STEPS:
        missing = () if signed else tuple(_missing(step, view, draft, procedure))
        # What was signed was answered or free of obstacles; later views of it must not call it wrong.
        found = () if signed else tuple(wrong[step])
        status: StepStatus = "contradictory" if found else "incomplete" if missing else "complete"
        wishes = () if signed else tuple(_wished(step, view))
        if step == "programme":  # it follows the decision, and nothing waits for it
            wishes, missing = (*wishes, *missing), ()
        untouched = step in _OPTIONAL and status == "complete" and not get(view.document, _OPTIONAL[step])
        states.append(StepState(step, status, found + missing, wishes, untouched))
    return tuple(states)


def _places(conflict: Conflict) -> dict[str, str]:
    """The steps that a conflict concerns, each with the path to go to there."""
    places: dict[str, str] = {}
    for fact in conflict.facts:
        path = path_of(fact)
        places.setdefault(step_of(path), path)
    return places or {"proposal": ""}


def _wished(step: str, view: CaseView) -> Iterator[Problem]:
    for paths, sentence in _WISHED.get(step, ()):
        if all(get(view.document, path) is None and path not in view.unfinished for path in paths):
            yield Problem(paths[0], Text(sentence))
    if step == "referral":
        for one in checklist.absent(view.document):
            yield Problem(one.path, Text(N_("Absent: {document}."), {"document": one.name}))
    if step == "decision" and Purpose.EXTRA_HELP in purposes_of(view.document) and not get(view.document, HELP):
        sentence = N_("The kinds of additional help are not chosen: the paper will have boxes to tick by hand.")
        yield Problem(f"{HELP}.kinds", Text(sentence))


def _missing(step: str, view: CaseView, draft: DraftProposal, procedure: Procedure) -> Iterator[Problem]:
    document, needs = view.document, needs_of(view.document)
    if step == "person":
        yield from _missing_of_number(view)
    for need in _ASKED.get(step, ()):
        for path, sentence in _NEEDED[need] if need in needs or need == "person" else ():
            if get(document, path) in (None, []) and path not in view.unfinished:
                yield Problem(path, Text(sentence))
    match step:
        case "referral":
            if not purposes_of(document):
                yield Problem("referral.purpose", Text(N_("The purpose of the referral is missing.")))
            if "referral" in needs:
                yield from _missing_of_referral(document)
        case "examination":
            if "commission" in needs:
                yield from _missing_of_commission(document)
                yield from _missing_of_occasion(document)
        case "functions":
            if needs & _EVERYTHING:
                yield from _missing_facts(draft.proposal, needs)
        case "vote" if "group" in needs:
            yield from vote_remarks(document, procedure)
        case "proposal":
            if not needs:
                return
            if draft.closed:
                yield Problem(voting.VOTES, Text(N_("What the criteria give is closed until all members have voted.")))
            if draft.proposal is None:
                yield Problem(
                    "person.birth_date",
                    Text(N_("A proposal needs the birth date, the sex and the day of the examination.")),
                )
            elif waiting := missing_facts(draft.proposal, needs):
                yield Problem(waiting[0], Text(N_("There is not enough data for the whole proposal.")))
        case "decision":
            if needs:
                yield from _missing_of_decision(view, draft.proposal, needs)
            if "group" in needs:
                yield from _missing_of_members(view, draft.proposal, procedure)
        case "programme":
            yield from _missing_of_programme(document, draft.proposal)
        case "conclusion" if view.state is CaseState.ENDED:
            return
        case "conclusion" if not needs:
            yield Problem("", Text(N_("Hand the duplicate out, then end the case as served.")))
        case "conclusion":
            yield Problem("", Text(N_("The conclusion is not signed.")))


def _missing_of_number(view: CaseView) -> Iterator[Problem]:
    """A person has an ИИН, or a reason why not; “another reason” is one only in words."""
    if get(view.document, "person.iin") is not None or "person.iin" in view.unfinished:
        return
    reason = get(view.document, NO_IIN)
    if reason is None:
        yield Problem("person.iin", Text(N_("The ИИН is missing. Enter it, or say why the person has none.")))
    elif reason == NoIin.OTHER and get(view.document, NO_IIN_WORDS) is None:
        yield Problem(NO_IIN_WORDS, Text(N_("Why the person has no ИИН is missing.")))


def _missing_of_referral(document: Document) -> Iterator[Problem]:
    first = get(document, "examination.occasion") == Occasion.FIRST
    dated = get(document, "referral.incapacity_since") or get(document, "referral.diagnosed_on")
    if first and not dated and not get(document, "referral.exception"):
        yield Problem(
            "referral.incapacity_since",
            Text(
                N_("The beginning of the incapacity or the day of the diagnosis is missing: four months count from it.")
            ),
        )


def _missing_of_commission(document: Document) -> Iterator[Problem]:
    members: list[dict[str, Any]] = get(document, "examination.commission") or []
    if members and any(not member.get("name") or not member.get("role") for member in members):
        yield Problem("examination.commission", Text(N_("A member of the commission lacks the name or the role.")))
    if members and len(members) < 3 and get(document, "examination.place") != Place.IN_ABSENTIA_PROACTIVE:
        yield Problem("examination.commission", Text(N_("The commission has fewer than three members.")))


def _missing_of_occasion(document: Document) -> Iterator[Problem]:
    """What the occasion and the place ask for beside the referral."""
    occasion, place = get(document, "examination.occasion"), get(document, "examination.place")
    if occasion in (Occasion.CONTROL, Occasion.APPEAL) and not get(document, "dossier.reviewed.number"):
        yield Problem("dossier.reviewed.number", Text(N_("The decision that is looked at again is missing.")))
    if place == Place.IN_ABSENTIA:
        if get(document, "dossier.in_absentia.consent") is not True:
            yield Problem(
                "dossier.in_absentia.consent",
                Text(N_("The person's consent to an examination in absentia is missing.")),
            )
        if not get(document, "dossier.in_absentia.reason"):
            yield Problem("dossier.in_absentia.reason", Text(N_("Why it is held in absentia is missing.")))


def _missing_facts(proposal: Proposal | None, needs: Needs) -> Iterator[Problem]:
    if proposal is None:
        yield Problem(
            "person.birth_date",
            Text(N_("Which questions apply depends on the birth date, the sex and the day of the examination.")),
        )
        return
    for path in missing_facts(proposal, needs):
        yield Problem(path, Text(_NOT_EXAMINED))


def programme_made(document: Document, proposal: Proposal | None) -> bool:
    """Whether a programme may be made at all: not where no disability is established, by the decision or, before
    one, by the criteria."""
    outcome = get(document, "decision.outcome") or (proposal.outcome if proposal is not None else None)
    return outcome != Outcome.NOT_ESTABLISHED


def programme_asked(document: Document) -> bool:
    """Whether the case is asked for a programme."""
    return Purpose.REHABILITATION in purposes_of(document)


def _missing_of_programme(document: Document, proposal: Proposal | None) -> Iterator[Problem]:
    programme = get(document, PROGRAMME) or {}
    rows = rows_of(programme)
    if not programme_made(document, proposal):
        if rows:
            sentence = N_("No disability is established, and the programme has measures: they are not printed.")
            yield Problem(f"{PROGRAMME}.rows", Text(sentence))
        return
    if not rows:
        if programme_asked(document) and not programme.get("none"):
            sentence = N_("The programme has no measures: take over the proposal, or say why none is needed.")
            yield Problem(f"{PROGRAMME}.rows", Text(sentence))
        return
    if any(row.get("state") == MeasureDecision.REFUSED and not row.get("reason") for row in rows):
        yield Problem(f"{PROGRAMME}.rows", Text(N_("Why the person refuses a measure is missing.")))
    numbers = ", ".join(str(n) for n, row in enumerate(rows, start=1) if not _is_told_whole(row))
    if numbers:
        sentence = N_("Quantity, term or who carries it out is missing of the measures No. {numbers}.")
        yield Problem(f"{PROGRAMME}.rows", Text(sentence, {"numbers": numbers}))
    if get(programme, "consent.answer") is None:
        sentence = N_("Whether the person agrees with the programme is missing.")
        yield Problem(f"{PROGRAMME}.consent.answer", Text(sentence))
    elif get(programme, "consent.by") is None or get(programme, "consent.on") is None:
        sentence = N_("Who agreed with the programme or refused it, or on which day, is missing.")
        yield Problem(f"{PROGRAMME}.consent.by", Text(sentence))


def _is_told_whole(row: Mapping[str, Any]) -> bool:
    """Whether a measure has quantity, term and carrier, or was refused."""
    term = row.get("months") is not None or row.get("with_programme")
    whole = row.get("quantity") is not None and term and row.get("carrier")
    return bool(whole) or row.get("state") == MeasureDecision.REFUSED


def _missing_of_decision(view: CaseView, proposal: Proposal | None, needs: Needs) -> Iterator[Problem]:
    document = view.document
    if get(document, "examination.place") == Place.IN_ABSENTIA_PROACTIVE:
        yield from _missing_opinions(document)
    if get(document, "dossier.correction") is not None and not get(document, "dossier.correction.reason"):
        yield Problem("dossier.correction.reason", Text(N_("Why the signed case is corrected is missing.")))
    if "cause" in needs and "group" not in needs and not get(document, "decision.cause"):
        yield Problem("decision.cause", Text(N_("The cause of the disability is not decided.")))
    if proposal is not None:
        established = get(document, "decision.outcome") not in (None, Outcome.NOT_ESTABLISHED)
        if established and not get(document, "decision.period"):
            yield Problem("decision.period", Text(N_("The period is not decided.")))
        if established and not get(document, "decision.cause"):
            yield Problem("decision.cause", Text(N_("The cause of the disability is not decided.")))
        for need, name, sentence in (
            ("general", "general_capacity", N_("The loss of general working capacity is not decided.")),
            ("professional", "professional_capacity", N_("The loss of professional working capacity is not decided.")),
        ):
            due = (
                need in needs
                and getattr(proposal, name) is not None
                and not isinstance(getattr(proposal, name), Undetermined)
            )
            if due and get(document, f"decision.{name}") is None:
                yield Problem(f"decision.{name}", Text(sentence))
    if view.state is CaseState.DRAFT:
        yield Problem("decision.outcome", Text(N_("The commission has not decided yet.")))


def _missing_opinions(document: Document) -> Iterator[Problem]:
    """Each of three independent experts says what and why, without having seen who it is (domain: section 9)."""
    given: list[dict[str, Any]] = get(document, "dossier.opinions") or []
    if any(not opinion.get(key) for opinion in given for key in ("expert", "outcome", "reason")):
        yield Problem("dossier.opinions", Text(N_("An expert's opinion lacks the name, the outcome or the reason.")))
    if len(given) < OPINIONS:
        sentence = N_("Opinions of independent experts: {n} of {needed} are there.")
        yield Problem("dossier.opinions", Text(sentence, {"n": len(given), "needed": OPINIONS}))


def _missing_of_members(view: CaseView, proposal: Proposal | None, procedure: Procedure) -> Iterator[Problem]:
    """The opinions of those whose vote is not followed, and the second reading of a decision that differs."""
    document = view.document
    members = voting.commission(document)
    for member in voting.dissenting(document):
        if not voting.dissent_answered(document, member):
            sentence = N_("{name} voted otherwise: write the dissenting opinion, or that there is none in writing.")
            yield Problem(voting.DISSENT, Text(sentence, {"name": members[member].get("name")}))
    if view.state is not CaseState.DRAFT and voting.needs_second_reading(document, proposal, procedure):
        reading = get(document, voting.SECOND_READING)
        if not reading:
            sentence = N_("The decision differs from the proposal: the department of methodology has to read it first.")
            yield Problem(voting.SECOND_READING, Text(sentence))
        elif not reading.get("agreed"):
            sentence = N_("The department of methodology does not agree with the decision. Reopen it.")
            yield Problem(voting.SECOND_READING, Text(sentence))
