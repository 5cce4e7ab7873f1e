"""What a user proves who they are with: a passphrase (Argon2id) and a one-time code (TOTP, RFC 6238)."""

import secrets
import threading
import unicodedata
from collections.abc import Iterator
from typing import Final

from app.crypto.slots import STANDARD, Cost

ISSUER: Final = "Saraptama"
STEP_SECONDS: Final = 30
SECRET_LETTERS: Final = 32
# Each guess takes 64 MiB: a crowd at the door must not take all memory.
_AT_ONCE: Final = threading.BoundedSemaphore(2)
_SALT_BYTES, _LENGTH = 16, 32


def hashed(passphrase: str, cost: Cost = STANDARD) -> str:
    """What is stored of a passphrase: its hash with salt and costs (PHC form)."""
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    kdf = Argon2id(
        salt=secrets.token_bytes(_SALT_BYTES), length=_LENGTH, iterations=cost.passes, lanes=cost.lanes,
        memory_cost=cost.memory_kib,
    )  # fmt: skip
    with _AT_ONCE:
        return kdf.derive_phc_encoded(_bytes(passphrase))


def passphrase_holds(passphrase: str, stored: str | None, cost: Cost = STANDARD) -> bool:
    """Whether it is the one; for `stored` None it takes as long and says no."""
    from cryptography.exceptions import InvalidKey
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    if stored is None:
        hashed(passphrase, cost)
        return False
    try:
        with _AT_ONCE:
            Argon2id.verify_phc_encoded(_bytes(passphrase), stored)
    except InvalidKey:
        return False
    return True


def new_secret() -> str:
    """A secret for one-time codes: 160 bits in base32, as authenticator programs take it."""
    import pyotp

    return pyotp.random_base32(SECRET_LETTERS)


def address_of(secret: str, login: str) -> str:
    """`otpauth://…`: what the QR code of a secret says."""
    import pyotp

    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=ISSUER)


def step_of(code: str, secret: str, now: float) -> int | None:
    """The step of time that a code of six digits belongs to: this one or a neighbour (clocks differ); None where it is
    of none. Whoever takes it remembers the step, so that a code counts once."""
    import pyotp

    digits = "".join(code.split())
    step, totp = int(now) // STEP_SECONDS, pyotp.TOTP(secret)
    found = None
    for one in (step - 1, step, step + 1):  # all three, whichever fits: the time tells nothing
        if secrets.compare_digest(totp.generate_otp(one).encode(), digits.encode("utf-8", "replace")):
            found = one
    return found


def code_at(secret: str, now: float) -> str:
    """The code of this moment, as an authenticator shows it."""
    import pyotp

    return pyotp.TOTP(secret).at(int(now))


def grouped(secret: str) -> str:
    """The secret in groups of four, for typing."""
    return " ".join(_fours(secret))


def _fours(text: str) -> Iterator[str]:
    for start in range(0, len(text), 4):
        yield text[start : start + 4]


def _bytes(passphrase: str) -> bytes:
    return unicodedata.normalize("NFKC", passphrase).encode("utf-8", "surrogatepass")
