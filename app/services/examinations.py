"""Cases while they are being worked on: list, open, enter field by field, import, discard."""

from collections.abc import Mapping

from app.domain.vocabulary import CaseState
from app.services.views import CaseRow, CaseView, Document


class ExaminationService:
    """Every change is one transaction: the case, its audit row and, where it travels, its event."""

    def create(self) -> CaseView:
        """A new draft: numbered, `examination.on` today, the commission of the newest case."""
        raise NotImplementedError

    def correct(self, case_id: str) -> CaseView:
        """A new draft with the content of a signed case, which it will supersede once it is signed itself."""
        raise NotImplementedError

    def rows(
        self, query: str = "", states: frozenset[CaseState] = frozenset(), limit: int = 500
    ) -> tuple[CaseRow, ...]:
        """Cases whose names, ИИН or number begin with the words of `query`, newest change first.

        No `states` means all but the discarded ones.
        """
        raise NotImplementedError

    def counts(self) -> Mapping[CaseState, int]:
        """How many cases are in each state; every state is there."""
        raise NotImplementedError

    def open(self, case_id: str) -> CaseView:
        """UserError where there is no such case."""
        raise NotImplementedError

    def set_field(self, case_id: str, path: str, value: object, *, screen: str = "") -> CaseView:
        """Check one field and save it. UserError (with the path) for a wrong value or a case that isn't a draft."""
        raise NotImplementedError

    def keep_unfinished(self, case_id: str, path: str, text: str | None) -> CaseView:
        """Keep typed text that isn't a value yet, so that nothing typed is lost; None or a value clears it."""
        raise NotImplementedError

    def remember_place(self, case_id: str, step: str, field: str | None) -> None:
        """Where the work was left; no part of the record, so it is neither audited nor shown elsewhere."""
        raise NotImplementedError

    def import_case(self, document: Document) -> CaseView:
        """Put one case document in as a draft."""
        raise NotImplementedError

    def import_cases(self, documents: tuple[Document, ...]) -> tuple[CaseView, ...]:
        """Several in one transaction: all or none."""
        raise NotImplementedError

    def discard(self, case_id: str, reason: str) -> None:
        """Take a draft off the list for good; it stays in the database with the reason."""
        raise NotImplementedError
