"""Text that people type: how long it may be, and which characters stand in none."""

import re
import unicodedata
from typing import Final

from app.domain.errors import UserError
from app.domain.text import N_, Text

LONGEST_NAME: Final = 200
LONGEST_LINE: Final = 1_000
LONGEST_TEXT: Final = 20_000
"""In characters; generous: no document has longer ones."""

# Half characters; what turns the direction of writing; what can't be seen and makes two names look like one.
_HIDDEN: Final = "\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff"
IN_NO_TEXT: Final = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f{_HIDDEN}]")
"""A text of several lines may hold line ends, tabs and joiners."""
IN_NO_LINE: Final = re.compile(f"[\x00-\x1f\x7f-\x9f\u200c\u200d\u2028\u2029{_HIDDEN}]")
"""A line of a list or of a paper: a line end in it would forge another line."""


def line(text: str, *, where: str, longest: int = LONGEST_NAME) -> str:
    """One line as it is stored: composed (NFC), single spaces. UserError for hidden characters and too long a line."""
    # Spaces of every kind are one; line ends and tabs are none of them.
    tidied = unicodedata.normalize("NFC", re.sub(r" +", " ", re.sub(r"[\u00a0\u2000-\u200a\u202f\u3000]", " ", text)))
    tidied = tidied.strip()
    if IN_NO_LINE.search(tidied):
        raise UserError(Text(N_("The text holds a character that can't be printed. Type it anew.")), where=where)
    if len(tidied) > longest:
        sentence = N_("The text is longer than {longest} characters. Shorten it.")
        raise UserError(Text(sentence, {"longest": longest}), where=where)
    return tidied
