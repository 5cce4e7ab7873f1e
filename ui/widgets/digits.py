"""Digits by their place on the keyboard: the Kazakh layout has letters and signs in the row of digits."""

import sys
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

DIGIT_KEYS: Final = {0: "0қ", 1: '1"', 2: "2ә", 3: "3і", 4: "4ң", 5: "5ғ", 6: "6,", 7: "7.", 8: "8ү", 9: "9ұ"}
"""What the key of each digit types on the Latin, Russian and Kazakh layouts."""

_LETTERS: Final = {keys[1]: digit for digit, keys in DIGIT_KEYS.items() if keys[1].isalpha()}
_SIGNS: Final = {keys[1]: digit for digit, keys in DIGIT_KEYS.items() if not keys[1].isalpha()}
# The scan code of the key 1.
_FIRST_SCAN_CODE: Final = 2 if sys.platform == "win32" else 10


def digit_of(event: QKeyEvent) -> int | None:
    """The digit of the key that was pressed, with or without Ctrl; None for any other key, and with Shift.

    Other layouts have `"`, the comma and the dot elsewhere: these count in the row of digits alone.
    """
    typed, key = event.text().lower(), event.key()
    if len(typed) != 1 or not typed.isprintable():  # with Ctrl nothing is typed
        typed = chr(key).lower() if 0x20 <= key < Qt.Key.Key_Escape else ""
    if typed.isascii() and typed.isdigit():
        return int(typed)
    if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
        return None
    if typed in _LETTERS:
        return _LETTERS[typed]
    digit = _SIGNS.get(typed)
    return digit if digit and event.nativeScanCode() == _FIRST_SCAN_CODE + digit - 1 else None
