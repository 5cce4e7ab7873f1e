"""Which laptop somebody means who types at the centre: its id, a beginning of it, or its department's name."""

import json
from collections.abc import Iterable
from typing import Final

from sqlalchemy import Connection

from app.centre import admission
from app.domain.errors import UserError
from app.domain.text import N_, LocalText, Text

_LEAST: Final = 4
"""letters of an id that are a beginning: one or two digits are as well a department's number, or a slip of the hand"""
_SHOWN: Final = 20

_ONE: Final = N_("{device} (No {number}, {name})")
_ONE_REVOKED: Final = N_("{device} (No {number}, {name}, revoked)")
_AND: Final = N_("{first}; {then}")
_MORE: Final = N_("{first}; and {n} more, which “saraptama-centre devices” lists")
_MANY: Final = N_("{word} is not one laptop alone. Write more of its id. It may be: {found}.")
_NEAR: Final = N_(
    "No laptop is called {word}. Write its id, at least {n} letters of it, or its whole name. Laptops that are like it:"
    " {found}."
)
NOBODY: Final = N_("No laptop {device} is enrolled. “saraptama-centre devices” lists them.")


def device(connection: Connection, word: str) -> str:
    """The id of the laptop that is meant by an id, by a beginning that only one has, or by a name that only one has.
    UserError that lists those that match, or that are like it."""
    rows, plain = admission.devices(connection), _plain(word)
    if any(row["device"] == plain for row in rows):
        return plain
    meant = [row for row in rows if (len(plain) >= _LEAST and _id(row).startswith(plain)) or plain in _names(row)]
    if len(meant) == 1:
        return _id(meant[0])
    if meant:
        raise UserError(Text(_MANY, {"word": word, "found": _listed(meant)}))
    like = [row for row in rows if plain and _is_like(row, plain)]
    if like:
        raise UserError(Text(_NEAR, {"word": word, "n": _LEAST, "found": _listed(like)}))
    raise UserError(Text(NOBODY, {"device": word}))


def _is_like(row: dict[str, object], plain: str) -> bool:
    return _id(row).startswith(plain) or _plain(str(row["number"])) == plain or any(plain in n for n in _names(row))


def _id(row: dict[str, object]) -> str:
    return str(row["device"])


def _names(row: dict[str, object]) -> Iterable[str]:
    return [_plain(name) for name in json.loads(str(row["names"])).values()]


def _plain(word: str) -> str:
    return " ".join(word.split()).casefold()


def _listed(rows: list[dict[str, object]]) -> Text:
    """The laptops one after another; no more of them than can be read."""
    told = [
        Text(_ONE_REVOKED if row["revoked_at"] else _ONE,
             {"device": row["device"], "number": row["number"], "name": LocalText(**json.loads(str(row["names"])))})
        for row in rows[:_SHOWN]
    ]  # fmt: skip
    found = told[0]
    for one in told[1:]:
        found = Text(_AND, {"first": found, "then": one})
    return Text(_MORE, {"first": found, "n": len(rows) - _SHOWN}) if len(rows) > _SHOWN else found
