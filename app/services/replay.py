"""The audit trail replayed from its beginning: what users, department and cases have to be, and what has to travel."""

from dataclasses import dataclass, field
from typing import Any

from app.domain import case_file, edits
from app.domain.errors import CheckFailed
from app.domain.text import N_, Text
from app.domain.vocabulary import CaseState
from app.services.paper_replay import PaperReplay
from app.storage import cases, protocols
from app.storage.unit_of_work import read_time


@dataclass(slots=True)
class Replayed:
    """A case as the audit trail tells it."""

    number: str
    supersedes: str | None
    document: dict[str, Any]
    unfinished: dict[str, str] = field(default_factory=dict)
    state: CaseState = CaseState.DRAFT
    changed_at: int = 0
    changed_seq: int = 0
    signed_seq: int = 0
    signed_event: int = 0
    never_signed_in: frozenset[str] = frozenset()
    """ids of users that nobody had signed in as when the case was signed"""
    placed: dict[str, str | int | None] = field(default_factory=dict)
    """person, trip, turn and queue, as `app.storage.cases.set_placed` wrote them"""


@dataclass(frozen=True, slots=True)
class Travelling:
    """What an audit row says of the event that was written with it."""

    kind: str
    actor: str
    case_id: str | None
    payload: dict[str, Any]

    def is_told_by(self, event: dict[str, Any]) -> bool:
        told = {key: event["payload"].get(key) for key in self.payload}
        told_by = (event["type"], event["actor"], event["case_id"], told)
        return told_by == (self.kind, self.actor, self.case_id, self.payload)


def travelling_with(record: dict[str, Any]) -> Travelling | None:
    action, new, case_id, actor = record["action"], record["new"], record["case_id"], record["actor"]
    match action:
        case "desk.created":
            return Travelling("user.added", actor, None, new["user"])
        case "user.added" | "document.printed" | "document.signed":
            return Travelling(action, actor, case_id, new)
        case "user.recovered":
            return Travelling(action, actor, None, {"id": record["path"]})
        case "attachment.added":
            return Travelling(action, actor, case_id, new)
        case (
            "desk.restored" | "edition.accepted" | "key.admitted" | "key.revoked" | "person.merged" | "person.separated"
        ):
            return Travelling(action, actor, None, new)
        case "department.changed":
            return Travelling(action, actor, None, {"department": new})
        case "paper.issued" | "paper.spoiled":
            return Travelling(action, actor, case_id, new)
        case "case.signed":
            return Travelling(action, actor, case_id, {"digest": new})
        case "case.superseded":
            return Travelling(action, actor, case_id, {"by": new})
        case "case.ended":
            return Travelling(action, actor, case_id, {"ending": new})
        case "case.resumed":
            return Travelling(action, actor, case_id, {"reason": new})
        case _:
            return None


