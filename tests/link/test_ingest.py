"""The table of link.md, row by row, on both databases: whatever comes in, records are kept once and as they were."""

import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier

import pytest
from sqlalchemy import func, select, text
from sqlalchemy import table as table_

from app.centre import admission, lines, store, vouching
from app.centre.ingest import Device, Ingest, Taken, known_device
from app.centre.keys import Keys
from app.sync import told, wire
from app.sync.admission import read_certificate, read_enrolment
from tests.link.laptop import Laptop, centre_keys


@dataclass
class Centre:
    """A centre with one laptop that it knows."""

    store: store.Store
    keys: Keys
    ingest: Ingest
    laptop: Laptop
    device: Device

    def send(self, laptop: Laptop, first: int, last: int | None = None) -> Taken:
        return self.ingest.take(self.device, laptop.sealed(self.keys, first, last), store.NETWORK)

    def held(self, incarnation: str, line: int = 0) -> list[bytes]:
        asked = text("SELECT record FROM events WHERE incarnation = :i AND line = :l ORDER BY seq")
        with self.store.begin() as connection:
            return [bytes(row[0]) for row in connection.execute(asked, {"i": incarnation, "l": line})]

    def count(self, table: str) -> int:
        with self.store.begin() as connection:
            return int(connection.execute(select(func.count()).select_from(table_(table))).scalar_one())


@pytest.fixture
def centre(address: str) -> Iterator[Centre]:
    opened, keys, laptop = store.Store(address), centre_keys(), Laptop()
    opened.migrate()
    yield Centre(opened, keys, Ingest(opened, keys), laptop, laptop.enrol(opened, keys))
    opened.close()


def records(laptop: Laptop, first: int = 1) -> list[bytes]:
    return [record for _, record in laptop.log[first - 1 :]]


def test_what_follows_is_stored_and_vouched_for(centre: Centre) -> None:
    centre.laptop.write(times=5)
    taken = centre.send(centre.laptop, 1, 3)
    assert (taken.answer, taken.placed.new_events) == (told.STORED, 3)
    taken = centre.send(centre.laptop, 4)
    assert taken.answer == told.STORED
    assert taken.vouched is not None
    receipt = told.read_receipt(taken.vouched.receipt, centre.keys.sign.public)
    assert (receipt.centre, receipt.incarnation) == (centre.keys.id, centre.laptop.incarnation)
    assert (receipt.upto_seq, receipt.head_hash) == (5, centre.laptop.head.hex())
    assert receipt.counts == {"applied": 0, "waiting": 0, "quarantined": 0}
    standing = told.read_standing(taken.vouched.standing, centre.keys.sign.public)
    assert (standing.upto_seq, standing.pending_from) == (5, 1)
    assert centre.held(centre.laptop.incarnation) == records(centre.laptop)


def test_resending_is_harmless(centre: Centre) -> None:
    centre.laptop.write(times=4)
    first = centre.send(centre.laptop, 1, 3)
    again = centre.send(centre.laptop, 1, 3)
    assert again.answer == told.ALREADY
    assert first.vouched is not None
    assert again.vouched is not None
    assert again.vouched.receipt == first.vouched.receipt
    centre.send(centre.laptop, 4)
    late = centre.send(centre.laptop, 2, 3)
    assert late.answer == told.ALREADY
    assert late.vouched is not None
    assert late.vouched.last_seq == 4
    assert centre.held(centre.laptop.incarnation) == records(centre.laptop)
    assert centre.count("receipts") == 2


def test_of_a_batch_that_is_half_known_the_rest_is_stored(centre: Centre) -> None:
    centre.laptop.write(times=6)
    centre.send(centre.laptop, 1, 4)
    taken = centre.send(centre.laptop, 3, 6)
    assert (taken.answer, taken.placed.new_events) == (told.STORED, 2)
    assert centre.held(centre.laptop.incarnation) == records(centre.laptop)


def test_a_gap_is_answered_with_the_number_that_is_wanted(centre: Centre) -> None:
    centre.laptop.write(times=9)
    assert centre.send(centre.laptop, 4).placed.expected_seq == 1
    centre.send(centre.laptop, 1, 3)
    taken = centre.send(centre.laptop, 6)
    assert (taken.answer, taken.placed.incarnation) == (told.EXPECTED, centre.laptop.incarnation)
    assert taken.placed.expected_seq == 4
    assert centre.held(centre.laptop.incarnation) == records(centre.laptop)[:3]


