"""A network as it is in a village: it cuts, delays, doubles, reorders, and answers in the centre's place."""

import asyncio
import random
import threading
from collections import Counter
from types import TracebackType

PORTAL = b"<!doctype html><html><title>Wi-Fi</title><body>Sign in to use this network: 1 hour, 500 T</body></html>"
KINDS = (
    "cut before",  # the request never arrives
    "cut after",  # it arrives, the answer is lost
    "cut within",  # half of the answer comes
    "doubled",  # the request arrives twice
    "late",  # the laptop is told 504, the request arrives after the next ones
    "slow",  # the answer takes its time
    "portal",  # a sign-in page answers, with 200
    "413",
    "502",
)


class Network:
    """Forwards what comes to its port to another one; each request meets a fault with `chance`.

    with Network(port, chance=0.3, seed=7) as network:
        … f"http://127.0.0.1:{network.port}" …
    """

    def __init__(self, target: int, *, chance: float, seed: int, kinds: tuple[str, ...] = KINDS) -> None:
        self.target = target
        self.chance = chance
        self.kinds = kinds
        self.met: Counter[str] = Counter()
        self._random = random.Random(seed)

    def __enter__(self) -> "Network":
        self._loop = asyncio.new_event_loop()
        ready = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(ready,), daemon=True)
        self._thread.start()
        ready.wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def _run(self, ready: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve(ready))
        self._loop.close()

    async def _serve(self, ready: threading.Event) -> None:
        self._stop = asyncio.Event()
        self._late: set[asyncio.Task[bytes]] = set()
        server = await asyncio.start_server(self._meet, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        await self._stop.wait()
        server.close()
        for task in self._late:
            task.cancel()
        await asyncio.gather(*self._late, return_exceptions=True)

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = await _message(reader)
            fault = self._random.choice(self.kinds) if self._random.random() < self.chance else "none"
            self.met[fault] += 1
            await self._answer(fault, request, writer)
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _answer(self, fault: str, request: bytes, writer: asyncio.StreamWriter) -> None:
        match fault:
            case "cut before":
                return
            case "portal":
                writer.write(_page(200, PORTAL))
            case "413" | "502":
                writer.write(_page(int(fault), b"<html><body>nginx</body></html>"))
            case "late":
                task = asyncio.create_task(self._forward(request, self._random.uniform(0.05, 0.3)))
                self._late.add(task)
                task.add_done_callback(self._late.discard)
                writer.write(_page(504, b"<html><body>Gateway Timeout</body></html>"))
            case _:
                if fault == "doubled":
                    await self._forward(request)
                answer = await self._forward(request, self._random.uniform(0, 0.1) if fault == "slow" else 0)
                if fault == "cut after":
                    return
                cut = self._random.randrange(1, max(2, len(answer))) if fault == "cut within" else len(answer)
                writer.write(answer[:cut])
        await writer.drain()

    async def _forward(self, request: bytes, after: float = 0) -> bytes:
        await asyncio.sleep(after)
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            return _page(502, b"<html><body>no upstream</body></html>")
        try:
            writer.write(request)
            await writer.drain()
            return await reader.read()
        except OSError:
            return b""
        finally:
            writer.close()


async def _message(reader: asyncio.StreamReader) -> bytes:
    """A whole request that asks for its connection to be closed, so that the answer ends with it."""
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head[:-4].split(b"\r\n")
    length = 0
    kept = [lines[0]]
    for line in lines[1:]:
        name = line.partition(b":")[0].strip().lower()
        if name == b"content-length":
            length = int(line.partition(b":")[2])
        if name not in (b"connection", b"keep-alive"):
            kept.append(line)
    body = await reader.readexactly(length) if length else b""
    return b"\r\n".join([*kept, b"Connection: close", b"", b""]) + body


def _page(status: int, body: bytes) -> bytes:
    head = f"HTTP/1.1 {status} X\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    return head.encode() + body


def main() -> None:
    """As a process of its own: TARGET CHANCE SEED [KIND …]; prints its port, and lives until its input ends."""
    import sys

    target, chance, seed, *kinds = sys.argv[1:]
    with Network(int(target), chance=float(chance), seed=int(seed), kinds=tuple(kinds) or KINDS) as network:
        print(network.port, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
