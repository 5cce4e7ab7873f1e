"""Takes records that have ended out of the files of a pack, as they are written: all other text stays as it was.

A new edition begins without them; the loader refuses a record that never holds.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any, Final

from app.domain.text import N_
from app.rules.slices import UNDATED
from app.rules.source import refuse
from app.rules.toml import parse

_HEADER: Final = re.compile(r"\s*(\[\[?)\s*([A-Za-z0-9_-]+)([^\]]*)\]\]?\s*(#.*)?")

Place = tuple[str, int]  # table, position in it from 0


def ended(contents: Mapping[str, dict[str, Any]], day: date) -> tuple[str, ...]:
    """The records that have ended before a day, by name: `general_capacity.1`."""
    return tuple(
        str(next((record[key] for key in ("id", "code", "fact", "scale") if key in record), table))
        for file, content in contents.items()
        for (table, _), record in _ended(file, content, day)
    )


def without_ended(files: Mapping[str, bytes], day: date) -> dict[str, bytes]:
    """The files without the records that have ended before a day.

    UserError where a file is written in a way that such a record can't be taken out by lines.
    """
    return {name: _without(name, data, day) for name, data in files.items()}


def _ended(file: str, content: Mapping[str, Any], day: date) -> Iterator[tuple[Place, dict[str, Any]]]:
    for table, records in content.items() if file not in UNDATED else ():
        for position, record in enumerate(records if isinstance(records, list) else ()):
            last = record.get("valid_to") if isinstance(record, dict) else None
            if type(last) is date and last < day:
                yield (table, position), record


def _without(name: str, data: bytes, day: date) -> bytes:
    content = parse(name, data)
    gone = {place for place, _ in _ended(name, content, day)}
    if not gone:
        return data
    kept = b"".join(_kept_lines(data.splitlines(keepends=True), gone))
    lists = {table: [record for at, record in enumerate(value) if (table, at) not in gone]
             if isinstance(value, list) else value for table, value in content.items()}  # fmt: skip
    if parse(name, kept) != {table: value for table, value in lists.items() if value or content[table] == value}:
        raise refuse(name, None, N_(
            "records in it have ended before {day}, and they are not written each under a heading of its own, as in"
            " [[level]]. Take them out by hand."), day=day)  # fmt: skip
    return kept


def _kept_lines(lines: list[bytes], gone: Collection[Place]) -> Iterator[bytes]:
    """The lines outside of some records. What is remarked behind one stands before the next, and stays."""
    count: dict[str, int] = {}
    going: list[bytes] | None = None  # of the record that is left out, what may yet be a remark before the next
    for line in lines:
        found = _HEADER.fullmatch(line.decode("utf-8").rstrip("\r\n"))
        if found and not found[3].startswith("."):  # [[level]] or [group], not [[scale.band]] within a record
            yield from going or ()
            table = found[2]
            if found[1] == "[[":
                count[table] = count.get(table, -1) + 1
            going = [] if found[1] == "[[" and (table, count[table]) in gone else None
        if going is None:
            yield line
        elif line.lstrip().startswith(b"#"):
            going.append(line)
        elif line.strip():
            going = []
        elif going:
            going.append(line)
    yield from going or ()
