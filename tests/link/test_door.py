"""The centre's door: who isn't known gets nothing but one refusal; who is, gets signed answers to its very requests."""

import asyncio
import hashlib
import secrets
import threading
import time
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import uvicorn
from sqlalchemy import text

from app.centre import admission as admitting
from app.centre import lines
from app.centre.fast import Fast
from app.centre.http import Door
from app.centre.ingest import Ingest, Taken, known_device
from app.centre.keys import Keys
from app.centre.store import Store
from app.sync import admission, answers, pieces, requests, told, wire
from tests.link.laptop import Laptop, centre_keys
from tests.link.served import HOST, served
from tests.link.wire_client import NONCE, Client


@dataclass
class House:
    """A centre behind its door, with one laptop that it knows."""

    store: Store
    keys: Keys
    http: Any
    laptop: Laptop
    now: list[float]

    @property
    def client(self) -> Client:
        return Client(self.http, self.keys, self.laptop)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with self.store.begin() as connection:
            return [tuple(row) for row in connection.execute(text(query))]


@pytest.fixture
def house(address: str) -> Iterator[House]:
    store, keys, laptop, now = Store(address), centre_keys(), Laptop(), [1_800_000_000.0]
    store.migrate()
    laptop.enrol(store, keys)
    door = Door(store, keys, rate=1000, metrics_from=frozenset({HOST}), clock=lambda: now[0])
    with served(door.application()) as http:
        yield House(store, keys, http, laptop, now)
    store.close()


def test_a_laptop_sends_and_is_told_what_is_held(house: House) -> None:
    laptop, client = house.laptop, house.client
    life = f"/v1/incarnations/{laptop.incarnation}"
    status, found = client.ask("GET", life)
    assert (status, found["answer"], found["last_seq"], found["receipt"]) == (200, "held", 0, None)
    laptop.write(times=300)
    assert client.push(201)["expected_seq"] == 1
    for first, last in ((1, 1), (2, 200), (201, 300)):
        found = client.push(first, last)
        assert found["answer"] == told.STORED
        receipt = told.read_receipt(found["receipt"].encode(), house.keys.sign.public)
        assert (receipt.upto_seq, receipt.head_hash) == (last, laptop.log[last - 1][0].hex())
        standing = told.read_standing(found["standing"].encode(), house.keys.sign.public)
        assert (standing.upto_seq, standing.pending_from) == (last, 1)
    assert client.push(1, 200)["answer"] == told.ALREADY
    assert client.push(250)["answer"] == told.ALREADY
    again = client.ask("GET", life)[1]
    assert (again["last_seq"], again["head_hash"], again["receipt"]) == (300, laptop.head.hex(), found["receipt"])
    held = house.rows("SELECT record FROM events ORDER BY seq")
    assert [bytes(row[0]) for row in held] == [record for _, record in laptop.log]
    assert house.rows("SELECT count(*) FROM receipts") == [(3,)]
    assert house.rows("SELECT first_seq, last_seq, way FROM batches ORDER BY last_seq") == [
        (1, 1, "network"), (2, 200, "network"), (201, 300, "network")]  # fmt: skip


def test_a_clone_is_told_of_its_own_line(house: House) -> None:
    laptop = house.laptop
    laptop.write(times=3)
    house.client.push(1)
    clone = laptop.copy()
    laptop.write()
    clone.write()
    house.client.push(4)
    other = Client(house.http, house.keys, clone)
    found = other.push(4)
    assert (found["answer"], found["incarnation"], found["seq"]) == (told.FORK, laptop.incarnation, 4)
    assert "receipt" not in found
    life = f"/v1/incarnations/{laptop.incarnation}"
    assert other.ask("GET", f"{life}?seq=4&hash={clone.head.hex()}")[1]["answer"] == told.FORK
    found = other.ask("GET", f"{life}?seq=3&hash={clone.log[2][0].hex()}")[1]
    assert (found["answer"], found["head_hash"]) == ("held", laptop.head.hex())
    with house.store.begin(write=True) as connection:
        lines.adopt(connection, laptop.incarnation, 1)
    found = other.ask("GET", f"{life}?seq=4&hash={clone.head.hex()}")[1]
    assert (found["answer"], found["head_hash"]) == ("held", clone.head.hex())
    clone.write()
    assert other.push(5)["answer"] == told.STORED


