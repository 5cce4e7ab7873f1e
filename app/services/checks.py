"""The checks behind `saraptama verify`, from the chains outwards.

1. Each chain by itself: no hole, no changed record, each following from the one before.
2. The events name this installation and the audit trail's hashes: what travels anchors what stays. Each change that
   travels has its event, and the other way round.
3. Users, department, cases, accepted editions and their keys, numbered blanks, imported classifiers and the journal
   of protocols are what the audit trail, replayed from its beginning, says they are.
4. Each conclusion is what its event says, every signature under it holds, and the signed case equals it.

5. The file's pages, tables, indexes and triggers are those that the program made.

What can't be found here, before anything is anchored outside this laptop. Whoever can sign in holds the database's key
and the device's key, and can rewrite what came after the last event or conclusion that another user's key signed:
above all their own newest work and rows of drafts. What others signed holds the chains up to there: each event is
signed by its actor's key, each conclusion by every member's, over both chains' heads. Exchanging another user's public
key everywhere is found at that user's next sign-in, whose own key then doesn't fit. A whole older copy of the data
directory, and records cut off from the end together with what they changed, look whole. The centre finds those, by the
receipts it gave.
"""

import hashlib
import json
from typing import TYPE_CHECKING, Any

from app.crypto import digests, signing
from app.crypto.pack_signature import verify
from app.crypto.records import device_statement, member_statement, signed_part
from app.domain import brought, case_file
from app.domain.errors import CheckFailed
from app.domain.text import N_, Text
from app.domain.vocabulary import CaseState
from app.domain.voting import DIFFERS
from app.services.attachments import describe_attachment
from app.services.classifier_tables import check_classified
from app.services.edition_list import describe_admitted, describe_edition, describe_revoked
from app.services.founding import describe_department, describe_user
from app.services.journal_checks import check_papers, check_protocols
from app.services.replay import Replay, Replayed
from app.storage import (
    attachments,
    cases,
    conclusions,
    editions,
    entries,
    installation,
    link,
    persons,
    soundness,
    users,
)
from app.storage.chain import AUDIT, EVENTS
from app.storage.unit_of_work import written_time

if TYPE_CHECKING:
    from app.storage.conclusions import ConclusionRow
    from app.storage.database import Connection


_PLACED = ("person_id", "trip_id", "turn", "queue")
# Events that no audit row of their own stands for: they go with the event after them.
_ALONE = frozenset({"installation.created", "decision.overridden", "clock.jumped"})


