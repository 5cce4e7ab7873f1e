"""Batches: consecutive events of one incarnation, the same bytes over HTTP and in a bundle.

A batch is CBOR, packed and sealed (`app.sync.envelope`). The events in it are the very bytes that the laptop's log
holds; nothing here encodes them again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.crypto import digests, signing
from app.crypto.sealing import Unsealable
from app.sync import envelope

BATCH: Final = "batch"
"""the purpose of the seal and of the head's signature"""
VERSION: Final = 1
NO_HASH: Final = bytes(32)
"""`prev_hash` of the first event of a log"""
MOST_EVENTS: Final = 500
MOST_BYTES: Final = 16 << 20
"""of a batch as it is sent"""
MOST_UNPACKED: Final = 64 << 20
FULL: Final = 4 << 20
"""bytes of events from which a laptop begins another batch"""
CHUNK: Final = 1 << 20
"""bytes of one piece of an attachment"""


class Malformed(ValueError):
    """The bytes are no batch for this centre: torn, sealed to another, of another form."""


class Broken(ValueError):
    """A batch whose events don't follow one another, or that its laptop did not sign. `code`: `chain`, `signature`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Batch:
    """`events`: the records as bytes, of one incarnation, without a hole. Hashes are 32 bytes."""

    device: str
    incarnation: str
    first_seq: int
    last_seq: int
    prev_hash: bytes
    head_hash: bytes
    head_signature: bytes
    events: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """One event of a batch whose chain holds: its number, its hash and its bytes."""

    seq: int
    hash: bytes
    record: bytes


def make(
    device: str, incarnation: str, seed: bytes, first: int, prev: bytes, events: Sequence[tuple[bytes, bytes]]
) -> Batch:
    """The batch of these events (hash and record), signed by the device's key. ValueError where there is none."""
    if not events:
        raise ValueError("a batch has events")
    last, head = first + len(events) - 1, events[-1][0]
    statement = _head(device, incarnation, first, last, prev, head)
    records = tuple(record for _, record in events)
    return Batch(device, incarnation, first, last, prev, head, signing.sign(seed, BATCH, statement), records)


def sealed(batch: Batch, public: bytes) -> bytes:
    """As it is sent to the centre whose sealing key this is."""
    return envelope.seal(public, BATCH, envelope.pack(_encoded(batch)))


def opened(data: bytes, private: envelope.Key) -> Batch:
    """What `sealed` was given; Malformed otherwise. Nothing is checked but the form: see `check`."""
    if len(data) > MOST_BYTES:
        raise Malformed("too long")
    try:
        return _decoded(envelope.unpack(envelope.unseal(private, BATCH, data), MOST_UNPACKED))
    except Unsealable as error:
        raise Malformed("sealed to another, or changed") from error
    except ValueError as error:
        raise Malformed(str(error)) from error


def check(batch: Batch, public: bytes) -> tuple[Checked, ...]:
    """Every event with its hash, where the chain holds from `prev_hash` to `head_hash` and the device's key (32 bytes)
    signed the head; Broken otherwise."""
    if not is_signed(batch, public):
        raise Broken("signature")
    return check_chain(batch)


def is_signed(batch: Batch, public: bytes) -> bool:
    """Whether the device's key (32 bytes) signed the head; the events themselves are not looked at."""
    statement = _head(
        batch.device, batch.incarnation, batch.first_seq, batch.last_seq, batch.prev_hash, batch.head_hash
    )
    return signing.verify(public, BATCH, statement, batch.head_signature)


def check_chain(batch: Batch) -> tuple[Checked, ...]:
    """The chain alone, as `check`."""
    import msgspec

    if len(batch.events) != batch.last_seq - batch.first_seq + 1:
        raise Broken("chain")
    read = msgspec.json.Decoder(type=_links()).decode
    before, found = batch.prev_hash.hex(), []
    digest, purpose = digests.digest, digests.EVENT
    for seq, record in enumerate(batch.events, batch.first_seq):
        try:
            link = read(record)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise Broken("chain") from error
        if (link.seq, link.prev_hash) != (seq, before) or (link.device, link.incarnation) != (
            batch.device,
            batch.incarnation,
        ):
            raise Broken("chain")
        value = digest(purpose, record)
        found.append(Checked(seq, value, record))
        before = value.hex()
    if before != batch.head_hash.hex():
        raise Broken("chain")
    return tuple(found)


_LINKS: list[Any] = []


def _links() -> Any:
    """The four fields of an event that the chain rests on; msgspec passes the others over."""
    if not _LINKS:
        import msgspec

        _LINKS.append(
            msgspec.defstruct("Links", [("seq", int), ("prev_hash", str), ("device", str), ("incarnation", str)])
        )
    return _LINKS[0]


def _head(device: str, incarnation: str, first: int, last: int, prev: bytes, head: bytes) -> bytes:
    told = {"device": device, "incarnation": incarnation, "first_seq": first, "last_seq": last,
            "prev_hash": prev.hex(), "head_hash": head.hex()}  # fmt: skip
    return digests.canonical(told)


def _encoded(batch: Batch) -> bytes:
    import cbor2

    return cbor2.dumps(
        {
            "v": VERSION,
            "device": batch.device,
            "incarnation": batch.incarnation,
            "first_seq": batch.first_seq,
            "last_seq": batch.last_seq,
            "prev_hash": batch.prev_hash,
            "head_hash": batch.head_hash,
            "head_signature": batch.head_signature,
            "events": list(batch.events),
        }
    )


def _decoded(data: bytes) -> Batch:
    import cbor2

    try:
        whole = cbor2.loads(data, max_depth=4, allow_indefinite=False, allow_duplicate_keys=False)
    except (cbor2.CBORError, OverflowError, RecursionError, TypeError) as error:
        raise ValueError("not CBOR") from error
    if not isinstance(whole, dict) or whole.get("v") != VERSION:
        raise ValueError("not a batch of this version")
    kinds: dict[str, type] = {"device": str, "incarnation": str, "first_seq": int, "last_seq": int, "prev_hash": bytes,
                              "head_hash": bytes, "head_signature": bytes, "events": list}  # fmt: skip
    if set(whole) != {"v", *kinds} or not all(type(whole[name]) is kind for name, kind in kinds.items()):
        raise ValueError("not the parts of a batch")
    events = whole["events"]
    if not 1 <= len(events) <= MOST_EVENTS or not all(isinstance(one, bytes) for one in events):
        raise ValueError("no events, or too many")
    if len(whole["prev_hash"]) != 32 or len(whole["head_hash"]) != 32 or not 1 <= whole["first_seq"] < 1 << 60:
        raise ValueError("a hash or a number out of bounds")
    if not is_id(whole["device"]) or not is_id(whole["incarnation"]):
        raise ValueError("not the id of a laptop")
    named = {key: value for key, value in whole.items() if key not in ("v", "events")}
    return Batch(**named, events=tuple(events))


def is_id(text: object) -> bool:
    """Whether this can name a device, an incarnation or a centre: 32 hexadecimal digits."""
    return isinstance(text, str) and len(text) == 32 and not text.strip("0123456789abcdef")