def test_enrolment_takes_a_code_and_a_proof_of_the_key(house: House) -> None:
    with house.store.begin(write=True) as connection:
        code = admitting.new_code(connection, 3)
    new = Laptop()
    client = Client(house.http, house.keys, new)
    body = admission.sealed(new.enrolment(code), house.keys.seal_key)
    # Somebody else's enrolment under one's own name, or in another's: nothing happens to the code.
    assert client.ask("POST", "/v1/enrolments", body, seed=secrets.token_bytes(32))[1]["reason"] == "device_unknown"
    assert client.ask("POST", "/v1/enrolments", body[:-1])[1]["reason"] == "malformed"
    status, found = client.ask("POST", "/v1/enrolments", body)
    assert (status, found["answer"]) == (200, "certificate")
    certificate = admission.read_certificate(found["certificate"].encode(), house.keys.sign.public)
    assert (certificate.device, certificate.key) == (new.device, new.public)
    assert client.ask("POST", "/v1/enrolments", body)[1]["certificate"] == found["certificate"]
    other = Laptop()
    late = Client(house.http, house.keys, other)
    sealed = admission.sealed(other.enrolment(code), house.keys.seal_key)
    assert late.ask("POST", "/v1/enrolments", sealed)[1]["reason"] == "code"
    assert late.ask("GET", "/v1/reference")[1]["reason"] == "device_unknown"
    assert client.ask("GET", "/v1/reference")[1]["answer"] == "reference"


ENDPOINTS = [
    ("GET", "/v1/incarnations/{life}"),
    ("POST", "/v1/incarnations/{life}/batches"),
    ("GET", "/v1/incarnations/{life}/attachments/{digest}"),
    ("PUT", "/v1/incarnations/{life}/attachments/{digest}?offset=0&size=9"),
    ("GET", "/v1/reference"),
    ("GET", "/v1/reference/{digest}"),
]


@pytest.mark.parametrize(("method", "target"), ENDPOINTS)
def test_nobody_learns_anything_without_a_known_key(house: House, method: str, target: str) -> None:
    house.laptop.write()
    house.client.push(1)
    target = target.format(life=house.laptop.incarnation, digest="ab" * 32)
    client, stranger = house.client, Laptop()
    told_: list[dict[str, Any]] = []
    for asked in (
        {"seed": stranger.seed},
        {"seed": stranger.seed, "device": stranger.device},
        {"device": "cd" * 16},
    ):
        status, found = client.ask(method, target, b"" if method == "GET" else b"x", **asked)
        told_.append({"status": status, **found, "request": "", "server_time": ""})
    assert all(one == told_[0] for one in told_)
    assert (told_[0]["status"], told_[0]["reason"]) == (401, "device_unknown")
    for header in ({}, {"Authorization": "Bearer x"}, {"Authorization": "Saraptama device=1"}):
        response = house.http.request(method, target, headers=header)
        assert response.status_code == 401
        assert answers.read(response.content, house.keys.sign.public, "")["reason"] == "device_unknown"
    # A signature that was made for another request, and one that is too old.
    body = house.laptop.sealed(house.keys, 1)
    signed = requests.sign(house.laptop.seed, house.laptop.device, client.challenge(), "GET", "/v1/other", b"")
    response = house.http.request(method, target, content=body, headers={"Authorization": signed.header()})
    assert response.status_code in (401, 413)
    old = client.challenge()
    house.now[0] += 700
    assert client.ask(method, target, challenge=old)[1]["reason"] == "challenge"
    assert client.ask(method, target, challenge="zz.00")[1]["reason"] == "challenge"
    assert house.rows("SELECT count(*) FROM set_aside") == [(0,)]


def test_an_unknown_laptop_is_told_so_no_sooner_than_a_known_one(house: House) -> None:
    target, stranger, read = f"/v1/incarnations/{house.laptop.incarnation}/batches", Laptop(), list[str]()

    async def slowly(name: str) -> AsyncIterator[bytes]:
        for part in (b"x", b"y"):
            yield part
            read.append(name)

    for name, device in (("known", house.laptop.device), ("unknown", stranger.device)):
        signed = requests.sign(stranger.seed, device, house.client.challenge(), "POST", target, b"xy")
        headers = {"Authorization": signed.header(), "Content-Length": "2"}
        assert house.http.request("POST", target, content=slowly(name), headers=headers).status_code == 401
    assert read == ["known", "known", "unknown", "unknown"]


