"""Screening filters: whether a person may be among those whom the centre knows of (deceased, examined elsewhere, …),
asked on a laptop without network, from a file that holds no list.

A filter is an xor filter (Graf, Lemire 2020) over the slow hash of each ИИН: Argon2id with a salt that all filters of
a centre share. It answers "no" for certain, and "perhaps" wrongly for one in `2**bits` of those who are not in it; so a
hit is never more than a reason to ask the centre.

What a stolen laptop gives away. Nothing can be listed: the file holds bits of hashes. Whoever asks of one number gets
the answer that the laptop gives, at the price of one hash. To ask of every number that anybody could have (110 years,
two sexes, 10,000 numbers a day: 800 million) costs, at 64 MiB and three passes, 0.2 to 0.3 s each on one core: five to
seven years of one core, a month of a server with 64. For the 20,000 numbers of one known birthday it is an hour or two.
The memory, not the arithmetic, is what makes it dear: special hardware gains little. That hinders a thief and a curious
neighbour; it is no protection against a state.
"""

import hashlib
import json
import struct
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from app.crypto import digests, signing
from app.crypto.slots import Cost

DECEASED, EXAMINED, REVOKED = "deceased", "examined", "revoked"
KINDS: Final = frozenset({DECEASED, EXAMINED, REVOKED})
SLOW: Final = Cost(memory_kib=64 * 1024, passes=3, lanes=1)
BITS: Final = 12
"""of a fingerprint: one of 4,096 who are not in the filter is taken for somebody who is"""
KEY_BYTES: Final = 16
SALT_BYTES: Final = 16
PURPOSE: Final = "filter"
MOST: Final = 48 << 20
"""bytes of a filter"""
_MAGIC: Final = b"SRPFILT1"
_MOST_HEAD: Final = 4096
_TRIES: Final = 100


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter that was read. `kind`: what a hit means; `count`: how many persons are in it."""

    kind: str
    issued_at: str
    count: int
    salt: bytes
    cost: Cost
    bits: int
    seed: int
    block: int
    _body: bytes

    @property
    def rate(self) -> float:
        """The share of those who are not in it and are taken for somebody who is."""
        return 2.0**-self.bits if self.count else 0.0

    def has(self, key: bytes) -> bool:
        """Whether the person with this slow hash (`key_of`) may be among them."""
        if not self.count:
            return False
        *places, print_ = _places(key, self.seed, self.block, self.bits)
        found = 0
        for place in places:
            found ^= self._slot(place)
        return found == print_

    def _slot(self, place: int) -> int:
        at = place * self.bits
        word = int.from_bytes(self._body[at >> 3 : (at >> 3) + 4].ljust(4, b"\0"), "little")
        return word >> (at & 7) & (1 << self.bits) - 1


def key_of(iin: str, salt: bytes, cost: Cost = SLOW) -> bytes:
    """The slow hash of a number (16 bytes): 0.3 s and 64 MiB, on purpose. Never on the window's thread."""
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    kdf = Argon2id(salt=salt, length=KEY_BYTES, iterations=cost.passes, lanes=cost.lanes, memory_cost=cost.memory_kib)
    return kdf.derive(b"saraptama/screening/1\0" + iin.encode("ascii"))


def hits(filters: Iterable[Filter], iin: str) -> tuple[str, ...]:
    """The kinds of the filters in which this person may be; each salt costs one slow hash. ValueError where `iin` is
    not 12 digits."""
    if len(iin) != 12 or not (iin.isascii() and iin.isdigit()):
        raise ValueError("not an ИИН")
    keys: dict[tuple[bytes, Cost], bytes] = {}
    found = []
    for one in filters:
        slow = (one.salt, one.cost)
        if one.count and slow not in keys:
            keys[slow] = key_of(iin, *slow)
        if one.count and one.has(keys[slow]):
            found.append(one.kind)
    return tuple(found)


