"""NCALayer, the program of the НУЦ that holds members' keys: a CMS over a hash, asked for over its local WebSocket.

The member chooses the key and types its passphrase there; nothing but a hash goes out, and never beyond this laptop.
The protocol is that of the module `kz.gov.pki.knca.basics`, method `sign`, read from the public sample of the НУЦ and
from public clients; it was tried against a stand-in alone, never against NCALayer itself.

What listens there shows a certificate that it made itself. It is not checked: the connection doesn't leave the laptop,
holds no secret, and what comes back counts only where it is a signature of that hash (`electronic`).
"""

import base64
import binascii
import json
import re
import threading
import time
from typing import TYPE_CHECKING, Any, Final

from app.domain.errors import KnownError, UserError
from app.domain.text import N_, Text

if TYPE_CHECKING:
    import ssl

ADDRESS: Final = "wss://127.0.0.1:13579"
MODULE: Final = "kz.gov.pki.knca.basics"
_SIGNING: Final = "1.3.6.1.5.5.7.3.4"
"""The extended key usage of keys for signing, by which NCALayer offers those alone."""
_MOST: Final = 1_000_000
_OPENING: Final = 30.0  # seconds: where nothing listens it is refused at once, and a busy laptop takes its time
_WAITING: Final = 600.0
_LOOK: Final = 0.2
_ARMOUR: Final = re.compile(r"-----[A-Z0-9 ]+-----")

ABSENT: Final = N_(
    "NCALayer does not answer on this laptop. Start NCALayer, wait until its sign stands beside the clock, then try"
    " again; or sign with the key file."
)
CUT: Final = N_(
    "NCALayer broke the connection off before it signed. Nothing was changed. Start it anew, then try again."
)
TOO_LATE: Final = N_("NCALayer gave no signature for ten minutes. Nothing was changed. Try again.")
CANCELLED: Final = N_("Signing was cancelled in NCALayer. Nothing was changed.")
REFUSED: Final = N_("NCALayer refused to sign: {reason}. Nothing was changed.")
NO_MODULE: Final = N_(
    "This NCALayer is too old or lacks its basic module ({module}). Bring NCALayer up to date, then try again."
)
GIBBERISH: Final = N_(
    "What answered in place of NCALayer can't be understood. Nothing was changed. Bring NCALayer up to date and see"
    " that no other program listens in its place."
)


class NcaLayer:
    """Asks NCALayer for a signature. No database here: it waits for a person, on a thread of its own."""

    def __init__(self, address: str = ADDRESS, *, opening: float = _OPENING, waiting: float = _WAITING) -> None:
        """`opening`, `waiting`: seconds until it counts as absent, and until nobody has signed."""
        self._address, self._opening, self._waiting = address, opening, waiting

    def sign(self, digest: bytes, language: str, stop: threading.Event) -> bytes | None:
        """The CMS (DER or BER, unchecked) over a SHA-256; None once `stop` is set. KnownError, UserError as above."""
        from websockets.exceptions import ConnectionClosed, WebSocketException
        from websockets.sync.client import connect

        until = time.monotonic() + self._waiting
        stands, found = False, None
        try:
            # No pings: a laptop that slept while somebody looked for the stick would take a living line for a dead one.
            with connect(
                self._address, ssl=_unchecked(), open_timeout=self._opening, close_timeout=1, ping_interval=None,
                max_size=_MOST, proxy=None,
            ) as line:  # fmt: skip
                stands = True
                line.send(json.dumps(request(digest, language)))
                while found is None and not stop.is_set():
                    if time.monotonic() > until:
                        raise KnownError(Text(TOO_LATE))
                    try:
                        heard = line.recv(timeout=_LOOK)
                    except TimeoutError:
                        continue
                    found = answer(heard)
        except ConnectionClosed as closed:
            code = closed.sent.code if closed.sent is not None else None
            raise KnownError(Text(GIBBERISH if code == 1009 else CUT)) from None
        except OSError:  # an opening that took too long is one, too
            if found is None:  # what breaks once the signature is here was only the leave-taking
                raise KnownError(Text(CUT if stands else ABSENT)) from None
        except (WebSocketException, ValueError):
            raise KnownError(Text(GIBBERISH)) from None
        return found


def request(digest: bytes, language: str) -> dict[str, Any]:
    """What is sent: a detached CMS over a hash, by a key for signing, without a timestamp."""
    return {
        "module": MODULE,
        "method": "sign",
        "args": {
            "format": "cms",
            "data": base64.b64encode(digest).decode("ascii"),
            "signingParams": {"decode": True, "encapsulate": False, "digested": True},
            "signerParams": {"extKeyUsageOids": [_SIGNING]},
            "locale": language,
        },
    }


def answer(heard: str | bytes) -> bytes | None:
    """The CMS in an answer; None for what answers nothing yet (a greeting, a beat). UserError, KnownError as above."""
    if isinstance(heard, str) and heard.strip() in ("", "--heartbeat--", "{}"):
        return None
    try:
        told = json.loads(heard)
    except (ValueError, RecursionError):
        raise KnownError(Text(GIBBERISH)) from None
    if not isinstance(told, dict):
        raise KnownError(Text(GIBBERISH))
    if isinstance(told.get("result"), dict) and "status" not in told:
        return None  # the greeting, with its version
    if told.get("errorCode") == "MODULE_NOT_FOUND":
        raise KnownError(Text(NO_MODULE, {"module": MODULE}))
    if told.get("status") is True:
        body = told.get("body")
        if not body:
            raise UserError(Text(CANCELLED), where="ncalayer")
        return _cms(body)
    if told.get("status") is False or "code" in told or "errorCode" in told:
        reason = " ".join(_said(told.get(key)) for key in ("code", "errorCode", "message") if told.get(key))
        if "cancel" in reason.lower():
            raise UserError(Text(CANCELLED), where="ncalayer")
        raise UserError(Text(REFUSED, {"reason": reason or "–"}), where="ncalayer")
    raise KnownError(Text(GIBBERISH))


def _cms(body: object) -> bytes:
    """The first signature of an answer: a text, a list, or an object with `signatures`; with or without PEM's frame."""
    found = body.get("result") if isinstance(body, dict) else None
    if isinstance(found, dict):
        found = found.get("signatures")
    if isinstance(found, list) and len(found) == 1:
        found = found[0]
    if not isinstance(found, str) or not found:
        raise KnownError(Text(GIBBERISH))
    try:
        return base64.b64decode("".join(_ARMOUR.sub("", found).split()), validate=True)
    except (binascii.Error, ValueError):
        raise KnownError(Text(GIBBERISH)) from None


def _said(words: object) -> str:
    """Foreign words in a sentence of ours: one line, not long."""
    text = "".join(letter if letter.isprintable() else " " for letter in str(words))
    return " ".join(text.split())[:160]


def _unchecked() -> "ssl.SSLContext":
    import ssl

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
