"""Who compared which record of a pack with the official text: the ledger `signoffs.toml`.

A sign-off names a record and the SHA-256 of what the record says. It makes the record's status `verified` and its
place the place that was found in the official text. As soon as the record says something else the sign-off lapses:
the status is again the one of its `cite`. No record can call itself verified.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from app.domain.text import N_, LocalText
from app.domain.vocabulary import Status
from app.rules.source import Table, optional_date

SIGNOFFS: Final = "signoffs.toml"
_WITHOUT_RECORDS: Final = ("cases.toml", "words.toml", "checklist.toml", SIGNOFFS)
# Tables whose records go by their bare id; the others' ids begin with the table's name (`defect.eye_absent`).
_BARE: Final = frozenset({"fact", "parameter", "choice", "definition", "conflict", "proposed_cause"})

Contents = Mapping[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class SignOff:
    """One entry of the ledger. `content`: 64 hex digits, see `digest`; `place` in the official text."""

    record: str
    by: str
    on: date
    place: LocalText
    content: str


@dataclass(frozen=True, slots=True)
class CitedRecord:
    """A table of a pack with a citation of its own. `first`, `last`: the days between which it stands, if it has days.

    `content` is the parsed table itself, not a copy. Two records of one id differ in their days.
    """

    id: str
    file: str
    table: str
    content: dict[str, Any]
    first: date | None
    last: date | None


def cited_records(contents: Contents) -> Iterator[CitedRecord]:
    """Every record that carries a citation, in the order of the files, also inside other records (degrees of a scale).

    Reads parsed TOML that nobody has checked yet; what is not a table of a record is passed over.
    """
    for file, content in contents.items():
        if file not in _WITHOUT_RECORDS:
            for key, value in content.items():
                yield from _within(file, key, value, "", None)


def _within(file: str, key: str, value: Any, parent: str, outer: CitedRecord | None) -> Iterator[CitedRecord]:
    tables = value if isinstance(value, list) else [value]
    for position, content in enumerate(tables, start=1):
        if not isinstance(content, dict):
            continue
        name = record_name(key, content, str(position) if isinstance(value, list) else key, parent)
        first, last = (_day(content, day) or (outer and getattr(outer, field))
                       for day, field in (("valid_from", "first"), ("valid_to", "last")))  # fmt: skip
        record = CitedRecord(name, file, key, content, first or None, last or None)
        if "cite" in content:
            yield record
        for inner, below in content.items():
            if isinstance(below, dict) or (isinstance(below, list) and below and isinstance(below[0], dict)):
                yield from _within(file, inner, below, name, record)


def record_name(table: str, content: Mapping[str, Any], otherwise: str, parent: str = "") -> str:
    """The id by which people name a record: `level.1`, `defect.eye_absent`, `limitations.movement 3`."""
    named = content.get("id") or content.get("code") or content.get("scale")
    if "fact" in content and "value" in content:
        named = f"{content['fact']} {content['value']}"
    if parent:
        return f"{parent} {named or content.get('value', otherwise)}"
    if named is None:
        return f"{table} {otherwise}"
    return str(named) if table in _BARE or str(named).startswith(f"{table}.") else f"{table}.{named}"


def _day(content: Mapping[str, Any], key: str) -> date | None:
    value = content.get(key)
    return value if type(value) is date else None


def digest(record: CitedRecord, contents: Contents) -> str:
    """SHA-256 in hex of what a record says: every value of it except how sure its citation is.

    To it belong the edition of the act that it cites and the facts of the groups that it names: when these change,
    the record says something else.
    """
    head = contents.get("pack.toml", {})
    cite = record.content.get("cite")
    act = _get(head, "act", cite[0] if isinstance(cite, list) and cite else "")
    known = contents.get("decisions.toml", {}).get("group", {})
    groups = {name: known[name] for name in _named_groups(record.content) if isinstance(known, dict) and name in known}
    said = {"record": record.id, "says": _plain(record.content), "edition": _get(act, "edition"), "groups": groups}
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _get(table: Any, *keys: Any) -> Any:
    for key in keys:
        table = table.get(key) if isinstance(table, dict) and isinstance(key, str) else None
    return table


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: inner[:2] if key == "cite" and isinstance(inner, list) else _plain(inner)
                for key, inner in value.items()}  # fmt: skip
    return [_plain(inner) for inner in value] if isinstance(value, list) else value


def _named_groups(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "group" and isinstance(inner, str):
                yield inner
            elif key == "some" and isinstance(inner, list):
                yield from (name for name in inner if isinstance(name, str))
            else:
                yield from _named_groups(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _named_groups(inner)


def read(contents: Contents) -> tuple[SignOff, ...]:
    """The ledger of a pack, in its order; empty where it has none. UserError for an entry that is not whole."""
    content = contents.get(SIGNOFFS)
    if content is None:
        return ()
    table = Table(SIGNOFFS, "sign_off", content)
    entries: list[SignOff] = []
    for record in table.tables("sign_off", lambda entry: f"{entry.get('record')} {entry.get('content')}", dated=False):
        on = optional_date(record, "on")
        place = Table(SIGNOFFS, record.record, record.take("place", dict))
        entry = SignOff(record.take("record", str), record.take("by", str), on or date.min, place.local(),
                        record.take("content", str))  # fmt: skip
        place.done()
        if on is None:
            raise record.refuse(N_("the key “{key}” is missing. Add it."), key="on")
        if not entry.by.strip() or not all(text.strip() for text in (entry.place.kk, entry.place.ru, entry.place.en)):
            raise record.refuse(
                N_("the name or a place is empty. Withdraw this sign-off and sign the record off again.")
            )
        if len(entry.content) != 64 or set(entry.content) - set("0123456789abcdef"):
            raise record.refuse(N_("“content” is no SHA-256. Withdraw this sign-off and sign the record off again."))
        record.done()
        entries.append(entry)
    table.done()
    return tuple(entries)


def applied(contents: Contents) -> Contents:
    """The same pack with each record that has a valid sign-off cited as verified, at the place that was found."""
    entries = {(entry.record, entry.content): entry for entry in read(contents)}
    if not entries:
        return contents
    fresh = {file: content if file in _WITHOUT_RECORDS else _copied(content) for file, content in contents.items()}
    named = {record for record, _ in entries}
    for record in cited_records(fresh):
        entry = entries.get((record.id, digest(record, contents))) if record.id in named else None
        cite = record.content["cite"]
        if entry is not None and isinstance(cite, list) and len(cite) == 3:
            # A wording where a pack can only have text: `Acts.cite` takes it for a sign-off, and no file can feign it.
            record.content["cite"] = [cite[0], cite[1], Status.VERIFIED.value, entry.place]
    return fresh


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copied(inner) for key, inner in value.items()}
    return [_copied(inner) for inner in value] if isinstance(value, list) else value
