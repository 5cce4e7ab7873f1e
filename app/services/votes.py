"""The first vote (adr/0024): each member says group and period before seeing the others' votes and the proposal.

The only writer of `dossier.votes` and `dossier.vote`. Each write is an audit row `vote` with the votes in it; screens
get a vote's content only once all are in.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from app.domain import case_file, voting
from app.domain.errors import UserError
from app.domain.text import N_, Text
from app.domain.typed import LONGEST_LINE, line
from app.domain.vocabulary import Outcome
from app.services.examinations import ExaminationService, storable
from app.services.preferences import PreferenceService
from app.services.views import CaseView, Document
from app.services.workplace import Workplace

if TYPE_CHECKING:
    from app.storage.cases import CaseRecord
    from app.storage.chain import Head
    from app.storage.unit_of_work import UnitOfWork


_CHANGES: Final = ("field", "text", "undo", "redo")


@dataclass(frozen=True, slots=True, repr=False)
class Ballot:
    """What one member says. `login` and `passphrase` where the department asks for them."""

    member: int
    outcome: str
    period: dict[str, Any] | None = None
    reason: str = ""
    login: str = ""
    passphrase: str = ""


@dataclass(frozen=True, slots=True)
class LateChange:
    """What was changed after somebody had voted on it, and why."""

    path: str
    old: Any
    new: Any
    reason: str
    by: str
    at: datetime


class VoteService:
    """All of it on drafts alone."""

    def __init__(self, place: Workplace, examinations: ExaminationService, preferences: PreferenceService) -> None:
        self._place = place
        self._examinations = examinations
        self._preferences = preferences

    def cast(self, case_id: str, ballot: Ballot) -> CaseView:
        """One member's vote, or the same member's anew while the votes are not open. The last vote opens them.

        UserError: not a draft, no such member, outcome or period missing or wrong, a passphrase that is asked for and
        wrong, votes that are open already.
        """
        from app.storage.unit_of_work import written_time

        with self._place.begin() as work:
            record = self._examinations.draft(work.connection, case_id)
            if voting.is_opened(record.document):
                raise UserError(Text(N_("The votes are open. To vote again, begin the vote anew, with a reason.")))
            if self._preferences.procedure().blind_vote == "off" and not voting.has_begun(record.document):
                raise UserError(
                    Text(N_("This department takes no vote before the proposal. Its settings change that."))
                )
            vote = self._vote(record.document, ballot)
            self._confirm(ballot, vote["name"])
            vote["at"] = written_time(work.now)
            document, head = self._write(
                work, record, voting.VOTES, _with(record.document, vote), record.document, screen="vote"
            )
            if not voting.waiting(document):
                document, head = self._write(work, record, voting.OPENED, vote["at"], document, screen="vote")
            self._save(work, record, document, head)
        return self._examinations.open(case_id)

    def open_votes(self, case_id: str) -> CaseView:
        """Open votes that are all in without having been opened: a member who hadn't voted has left the commission.

        UserError where somebody still has to vote.
        """
        from app.storage.unit_of_work import written_time

        with self._place.begin() as work:
            record = self._examinations.draft(work.connection, case_id)
            left = [name for name in voting.waiting(record.document) if name]
            if left or not voting.has_begun(record.document) or voting.is_opened(record.document):
                raise UserError(Text(N_("The votes open by themselves with the last member's vote.")))
            moment = written_time(work.now)
            document, head = self._write(work, record, voting.OPENED, moment, record.document, screen="vote")
            self._save(work, record, document, head)
        return self._examinations.open(case_id)

    def again(self, case_id: str, reason: str) -> CaseView:
        """End the round and begin the vote anew. A round that was open stays in the dossier, one that was not stays
        in the audit trail alone. UserError without a reason or without votes."""
        from app.storage.unit_of_work import written_time

        why = line(storable(" ".join(reason.split())), where="reason", longest=LONGEST_LINE)
        if not why:
            raise UserError(Text(N_("Say in a few words why the members vote again.")), where="reason")
        with self._place.begin() as work:
            record = self._examinations.draft(work.connection, case_id)
            if not voting.has_begun(record.document):
                raise UserError(Text(N_("Nobody has voted yet.")))
            document = record.document
            opened = case_file.get(document, voting.OPENED)
            ended = {
                "votes": case_file.get(document, voting.VOTES) if opened else None,
                "opened": opened,
                "ended": written_time(work.now),
                "by": self._place.user.name,
                "reason": why,
            }
            earlier = [*(case_file.get(document, voting.EARLIER) or []), ended]
            for path, value in ((voting.EARLIER, earlier), (voting.OPENED, None), (voting.VOTES, None)):
                document, head = self._write(work, record, path, value, document, screen="vote", reason=why)
            self._save(work, record, document, head)
        return self._examinations.open(case_id)

    def late_changes(self, case_id: str) -> tuple[LateChange, ...]:
        """What was changed with a reason since anybody voted, in the order in which it was done."""
        from app.storage import users
        from app.storage.chain import AUDIT
        from app.storage.unit_of_work import read_time

        with self._place.database.reading() as connection:
            names = {user.id: user.name for user in users.everybody(connection)}
            return tuple(
                LateChange(
                    record["path"], record["old"], record["new"], record["reason"],
                    names.get(record["actor"], ""), read_time(record["wall_time"]),
                )
                for record in AUDIT.changes_of(connection, case_id)
                if record["action"] in _CHANGES and record.get("reason")
            )  # fmt: skip

    # --- inside ----------------------------------------------------------------------------------------------
    def _vote(self, document: Document, ballot: Ballot) -> dict[str, Any]:
        members = voting.commission(document)
        name = members[ballot.member].get("name") if 0 <= ballot.member < len(members) else None
        if not name:
            raise UserError(Text(N_("This member is not in the commission.")), where="examination.commission")
        established = ballot.outcome != Outcome.NOT_ESTABLISHED
        vote = {
            "member": ballot.member,
            "name": name,
            "outcome": case_file.check_field("decision.outcome", ballot.outcome),
            "period": case_file.check_field("decision.period", ballot.period) if established else None,
            "reason": storable(ballot.reason),
        }
        if vote["outcome"] is None:
            raise UserError(Text(N_("Choose what you vote for.")), where="outcome")
        if established and vote["period"] is None:
            raise UserError(Text(N_("Choose the period.")), where="period")
        checked = case_file.check_field(voting.VOTES, [vote])
        return dict(checked[0]) if isinstance(checked, list) else vote

    def _confirm(self, ballot: Ballot, name: str) -> None:
        from app.services.signing import confirm_as

        if self._preferences.procedure().vote_passphrase:
            confirm_as(self._place, ballot.login, ballot.passphrase, name, "passphrase")

    def _write(
        self,
        work: "UnitOfWork",
        record: "CaseRecord",
        path: str,
        value: object,
        document: Document,
        *,
        screen: str,
        reason: str = "",
    ) -> "tuple[Document, Head]":
        old = case_file.get(document, path)
        head = work.audit(
            "vote", case_id=record.id, path=path, old=old, new=value, screen=screen, reason=reason
        )  # fmt: skip
        return case_file.put(document, path, value), head

    def _save(self, work: "UnitOfWork", record: "CaseRecord", document: Document, head: "Head") -> None:
        from app.storage import cases

        cases.save(work, head, record.id, document, record.unfinished, columns=False)
        work.commit()


def _with(document: Document, vote: dict[str, Any]) -> list[dict[str, Any]]:
    """The votes with this one in the place of the same member's, in the order of the commission."""
    before = voting.vote_of(document, vote["member"])
    others = [given for given in case_file.get(document, voting.VOTES) or [] if given != before]
    return sorted([*others, vote], key=lambda given: int(given["member"]))