class Checker:
    """One run over one database. `audit` and `events` count what was found whole."""

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection
        self.audit = 0
        self.events = 0
        self._hashes: list[str] = []
        self._events: list[str] = []
        self._told = Replay()
        self._signed_events: dict[str, dict[str, Any]] = {}

    def check(self) -> None:
        """CheckFailed with a sentence that says what is broken and where, at the first thing that is."""
        try:
            soundness.check_pages(self._connection)
            self._check_audit()
            self._check_events()
            self._check_desk()
            self._check_criteria()
            self._check_cases()
            self._check_entries()
            check_classified(self._connection, self._told)
            self._check_attachments()
            self._check_published()
            check_protocols(self._connection, self._told)
            check_papers(self._connection, self._told)
            self._check_conclusions()
            soundness.check_schema(self._connection)
        except (KeyError, IndexError, TypeError, ValueError, AttributeError, OverflowError) as error:
            sentence = N_("After record {seq} of the audit trail something is not in the form that Saraptama writes.")
            raise _failed(sentence, seq=self.audit) from error

    def _check_audit(self) -> None:
        for head, record in AUDIT.walk(self._connection):
            self._hashes.append(head.hash)
            self._told.take(head.seq, record)
            self.audit = head.seq

    def _check_events(self) -> None:
        identity = installation.identity(self._connection)
        incarnation = None
        expected = iter(self._told.to_travel)
        overridden: dict[str, Any] | None = None
        for head, event in EVENTS.walk(self._connection):
            if event["type"] == "desk.restored":
                before = event["payload"]["before"]
                if (before["incarnation"], before["seq"]) != (incarnation, head.seq - 1):
                    raise _failed(N_("Event log: record {seq} is of another installation."), seq=head.seq)
                incarnation = event["payload"]["incarnation"]
            incarnation = incarnation or event["incarnation"]
            if (event["device"], event["incarnation"]) != (identity.device, incarnation):
                raise _failed(N_("Event log: record {seq} is of another installation."), seq=head.seq)
            if (event["type"] == "installation.created") != (head.seq == 1):
                raise _failed(N_("Event log: it does not begin with the making of this installation."))
            self._check_event_signatures(head.seq, event, identity.device_public)
            payload = event["payload"]
            anchor = payload["audit_head"]
            if not 1 <= anchor["seq"] <= self.audit or self._hashes[anchor["seq"] - 1] != anchor["hash"]:
                sentence = N_("The audit trail is not the one that record {seq} of the event log names.")
                raise _failed(sentence, seq=head.seq)
            if event["type"] == "installation.created" and payload["device_public"] != identity.device_public.hex():
                raise _failed(N_("Event log: record {seq} is of another installation."), seq=head.seq)
            if event["type"] == "case.signed":
                if not _tells_override(overridden, event):
                    raise _failed(N_("Record {seq} of the event log is not what the audit trail tells."), seq=head.seq)
                self._signed_events[event["case_id"]] = payload
                self._told.cases[event["case_id"]].signed_event = head.seq
            if event["type"] not in _ALONE:
                wanted = next(expected, None)
                if wanted is None or not wanted.is_told_by(event):
                    raise _failed(N_("Record {seq} of the event log is not what the audit trail tells."), seq=head.seq)
            if event["type"] != "clock.jumped":
                overridden = event if event["type"] == "decision.overridden" else None
            self._events.append(head.hash)
            self.events = head.seq
        if not self.events:
            raise _failed(N_("Event log: it does not begin with the making of this installation."))
        if incarnation != identity.incarnation:
            raise _failed(N_("The event log is not that of this life of the installation."))
        left = next(expected, None)
        if left is not None:
            raise _failed(N_("The event log ends too early: record {seq} is missing."), seq=self.events + 1)
        if signing.public_key(identity.device_seed) != identity.device_public:
            raise _failed(N_("The device's key is not the one of this installation."))

    def _check_event_signatures(self, seq: int, event: dict[str, Any], device: bytes) -> None:
        message, actor = signed_part(event), self._told.users[event["actor"]]
        keys = {"device": device, "actor": bytes.fromhex(actor["public_key"])}
        if set(event["signatures"]) != set(keys):
            raise _failed(N_("Event log: a signature of record {seq} is missing."), seq=seq)
        for name, key in keys.items():
            if not signing.verify(key, signing.EVENT, message, bytes.fromhex(event["signatures"][name])):
                raise _failed(N_("Event log: a signature of record {seq} does not hold."), seq=seq)

    def _check_desk(self) -> None:
        stored = {user.id: describe_user(user) for user in users.everybody(self._connection)}
        for user_id in sorted(set(stored) | set(self._told.users)):
            if stored.get(user_id) != self._told.users.get(user_id):
                raise _failed(N_("User {id} is not as recorded when added."), id=user_id)
        if users.ordinals(self._connection) != tuple((user_id, n) for n, user_id in enumerate(self._told.users, 1)):
            raise _failed(N_("The users are not in the order in which they were added."))
        if describe_department(installation.department(self._connection)) != self._told.department:
            raise _failed(N_("The department is not as it was recorded."))

    def _check_criteria(self) -> None:
        """Editions and keys are those that the administrator of this desk took in, and each edition is whole."""
        administrator = next(iter(self._told.users), None)
        if any(actor != administrator for _, actor, _, _ in self._told.criteria):
            raise _failed(
                N_("Editions or keys of the criteria were changed by somebody else than who set this desk up.")
            )
        stored = [
            *(("edition.accepted", row.installed_by, written_time(row.installed_at), describe_edition(row))
              for row in editions.accepted(self._connection)),
            *(("key.admitted", row.admitted_by, written_time(row.admitted_at), describe_admitted(row))
              for row in editions.admitted(self._connection)),
            *(("key.revoked", row.revoked_by, written_time(row.revoked_at), describe_revoked(row))
              for row in editions.revoked(self._connection)),
        ]  # fmt: skip
        # Sorting is stable: each table keeps its order.
        if stored != sorted(self._told.criteria, key=lambda told: told[0]) or not editions.without_holes(
            self._connection
        ):
            raise _failed(N_("The editions of the criteria or their keys are not as the audit trail tells."))
        for row in editions.accepted(self._connection):
            files = editions.files(self._connection, row.ordinal)
            manifest = files.pop("manifest.json")
            objection = verify((row.public_key,))(manifest, files.pop("manifest.sig"))
            found = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
            whole = f"sha256:{hashlib.sha256(manifest).hexdigest()}" == row.digest
            if objection is not None or not whole or found != json.loads(manifest)["files"]:
                raise _failed(N_("The edition {version} is not the one that was accepted."), version=row.version)

    def _check_entries(self) -> None:
        stored = {path: (record, seq) for path, record, seq in entries.every(self._connection)}
        for path in sorted(set(stored) | set(self._told.entries)):
            if stored.get(path) != self._told.entries.get(path):
                raise _failed(N_("The entry {path} was changed outside of the audit trail."), path=path)

    def _check_attachments(self) -> None:
        """Each copy of a paper is what its name says, was stored by somebody, and is there where a case names it."""
        found = set()
        for row in attachments.every(self._connection):
            found.add(row.digest)
            if self._told.attachments.get(row.digest) != describe_attachment(row):
                raise _failed(N_("The copy {digest} was changed outside of the audit trail."), digest=row.digest[:16])
        named = {
            entry["digest"]
            for told in self._told.cases.values()
            for entry in case_file.get(told.document, brought.ATTACHMENTS) or ()
        }
        for digest in sorted((set(self._told.attachments) | named) - found):
            raise _failed(N_("The copy {digest} of a paper is not in the database."), digest=digest[:16])

    def _check_published(self) -> None:
        """What is kept of what the centre published is what its name says; what is missing is fetched again."""
        for sha256, content in link.every_item(self._connection):
            told = self._told.entries.get(f"{link.ITEM}/{sha256}")
            if told is None or hashlib.sha256(content).hexdigest() != sha256:
                sentence = N_("A list of the centre was changed outside of the audit trail: {digest}.")
                raise _failed(sentence, digest=sha256[:16])

    def _check_cases(self) -> None:
        found = 0
        for record in cases.every(self._connection):
            found += 1
            told = self._told.cases.get(record.id)
            if told is None:
                raise _failed(N_("Case {number} is not in the audit trail."), number=record.number)
            same = (
                (told.number, told.supersedes, told.state) == (record.number, record.supersedes, record.state)
                and told.document == record.document
                and told.unfinished == record.unfinished
                and told.placed == {key: value for key in _PLACED if (value := getattr(record, key)) is not None}
            )
            if not same:
                raise _failed(N_("Case {number} was changed outside of the audit trail."), number=record.number)
        if found != len(self._told.cases):
            raise _failed(N_("{n} cases of the audit trail are not in the database."), n=len(self._told.cases) - found)
        for case_id, number, year, ordinal, changed_at, changed_seq in cases.stamps(self._connection):
            told = self._told.cases[case_id]
            if (changed_at, changed_seq) != (told.changed_at, told.changed_seq):
                raise _failed(N_("Case {number} names another last change than the audit trail does."), number=number)
            if number.split("/")[1:] != [str(year), f"{ordinal:06}"]:
                raise _failed(N_("Case {number} is listed with other data than it holds."), number=number)
        for number in cases.wrongly_listed(self._connection):
            raise _failed(N_("Case {number} is listed with other data than it holds."), number=number)
        if cases.miscounted(self._connection):
            raise _failed(N_("The numbers of cases by state are not those of the cases."))
        for person_id in persons.wrongly_listed(self._connection):
            raise _failed(N_("Person {id} is listed with other data than the newest case holds."), id=person_id)

    def _check_conclusions(self) -> None:
        concluded = set()
        for row in conclusions.every(self._connection):
            concluded.add(row.case_id)
            self._check_conclusion(row)
        signed = {
            key for key, told in self._told.cases.items() if told.state in (CaseState.SIGNED, CaseState.SUPERSEDED)
        }
        for case_id in sorted(signed ^ concluded | signed ^ set(self._signed_events)):
            number = self._told.cases[case_id].number if case_id in self._told.cases else case_id
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
        told = self._told.cases.get(row.case_id)
        if told is None or record["case_id"] != row.case_id or told.document != record["case"] or told.number != number:
            raise _failed(N_("The signed case {number} is not the one in its conclusion."), number=number)
        self._check_heads(number, told, seal)
        self._check_signatures(number, told, record, seal)

    def _check_heads(self, number: str, told: Replayed, seal: dict[str, Any]) -> None:
        """What the members signed stands on the chains as they are now."""
        audit, events = seal["audit_head"], seal["event_head"]
        if audit["seq"] != told.signed_seq - 1 or self._hashes[audit["seq"] - 1] != audit["hash"]:
            raise _failed(N_("The audit trail is not the one that the members signed with {number}."), number=number)
        if not 1 <= events["seq"] < told.signed_event or self._events[events["seq"] - 1] != events["hash"]:
            raise _failed(N_("The event log is not the one that the members signed with {number}."), number=number)

    def _check_signatures(self, number: str, told: Replayed, record: dict[str, Any], seal: dict[str, Any]) -> None:
        commission = record["case"]["examination"]["commission"]
        if [entry["member"] for entry in seal["signatures"]] != list(range(len(commission))):
            raise _failed(N_("Under the conclusion {number} a signature is missing."), number=number)
        present = {entry["user"] for entry in seal["signatures"]}
        for entry, member in zip(seal["signatures"], commission, strict=True):
            user = self._told.users.get(entry["user"])
            key = bytes.fromhex(entry["public_key"])
            statement = member_statement(seal, entry)
            valid = signing.verify(key, signing.CONCLUSION, statement, bytes.fromhex(entry["signature"]))
            if user is None or not valid:
                as_recorded = False
            else:
                maker = self._told.made_by.get(entry["user"]) if entry["user"] in told.never_signed_in else None
                as_recorded = (
                    (user["public_key"], user["login"]) == (entry["public_key"], entry["login"])
                    and (entry["name"], entry["role"]) == (member["name"], member["role"])
                    and entry["signed_at"] == record["signed_at"]
                    and entry["account_by"] == (self._told.users[maker]["name"] if maker and maker in present else None)
                )
            if not as_recorded:
                sentence = N_("Under the conclusion {number} the signature of {name} does not hold.")
                raise _failed(sentence, number=number, name=member["name"])
        identity, device = installation.identity(self._connection), seal["device"]
        signature = bytes.fromhex(device["signature"])
        valid = signing.verify(identity.device_public, signing.CONCLUSION, device_statement(seal), signature)
        if device["id"] != identity.device or device["public_key"] != identity.device_public.hex() or not valid:
            raise _failed(N_("Under the conclusion {number} the device's signature does not hold."), number=number)


def _tells_override(before: dict[str, Any] | None, signed: dict[str, Any]) -> bool:
    """Whether the event before a signing tells that the commission decided otherwise, exactly where the record does."""
    payload = signed["payload"]
    record = json.loads(payload["record"])
    proposal = record["proposal"]["en"]
    if not any(conflict["code"] == DIFFERS for conflict in proposal["conflicts"]):
        return before is None
    if before is None or before["case_id"] != signed["case_id"]:
        return False
    told = {"digest": payload["digest"], "proposed": proposal["outcome"], "decision": record["case"]["decision"]}
    return all(before["payload"][key] == value for key, value in told.items())


def _failed(sentence: str, **params: object) -> CheckFailed:
    return CheckFailed(Text(sentence, params))
