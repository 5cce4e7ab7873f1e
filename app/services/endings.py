"""Cases that end without a decision, are resumed, or are put off to another day."""

from collections.abc import Mapping
from typing import Any

from app.domain import dates
from app.domain.case_file import get, put
from app.domain.endings import ENDING, POSTPONED, checked_ending, checked_postponement
from app.domain.errors import UserError
from app.domain.purposes import is_decided_on
from app.domain.text import N_, Text
from app.domain.typed import LONGEST_LINE, line
from app.domain.vocabulary import CaseState, EndingKind
from app.services.examinations import ExaminationService, storable
from app.services.views import CaseView
from app.services.workplace import Workplace


class EndingService:
    """Ending and resuming are acts of their own: each is audited and travels."""

    def __init__(self, place: Workplace, examinations: ExaminationService) -> None:
        self._place = place
        self._examinations = examinations

    def end(self, case_id: str, ending: Mapping[str, Any], *, screen: str = "") -> CaseView:
        """draft → ended. What stands in the case stays, unfinished text too, for whoever resumes it.

        UserError: not a draft, a correction of a signed case, `served` where something has to be decided, or what the
        kind of ending needs is missing (`where`: its path).
        """
        from app.services.link_pull import require_not_revoked
        from app.storage import cases

        with self._place.begin() as work:
            record = self._examinations.draft(work.connection, case_id)
            if record.supersedes is not None:
                sentence = N_("Case {number} corrects a signed one. If the correction is not needed, discard it.")
                raise UserError(Text(sentence, {"number": record.number}))
            born = dates.parse_iso(get(record.document, "person.birth_date") or "")
            told = checked_ending(ending, self._place.clock.today(), born=born)
            if told["kind"] == EndingKind.SERVED and is_decided_on(record.document):
                sentence = N_("This case asks for more than a duplicate: the commission decides it.")
                raise UserError(Text(sentence), where=f"{ENDING}.kind")
            document = put(record.document, ENDING, told)
            old = get(record.document, ENDING)
            head = work.audit("case.ended", case_id=case_id, path=ENDING, old=old, new=told, screen=screen)
            cases.save(work, head, case_id, document, record.unfinished)
            cases.set_state(work, case_id, CaseState.ENDED)
            require_not_revoked(work.connection, self._place.user.id)
            work.emit("case.ended", {"ending": told}, case_id=case_id)
            work.commit()
        return self._examinations.open(case_id)

    def resume(self, case_id: str, reason: str) -> CaseView:
        """ended → draft, with the reason. UserError without one, or where the case was not ended."""
        from app.storage import cases

        why = line(storable(" ".join(reason.split())), where="reason", longest=LONGEST_LINE)
        if not why:
            raise UserError(Text(N_("A reason is needed to resume a case: say why in a few words.")), where="reason")
        with self._place.begin() as work:
            record = self._examinations.record(work.connection, case_id)
            if record.state is not CaseState.ENDED:
                sentence = N_("Case {number} can't be resumed: it was not ended.")
                raise UserError(Text(sentence, {"number": record.number}))
            ending = get(record.document, ENDING)
            head = work.audit("case.resumed", case_id=case_id, path=ENDING, old=ending, new=why)
            cases.set_state(work, case_id, CaseState.DRAFT)
            cases.save(work, head, case_id, put(record.document, ENDING, None), record.unfinished)
            work.emit("case.resumed", {"reason": why}, case_id=case_id)
            work.commit()
        return self._examinations.open(case_id)

    def postpone(self, case_id: str, postponed: Mapping[str, Any], *, screen: str = "") -> CaseView:
        """Put a draft off for more examination. It stays a draft and comes back by itself on the day.

        UserError for what is missing or a day that isn't ahead.
        """
        told = checked_postponement(postponed, self._place.clock.today())
        return self._examinations.set_field(case_id, POSTPONED, told, screen=screen)

    def take_up(self, case_id: str) -> CaseView:
        """Go on with a draft before the day to which it was put off."""
        return self._examinations.set_field(case_id, POSTPONED, None)