class Replay:
    """What the records taken so far say. `users` by id, in the order of adding; `made_by` who added whom (ids);
    `criteria` what was accepted, admitted and revoked: action, who, when, and the record's words; `entries` what users
    keep beside cases, by path, with the row of the last change; `attachments` the copies of papers, by digest; `papers`
    the numbered blanks; `protocols` in the order of signing: year, number in it, case and row of the audit trail."""

    def __init__(self) -> None:
        self.cases: dict[str, Replayed] = {}
        self.users: dict[str, dict[str, Any]] = {}
        self.made_by: dict[str, str] = {}
        self.department: dict[str, Any] = {}
        self.criteria: list[tuple[str, str, str, dict[str, Any]]] = []
        self.entries: dict[str, tuple[dict[str, Any], int]] = {}
        self.attachments: dict[str, dict[str, Any]] = {}
        self.papers = PaperReplay()
        self.protocols: list[tuple[int, int, str, int]] = []
        self.to_travel: list[Travelling] = []
        self._signed_in: set[str] = set()
        self._entries: dict[int, int] = {}

    def take(self, seq: int, record: dict[str, Any]) -> None:
        """The next record; CheckFailed where it is of a case that was never begun."""
        travelling = travelling_with(record)
        if travelling is not None:
            self.to_travel.append(travelling)
        action, new, case_id = record["action"], record["new"], record["case_id"]
        match action:
            case "desk.created":
                self.department = new["department"]
                self.users[new["user"]["id"]] = new["user"]
            case "department.changed":
                self.department = new
            case "user.added":
                self.users[new["id"]] = new
                self.made_by[new["id"]] = record["actor"]
            case "edition.accepted" | "key.admitted" | "key.revoked":
                self.criteria.append((action, record["actor"], record["wall_time"], new))
            case "user.signed_in":
                self._signed_in.add(record["actor"])
            case "entry" if new is None:
                del self.entries[record["path"]]
            case "entry":
                self.entries[record["path"]] = new, seq
            case "attachment.stored":
                self.attachments[record["path"]] = new
            case "attachment.forgotten":
                del self.attachments[record["path"]]
            case "paper.issued" | "paper.spoiled":
                self.papers.take(seq, record)
            case "case.created" | "case.imported":
                self.cases[case_id] = Replayed(new["number"], new["supersedes"], new["document"])
                # Before there were persons, each case was of a person of its own.
                self.cases[case_id].placed["person_id"] = new.get("person", case_id)
                _stamp(self.cases[case_id], seq, record)
            case _ if case_id is not None:
                told = self.cases.get(case_id)
                if told is None:
                    sentence = N_("Audit trail: record {seq} is of a case that was never begun.")
                    raise CheckFailed(Text(sentence, {"seq": seq}))
                _replay_case(told, record)
                if action in _STAMPS:
                    _stamp(told, seq, record)
                if action == "case.signed":
                    told.signed_seq = seq
                    told.never_signed_in = frozenset(set(self.users) - self._signed_in)
                    year = protocols.year_of(read_time(record["wall_time"]))
                    self._entries[year] = self._entries.get(year, 0) + 1
                    self.protocols.append((year, self._entries[year], case_id, seq))
            case _:
                pass


# What a change of a case's row leaves in it; printing and superseding leave nothing.
_STAMPS = frozenset(
    {
        "field",
        "vote",
        "second_reading",
        "text",
        "undo",
        "redo",
        "unfinished",
        "case.decided",
        "case.reopened",
        "case.resumed",
        "case.signed",
        "case.ended",
        "case.discarded",
    }
)


def _stamp(told: Replayed, seq: int, record: dict[str, Any]) -> None:
    told.changed_seq, told.changed_at = seq, cases.microseconds(read_time(record["wall_time"]))


def _replay_case(told: Replayed, record: dict[str, Any]) -> None:
    path, new = record["path"], record["new"]
    match record["action"]:
        case "field" | "undo" | "redo" | "vote" | "second_reading":
            told.document = case_file.put(told.document, path, new)
            told.unfinished.pop(path, None)
        case "text":
            written = edits.apply(case_file.get(told.document, path), record["old"], new)
            told.document = case_file.put(told.document, path, written)
            told.unfinished.pop(path, None)
        case "unfinished" if new is None:
            told.unfinished.pop(path, None)
        case "unfinished":
            told.unfinished[path] = new
        case "case.decided":
            told.document = case_file.put(told.document, path, new)
            told.state = CaseState.DECIDED
        case "case.placed" if new is None:
            told.placed.pop(path, None)
        case "case.placed":
            told.placed[path] = new
        case "case.reopened":
            told.state = CaseState.DRAFT
        case "case.ended":
            told.document = case_file.put(told.document, path, new)
            told.state = CaseState.ENDED
        case "case.resumed":
            told.document = case_file.put(told.document, path, None)
            told.state = CaseState.DRAFT
        case "case.signed":
            told.state, told.unfinished = CaseState.SIGNED, {}
        case "case.superseded":
            told.state = CaseState.SUPERSEDED
        case "case.discarded":
            told.state = CaseState.DISCARDED
        case _:
            pass
