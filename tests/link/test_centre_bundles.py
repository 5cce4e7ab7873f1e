"""A stick at the centre: taken in whole, once, from a known laptop; or refused with a sentence, and nothing changes."""

import hashlib
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from app.centre import admission, attachments, bundles
from app.centre.ingest import known_device
from app.centre.keys import Keys
from app.centre.store import Store
from app.crypto import signing
from app.domain.errors import UserError
from app.sync import admission as admitting
from app.sync import bundle, pieces, reference, told
from tests.link.laptop import Laptop, centre_keys

Centre = tuple[Store, Keys]
NOW = "2026-11-30T08:00:00.000000Z"
TABLES = ("devices", "incarnations", "events", "batches", "attachments", "chunks", "bundles", "receipts", "alarms")


@pytest.fixture
def centre(address: str) -> Iterator[Centre]:
    opened, keys = Store(address), centre_keys()
    opened.migrate()
    yield opened, keys
    opened.close()


def code(store: Store) -> str:
    with store.begin(write=True) as connection:
        return admission.new_code(connection, 30)


def carried(
    path: Path, keys: Keys, laptop: Laptop, parts: list[tuple[int, int]], *, enrol: str = "", to: str = "",
    copies: tuple[bytes, ...] = (), more: tuple[tuple[str, str, bytes], ...] = (), seed: bytes | None = None,
) -> Path:  # fmt: skip
    """The bundle that a laptop would write."""
    with bundle.Writer(path) as writer:
        if enrol:
            writer.add(bundle.ENROLMENT, laptop.device, admitting.sealed(laptop.enrolment(enrol), keys.seal_key))
        for first, last in parts:
            writer.add(bundle.BATCH, f"{first}-{last}", laptop.sealed(keys, first, last))
        for content in copies:
            name = pieces.section(hashlib.sha256(content).hexdigest(), 0, len(content))
            writer.add(bundle.ATTACHMENT, name, pieces.sealed(keys.seal_key, content))
        for kind, name, data in more:
            writer.add(kind, name, data)
        about = {"incarnation": laptop.incarnation, "head_seq": len(laptop.log), "head_hash": laptop.head.hex()}
        writer.finish(seed or laptop.seed, sender=laptop.device, to=to or keys.id, made_at=NOW, told=about)
    return path


