"""What goes between laptop and centre is read as it was written, or refused."""

import secrets
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.crypto import digests, signing, statement
from app.domain.errors import UserError
from app.domain.text import LocalText
from app.sync import bundle, envelope, requests, told, wire

SEED, OTHER = bytes(range(32)), bytes(range(1, 33))
PUBLIC = signing.public_key(SEED)
DEVICE = told.device_id(PUBLIC)
LIFE = "ab" * 16
SEAL = bytes(range(2, 34))
NOW = "2026-11-30T08:00:00.000000Z"


def log(count: int, first: int = 1, prev: bytes = wire.NO_HASH) -> list[tuple[bytes, bytes]]:
    """So many events as a laptop's log holds them: hash and record."""
    found = []
    for seq in range(first, first + count):
        record = digests.canonical({"v": 1, "device": DEVICE, "incarnation": LIFE, "seq": seq, "prev_hash": prev.hex(),
                                    "type": "clock.jumped", "payload": {"n": seq, "ә": "“ҚҰЖ”"}})  # fmt: skip
        prev = digests.digest(digests.EVENT, record)
        found.append((prev, record))
    return found


def batch(count: int = 3) -> wire.Batch:
    return wire.make(DEVICE, LIFE, SEED, 1, wire.NO_HASH, log(count))


def test_a_batch_arrives_as_the_bytes_it_was() -> None:
    sent = batch()
    sealed = wire.sealed(sent, envelope.public_half(SEAL))
    assert all(record not in sealed for record in sent.events)
    assert wire.opened(sealed, SEAL) == sent
    assert [one.record for one in wire.check(sent, PUBLIC)] == list(sent.events)


@pytest.mark.parametrize("what", ["swapped", "missing", "changed", "head", "number", "life"])
def test_a_chain_that_was_touched_is_refused(what: str) -> None:
    events = log(3)
    match what:
        case "swapped":
            events[0], events[1] = events[1], events[0]
        case "missing":
            del events[1]
        case "changed":
            events[1] = (events[1][0], events[1][1].replace(b'"n":2', b'"n":3'))
        case "head":
            events[2] = (bytes(32), events[2][1])
        case "number":
            events = log(3, first=2)
        case "life":
            events = [(one, record.replace(LIFE.encode(), b"cd" * 16)) for one, record in events]
    with pytest.raises(wire.Broken) as broken:
        wire.check(wire.make(DEVICE, LIFE, SEED, 1, wire.NO_HASH, events), PUBLIC)
    assert broken.value.code == "chain"


def test_another_laptops_signature_under_a_batch_is_refused() -> None:
    with pytest.raises(wire.Broken) as broken:
        wire.check(wire.make(DEVICE, LIFE, OTHER, 1, wire.NO_HASH, log(2)), PUBLIC)
    assert broken.value.code == "signature"


@given(st.data())
def test_no_changed_byte_of_a_sealed_batch_is_taken(data: st.DataObject) -> None:
    sealed = bytearray(wire.sealed(batch(1), envelope.public_half(SEAL)))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(wire.Malformed):
        wire.opened(bytes(sealed), SEAL)


@given(st.binary(max_size=300))
def test_what_is_sealed_and_is_no_batch_is_refused(inside: bytes) -> None:
    for packed in (inside, envelope.pack(inside)):
        with pytest.raises(wire.Malformed):
            wire.opened(envelope.seal(envelope.public_half(SEAL), wire.BATCH, packed), SEAL)


def test_a_bomb_is_not_unpacked() -> None:
    with pytest.raises(ValueError, match="too long"):
        envelope.unpack(envelope.pack(bytes(10_000_000)), 1_000_000)


def test_a_statement_is_of_one_key_and_one_purpose() -> None:
    data = statement.made(SEED, told.RECEIPT, {"a": 1})
    assert statement.read(data, told.RECEIPT, {PUBLIC}).told == {"a": 1}
    for purpose, keys, changed in (
        (told.STANDING, {PUBLIC}, data),
        (told.RECEIPT, {signing.public_key(OTHER)}, data),
        (told.RECEIPT, {PUBLIC}, data.replace(b"1", b"2", 1)),
        (told.RECEIPT, {PUBLIC}, data[:-9]),
        (told.RECEIPT, {PUBLIC}, b"[]"),
    ):
        with pytest.raises(ValueError):
            statement.read(changed, purpose, keys)


