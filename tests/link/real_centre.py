"""The centre itself, in the test's process: uvicorn in a thread, SQLite on the disk."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from sqlalchemy import text

from app.centre import admission
from app.centre.http import Door
from app.centre.interpreting import Interpreter
from app.centre.keys import Keys
from app.centre.store import Store
from app.domain.text import LocalText
from app.sync import told
from tests.link.laptop import centre_keys

NAME = LocalText("Орталық", "Центр", "Centre")


@dataclass
class RealCentre:
    """A centre that listens; `keys` are made for it."""

    store: Store
    keys: Keys
    url: str

    def invitation(self, *urls: str) -> bytes:
        """With a code of its own."""
        with self.store.begin(write=True) as connection:
            code = admission.new_code(connection, 30)
        return told.invited(self.keys.sign, NAME, self.keys.seal_key, urls or (self.url,), code)

    def interpret(self) -> None:
        """Take over everything that came."""
        Interpreter(self.store).run_dry()

    def records(self) -> list[bytes]:
        """The signed conclusions that are held on lines that count, as they were signed."""
        import json

        with self.store.begin() as connection:
            rows = connection.execute(
                text("SELECT e.record FROM events e JOIN incarnations i ON i.incarnation = e.incarnation"
                     " AND i.line = e.line WHERE i.aside = 0 ORDER BY e.seq")
            ).all()  # fmt: skip
        events = [json.loads(bytes(row[0])) for row in rows]
        return [event["payload"]["record"].encode() for event in events if event["type"] == "case.signed"]


@contextmanager
def listening(store: Store, keys: Keys) -> Iterator[str]:
    """The address of a server over this store, until the end."""
    config = uvicorn.Config(Door(store, keys).application(), log_level="critical", lifespan="on")
    server = uvicorn.Server(config)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [free]}, daemon=True)
        thread.start()
        while not server.started and thread.is_alive():
            threading.Event().wait(0.01)
        yield f"http://127.0.0.1:{free.getsockname()[1]}"
        server.should_exit = True
        thread.join()


@contextmanager
def centre(folder: Path) -> Iterator[RealCentre]:
    """A new centre."""
    store, keys = Store(folder / "centre.db"), centre_keys()
    store.migrate()
    try:
        with listening(store, keys) as url:
            yield RealCentre(store, keys, url)
    finally:
        store.close()
