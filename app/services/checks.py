"""The checks behind `saraptama verify`, from the chains outwards.

1. Each chain by itself: no hole, no changed record, each following from the one before.
2. The events name this installation and the audit trail's hashes: what travels anchors what stays. Each change that
   travels has its event, and the other way round.
3. Users, department and cases are what the audit trail, replayed from its beginning, says they are.
4. Each conclusion is what its event says, every signature under it holds, and the signed case equals it.

What can't be found here: sign-ins cut off from the end of the audit trail, and a whole older copy of the database put
in place of this one. The centre finds those, by the receipts it gave.
"""

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from app.crypto import digests, signing
from app.domain import case_file
from app.domain.errors import CheckFailed
from app.domain.text import N_, Text
from app.domain.vocabulary import CaseState
from app.services.founding import describe_department, describe_user
from app.storage import cases, conclusions, installation, users
from app.storage.chain import AUDIT, EVENTS

if TYPE_CHECKING:
    from app.storage.conclusions import ConclusionRow
    from app.storage.database import Connection


@dataclass(slots=True)
class _Replayed:
    """A case as the audit trail tells it."""

    number: str
    supersedes: str | None
    document: dict[str, Any]
    unfinished: dict[str, str] = field(default_factory=dict)
    state: CaseState = CaseState.DRAFT


# Events that no audit row of their own stands for: they go with the event after them.
_ALONE = frozenset({"installation.created", "decision.overridden", "clock.jumped"})


@dataclass(frozen=True, slots=True)
class _Travelling:
    """What an audit row says of the event that was written with it."""

    kind: str
    case_id: str | None
    payload: dict[str, Any]

    def is_told_by(self, event: dict[str, Any]) -> bool:
        told = {key: event["payload"].get(key) for key in self.payload}
        return (event["type"], event["case_id"], told) == (self.kind, self.case_id, self.payload)


def _travelling(record: dict[str, Any]) -> _Travelling | None:
    action, new, case_id = record["action"], record["new"], record["case_id"]
    match action:
        case "desk.created":
            return _Travelling("user.added", None, new["user"])
        case "user.added" | "document.printed":
            return _Travelling(action, case_id, new)
        case "user.recovered":
            return _Travelling(action, None, {"id": record["path"]})
        case "department.changed":
            return _Travelling(action, None, {"department": new})
        case "case.signed":
            return _Travelling(action, case_id, {"digest": new})
        case "case.superseded":
            return _Travelling(action, case_id, {"by": new})
        case _:
            return None


