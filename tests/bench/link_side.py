"""The two processes of a measurement of the centre: one that listens, one that sends.

    python -m tests.bench.link_side serve ours|bare|tuned ADDRESS KEYS
    python -m tests.bench.link_side load ours|bare|tuned ADDRESS KEYS PORT LAPTOPS REQUESTS EVENTS

`bare` is what is left of the centre's door without any check, written as psycopg's manual writes it: decode, insert
each record, commit, answer. `tuned` is the same with the centre's own tricks: no BEGIN, all records as one array.

Who sends has made and signed everything before the clock starts, and then does as little as HTTP allows.
"""

import asyncio
import secrets
import socket
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

RECORD = 900
"""bytes of a record, about what an event with two signatures has"""
CONNECTIONS = 8


def main(words: list[str]) -> None:
    """One of the two sides."""
    if words[0] == "serve":
        serve(*words[1:])
    else:
        load(words[1], words[2], words[3], *(int(word) for word in words[4:]))


# ------------------------------------------------------------------------------------------------------ who listens


def serve(kind: str, address: str, keys: str) -> None:
    """Listen on a free port, which is printed."""
    import uvicorn

    application = ours(address, keys) if kind == "ours" else bare(address, tuned=kind == "tuned")
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    print(listening.getsockname()[1], flush=True)
    config = uvicorn.Config(application, log_level="warning", access_log=False, loop="uvloop", http="httptools")
    uvicorn.Server(config).run(sockets=[listening])


def ours(address: str, keys: str) -> Any:
    """The centre's door as it stands, but for how often one may knock and whom it sends away."""
    from app.centre.http import Door
    from app.centre.store import Store

    return Door(Store(address), _keys(keys), rate=1e9, in_hand=1 << 40, connections=CONNECTIONS).application()


def bare(address: str, *, tuned: bool) -> Any:
    """What is left of it without any check: decode, insert, commit, answer."""
    import cbor2
    from psycopg_pool import AsyncConnectionPool
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import JSONResponse
    from starlette.routing import Route

    kwargs = {"autocommit": True} if tuned else {}
    pool = AsyncConnectionPool(address, min_size=1, max_size=CONNECTIONS, open=False, kwargs=kwargs)
    each = "INSERT INTO bare (incarnation, seq, record) VALUES (%b, %b, %b)"
    whole = (
        "INSERT INTO bare (incarnation, seq, record) SELECT %(incarnation)b, %(first)b - 1 + new.n, new.record"
        " FROM unnest(%(records)b::bytea[]) WITH ORDINALITY AS new (record, n)"
    )

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        await pool.open(wait=True)
        yield
        await pool.close()

    async def take(request: Request) -> JSONResponse:
        batch = cbor2.loads(await request.body())
        async with pool.connection() as connection:
            if tuned:
                await connection.execute(whole, batch, binary=True)
            else:
                first, records = batch["first"], batch["records"]
                rows = [(batch["incarnation"], seq, record) for seq, record in enumerate(records, first)]
                await connection.cursor().executemany(each, rows)
        return JSONResponse({"answer": "stored"})

    return Starlette(routes=[Route("/v1/batches", take, methods=["POST"])], lifespan=lifespan)


# ------------------------------------------------------------------------------------------------------- who sends


def load(kind: str, address: str, keys: str, port: int, laptops: int, requests: int, events: int) -> None:
    """Send, each laptop its requests one after another, all laptops at once; prints the seconds."""
    made = _signed(address, keys, port, laptops, requests, events) if kind == "ours" else _plain(
        laptops, requests, events)  # fmt: skip
    print(f"{asyncio.run(_send(port, made)):.6f}", flush=True)


async def _send(port: int, made: list[list[bytes]]) -> float:
    ready = [await asyncio.open_connection("127.0.0.1", port, limit=1 << 22) for _ in made]
    began = time.perf_counter()
    await asyncio.gather(*(_one(reader, writer, told) for (reader, writer), told in zip(ready, made, strict=True)))
    seconds = time.perf_counter() - began
    for _, writer in ready:
        writer.close()
    return seconds


async def _one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, told: list[bytes]) -> None:
    for request in told:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        body = await reader.readexactly(length)
        if not head.startswith(b"HTTP/1.1 200") or b"stored" not in body:
            raise RuntimeError(f"{head!r} {body[:400]!r}")


def _signed(address: str, keys_: str, port: int, laptops: int, requests_: int, events: int) -> list[list[bytes]]:
    """Sealed and signed batches of enrolled laptops, and one request before that begins their logs."""
    import json
    import urllib.request

    from app.centre.store import Store
    from app.sync import requests

    keys, store = _keys(keys_), Store(address, connections=1)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/v1/challenge?nonce=0123456789abcdef") as answer:
        challenge = json.loads(json.loads(answer.read())["told"])["challenge"]
    every = []
    for _ in range(laptops):
        laptop = _laptop(1 + requests_ * events)
        laptop.enrol(store, keys)
        target = f"/v1/incarnations/{laptop.incarnation}/batches"
        told = []
        for first, last in [(1, 1), *((2 + at * events, 1 + (at + 1) * events) for at in range(requests_))]:
            body = laptop.sealed(keys, first, last)
            signed = requests.sign(laptop.seed, laptop.device, challenge, "POST", target, body)
            told.append(_http(target, body, f"Authorization: {signed.header()}\r\n"))
        every.append(told)
    store.close()
    asyncio.run(_send(port, [told[:1] for told in every]))
    return [told[1:] for told in every]


def _plain(laptops: int, requests: int, events: int) -> list[list[bytes]]:
    import cbor2

    every = []
    for _ in range(laptops):
        laptop = _laptop(requests * events)
        told = []
        for at in range(requests):
            records = [record for _, record in laptop.log[at * events : (at + 1) * events]]
            batch = {"incarnation": laptop.incarnation, "first": at * events + 1, "records": records}
            told.append(_http("/v1/batches", cbor2.dumps(batch), ""))
        every.append(told)
    return every


def _laptop(events: int) -> Any:
    from app.crypto import digests
    from tests.link.laptop import Laptop

    laptop = Laptop()
    for seq in range(1, events + 1):
        # Written out: canonical JSON of so many records would take a minute.
        head = (
            f'{{"actor":"{secrets.token_hex(16)}","case_id":"{secrets.token_hex(16)}","device":"{laptop.device}",'
            f'"incarnation":"{laptop.incarnation}","payload":{{"document":"conclusion","number":"2/2026/{seq:06}"}},'
            f'"prev_hash":"{laptop.head.hex()}","seq":{seq},"signatures":{{"actor":"{secrets.token_hex(64)}",'
            f'"device":"{secrets.token_hex(64)}"}},"type":"document.printed","v":1,"wall_time":"2026-11-30T08:00:00Z",'
        )
        record = (head + f'"x":"{"қ" * ((RECORD - len(head)) // 2)}"}}').encode()
        laptop.log.append((digests.digest(digests.EVENT, record), record))
    return laptop


def _http(target: str, body: bytes, more: str) -> bytes:
    return f"POST {target} HTTP/1.1\r\nHost: centre\r\n{more}Content-Length: {len(body)}\r\n\r\n".encode() + body


def _keys(path: str) -> Any:
    from app.centre.keys import FileKeys

    data = Path(path).read_bytes()
    return FileKeys(data[:32], data[32:64], data[64:])


if __name__ == "__main__":
    main(sys.argv[1:])
