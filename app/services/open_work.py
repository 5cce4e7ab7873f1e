"""What is still missing in each of many cases: asked again only where something has changed since."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.text import Text
from app.domain.vocabulary import CaseState
from app.services.conclusions import ConclusionService
from app.services.packs import PackService
from app.services.steps import step_states
from app.services.views import CaseView
from app.services.workplace import Workplace

if TYPE_CHECKING:
    from app.storage.database import Connection
    from app.storage.trips import PlacedCase


@dataclass(frozen=True, slots=True)
class Unfinished:
    """Steps that aren't complete, and what their remarks say, wrong things of a step first."""

    missing: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    remarks: tuple[Text, ...] = ()


class OpenWork:
    """Some 5 ms a case the first time; then nothing until the case, the criteria at hand or the way in which the
    department votes are others."""

    def __init__(self, place: Workplace, packs: PackService, conclusions: ConclusionService) -> None:
        self._place, self._packs, self._conclusions = place, packs, conclusions
        self._known: dict[str, tuple[int, Unfinished]] = {}
        self._asked_by: object = None

    def of(self, connection: "Connection", placed: "tuple[PlacedCase, ...]") -> dict[str, Unfinished]:
        """By id of the case; cases that take no work any more are not in it."""
        from app.storage import trips

        asked_by = (self._packs.at_hand(), self._conclusions.procedure)
        if asked_by != self._asked_by:
            self._asked_by, self._known = asked_by, {}
        open_cases = [case for case in placed if case.state in (CaseState.DRAFT, CaseState.DECIDED)]
        stale = [case for case in open_cases if self._known.get(case.id, (0,))[0] != case.changed_seq]
        for case in stale:
            document, unfinished = trips.content(connection, case.id)
            view = CaseView(
                id=case.id, number=case.number, state=case.state, document=document, unfinished=unfinished,
                place=None, saved_at=self._place.clock.now(), signed=None, supersedes=None,
            )  # fmt: skip
            self._known[case.id] = case.changed_seq, self._ask(view)
        return {case.id: self._known[case.id][1] for case in open_cases}

    def _ask(self, view: CaseView) -> Unfinished:
        draft = self._conclusions.shown(view.document, view.unfinished, view.state, explained=False)
        # The last step is open until a case is signed, and says nothing here.
        states = [
            state for state in step_states(view, draft, self._conclusions.procedure) if state.step != "conclusion"
        ]
        return Unfinished(
            missing=tuple(state.step for state in states if state.status == "incomplete"),
            wrong=tuple(state.step for state in states if state.status == "contradictory"),
            remarks=tuple(dict.fromkeys(remark.text for state in states for remark in state.remarks)),
        )
