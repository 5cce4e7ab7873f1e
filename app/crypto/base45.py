"""Base45 (RFC 9285): bytes in the letters that a QR code holds two of in eleven bits.

Own lines, because each text must stand for one value and each value be one text: a paper whose letters were changed
must never read as what it was.
"""

from typing import Final

_LETTERS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_VALUES: Final = {letter: value for value, letter in enumerate(_LETTERS)}


def encode(data: bytes) -> str:
    """Three letters for two bytes, two for an odd last one."""
    letters = []
    for at in range(0, len(data), 2):
        pair = data[at : at + 2]
        rest = int.from_bytes(pair, "big")
        for _ in range(3 if len(pair) == 2 else 2):
            rest, value = divmod(rest, 45)
            letters.append(_LETTERS[value])
    return "".join(letters)


def decode(text: str) -> bytes:
    """The bytes again; ValueError for a letter that isn't one, a length that can't be, a value that is too large."""
    if len(text) % 3 == 1:
        raise ValueError("a letter too many or too few")
    data = bytearray()
    for at in range(0, len(text), 3):
        group = text[at : at + 3]
        value = 0
        for letter in reversed(group):
            if letter not in _VALUES:
                raise ValueError("not a letter of base45")
            value = value * 45 + _VALUES[letter]
        size = len(group) - 1
        if value >> (8 * size):
            raise ValueError("a value too large")
        data += value.to_bytes(size, "big")
    return bytes(data)
