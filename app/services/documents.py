"""The papers of a case: which there are, each as PDF, and the record that one left the program."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from app.domain.case_file import get
from app.domain.errors import CheckFailed, UserError
from app.domain.text import N_, LocalText, Text
from app.domain.vocabulary import CaseState, PaperKind, PaperState, Status
from app.services.conclusions import ConclusionService, rendered
from app.services.deadlines import DeadlineService
from app.services.grounds import ground
from app.services.papers import PaperService
from app.services.views import GIVEN_OUT, CaseView, How, Rendered
from app.services.workplace import Workplace

if TYPE_CHECKING:
    from app.documents.conclusion import ConclusionContent
    from app.documents.decision import Blank, Decision, Handed

_SIGNED: Final = frozenset({CaseState.SIGNED, CaseState.SUPERSEDED, CaseState.ENDED})
"""States in which a printed paper is the paper, and not a draft of it."""


@dataclass(frozen=True, slots=True)
class CasePaper:
    """A document as it stands for a case. `lacks`: why the case has no such paper (None: it has). `blank`: series and
    number, where it stands on a numbered blank that was issued. `printed`: how often it was given out, copies that were
    saved not counted. `large`: in large type. `signable`: members may sign it electronically; `signatures`: how many
    have, by language, and `members` how many there are."""

    id: str
    title: LocalText
    languages: tuple[str, ...]
    size: str
    audience: str
    strict: PaperKind | None
    blank: str | None
    in_set: bool
    printed: int
    large: bool
    lacks: Text | None
    signable: bool = False
    signatures: Mapping[str, int] = field(default_factory=dict)
    members: int = 0


@dataclass(frozen=True, slots=True)
class SetPaper:
    """One paper of a set: of which case, which form and language. `out`: it was given out, on the blank on which it
    stands now. `strict`: it stands on a numbered blank; `open`: none was issued for it yet."""

    case_id: str
    document: str
    language: str
    out: bool
    strict: bool
    open: bool


@dataclass(frozen=True, slots=True)
class _Output:
    """A paper that was given out. `blank`: series and number, empty where it has none."""

    document: str
    languages: frozenset[str]
    blank: str


class DocumentService:
    """Every paper of a case words one decision (`app.documents.decision`), made from what was signed."""

    def __init__(
        self, place: Workplace, conclusions: ConclusionService, papers: PaperService, deadlines: DeadlineService
    ) -> None:
        self._place, self._conclusions, self._papers, self._deadlines = place, conclusions, papers, deadlines

    def numbered(self, number: str) -> str:
        """The id of the case with this number; UserError where there is none."""
        from app.storage import cases

        with self._place.database.reading() as connection:
            found = cases.by_number(connection, number)
        if found is None:
            sentence = N_("There is no case {number}. Its number stands in the list of cases.")
            raise UserError(Text(sentence, {"number": number}))
        return found

    def of_case(self, case_id: str) -> tuple[CasePaper, ...]:
        """All documents, in the order of the table, with what the case says to each."""
        from app import documents
        from app.documents.forms.table import FORMS, paper_set

        view, _, decision = self._decision(case_id)
        wanted, outputs = paper_set().of(decision.tags), self._outputs(case_id)
        signable = paper_set().signed if view.state is CaseState.SIGNED else ()
        signed = self._signed(case_id)
        members = len(get(view.document, "examination.commission") or ())
        return tuple(
            CasePaper(
                id=form.id,
                title=documents.title(form.id),
                languages=documents.DOCUMENTS[form.id],
                size=form.size,
                audience=paper_set().audience(form, decision.tags),
                strict=form.strict,
                blank=_named(decision.beside.blanks.get(form.strict)) if form.strict else None,
                in_set=form.id in wanted,
                printed=sum(output.document == form.id for output in outputs),
                large=form.large,
                lacks=None if form.needs in decision.tags else Text(form.lacks),
                signable=form.id in signable and form.needs in decision.tags,
                signatures=signed.get(form.id, {}),
                members=members,
            )
            for form in FORMS.values()
        )

    @property
    def set_status(self) -> Status:
        """How sure it is which papers belong together."""
        from app.documents.forms.table import paper_set

        return paper_set().status

    def set_of(self, case_id: str) -> tuple[str, ...]:
        """The ids of the papers that belong to what was decided, in the order in which they are printed."""
        return tuple(paper.id for paper in self.of_case(case_id) if paper.in_set)

    def duplicates_of(self, case_id: str) -> tuple[str, ...]:
        """The strict forms of the case whose blank was issued to replace a lost paper. UserError where there is none,
        with what to do."""
        from app.documents.forms.table import FORMS

        blanks = self._blanks(case_id)
        again = [
            form.id for form in FORMS.values() if form.strict and (one := blanks.get(form.strict)) and one.duplicate
        ]
        if not again:
            sentence = N_(
                "No blank of this case was issued as a duplicate. Write the lost paper off and issue the next blank as"
                " a duplicate: in the window, on the page of the conclusion."
            )
            raise UserError(Text(sentence))
        return tuple(again)

    def render(
        self, case_id: str, document_id: str, language: str, *, along: Collection[tuple[str, str]] = ()
    ) -> Rendered:
        """The paper as PDF, in `kk`, `ru`, `en` or `kk+ru`: with the draft mark unless the case is signed, and as a
        duplicate where one on the same blank and in the same language was given out before. `along`: what is printed
        together with it, by id and language, which a receipt lists. A paper that was signed electronically is the same
        to the byte each time, but for duplicates, which nobody has signed.

        UserError for an unknown document, and where the case has no such paper; else as `ConclusionService.content`.
        """
        from app import documents

        form = documents.form_of(document_id)
        kept = self.kept(case_id, document_id, language)
        if kept is not None and not (
            form.strict and self._given_out(case_id, document_id, language, self.blank(case_id, document_id))
        ):
            return replace(kept, told=self.draw(case_id, document_id, language, original=True).told)
        return self.draw(case_id, document_id, language, along=along)

    def draw(
        self,
        case_id: str,
        document_id: str,
        language: str,
        *,
        along: Collection[tuple[str, str]] = (),
        original: bool = False,
    ) -> Rendered:
        """The paper drawn anew, without electronic signatures. `original`: never as a duplicate. Else as `render`."""
        from app import documents

        form, told = documents.form_of(document_id), Counter[str]()
        view, content, decision = self._decision(case_id, form.id, language, along, original=original)
        pdf = documents.render(document_id, content, language, decision, told)
        return rendered(pdf, view, document_id, language, told)

    def wanted(self, case_id: str, languages: Collection[str]) -> tuple[SetPaper, ...]:
        """The papers that belong to what was decided, each in the languages asked for that it is printed in."""
        from app import documents
        from app.documents.forms.table import FORMS, paper_set

        _, _, decision = self._decision(case_id)
        outputs, found = self._outputs(case_id), []
        for form_id in paper_set().of(decision.tags):
            strict = FORMS[form_id].strict
            blank = (_named(decision.beside.blanks.get(strict)) if strict else None) or ""
            for code in documents.spoken(form_id, languages):
                same = [one for one in outputs if one.document == form_id and one.blank == blank]
                spoken = {language for one in same for language in one.languages}
                out, strict_form = _languages(code) <= spoken, strict is not None
                found.append(SetPaper(case_id, form_id, code, out, strict_form, strict_form and not blank))
        return tuple(found)

    def kept(self, case_id: str, document_id: str, language: str) -> Rendered | None:
        """The paper as it is kept with its electronic signatures; None where nobody has signed it.

        CheckFailed where its bytes are gone."""
        from app.documents import pades

        found = self.signed_paper(case_id, document_id, language)
        if found is None:
            return None
        pdf = found[1]
        return replace(rendered(pdf, self.view(case_id), document_id, language), drawn=pades.shown(pdf))

    def signed_paper(self, case_id: str, document_id: str, language: str) -> tuple[dict[str, Any], bytes] | None:
        """What is known of a paper's electronic signatures, and its bytes; None and CheckFailed as `kept`."""
        from app.storage import signed_papers

        paper = signed_papers.identity(case_id, document_id, language, self.blank(case_id, document_id))
        with self._place.database.reading() as connection:
            record = signed_papers.find(connection, paper)
            pdf = signed_papers.content(connection, record) if record else None
        if record is None:
            return None
        if pdf is None:
            raise CheckFailed(
                Text(N_("The signed paper is not in the database. Check the database: saraptama verify."))
            )
        return record, pdf

    def view(self, case_id: str) -> CaseView:
        """The case as it stands; UserError for an unknown one."""
        return self._conclusions.view(case_id)

    def blank(self, case_id: str, document_id: str) -> str:
        """Series and number of the blank that a strict form stands on; empty where there is none."""
        from app import documents

        strict = documents.form_of(document_id).strict
        return (_named(self._blanks(case_id).get(strict)) or "") if strict else ""

    def record(
        self,
        case_id: str,
        document_id: str,
        language: str,
        digest: str,
        how: How,
        *,
        target: str = "",
        copies: int = 1,
    ) -> None:
        """Note that a paper left the program. `target`: the printer, or the name of the file."""
        from app import documents

        form = documents.form_of(document_id)
        more: dict[str, str | int | bool] = {"copies": copies}
        if target:
            more["target"] = target
        if form.strict:
            blank = self._blanks(case_id).get(form.strict)
            given = self._given_out(case_id, document_id, language, _named(blank) or "")
            again = given or (blank is not None and blank.duplicate)
            more |= {"blank": _named(blank) or "", "duplicate": again}
        self._conclusions.record_output(case_id, document_id, language, digest, how, **more)

    def _decision(
        self,
        case_id: str,
        form_id: str = "",
        language: str = "",
        along: Collection[tuple[str, str]] = (),
        *,
        original: bool = False,
    ) -> "tuple[CaseView, ConclusionContent, Decision]":
        from app.documents.decision import Beside, decision_of
        from app.documents.forms.table import FORMS

        view, content, pack = self._conclusions.content(case_id)
        refused, blanks = ground(get(view.document, "dossier.ending.ground")), self._blanks(case_id)
        form = FORMS.get(form_id)
        duplicate = False
        if form is not None and form.strict and not original:
            blank = blanks.get(form.strict)
            given = self._given_out(case_id, form_id, language, _named(blank) or "")
            duplicate = given or (blank is not None and blank.duplicate)
        beside = Beside(
            blanks=blanks,
            ground=refused.name if refused is not None else None,
            ground_source=refused.source if refused is not None else None,
            appeal_until=self._deadlines.complaint_until(view, self._deadlines.basis()),
            duplicate=duplicate,
        )
        decision = decision_of(content, pack, beside)
        if form_id == "receipt":
            decision = decision_of(content, pack, beside.with_handed(self._handed(case_id, decision, along)))
        return view, content, decision

    def _blanks(self, case_id: str) -> "Mapping[str, Blank]":
        """The blank that stands for each kind of paper: of several the newest."""
        from app.documents.decision import Blank
        from app.domain.clock import KAZAKHSTAN

        return {
            paper.kind: Blank(paper.series, paper.number, paper.taken_at.astimezone(KAZAKHSTAN).date(), paper.duplicate)
            for paper in self._papers.of_case(case_id).issued
            if paper.state is PaperState.ISSUED
        }

    def _handed(self, case_id: str, decision: "Decision", along: Collection[tuple[str, str]]) -> "tuple[Handed, ...]":
        from app.documents.decision import Handed
        from app.documents.forms.table import FORMS, paper_set

        papers = paper_set()
        outputs = [*self._outputs(case_id), *(_Output(form, _languages(code), "") for form, code in along)]
        found = []
        for form_id in papers.of(decision.tags):
            form = FORMS[form_id]
            if papers.audience(form, decision.tags) in ("person", "payer", "both"):
                spoken = {code for output in outputs if output.document == form_id for code in output.languages}
                ordered = tuple(code for code in ("kk", "ru", "en") if code in spoken)
                found.append(Handed(form_id, decision.beside.blanks.get(form.strict or ""), ordered))
        return tuple(found)

    def _given_out(self, case_id: str, document_id: str, language: str, blank: str) -> bool:
        wanted = _languages(language)
        return any(
            output.document == document_id and output.blank == blank and output.languages & wanted
            for output in self._outputs(case_id)
        )

    def _signed(self, case_id: str) -> dict[str, dict[str, int]]:
        """How many members have signed which document in which language: of a strict form on the blank that stands."""
        from app.storage import signed_papers

        with self._place.database.reading() as connection:
            records = signed_papers.of_case(connection, case_id)
            blanks = {one["document"]: self.blank(case_id, one["document"]) for one in records}
        found: dict[str, dict[str, int]] = {}
        for one in records:
            if one.get("blank", "") == blanks[one["document"]]:
                found.setdefault(one["document"], {})[one["language"]] = len(one["signatures"])
        return found

    def _outputs(self, case_id: str) -> list[_Output]:
        """What was given out of a case: drafts and copies that were saved are not counted."""
        from app.storage.chain import EVENTS

        with self._place.database.reading() as connection:
            told: list[dict[str, Any]] = []
            for _, event in EVENTS.of_case(connection, case_id):  # the newest first
                if event["type"] in ("case.signed", "case.ended"):
                    break  # before it was signed, or ended anew, its papers said something else
                if event["type"] == "document.printed":
                    told.append(event["payload"])
        return [
            _Output(one["document"], _languages(one["language"]), one.get("blank", ""))
            for one in told
            if one.get("state") in _SIGNED and one["how"] in GIVEN_OUT
        ]


def _languages(language: str) -> frozenset[str]:
    return frozenset(language.split("+"))


def _named(blank: "Blank | None") -> str | None:
    return str(blank) if blank is not None else None
