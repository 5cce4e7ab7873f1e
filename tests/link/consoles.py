"""A console in this process: its store, its users, a browser's worth of cookies."""

import re
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyotp

from app.centre import keys
from app.centre.console import application
from app.centre.console.access import Role
from app.centre.store import Store
from app.crypto.slots import Cost

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it would rather have another HTTP library
    from starlette.testclient import TestClient

CHEAP = Cost(memory_kib=64, passes=1, lanes=1)
PASSPHRASE = "saddle thunder copper apricot 41"


@dataclass
class Clock:
    """A clock that stands until it is moved."""

    now: float = 1_796_000_000.0

    def __call__(self) -> float:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += seconds


@dataclass
class Stand:
    """The console with a clock of ours."""

    store: Store
    console: application.Console
    clock: Clock
    secrets: dict[str, str] = field(default_factory=dict)

    def add(self, login: str, role: Role) -> None:
        """A user who may sign in."""
        _, self.secrets[login] = self.console.accounts.add_ready("test", self.clock(), login, "", role, PASSPHRASE)

    def code(self, login: str) -> str:
        """The code that the user's telephone shows; a fresh one, for a code counts once."""
        self.clock.forward(31)
        return pyotp.TOTP(self.secrets[login]).at(int(self.clock()))

    def browser(self, **settings: Any) -> "Visitor":
        return Visitor(self, TestClient(application.application(self.console), client=("127.0.0.1", 5000), **settings))

    def signed_in(self, login: str) -> "Visitor":
        visitor = self.browser()
        answer = visitor.sign_in(login)
        assert answer.status_code == 200, answer.text
        return visitor


class Visitor:
    """One browser: follows redirections, posts forms with the token of the page."""

    def __init__(self, stand: Stand, client: TestClient) -> None:
        self.stand, self.client = stand, client
        client.base_url = "http://127.0.0.1"  # type: ignore[assignment]

    def get(self, path: str, **more: Any) -> Any:
        return self.client.get(path, **more)

    def token(self) -> str:
        """The token that forms of this browser carry."""
        found = re.search(r'name="form_token" value="([0-9a-f]{64})"', self.client.get("/sign-in").text)
        assert found is not None
        return found[1]

    def post(self, path: str, form: dict[str, str] | None = None, **more: Any) -> Any:
        return self.client.post(path, data={"form_token": self.token(), **(form or {})}, **more)

    def sign_in(self, login: str, passphrase: str = PASSPHRASE, code: str | None = None) -> Any:
        code = self.stand.code(login) if code is None else code
        return self.post("/sign-in", {"login": login, "passphrase": passphrase, "code": code})


def stand(folder: Path, address: str | None = None, **settings: Any) -> Stand:
    """A fresh console on a database of its own."""
    store = Store(address or str(folder / "centre.db"))
    store.migrate()
    held = keys.FileKeys(b"s" * 32, b"o" * 32, b"c" * 32)
    clock = Clock()
    over = application.console(store, held, cost=CHEAP, clock=clock, base="", **settings)
    return Stand(store, over, clock)
