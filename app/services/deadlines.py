"""The deadlines of a case: computed from the criteria's parameters, from what the department has entered, or not known.

No number is invented here: a term that no text at hand gives stays "not known" until somebody enters it, and each
deadline names its source and how sure that is (adr/0026).
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING, Final

from app import paths
from app.domain.case_file import Document, get
from app.domain.dates import add_months, parse_iso
from app.domain.endings import is_waiting, postponed_until
from app.domain.errors import Told
from app.domain.purposes import needs_of
from app.domain.text import N_, LocalText, Text
from app.domain.vocabulary import CaseState, EndingKind, Place, Status
from app.services.preferences import TERM, PreferenceService
from app.services.views import CaseView
from app.services.workplace import Workplace

if TYPE_CHECKING:
    from app.domain.proposal import Citation
    from app.rules.model import Pack, Parameter
    from app.services.integrity import IntegrityService
    from app.services.packs import PackService

REFERRAL, POSTPONED, REEXAMINATION = "referral", "postponed", "reexamination"
REGISTRATION, DECISION, PROACTIVE = "registration", "decision", "decision_proactive"
PROGRAMME, APPEAL = "programme", "appeal"
EARLIEST: Final = "reexamination_from"
"""The day from which one may come again: nothing has to be done by then."""
# What runs out without anybody of the department having missed it.
RIGHTS: Final = frozenset({APPEAL})
_KAZAKHSTAN: Final = timedelta(hours=5)


@dataclass(frozen=True, slots=True)
class TermInfo:
    """A term in calendar days that the criteria don't hold. `days` None: not found in any text at hand."""

    id: str
    name: LocalText
    days: int | None
    source: LocalText
    status: Status


@dataclass(frozen=True, slots=True)
class Basis:
    """What deadlines of this desk are counted with: the clock's day, the days entered by the department, and why the
    clock can't be trusted (None: it can)."""

    today: date
    entered: Mapping[str, int]
    doubt: Text | None = None


@dataclass(frozen=True, slots=True)
class Deadline:
    """One deadline. `due` None: `why` says what is not known. `left`: days from today, below 0 when it is over.

    `source`: an act as the criteria cite it, or a sentence. `entered`: the days are those of the department.
    """

    id: str
    name: Text | LocalText
    due: date | None
    left: int | None
    source: "Citation | LocalText | Text"
    status: Status
    why: Text | None = None
    entered: bool = False

    @property
    def counts(self) -> bool:
        """Whether it belongs above the case: it has a day by which something is due, and is no right run out."""
        return self.left is not None and self.id != EARLIEST and (self.left >= 0 or self.id not in RIGHTS)


@cache
def terms() -> tuple[TermInfo, ...]:
    """The terms that a department may enter days for."""
    content = tomllib.loads(paths.resource("classifiers", "terms.toml").read_text("utf-8"))
    return tuple(
        TermInfo(
            row["id"],
            LocalText(kk=row["kk"], ru=row["ru"], en=row["en"]),
            row.get("days"),
            LocalText(kk=row["source_kk"], ru=row["source_ru"], en=row["source_en"]),
            Status(row.get("status", Status.MEMORY)),
        )
        for row in content["term"]
    )


class DeadlineService:
    """Deadlines of cases as this desk knows them."""

    def __init__(
        self, place: Workplace, packs: "PackService", integrity: "IntegrityService", preferences: PreferenceService
    ) -> None:
        self._place, self._packs, self._integrity, self._preferences = place, packs, integrity, preferences

    def basis(self) -> Basis:
        """Read once for many cases; on the worker."""
        entered = {term.id: days for term in terms() if (days := self._preferences.get(TERM + term.id)) is not None}
        return Basis(self._place.clock.today(), entered, self._integrity.clock_remark())

    def today(self) -> date:
        """The desk's day, by the clock of this computer."""
        return self._place.clock.today()

    def set_days(self, term_id: str, days: int | None) -> None:
        """Enter how many calendar days a term has; None: it is not known (or as the list has it). UserError for what
        is no number of days."""
        self._preferences.set(TERM + term_id, days)

    def of(self, view: CaseView, basis: Basis) -> tuple[Deadline, ...]:
        """Pure and fast: may be called on the window's thread."""
        return deadlines(view, basis, self._pack_of(view.document, basis.today))

    def complaint_until(self, view: CaseView, basis: Basis) -> date | None:
        """The last day to complain of a decision or of a refusal to examine; None where no term is known."""
        if view.state is CaseState.ENDED and get(view.document, "dossier.ending.kind") == EndingKind.REFUSED:
            return _counted(APPEAL, parse_iso(get(view.document, "dossier.ending.on") or ""), basis, None).due
        return next((one.due for one in self.of(view, basis) if one.id == APPEAL), None)

    def _pack_of(self, document: Document, today: date) -> "Pack | None":
        try:
            return self._packs.for_date(parse_iso(get(document, "examination.on") or "") or today)
        except Told:
            return None  # no criteria for that day: said where the day is entered