def test_receipts_standings_and_invitations_are_read_as_they_were_given() -> None:
    counts = {"applied": 2, "waiting": 1, "quarantined": 0}
    receipt = told.Receipt("cd" * 16, LIFE, 3, "00" * 32, counts, NOW, 4, "11" * 32)
    assert told.read_receipt(told.receipt(SEED, receipt), PUBLIC) == receipt
    standing = told.Standing("cd" * 16, LIFE, 9, 8, ((3, 3, 4),), ((5, "unknown_type"),), NOW)
    assert told.read_standing(told.standing(SEED, standing), PUBLIC) == standing
    name = LocalText("Орталық", "Центр", "Centre")
    centre = told.read_invitation(told.invited(SEED, name, bytes(32), ["https://mse.example"], "K7"))
    assert centre == told.Centre(told.centre_id(PUBLIC), name, PUBLIC, bytes(32), ("https://mse.example",), "K7")


def test_a_request_is_signed_for_itself_alone_and_fresh_by_the_centres_clock() -> None:
    secret = secrets.token_bytes(32)
    given_ = requests.challenge(secret, 1_000_000)
    signed = requests.sign(SEED, DEVICE, given_, "PUT", "/v1/a?offset=0", b"body")
    read = requests.read_header(signed.header())
    assert read == signed
    assert requests.holds(read, PUBLIC, "PUT", "/v1/a?offset=0", b"body")
    assert not requests.holds(read, PUBLIC, "PUT", "/v1/a?offset=1", b"body")
    assert not requests.holds(read, PUBLIC, "PUT", "/v1/a?offset=0", b"other")
    assert requests.is_fresh(secret, given_, 1_000_599)
    assert not requests.is_fresh(secret, given_, 1_000_700)
    assert not requests.is_fresh(bytes(32), given_, 1_000_000)
    for header in ("", "Basic x", "Saraptama device=1", signed.header() + ", x=1", signed.header()[:-3] + "ә"):
        assert requests.read_header(header) is None
    assert not requests.is_fresh(secret, "zz.ә", 0)


def made_bundle(path: Path) -> bundle.Manifest:
    with bundle.Writer(path) as writer:
        writer.add(bundle.BATCH, "1-3", wire.sealed(batch(), envelope.public_half(SEAL)))
        writer.add(bundle.ATTACHMENT, "ab", bytes(5000))
        return writer.finish(SEED, sender=DEVICE, to="cd" * 16, made_at=NOW, told={"events": 3})


def test_a_bundle_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "жол.mselink"
    manifest = made_bundle(path)
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]
    with bundle.Reader(path) as reader:
        assert reader.manifest == manifest
        assert (manifest.key, manifest.sender, manifest.told) == (PUBLIC, DEVICE, {"events": 3})
        reader.check()
        [(name, sealed)] = reader.of_kind(bundle.BATCH)
        assert (name, wire.opened(sealed, SEAL)) == ("1-3", batch())


def test_a_bundle_that_was_touched_is_refused_with_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "b.mselink"
    made_bundle(path)
    whole = path.read_bytes()
    for at in range(0, len(whole), 37):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        with pytest.raises(UserError), bundle.Reader(path) as reader:
            reader.check()
    for cut in (0, 4, 8, 100, len(whole) - 1):
        path.write_bytes(whole[:cut])
        with pytest.raises(UserError), bundle.Reader(path) as reader:
            reader.check()


def test_a_bundle_that_was_not_finished_is_not_there(tmp_path: Path) -> None:
    with bundle.Writer(tmp_path / "b.mselink") as writer:
        writer.add(bundle.BATCH, "1", b"x")
    assert not list(tmp_path.iterdir())
