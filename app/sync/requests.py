"""Requests of a laptop over the network: signed by its key, fresh by the centre's own clock, and answered under the
centre's.

Freshness rests on a challenge that the centre gives out and that holds some minutes by *its* clock, for the clocks of
laptops are wrong. Within those minutes a request that is sent again has no further effect: batches and pieces of
attachments count once, an invitation's code admits once, and what is asked for is told under a seal or is no secret.
"""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from typing import Final

from app.crypto import digests, signing
from app.sync.told import REQUEST
from app.sync.wire import is_id

SCHEME: Final = "Saraptama"
CHALLENGE_SECONDS: Final = 600


@dataclass(frozen=True, slots=True)
class Signed:
    """What stands in the header `Authorization` of a request."""

    device: str
    challenge: str
    signature: bytes

    def header(self) -> str:
        """The header's value."""
        written = base64.b64encode(self.signature).decode()
        return f"{SCHEME} device={self.device}, challenge={self.challenge}, signature={written}"


def sign(seed: bytes, device: str, challenge: str, method: str, target: str, body: bytes) -> Signed:
    """`target`: path and query as they are sent. `seed`: of the device's key."""
    message = _message(device, challenge, method, target, body)
    return Signed(device, challenge, signing.sign(seed, REQUEST, message))


def holds(signed: Signed, public: bytes, method: str, target: str, body: bytes) -> bool:
    """Whether the device's key signed this very request."""
    message = _message(signed.device, signed.challenge, method, target, body)
    return signing.verify(public, REQUEST, message, signed.signature)


def read_header(value: str) -> Signed | None:
    """What the header says; None where it is none of ours."""
    scheme, _, rest = value.partition(" ")
    parts = dict(part.strip().partition("=")[::2] for part in rest.split(","))
    if scheme != SCHEME or set(parts) != {"device", "challenge", "signature"} or not is_id(parts["device"]):
        return None
    try:
        signature = base64.b64decode(parts["signature"], validate=True)
    except (binascii.Error, ValueError):
        return None
    return Signed(parts["device"], parts["challenge"], signature)


def reference_of(signed: Signed) -> str:
    """What the centre's answer names, so that an answer to one request is none to another."""
    return hashlib.sha256(signed.signature).hexdigest()


def challenge(secret: bytes, now: float) -> str:
    """A challenge that holds from now on; `now` in seconds, by the centre's clock. Nothing of it is stored."""
    stamp = f"{int(now):x}"
    return f"{stamp}.{_mac(secret, stamp)}"


def is_fresh(secret: bytes, given: str, now: float) -> bool:
    """Whether this centre gave out the challenge within the last minutes."""
    stamp, _, mac = given.partition(".")
    if not hmac.compare_digest(_mac(secret, stamp).encode(), mac.encode("utf-8", "replace")):
        return False
    return -60 <= now - int(stamp, 16) <= CHALLENGE_SECONDS


def _mac(secret: bytes, stamp: str) -> str:
    return hmac.new(secret, b"saraptama/challenge/1\0" + stamp.encode("utf-8", "replace"), "sha256").hexdigest()[:32]


def _message(device: str, challenge_: str, method: str, target: str, body: bytes) -> bytes:
    told = {"device": device, "challenge": challenge_, "method": method, "target": target,
            "body": hashlib.sha256(body).hexdigest()}  # fmt: skip
    return digests.canonical(told)
