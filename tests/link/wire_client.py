"""A laptop's side of a request in tests: signed as the desk signs, answers read as the desk reads."""

import json
from collections.abc import Mapping
from typing import Any

import httpx

from app.centre.keys import Keys
from app.sync import answers, requests
from tests.link.laptop import Laptop

NONCE = "0123456789abcdef"


class Client:
    """Speaks for one laptop to one centre."""

    def __init__(self, http: Any, keys: Keys, laptop: Laptop) -> None:
        self.http, self.keys, self.laptop = http, keys, laptop
        self._challenge: str | None = None

    def challenge(self) -> str:
        if self._challenge is None:
            response = self.http.get(f"/v1/challenge?nonce={NONCE}")
            told = answers.read(response.content, self.keys.sign.public, NONCE)
            assert told["centre"] == self.keys.id
            self._challenge = told["challenge"]
        return self._challenge

    def ask(
        self, method: str, target: str, body: bytes = b"", *, challenge: str | None = None, device: str | None = None,
        seed: bytes | None = None,
    ) -> tuple[int, Mapping[str, Any]]:  # fmt: skip
        """Status and what the signed answer to this very request says."""
        signed = requests.sign(
            seed or self.laptop.seed, device or self.laptop.device, challenge or self.challenge(), method, target, body
        )
        response: httpx.Response = self.http.request(
            method, target, content=body, headers={"Authorization": signed.header()}
        )
        return response.status_code, answers.read(
            response.content, self.keys.sign.public, requests.reference_of(signed)
        )

    def push(self, first: int, last: int | None = None) -> Mapping[str, Any]:
        body = self.laptop.sealed(self.keys, first, last)
        return self.ask("POST", f"/v1/incarnations/{self.laptop.incarnation}/batches", body)[1]


def plain(statement: str) -> Any:
    """What stands in a statement, unchecked."""
    return json.loads(json.loads(statement)["told"])