def test_a_revoked_laptop_gets_nothing_and_its_batch_is_kept(house: House) -> None:
    house.laptop.write(times=2)
    house.client.push(1, 1)
    with house.store.begin(write=True) as connection:
        admitting.revoke(connection, house.laptop.device, "lost")
    for method, form in ENDPOINTS:
        target = form.format(life=house.laptop.incarnation, digest="ab" * 32)
        body = b"" if method == "GET" else house.laptop.sealed(house.keys, 2)
        if method == "PUT":
            body = pieces.sealed(house.keys.seal_key, b"x")
        status, found = house.client.ask(method, target, body)
        assert found["reason"] == "device_revoked"
        assert status in (400, 403)
    assert house.rows("SELECT reason FROM set_aside") == [("device_revoked",)]
    assert house.rows("SELECT count(*) FROM events") == [(1,)]


def test_a_batch_that_does_not_hold_is_refused_with_its_reason(house: House) -> None:
    laptop = house.laptop
    laptop.write(times=300)
    target = f"/v1/incarnations/{laptop.incarnation}/batches"
    whole = laptop.sealed(house.keys, 1)
    for body in (b"", b"x", whole[:-1], laptop.sealed(centre_keys(), 1), Laptop(laptop.seed).incarnation.encode()):
        assert house.client.ask("POST", target, body)[1]["reason"] == "malformed"
    assert house.client.ask("POST", f"/v1/incarnations/{'ab' * 16}/batches", whole)[1]["reason"] == "malformed"
    assert house.client.ask("POST", "/v1/incarnations/x/batches", whole)[1]["reason"] == "malformed"
    laptop.log[4] = (laptop.log[4][0], laptop.log[3][1])
    assert house.client.push(1)["reason"] == "chain"
    assert house.rows("SELECT count(*) FROM events") == [(0,)]


def test_what_is_too_long_is_not_read(house: House) -> None:
    target = f"/v1/incarnations/{house.laptop.incarnation}/batches"
    status, found = house.client.ask("POST", target, bytes(wire.MOST_BYTES + 1))
    assert (status, found["reason"]) == (413, "malformed")
    signed = requests.sign(house.laptop.seed, house.laptop.device, house.client.challenge(), "POST", target, b"")

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield bytes(1 << 20)

    header = {"Authorization": signed.header()}
    response = house.http.request("POST", target, content=endless(), headers=header)
    assert response.status_code == 413
    status, found = house.client.ask("GET", "/v1/reference", b"x")
    assert status == 413