def state(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    with store.begin() as connection:
        return {
            name: sorted(str(tuple(row)) for row in connection.execute(text(f"SELECT * FROM {name}")))  # noqa: S608
            for name in TABLES
        }


def refused(centre: Centre, path: Path, *words: str) -> None:
    """Not taken, with these words in the sentence, and nothing changed."""
    store, keys = centre
    before = state(store)
    with pytest.raises(UserError) as told_:
        bundles.take_in(store, keys, path)
    sentence = told_.value.text.msgid.format(**{k: str(v) for k, v in told_.value.text.params.items()})
    for word in words:
        assert word in sentence
    assert state(store) == before


def test_a_first_bundle_enrols_and_what_goes_back_vouches(centre: Centre, tmp_path: Path) -> None:
    store, keys = centre
    laptop, copy = Laptop(), secrets.token_bytes(50_000)
    laptop.write(times=250)
    laptop.attach(copy)
    path = carried(tmp_path / "1.mselink", keys, laptop, [(1, 200), (201, 251)], enrol=code(store),
                   copies=(copy, b"nobody named me"))  # fmt: skip
    found = bundles.take_in(store, keys, path)
    assert (found.device, found.enrolled, found.events, found.known, found.forked) == (laptop.device, True, 251, 0, 0)
    assert (found.attachments, found.left_out) == (1, 1)
    back = bundles.write(store, keys, laptop.device, tmp_path)
    with bundle.Reader(back.path) as reader:
        reader.check()
        manifest = reader.manifest
        assert (manifest.sender, manifest.to, manifest.key) == (keys.id, laptop.device, keys.sign.public)
        [(_, certificate)] = reader.of_kind(bundle.CERTIFICATE)
        assert admitting.read_certificate(certificate, keys.sign.public).device == laptop.device
        [(_, data)] = reader.of_kind(bundle.RECEIPT)
        receipt = told.read_receipt(data, keys.sign.public)
        assert (receipt.upto_seq, receipt.head_hash) == (251, laptop.head.hex())
        [(_, data)] = reader.of_kind(bundle.STANDING)
        assert told.read_standing(data, keys.sign.public).pending_from == 1
        [(_, data)] = reader.of_kind(bundle.REFERENCE)
        published = reference.read_reference(data, keys.sign.public)
        assert {one.sha256 for one in published.items} == {name for name, _ in reader.of_kind(bundle.ITEM)}
    with pytest.raises(UserError):
        bundles.write(store, keys, laptop.device, back.path)
    with pytest.raises(UserError):
        bundles.write(store, keys, "ab" * 16, tmp_path)


def test_a_bundle_that_was_taken_is_refused_and_what_came_by_network_is_known(centre: Centre, tmp_path: Path) -> None:
    store, keys = centre
    laptop = Laptop()
    laptop.write(times=3)
    laptop.enrol(store, keys)
    path = carried(tmp_path / "1.mselink", keys, laptop, [(1, 3)])
    bundles.take_in(store, keys, path)
    refused(centre, path, "1.mselink", "already")
    # Another file with the same records, as when the network was quicker.
    found = bundles.take_in(store, keys, carried(tmp_path / "2.mselink", keys, laptop, [(1, 3)]))
    assert (found.events, found.known) == (0, 3)
    older = carried(tmp_path / "3.mselink", keys, laptop, [(1, 3)])
    laptop.write(times=2)
    bundles.take_in(store, keys, carried(tmp_path / "4.mselink", keys, laptop, [(3, 5)]))
    refused(centre, older, "older")


def test_an_older_bundle_that_brings_something_new_is_taken(centre: Centre, tmp_path: Path) -> None:
    store, keys = centre
    laptop = Laptop()
    laptop.enrol(store, keys)
    laptop.write(times=4)
    bundles.take_in(store, keys, carried(tmp_path / "1.mselink", keys, laptop, [(1, 3)]))
    clone = laptop.copy()
    clone.log = clone.log[:1]
    clone.write()
    found = bundles.take_in(store, keys, carried(tmp_path / "2.mselink", keys, clone, [(1, 2)]))
    assert (found.events, found.forked) == (0, 1)


def test_foreign_torn_changed_and_unknown_are_told_apart(centre: Centre, tmp_path: Path) -> None:
    store, keys = centre
    laptop, stranger = Laptop(), Laptop()
    laptop.write(times=3)
    laptop.enrol(store, keys)
    stranger.write(times=2)
    name = tmp_path / "b.mselink"

    def fresh(**told_: Any) -> Path:
        name.unlink(missing_ok=True)
        return carried(name, keys, told_.pop("laptop", laptop), told_.pop("parts", [(1, 2)]), **told_)

    refused(centre, fresh(to="ab" * 16), "another centre")
    refused(centre, fresh(laptop=stranger), "doesn't know")
    refused(centre, fresh(laptop=stranger, enrol="0000-0000-0000-0000"), "another invitation")
    refused(centre, fresh(seed=secrets.token_bytes(32)), "doesn't know")
    whole = fresh().read_bytes()
    name.write_bytes(whole[: len(whole) // 2])
    refused(centre, name, "torn")
    for at in range(0, len(whole), 61):
        name.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        refused(centre, name)
    name.write_bytes(b"")
    refused(centre, name)
    refused(centre, fresh(parts=[(2, 3)]), "record 2", "up to 0")
    # One part of several is broken: none of the others is taken.
    for more in ((bundle.BATCH, "4-5", b"x"), (bundle.BATCH, "3-3", stranger.sealed(keys, 1)),
                 (bundle.ATTACHMENT, "x", b"y"), (bundle.ENROLMENT, "x", b"y")):  # fmt: skip
        refused(centre, fresh(more=(more,)), more[1])
    laptop.log[2] = (signing.new_seed(), laptop.log[2][1])
    refused(centre, fresh(parts=[(1, 2), (3, 3)]), "3-3", "chain")
    own = tmp_path / "own"
    own.mkdir()
    refused(centre, bundles.write(store, keys, laptop.device, own).path, "the one that the laptop wrote")
    with store.begin(write=True) as connection:
        admission.revoke(connection, laptop.device, "lost")
        assert known_device(connection, laptop.device) is not None
    refused(centre, fresh(), "revoked")


def test_two_who_continued_one_log_meet_at_the_centre(centre: Centre, tmp_path: Path) -> None:
    store, keys = centre
    laptop = Laptop()
    laptop.enrol(store, keys)
    laptop.write(times=2)
    clone = laptop.copy()
    laptop.write(times=2)
    clone.write(times=3)
    bundles.take_in(store, keys, carried(tmp_path / "1.mselink", keys, laptop, [(1, 4)]))
    found = bundles.take_in(store, keys, carried(tmp_path / "2.mselink", keys, clone, [(1, 3), (4, 5)]))
    assert (found.events, found.forked) == (0, 3)
    assert bundles.write(store, keys, laptop.device, tmp_path).receipts == 1


def test_taking_in_that_was_cut_off_among_the_copies_is_done_again_and_nothing_is_there_twice(
    centre: Centre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, keys = centre
    laptop = Laptop()
    laptop.enrol(store, keys)
    copies = tuple(secrets.token_bytes(20_000) for _ in range(7))
    for content in copies:
        laptop.attach(content)
    path = carried(tmp_path / "1.mselink", keys, laptop, [(1, 7)], copies=copies)
    put, came = attachments.put, 0

    def cut_off(*given: Any) -> attachments.Held:
        nonlocal came
        came += 1
        if came == 6:
            raise ZeroDivisionError
        return put(*given)

    # Some copies in each transaction: what was written before the cut stays.
    monkeypatch.setattr(bundles, "_AT_ONCE", 40_000)
    monkeypatch.setattr(attachments, "put", cut_off)
    with pytest.raises(ZeroDivisionError):
        bundles.take_in(store, keys, path)
    with store.begin() as connection:
        assert attachments.whole(connection, laptop.device) == {hashlib.sha256(one).hexdigest() for one in copies[:4]}
    found = bundles.take_in(store, keys, path)
    assert (found.events, found.known, found.attachments, found.left_out) == (0, 7, 7, 0)
    with store.begin() as connection:
        assert connection.execute(text("SELECT count(*), sum(length(content)) FROM chunks")).one() == (7, 140_000)
    refused(centre, path, "already")


def test_a_copy_that_is_not_what_was_named_is_not_held(centre: Centre, tmp_path: Path) -> None:
    store, keys = centre
    laptop = Laptop()
    laptop.enrol(store, keys)
    right = secrets.token_bytes(20_000)
    digest = laptop.attach(right)
    wrong = (bundle.ATTACHMENT, pieces.section(digest, 0, 20_000), pieces.sealed(keys.seal_key, bytes(20_000)))
    found = bundles.take_in(store, keys, carried(tmp_path / "1.mselink", keys, laptop, [(1, 1)], more=(wrong,)))
    assert found.attachments == 0
    with store.begin() as connection:
        assert attachments.whole(connection, laptop.device) == frozenset()
        assert connection.execute(text("SELECT count(*) FROM chunks")).scalar_one() == 0
