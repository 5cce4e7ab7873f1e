"""The programme of a day that may be broken off (tests.faults.day): each act goes on from what stands."""

from typing import Any, Final

from app.domain.case_file import get
from app.domain.programme import PATH, rows_of
from app.domain.vocabulary import MeasureState
from app.services import programmes
from app.services.desk import Desk
from app.services.programmes import MeasureList
from tests import factories
from tests.faults.day_telling import TODAY, Facts, Teller

PURPOSE: Final = ["disability", "rehabilitation"]
FOUND: Final = "facts.limitations"
FOUND_OUT: Final[dict[str, Any]] = {**factories.case_document()["facts"]["limitations"], "movement": 1}
"""What is found out once the proposal was taken over: less is proposed then."""
_OWN: Final[dict[str, Any]] = {"name": "Матрас (ойылуға қарсы)", "part": "medical", "origin": "added"}


def write_draft(desk: Desk, tell: Teller, case_id: str) -> None:
    """While the case is a draft: the proposal is taken over, a fact changes, the programme follows it."""
    write = _Writing(desk, tell, case_id)
    if write.programme.get("taken") is None:
        write(programmes.take_over(write.stored, write.listed()))
    if get(write.document, FOUND) != FOUND_OUT:
        tell.does(
            {f"field|{case_id}|{FOUND}": FOUND_OUT}, lambda: desk.examinations.set_field(case_id, FOUND, FOUND_OUT)
        )
    found = write.listed()
    if programmes.changes(write.stored, found).any:
        write(programmes.follow(write.stored, found))


def write_decided(desk: Desk, tell: Teller, case_id: str) -> None:
    """Between decision and signatures: proposals taken, one confirmed, one in words, one changed, one refused with the
    person's signature; then the consent."""
    write = _Writing(desk, tell, case_id)
    found = write.listed()
    if write.programme.get("taken") is None:
        write(programmes.take_over(write.stored, found))
    there = {row.get("measure") for row in write.rows}
    confirm = found.of(MeasureState.TO_CONFIRM)
    if confirm and confirm[0].id not in there:
        write(programmes.take(write.stored, confirm[0]))
    if not any(row.get("name") == _OWN["name"] for row in write.rows):
        write(programmes.with_rows(write.stored, [dict(_OWN), *write.rows]))
    change = {"quantity": 2, "unit": "piece", "months": 24, "note": "екі дана"}
    write.row(1, change)
    write.row(2, {"state": "refused_by_person", "reason": "бар", "signed": True})
    consent = {"answer": "agreed", "by": "person", "on": TODAY}
    if write.programme.get("consent") != consent:
        write({**write.programme, "consent": consent, "plan": True})


class _Writing:
    """The programme of one case, as it stands, and the step of writing another one."""

    def __init__(self, desk: Desk, tell: Teller, case_id: str) -> None:
        self._desk, self._tell, self._case = desk, tell, case_id

    @property
    def document(self) -> dict[str, Any]:
        return self._desk.examinations.open(self._case).document

    @property
    def stored(self) -> dict[str, Any] | None:
        return get(self.document, PATH)  # type: ignore[no-any-return]

    @property
    def programme(self) -> dict[str, Any]:
        return self.stored or {}

    @property
    def rows(self) -> list[dict[str, Any]]:
        return rows_of(self.stored)

    def listed(self) -> MeasureList:
        document = self.document
        return self._desk.programmes.listed(document, self._desk.conclusions.draft(document))

    def row(self, at: int, changed: dict[str, Any]) -> None:
        rows = self.rows
        if rows[at] != rows[at] | changed:
            rows[at] |= changed
            self(programmes.with_rows(self.stored, rows))

    def __call__(self, programme: dict[str, Any]) -> None:
        kept = {key: value for key, value in programme.items() if value is not None}
        facts: Facts = {f"programme|{self._case}": kept}
        self._tell.does(facts, lambda: self._desk.examinations.set_field(self._case, PATH, kept))
