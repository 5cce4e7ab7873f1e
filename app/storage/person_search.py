"""Finding persons while somebody types: in the order of the Kazakh alphabet, and never sorting.

A Russian keyboard types г for ғ, у for ұ and ү: what is typed stands for several spellings, and each is a range of its
own in the alphabetical index. They are walked in alphabetical order; a beginning with which no name begins is left at
once, whatever would follow it. So a search costs what it shows, however many persons there are.
"""

from collections.abc import Callable, Iterator, Mapping
from heapq import merge
from itertools import islice
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import Connection

from app.storage.database import driver
from app.storage.folding import LAST, alternatives, fold
from app.storage.persons import ListedPerson

# Of what is typed no more is looked at: no name is longer.
LONGEST: Final = 300
_COLUMNS: Final = "p.id, p.name, p.iin, p.birth_date, p.examined_on, p.outcome, p.due_on"
_BY_NAME: Final = ("persons_in_order", "order_key")
_BY_GIVEN: Final = ("persons_by_given_name", "given_order")
_BY_INITIAL: Final = ("persons_by_initial", "order_key")


def found(connection: Connection, query: str, limit: int) -> list[ListedPerson]:
    """The first `limit` persons that `query` begins to name: by surname in alphabetical order, then those whose given
    name begins so; digits are the beginning of an ИИН. Without a query everybody, in alphabetical order. Whoever has no
    surname stands under the given name."""
    words = fold(query[:LONGEST]).split()
    if words and "".join(words).isdecimal():
        return [ListedPerson(*row[1:]) for row in _numbered(connection, "".join(words), limit)]
    ways = [_by_surname(connection, words, limit)]
    if words:
        ways.append(_by_given_name(connection, words, limit))
    seen: dict[str, ListedPerson] = {}
    for way in ways:
        for row in way:
            seen.setdefault(row[1], ListedPerson(*row[1:]))
            if len(seen) == limit:
                return list(seen.values())
    return list(seen.values())


def _by_surname(connection: Connection, words: list[str], limit: int) -> Iterator[tuple[Any, ...]]:
    whole = _Range(connection, _BY_NAME).matching(" ".join(words), limit)
    if len(words) not in (2, 3):
        return whole
    # A surname may itself have two words; whoever begins each of the three names means the other thing.
    return merge(whole, _both(connection, *words, limit=limit), key=itemgetter(0))


def _by_given_name(connection: Connection, words: list[str], limit: int) -> Iterator[tuple[Any, ...]]:
    if len(words) not in (2, 3):
        return _Range(connection, _BY_GIVEN).matching(" ".join(words), limit)
    return _both(connection, words[1], words[0], *words[2:], limit=limit)


def _both(
    connection: Connection, surname: str, given: str, patronymic: str = "", *, limit: int
) -> Iterator[tuple[Any, ...]]:
    also = {"initial": given[0], "given": given, "given_end": given + LAST}
    where = " AND given_key >= :given AND given_key < :given_end"
    if patronymic:
        also |= {"patronymic": patronymic, "patronymic_end": patronymic + LAST}
        where += " AND patronymic_key >= :patronymic AND patronymic_key < :patronymic_end"
    within = "substr(given_key, 1, 1) = :initial AND "
    return _Range(connection, _BY_INITIAL, within, where, also).matching(surname, limit)


def _numbered(connection: Connection, digits: str, limit: int) -> list[tuple[Any, ...]]:
    statement = (
        f"SELECT p.iin, {_COLUMNS} FROM persons p INDEXED BY persons_by_iin"  # noqa: S608
        " WHERE p.iin >= ? AND p.iin < ? ORDER BY p.iin LIMIT ?"
    )
    rows: list[tuple[Any, ...]] = driver(connection).execute(statement, (digits, digits + LAST, limit)).fetchall()
    return rows


class _Range:
    """Rows of one index whose key begins in one of the spellings of a folded text, in the order of the index."""

    def __init__(
        self,
        connection: Connection,
        index: tuple[str, str],
        within: str = "",
        where: str = "",
        params: Mapping[str, str] | None = None,
    ) -> None:
        name, key = index
        self._execute: Callable[..., Any] = driver(connection).execute
        self._params = dict(params or {})
        begins = f"{within}{key} >= :start AND {key} < :end"
        self._any = f"SELECT 1 FROM persons INDEXED BY {name} WHERE {begins} LIMIT 1"  # noqa: S608
        order = key if not within else f"{key}, given_key, patronymic_key"
        # Found in the index alone; the persons themselves are read once they are known to be shown.
        self._rows = (
            f"SELECT found.key, {_COLUMNS} FROM (SELECT rowid AS place, {key} AS key FROM persons INDEXED BY {name}"  # noqa: S608
            f" WHERE {begins}{where} ORDER BY {order} LIMIT :limit) AS found CROSS JOIN persons p"
            " ON p.rowid = found.place"
        )

    def matching(self, folded: str, limit: int) -> Iterator[tuple[Any, ...]]:
        """At most `limit` rows, each with its key before it."""
        rows = (row for start in self._starts(alternatives(folded)) for row in self._between(start, limit))
        return islice(rows, limit)

    def _starts(self, letters: list[tuple[str, ...]]) -> Iterator[str]:
        """Every spelling with which some key begins, in alphabetical order."""
        waiting = [""]
        while waiting:
            start = waiting.pop()
            while len(start) < len(letters) and len(letters[len(start)]) == 1:
                start += letters[len(start)][0]
            if len(start) == len(letters):
                yield start
                continue
            spellings = [start + letter for letter in letters[len(start)]]
            waiting += [spelling for spelling in reversed(spellings) if self._begins(spelling)]

    def _begins(self, start: str) -> bool:
        found = self._execute(self._any, {**self._params, "start": start, "end": start + LAST}).fetchone()
        return found is not None

    def _between(self, start: str, limit: int) -> Iterator[tuple[Any, ...]]:
        params = {**self._params, "start": start, "end": start + LAST, "limit": limit}
        rows: Iterator[tuple[Any, ...]] = self._execute(self._rows, params)
        return rows
