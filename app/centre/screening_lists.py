"""The lists behind the screening filters, and the slow hashes that are kept so that each person costs one."""

import hashlib
import os
import secrets
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import Connection, text

from app.centre.keys import Keys
from app.centre.store import Store, now
from app.crypto.slots import Cost
from app.domain import iin
from app.domain.dates import parse_iso
from app.domain.errors import UserError
from app.domain.text import N_, Text
from app.sync import screening

_BLOCK = 200
"""hashes that are written at once: what is killed loses no more work"""


@dataclass(frozen=True, slots=True)
class Listed:
    """Somebody in a list. `since`: an ISO day, None where the list has none."""

    iin: str
    since: str | None
    source: str


@dataclass(frozen=True, slots=True)
class Made:
    """A filter over `count` persons. `says`: the same for the same persons, whenever it was made."""

    count: int
    content: bytes
    says: str


def read_list(data: bytes) -> list[Listed]:
    """The persons in a file: `ИИН;day;source` a line. UserError with the line that can't be read."""
    try:
        lines = data.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise UserError(Text(N_("The list is not UTF-8. Save it as UTF-8, then try again."))) from error
    found = []
    for at, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        number, since, source = (*(part.strip() for part in line.split(";", 2)), "", "")[:3]
        read = iin.of_digits(number)
        if read is None or not read.checksum_ok or (since and parse_iso(since) is None):
            sentence = N_("Line {n} can't be read: an ИИН, then a day as 2026-11-30 and a source, divided by “;”.")
            raise UserError(Text(sentence, {"n": at}))
        found.append(Listed(number, since or None, source[:200]))
    return found


def take_list(store: Store, kind: str, listed: list[Listed]) -> None:
    """Put a list in the place of the one before. Conclusions of those who are new in it are compared once more."""
    with store.begin(write=True) as connection:
        connection.execute(text("DELETE FROM listed_persons WHERE kind = :kind"), {"kind": kind})
        rows = {one.iin: {"kind": kind, "iin": one.iin, "since": one.since, "source": one.source} for one in listed}
        if rows:
            connection.execute(
                text("INSERT INTO listed_persons (kind, iin, since, source) VALUES (:kind, :iin, :since, :source)"),
                list(rows.values()),
            )
        connection.execute(
            text("UPDATE conclusions SET compared = 0 WHERE iin IN"
                 " (SELECT iin FROM listed_persons WHERE kind = :kind)"),
            {"kind": kind},
        )  # fmt: skip


def build_filter(
    store: Store, keys: Keys, kind: str, progress: Callable[[str], object], cost: Cost | None = None
) -> Made:
    """The filter over all persons of a kind. Slow where many are new: 0.3 s each."""
    salt, cost = _settings(store, cost)
    asked = ("SELECT DISTINCT iin FROM conclusions WHERE iin IS NOT NULL" if kind == screening.EXAMINED
             else "SELECT iin FROM listed_persons WHERE kind = :kind")  # fmt: skip
    params = {} if kind == screening.EXAMINED else {"kind": kind}
    with store.begin() as connection:
        persons = [str(row[0]) for row in connection.execute(text(asked), params)]
        known = _known(connection, salt, cost)
    missing = iter([person for person in persons if person not in known])
    done = len(persons) - sum(person not in known for person in persons)
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:  # the hash lets go of Python's lock
        while block := list(islice(missing, _BLOCK)):
            found = dict(zip(block, pool.map(lambda person: screening.key_of(person, salt, cost), block), strict=True))
            _keep(store, salt, cost, found)
            known |= found
            done += len(block)
            progress(f"{done}/{len(persons)}")
    made = screening.build(
        keys.sign, kind, [known[person] for person in persons], salt=salt, issued_at=now(), cost=cost
    )
    says = hashlib.sha256(b"".join([salt, *sorted(known[person] for person in persons)])).hexdigest()
    return Made(len(persons), made, says)


def _settings(store: Store, cost: Cost | None) -> tuple[bytes, Cost]:
    """The salt that all filters of this centre share, made once; and the cost."""
    import json

    with store.begin(write=True) as connection:
        connection.execute(
            text("INSERT INTO settings (name, told) VALUES ('screening', :told) ON CONFLICT (name) DO NOTHING"),
            {"told": json.dumps({"salt": secrets.token_hex(screening.SALT_BYTES)})},
        )
        told = connection.execute(text("SELECT told FROM settings WHERE name = 'screening'")).scalar_one()
    return bytes.fromhex(json.loads(told)["salt"]), cost or screening.SLOW


def _known(connection: Connection, salt: bytes, cost: Cost) -> dict[str, bytes]:
    rows = connection.execute(
        text("SELECT iin, key FROM screening_keys WHERE salt = :salt AND cost = :cost"),
        {"salt": salt, "cost": _name(cost)},
    )
    return {str(row[0]): bytes(row[1]) for row in rows}


def _keep(store: Store, salt: bytes, cost: Cost, found: dict[str, bytes]) -> None:
    def rows() -> Iterator[dict[str, object]]:
        for person, key in found.items():
            yield {"salt": salt, "cost": _name(cost), "iin": person, "key": key}

    with store.begin(write=True) as connection:
        connection.execute(
            text("INSERT INTO screening_keys (salt, cost, iin, key) VALUES (:salt, :cost, :iin, :key)"
                 " ON CONFLICT (salt, cost, iin) DO NOTHING"),
            list(rows()),
        )  # fmt: skip


def _name(cost: Cost) -> str:
    return f"{cost.memory_kib}/{cost.passes}/{cost.lanes}"
