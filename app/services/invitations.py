"""An invitation of a centre, in whichever way it comes: a file, a picture of its square code, a pasted text."""

import os
import stat
from pathlib import Path
from typing import Final

from app.domain.errors import KnownError, UserError
from app.domain.text import N_, Text

MOST_BYTES: Final = 40_000_000
"""a photograph; an invitation itself has a few hundred bytes"""
_MOST_TEXT: Final = 20_000


def invitation_of(given: Path | bytes) -> bytes:
    """The bytes of the invitation, not yet checked. UserError where a picture holds none or a text is far too long,
    KnownError where the file can't be read."""
    data = _read(given) if isinstance(given, Path) else given
    if len(data) <= _MOST_TEXT and _is_text(data):
        return data.strip()
    from app.documents import pictures

    found = pictures.codes(data)
    if found is None:
        sentence = N_(
            "This is no invitation and no picture of one. Ask the centre for the file, or photograph the code."
        )
        raise UserError(Text(sentence))
    if not found:
        sentence = N_("No square code was found in the picture. Take it from above, in good light, and as large as it"
                      " fits.")  # fmt: skip
        raise UserError(Text(sentence))
    return found[0].encode("utf-8", "replace").strip()


def _is_text(data: bytes) -> bool:
    try:
        return "\0" not in data.decode("utf-8")
    except UnicodeDecodeError:
        return False


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise KnownError(Text(N_("{path} is no file. Choose the file of the invitation."), {"path": path.name}))
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        sentence = N_("The file can't be read: {path} ({reason}). Check that the stick is still in.")
        raise KnownError(Text(sentence, {"path": path.name, "reason": error.strerror or ""})) from None
    if len(data) > MOST_BYTES:
        sentence = N_("{path} is larger than {n} MB: no invitation is, nor a picture of one.")
        raise UserError(Text(sentence, {"path": path.name, "n": MOST_BYTES // 1_000_000}))
    return data
