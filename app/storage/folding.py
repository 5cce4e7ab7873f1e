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


class _Order(dict[int, str]):
    def __missing__(self, code: int) -> str:
        # Letters of other alphabets stand behind, each still one character of its own.
        return chr(code + 0x10000 if code < 0x100000 else code)


_ORDER: Final = _Order({ord(letter): chr(0x100 + place) for place, letter in enumerate(_LETTERS)})


def _alike() -> dict[str, tuple[str, ...]]:
    folded: dict[str, list[str]] = {}
    for letter in _LETTERS:
        folded.setdefault(letter.translate(_ALIKE), []).append(letter.translate(_ORDER))
    return {letter: tuple(sorted(group)) for letter, group in folded.items()}


_ALTERNATIVES: Final = _alike()


def alternatives(folded: str) -> list[tuple[str, ...]]:
    """For each letter of a folded text the letters that `order_key` may hold in its place, in alphabetical order."""
    return [_ALTERNATIVES.get(letter) or (letter.translate(_ORDER),) for letter in folded]


def order_key(text: str) -> str:
    """The text as SQLite sorts it in the order of the Kazakh alphabet. Letter by letter: a prefix stays a prefix."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split()).translate(_ORDER)
