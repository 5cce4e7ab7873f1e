"""An invitation of a centre: as the file, as the text of its QR code, or as a picture of that code."""

import base64
import binascii
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from app.domain.errors import UserError
from app.domain.text import N_, Text, one_line
from app.services.link_store import Linked
from app.sync import envelope, told

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.sync.told import Centre

MOST: Final = 40 << 20
"""bytes; cameras write some 10 MB"""
_LONGEST: Final = 200
_MOST_ADDRESSES: Final = 8
_NONE: Final = N_(
    "This is no invitation of a centre. Choose the file that the centre gave you, or a sharp picture of its square"
    " code."
)
_NO_CODE: Final = N_(
    "No code of an invitation was found in the picture. Take it from above and in good light, so that the square code"
    " fills a quarter of it, then try again."
)


def read(data: bytes) -> tuple["Centre", bytes]:
    """Who invites, and the invitation itself; UserError where it is none."""
    if len(data) > MOST:
        raise UserError(Text(_NONE))
    found = _statement(data)
    if found is not None:
        return found
    from app.documents import pictures

    texts = pictures.codes(data)
    if texts is None:
        raise UserError(Text(_NONE))
    for text in texts:
        found = _statement(text.encode())
        if found is not None:
            return found
    raise UserError(Text(_NO_CODE))


def _statement(data: bytes) -> "tuple[Centre, bytes] | None":
    for form in (data, _decoded(data)):
        if form:
            try:
                centre = told.read_invitation(form)
                envelope.seal(centre.seal_key, told.ENROLMENT, b"")  # some 32 bytes are no key
                return centre, form
            except ValueError:
                continue
    return None


def _decoded(data: bytes) -> bytes:
    """The text of a code that only holds letters and digits."""
    if len(data) > 10_000:
        return b""
    try:
        return base64.urlsafe_b64decode(data.strip() + b"==")
    except (binascii.Error, ValueError):
        return b""


def linked(centre: "Centre") -> Linked:
    """The centre as the desk keeps it."""
    return Linked(centre.id, centre.name, centre.sign_key, centre.seal_key, centre.urls, centre.code)


def addresses(words: "Iterable[str]") -> tuple[str, ...]:
    """Network addresses of a centre as somebody typed them; UserError for what is none."""
    found = tuple(dict.fromkeys(words))
    for word in found:
        try:
            parts = urlsplit(word)
            whole = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0 and word == one_line(word)
        except ValueError:
            whole = False
        if not whole or len(word) > _LONGEST or parts.username or parts.query or parts.fragment:
            sentence = N_(
                "“{word}” is no network address of a centre. Write it as the centre tells it, such as"
                " https://centre.example.kz."
            )
            raise UserError(Text(sentence, {"word": word[:_LONGEST]}), where="urls")
    if len(found) > _MOST_ADDRESSES:
        raise UserError(Text(N_("A centre has at most {n} network addresses."), {"n": _MOST_ADDRESSES}), where="urls")
    return found


def trust(data_dir: Path, centre: Linked) -> None:
    """Let the centre's key speak for every desk where papers are checked, also without a sign-in. KnownError where the
    disk refuses."""
    from app.services.paper_keys import CENTRE, FOLDER
    from app.storage import files

    folder = data_dir / FOLDER / CENTRE
    files.make_private_directory(folder.parent)
    files.make_private_directory(folder)
    files.write_whole(folder / f"{centre.id}.pub", f"{centre.sign_key.hex()}\n".encode())
