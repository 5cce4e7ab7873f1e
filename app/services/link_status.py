"""Where everything is on its way: counts of records, and each case. Read from the database alone."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from app.crypto.signing import fingerprint
from app.domain.text import Text
from app.services import link_store as store
from app.services import link_words as words
from app.services.link_views import CaseOnItsWay, CentreView, Exchange, Place, ReceiptView, ReferenceView
from app.storage import entries, link
from app.storage.chain import AUDIT, EVENTS
from app.storage.unit_of_work import read_time
from app.sync import reference, told

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from app.services.link_store import Linked
    from app.storage.unit_of_work import UnitOfWork

# From the one that a person has to know of first to the one that is done.
GRAVITY = (
    Place.ASIDE,
    Place.QUARANTINED,
    Place.WAITING,
    Place.CARRIED,
    Place.INCOMPLETE,
    Place.RECEIVED,
    Place.APPLIED,
)
_NAMED_BY = 16
"""letters of a hash that tell the copies of one laptop apart"""
_OTHERS = 200
"""so many newer cases that don't wait, and none of the older ones does"""


@dataclass(slots=True)
class Ways:
    """Where each record is, from the newest receipts and standings."""

    delivered: int
    carried: int
    aside: tuple[int, int] | None
    head: int
    interpreted: list[tuple[int, int]] = field(default_factory=list)
    """stretches that the centre has interpreted"""
    waiting: dict[int, tuple[int, int]] = field(default_factory=dict)
    quarantined: dict[int, str] = field(default_factory=dict)

    def of(self, seq: int) -> Place:
        """Where the record of this number is."""
        if self.aside and self.aside[0] <= seq <= self.aside[1]:
            return Place.ASIDE
        if seq > self.delivered:
            return Place.CARRIED if seq <= self.carried else Place.WAITING
        if seq in self.quarantined:
            return Place.QUARANTINED
        if seq in self.waiting:
            return Place.INCOMPLETE
        done = any(first <= seq <= last for first, last in self.interpreted)
        return Place.APPLIED if done else Place.RECEIVED

    def counts(self) -> dict[Place, int]:
        """How many records are where. What is aside comes after what is delivered: the centre holds other records
        under those numbers."""
        found = dict.fromkeys(Place, 0)
        first, last = self.aside or (1, 0)
        found[Place.ASIDE] = _common(first, last, self.delivered + 1, self.head)
        carried = max(0, min(self.carried, self.head) - self.delivered)
        found[Place.CARRIED] = carried - _common(first, last, self.delivered + 1, min(self.carried, self.head))
        found[Place.WAITING] = self.head - self.delivered - found[Place.CARRIED] - found[Place.ASIDE]
        found[Place.QUARANTINED] = len(self.quarantined)
        found[Place.INCOMPLETE] = len(self.waiting.keys() - self.quarantined.keys())
        interpreted = sum(last - first + 1 for first, last in self.interpreted)
        found[Place.APPLIED] = interpreted - found[Place.QUARANTINED] - found[Place.INCOMPLETE]
        found[Place.RECEIVED] = self.delivered - interpreted
        return found


def _common(first: int, last: int, start: int, end: int) -> int:
    """How many numbers two stretches share."""
    return max(0, min(last, end) - max(first, start) + 1)


def ways(connection: "Connection", centre: "Linked | None") -> Ways:
    """Where the records of this log are."""
    aside, head = store.one(connection, store.FORK), EVENTS.head(connection).seq
    found = Ways(
        delivered=store.delivered(connection),
        carried=int(store.one(connection, store.CARRIED).get("seq", 0)),
        aside=(aside["first_seq"], aside["upto_seq"]) if aside else None,
        head=head,
    )
    if centre is None or not found.delivered:
        return found
    lives = {life.incarnation: life for life in link.lives(connection)}
    for incarnation, standing in store.standings(connection, centre).items():
        life = lives.get(incarnation)
        if life is None:
            continue
        upto = min(standing.upto_seq, life.last, found.delivered)
        last = min(upto, standing.pending_from - 1) if standing.pending_from is not None else upto
        if last >= life.first:
            found.interpreted.append((life.first, last))
        found.waiting |= {seq: (came, of) for seq, came, of in standing.waiting if life.first <= seq <= last}
        found.quarantined |= {seq: code for seq, code in standing.quarantined if life.first <= seq <= last}
    return found


def cases(connection: "Connection", known: Ways, place: Place | None) -> Iterator[CaseOnItsWay]:
    """The signed and ended cases, newest first; those at one place alone where it is named."""
    for one in link.travelled(connection):
        view = case(connection, known, one)
        if place is None or view.place is place:
            yield view


