"""What a laptop may ask: one function a question, told what it needs and answering with what goes into the statement.

A new question needs a function here (or in a room of its own) and a row in `QUESTIONS`; the door does the rest:
signature, freshness, bounds, the signed answer.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection

from app.centre import attachments, lines, publishing, sequencing, vouching
from app.centre.ingest import Device, Refusal
from app.centre.keys import Keys
from app.sync import told, wire

_MOST_NUMBER: Final = 1 << 60


@dataclass(frozen=True, slots=True)
class Question:
    """Who asks for what. `path`, `query`: parts of the address, as text that nobody has checked."""

    connection: Connection
    keys: Keys
    device: Device
    path: Mapping[str, str]
    query: Mapping[str, str]

    def number(self, name: str) -> int:
        """A number of the query; Refusal (`malformed`) where it is none."""
        return number(self.query.get(name, ""))


Told = Mapping[str, Any]


def incarnation(asked: Question) -> Told:
    """What is held of an incarnation. With `seq` and `hash` of a record: of the line that this record is on."""
    name = asked.path["incarnation"]
    known = lines.lines(asked.connection, name) if wire.is_id(name) else []
    if not known or known[0].device != asked.device.device:
        # The same for what is nobody's and what is another's.
        return {"answer": "held", "last_seq": 0, "head_hash": wire.NO_HASH.hex(), "receipt": None, "standing": None}
    line = known[0]
    if "hash" in asked.query:
        try:
            value = bytes.fromhex(asked.query["hash"])
        except ValueError as error:
            raise Refusal("malformed") from error
        line = lines.holding(asked.connection, name, asked.number("seq"), value) or known[0]
    vouched = vouching.vouch(asked.connection, asked.keys, name, line.line)
    if vouched is None:
        return {"answer": told.FORK, "incarnation": name, "seq": line.first_seq}
    return {"answer": "held", "last_seq": vouched.last_seq, "head_hash": vouched.head_hash.hex(), **words(vouched)}


def attachment(asked: Question) -> Told:
    """How much of an attachment is held."""
    found = attachments.held(asked.connection, asked.device, asked.path["incarnation"], asked.path["sha256"])
    return of_attachment(found)


def reference(asked: Question) -> Told:
    """What holds now."""
    statement, _ = publishing.current(asked.connection, asked.keys, asked.device)
    return {"answer": "reference", "reference": statement.decode()}


def log(asked: Question) -> Told:
    """The newest head of the log of receipts."""
    return sequencing.head(asked.connection, asked.keys)


def inclusion(asked: Question) -> Told:
    """That a receipt (`receipt`: its leaf hash) stands in the log."""
    with _proving():
        return sequencing.inclusion(asked.connection, asked.keys, asked.query.get("receipt", ""))


def consistency(asked: Question) -> Told:
    """That the log only grew."""
    second = asked.number("second") if "second" in asked.query else None
    with _proving():
        return sequencing.consistency(asked.connection, asked.keys, asked.number("first"), second)


@contextmanager
def _proving() -> Iterator[None]:
    try:
        yield
    except sequencing.Unproved as error:
        raise Refusal("unnamed") from error


QUESTIONS: Final[Mapping[str, Callable[[Question], Told]]] = {
    "/v1/incarnations/{incarnation}": incarnation,
    "/v1/incarnations/{incarnation}/attachments/{sha256}": attachment,
    "/v1/reference": reference,
    "/v1/log": log,
    "/v1/log/inclusion": inclusion,
    "/v1/log/consistency": consistency,
}


def words(vouched: vouching.Vouched) -> dict[str, str]:
    """Receipt and standing, as an answer carries them."""
    return {"receipt": vouched.receipt.decode(), "standing": vouched.standing.decode()}


def of_attachment(found: attachments.Held) -> dict[str, Any]:
    """As an answer tells it."""
    return {"answer": "attachment", "size": found.size, "offset": found.offset, "complete": found.complete}


def number(text: str) -> int:
    """A number in an address; Refusal (`malformed`) where it is none, or out of all bounds."""
    if not (text.isascii() and text.isdecimal() and len(text) < 20 and int(text) < _MOST_NUMBER):
        raise Refusal("malformed")
    return int(text)
