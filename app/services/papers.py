"""Numbered blanks: which the department holds, which number is next, issuing and writing off.

A number is taken in the transaction in which the paper is issued: the next of the oldest range that has one left. So
none is used twice and none is passed over, whatever happens in between. None is given back: what was spoiled is
written off with a reason, and the next one is taken.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from app.domain import case_file
from app.domain.errors import UserError
from app.domain.papers import RANGE, Range, new_range, overlapping, read_range
from app.domain.papers import written as as_written
from app.domain.text import N_, Text
from app.domain.typed import LONGEST_LINE, line
from app.domain.vocabulary import CaseState, Outcome, PaperKind, PaperState
from app.services.views import CaseView, Document
from app.services.workplace import Workplace

if TYPE_CHECKING:
    from app.services.examinations import ExaminationService
    from app.storage.database import Connection
    from app.storage.papers import PaperRow

LOW: Final = 20
"""Blanks: about what one day of a trip takes; so many or fewer are said in time."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
# One of these stands for a decision: a second one is only issued once the first was written off.
_ONCE: Final = frozenset({
    PaperKind.DISABILITY_CERTIFICATE, PaperKind.GENERAL_CAPACITY, PaperKind.PROFESSIONAL_CAPACITY,
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class RangeView:
    """A range, how many of its blanks are left, and how many were used."""

    range: Range
    left: int
    used: int


@dataclass(frozen=True, slots=True)
class Paper:
    """A used blank. `number` as it stands on it; `reason` why it was written off."""

    kind: PaperKind
    series: str
    number: str
    state: PaperState
    taken_at: datetime
    taken_by: str
    case_id: str | None
    reason: str | None
    duplicate: bool = False
    """it replaces a lost one: the paper on it says that it is a duplicate"""

    @property
    def name(self) -> str:
        """Series and number, as people say them."""
        return f"{self.series} № {self.number}".strip()


@dataclass(frozen=True, slots=True)
class Offer:
    """A kind of paper that the case can have: the number that comes next (None: no blank is left), and how many are
    left of the kind. `refusal` says why it can't be issued now."""

    kind: PaperKind
    series: str
    number: str | None
    left: int
    refusal: Text | None = None

    @property
    def low(self) -> bool:
        return self.left <= LOW

    @property
    def name(self) -> str:
        return f"{self.series} № {self.number or ''}".strip()


@dataclass(frozen=True, slots=True)
class CasePapers:
    """What was issued with a case, and what can be."""

    issued: tuple[Paper, ...]
    offers: tuple[Offer, ...]


class PaperService:
    """The department's numbered blanks."""

    def __init__(self, place: Workplace, examinations: "ExaminationService") -> None:
        self._place = place
        self._examinations = examinations

    def ranges(self) -> tuple[RangeView, ...]:
        """In the order in which they are used up: as they were entered."""
        with self._place.database.reading() as connection:
            return tuple(_view(connection, one) for one in _ranges(connection).values())

    def left(self, kind: PaperKind) -> int:
        """How many blanks of a kind are left in all its ranges."""
        return sum(view.left for view in self.ranges() if view.range.kind == kind)

    def running_out(self) -> Mapping[PaperKind, int]:
        """The kinds of which the department has ranges but at most `LOW` blanks."""
        left: dict[PaperKind, int] = {}
        for view in self.ranges():
            left[view.range.kind] = left.get(view.range.kind, 0) + view.left
        return {kind: n for kind, n in left.items() if n <= LOW}

    def add_range(
        self, kind: str, series: str, first: str, last: str, given_on: str | None = None, given_by: str = ""
    ) -> None:
        """Enter blanks that were received. UserError, with the field in `where`, for numbers that can't be a range or
        overlap with one."""
        from app.storage import entries

        with self._place.begin() as work:
            known = _ranges(work.connection)
            identity = f"{max(map(int, known), default=0) + 1:06}"
            fresh = new_range(identity, kind, series, first, last, given_on, given_by)
            other = overlapping(fresh, known)
            if other is not None:
                sentence = N_(
                    "These numbers overlap with a range that is entered already: {series} {first} to {last}. A number"
                    " stands in one range only."
                )
                told = {"series": other.series, "first": other.written(other.first), "last": other.written(other.last)}
                raise UserError(Text(sentence, told), where="first")
            entries.put(work, RANGE, identity, fresh.record(), screen="papers")
            work.commit()

    def remove_range(self, identity: str) -> None:
        """Take a range out again that was entered by mistake. UserError once a number of it was used."""
        from app.storage import entries, papers

        with self._place.begin() as work:
            one = _ranges(work.connection).get(identity)
            if one is None:
                return
            if papers.used(work.connection, one.kind, one.series, one.first, one.last):
                raise UserError(Text(N_("Numbers of this range were used: it stays. Write off what is left of it.")))
            entries.put(work, RANGE, identity, None, screen="papers")
            work.commit()

    def of_case(self, case_id: str) -> CasePapers:
        """What was issued with a case and what can be; nothing unless it is signed."""
        from app.storage import papers

        with self._place.database.reading() as connection:
            view = self._examinations.open(case_id)
            again = _duplicates(connection, case_id)
            issued = tuple(
                replace(paper, duplicate=(paper.kind, paper.name) in again)
                for paper in map(_paper, papers.of_case(connection, case_id))
            )
            if view.state is not CaseState.SIGNED:
                return CasePapers(issued, ())
            offers = [_offer(connection, kind, issued) for kind in _fitting(view.document)]
            return CasePapers(issued, tuple(offer for offer in offers if offer is not None))

    def issue(self, case_id: str, kind: PaperKind, *, expected: str | None = None, duplicate: bool = False) -> Paper:
        """Take the next number for a signed case. `expected`: the number (as written) on the blank in hand;
        `duplicate`: the paper on it replaces one that was lost after it had been handed out, and says so.

        UserError: not signed or corrected since, the decision gives no such paper, one is issued already, no blank is
        left, another number comes next than the expected one, or a duplicate of what was never issued. Nothing is
        taken then.
        """
        from app.storage import papers
        from app.storage.cases import microseconds

        with self._place.begin() as work:
            view = self._examinations.open(case_id)
            _require_issuable(view, kind)
            issued = tuple(map(_paper, papers.of_case(work.connection, case_id)))
            refusal = _refusal(kind, issued)
            if refusal is not None:
                raise UserError(refusal)
            if duplicate and not any(paper.kind == kind for paper in issued):
                sentence = N_("No such paper was issued with this case: {kind}. The first one is no duplicate.")
                raise UserError(Text(sentence, {"kind": kind}))
            found = _next(work.connection, kind)
            if found is None:
                sentence = N_("No blank is left for this paper: {kind}. Enter the range that the department received.")
                raise UserError(Text(sentence, {"kind": kind}))
            one, number = found
            if expected is not None and expected != one.written(number):
                sentence = N_(
                    "Another number comes next: {series} {number}. Compare it with the blank, then try again."
                )
                raise UserError(Text(sentence, {"series": one.series, "number": one.written(number)}))
            new: dict[str, str | int | bool] = {
                "kind": kind.value, "series": one.series, "number": number, "digits": one.digits,
            }  # fmt: skip
            if duplicate:
                new["duplicate"] = True
            head = work.audit("paper.issued", case_id=case_id, new=new, screen="conclusion")
            row = papers.PaperRow(
                kind.value, one.series, number, one.digits, case_id, PaperState.ISSUED.value, head.seq,
                microseconds(work.now), self._place.user.id,
            )  # fmt: skip
            papers.add(work, row)
            work.emit("paper.issued", new, case_id=case_id, subject=_subject(row))
            work.commit()
        return replace(_paper(row), duplicate=duplicate)

    def spoil(self, kind: PaperKind, series: str, number: str, reason: str) -> None:
        """Write a blank off: one that was issued, or one that is still blank. UserError without a reason, for a number
        that the department doesn't hold, and for one that is written off already."""
        from app.storage import papers
        from app.storage.cases import microseconds

        why = line(" ".join(reason.split()), where="reason", longest=LONGEST_LINE)
        if not why:
            sentence = N_("A reason is needed to write a blank off: say in a few words what happened to it.")
            raise UserError(Text(sentence), where="reason")
        with self._place.begin() as work:
            one, value = _held(work.connection, kind, series, number)
            known = papers.find(work.connection, kind, one.series, value)
            told = {"series": one.series, "number": one.written(value)}
            if known is not None and known.state == PaperState.SPOILED:
                raise UserError(Text(N_("The blank {series} {number} is written off already."), told), where="number")
            new = {
                "kind": kind.value,
                "series": one.series,
                "number": value,
                "digits": one.digits,
                "reason": why,
            }
            case_id = known.case_id if known is not None else None
            head = work.audit("paper.spoiled", case_id=case_id, new=new, screen="papers")
            if known is not None:
                papers.spoil(work, head, known, self._place.user.id, why)
            else:
                now, user = microseconds(work.now), self._place.user.id
                known = papers.PaperRow(
                    kind.value, one.series, value, one.digits, None, PaperState.SPOILED.value, head.seq, now, user,
                    head.seq, now, user, why,
                )  # fmt: skip
                papers.add(work, known)
            work.emit("paper.spoiled", new, case_id=case_id, subject=_subject(known))
            work.commit()


def _ranges(connection: "Connection") -> dict[str, Range]:
    from app.storage import entries

    return {identity: read_range(identity, record) for identity, record in entries.of_kind(connection, RANGE).items()}


def _view(connection: "Connection", one: Range) -> RangeView:
    from app.storage import papers

    used = papers.used(connection, one.kind, one.series, one.first, one.last)
    return RangeView(one, one.last - one.first + 1 - used, used)


def _next(connection: "Connection", kind: PaperKind) -> tuple[Range, int] | None:
    from app.storage import papers

    for one in _ranges(connection).values():
        if one.kind == kind:
            number = papers.next_number(connection, one.kind, one.series, one.first, one.last)
            if number is not None:
                return one, number
    return None


def _held(connection: "Connection", kind: PaperKind, series: str, number: str) -> tuple[Range, int]:
    plain = "".join(number.split())
    named = series.strip().upper()
    for one in _ranges(connection).values():
        if plain.isdecimal() and plain.isascii() and one.holds(kind, named, int(plain)):
            return one, int(plain)
    sentence = N_("The department holds no blank {series} {number} of this kind. Check series and number.")
    raise UserError(Text(sentence, {"series": named, "number": plain}), where="number")


def _fitting(document: Document) -> tuple[PaperKind, ...]:
    """The papers that a decision gives."""
    outcome = case_file.get(document, "decision.outcome")
    established = outcome not in (None, Outcome.NOT_ESTABLISHED, Outcome.UNDETERMINED)
    purposes = case_file.get(document, "referral.purpose") or []
    given = {
        PaperKind.DISABILITY_CERTIFICATE: established,
        PaperKind.CERTIFICATE_EXTRACT: established,
        PaperKind.GENERAL_CAPACITY: case_file.get(document, "decision.general_capacity") is not None,
        PaperKind.PROFESSIONAL_CAPACITY: case_file.get(document, "decision.professional_capacity") is not None,
        PaperKind.PROGRAMME_EXTRACT: established,
        PaperKind.EXTRA_HELP: "extra_help" in purposes,
    }
    return tuple(kind for kind, fits in given.items() if fits)


def _require_issuable(view: CaseView, kind: PaperKind) -> None:
    if view.state is CaseState.SUPERSEDED:
        sentence = N_("Case {number} was corrected: issue the paper with the case that corrects it.")
        raise UserError(Text(sentence, {"number": view.number}))
    if view.state is not CaseState.SIGNED:
        sentence = N_("Case {number} is not signed: papers are issued after signing.")
        raise UserError(Text(sentence, {"number": view.number}))
    if kind not in _fitting(view.document):
        raise UserError(Text(N_("The decision of this case gives no such paper: {kind}."), {"kind": kind}))


def _refusal(kind: PaperKind, issued: tuple[Paper, ...]) -> Text | None:
    standing = next((paper for paper in issued if paper.kind == kind and paper.state is PaperState.ISSUED), None)
    if kind not in _ONCE or standing is None:
        return None
    sentence = N_("Issued already: {paper}. Write that one off first if it was spoiled or lost.")
    return Text(sentence, {"paper": standing.name})


def _offer(connection: "Connection", kind: PaperKind, issued: tuple[Paper, ...]) -> Offer | None:
    """None for a kind of which the department never had numbered blanks."""
    ranges = [view for one in _ranges(connection).values() if one.kind == kind for view in [_view(connection, one)]]
    if not ranges:
        return None
    found, left = _next(connection, kind), sum(view.left for view in ranges)
    refusal = _refusal(kind, issued)
    if found is None:
        return Offer(kind, "", None, 0, refusal)
    one, number = found
    return Offer(kind, one.series, one.written(number), left, refusal)


def _paper(row: "PaperRow") -> Paper:
    taken = _EPOCH + timedelta(microseconds=row.taken_at)
    return Paper(
        PaperKind(row.kind), row.series, as_written(row.number, row.digits), PaperState(row.state), taken, row.taken_by,
        row.case_id, row.reason,
    )  # fmt: skip


def _duplicates(connection: "Connection", case_id: str) -> set[tuple[str, str]]:
    """The blanks of a case that replace a lost paper, by kind and name, as the events tell them."""
    from app.storage.chain import EVENTS

    told = [event["payload"] for _, event in EVENTS.of_case(connection, case_id) if event["type"] == "paper.issued"]
    return {
        (one["kind"], f"{one['series']} № {as_written(one['number'], one['digits'])}".strip())
        for one in told
        if one.get("duplicate")
    }


def _subject(row: "PaperRow") -> str:
    return f"{row.kind} {row.series} {as_written(row.number, row.digits)}"
