"""What the desk knows of its centre, as entries: audited, and checked by `verify` like all the others.

link/centre           which centre, its keys, the code of the invitation, the certificate once it has come
link/position         up to which record of the log the centre has it, by which receipt
link/carried          up to which record a bundle was written
link/fork             which records the centre keeps aside, because two laptops continued one log
link/attached         up to which row of the audit trail all copies have arrived
link/trusted          the newest time that the centre has signed
link/switches         what the user set
link/refused          why the centre refuses this laptop
link/revoked          that the centre revoked this laptop, or users of it
link/reference        the statement of what the centre publishes
link-receipt, link-standing, link-exchange, link-bundle, link-copy, link-item: one each
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from app.domain.errors import UserError
from app.domain.text import N_, LocalText, Text
from app.storage import entries, link
from app.storage.chain import EVENTS
from app.storage.link import KIND, TRUSTED
from app.sync import reference, told

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from app.storage.unit_of_work import UnitOfWork

CENTRE, POSITION, CARRIED, FORK, ATTACHED = "centre", "position", "carried", "fork", "attached"
SWITCHES, REFUSED, REVOKED, REFERENCE = "switches", "refused", "revoked", "reference"
AHEAD: Final = "ahead"
RECEIPT, STANDING, EXCHANGE = "link-receipt", "link-standing", "link-exchange"
BUNDLE, COPY, ITEM, ASSIGNMENT = "link-bundle", "link-copy", "link-item", "link-assignment"
SCREEN: Final = "link"


@dataclass(frozen=True, slots=True)
class Linked:
    """The centre of this desk. `sign_key`: what it says is signed with; `seal_key`: what it reads is sealed to."""

    id: str
    name: LocalText
    sign_key: bytes
    seal_key: bytes
    urls: tuple[str, ...]
    code: str
    certificate: str | None = None


def linked(connection: "Connection") -> Linked | None:
    """The centre, None where this desk has none."""
    found = entries.find(connection, KIND, CENTRE)
    if found is None:
        return None
    keys = {name: bytes.fromhex(found[name]) for name in ("sign_key", "seal_key")}
    return Linked(found["id"], LocalText(**found["name"]), **keys, urls=tuple(found["urls"]), code=found["code"],
                  certificate=found.get("certificate"))  # fmt: skip


def require_linked(connection: "Connection") -> Linked:
    """The centre; UserError where this desk has none."""
    found = linked(connection)
    if found is None:
        sentence = N_("This desk is not linked with a centre yet. Take in the invitation that the centre gave you.")
        raise UserError(Text(sentence))
    return found


def put_centre(work: "UnitOfWork", centre: Linked) -> None:
    """Write which centre it is."""
    record: dict[str, Any] = {
        "id": centre.id,
        "name": words_record(centre.name),
        "sign_key": centre.sign_key.hex(),
        "seal_key": centre.seal_key.hex(),
        "urls": list(centre.urls),
        "code": centre.code,
    }
    if centre.certificate is not None:
        record["certificate"] = centre.certificate
    entries.put(work, KIND, CENTRE, record, screen=SCREEN)


def one(connection: "Connection", name: str) -> dict[str, Any]:
    """One of the entries of `link`; empty where there is none."""
    return entries.find(connection, KIND, name) or {}


def put_one(work: "UnitOfWork", name: str, record: dict[str, Any] | None) -> None:
    """Write or take away one of them."""
    entries.put(work, KIND, name, record, screen=SCREEN)


def delivered(connection: "Connection") -> int:
    """The number of the newest record that the centre has, by a receipt of this very log; 0 where there is none."""
    return int(one(connection, POSITION).get("seq", 0))


@dataclass(frozen=True, slots=True)
class Taken:
    """A receipt that was verified. `ours`: its hash is the one of our own record; `ahead`: the centre holds more than
    this log has."""

    receipt: told.Receipt
    ours: bool
    ahead: bool


def judge_receipt(connection: "Connection", centre: Linked, data: str) -> Taken:
    """Whose receipt it is, and whether it is of this log; ValueError where the centre didn't sign it."""
    receipt = told.read_receipt(data.encode(), centre.sign_key)
    if receipt.centre != centre.id:
        raise ValueError("of another centre")
    life = next((life for life in link.lives(connection) if life.incarnation == receipt.incarnation), None)
    own = EVENTS.hash_at(connection, receipt.upto_seq)
    ours = life is not None and life.first <= receipt.upto_seq <= life.last and own == receipt.head_hash
    return Taken(receipt, ours, ahead=life is not None and receipt.upto_seq > life.last)


