"""Answers of the centre to requests over the network: statements that name the request that they answer.

What an answer carries of other statements (receipt, standing, certificate, reference) stands in it as text, so that it
is kept and checked as it was signed.
"""

from collections.abc import Mapping
from typing import Any, Final

from app.crypto import signing, statement
from app.sync.told import ANSWER

MOST: Final = 8 << 20
"""bytes of an answer that is a statement"""


def made(seed: signing.Key, request: str, told: Mapping[str, Any]) -> bytes:
    """The answer to a request (`requests.reference_of`; of a challenge the nonce that came with it), signed by the
    centre's key. `told`: `answer`, `server_time` and what else belongs to it."""
    return statement.made(seed, ANSWER, {**told, "request": request})


def read(data: bytes, centre: bytes, request: str) -> Mapping[str, Any]:
    """What the centre with this public signing key answers to this very request; ValueError where it is anything
    else: a page of a portal, an error of a proxy, the answer to another request."""
    if len(data) > MOST:
        raise ValueError("too long")
    told = statement.read(data, ANSWER, {centre}).told
    if told.get("request") != request:
        raise ValueError("the answer to another request")
    return told
