"""A screening filter knows whom it was made of, seldom says "perhaps" of others, and gives no list away."""

import hashlib
import random
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.crypto import signing
from app.crypto.slots import Cost
from app.sync import screening

SEED = bytes(range(32))
CENTRE = signing.public_key(SEED)
SALT = b"0123456789abcdef"
CHEAP = Cost(memory_kib=64, passes=1, lanes=1)
NOW = "2026-11-30T08:00:00.000000Z"


def keys(first: int, count: int) -> list[bytes]:
    """As slow hashes are, but quick."""
    return [hashlib.sha256(str(n).encode()).digest()[:16] for n in range(first, first + count)]


def made(found: list[bytes], kind: str = screening.DECEASED) -> bytes:
    return screening.build(SEED, kind, found, salt=SALT, issued_at=NOW, cost=CHEAP)


def test_everybody_in_it_is_found_and_others_as_rarely_as_it_says() -> None:
    inside = keys(0, 20_000)
    data = made(inside)
    found = screening.read(data, CENTRE)
    assert (found.count, found.rate) == (20_000, 1 / 4096)
    assert all(found.has(key) for key in inside)
    wrong = sum(found.has(key) for key in keys(1_000_000, 200_000))
    # Binomial: 48.8 are to be expected, with a spread of 7.
    assert 14 <= wrong <= 84
    assert len(data) < 20_000 * 12 / 8 * 1.24 + 500


def test_by_number_it_asks_for_one_slow_hash_for_all_filters(monkeypatch: pytest.MonkeyPatch) -> None:
    dead, alive = "710614301212", "900101300017"
    key = screening.key_of(dead, SALT, CHEAP)
    filters = [screening.read(made([key, *keys(0, 9)], kind), CENTRE) for kind in sorted(screening.KINDS)]
    asked = []
    slow = screening.key_of
    monkeypatch.setattr(screening, "key_of", lambda *given_: asked.append(given_) or slow(*given_))  # type: ignore[func-returns-value]
    assert screening.hits(filters, dead) == ("deceased", "examined", "revoked")
    assert screening.hits(filters, alive) == ()
    assert asked == [(dead, SALT, CHEAP), (alive, SALT, CHEAP)]
    empty = screening.read(made([]), CENTRE)
    assert (screening.hits([empty], dead), empty.rate) == ((), 0.0)
    with pytest.raises(ValueError):
        screening.hits(filters, "71061430121ә")


def test_no_list_can_be_read_out_of_it() -> None:
    numbers = [f"7106143{n:05}" for n in range(0, 2000, 7)]
    found = [screening.key_of(number, SALT, CHEAP) for number in numbers]
    data = made(found)
    for number, key in zip(numbers, found, strict=True):
        assert number.encode() not in data
        assert key[:4] not in data
    # Far less is in it than the hashes; what is left looks like chance and does not pack.
    body = data[data.index(b"}") + 1 : -64]
    assert len(body) < 2.1 * len(numbers)
    assert len(zlib.compress(body, 9)) >= 0.85 * len(body)
    # What is asked of a thief is not cheap: the cost stands in the file and is what the house asks of a passphrase.
    assert (screening.SLOW.memory_kib, screening.SLOW.passes) == (65_536, 3)


def test_the_same_persons_give_the_same_filter_whatever_their_order() -> None:
    found = keys(0, 500)
    mixed = found[:]
    random.Random(1).shuffle(mixed)
    assert made(found) == made([*mixed, found[3]])


@given(st.data())
def test_no_changed_byte_is_taken(data: st.DataObject) -> None:
    changed = bytearray(made(keys(0, 20)))
    changed[data.draw(st.integers(0, len(changed) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(ValueError):
        screening.read(bytes(changed), CENTRE)


@given(st.binary(max_size=200))
def test_what_is_signed_and_is_no_filter_is_refused(inside: bytes) -> None:
    for begun in (inside, b"SRPFILT1" + inside, b"SRPFILT1\x02\0\0\0{}" + inside):
        with pytest.raises(ValueError):
            screening.read(begun + signing.sign(SEED, screening.PURPOSE, begun), CENTRE)


@pytest.mark.parametrize("change", [("64", "999999999"), ('"bits":12', '"bits":40'), ('"count":20', '"count":0'),
                                    ('"block":20', '"block":0'), ('"lanes":1', '"lanes":0')])  # fmt: skip
def test_a_head_that_asks_for_too_much_is_refused(change: tuple[str, str]) -> None:
    whole = made(keys(0, 20))[12:-64]
    head = whole[: whole.index(b"}") + 1]
    other = head.decode().replace(*change).encode()
    assert other != head
    begun = b"SRPFILT1" + len(other).to_bytes(4, "little") + other + whole[len(head) :]
    with pytest.raises(ValueError):
        screening.read(begun + signing.sign(SEED, screening.PURPOSE, begun), CENTRE)


def test_a_number_costs_what_the_words_say() -> None:
    """Not how long it takes, which is the machine's: how much memory is asked for, and how often it is gone through."""
    assert screening.key_of("710614301212", SALT) != screening.key_of("710614301212", SALT, CHEAP)
    with pytest.raises(ValueError):
        screening.build(SEED, "unknown", [], salt=SALT, issued_at=NOW)
