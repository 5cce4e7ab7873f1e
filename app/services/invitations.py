"""The file of an invitation, or a picture of one, as `LinkService.read_invitation` takes it."""

import os
import stat
from pathlib import Path

from app.domain.errors import KnownError
from app.domain.system import refusal
from app.domain.text import N_, Text
from app.services.link_invitation import MOST


def read_file(path: Path) -> bytes:
    """What it holds, one byte more than an invitation may have at the most. KnownError where it can't be read."""
    try:
        with path.open("rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise KnownError(Text(N_("{path} is no file. Choose the file of the invitation."), {"path": path.name}))
            return file.read(MOST + 1)
    except OSError as error:
        sentence = N_("The file can't be read: {path} ({reason}). Check that the stick is still in.")
        raise KnownError(Text(sentence, {"path": path.name, "reason": refusal(error)})) from None
