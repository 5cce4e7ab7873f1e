"""What a person means who slips inside a line of TOML: a day as people write it, a unit after a number, no quotes.

TOML's own reader says of these that a bracket is not closed; the line itself says more.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from app.domain.text import N_, Text

_HELD: Final = re.compile(
    r'"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|#.*$'
)  # texts in quotes and comments: nothing slips in them
_NO_SUCH_DAY: Final = N_(
    "line {line}, column {column}: there is no such day, “{day}”. Write a day that exists, as"
    " year-month-day, such as 2027-01-01."
)
_DAY_OTHERWISE: Final = N_(
    "line {line}, column {column}: a day is not written as “{day}” here. Write it as year-month-day, without quotes:"
    " {right}."
)
_WORD_AFTER: Final = N_(
    "line {line}, column {column}: after “{number}” stands an extra word, “{word}”. Write “{number}” alone; units and"
    " other words don't belong here."
)
_NO_COMMA: Final = N_("line {line}, column {column}: a comma is missing after “{number}”. Put one before “{key}”.")
_DECIMAL_COMMA: Final = N_(
    "line {line}, column {column}: the number “{number}” has a comma in it. Write a point instead: {right}."
)
_COLON: Final = N_(
    "line {line}, column {column}: a colon stands after “{key}”. Write an equals sign instead: {key} = value."
)
_QUOTES: Final = N_(
    'line {line}, column {column}: the quotation mark {quotes} can\'t be used here. Write straight ones, as in "text".'
)
_NO_QUOTES: Final = N_('line {line}, column {column}: “{word}” stands without quotes. Write a text as "text".')
_CAPITAL: Final = N_("line {line}, column {column}: “{word}” is not known. Write {right}, in small letters.")
_LETTER: Final = N_(
    "line {line}, column {column}: “{letter}” in “{name}” is no Latin letter. Names consist of Latin letters, digits"
    " and _: type this one on the Latin keyboard."
)
_HEADING: Final = N_("line {line}, column {column}: the bracket [ is not closed. Put {right} at the end of the line.")
_DIGITS: Final = N_(
    "line {line}, column {column}: “{word}” stands where a whole number is needed. Write it in digits, such as {key} ="
    " 2."
)
_DAY_IN_QUOTES: Final = N_("line {line}, column {column}: this day is a text here. Put it in quotes: {right}.")
_NUMBERS: Final = frozenset({"value", "at_least", "at_most", "level", "number", "topic"})
_EXAMPLE: Final = "2027-01-01"
_IS_HEADING: Final = re.compile(r"\s*\[\[?[\w.\s-]+\]\]?\s*(?:#.*)?$")
_LONGEST: Final = 2_000  # nobody writes longer lines by hand


def slip(line: str, at: int) -> tuple[str, int, Mapping[str, object]] | None:
    """The sentence for what stands around place `at` (from 0) of a line, its column from 1, and its parameters.

    None where nothing is recognised.
    """
    if len(line) > _LONGEST:
        return None
    bare = _bare(line)
    for pattern, told in _SLIPS:
        for found in pattern.finditer(bare):
            said = told(found) if found.start() <= at <= found.end() + 1 else None
            if said is not None:
                return said.msgid, found.start() + 1, said.params
    return None


def _bare(line: str) -> str:
    """A line without what stands in quotes and comments; every place is where it was."""
    return _HELD.sub(lambda found: " " * len(found[0]), line)


def _iso(found: "re.Match[str]") -> Text | None:
    if (quoted := _quoted_day(found, found[0])) is not None:
        return quoted
    year, month, day = (int(part) for part in found.groups())
    right = _written(year, month, day)
    if right is None:
        return Text(_NO_SUCH_DAY, {"day": found[0]})
    return None if right == found[0] else Text(_DAY_OTHERWISE, {"day": found[0], "right": right})


def _other_day(found: "re.Match[str]") -> Text:
    day, month, year = (int(part) for part in found.groups())
    right = _written(year, month, day)
    if right and (quoted := _quoted_day(found, right)) is not None:
        return quoted
    return Text(_DAY_OTHERWISE if right else _NO_SUCH_DAY, {"day": found[0], "right": right or _EXAMPLE})


def _key(found: "re.Match[str]") -> str:
    """The key whose value stands there; a key in quotes is blank."""
    before = re.search(r"([\w-]*)\s*=\s*$", found.string[: found.start()])
    return before[1] if before else ""


def _quoted_day(found: "re.Match[str]", day: str) -> Text | None:
    """A day that is a text where it stands: of an act as it was printed, of a case as case files have it."""
    if _key(found) == "edition":
        return Text(_DAY_IN_QUOTES, {"right": f'"{found[0]}"'})
    if re.match(r"\s*(?:set|expect)\s*=", found.string):
        return Text(_DAY_IN_QUOTES, {"right": f'"{day}"'})
    return None


def _letter(found: "re.Match[str]") -> Text | None:
    letter = next((letter for letter in found[1] if letter.isalpha() and not letter.isascii()), None)
    return None if letter is None else Text(_LETTER, {"letter": letter, "name": found[1]})


def _heading(found: "re.Match[str]") -> Text:
    return Text(_HEADING, {"right": "]" * len(found[1])})


def opened(lines: list[str]) -> tuple[int, int] | None:
    """Line and column (from 1) of the first bracket since the last heading that no later one closes; None: none is."""
    begin = max((at + 1 for at, line in enumerate(lines) if _IS_HEADING.match(line)), default=0)
    waiting: list[tuple[int, int]] = []
    for at, line in enumerate(lines[begin:], start=begin + 1):
        for found in re.finditer(r"[\[\]{}]", _bare(line) if len(line) <= _LONGEST else ""):
            if found[0] in "[{":
                waiting.append((at, found.start() + 1))
            elif waiting:
                waiting.pop()
    return waiting[0] if waiting else None


def begins(line: str) -> bool:
    """Whether a line looks like the beginning of something new: a heading, or `key = …`."""
    return len(line) <= _LONGEST and bool(_IS_HEADING.match(line) or re.match(r"\s*[\w.-]+\s*=", line))


def _written(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def _extra(found: "re.Match[str]") -> Text:
    if found[3]:
        return Text(_NO_COMMA, {"number": found[1], "key": found[2]})
    return Text(_WORD_AFTER, {"number": found[1], "word": found[2]})


def _comma(found: "re.Match[str]") -> Text:
    return Text(_DECIMAL_COMMA, {"number": found[0], "right": found[0].replace(",", ".")})


def _word(found: "re.Match[str]") -> Text | None:
    word, small = found[0], found[0].lower()
    if (key := _key(found)) in _NUMBERS:
        return Text(_DIGITS, {"word": word, "key": key})
    if small in ("true", "false"):
        return None if word == small else Text(_CAPITAL, {"word": word, "right": small})
    return None if small in ("inf", "nan") else Text(_NO_QUOTES, {"word": word})


_SLIPS: Final[tuple[tuple["re.Pattern[str]", Callable[["re.Match[str]"], Text | None]], ...]] = (
    (re.compile(r"^\s*\[+\s*([\w.-]*)"), _letter),
    (re.compile(r"^\s*(\[\[?)[^\[\]={},]*$"), _heading),
    (re.compile(r"(?:^|(?<=[{,]))\s*([\w.-]+)\s*(?==)"), _letter),
    (re.compile(r"(?<![\w.])(\d{4})[-./](\d{1,2})[-./](\d{1,2})(?![\w.])"), _iso),
    (re.compile(r"(?<![\w.])(\d{1,2})[-./](\d{1,2})[-./](\d{4})(?![\w.])"), _other_day),
    (re.compile(r"(?<=[=\[,])\s*([+-]?\d(?:[\d.:-]*\d)?)[.:-]*\s*([^\W\d_][^\s,\]}=]*)(\s*=)?"), _extra),
    (re.compile(r"(?<=[= ])\d+,\d+(?=\s*(?:$|[}\],]))"), _comma),
    (re.compile(r"^\s*([\w.-]+)\s*:"), lambda found: Text(_COLON, {"key": found[1]})),
    (re.compile(r"[«»“”„‘’‚]"), lambda found: Text(_QUOTES, {"quotes": found[0]})),
    (re.compile(r"(?<=[=\[,\s])[^\W\d_][\w.-]*(?=\s*(?:$|[,\]}]))"), _word),
)