def test_attachments_come_in_pieces_and_go_on_where_they_stopped(house: House) -> None:
    content = secrets.token_bytes((2 << 20) + 77)
    digest = house.laptop.attach(content)
    base = f"/v1/incarnations/{house.laptop.incarnation}/attachments"
    client = house.client

    def put(offset: int, piece: bytes, name: str = digest, size: int = len(content)) -> dict[str, Any]:
        sealed = pieces.sealed(house.keys.seal_key, piece)
        found = client.ask("PUT", f"{base}/{name}?offset={offset}&size={size}", sealed)[1]
        return {key: value for key, value in found.items() if key in ("reason", "offset", "complete")}

    # Nothing is taken that no record names.
    assert put(0, content[: wire.CHUNK]) == {"reason": "unnamed"}
    client.push(1)
    for name in ("ab" * 32, "x", "-"):
        assert put(0, content[: wire.CHUNK], name) == {"reason": "unnamed"}
    assert put(0, content[: wire.CHUNK], size=9) == {"reason": "malformed"}
    assert put(0, b"small") == {"reason": "malformed"}
    first = content[: wire.CHUNK]
    assert put(0, first) == {"offset": wire.CHUNK, "complete": False}
    assert put(0, first) == {"offset": wire.CHUNK, "complete": False}
    assert put(2 * wire.CHUNK, content[2 * wire.CHUNK :]) == {"offset": wire.CHUNK, "complete": False}
    found = client.ask("GET", f"{base}/{digest}")[1]
    assert (found["size"], found["offset"], found["complete"]) == (len(content), wire.CHUNK, False)
    assert put(wire.CHUNK, content[wire.CHUNK : 2 * wire.CHUNK])["offset"] == 2 * wire.CHUNK
    # The last piece is of something else: all of it begins anew, and is right then.
    assert put(2 * wire.CHUNK, bytes(77)) == {"offset": 0, "complete": False}
    assert house.rows("SELECT count(*) FROM chunks") == [(0,)]
    for offset in range(0, len(content), wire.CHUNK):
        last = put(offset, content[offset : offset + wire.CHUNK])
    assert last == {"offset": len(content), "complete": True}
    assert put(0, first) == {"offset": len(content), "complete": True}
    assert house.rows("SELECT look_again FROM progress") == [(1,)]
    kept = b"".join(bytes(row[0]) for row in house.rows("SELECT content FROM chunks ORDER BY at"))
    assert hashlib.sha256(kept).hexdigest() == digest
    # Another laptop doesn't reach it.
    other = Laptop()
    other.enrol(house.store, house.keys)
    assert Client(house.http, house.keys, other).ask("GET", f"{base}/{digest}")[1]["reason"] == "unnamed"


def test_an_old_answer_is_none_to_another_request(house: House) -> None:
    first = house.http.get(f"/v1/challenge?nonce={NONCE}")
    with pytest.raises(ValueError, match="another request"):
        answers.read(first.content, house.keys.sign.public, "fedcba9876543210")
    for nonce in ("", "short", "x" * 200, "%00%00%00%00%00%00%00%00"):
        assert house.http.get(f"/v1/challenge?nonce={nonce}").status_code == 400


def test_who_asks_too_often_waits(address: str) -> None:
    store, keys, laptop = Store(address), centre_keys(), Laptop()
    store.migrate()
    laptop.enrol(store, keys)
    with served(Door(store, keys, rate=1).application()) as http:
        client = Client(http, keys, laptop)
        found = [client.ask("GET", "/v1/reference")[1] for _ in range(6)]
        assert [one["answer"] for one in found[:4]] == ["reference"] * 4
        assert found[-1]["reason"] == "busy"
        statuses = [http.get(f"/v1/challenge?nonce={NONCE}").status_code for _ in range(20)]
        assert (statuses[0], statuses[-1]) == (200, 429)
    store.close()


def test_operators_see_counts_and_nothing_of_anybody(house: House, caplog: pytest.LogCaptureFixture) -> None:
    assert house.http.get("/healthz").text == "ok\n"
    assert house.http.get("/readyz").text == "ready\n"
    house.laptop.write(times=2)
    house.client.push(2)
    house.client.push(1)
    counts = house.http.get("/metrics").text
    assert 'saraptama_batches_total{answer="stored",way="network"}' in counts
    assert "saraptama_request_seconds_bucket" in counts
    assert "ҚҰЖ" not in caplog.text
    with house.store.begin(write=True) as connection:
        connection.execute(text("DELETE FROM migrations"))
    assert house.http.get("/readyz").status_code == 503


def test_metrics_are_not_for_everybody(address: str) -> None:
    store = Store(address)
    store.migrate()
    with served(Door(store, centre_keys()).application()) as http:
        assert http.get("/metrics").status_code == 404
    store.close()


def test_over_a_real_socket_and_through_a_stop(address: str) -> None:
    store, keys, laptop = Store(address), centre_keys(), Laptop()
    store.migrate()
    laptop.enrol(store, keys)
    laptop.write(times=400)
    app = Door(store, keys, rate=1000).application()
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, timeout_graceful_shutdown=5))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        until = time.monotonic() + 30
        while not server.started and time.monotonic() < until:
            time.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as http:
            client = Client(http, keys, laptop)
            assert client.push(1, 200)["answer"] == told.STORED
            assert client.push(201)["answer"] == told.STORED
            status, found = client.ask("POST", f"/v1/incarnations/{laptop.incarnation}/batches", bytes(17 << 20))
            assert (status, found["reason"]) == (413, "malformed")
    finally:
        server.should_exit = True
        thread.join(30)
    assert not thread.is_alive()
    with store.begin() as connection:
        assert connection.execute(text("SELECT count(*) FROM events")).scalar_one() == 400
    store.close()


