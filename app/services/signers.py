"""Who signs a paper electronically: a member's key file or NCALayer. The desk's own key always seals what both give."""

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from app.domain.errors import KnownError, UserError
from app.domain.system import refusal
from app.domain.text import N_, Text
from app.services.ncalayer import NcaLayer

if TYPE_CHECKING:
    from app.documents.pades import Prepared

KEY_FILE: Final = "pkcs12"
NCALAYER: Final = "ncalayer"
NAMES: Final = {KEY_FILE: N_("by key file"), NCALAYER: N_("by NCALayer")}
_MOST: Final = 1_000_000


class Signer(Protocol):
    """`certificate`: DER, where it is known before signing. `pades`: the CMS has the attributes of PAdES."""

    @property
    def via(self) -> str: ...
    @property
    def certificate(self) -> bytes | None: ...
    @property
    def pades(self) -> bool: ...

    def cms(self, prepared: "Prepared", language: str, stop: threading.Event) -> bytes | None:
        """The CMS over the paper; None where the person stopped it. Told errors in words."""
        ...


@dataclass(frozen=True, slots=True, repr=False)
class KeyFile:
    """A member's PKCS#12 file, opened. It holds the private key and is let go with the signature."""

    certificate: bytes
    key: bytes
    via: str = KEY_FILE
    pades: bool = True

    def cms(self, prepared: "Prepared", language: str, stop: threading.Event) -> bytes | None:  # noqa: ARG002
        """PAdES B-B."""
        from app.documents import pades

        return pades.sign(prepared, self.certificate, self.key)


@dataclass(frozen=True, slots=True)
class ByNcaLayer:
    """NCALayer, which asks the member for the key. Its CMS need not have the attributes of PAdES."""

    layer: NcaLayer
    certificate: bytes | None = None
    via: str = NCALAYER
    pades: bool = False

    def cms(self, prepared: "Prepared", language: str, stop: threading.Event) -> bytes | None:
        """What NCALayer gives for the paper's hash."""
        return self.layer.sign(prepared.digest, language, stop)


def open_key_file(path: Path, passphrase: str) -> KeyFile:
    """Open a member's key file; the passphrase is not kept. KnownError where it can't be read, UserError as
    `certificates.open_key_file`."""
    from app.crypto import certificates

    try:
        with path.open("rb") as file:
            data = file.read(_MOST + 1)
    except OSError as error:
        sentence = N_("The key file can't be read: {path} ({reason}). Put the stick in again, or choose another file.")
        told = {"path": str(path), "reason": refusal(error)}
        raise KnownError(Text(sentence, told), where="file") from None
    if len(data) > _MOST:
        sentence = N_("{path} is too large for a key file. Choose the file that the НУЦ gave the member.")
        raise UserError(Text(sentence, {"path": path.name}), where="file")
    return KeyFile(*certificates.open_key_file(data, passphrase, path.name))
