"""Names folded for search: a Russian keyboard finds Kazakh names, in any case.

SQLite folds no Cyrillic, so the folded form is kept in columns of its own and searched as an index range.
"""

import unicodedata
from typing import Final

# Kazakh letters to the Russian ones people type instead; ё to е.
_ALIKE: Final = str.maketrans("әғқңөұүһіё", "агкноуухие")
# Greater than any character a name holds: the end of a prefix range.
LAST: Final = "\U0010ffff"


def fold(text: str) -> str:
    """Casefolded, without the difference of Kazakh and Russian letters, one space between words."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().translate(_ALIKE).split())


# The order of the Kazakh alphabet, Latin letters and digits before it.
_LETTERS: Final = " -'0123456789abcdefghijklmnopqrstuvwxyzаәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"
_ORDER: Final = {ord(letter): chr(0x100 + place) for place, letter in enumerate(_LETTERS)}


def order_key(text: str) -> str:
    """The text as SQLite sorts it in the order of the Kazakh alphabet. Letter by letter: a prefix stays a prefix."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split()).translate(_ORDER)
