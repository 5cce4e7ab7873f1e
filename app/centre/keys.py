"""The centre's keys behind one door: what signs its word, what opens what is sealed to it, what challenges rest on.

Today they lie in a file sealed under a passphrase (Argon2id, AES-256-GCM). A hardware module (PKCS#11) needs another
class of the same form, and nothing else: nobody asks for a private half.
"""

import base64
import json
import os
import secrets
import unicodedata
from pathlib import Path
from typing import Final, Protocol

from app.crypto import sealing, signing
from app.crypto.slots import STANDARD, Cost
from app.domain.errors import KnownError, UserError
from app.domain.text import N_, Text
from app.sync import envelope, told

FORMAT: Final = "saraptama-centre-keys/1"
_MOST: Final = 10_000
_SALT_BYTES: Final = 16
_TORN: Final = N_("The key file {path} is torn or was written by another program. Bring its copy back.")


class Keys(Protocol):
    """What the centre holds. `app.sync` takes `sign` for a key that signs, `unseal` for one that opens."""

    @property
    def id(self) -> str:
        """The centre's name: 32 hexadecimal digits, from its signing key."""
        ...

    @property
    def sign(self) -> signing.Signer:
        """Signs receipts, answers, certificates, what is published."""
        ...

    @property
    def unseal(self) -> envelope.Opener:
        """Opens batches, enrolments, pieces of attachments."""
        ...

    @property
    def seal_key(self) -> bytes:
        """Public half of what unseals (32 bytes)."""
        ...

    @property
    def challenge_secret(self) -> bytes:
        """What challenges are made of; the same for all workers of one centre."""
        ...


class FileKeys:
    """Keys that were read from a file. Nothing of them is shown by `repr`."""

    def __init__(self, sign_seed: bytes, seal_private: bytes, challenge_secret: bytes) -> None:
        self.sign: signing.Signer = signing.HeldKey(sign_seed)
        self.unseal: envelope.Opener = envelope.HeldKey(seal_private)
        self.seal_key = envelope.public_half(seal_private)
        self.challenge_secret = challenge_secret
        self.id = told.centre_id(self.sign.public)


def make(path: Path, passphrase: str, cost: Cost = STANDARD) -> Keys:
    """New keys in a new file that its owner alone may read. UserError where there is a file already: keys are never
    written over, for all receipts rest on them."""
    from app.crypto.passphrase import MINIMUM_CHARACTERS

    if len(unicodedata.normalize("NFKC", passphrase)) < MINIMUM_CHARACTERS:
        raise UserError(Text(N_("Too short: at least {n} characters."), {"n": MINIMUM_CHARACTERS}), where="passphrase")
    parts = [secrets.token_bytes(32) for _ in range(3)]
    salt = secrets.token_bytes(_SALT_BYTES)
    sealed = sealing.seal(_derive(passphrase, salt, cost), b"".join(parts), _context(salt, cost))
    content = {
        "format": FORMAT,
        "memory_kib": cost.memory_kib,
        "passes": cost.passes,
        "lanes": cost.lanes,
        "salt": base64.b64encode(salt).decode(),
        "sealed": base64.b64encode(sealed).decode(),
    }
    try:
        number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        sentence = N_("There are keys of a centre already: {path}. They are never written over.")
        raise UserError(Text(sentence, {"path": str(path)})) from error
    with os.fdopen(number, "w", encoding="utf-8") as file:
        json.dump(content, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    return FileKeys(*parts)


def read(path: Path, passphrase: str) -> Keys:
    """The keys in a file. UserError: a wrong passphrase, or no such file's content; KnownError: no file."""
    try:
        data = path.read_bytes() if path.stat().st_size <= _MOST else b""
    except FileNotFoundError as error:
        sentence = N_("There are no keys of a centre at {path}. Make them: saraptama-centre init")
        raise KnownError(Text(sentence, {"path": str(path)})) from error
    torn = UserError(Text(_TORN, {"path": path.name}))
    try:
        content = json.loads(data)
        cost = Cost(content["memory_kib"], content["passes"], content["lanes"])
        numbers = (cost.memory_kib, cost.passes, cost.lanes)
        if content["format"] != FORMAT or not all(type(one) is int for one in numbers) or not cost.bounded():
            raise torn
        salt, sealed = (base64.b64decode(content[name], validate=True) for name in ("salt", "sealed"))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise torn from error
    if len(salt) != _SALT_BYTES:
        raise torn
    try:
        opened = sealing.unseal(_derive(passphrase, salt, cost), sealed, _context(salt, cost))
    except sealing.Unsealable as error:
        sentence = N_("The passphrase of the centre's keys is wrong, or the file {path} was changed.")
        raise UserError(Text(sentence, {"path": path.name}), where="passphrase") from error
    return FileKeys(opened[:32], opened[32:64], opened[64:])


def _context(salt: bytes, cost: Cost) -> bytes:
    """Binds what is sealed to what it costs to guess, so that nobody makes it cheaper."""
    return f"{FORMAT}|{salt.hex()}|{cost.memory_kib}|{cost.passes}|{cost.lanes}".encode()


def _derive(passphrase: str, salt: bytes, cost: Cost) -> bytes:
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    kdf = Argon2id(
        salt=salt, length=sealing.KEY_BYTES, iterations=cost.passes, lanes=cost.lanes, memory_cost=cost.memory_kib
    )
    return kdf.derive(unicodedata.normalize("NFKC", passphrase).encode("utf-8", "surrogatepass"))
