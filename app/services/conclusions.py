"""From the proposal to the signed conclusion and its papers."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from app.domain import case_file, dates, voting
from app.domain.case_file import Problem
from app.domain.errors import CheckFailed, Told, UserError
from app.domain.proposal import Proposal
from app.domain.purposes import needs_of
from app.domain.text import LANGUAGES, N_, Text
from app.domain.vocabulary import CaseState, Outcome
from app.domain.voting import DIFFERS, DISTANCE, SECOND_READING, Procedure
from app.services.closing import closed_draft
from app.services.examinations import ExaminationService
from app.services.link_screening import Screening
from app.services.packs import PackService
from app.services.preferences import PreferenceService
from app.services.steps import answered, step_states, vote_remarks
from app.services.views import CaseView, Document, DraftProposal, How, MemberSignature, Rendered
from app.services.workplace import Workplace

if TYPE_CHECKING:
    from app.documents.conclusion import ConclusionContent
    from app.rules.explanation import Explanation
    from app.rules.model import Pack

_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})
UNTIL: Final = "dossier.until"


class ConclusionService:
    """The engine proposes, the commission decides and signs."""

    def __init__(
        self,
        place: Workplace,
        packs: PackService,
        examinations: ExaminationService,
        preferences: PreferenceService | None = None,
        screening: Screening | None = None,
    ) -> None:
        """Without `preferences` a department that neither votes first nor has decisions read a second time; without
        `screening` one that has no lists of a centre."""
        self._place = place
        self._packs = packs
        self._examinations = examinations
        self._preferences = preferences
        self._screening = screening

    @property
    def procedure(self) -> Procedure:
        """How this department votes and decides."""
        return self._preferences.procedure() if self._preferences is not None else Procedure()

    def draft(
        self, document: Document, unfinished: Mapping[str, str] = _NOTHING, *, explained: bool = True
    ) -> DraftProposal:
        """What the criteria give so far, and what the lists of the centre say of the person as far as they were asked.
        Pure and fast: may be called on the window's thread.

        A field whose text is `unfinished` counts as unknown, whatever value it had before. Lists of many cases ask
        without the explanation, which takes ten times as long as the proposal.
        """
        found = self._by_criteria(document, unfinished, explained=explained)
        hits = self._screening.known(case_file.get(document, "person.iin")) if self._screening is not None else ()
        if found.proposal is None or not hits:
            return found
        from app.services.screened import with_hits

        return replace(found, proposal=with_hits(found.proposal, hits))

    def _by_criteria(
        self, document: Document, unfinished: Mapping[str, str] = _NOTHING, *, explained: bool = True
    ) -> DraftProposal:
        for path in unfinished:
            document = case_file.put(document, path, None)
        problems = case_file.problems(document)
        on = dates.parse_iso(case_file.get(document, "examination.on") or "")
        birth = dates.parse_iso(case_file.get(document, "person.birth_date") or "")
        if on is None or birth is None or birth > on or not case_file.get(document, "person.sex"):
            return DraftProposal(None, None, problems)
        try:
            if not explained:
                from app.rules.engine import propose

                return DraftProposal(propose(self._packs.for_date(on), document), None, problems)
            proposal, explanation = _propose(self._packs.for_date(on), document)
        except Told as told:
            # No criteria for that day, a defect that they don't list: said where the day or the defect is entered.
            return DraftProposal(None, None, (*problems, Problem(told.where or "", told.text)))
        return DraftProposal(proposal, explanation, problems)

    def shown(
        self,
        document: Document,
        unfinished: Mapping[str, str] = _NOTHING,
        state: CaseState = CaseState.DRAFT,
        *,
        explained: bool = True,
    ) -> DraftProposal:
        """As `draft`, for eyes: closed while a member of the commission still has to vote unseen (adr/0024)."""
        found = self.draft(document, unfinished, explained=explained)
        # A case that ended without a decision can be taken up again, and voted on then.
        if state in (CaseState.DRAFT, CaseState.ENDED) and voting.is_closed(document, self.procedure):
            return closed_draft(found)
        return found

    def decide(self, case_id: str, decision: dict[str, Any]) -> CaseView:
        """draft → decided. UserError where the decision differs from the proposal without a reason and a citation, or
        members have still to vote."""
        from app.storage import cases

        checked = case_file.check_field("decision", decision)
        with self._place.begin() as work:
            record = self._examinations.draft(work.connection, case_id)
            document = case_file.put(record.document, "decision", checked)
            for path, text in record.unfinished.items():
                raise UserError(
                    Text(N_("“{text}” is not a value yet: finish or clear this field."), {"text": text}), where=path
                )
            proposal = self._require_decision(document)
            # When the person is due again: lists and calendars find the case by this day.
            until, before = self._until(document), case_file.get(document, UNTIL)
            if until != before:
                work.audit("field", case_id=case_id, path=UNTIL, old=before, new=until)
                document = case_file.put(document, UNTIL, until)
            distance = case_file.check_field(DISTANCE, voting.distances(document, proposal, self.procedure))
            before = case_file.get(document, DISTANCE)
            if distance != before:
                work.audit("field", case_id=case_id, path=DISTANCE, old=before, new=distance)
                document = case_file.put(document, DISTANCE, distance)
            old = record.document.get("decision")
            head = work.audit("case.decided", case_id=case_id, path="decision", old=old, new=checked)
            cases.save(work, head, case_id, document, record.unfinished)
            cases.set_state(work, case_id, CaseState.DECIDED)
            work.commit()
        return self._examinations.open(case_id)

    def reopen(self, case_id: str) -> CaseView:
        """decided → draft. UserError for any other state."""
        from app.storage import cases

        with self._place.begin() as work:
            record = self._examinations.record(work.connection, case_id)
            if record.state is not CaseState.DECIDED:
                sentence = N_("Case {number} can't be reopened: only a decided case that is not signed can.")
                raise UserError(Text(sentence, {"number": record.number}))
            document, read = record.document, case_file.get(record.document, SECOND_READING)
            if read is not None:  # it was of the decision that is opened again
                work.audit("second_reading", case_id=case_id, path=SECOND_READING, old=read, new=None)
                document = case_file.put(document, SECOND_READING, None)
            head = work.audit("case.reopened", case_id=case_id)
            cases.save(work, head, case_id, document, record.unfinished, columns=False)
            cases.set_state(work, case_id, CaseState.DRAFT)
            work.commit()
        return self._examinations.open(case_id)

    def obstacles(
        self, document: Document, unfinished: Mapping[str, str] = _NOTHING, *, deciding: bool = False
    ) -> tuple[Problem, ...]:
        """What stops signing, in the order of the case; empty where the commission may sign. The same remarks as
        the steps show, so that the screen and the refusal say one thing. `deciding`: what stops recording the
        decision; the second reading comes after that."""
        decided = CaseView(
            id="",
            number="",
            state=CaseState.DECIDED,
            document=document,
            unfinished=unfinished,
            place=None,
            saved_at=self._place.clock.now(),
            signed=None,
            supersedes=None,
        )
        states = step_states(decided, self.draft(document, unfinished, explained=False), self.procedure)
        found = [remark for state in states if state.step != "conclusion" for remark in state.remarks]
        if deciding:
            found = [remark for remark in found if remark.path != SECOND_READING]
        return tuple(dict.fromkeys(found))

    def sign(self, case_id: str, signatures: Sequence[MemberSignature]) -> CaseView:
        """decided → signed, by every member of the commission; frozen from then on.

        UserError: not decided, an obstacle (`where` is its path), a member who didn't sign, whose login is another
        person's, or whose passphrase is wrong (the sentence names the member). Nothing is changed then.
        """
        from app.services.signing import freeze, open_signers

        self._examinations.open(case_id)  # what takes long of it is asked before the database is held
        with self._place.database.lock:
            view = self._examinations.whole(case_id)
            if view.state is not CaseState.DECIDED:
                sentence = N_("Case {number} can't be signed: the commission decides first, and a case is signed once.")
                raise UserError(Text(sentence, {"number": view.number}))
            for obstacle in self.obstacles(view.document, view.unfinished):
                raise UserError(
                    Text(N_("The case can't be signed yet. {reason}"), {"reason": obstacle.text}), where=obstacle.path
                )
            proposal = self._by_criteria(view.document).proposal
            if proposal is None:
                raise RuntimeError("no obstacle and no proposal")
            freeze(self._place, view, proposal, open_signers(self._place, view.document, signatures))
            return self._examinations.open(case_id)

    def view(self, case_id: str) -> CaseView:
        """The case as it stands; UserError for an unknown one."""
        return self._examinations.open(case_id)

    def content(self, case_id: str) -> "tuple[CaseView, ConclusionContent, Pack]":
        """What stands on the papers of a case, before any layout or language, and the criteria it was made with.

        UserError for an unknown case; CheckFailed where a signed case's criteria are not at hand any more or don't
        give what was signed.
        """
        from app.documents.conclusion import conclusion_content

        view = self._examinations.open(case_id)
        signed = view.signed
        related = self._examinations.related(case_id)
        by, sample = related.corrected_by, self._place.is_training()
        supersedes = related.corrects.number if related.corrects is not None else None
        superseded_by = by.number if by is not None and view.state is CaseState.SUPERSEDED else None
        if signed is None:
            pack = self._pack_for(view.document)
            draft = self.shown(view.document, view.unfinished, view.state)
            content = conclusion_content(
                view.document,
                None if draft.closed else draft.proposal,
                draft.explanation,
                pack=pack,
                department=self._place.department(),
                number=view.number,
                supersedes=supersedes,
                superseded_by=superseded_by,
                sample=sample,
            )
        else:
            pack = self._packs.named(signed.pack)
            proposal, explanation = _propose(pack, signed.document)
            _require_same(proposal, signed.proposal, signed.number)
            content = conclusion_content(
                signed.document,
                proposal,
                explanation,
                pack=pack,
                department=signed.department,
                number=signed.number,
                record=signed,
                supersedes=supersedes,
                superseded_by=superseded_by,
                sample=sample,
            )
        return view, self._witnessed(view, content), pack

    def _witnessed(self, view: CaseView, content: "ConclusionContent") -> "ConclusionContent":
        """With the desk's key, where the case was signed or ended: its papers bear what is signed of them (adr/0035).
        The event that tells of it stands in each paper: whoever holds the paper can show that the log had it."""
        from app.documents.witness import witness_of
        from app.storage import installation
        from app.storage.chain import EVENTS

        told = "case.signed" if view.signed is not None else "case.ended" if view.state is CaseState.ENDED else None
        if told is None:
            return content
        with self._place.database.reading() as connection:
            identity, head = installation.identity(connection), EVENTS.last(connection, view.id, told)
        region = view.signed.department.region if view.signed is not None else self._place.department().region
        if head is None:
            sentence = N_("The event log does not tell of case {number}. Check the database: saraptama verify.")
            raise CheckFailed(Text(sentence, {"number": view.number}))
        signs = witness_of(content, identity.device_seed, (head.seq, head.hash), region)
        return replace(content, witness=signs)

    def render(self, case_id: str, document_id: str, language: str) -> Rendered:
        """The conclusion as PDF; with the draft mark unless the case is signed. UserError for an unknown document;
        else as `content`. Other papers of a case: `app.services.documents`."""
        from app import documents

        documents.form_of(document_id)
        view, content, _ = self.content(case_id)
        return rendered(documents.render(document_id, content, language), view, document_id, language)

    def record_output(
        self,
        case_id: str,
        document_id: str,
        language: str,
        digest: str,
        how: How,
        **more: str | int | bool,
    ) -> None:
        """Note that a paper left the program: which, in which language, the `sha256:` of its bytes; `more` says onto
        which printer or file, how many copies, on which blank."""
        with self._place.begin() as work:
            record = self._examinations.record(work.connection, case_id)
            output = {"document": document_id, "language": language, "digest": digest, "how": how, **more}
            work.audit("document.printed", case_id=case_id, new=output)
            payload = {**output, "state": record.state.value}
            work.emit("document.printed", payload, case_id=case_id, subject=document_id)
            work.commit()

    def _pack_for(self, document: Document) -> "Pack":
        on = dates.parse_iso(case_file.get(document, "examination.on") or "")
        return self._packs.for_date(on or self._place.clock.today())

    def _until(self, document: Document) -> str | None:
        """The first day after the decided period; None without a disability or without a term."""
        from app.rules.periods import decided_term

        if case_file.get(document, "decision.outcome") == Outcome.NOT_ESTABLISHED:
            return None
        term = decided_term(self._pack_for(document), document)
        return term.until.isoformat() if term is not None and term.until is not None else None

    def _require_decision(self, document: Document) -> Proposal:
        for remark in vote_remarks(document, self.procedure):
            raise UserError(remark.text, where=remark.path)
        proposal = self.draft(document).proposal
        if proposal is None:
            sentence = N_("A decision needs the birth date, the sex and the day of the examination.")
            raise UserError(Text(sentence), where="person.birth_date")
        needs = needs_of(document)
        if not needs:
            sentence = N_("This case asks for a duplicate alone: nothing is decided. Hand it out and end the case.")
            raise UserError(Text(sentence), where="dossier.purpose")
        if "group" in needs and not case_file.get(document, "decision.outcome"):
            raise UserError(Text(N_("The outcome is not decided.")), where="decision.outcome")
        if any(conflict.code == DIFFERS for conflict in proposal.conflicts) and not answered(document, DIFFERS):
            sentence = N_("The decision differs from the proposal. Give the reason and the clause that it rests on.")
            raise UserError(Text(sentence), where="decision.reasons")
        return proposal


def rendered(
    pdf: bytes, view: CaseView, document_id: str, language: str, told: Mapping[str, int] = MappingProxyType({})
) -> Rendered:
    """A paper with its digest and a name for its file."""
    name = f"{document_id}-{view.number.replace('/', '-')}-{language.replace('+', '-')}.pdf"
    return Rendered(pdf, f"sha256:{hashlib.sha256(pdf).hexdigest()}", view.signed is None, name, told)


def _propose(pack: "Pack", document: Document) -> "tuple[Proposal, Explanation]":
    from app.rules.engine import propose
    from app.rules.explanation import explain

    proposal = propose(pack, document)
    return proposal, explain(pack, proposal, document)


def in_languages(proposal: Proposal) -> dict[str, dict[str, Any]]:
    """`mse-proposal/1` in each language."""
    from app.rules.explanation import to_document

    return {language: to_document(proposal, language) for language in LANGUAGES}


def _require_same(proposal: Proposal, signed: Mapping[str, Mapping[str, Any]], number: str) -> None:
    if in_languages(proposal) != signed:
        sentence = N_(
            "The criteria do not give what was signed in {number}: this program or its rule pack was changed."
        )
        raise CheckFailed(Text(sentence, {"number": number}))