@pytest.mark.parametrize("jumped", [False, True])
def test_a_new_incarnation_goes_on_after_the_record_that_it_names(centre: Centre, jumped: bool) -> None:
    old = centre.laptop
    old.write(times=5)
    new = old.restored(jumped=jumped)
    new.write(times=2)
    # Nothing, then less than the copy had: the centre asks for the old incarnation first.
    for upto, expected in ((0, 1), (3, 4)):
        if upto:
            centre.send(old, 1, upto)
        taken = centre.send(new, 6)
        assert (taken.answer, taken.placed.incarnation) == (told.EXPECTED, old.incarnation)
        assert taken.placed.expected_seq == expected
    centre.send(old, 4, 5)
    assert centre.send(new, 6).answer == told.STORED
    assert centre.held(new.incarnation) == records(new, 6)
    # The old log went on after the copy was taken, and reached the centre later: no fork, both have names of their own.
    old.write(times=2)
    assert centre.send(old, 6).answer == told.STORED
    assert centre.count("alarms") == 0


def test_a_new_incarnation_that_names_nobodys_record_asks_for_the_old_log(centre: Centre) -> None:
    old = centre.laptop
    old.write(times=5)
    centre.send(old, 1)
    other = old.copy()
    other.log = other.log[:3]
    other.write(times=2)
    new = other.restored()
    taken = centre.send(new, 6)
    assert (taken.answer, taken.placed.incarnation, taken.placed.expected_seq) == (told.EXPECTED, old.incarnation, 1)
    # The laptop goes back, the fork is found and kept aside, and what follows from it stands with it.
    assert centre.send(other, 1).answer == told.FORK
    assert centre.send(new, 6).answer == told.FORK
    with centre.store.begin(write=True) as connection:
        assert lines.adopt(connection, old.incarnation, 1) == [(old.incarnation, 1), (new.incarnation, 0)]
    assert centre.send(other, 1).answer == told.ALREADY
    taken = centre.send(new, 6)
    assert taken.answer == told.ALREADY
    assert taken.vouched is not None
    assert taken.vouched.head_hash == new.head


def test_two_continuations_are_both_kept_and_a_person_is_told_once(centre: Centre) -> None:
    one = centre.laptop
    one.write(times=3)
    centre.send(one, 1)
    two = one.copy()
    one.write(times=2)
    two.write(times=4)
    centre.send(one, 4)
    for _ in range(2):
        taken = centre.send(two, 2, 6)
        assert (taken.answer, taken.placed.fork_seq, taken.vouched) == (told.FORK, 4, None)
    assert centre.send(two, 7).answer == told.FORK
    assert centre.held(one.incarnation) == records(one)
    assert centre.held(one.incarnation, 1) == records(two, 4)
    with centre.store.begin() as connection:
        assert connection.execute(text("SELECT kind, seq FROM alarms")).all() == [("fork", 4)]
    # The first goes on as if nothing were.
    one.write()
    assert centre.send(one, 6).answer == told.STORED
    # A person adopts the second line: it is vouched for by its own head.
    with centre.store.begin(write=True) as connection:
        assert lines.adopt(connection, one.incarnation, 1) == [(one.incarnation, 1)]
        assert lines.adopt(connection, one.incarnation, 1) == []
    taken = centre.send(two, 1)
    assert taken.answer == told.ALREADY
    assert taken.vouched is not None
    receipt = told.read_receipt(taken.vouched.receipt, centre.keys.sign.public)
    assert (receipt.upto_seq, receipt.head_hash) == (7, two.head.hex())
    two.write()
    assert centre.send(two, 8).answer == told.STORED
    third = two.copy()
    third.log = third.log[:5]
    third.write()
    assert centre.send(third, 5).placed.fork_seq == 6
    assert centre.held(one.incarnation, 2) == records(third, 6)


def test_a_laptop_that_was_revoked_is_refused_and_its_batch_kept(centre: Centre) -> None:
    with centre.store.begin(write=True) as connection:
        assert admission.revoke(connection, centre.device.device, "lost")
        assert not admission.revoke(connection, centre.device.device, "lost")
        known = known_device(connection, centre.device.device)
    assert known is not None
    centre.laptop.write()
    sealed = centre.laptop.sealed(centre.keys, 1)
    taken = centre.ingest.take(known, sealed, store.NETWORK)
    assert (taken.answer, taken.placed.reason) == (told.REFUSED, "device_revoked")
    kept(centre, sealed)


