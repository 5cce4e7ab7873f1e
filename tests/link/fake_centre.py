"""A small centre that keeps the rules of adr/0039 in memory, behind real HTTP; and a proxy that misbehaves."""

import hashlib
import json
import threading
import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from app.crypto import signing
from app.domain.text import LocalText
from app.sync import admission, answers, envelope, pieces, reference, requests, told, wire

SEED, SEAL, SECRET = bytes(range(3, 35)), bytes(range(4, 36)), bytes(range(5, 37))
NAME = LocalText("Орталық", "Центр", "Centre")
NOW = "2026-11-20T05:00:00.000000Z"
CODE = "K7-ABC"


class FakeCentre:
    """Lines of events by incarnation; what doesn't fit is answered as the table of link.md says."""

    def __init__(self) -> None:
        self.public = signing.public_key(SEED)
        self.id = told.centre_id(self.public)
        self.devices: dict[str, admission.Enrolment] = {}
        self.log: list[wire.Checked] = []
        self.lives: list[str] = []
        self.aside: list[bytes] = []
        self.copies: dict[str, bytearray] = {}
        self.sizes: dict[str, int] = {}
        self.published: bytes | None = None
        self.items: dict[str, bytes] = {}
        self.revoked = False
        self.now = NOW
        self.asked: list[str] = []
        self.forget_receipts = 0
        self.standing: Callable[[str], told.Standing] | None = None

    def invitation(self, *urls: str, code: str = CODE) -> bytes:
        return told.invited(SEED, NAME, envelope.public_half(SEAL), urls, code)

    def publish(self, version: int, *items: tuple[reference.Item, bytes]) -> None:
        self.items |= {item.sha256: content for item, content in items}
        listed = tuple(item for item, _ in items)
        self.published = reference.reference(SEED, reference.Reference(self.id, version, self.now, listed))

    def receipt(self, incarnation: str) -> str | None:
        seqs = [at for at, life in enumerate(self.lives) if life == incarnation]
        if not seqs:
            return None
        head = self.log[seqs[-1]]
        counts = {"applied": head.seq, "waiting": 0, "quarantined": 0}
        made = told.Receipt(self.id, incarnation, head.seq, head.hash.hex(), counts, self.now, 0, "00" * 32)
        return told.receipt(SEED, made).decode()

    def answer(self, method: str, target: str, headers: Any, body: bytes) -> tuple[int, bytes]:
        parts = urllib.parse.urlsplit(target)
        query = dict(urllib.parse.parse_qsl(parts.query))
        self.asked.append(f"{method} {parts.path}")
        if parts.path == "/v1/challenge":
            given = {"answer": "challenge", "challenge": requests.challenge(SECRET, 1000), "centre": self.id}
            return 200, answers.made(SEED, query["nonce"], {**given, "server_time": self.now})
        signed = requests.read_header(headers["Authorization"] or "")
        assert signed is not None
        where = parts.path.split("/")[2:]
        if where[0] == "enrolments":
            enrolled = admission.opened(body, SEAL)
            assert requests.holds(signed, enrolled.key, method, target, body)
            if enrolled.code != CODE:
                return self._said(signed, {"answer": told.REFUSED, "reason": "code"})
            self.devices[enrolled.device] = enrolled
            given = admission.Certificate(self.id, enrolled.device, enrolled.key, enrolled.department, self.now)
            certificate = admission.certificate(SEED, given)
            return self._said(signed, {"answer": "enrolled", "certificate": certificate.decode()})
        device = self.devices.get(signed.device)
        if device is None or not requests.holds(signed, device.key, method, target, body):
            return self._said(signed, {"answer": told.REFUSED, "reason": "device_unknown"})
        if self.revoked:
            return self._said(signed, {"answer": told.REFUSED, "reason": "device_revoked"})
        match where:
            case ["incarnations", life]:
                held = [one for one, of in zip(self.log, self.lives, strict=True) if of == life]
                last = held[-1] if held else None
                return self._said(signed, {"answer": "state", "last_seq": last.seq if last else 0, **self._signed(life),
                                           "head_hash": last.hash.hex() if last else ""})  # fmt: skip
            case ["incarnations", life, "batches"]:
                return self._said(signed, self._batch(life, wire.opened(body, SEAL), device.key))
            case ["incarnations", _, "attachments", sha256]:
                return self._said(signed, self._piece(method, sha256, query, body))
            case ["reference"]:
                more = {"reference": self.published.decode()} if self.published else {}
                return self._said(signed, {"answer": "reference", **more})
            case ["reference", sha256]:
                return 200, self.items[sha256]
        raise AssertionError(target)

    def _batch(self, life: str, batch: wire.Batch, key: bytes) -> dict[str, Any]:
        events = wire.check(batch, key)
        if batch.first_seq > len(self.log) + 1:
            return {"answer": told.EXPECTED, "incarnation": self.lives[-1] if self.lives else life,
                    "expected_seq": len(self.log) + 1}  # fmt: skip
        held = self.log[batch.first_seq - 1 : batch.last_seq]
        before = self.log[batch.first_seq - 2].hash if batch.first_seq > 1 else wire.NO_HASH
        if before != batch.prev_hash or any(one.hash != other.hash for one, other in zip(held, events, strict=False)):
            self.aside += [one.record for one in events]
            return {"answer": told.FORK, **self._signed(life)}
        fresh = events[len(held) :]
        self.log += fresh
        self.lives += [life] * len(fresh)
        return {"answer": told.STORED if fresh else told.ALREADY, **self._signed(life)}

    def _signed(self, life: str) -> dict[str, str]:
        receipt = self.receipt(life)
        if self.forget_receipts:
            self.forget_receipts -= 1
            return {}
        found = {"receipt": receipt} if receipt else {}
        if receipt and self.standing:
            found["standing"] = told.standing(SEED, self.standing(life)).decode()
        return found

    def _piece(self, method: str, sha256: str, query: dict[str, str], body: bytes) -> dict[str, Any]:
        whole = self.copies.setdefault(sha256, bytearray())
        if method == "PUT":
            self.sizes[sha256] = int(query["size"])
            if int(query["offset"]) == len(whole):
                whole += pieces.opened(body, SEAL)
        complete = len(whole) == self.sizes.get(sha256) and hashlib.sha256(whole).hexdigest() == sha256
        return {"answer": "piece", "offset": len(whole), "size": self.sizes.get(sha256, 0), "complete": complete}

    def _said(self, signed: requests.Signed, given: dict[str, Any]) -> tuple[int, bytes]:
        return 200, answers.made(SEED, requests.reference_of(signed), {**given, "server_time": self.now})

    def signed_cases(self) -> list[str]:
        records = [json.loads(one.record) for one in self.log]
        return [record["payload"]["record"] for record in records if record["type"] == "case.signed"]


Answer = Callable[[str, str, Any, bytes], tuple[int, bytes]]


@contextmanager
def serving(answer: Answer) -> Iterator[str]:
    """The address at which it answers, on a port of its own; an answer of no bytes cuts the connection."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"] or 0))
            status, data = answer(self.command, self.path, self.headers, body)
            if status == 0:
                self.close_connection = True
                self.connection.close()
                return
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_POST = do_PUT = do_GET  # noqa: N815 - names of the library

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
