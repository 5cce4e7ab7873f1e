"""Sending over the network: the log's records after the newest receipt, then the copies that cases name.

What the centre answers is handled as the table of `link.md` says; nothing here is believed that it didn't sign.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from app.domain.errors import KnownError
from app.domain.text import N_, Text
from app.services import link_store as store
from app.services import link_words as words
from app.services.link_log import Pace, identity, read_batch
from app.services.link_status import lacking, missing_copies
from app.services.link_views import Progress, Report
from app.services.workplace import Workplace
from app.storage import entries, installation, link
from app.storage.chain import AUDIT, EVENTS
from app.sync import admission, pieces, told, wire
from app.sync.client import Client, TooMuch

if TYPE_CHECKING:
    from app.services.link_store import Linked
    from app.storage.unit_of_work import UnitOfWork

_SENDING: Final = N_("Sending the records")
_COPYING: Final = N_("Sending the copies of papers")
_ASKING: Final = N_("Asking the centre what it holds")
_ODD: Final = N_("The centre's answer can't be understood: its program may be newer. Nothing was taken as delivered.")
_NO_PROGRESS: Final = N_("The centre asks for the same records again and again. Call the centre.")
_TOO_LARGE: Final = N_("A single record is too large for this connection. Take the stick.")
_MOST_REWINDS: Final = 5
_TRIES: Final = 8
_MOST_LIVES: Final = 8
"""earlier lives of a log that are asked for in one exchange"""
_UNNAMED: Final = frozenset({"unnamed"})
_LASTING: Final = frozenset({"device_unknown", "device_revoked", "code", "full", "chain"})
"""reasons of a refusal that a person has to do something about"""


class Stopped(KnownError):
    """The exchange ends here, with a sentence; what was confirmed until then counts."""


@dataclass(slots=True)
class Sent:
    """What came of sending."""

    events: int = 0
    copies: int = 0
    heard: bool = False
    """whether the centre said what it holds of this log"""
    remarks: list[Text] = field(default_factory=list)


class Push:
    """One exchange's sending. `centre` is read anew where the certificate arrives."""

    def __init__(self, place: Workplace, centre: "Linked", client: Client, report: Report) -> None:
        self._place, self._centre, self._client, self._report = place, centre, client, report
        self.sent = Sent()
        self._pace, self._again = Pace(), False

    # --- who we are -------------------------------------------------------------------------------------------
    def introduce(self) -> None:
        """Enrol, where the centre hasn't certified this laptop yet. Stopped where it refuses."""
        if self._centre.certificate is not None:
            return
        from app.services.founding import describe_department

        with self._place.database.reading() as connection:
            who, row = installation.identity(connection), installation.department(connection)
        asked = admission.enrolment(who.device_seed, who.incarnation, describe_department(row), self._centre.code)
        answer = self._ask("POST", "/v1/enrolments", admission.sealed(asked, self._centre.seal_key))
        certificate = answer.get("certificate")
        try:
            if admission.read_certificate(str(certificate).encode(), self._centre.sign_key).device != who.device:
                raise ValueError("of another laptop")
        except ValueError as error:
            raise Stopped(Text(_ODD)) from error
        self._write(lambda work: self._certified(work, str(certificate)))

    def _certified(self, work: "UnitOfWork", certificate: str) -> None:
        self._centre = replace(self._centre, certificate=certificate)
        store.put_centre(work, self._centre)

    # --- records ----------------------------------------------------------------------------------------------
    def compare(self) -> None:
        """Ask how far the centre has this log. Stopped where it has more than this laptop."""
        self._report(Progress(Text(_ASKING), 0, 0))
        who = identity(self._place)
        with self._place.database.reading() as connection:
            begins = next((life.first for life in link.lives(connection) if life.incarnation == who.incarnation), 1)
            known = store.delivered(connection)
            at = EVENTS.hash_at(connection, known) if known >= begins else None
        ours = f"?seq={known}&hash={at}" if at else ""  # of several lines under one name, ours is asked for
        answer = self._ask("GET", f"/v1/incarnations/{who.incarnation}{ours}")
        self._take(answer)
        last, head_hash = answer.get("last_seq"), str(answer.get("head_hash") or "")
        if type(last) is not int or last < 0:
            return
        with self._place.database.reading() as connection:
            head, own = EVENTS.head(connection), EVENTS.hash_at(connection, last)
        if last > head.seq:
            self._write(lambda work: store.put_one(work, store.AHEAD, {"seq": last, "hash": head_hash}))
            raise Stopped(Text(words.AHEAD))
        if last < known and known >= begins and (last == 0 or own == head_hash):
            # It once gave a receipt for more: it was restored from an old copy.
            self._lost(max(last, begins - 1))

    def earlier(self) -> None:
        """Ask how the earlier lives of this log stand: what the centre waits for of them it says nowhere else."""
        with self._place.database.reading() as connection:
            lives, known = link.lives(connection)[:-1][-_MOST_LIVES:], store.delivered(connection)
            asked = [(life.incarnation, seq, EVENTS.hash_at(connection, seq))
                     for life in lives if life.first <= (seq := min(life.last, known))]  # fmt: skip
        for incarnation, seq, value in asked:
            self._take(self._ask("GET", f"/v1/incarnations/{incarnation}?seq={seq}&hash={value}"))

    def records(self) -> None:
        """Send every record without a receipt, batch by batch."""
        rewinds = 0
        with self._place.database.reading() as connection:
            seq, head = store.delivered(connection), EVENTS.head(connection).seq
        begin = seq
        while seq < head:
            self._report(Progress(Text(_SENDING), seq - begin, head - begin))
            batch = read_batch(self._place, seq, self._pace.events, self._pace.size)
            if batch is None:
                break
            try:
                answer = self._send("POST", f"/v1/incarnations/{batch.incarnation}/batches",
                                    wire.sealed(batch, self._centre.seal_key))  # fmt: skip
            except TooMuch as error:
                if not self._pace.refused(len(batch.events)):
                    raise Stopped(Text(_TOO_LARGE)) from error
                continue
            match answer.get("answer"):
                case told.STORED | told.ALREADY:
                    self._confirmed(answer, batch)
                    self.sent.events += len(batch.events)
                    seq = batch.last_seq
                case told.EXPECTED if Text(words.FORKED) in self.sent.remarks:
                    break  # what follows a line that is kept aside waits with it
                case told.EXPECTED:
                    rewinds += 1
                    seq = self._rewound(answer, batch, rewinds)
                    begin = min(begin, seq)
                case told.FORK:
                    self._forked(answer, batch)
                    seq = batch.last_seq
                case _:
                    raise Stopped(Text(_ODD))

    def _confirmed(self, answer: Mapping[str, Any], batch: wire.Batch) -> None:
        """Delivered only by a receipt that holds and names our own hash."""
        taken = self._take(answer)
        if taken is None or not taken.ours or taken.receipt.upto_seq < batch.last_seq:
            if taken is not None and taken.ahead:
                if batch.incarnation != identity(self._place).incarnation:
                    return  # the next life's receipt vouches for this one too
                self._write(lambda work: store.put_one(work, store.AHEAD, {"seq": taken.receipt.upto_seq}))
                raise Stopped(Text(words.AHEAD))
            raise Stopped(Text(_ODD))

    def _rewound(self, answer: Mapping[str, Any], batch: wire.Batch, rewinds: int) -> int:
        """From where to send again; Stopped where the centre expects what this laptop doesn't have."""
        expected = answer.get("expected_seq")
        self._take(answer)
        if type(expected) is not int or expected < 1:
            raise Stopped(Text(_ODD))
        with self._place.database.reading() as connection:
            head, known = EVENTS.head(connection).seq, store.delivered(connection)
        if expected > head + 1:
            self._write(lambda work: store.put_one(work, store.AHEAD, {"seq": expected - 1}))
            raise Stopped(Text(words.AHEAD))
        if expected == batch.first_seq or rewinds > _MOST_REWINDS:
            raise Stopped(Text(_NO_PROGRESS))
        if expected <= known:
            self._lost(expected - 1)
        return expected - 1

    def _lost(self, seq: int) -> None:
        self._write(lambda work: store.fall_back(work, seq))
        self.sent.remarks.append(Text(words.RESTORED, {"seq": seq}))

    def _forked(self, answer: Mapping[str, Any], batch: wire.Batch) -> None:
        """The centre keeps these records aside. They stay here too, and are sent until somebody there adopts them."""
        self._take(answer)

        def write(work: "UnitOfWork") -> None:
            known = store.one(work.connection, store.FORK)
            first = min(known.get("first_seq", batch.first_seq), batch.first_seq)
            last = max(known.get("upto_seq", 0), batch.last_seq)
            store.put_one(work, store.FORK, {"incarnation": batch.incarnation, "first_seq": first, "upto_seq": last})

        self._write(write)
        sentence = Text(words.FORKED)
        if sentence not in self.sent.remarks:
            self.sent.remarks.append(sentence)

    # --- copies of papers -------------------------------------------------------------------------------------
    def copies(self, *, metered: bool) -> None:
        """Send the copies that signed and ended cases name, each from where the centre has it."""
        with self._place.database.reading() as connection:
            upto, missing = AUDIT.head(connection).seq, missing_copies(connection)
            asked_for = lacking(connection, self._centre)
        if metered and (missing or asked_for):
            self.sent.remarks.append(Text(words.METERED, {"n": len(missing) + len(asked_for)}))
            return
        whole = True
        for at, copy in enumerate(missing):
            self._report(Progress(Text(_COPYING), at, len(missing)))
            if self._copy(copy):
                self.sent.copies += 1
                self._write(partial(_arrived, copy=copy))
            else:
                whole = False
        if missing and whole:
            self._write(lambda work: store.put_one(work, store.ATTACHED, {"changed": upto}))
        for life, copy in asked_for:
            self.sent.copies += self._to(life, copy) is True

    def _copy(self, copy: link.Copied) -> bool:
        """Whether the centre has the copy now; False where it doesn't know yet which record names it."""
        with self._place.database.reading() as connection:
            lives = link.lives_of(connection, copy.case_id)
        arrived = (self._to(life, copy) for life in lives)
        return next((one for one in arrived if one is not None), False)

    def _to(self, life: str, copy: link.Copied) -> bool | None:
        """Whether the centre has the copy now under this incarnation; None where it knows no record there that names
        it. What fits one piece goes at once, else it is asked where to go on."""
        where = f"/v1/incarnations/{life}/attachments/{copy.digest}"
        if copy.size <= self._piece():
            return self._pieces(where, {}, copy)
        answer = self._ask("GET", where, but=_UNNAMED)
        return None if answer.get("answer") == told.REFUSED else self._pieces(where, answer, copy)

    def _piece(self) -> int:
        """Bytes of a copy that go at once."""
        return min(self._pace.size, wire.CHUNK)

    def _pieces(self, where: str, answer: Mapping[str, Any], copy: link.Copied) -> bool | None:
        tries, before = 0, -1
        while not answer.get("complete"):
            offset = answer.get("offset") or 0
            tries, before = (0, offset) if offset != before else (tries + 1, before)
            if type(offset) is not int or not 0 <= offset < max(copy.size, 1) or tries > _TRIES:
                raise Stopped(Text(_ODD))
            with self._place.database.reading() as connection:
                content = link.piece(connection, copy.digest, offset, self._piece())
            target = f"{where}?offset={offset}&size={copy.size}"
            try:
                answer = self._send("PUT", target, pieces.sealed(self._centre.seal_key, content), but=_UNNAMED)
            except TooMuch as error:
                if not self._pace.refused(1):
                    raise Stopped(Text(_TOO_LARGE)) from error
            if answer.get("answer") == told.REFUSED:
                return None
        return True

    # --- inside -----------------------------------------------------------------------------------------------
    def _send(
        self, method: str, target: str, body: bytes, *, but: frozenset[str] = frozenset()
    ) -> Mapping[str, Any]:  # fmt: skip
        """The same for something large: how long it takes says how much goes at once from then on."""
        began = time.monotonic()
        answer = self._ask(method, target, body, but=but)
        self._pace.went(time.monotonic() - began)
        return answer

    def ask(self, method: str, target: str) -> Mapping[str, Any]:
        """What the centre answers; Stopped where it refuses."""
        return self._ask(method, target)

    def _ask(
        self, method: str, target: str, body: bytes = b"", *, but: frozenset[str] = frozenset()
    ) -> Mapping[str, Any]:  # fmt: skip
        """What the centre answers; Stopped where it refuses for another reason than those in `but`."""
        answer = self._client.ask(method, target, body)
        reason = str(answer.get("reason") or "") if answer.get("answer") == told.REFUSED else None
        if reason is None:
            self._write(_admitted)
        elif reason == "device_unknown" and self._centre.certificate is not None and not self._again:
            # The centre was restored from a copy that is older than this laptop's enrolment.
            self._again, self._centre = True, replace(self._centre, certificate=None)
            self.introduce()
            return self._ask(method, target, body, but=but)
        elif reason not in but:
            self._take(answer)
            self._write(partial(_refused, reason=reason))
            raise Stopped(words.refused(reason))
        return answer

    def _take(self, answer: Mapping[str, Any]) -> "store.Taken | None":
        """Keep receipt and standing of an answer; what the centre didn't sign is left out."""
        found: list[store.Taken] = []

        def write(work: "UnitOfWork") -> None:
            if isinstance(answer.get("receipt"), str):
                found.append(store.take_receipt(work, self._centre, answer["receipt"], "network"))
            if isinstance(answer.get("standing"), str):
                store.take_standing(work, self._centre, answer["standing"])

        try:
            self._write(write)
        except ValueError:
            return None
        if found and found[0].ours:
            self.sent.heard = True
        return found[0] if found else None

    def _write(self, change: "Callable[[UnitOfWork], object]") -> None:
        """One transaction; nothing is written where nothing changes."""
        with self._place.begin() as work:
            before = AUDIT.head(work.connection)
            change(work)
            if AUDIT.head(work.connection) != before:
                work.commit()


def _arrived(work: "UnitOfWork", *, copy: link.Copied) -> None:
    entries.put(work, store.COPY, copy.digest, {"size": copy.size}, screen=store.SCREEN)


def _admitted(work: "UnitOfWork") -> None:
    store.put_one(work, store.REFUSED, None)


def _refused(work: "UnitOfWork", *, reason: str) -> None:
    if reason in _LASTING:
        store.put_one(work, store.REFUSED, {"reason": reason})
    if reason == "device_revoked":
        store.put_one(work, store.REVOKED, {**store.one(work.connection, store.REVOKED), "device": reason})