def waiting_cases(connection: "Connection", known: Ways) -> int:
    """How many cases wait: they are the newest, so the rest of many thousands is not read."""
    found = since = 0
    if known.counts()[Place.WAITING]:
        for one in cases(connection, known, None):
            since = 0 if one.place is Place.WAITING else since + 1
            found += one.place is Place.WAITING
            if since == _OTHERS:
                break
    return found


def case(connection: "Connection", known: Ways, one: link.Travelled) -> CaseOnItsWay:
    """One of them. Where its records are in different places, it is where the one is that needs somebody first."""
    seqs = link.events_of(connection, one.id)
    found = {known.of(seq): seq for seq in seqs}
    place = next((place for place in GRAVITY if place in found), Place.WAITING)
    waiting = [known.waiting[seq] for seq in seqs if seq in known.waiting]
    arrived, reason = None, None
    if waiting:
        arrived, of = waiting[-1]
        reason = Text(words.INCOMPLETE, {"came": arrived, "of": of})
    elif place is Place.APPLIED:
        arrived = one.attachments
    if place is Place.QUARANTINED:
        reason = words.quarantine(known.quarantined[found[place]])
    elif place is Place.ASIDE:
        reason = Text(words.ASIDE)
    return CaseOnItsWay(one.id, one.number, place, len(seqs), one.attachments, arrived, reason)


def missing_copies(connection: "Connection") -> list[link.Copied]:
    """Each copy of a signed or ended case of which nobody has said that the centre holds it."""
    since = int(store.one(connection, store.ATTACHED).get("changed", 0))
    here = entries.of_kind(connection, store.COPY)
    return [copy for copy in link.attachments_since(connection, since) if copy.digest not in here]


def carried_copies(connection: "Connection", missing: Iterable[link.Copied]) -> int:
    """How many of these copies lie in the newest bundle."""
    there = frozenset(store.one(connection, store.CARRIED).get("copies", ()))
    return sum(copy.digest[:_NAMED_BY] in there for copy in missing)


def carried_record(seq: int, bundle: str, copies: Iterable[link.Copied]) -> dict[str, Any]:
    """What a bundle holds that the centre has not confirmed: records up to a number, copies by the beginning of their
    hash."""
    return {"seq": seq, "bundle": bundle, "copies": sorted(copy.digest[:_NAMED_BY] for copy in copies)}


def lacking(connection: "Connection", centre: "Linked") -> list[tuple[str, link.Copied]]:
    """Copies that the centre itself says it waits for, with the incarnation under which it does, although they count as
    arrived here: it was brought back from an older copy, or the same file belongs to a case of an earlier life too."""
    sent_anyway = {copy.digest for copy in missing_copies(connection)}
    found, standings = {}, store.standings(connection, centre)
    for life in link.lives(connection):
        standing = standings.get(life.incarnation)
        for seq, came, of in standing.waiting if standing else ():
            if came < of and life.first <= seq <= life.last:
                for copy in link.attachments_of(connection, seq):
                    if copy.digest not in sent_anyway:
                        found[life.incarnation, copy.digest] = copy
    return [(life, copy) for (life, _), copy in found.items()]


def note_held(work: "UnitOfWork", held: frozenset[str], *, of_now: bool) -> None:
    """Take the centre's word of which copies it holds whole. `of_now`: nothing later is known of it; then copies of
    ended cases that it doesn't name go again, for it must have lost them (of signed ones it says so by waiting)."""
    known, lost = entries.of_kind(work.connection, store.COPY), False
    for copy in link.attachments_since(work.connection, 0):
        if copy.digest in held and copy.digest not in known:
            entries.put(work, store.COPY, copy.digest, {"size": copy.size}, screen=store.SCREEN)
        elif of_now and copy.digest in known and copy.digest not in held:
            one = link.travelled_case(work.connection, copy.case_id)
            if one is not None and one.ended:
                entries.put(work, store.COPY, copy.digest, None, screen=store.SCREEN)
                lost = True
    if lost:
        store.put_one(work, store.ATTACHED, None)


def note_arrived(work: "UnitOfWork", centre: "Linked") -> None:
    """Count the copies of a signed case as arrived once the centre has taken its conclusion over: it waits for them
    before. Of ended cases the network says so, or a bundle (`note_held`)."""
    known, missing = ways(work.connection, centre), missing_copies(work.connection)
    for copy in missing:
        one = link.travelled_case(work.connection, copy.case_id)
        if one is not None and not one.ended and case(work.connection, known, one).place is Place.APPLIED:
            entries.put(work, store.COPY, copy.digest, {"size": copy.size}, screen=store.SCREEN)
    if missing and not missing_copies(work.connection):
        store.put_one(work, store.ATTACHED, {"changed": AUDIT.head(work.connection).seq})