def take_receipt(work: "UnitOfWork", centre: Linked, data: str, by: str) -> Taken:
    """Verify a receipt and keep it where it is of this log; what it vouches for counts as delivered then."""
    from app.storage.unit_of_work import written_time

    taken = judge_receipt(work.connection, centre, data)
    _trust(work, taken.receipt.server_time)
    if not taken.ours:
        return taken
    receipt = taken.receipt
    named = f"{receipt.incarnation}/{receipt.upto_seq:012}"
    known = entries.find(work.connection, RECEIPT, named)
    if known is None or told.read_receipt(known["told"].encode(), centre.sign_key).counts != receipt.counts:
        record = {"told": data, "received_at": written_time(work.now), "by": by}
        entries.put(work, RECEIPT, named, record, screen=SCREEN)
    if receipt.upto_seq > delivered(work.connection):
        put_one(work, POSITION, {"seq": receipt.upto_seq, "hash": receipt.head_hash, "receipt": named})
    aside = one(work.connection, FORK)
    if aside and receipt.upto_seq >= aside["upto_seq"]:
        put_one(work, FORK, None)  # somebody at the centre has adopted this line
    return taken


def fall_back(work: "UnitOfWork", seq: int) -> None:
    """The centre has the log up to a lower number only than it once had: what came after counts as waiting again."""
    if seq < delivered(work.connection):
        record = {"seq": seq, "hash": EVENTS.hash_at(work.connection, seq) or ""} if seq else None
        put_one(work, POSITION, record)
        put_one(work, ATTACHED, None)
        for digest in entries.of_kind(work.connection, COPY):
            entries.put(work, COPY, digest, None, screen=SCREEN)


def take_standing(work: "UnitOfWork", centre: Linked, data: str) -> None:
    """Keep how the centre interpreted an incarnation, unless it is older than what is known; ValueError where the
    centre didn't sign it."""
    found = told.read_standing(data.encode(), centre.sign_key)
    if found.centre != centre.id:
        raise ValueError("of another centre")
    known = entries.find(work.connection, STANDING, found.incarnation)
    if known is not None:
        before = told.read_standing(known["told"].encode(), centre.sign_key)
        same = (before.upto_seq, before.pending_from, before.waiting, before.quarantined)
        if same == (found.upto_seq, found.pending_from, found.waiting, found.quarantined):
            return
        if before.server_time > found.server_time:
            return
    entries.put(work, STANDING, found.incarnation, {"told": data}, screen=SCREEN)


def standings(connection: "Connection", centre: Linked) -> dict[str, told.Standing]:
    """How the centre interpreted each incarnation."""
    found = entries.of_kind(connection, STANDING)
    return {life: told.read_standing(record["told"].encode(), centre.sign_key) for life, record in found.items()}


def _trust(work: "UnitOfWork", server_time: str) -> None:
    from app.storage.unit_of_work import read_time

    moment = read_time(server_time)
    before = link.trusted_time(work.connection)
    # A quarter of an hour is fine enough for a floor: not every exchange has to write.
    if before is None or (moment - read_time(before)).total_seconds() > 900:
        entries.put(work, KIND, TRUSTED, {"server_time": server_time}, screen=SCREEN)


def item_entry(item: reference.Item) -> str:
    """Under which id it is kept what became of an item. Of editions all hold, of the others the newest."""
    named = f"{item.kind}/{item.name}"
    return f"{named}/{item.version}" if item.kind == reference.PACK else named


def words_record(words: LocalText) -> dict[str, str]:
    """A statement in three languages as it is stored."""
    return {"kk": words.kk, "ru": words.ru, "en": words.en}


def text_record(text: Text) -> dict[str, Any]:
    """A sentence as it is stored: it is shown in whatever language later."""
    return {"msgid": text.msgid, "params": {name: _value_record(value) for name, value in text.params.items()}}


def text_of(record: Mapping[str, Any]) -> Text:
    """The sentence of `text_record`."""
    return Text(record["msgid"], {name: _value_of(value) for name, value in record["params"].items()})


def _value_record(value: object) -> object:
    if isinstance(value, Text):
        return {"text": text_record(value)}
    if isinstance(value, LocalText):
        return {"words": words_record(value)}
    if isinstance(value, datetime):
        return {"moment": value.isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    return value if isinstance(value, str | int) else str(value)


def _value_of(value: Any) -> object:
    match value:
        case {"text": record}:
            return text_of(record)
        case {"words": words}:
            return LocalText(**words)
        case {"moment": written}:
            return datetime.fromisoformat(written)
        case {"day": written}:
            return date.fromisoformat(written)
        case _:
            return value