def test_many_laptops_at_once_and_each_twice_are_held_once_each(house: House) -> None:
    laptops = [Laptop() for _ in range(6)]
    for laptop in laptops:
        laptop.enrol(house.store, house.keys)
        laptop.write(times=30)

    def send(number: int) -> list[str]:
        laptop = laptops[number % len(laptops)]
        client = Client(house.http, house.keys, laptop)
        return [client.push(first, first + 4)["answer"] for first in range(1, 30, 5)]

    with ThreadPoolExecutor(12) as pool:
        answers_ = [answer for found in pool.map(send, range(12)) for answer in found]
    assert set(answers_) <= {told.STORED, told.ALREADY, told.EXPECTED}
    for laptop in laptops:
        Client(house.http, house.keys, laptop).push(1)
        held = house.rows(f"SELECT record FROM events WHERE incarnation = '{laptop.incarnation}' ORDER BY seq")  # noqa: S608
        assert [bytes(row[0]) for row in held] == [record for _, record in laptop.log]
    assert house.rows("SELECT count(*) FROM alarms") == [(0,)]
    assert house.rows("SELECT count(*) FROM incarnations") == [(6,)]


def test_a_laptop_that_was_revoked_a_moment_ago_gets_nothing_in(house: House) -> None:
    house.laptop.write(times=4)
    for seq in (1, 2, 3):
        house.client.push(seq, seq)
    with house.store.begin(write=True) as connection:
        admitting.revoke(connection, house.laptop.device, "lost")
    # What the door remembers of it is younger than a second.
    assert house.client.push(4)["reason"] == "device_revoked"
    assert house.rows("SELECT count(*) FROM events") == [(3,)]
    assert house.rows("SELECT reason FROM set_aside") == [("device_revoked",)]


def test_not_even_the_first_batch_of_a_laptop_that_was_revoked_since_it_was_looked_up(house: House) -> None:
    laptop = house.laptop
    laptop.write(times=2)
    with house.store.begin() as connection:
        device = known_device(connection, laptop.device)
    assert device is not None
    opened = Ingest(house.store, house.keys).open(device, laptop.sealed(house.keys, 1))

    async def short_way() -> Taken | None:
        fast = Fast(house.store.address, house.keys, connections=1, prepared=True)
        await fast.open()
        try:
            known = (await fast.known_with_lines(laptop.device, laptop.incarnation))[1]
            revoke()
            return await fast.put(opened, known, "network")
        finally:
            await fast.close()

    def revoke() -> None:
        with house.store.begin(write=True) as connection:
            admitting.revoke(connection, laptop.device, "lost")

    if house.store.is_postgresql:
        assert asyncio.run(short_way()) is None
    else:
        revoke()
    assert Ingest(house.store, house.keys).put(opened, b"", "network").answer == told.REFUSED
    assert house.rows("SELECT (SELECT count(*) FROM events) + (SELECT count(*) FROM incarnations)") == [(0,)]


def test_two_workers_never_believe_what_they_remember(address: str, caplog: pytest.LogCaptureFixture) -> None:
    store, keys, laptop = Store(address), centre_keys(), Laptop()
    store.migrate()
    laptop.enrol(store, keys)
    laptop.write(times=3)
    clone = laptop.copy()
    laptop.write(times=2)
    clone.write(times=3)
    with (
        served(Door(store, keys, rate=1000).application()) as one,
        served(Door(store, keys, rate=1000).application()) as two,
    ):
        first, second, other = (Client(one, keys, laptop), Client(two, keys, laptop), Client(one, keys, clone))
        assert [first.push(seq, seq)["answer"] for seq in (1, 2, 3)] == [told.STORED] * 3
        assert second.push(4)["answer"] == told.STORED
        # The first one still thinks that the log ends at 3.
        assert other.push(4)["answer"] == told.FORK
        assert first.push(4)["answer"] == told.ALREADY
    assert "not written" not in caplog.text
    store.close()