def kept(centre: Centre, sealed: bytes) -> None:
    with centre.store.begin() as connection:
        assert [bytes(row[0]) for row in connection.execute(text("SELECT raw FROM set_aside"))] == [sealed]
    assert centre.count("events") == 0
    assert centre.count("receipts") == 0


@pytest.mark.parametrize("reason", ["signature", "chain", "malformed", "zeros"])
def test_a_batch_that_does_not_hold_is_refused_and_kept(centre: Centre, reason: str) -> None:
    laptop = centre.laptop
    laptop.write(times=3)
    match reason:
        case "signature":
            laptop.seed = secrets.token_bytes(32)
            sealed = laptop.sealed(centre.keys, 1)
        case "chain":
            laptop.log[1] = (laptop.log[1][0], laptop.log[2][1])
            sealed = laptop.sealed(centre.keys, 1)
        case "malformed":
            sealed = wire.sealed(laptop.batch(1), centre_keys().seal_key)
        case _:
            laptop.log = [(laptop.log[0][0], b'{"a":' * 100_000)]
            sealed, reason = laptop.sealed(centre.keys, 1), "chain"
    taken = centre.ingest.take(centre.device, sealed, store.NETWORK)
    assert (taken.answer, taken.placed.reason) == (told.REFUSED, reason)
    kept(centre, sealed)


def test_refused_batches_are_kept_within_bounds(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "MOST_ASIDE", 3)
    for number in range(5):
        centre.ingest.take(centre.device, b"%d" % number, store.NETWORK)
    assert centre.count("set_aside") == 3


def test_nobody_continues_the_log_of_another(centre: Centre) -> None:
    centre.laptop.write(times=2)
    centre.send(centre.laptop, 1)
    other = Laptop()
    other.incarnation = centre.laptop.incarnation
    other.write(times=3)
    device = other.enrol(centre.store, centre.keys)
    sealed = other.sealed(centre.keys, 1)
    assert centre.ingest.take(device, sealed, store.NETWORK).placed.reason == "chain"
    # Nor does anybody begin after a record of another.
    other.incarnation = secrets.token_hex(16)
    other.log = list(centre.laptop.log)
    before = {"incarnation": centre.laptop.incarnation, "seq": 2, "hash": other.head.hex()}
    other.write("desk.restored", {"incarnation": other.incarnation, "before": before})
    assert centre.ingest.take(device, other.sealed(centre.keys, 3), store.NETWORK).placed.reason == "chain"
    assert centre.held(centre.laptop.incarnation) == records(centre.laptop)
    assert centre.count("alarms") == 2


def test_the_same_batch_at_once_from_many_sides_is_held_once(centre: Centre) -> None:
    centre.laptop.write(times=40)
    threads = 6
    ready = Barrier(threads)

    def send(number: int) -> list[str]:
        found = []
        for first, last in ((1, 10), (6, 20), (15, 30), (11, 40)):
            ready.wait(30)
            found.append(centre.send(centre.laptop, first, last - number % 2).answer)
        return found

    with ThreadPoolExecutor(threads) as pool:
        answers = list(pool.map(send, range(threads)))
    assert all(answer in (told.STORED, told.ALREADY) for found in answers for answer in found)
    centre.send(centre.laptop, 40)
    assert centre.held(centre.laptop.incarnation) == records(centre.laptop)
    assert centre.count("alarms") == 0
    with centre.store.begin() as connection:
        [(first, last, head)] = connection.execute(text("SELECT first_seq, last_seq, head_hash FROM incarnations"))
        assert (first, last, bytes(head)) == (1, 40, centre.laptop.head)


def test_two_continuations_at_once_lose_nothing(centre: Centre) -> None:
    one = centre.laptop
    one.write(times=3)
    centre.send(one, 1)
    several = [one.copy() for _ in range(4)]
    for laptop in several:
        laptop.write(times=3)
    ready = Barrier(len(several))

    def send(laptop: Laptop) -> str:
        ready.wait(30)
        return centre.send(laptop, 4).answer

    with ThreadPoolExecutor(len(several)) as pool:
        answers = sorted(pool.map(send, several))
    assert answers == [told.FORK] * 3 + [told.STORED]
    held = {centre.held(one.incarnation, line)[-1] for line in range(4)}
    assert held == {laptop.log[-1][1] for laptop in several}


