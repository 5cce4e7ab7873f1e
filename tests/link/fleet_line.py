"""One simulated laptop's connection to a centre over real HTTP: signed requests, verified answers, a line as slow as
it is said to be."""

import asyncio
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Final, Self

from app.sync import answers, requests

_PART: Final = 4 << 10


class Down(Exception):
    """No answer that is the centre's word; `status` of what came, 0 where nothing came."""

    def __init__(self, status: int = 0) -> None:
        super().__init__(status)
        self.status = status


@dataclass(frozen=True, slots=True)
class Answer:
    """What the centre said; `seconds`: from the last byte of the request to the last one of the answer."""

    status: int
    told: Mapping[str, Any]
    seconds: float


class Line:
    """`bps`: bytes a second that go over this line, None for as many as there can be; `host`: the address it calls
    from (each laptop has its own, as in life)."""

    def __init__(
        self, port: int, centre: bytes, device: str, seed: bytes, *, host: str = "127.0.0.1", bps: int | None = None
    ) -> None:
        self._port, self._centre, self._device, self._seed = port, centre, device, seed
        self._host, self._bps = host, bps
        self._challenge: tuple[str, float] | None = None
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.hang_up()

    def hang_up(self) -> None:
        """The next request begins on a new connection."""
        if self._streams is not None:
            self._streams[1].close()
        self._streams = None

    async def ask(self, method: str, target: str, body: bytes = b"") -> Answer:
        """The centre's verified answer; Down where there is none."""
        if self._challenge is None or time.monotonic() - self._challenge[1] > 240:
            nonce = secrets.token_hex(16)
            status, data, _ = await self._send("GET", f"/v1/challenge?nonce={nonce}", b"", "")
            found = self._read(status, data, nonce)
            if "challenge" not in found:
                raise Down(status)
            self._challenge = str(found["challenge"]), time.monotonic()
        signed = requests.sign(self._seed, self._device, self._challenge[0], method, target, body)
        status, data, seconds = await self._send(method, target, body, f"Authorization: {signed.header()}\r\n")
        return Answer(status, self._read(status, data, requests.reference_of(signed)), seconds)

    def _read(self, status: int, data: bytes, reference: str) -> Mapping[str, Any]:
        try:
            return answers.read(data, self._centre, reference)
        except ValueError:
            raise Down(status) from None

    async def _send(self, method: str, target: str, body: bytes, more: str) -> tuple[int, bytes, float]:
        try:
            async with asyncio.timeout(120 + (len(body) / self._bps if self._bps else 0)):
                return await self._once(method, target, body, more)
        except (OSError, EOFError, TimeoutError, ValueError) as error:
            self.hang_up()
            raise Down from error

    async def _once(self, method: str, target: str, body: bytes, more: str) -> tuple[int, bytes, float]:
        if self._streams is None:
            self._streams = await asyncio.open_connection(
                "127.0.0.1", self._port, limit=1 << 20, local_addr=(self._host, 0)
            )
        reader, writer = self._streams
        head = f"{method} {target} HTTP/1.1\r\nHost: centre\r\n{more}Content-Length: {len(body)}\r\n\r\n"
        writer.write(head.encode())
        if self._bps is None:
            writer.write(body)
        else:
            # As the desk sends: the whole body, whatever is answered meanwhile.
            for start in range(0, len(body), _PART):
                await asyncio.sleep(_PART / self._bps)
                writer.write(body[start : start + _PART])
                await writer.drain()
        await writer.drain()
        began = time.perf_counter()
        found = await reader.readuntil(b"\r\n\r\n")
        fields = found.lower()
        length = int(fields.partition(b"content-length: ")[2].partition(b"\r\n")[0])
        data = await reader.readexactly(length)
        if b"connection: close" in fields:
            self.hang_up()
        return int(found.split(b" ", 2)[1]), data, time.perf_counter() - began
