"""The text of a pack's file becomes tables, or a sentence that says where it can't be read and how to mend it."""

import re
import tomllib
from typing import Any, Final

from app.domain.errors import UserError
from app.domain.text import N_
from app.rules.slips import begins, opened, slip
from app.rules.source import refuse

# A key of so many parts costs memory without end: no pack has one.
_LONG_KEY: Final = re.compile(
    r"""(?:^|[\[{,])[ \t]*(?:[\w-]+|"[^"\n]*"|'[^'\n]*')(?:[ \t]*\.[ \t]*(?:[\w-]+|"[^"\n]*"|'[^'\n]*')){16}""",
    re.MULTILINE | re.ASCII,
)
_TOML_PLACE: Final = re.compile(r"\(at (?:line (\d+), column (\d+)|end of document)\)$")
# How TOML's reader begins to say what it met, and what a person is told instead.
_TOML_SAYS: Final = (
    (("Cannot overwrite", "Cannot declare", "Cannot mutate"),
     N_("at line {line} or before it, a key or a table stands twice. Keep one of them.")),
    (("Illegal character", "Unterminated string", "Unescaped", "Unclosed string"),
     N_("line {line}, column {column}: a text is not closed there, or holds a character that must not stand in it."
        " Close it with a quote; write a line break as \\n and a backslash twice.")),
    (("Invalid date",),
     N_("line {line}, column {column}: there is no such day. Write a day that exists, as YYYY-MM-DD.")),
    (("Unclosed",),
     N_("line {line}, column {column}: a bracket is not closed there. Close it, and look for a comma too few.")),
    (("",),
     N_("line {line}, column {column}: this can't be read as key = value. Look for a quote, a bracket, a comma or an"
        " equals sign too few or too many.")),
)  # fmt: skip
_NOT_CLOSED: Final = N_(
    "line {line}, column {column}: a bracket is opened here and not closed. Close it after its last entry, and look for"
    " a comma too few."
)
_SAID_WELL: Final = _TOML_SAYS[0][0] + _TOML_SAYS[1][0]  # what these say is what happened


def parse(file: str, data: bytes) -> dict[str, Any]:
    """The tables of one TOML file; UserError with line and column where it isn't TOML in UTF-8."""
    if data.startswith(b"\xef\xbb\xbf"):
        raise refuse(file, None, N_("it begins with a byte order mark. Save it as UTF-8 without BOM."))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise refuse(
            file, None, N_("line {line} holds a character that is not UTF-8. Save the file as UTF-8."), line=line
        ) from None
    try:
        if _LONG_KEY.search(text):
            raise RecursionError
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _not_toml(file, text, str(error)) from None
    except RecursionError:
        raise refuse(file, None, N_("it is nested too deeply. Check that it is the right file.")) from None
    except ValueError:  # Python reads no number of thousands of digits
        raise refuse(file, None, N_("a number in it is longer than any pack's. Correct it.")) from None


def _not_toml(file: str, text: str, reason: str) -> UserError:
    place, lines = _TOML_PLACE.search(reason), text.split("\n")
    at_end = place is None or place[1] is None
    if place is not None and not at_end:
        line, column = int(place[1]), int(place[2])
    else:
        kept = text.rstrip().split("\n")
        line, column = len(kept), len(kept[-1]) + 1
    if not reason.startswith(_SAID_WELL):
        bracket = opened(lines if at_end else lines[: line - 1]) if at_end or begins(lines[line - 1]) else None
        if bracket is not None:
            return refuse(file, None, _NOT_CLOSED, line=bracket[0], column=bracket[1])
        meant = slip(lines[line - 1], column - 1)
        if meant is not None:
            sentence, first, params = meant
            return refuse(file, None, sentence, line=line, column=first, **params)
    sentence = next(sentence for beginnings, sentence in _TOML_SAYS if reason.startswith(beginnings))
    return refuse(file, None, sentence, line=line, column=column)