def build(
    seed: signing.Key,
    kind: str,
    keys: Collection[bytes],
    *,
    salt: bytes,
    issued_at: str,
    cost: Cost = SLOW,
    bits: int = BITS,
) -> bytes:
    """The filter over the slow hashes of persons (`key_of` with the same salt and cost), signed by the centre's key.
    Equal persons give equal bytes. ValueError where the kind is unknown."""
    if kind not in KINDS or len(salt) != SALT_BYTES or not cost.bounded() or not 4 <= bits <= 16:
        raise ValueError("not a filter")
    distinct = sorted(set(keys))
    block = -(-(123 * len(distinct)) // 300) + 11
    number, slots = _filled(distinct, block, bits) if distinct else (0, [])
    about = {
        "kind": kind, "issued_at": issued_at, "count": len(distinct), "salt": salt.hex(), "bits": bits,
        "memory_kib": cost.memory_kib, "passes": cost.passes, "lanes": cost.lanes,
        "seed": number, "block": block if distinct else 0,
    }  # fmt: skip
    head = digests.canonical(about)
    whole = _MAGIC + struct.pack("<I", len(head)) + head + _packed(slots, bits)
    return whole + signing.sign(seed, PURPOSE, whole)


def read(data: bytes, centre: bytes) -> Filter:
    """The filter that the centre with this public signing key made; ValueError for anything else."""
    begin = len(_MAGIC) + 4
    if len(data) > MOST or not data.startswith(_MAGIC) or len(data) < begin + signing.SIGNATURE_BYTES:
        raise ValueError("not a filter")
    whole, signature = data[: -signing.SIGNATURE_BYTES], data[-signing.SIGNATURE_BYTES :]
    if not signing.verify(centre, PURPOSE, whole, signature):
        raise ValueError("not signed by the centre, or changed")
    (length,) = struct.unpack("<I", whole[begin - 4 : begin])
    if length > _MOST_HEAD or begin + length > len(whole):
        raise ValueError("not a filter")
    try:
        told = json.loads(whole[begin : begin + length])
        numbers = {name: told[name] for name in ("count", "bits", "memory_kib", "passes", "lanes", "seed", "block")}
        if not all(type(number) is int and 0 <= number < 1 << 32 for number in numbers.values()):
            raise ValueError("a number out of bounds")
        cost = Cost(numbers["memory_kib"], numbers["passes"], numbers["lanes"])
        found = Filter(str(told["kind"]), str(told["issued_at"]), numbers["count"], bytes.fromhex(told["salt"]), cost,
                       numbers["bits"], numbers["seed"], numbers["block"], whole[begin + length :])  # fmt: skip
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("not a filter") from error
    expected = -(-(3 * found.block * found.bits) // 8) if found.count else 0
    if not cost.bounded() or not 4 <= found.bits <= 16 or len(found._body) != expected or len(found.salt) != SALT_BYTES:
        raise ValueError("not a filter")
    if found.count and not found.block:
        raise ValueError("not a filter")
    return found


def _places(key: bytes, seed: int, block: int, bits: int) -> tuple[int, int, int, int]:
    """A place in each of the three blocks, and the fingerprint."""
    mixed = hashlib.blake2b(key, digest_size=32, key=seed.to_bytes(8, "little")).digest()
    one, two, three, four = struct.unpack("<4Q", mixed)
    return one % block, block + two % block, 2 * block + three % block, four & (1 << bits) - 1


def _filled(keys: Sequence[bytes], block: int, bits: int) -> tuple[int, list[int]]:
    """The slots such that the three of each key give its fingerprint, and the number they were found with."""
    for seed in range(_TRIES):
        placed = [_places(key, seed, block, bits) for key in keys]
        order = _peeled(placed, 3 * block)
        if len(order) < len(keys):
            continue
        slots = [0] * (3 * block)
        for at, place in reversed(order):
            one, two, three, print_ = placed[at]
            slots[place] = print_ ^ slots[one] ^ slots[two] ^ slots[three] ^ slots[place]
        return seed, slots
    raise RuntimeError("no filter was found")


def _peeled(placed: Sequence[tuple[int, int, int, int]], size: int) -> list[tuple[int, int]]:
    """Keys (their positions) in an order in which each has a slot that no later one needs."""
    counts, mixed = [0] * size, [0] * size
    for at, (*places, _) in enumerate(placed):
        for place in places:
            counts[place] += 1
            mixed[place] ^= at
    alone = [place for place, count in enumerate(counts) if count == 1]
    order = []
    while alone:
        place = alone.pop()
        if counts[place] != 1:
            continue
        at = mixed[place]
        order.append((at, place))
        for other in placed[at][:3]:
            counts[other] -= 1
            mixed[other] ^= at
            if counts[other] == 1:
                alone.append(other)
    return order


def _packed(slots: Iterable[int], bits: int) -> bytes:
    def parts() -> Iterator[int]:
        held, count = 0, 0
        for slot in slots:
            held |= slot << count
            count += bits
            while count >= 8:
                yield held & 255
                held, count = held >> 8, count - 8
        if count:
            yield held

    return bytes(parts())