class Checker:
    """One run over one database. `audit` and `events` count what was found whole."""

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection
        self.audit = 0
        self.events = 0
        self._hashes: list[str] = []
        self._cases: dict[str, _Replayed] = {}
        self._users: dict[str, dict[str, Any]] = {}
        self._department: dict[str, Any] = {}
        self._signed_events: dict[str, dict[str, Any]] = {}
        self._to_travel: list[_Travelling] = []

    def check(self) -> None:
        """CheckFailed with a sentence that says what is broken and where, at the first thing that is."""
        try:
            self._check_audit()
            self._check_events()
            self._check_desk()
            self._check_cases()
            self._check_conclusions()
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            sentence = N_("After record {seq} of the audit trail something is not in the form that Saraptama writes.")
            raise _failed(sentence, seq=self.audit) from error

    def _check_audit(self) -> None:
        for head, record in AUDIT.walk(self._connection):
            self._hashes.append(head.hash)
            self._replay(head.seq, record)
            travelling = _travelling(record)
            if travelling is not None:
                self._to_travel.append(travelling)
            self.audit = head.seq

    def _check_events(self) -> None:
        identity = installation.identity(self._connection)
        expected = iter(self._to_travel)
        for head, event in EVENTS.walk(self._connection):
            if (event["device"], event["incarnation"]) != (identity.device, identity.incarnation):
                raise _failed(N_("Event log: record {seq} is of another installation."), seq=head.seq)
            payload = event["payload"]
            anchor = payload["audit_head"]
            if not 1 <= anchor["seq"] <= self.audit or self._hashes[anchor["seq"] - 1] != anchor["hash"]:
                sentence = N_("The audit trail is not the one that record {seq} of the event log names.")
                raise _failed(sentence, seq=head.seq)
            if event["type"] == "installation.created" and payload["device_public"] != identity.device_public.hex():
                raise _failed(N_("Event log: record {seq} is of another installation."), seq=head.seq)
            if event["type"] == "case.signed":
                self._signed_events[event["case_id"]] = payload
            if event["type"] not in _ALONE:
                wanted = next(expected, None)
                if wanted is None or not wanted.is_told_by(event):
                    raise _failed(N_("Record {seq} of the event log is not what the audit trail tells."), seq=head.seq)
            self.events = head.seq
        left = next(expected, None)
        if left is not None:
            raise _failed(N_("The event log ends too early: record {seq} is missing."), seq=self.events + 1)
        if signing.public_key(identity.device_seed) != identity.device_public:
            raise _failed(N_("The device's key is not the one of this installation."))

    def _check_desk(self) -> None:
        stored = {user.id: describe_user(user) for user in users.everybody(self._connection)}
        for user_id in sorted(set(stored) | set(self._users)):
            if stored.get(user_id) != self._users.get(user_id):
                raise _failed(N_("User {id} is not as recorded when added."), id=user_id)
        if describe_department(installation.department(self._connection)) != self._department:
            raise _failed(N_("The department is not as it was recorded."))

    def _check_cases(self) -> None:
        found = 0
        for record in cases.every(self._connection):
            found += 1
            told = self._cases.get(record.id)
            if told is None:
                raise _failed(N_("Case {number} is not in the audit trail."), number=record.number)
            same = (
                (told.number, told.supersedes, told.state) == (record.number, record.supersedes, record.state)
                and told.document == record.document
                and told.unfinished == record.unfinished
            )
            if not same:
                raise _failed(N_("Case {number} was changed outside of the audit trail."), number=record.number)
        if found != len(self._cases):
            raise _failed(N_("{n} cases of the audit trail are not in the database."), n=len(self._cases) - found)
        for number in cases.wrongly_listed(self._connection):
            raise _failed(N_("Case {number} is listed with other data than it holds."), number=number)

    def _check_conclusions(self) -> None:
        concluded = set()
        for row in conclusions.every(self._connection):
            concluded.add(row.case_id)
            self._check_conclusion(row)
        signed = {key for key, told in self._cases.items() if told.state in (CaseState.SIGNED, CaseState.SUPERSEDED)}
        for case_id in sorted(signed ^ concluded | signed ^ set(self._signed_events)):
            number = self._cases[case_id].number if case_id in self._cases else case_id
            raise _failed(N_("Case {number}: the conclusion, the state and the event log disagree."), number=number)

    def _check_conclusion(self, row: "ConclusionRow") -> None:
        record, seal = json.loads(row.record), json.loads(row.seal)
        number = record["number"]
        digest = digests.digest(digests.CONCLUSION, row.record)
        if digest != row.digest or seal["digest"] != digests.written(digest):
            raise _failed(N_("The conclusion {number} was changed after it was signed."), number=number)
        event = self._signed_events.get(row.case_id)
        if event is None or (event["record"], event["seal"]) != (row.record.decode(), row.seal.decode()):
            raise _failed(N_("The conclusion {number} is not the one in the event log."), number=number)
        if event["digest"] != seal["digest"] or event["number"] != number:
            raise _failed(N_("The conclusion {number} is not the one in the event log."), number=number)
        told = self._cases.get(row.case_id)
        if told is None or record["case_id"] != row.case_id or told.document != record["case"] or told.number != number:
            raise _failed(N_("The signed case {number} is not the one in its conclusion."), number=number)
        self._check_signatures(number, digest, record, seal)

    def _check_signatures(self, number: str, digest: bytes, record: dict[str, Any], seal: dict[str, Any]) -> None:
        commission = record["case"]["examination"]["commission"]
        if [entry["member"] for entry in seal["signatures"]] != list(range(len(commission))):
            raise _failed(N_("Under the conclusion {number} a signature is missing."), number=number)
        for entry, member in zip(seal["signatures"], commission, strict=True):
            user = self._users.get(entry["user"])
            key = bytes.fromhex(entry["public_key"])
            valid = signing.verify(key, signing.CONCLUSION, digest, bytes.fromhex(entry["signature"]))
            if (
                user is None
                or user["public_key"] != entry["public_key"]
                or entry["name"] != member["name"]
                or not valid
            ):
                sentence = N_("Under the conclusion {number} the signature of {name} does not hold.")
                raise _failed(sentence, number=number, name=member["name"])
        identity, device = installation.identity(self._connection), seal["device"]
        valid = signing.verify(identity.device_public, signing.CONCLUSION, digest, bytes.fromhex(device["signature"]))
        if device["id"] != identity.device or device["public_key"] != identity.device_public.hex() or not valid:
            raise _failed(N_("Under the conclusion {number} the device's signature does not hold."), number=number)

    def _replay(self, seq: int, record: dict[str, Any]) -> None:
        action, new, case_id = record["action"], record["new"], record["case_id"]
        match action:
            case "desk.created":
                self._department = new["department"]
                self._users[new["user"]["id"]] = new["user"]
            case "department.changed":
                self._department = new
            case "user.added":
                self._users[new["id"]] = new
            case "case.created" | "case.imported":
                self._cases[case_id] = _Replayed(new["number"], new["supersedes"], new["document"])
            case _ if case_id is not None:
                told = self._cases.get(case_id)
                if told is None:
                    raise _failed(N_("Audit trail: record {seq} is of a case that was never begun."), seq=seq)
                _replay_case(told, record)
            case _:
                pass


def _replay_case(told: _Replayed, record: dict[str, Any]) -> None:
    path, new = record["path"], record["new"]
    match record["action"]:
        case "field":
            told.document = case_file.put(told.document, path, new)
            told.unfinished.pop(path, None)
        case "unfinished" if new is None:
            told.unfinished.pop(path, None)
        case "unfinished":
            told.unfinished[path] = new
        case "case.decided":
            told.document = case_file.put(told.document, path, new)
            told.state = CaseState.DECIDED
        case "case.reopened":
            told.state = CaseState.DRAFT
        case "case.signed":
            told.state, told.unfinished = CaseState.SIGNED, {}
        case "case.superseded":
            told.state = CaseState.SUPERSEDED
        case "case.discarded":
            told.state = CaseState.DISCARDED
        case _:
            pass


def _failed(sentence: str, **params: object) -> CheckFailed:
    return CheckFailed(Text(sentence, params))
