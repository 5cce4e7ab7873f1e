"""The centre's door: a Starlette application with the requests of adr/0039.

Whatever comes in is hostile until checked, in this order: how often, how long, form of the signature, age of the
challenge, whether the laptop is known; then the body is read, which is kept of a known one alone, and only then is its
signature checked. Who has not proved the key of a known laptop gets one and the same refusal, and no sooner. Every
answer is a statement that names its request.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, TypeVar

from anyio import CapacityLimiter, to_thread
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp

from app.centre import admission as admitting
from app.centre import asking, attachments, publishing, store, telling
from app.centre.fast import Fast, KnownLine
from app.centre.ingest import Device, Ingest, Opened, Refusal, Taken, known_device
from app.centre.keys import Keys
from app.centre.limits import Memory, Rate, Turns
from app.centre.store import Store
from app.crypto import signing
from app.crypto.sealing import Unsealable
from app.sync import admission, answers, pieces, requests, told, wire

_SMALL: Final = 8 << 10
"""bytes up to which a batch is opened at once; longer ones go to a thread"""
_BODIES: Final = 192 << 20
"""bytes of bodies that one worker reads at the same time"""
_PATIENCE: Final = 120
"""seconds for the whole of a body"""
_IN_HAND: Final = 160 << 10
"""bytes of batches that one worker has in hand; each counts as 4 KiB at least"""
_PIECES_IN_HAND: Final = 192 << 10
"""bytes of copies of papers; each piece counts as 64 KiB at least: three at once are enough in the batches' way"""
_TURN: Final = 0.2
"""seconds that a batch waits for its turn before its laptop is told to come again"""
_SLOW: Final = 1.0
"""seconds of reading a body from which the line is a slow one: nobody sends such a body twice because we are busy"""
_NOBODY: Final = signing.public_key(bytes(32))
"""whom the signature of an unknown laptop is checked against, so that it takes as long as that of a known one"""
_STATUS: Final[Mapping[str, int]] = {
    "device_unknown": 401,
    "challenge": 401,
    "device_revoked": 403,
    "code": 403,
    "unnamed": 404,
    "malformed": 400,
    "signature": 400,
    "chain": 400,
    "busy": 429,
    "full": 507,
}
_STATUS_OF_ANSWER: Final[Mapping[str, int]] = {told.EXPECTED: 409, told.FORK: 409, told.REFUSED: 400}
_AT_ONCE: Final = 4
"""threads for the database: all that is no batch, each of which would rather have the one interpreter for itself"""


T = TypeVar("T")


class _TooLong(Exception):
    """A body that is longer than it may be."""


class _Busy(Refusal):
    """There is too much to do; `seconds`: after which it is worth trying again."""

    def __init__(self, seconds: int) -> None:
        super().__init__("busy")
        self.seconds = seconds


@dataclass
class Caller:
    """Who sends a request, as far as it is known by now."""

    request: Request
    signed: requests.Signed
    device: Device | None
    lines: Sequence[KnownLine] = ()


