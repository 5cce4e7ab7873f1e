"""A list of the console: its columns once, for the page and for the file (CSV)."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Generic, TypeVar

from app.centre.console import words
from app.domain.text import LocalText, Text
from app.i18n import Translator

PAGE: Final = 25
MOST_IN_FILE: Final = 100_000
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Link:
    """A cell that leads somewhere."""

    words: object
    href: str


@dataclass(frozen=True, slots=True)
class Badge:
    """A state: words in a colour of their own. `tone`: `good`, `warning`, `danger` or nothing."""

    words: object
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Ago:
    """A moment with how long ago it is; None: never."""

    at: datetime | None
    now: float


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """`value`: the cell of a row: words, number, day, Link, Badge, Ago. `key`: how an address names it when sorting."""

    key: str
    title: Text
    value: Callable[[Row], object]
    sortable: bool = False
    number: bool = False


@dataclass(frozen=True, slots=True)
class Listing(Generic[Row]):
    """What a page shows of a list. `total` is of all pages; `empty`: the sentence where there is nothing."""

    caption: Text
    columns: Sequence[Column[Row]]
    rows: Sequence[Row]
    total: int
    order: "Order"
    empty: Text
    csv: bool = True


@dataclass(frozen=True, slots=True)
class Order:
    """Page (from 1), column, direction, as the page's address names them."""

    page: int
    sort: str
    descending: bool
    limit: int = PAGE

    @property
    def offset(self) -> int:
        return (self.page - 1) * self.limit

    def pages(self, total: int) -> int:
        return max(-(-total // self.limit), 1)


def order(query: dict[str, str], allowed: Sequence[str], default: str, *, descending: bool = False) -> Order:
    """Read page and order out of an address; whatever is none of ours counts as not given."""
    try:
        page = min(max(int(query.get("page", "1")), 1), 1_000_000)
    except ValueError:
        page = 1
    sort = query.get("sort", "")
    if sort not in allowed:
        return Order(page, default, descending)
    return Order(page, sort, query.get("down") == "1")


def paged(rows: Sequence[Row], asked: Order, key: Callable[[Row], object]) -> Sequence[Row]:
    """Rows that lie in memory, sorted and cut. Empty values come last in both directions."""
    filled = [row for row in rows if key(row) is not None]
    bare = [row for row in rows if key(row) is None]
    ordered = sorted(filled, key=key, reverse=asked.descending)  # type: ignore[arg-type]
    return [*ordered, *bare][asked.offset : asked.offset + asked.limit]


def plain(t: Translator, value: object) -> str:
    """A cell as text."""
    match value:
        case None:
            return ""
        case Link() | Badge():
            return plain(t, value.words)
        case Ago():
            return "" if value.at is None else words.local(value.at).strftime("%d.%m.%Y %H:%M")
        case datetime():
            return words.local(value).strftime("%d.%m.%Y %H:%M")
        case Text() | LocalText() | date():
            return t.show(value)
    return str(value)


def as_csv(t: Translator, columns: Sequence[Column[Row]], rows: Iterable[Row]) -> bytes:
    """A file for spreadsheets: UTF-8 with a mark, semicolons, as Excel in Kazakhstan opens it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([_harmless(t.show(column.title)) for column in columns])
    for row in rows:
        writer.writerow([_harmless(plain(t, column.value(row))) for column in columns])
    return ("\ufeff" + out.getvalue()).encode("utf-8")


def _harmless(text: str) -> str:
    # A spreadsheet computes what begins so; an apostrophe makes it text.
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