def nearest(found: tuple[Deadline, ...]) -> Deadline | None:
    """The one that is due first."""
    return min((one for one in found if one.counts), key=lambda one: one.due or date.max, default=None)


def deadlines(view: CaseView, basis: Basis, pack: "Pack | None") -> tuple[Deadline, ...]:
    """What a case has to be done by, in the order in which it comes up. Empty once it was ended or discarded."""
    found: list[Deadline] = []
    if view.state in (CaseState.DRAFT, CaseState.DECIDED):
        found += _of_an_open_case(view, basis, pack)
    elif view.state is CaseState.SIGNED and view.signed is not None:
        # Papers bear the day in Kazakhstan, whatever zone the laptop stands in.
        found += _of_a_decided_one(view.document, (view.signed.signed_at + _KAZAKHSTAN).date(), basis, pack)
    return tuple(replace(one, left=None if one.due is None else (one.due - basis.today).days) for one in found)


def _of_an_open_case(view: CaseView, basis: Basis, pack: "Pack | None") -> Iterator[Deadline]:
    document, needs = view.document, needs_of(view.document)
    if "referral" in needs and view.state is CaseState.DRAFT:
        yield from _referral(document, pack)
        if get(document, "referral.registered_on") is None:
            why = N_("The day on which the application was registered is not entered.")
            yield _counted(REGISTRATION, None, basis, Text(why))
    waiting = is_waiting(document, view.state, basis.today)
    if waiting:
        source = Text(N_("the day that the commission has set"))
        yield Deadline(
            POSTPONED, Text(N_("the person comes again")), postponed_until(document), None, source, Status.VERIFIED
        )
    if needs and view.state is CaseState.DRAFT:
        proactive = get(document, "examination.place") == Place.IN_ABSENTIA_PROACTIVE
        days = (parse_iso(get(document, "examination.on") or ""), postponed_until(document))
        start = max((day for day in days if day is not None), default=None)
        why = N_("The day of the examination is not entered.")
        yield _counted(PROACTIVE if proactive else DECISION, start, basis, Text(why))


def _of_a_decided_one(document: Document, signed: date, basis: Basis, pack: "Pack | None") -> Iterator[Deadline]:
    yield _counted(PROGRAMME, signed, basis, None)
    yield _counted(APPEAL, signed, basis, None)
    due = parse_iso(get(document, "dossier.until") or "")
    if due is None:
        return
    yield Deadline(REEXAMINATION, Text(N_("due again by")), due, None, Text(N_("the period that was decided")),
                   Status.VERIFIED)  # fmt: skip
    early, switch = (pack.parameters.get(name) if pack else None for name in (
        "reexamination.early", "reexamination.early.switch"))  # fmt: skip
    if early is not None and switch is not None and _on(switch, basis.today):
        months = _on(early, basis.today)
        if isinstance(months, int):
            yield Deadline(EARLIEST, Text(N_("may come again from")), add_months(due, -months), None,
                           early.citation, early.citation.status)  # fmt: skip


def _referral(document: Document, pack: "Pack | None") -> Iterator[Deadline]:
    signed = parse_iso(get(document, "referral.signed_on") or "")
    validity = pack.parameters.get("referral.validity") if pack else None
    if signed is None or validity is None:
        return
    months = _on(validity, signed)
    if isinstance(months, int):
        yield Deadline(REFERRAL, validity.name, add_months(signed, months), None, validity.citation,
                       validity.citation.status)  # fmt: skip


def _on(parameter: "Parameter", day: date) -> object:
    try:
        return parameter.on(day)
    except Told:
        return None  # the criteria have no value for that day


def _counted(term_id: str, start: date | None, basis: Basis, without_start: Text | None) -> Deadline:
    """A term of the list from its first day."""
    term = next(term for term in terms() if term.id == term_id)
    days = basis.entered.get(term_id, term.days)
    entered = term_id in basis.entered
    source = Text(N_("entered by this department, not checked; {source}"), {"source": term.source})
    why = without_start if start is None else None
    if days is None:
        why = Text(N_("The term is not known. The department can enter it in the settings."))
    due = None if start is None or days is None else start + timedelta(days=days)
    return Deadline(term_id, term.name, due, None, source if entered else term.source,
                    Status.MEMORY if entered else term.status, why, entered)  # fmt: skip
