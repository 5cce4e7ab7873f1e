"""How strong is a passphrase? A rough, honest estimate, shown while it is typed.

Two estimates, and the lower one holds. Ours counts what a guesser must try: characters, less for repeats, runs and
rows of the keyboard, and nothing for the user's own names. zxcvbn's (D. Wheeler, USENIX Security 2016) knows lists of
words and passwords, walks over a keyboard, years and digits in place of letters; it is asked for the text as it is
and for the keys that a Russian layout would have been typed with. Neither knows Kazakh or Russian words.
"""

import math
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from app.domain.errors import UserError
from app.domain.text import N_, Text

MINIMUM_CHARACTERS: Final = 10
MINIMUM_SCORE: Final = 2

_ROWS: Final = (
    "qwertyuiop", "asdfghjkl", "zxcvbnm", "йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю", "әіңғүұқөһ", "1234567890",
)  # fmt: skip
# The keys of a Russian layout as an English one names them: “пароль” is typed with the keys of "gfhjkm".
_KEYS: Final = str.maketrans("йцукенгшщзхъфывапролджэячсмитьбю", "qwertyuiop[]asdfghjkl;'zxcvbnm,.")
# Words of this work that a guesser tries at once, in the spellings that keyboards give them.
_TRADE: Final = (
    "saraptama", "сараптама", "medicine", "medicina", "медицина", "invalid", "инвалид", "мүгедек", "комиссия",
    "komissiya", "expert", "эксперт", "сарапшы", "мсэ", "мәс", "doctor", "дәрігер", "врач", "almaty", "алматы",
    "astana", "астана", "aqtobe", "ақтөбе", "актобе", "shymkent", "шымкент",
)  # fmt: skip
# Longer than this, the beginning alone is judged: time is bounded, and nothing so long is weak.
_JUDGED: Final = 72
_COMMON: Final = ("password", "passphrase", "пароль", "құпиясөз", "qazaqstan", "kazakhstan", "казахстан", "қазақстан")
# Bits from which a score is reached, against a guesser who pays Argon2id for each guess.
_BITS: Final = (0, 20, 34, 50, 70)


@dataclass(frozen=True, slots=True)
class Strength:
    """0 (guessed at once) to 4 (beyond any guesser), and a sentence that says so."""

    score: int
    text: Text


_TEXTS: Final = (
    N_("Too easy to guess: use several words that do not belong together."),
    N_("Weak: add words."),
    N_("Enough: a thief of the laptop would need years."),
    N_("Strong."),
    N_("Very strong."),
)


def strength(passphrase: str, own_words: Sequence[str] = ()) -> Strength:
    """`own_words` (login, names) count for nothing inside the passphrase."""
    text = unicodedata.normalize("NFKC", passphrase).casefold()
    if len(text) < MINIMUM_CHARACTERS:
        return Strength(0, Text(N_("Too short: at least {n} characters."), {"n": MINIMUM_CHARACTERS}))
    bits = _bits(text, own_words)
    if bits >= _BITS[MINIMUM_SCORE]:
        bits = min(bits, _guessed_bits(text, own_words))
    score = max(level for level, needed in enumerate(_BITS) if bits >= needed)
    return Strength(score, Text(_TEXTS[score]))


def require_strength(passphrase: str, own_words: Sequence[str] = ()) -> None:
    """UserError where a passphrase is too weak to protect case files on a stolen laptop."""
    found = strength(passphrase, own_words)
    if found.score < MINIMUM_SCORE:
        raise UserError(Text(N_("The passphrase was not taken. {reason}"), {"reason": found.text}), where="passphrase")


def _bits(text: str, own_words: Sequence[str]) -> float:
    for word in (*_COMMON, *(part.casefold() for own in own_words for part in own.split())):
        if len(word) >= 3:
            text = text.replace(word, "\0")
    fresh = sum(0 if _expected(text, position) else 1 for position in range(len(text)))
    kinds: tuple[tuple[int, Callable[[str], bool]], ...] = (
        (10, str.isdigit),
        (33, lambda c: c.isalpha() and not c.isascii()),
        (26, lambda c: c.isalpha() and c.isascii()),
        (20, lambda c: not c.isalnum()),
    )
    alphabet = sum(size for size, holds in kinds if any(holds(c) for c in text))
    # Letters of real words are less free than random ones: 2.6 bits are counted where the alphabet would allow five.
    return fresh * min(math.log2(max(alphabet, 2)), 2.6 if text.replace(" ", "").isalpha() else 3.6)


def _guessed_bits(text: str, own_words: Sequence[str]) -> float:
    """log2 of the guesses that zxcvbn counts."""
    import zxcvbn

    known = [*_COMMON, *_TRADE, *(part.casefold() for own in own_words for part in own.split())]
    known += [word.translate(_KEYS) for word in known]
    variants = {text[:_JUDGED], text.translate(_KEYS)[:_JUDGED]}
    return min(math.log2(zxcvbn.zxcvbn(variant, user_inputs=known)["guesses"]) for variant in variants)


def _expected(text: str, position: int) -> bool:
    """Whether a guesser expects this character after the one before: a repeat, a run, the neighbour on a keyboard."""
    if position == 0:
        return text[0] == "\0"
    before, this = text[position - 1], text[position]
    if this in (before, "\0") or abs(ord(this) - ord(before)) == 1:
        return True
    if any(before + this in row or this + before in row for row in _ROWS):
        return True
    # a pair that was there before: abcabcabc, "ha ha ha"
    return text.find(before + this) < position - 1
