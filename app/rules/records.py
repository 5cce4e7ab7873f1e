"""The records of a pack as its parsed files have them: what people name, compare and sign off, one by one.

The loader makes values of them for the engine; here they stay tables, so that nothing of what was written is lost.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

Contents = Mapping[str, dict[str, Any]]  # file name → what was parsed

UNCITED: Final = frozenset({"cases.toml", "words.toml", "checklist.toml", "signoffs.toml"})
# Tables whose records go by their bare id; the others' ids begin with the table's name (`defect.eye_absent`).
_BARE: Final = frozenset({"fact", "parameter", "choice", "definition", "conflict", "proposed_cause"})
# Tables of decisions.toml of which the first row that holds is taken: their order decides.
FIRST_HOLDS: Final = ("level", "period", "general_capacity")


@dataclass(frozen=True, slots=True)
class Record:
    """A table of a pack. `first`, `last`: the days between which it stands, if it has days, both included.

    `parent`: the id of the record that it stands in, empty where it stands by itself.
    `content` is the parsed table itself, not a copy. Two records of one id differ in their days.
    """

    id: str
    file: str
    table: str
    content: dict[str, Any]
    first: date | None = None
    last: date | None = None
    parent: str = ""

    def meets(self, other: "Record") -> bool:
        """Whether there is a day on which both hold."""
        return (self.first or date.min) <= (other.last or date.max) and (other.first or date.min) <= (
            self.last or date.max
        )

    @property
    def own(self) -> dict[str, Any]:
        """The content without the records inside it, which go by ids of their own."""
        return {key: value for key, value in self.content.items() if not _holds_cited(value)}


def cited_records(contents: Contents) -> Iterator[Record]:
    """Every record that carries a citation, in the order of the files, also inside other records (degrees of a scale).

    Reads parsed TOML that nobody has checked yet; what is not a table of a record is passed over.
    """
    return (record for record in _records(contents, UNCITED) if "cite" in record.content)


def all_records(contents: Contents) -> Iterator[Record]:
    """Every record, also what carries no citation: acts, places, groups, words, test cases, the pack's own head.

    The ledger of sign-offs is left out: it says something of records.
    """
    for file, content in contents.items():
        if file == "signoffs.toml":
            continue
        loose = {key: value for key, value in content.items() if not isinstance(value, (dict, list))}
        if loose:
            yield Record(file.removesuffix(".toml"), file, "", loose)
        yield from _records({file: content}, frozenset())


def _records(contents: Contents, without: frozenset[str]) -> Iterator[Record]:
    for file, content in contents.items():
        if file in without:
            continue
        for key, value in content.items():
            if isinstance(value, dict) and value and all(isinstance(inner, dict) for inner in value.values()):
                for name, inner in value.items():  # [act.order_260], [line] headline = {…}
                    yield from _within(file, key, inner, f"{key} {name}", None)
            else:
                for position, table in enumerate(value if isinstance(value, list) else [value], start=1):
                    yield from _within(file, key, table, str(position) if isinstance(value, list) else "", None)


def _within(file: str, key: str, content: Any, name: str, outer: Record | None) -> Iterator[Record]:
    if not isinstance(content, dict):
        return
    known = name if " " in name else record_name(key, content, name, outer.id if outer else "")
    first, last = _day(content, "valid_from"), _day(content, "valid_to")
    if outer is not None:
        first, last = first or outer.first, last or outer.last
    record = Record(known, file, key, content, first, last, outer.id if outer else "")
    if outer is None or "cite" in content:
        yield record
    for inner, below in content.items():
        if isinstance(below, dict):
            yield from _within(file, inner, below, inner, record)
        elif isinstance(below, list) and below and isinstance(below[0], dict):
            for position, table in enumerate(below, start=1):
                yield from _within(file, inner, table, str(position), record)


def record_name(table: str, content: Mapping[str, Any], otherwise: str, parent: str = "") -> str:
    """The id by which people name a record: `level.1`, `defect.eye_absent`, `limitations.movement 3`."""
    named = content.get("id") or content.get("code") or content.get("scale") or content.get("number")
    if "fact" in content and "value" in content:
        named = f"{content['fact']} {content['value']}"
    if parent:
        return f"{parent} {named or content.get('value', otherwise)}"
    if named is None:
        return f"{table} {otherwise}".rstrip()
    return str(named) if table in _BARE or str(named).startswith(f"{table}.") else f"{table}.{named}"


def rows_above(records: Sequence[Record]) -> dict[int, tuple[str, ...]]:
    """For each row of a table of which the first that holds is taken, by the `id()` of its content: the rows above it.

    `records` in the order of the files; rows that never hold on the same day don't count.
    """
    found: dict[int, tuple[str, ...]] = {}
    above: dict[str, list[Record]] = {table: [] for table in FIRST_HOLDS}
    for record in records:
        if record.file == "decisions.toml" and record.table in above:
            rows = above[record.table]
            found[id(record.content)] = tuple(dict.fromkeys(row.id for row in rows if row.meets(record)))
            rows.append(record)
    return found


def _day(content: Mapping[str, Any], key: str) -> date | None:
    value = content.get(key)
    return value if type(value) is date else None


def _holds_cited(value: Any) -> bool:
    tables = value if isinstance(value, list) else [value]
    return any(isinstance(table, dict) and "cite" in table for table in tables)