def test_a_code_admits_one_laptop_once(centre: Centre) -> None:
    one, two = Laptop(), Laptop()
    with centre.store.begin(write=True) as connection:
        code = admission.new_code(connection, 30)
        found = admission.admit(connection, centre.keys, read_enrolment(one.enrolment(code.lower().replace("-", " "))))
        assert found.certificate is not None
        certificate = read_certificate(found.certificate, centre.keys.sign.public)
        assert (certificate.device, certificate.key) == (one.device, one.public)
        # The answer was lost, so it asks again; another laptop with the code on the same paper is refused.
        again = admission.admit(connection, centre.keys, read_enrolment(one.enrolment(code)))
        assert again.certificate == found.certificate
        for laptop, given in ((two, code), (two, "AAAA-AAAA-AAAA-AAAA"), (two, ""), (one, "x")):
            refused = admission.admit(connection, centre.keys, read_enrolment(laptop.enrolment(given)))
            assert (refused.certificate, refused.reason) == (None, "code")
        late = admission.new_code(connection, -1)
        assert admission.admit(connection, centre.keys, read_enrolment(two.enrolment(late))).reason == "code"
        admission.revoke(connection, one.device, "lost")
        assert admission.admit(connection, centre.keys, read_enrolment(one.enrolment(code))).reason == "device_revoked"


def test_a_receipt_says_what_was_interpreted_meanwhile(centre: Centre) -> None:
    centre.laptop.write(times=4)
    centre.send(centre.laptop, 1)
    life = centre.laptop.incarnation
    with centre.store.begin(write=True) as connection:
        connection.execute(text("UPDATE progress SET interpreted_upto = 3, applied = 1, waiting = 1, quarantined = 1"))
        for seq, state, reason in ((2, "waiting_attachment", ""), (3, "quarantined", "unknown_type")):
            connection.execute(
                text(
                    "INSERT INTO unapplied (incarnation, line, seq, state, reason, came, whole, since)"
                    " VALUES (:i, 0, :seq, :state, :reason, 3, 4, '')"
                ),
                {"i": life, "seq": seq, "state": state, "reason": reason},
            )
        vouched = vouching.vouch(connection, centre.keys, life, 0)
    assert vouched is not None
    receipt = told.read_receipt(vouched.receipt, centre.keys.sign.public)
    assert receipt.counts == {"applied": 1, "waiting": 1, "quarantined": 1}
    standing = told.read_standing(vouched.standing, centre.keys.sign.public)
    assert (standing.pending_from, standing.waiting, standing.quarantined) == (4, ((2, 3, 4),), ((3, "unknown_type"),))
    assert centre.count("receipts") == 2


def test_a_copied_laptop_is_vouched_for_up_to_its_own_record(centre: Centre) -> None:
    centre.laptop.write(times=4)
    other = centre.laptop.copy()
    centre.laptop.write(times=3)
    other.write()
    for laptop in (centre.laptop, other):
        centre.send(laptop, 1)
    late = centre.send(other, 2, 4)
    assert late.answer == told.ALREADY
    assert late.vouched is not None
    receipt = told.read_receipt(late.vouched.receipt, centre.keys.sign.public)
    assert (receipt.upto_seq, receipt.head_hash) == (4, other.log[3][0].hex())


def test_a_forked_line_is_told_what_waits_of_the_records_before_the_fork(centre: Centre) -> None:
    centre.laptop.write(times=4)
    other = centre.laptop.copy()
    centre.laptop.write()
    other.write()
    for laptop in (centre.laptop, other):
        centre.send(laptop, 1)
    third = other.copy()
    other.write()
    third.write()
    for laptop in (other, third):
        centre.send(laptop, 6)
    rows = [(0, 2, "waiting_attachment"), (0, 5, "waiting_attachment"), (1, 5, "quarantined"), (1, 6, "quarantined")]
    with centre.store.begin(write=True) as connection:
        for line in (1, 2):
            lines.adopt(connection, centre.laptop.incarnation, line)
        for line, seq, state in rows:
            connection.execute(
                text(
                    "INSERT INTO unapplied (incarnation, line, seq, state, reason, came, whole, since)"
                    " VALUES (:i, :l, :s, :state, 'malformed', 0, 1, '')"
                ),
                {"i": centre.laptop.incarnation, "l": line, "s": seq, "state": state},
            )
        vouched = vouching.vouch(connection, centre.keys, centre.laptop.incarnation, 2)
    assert vouched is not None
    standing = told.read_standing(vouched.standing, centre.keys.sign.public)
    assert (standing.waiting, standing.quarantined) == (((2, 0, 1),), ((5, "malformed"),))
