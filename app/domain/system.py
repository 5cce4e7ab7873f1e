"""What the operating system refuses, in the user's language: its own texts are in one language, often another one."""

import errno
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from app.domain.text import N_, Text

_WORDS: Final[Mapping[int, str]] = MappingProxyType(
    {
        errno.ENOENT: N_("there is no such file or folder"),
        **dict.fromkeys((errno.EACCES, errno.EPERM), N_("the rights for it are missing")),
        errno.EROFS: N_("the disk can only be read"),
        **dict.fromkeys((errno.ENOSPC, errno.EDQUOT, errno.EFBIG), N_("the disk is full")),
        errno.EISDIR: N_("it is a folder"),
        errno.ENOTDIR: N_("a part of the path is no folder"),
        errno.EEXIST: N_("it is there already"),
        errno.EBUSY: N_("another program uses it"),
        errno.ENAMETOOLONG: N_("the name is too long"),
    }
)


def refusal(error: Exception) -> Text:
    """Why a file couldn't be read or written, as a part of a sentence. What isn't the system's (a name that no system
    takes, bytes that are no text) is told as what it is."""
    if isinstance(error, UnicodeError):
        return Text(N_("it is no text in UTF-8"))
    if isinstance(error, ValueError):
        return Text(N_("the name can't be used"))
    code = error.errno if isinstance(error, OSError) else None
    if code is None:
        return Text(N_("an error of the system without a number"))
    return Text(_WORDS[code]) if code in _WORDS else Text(N_("error {code} of the system"), {"code": code})