def centre_view(centre: "Linked") -> CentreView:
    """Which centre, as it is shown."""
    mark = fingerprint(centre.sign_key)
    return CentreView(centre.id, centre.name, mark, centre.urls, certified=centre.certificate is not None)


def receipts(connection: "Connection", centre: "Linked") -> tuple[ReceiptView, ...]:
    """All that were kept, the newest first."""
    found = [receipt_view(centre, record) for record in entries.of_kind(connection, store.RECEIPT).values()]
    return tuple(sorted(found, key=lambda view: (view.received_at, view.upto_seq), reverse=True))


def last_receipt(connection: "Connection", centre: "Linked") -> ReceiptView | None:
    """The one by which the newest record counts as delivered."""
    named = store.one(connection, store.POSITION).get("receipt")
    record = entries.find(connection, store.RECEIPT, named) if named else None
    return receipt_view(centre, record) if record else None


def receipt_view(centre: "Linked", record: Mapping[str, Any]) -> ReceiptView:
    """A receipt as it is shown."""
    one = told.read_receipt(record["told"].encode(), centre.sign_key)
    applied, waiting, quarantined = (int(one.counts.get(name, 0)) for name in ("applied", "waiting", "quarantined"))
    times = read_time(one.server_time), read_time(record["received_at"])
    return ReceiptView(
        one.incarnation, one.upto_seq, one.head_hash, applied, waiting, quarantined, *times, by=record["by"]
    )


def published(connection: "Connection", centre: "Linked") -> tuple[ReferenceView, ...]:
    """What the centre publishes, as far as it came here, and what became of it."""
    statement = store.one(connection, store.REFERENCE).get("told")
    if not statement:
        return ()
    current = reference.read_reference(statement.encode(), centre.sign_key)
    states = entries.of_kind(connection, store.ITEM)
    issued = read_time(current.issued_at)
    return tuple(item_view(one, issued, states.get(store.item_entry(one))) for one in current.items)


def item_view(item: reference.Item, issued: datetime, record: Mapping[str, Any] | None) -> ReferenceView:
    """One piece of it."""
    known = record if record is not None and record["sha256"] == item.sha256 else None
    remark = store.text_of(known["remark"]) if known is not None and known.get("remark") else None
    in_use = bool(known and known["in_use"])
    return ReferenceView(item.kind, reference.words(item.name), item.version, issued, in_use, remark)


def exchange_record(exchange: Exchange) -> dict[str, Any]:
    """An exchange as it is stored."""
    from app.storage.unit_of_work import written_time

    return {
        "by": exchange.by,
        "started_at": written_time(exchange.started_at),
        "ended_at": written_time(exchange.ended_at),
        "ours": dict(exchange.ours),
        "theirs": dict(exchange.theirs),
        "came_back": [
            [one.kind, store.words_record(one.name), one.version, written_time(one.issued_at), one.in_use,
             store.text_record(one.remark) if one.remark else None] for one in exchange.came_back
        ],
        "file": exchange.path.name if exchange.path else None,
        "stopped": store.text_record(exchange.stopped) if exchange.stopped else None,
        "remarks": [store.text_record(one) for one in exchange.remarks],
    }  # fmt: skip


def exchange_of(identity: str, record: Mapping[str, Any]) -> Exchange:
    """What was stored."""
    from pathlib import Path

    from app.domain.text import LocalText

    return Exchange(
        id=identity,
        by=record["by"],
        started_at=read_time(record["started_at"]),
        ended_at=read_time(record["ended_at"]),
        ours=record["ours"],
        theirs=record["theirs"],
        came_back=tuple(
            ReferenceView(kind, LocalText(**name), version, read_time(issued), in_use,
                          store.text_of(remark) if remark else None)
            for kind, name, version, issued, in_use, remark in record["came_back"]
        ),
        path=Path(record["file"]) if record["file"] else None,
        stopped=store.text_of(record["stopped"]) if record["stopped"] else None,
        remarks=tuple(store.text_of(one) for one in record["remarks"]),
    )  # fmt: skip


def exchanges(connection: "Connection") -> tuple[Exchange, ...]:
    """All that were kept, the newest first."""
    found = [exchange_of(*one) for one in entries.of_kind(connection, store.EXCHANGE).items()]
    return tuple(sorted(found, key=lambda one: one.ended_at, reverse=True))


def news(one: Exchange) -> tuple[object, ...]:
    """What an exchange says that another may have said before."""
    theirs = {name: value for name, value in one.theirs.items() if name != "server_time"}
    ours = {name: value for name, value in one.ours.items() if not name.startswith("sent_")}
    return one.by, ours, theirs, one.stopped, one.remarks


def keep(work: "UnitOfWork", done: Exchange) -> None:
    """Write an exchange."""
    entries.put(work, store.EXCHANGE, done.id, exchange_record(done), screen=store.SCREEN)
