"""A change of a long text as what was cut out and what was put in: an audit row then costs its change, not twice the
text each time somebody pauses in typing."""

from typing import Any, Final

WORTH: Final = 400
"""Characters of old and new text together from which a change is kept as an edit."""


def edit_of(old: object, new: object) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """The two sides of the change, `{"at": n, "text": "…"}`: what stood at this character, and what stands there now.
    None where that saves less than half of keeping both texts."""
    if not isinstance(old, str) or not isinstance(new, str) or len(old) + len(new) < WORTH:
        return None
    shorter = min(len(old), len(new))
    start = _common(old, new, shorter)
    end = _common(old[::-1], new[::-1], shorter - start)
    cut, put = old[start : len(old) - end], new[start : len(new) - end]
    if 2 * (len(cut) + len(put)) > len(old) + len(new):
        return None
    return {"at": start, "text": cut}, {"at": start, "text": put}


def apply(text: str, old: dict[str, Any], new: dict[str, Any]) -> str:
    """The text with the edit done; backwards with the sides exchanged. ValueError where it isn't of this text."""
    at, cut = old["at"], old["text"]
    if new["at"] != at or text[at : at + len(cut)] != cut:
        raise ValueError("the edit is of another text")
    return f"{text[:at]}{new['text']}{text[at + len(cut) :]}"


def _common(one: str, other: str, longest: int) -> int:
    """How many characters both begin with, at most `longest`: by halving, for slices compare fast."""
    low, high = 0, longest
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
