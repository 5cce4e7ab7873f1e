"""From the proposal to the signed conclusion and its papers."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from app.services.views import CaseView, Document, DraftProposal, MemberSignature, Rendered

if TYPE_CHECKING:
    from app.domain.case_file import Problem

_NOTHING: Mapping[str, str] = MappingProxyType({})


class ConclusionService:
    """The engine proposes, the commission decides and signs."""

    def draft(self, document: Document, unfinished: Mapping[str, str] = _NOTHING) -> DraftProposal:
        """What the criteria give so far. Pure and fast: may be called on the window's thread."""
        raise NotImplementedError

    def decide(self, case_id: str, decision: dict[str, Any]) -> CaseView:
        """draft → decided. UserError where the decision differs from the proposal without a reason and a citation."""
        raise NotImplementedError

    def reopen(self, case_id: str) -> CaseView:
        """decided → draft."""
        raise NotImplementedError

    def obstacles(self, document: Document) -> "tuple[Problem, ...]":
        """What stops signing, in the order of the case; empty where the commission may sign."""
        raise NotImplementedError

    def sign(self, case_id: str, signatures: Sequence[MemberSignature]) -> CaseView:
        """decided → signed, by every member of the commission; frozen from then on."""
        raise NotImplementedError

    def render(self, case_id: str, document_id: str, language: str) -> Rendered:
        """The paper as PDF; with the draft mark unless the case is signed."""
        raise NotImplementedError

    def record_output(
        self, case_id: str, document_id: str, language: str, digest: str, how: Literal["printed", "saved"]
    ) -> None:
        """Note that a paper left the program."""
        raise NotImplementedError