class Door:
    """One worker's door: the store, the keys, what is counted."""

    def __init__(
        self, place: Store, keys: Keys, *, rate: float = 50, connections: int = 8, in_hand: int = _IN_HAND,
        metrics_from: frozenset[str] = frozenset({"127.0.0.1", "::1"}), clock: Callable[[], float] = time.time,
        console: ASGIApp | None = None,
    ) -> None:  # fmt: skip
        self._store, self._keys, self._clock = place, keys, clock
        self._ingest = Ingest(place, keys)
        self._fast = (
            Fast(place.address, keys, connections=connections, prepared=place.prepared) if place.is_postgresql else None
        )
        # A laptop's name is no secret: whoever calls in its name from elsewhere uses up a bucket of his own.
        self._of_laptop = Rate(rate, rate * 4, time.monotonic)
        self._of_address = Rate(rate * 4, rate * 16, time.monotonic)
        self._memory = Memory(_BODIES)
        self._turns = Turns(in_hand, time.monotonic, least=4 << 10)
        self._turns_of_pieces = Turns(_PIECES_IN_HAND, time.monotonic, least=64 << 10, after=self._turns)
        self._metrics_from = metrics_from
        self._console = console
        self._threads = CapacityLimiter(_AT_ONCE)
        self._crypto = CapacityLimiter(2)

    def application(self) -> Starlette:
        """The application; it holds connections from its start to its end."""

        @asynccontextmanager
        async def lifespan(_app: Starlette) -> AsyncIterator[None]:
            async with AsyncExitStack() as stack:
                if self._fast is not None:
                    await self._fast.open()
                    stack.push_async_callback(self._fast.close)
                telling.tell("the centre listens", centre=self._keys.id)
                yield
                telling.tell("the centre stops", centre=self._keys.id)

        routes: list[BaseRoute] = [
            self._route("/v1/incarnations/{incarnation}/batches", "POST", self._batch),
            self._route("/v1/challenge", "GET", self._challenge),
            self._route("/v1/enrolments", "POST", self._enrol),
            self._route("/v1/incarnations/{incarnation}/attachments/{sha256}", "PUT", self._piece),
            self._route("/v1/reference/{sha256}", "GET", self._item),
            *(self._route(path, "GET", partial(self._ask, ask)) for path, ask in asking.QUESTIONS.items()),
            Route("/healthz", self._healthy),
            Route("/readyz", self._ready),
            Route("/metrics", self._metrics),
        ]
        if self._console is not None:
            routes.append(Mount("/console", app=self._console))
        return Starlette(routes=routes, lifespan=lifespan)

    def _route(self, path: str, method: str, handler: Callable[[Request], Awaitable[Response]]) -> Route:
        counts = telling.Counts(path)

        async def handle(request: Request) -> Response:
            began = time.perf_counter()
            try:
                # Unsigned, for a signature is what a flood would make us pay.
                response = (
                    await handler(request)
                    if self._of_address.allows(_address(request))
                    else Response("too many requests\n", 429, headers={"Retry-After": "10"})
                )
            except _TooLong:
                response = self._refuse(request, "malformed", 413)
                response.headers["Connection"] = "close"
            except _Busy as busy:
                response = self._refuse(request, busy.reason, seconds=busy.seconds)
            except Refusal as refusal:
                response = self._refuse(request, refusal.reason)
            except ClientDisconnect:
                response = Response(status_code=499)
            except Exception as error:
                telling.tell_defect("a request failed", error, route=path)
                response = self._refuse(request, "busy", 503)
            counts.count(response.status_code, time.perf_counter() - began)
            return response

        return Route(path, handle, methods=[method])

    # ------------------------------------------------------------------------------------------------ the requests

    async def _challenge(self, request: Request) -> Response:
        nonce = request.query_params.get("nonce", "")
        if not (8 <= len(nonce) <= 128 and nonce.isascii() and nonce.isprintable()):
            raise Refusal("malformed")
        given = requests.challenge(self._keys.challenge_secret, self._clock())
        return self._answer(nonce, {"answer": "challenge", "challenge": given, "centre": self._keys.id})

    async def _enrol(self, request: Request) -> Response:
        signed = self._signed(request)
        async with self._body(request, admission.MOST) as body:
            try:
                asked = admission.opened(body, self._keys.unseal)
            except (ValueError, Unsealable) as error:
                raise Refusal("malformed") from error
            if asked.device != signed.device or not self._holds(request, signed, asked.key, body):
                raise Refusal("device_unknown")

        def admit() -> admitting.Admitted:
            with self._store.begin(write=True) as connection:
                return admitting.admit(connection, self._keys, asked)

        found = await self._in_thread(admit)
        telling.tell("enrolment", device=asked.device, reason=found.reason)
        if found.certificate is None:
            raise Refusal(found.reason or "code")
        return self._answer_to(signed, {"answer": "certificate", "certificate": found.certificate.decode()})

    async def _batch(self, request: Request) -> Response:
        incarnation = _id(request, "incarnation")
        caller = await self._caller(request, incarnation)
        async with self._proved(caller, wire.MOST_BYTES, self._turns) as (device, body):
            taken = await self._take(device, body, incarnation, caller.lines)
        placed = taken.placed
        telling.count_batch(store.NETWORK, placed.answer, placed.new_events)
        if placed.answer not in (told.STORED, told.ALREADY):
            telling.tell("batch", device=device.device, incarnation=incarnation, answer=placed.answer,
                         reason=placed.reason)  # fmt: skip
        return self._answer_to(caller.signed, batch_answer(taken), _STATUS_OF_ANSWER.get(placed.answer, 200))

    async def _piece(self, request: Request) -> Response:
        incarnation = _id(request, "incarnation")
        digest = request.path_params["sha256"]
        offset, size = (asking.number(request.query_params.get(name, "")) for name in ("offset", "size"))
        caller = await self._caller(request)
        async with self._proved(caller, pieces.MOST, self._turns_of_pieces) as (device, body):
            try:
                content = await to_thread.run_sync(pieces.opened, body, self._keys.unseal, limiter=self._crypto)
            except ValueError as error:
                raise Refusal("malformed") from error
            self._require_valid(device)

            def put() -> attachments.Held:
                with self._store.begin(write=True) as connection:
                    return attachments.put(connection, device, incarnation, digest, offset, size, content)

            found = await self._in_thread(put)
        return self._answer_to(caller.signed, asking.of_attachment(found))

    async def _item(self, request: Request) -> Response:
        caller = await self._caller(request)
        async with self._proved(caller, 0) as (device, _):
            self._require_valid(device)

        def find() -> bytes | None:
            with self._store.begin() as connection:
                return publishing.item(connection, self._keys, device, request.path_params["sha256"])

        found = await self._in_thread(find)
        if found is None:
            raise Refusal("unnamed")
        return Response(found, media_type="application/octet-stream", headers={"Cache-Control": "no-store"})

    async def _ask(self, ask: Callable[[asking.Question], asking.Told], request: Request) -> Response:
        caller = await self._caller(request)
        async with self._proved(caller, 0) as (device, _):
            self._require_valid(device)

        def answer() -> asking.Told:
            # A receipt that is given out enters the log, so even who asks may write.
            with self._store.begin(write=True) as connection:
                question = asking.Question(
                    connection, self._keys, device, request.path_params, dict(request.query_params)
                )
                return ask(question)

        return self._answer_to(caller.signed, await self._in_thread(answer))

    # ---------------------------------------------------------------------------------------------- for operators

    async def _healthy(self, _request: Request) -> Response:
        return Response("ok\n")

    async def _ready(self, _request: Request) -> Response:
        ready = await self._in_thread(self._store.is_ready)
        return Response("ready\n" if ready else "not ready\n", 200 if ready else 503)

    async def _metrics(self, request: Request) -> Response:
        if request.client is None or request.client.host not in self._metrics_from:
            raise HTTPException(404)
        return Response(telling.metrics(), media_type="text/plain; version=0.0.4")

    # ------------------------------------------------------------------------------------------------ who is there

    def _signed(self, request: Request) -> requests.Signed:
        """What the header says, of a challenge that holds; Refusal otherwise."""
        signed = requests.read_header(request.headers.get("authorization", ""))
        if signed is None:
            raise Refusal("device_unknown")
        if not requests.is_fresh(self._keys.challenge_secret, signed.challenge, self._clock()):
            raise Refusal("challenge")
        return signed

    async def _caller(self, request: Request, incarnation: str | None = None) -> Caller:
        """Who says to be there. Nothing is proved yet, and nobody is told whether such a laptop is known."""
        signed = self._signed(request)
        if not self._of_laptop.allows(f"{signed.device} {_address(request)}"):
            raise Refusal("busy")
        if self._fast is None:
            return Caller(request, signed, await self._in_thread(partial(self._known, signed.device)))
        if incarnation is None:
            return Caller(request, signed, await self._fast.known(signed.device))
        return Caller(request, signed, *await self._fast.known_with_lines(signed.device, incarnation))

    def _known(self, device: str) -> Device | None:
        with self._store.begin() as connection:
            return known_device(connection, device)

    @asynccontextmanager
    async def _proved(
        self, caller: Caller, most: int, turns: Turns | None = None
    ) -> AsyncIterator[tuple[Device, bytes]]:
        """The laptop that has proved its key by this request, and the body. Where a turn is wanted and none will come
        soon, everybody is sent away before anything is computed. Of an unknown laptop the body is read, so that it is
        told nothing earlier than a known one, and not kept."""
        request, device = caller.request, caller.device
        began = time.monotonic()
        async with self._body(request, most, kept=device is not None) as body, AsyncExitStack() as turn:
            is_slow = time.monotonic() - began > _SLOW
            if turns is not None and not is_slow and not turns.comes_within(_TURN):
                turns.send_away(len(body))
                raise _Busy(turns.retry_after())
            holds = self._holds(request, caller.signed, device.public_key if device else _NOBODY, body)
            if device is None or not holds:
                raise Refusal("device_unknown")
            if turns is not None:
                try:
                    await turn.enter_async_context(turns.of(len(body), None if is_slow else _TURN))
                except TimeoutError as error:
                    raise _Busy(turns.retry_after()) from error
            yield device, body

    def _holds(self, request: Request, signed: requests.Signed, public: bytes, body: bytes) -> bool:
        query = request.scope["query_string"]
        target = request.scope["raw_path"] + (b"?" + query if query else b"")
        return requests.holds(signed, public, request.method, target.decode("latin-1"), body)

    def _require_valid(self, device: Device) -> None:
        if device.revoked:
            raise Refusal("device_revoked")

    @asynccontextmanager
    async def _body(self, request: Request, most: int, *, kept: bool = True) -> AsyncIterator[bytes]:
        """The body, at most so long; nothing where it isn't kept. Memory is taken as its length says, and by all
        bodies together within bounds."""
        said = request.headers.get("content-length", "")
        length = int(said) if said.isascii() and said.isdecimal() and len(said) < 12 else None
        if length is None and (said or most):
            # Without a length (a proxy that cuts in pieces) the most is assumed.
            length = most
        if (length or 0) > most:
            raise _TooLong
        async with self._memory.of(length if length and kept else 0):
            parts, left = bytearray(), length or 0
            try:
                async with asyncio.timeout(_PATIENCE):
                    async for part in request.stream():
                        left -= len(part)
                        if left < 0:
                            raise _TooLong
                        parts += part if kept else b""
            except TimeoutError as error:
                raise Refusal("busy") from error
            yield bytes(parts)

    # -------------------------------------------------------------------------------------------------- small parts

    async def _take(self, device: Device, body: bytes, incarnation: str, known: Sequence[KnownLine]) -> Taken:
        take = partial(self._ingest.take, device, body, store.NETWORK, incarnation)
        if self._fast is None:
            return await self._in_thread(take)
        with suppress(Refusal):
            opened = await self._opened(device, body, incarnation)
            taken = await self._fast.put(opened, known, store.NETWORK)
            if taken is None:
                taken = await self._in_thread(partial(self._ingest.put, opened, body, store.NETWORK))
            return taken
        # It is refused, and kept.
        return await self._in_thread(take)

    async def _opened(self, device: Device, body: bytes, incarnation: str) -> Opened:
        if len(body) <= _SMALL:
            return self._ingest.open(device, body, incarnation)
        return await to_thread.run_sync(self._ingest.open, device, body, incarnation, limiter=self._crypto)

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await to_thread.run_sync(work, limiter=self._threads)

    def _answer_to(self, signed: requests.Signed, told_: Mapping[str, Any], status: int = 200) -> Response:
        return self._answer(requests.reference_of(signed), told_, status)

    def _answer(self, reference: str, told_: Mapping[str, Any], status: int = 200) -> Response:
        whole = answers.made(self._keys.sign, reference, {**told_, "server_time": store.now()})
        return Response(whole, status, media_type="application/json", headers={"Cache-Control": "no-store"})

    def _refuse(
        self, request: Request, reason: str, status: int | None = None, *, seconds: int | None = None
    ) -> Response:
        """The signed refusal; it names the request where that can be named."""
        telling.REFUSALS.labels(reason).inc()
        signed = requests.read_header(request.headers.get("authorization", ""))
        reference = requests.reference_of(signed) if signed is not None else ""
        found: dict[str, Any] = {"answer": told.REFUSED, "reason": reason}
        if reason != "busy":
            return self._answer(reference, found, status or _STATUS.get(reason, 400))
        seconds = self._turns.retry_after() if seconds is None else seconds
        response = self._answer(reference, {**found, "retry_after": seconds}, status or _STATUS[reason])
        response.headers["Retry-After"] = str(seconds)
        return response


def batch_answer(taken: Taken) -> dict[str, Any]:
    """What is told of a batch."""
    placed = taken.placed
    found: dict[str, Any] = {"answer": placed.answer}
    match placed.answer:
        case told.EXPECTED:
            found |= {"incarnation": placed.incarnation, "expected_seq": placed.expected_seq}
        case told.FORK:
            found |= {"incarnation": placed.incarnation, "seq": placed.fork_seq}
        case told.REFUSED:
            found |= {"reason": placed.reason}
    if taken.vouched is not None:
        found |= asking.words(taken.vouched)
    return found


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _id(request: Request, name: str) -> str:
    value: str = request.path_params[name]
    if not wire.is_id(value):
        raise Refusal("malformed")
    return value
