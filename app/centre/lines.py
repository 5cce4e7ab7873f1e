"""Where a batch belongs: the table of link.md, decided in one transaction over the lines of its incarnation.

    same numbers, same hashes          `already`       nothing is written
    follows, or partly                 `stored`        what is new is appended
    a gap                              `expected_seq`  nothing is written; also where the record after which a new
                                                       incarnation branches isn't held: then it names that incarnation
    same number, another hash          `fork`          kept as a line of its own, aside, with an alarm

Two workers that have the same batch at once: the line's row is locked while one decides, so the other finds `already`.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, text

from app.centre import store
from app.sync import told, wire

MOST_ATTACHMENT: Final = 512 << 20
"""bytes that an event may name as the size of one attachment"""


class Again(Exception):
    """Another worker began the same line meanwhile: decide anew."""


@dataclass(frozen=True, slots=True)
class Placed:
    """What the centre answers. `line`: where the events stand now; `expected_seq`: of `incarnation`; `fork_seq`: the
    first number that has two records."""

    answer: str
    incarnation: str
    line: int = 0
    expected_seq: int | None = None
    fork_seq: int | None = None
    reason: str | None = None
    new_events: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an incarnation, as its row stands."""

    line: int
    device: str
    first_seq: int
    last_seq: int
    prev_hash: bytes
    head_hash: bytes
    after_incarnation: str | None
    after_line: int | None
    aside: bool


def lines(connection: Connection, incarnation: str, *, lock: bool = False) -> list[Line]:
    """The lines of an incarnation in their order; with `lock` nobody else decides about them meanwhile."""
    pen = " FOR UPDATE" if lock and connection.dialect.name == "postgresql" else ""
    if pen:
        # The first line is there whenever any is; whoever holds it decides. What else there is, is read after that.
        connection.execute(
            text(f"SELECT 1 FROM incarnations WHERE incarnation = :incarnation AND line = 0{pen}"),  # noqa: S608
            {"incarnation": incarnation},
        ).first()
    found = connection.execute(
        text(
            "SELECT line, device, first_seq, last_seq, prev_hash, head_hash, after_incarnation, after_line, aside"
            " FROM incarnations WHERE incarnation = :incarnation ORDER BY line"
        ),
        {"incarnation": incarnation},
    )
    return [_line(row) for row in found.mappings()]


def hashes(
    connection: Connection, incarnation: str, known: Sequence[Line], line: Line, first: int, last: int
) -> dict[int, bytes]:
    """The hashes of the records `first` to `last` that a line holds, with those of the lines it forked from."""
    found: dict[int, bytes] = {}
    by_number = {one.line: one for one in known}
    upto = min(last, line.last_seq)
    while True:
        rows = connection.execute(
            text(
                "SELECT seq, hash FROM events WHERE incarnation = :incarnation AND line = :line"
                " AND seq BETWEEN :first AND :last"
            ),
            {"incarnation": incarnation, "line": line.line, "first": max(first, line.first_seq), "last": upto},
        )
        found.update({seq: bytes(value) for seq, value in rows})
        upto = min(upto, line.first_seq - 1)
        if line.first_seq <= first or line.after_incarnation != incarnation or line.after_line is None:
            if first <= line.first_seq - 1 <= last:
                found[line.first_seq - 1] = line.prev_hash
            return found
        line = by_number[line.after_line]


def place(connection: Connection, batch: wire.Batch, checked: Sequence[wire.Checked], way: str) -> Placed:
    """Decide, and write what there is to write. `batch` is checked; `Again` where it has to be decided anew."""
    known = lines(connection, batch.incarnation, lock=True)
    if not known:
        return _begin(connection, batch, checked, way)
    if known[0].device != batch.device:
        return _foreign(connection, batch)
    forks: list[tuple[int, Line]] = []
    gaps: list[int] = []
    for line in known:
        if batch.first_seq > line.last_seq + 1:
            gaps.append(line.last_seq + 1)
            continue
        held = hashes(connection, batch.incarnation, known, line, batch.first_seq - 1, batch.last_seq)
        if batch.first_seq < known[0].first_seq or held.get(batch.first_seq - 1, batch.prev_hash) != batch.prev_hash:
            continue
        differs = next((one.seq for one in checked if held.get(one.seq, one.hash) != one.hash), None)
        if differs is None:
            return _go_on(connection, line, batch, checked, way)
        forks.append((differs, line))
    if forks:
        seq, line = max(forks, key=lambda fork: fork[0])
        return _fork(connection, known, line, seq, batch, checked, way)
    # It follows a record that no line has: the laptop goes back, to where a line ends or to the very beginning.
    expected = min(gaps) if gaps else known[0].first_seq
    if batch.first_seq <= known[0].first_seq:
        # Another beginning than the one that is held: two logs under one name, and no common record.
        return _foreign(connection, batch)
    return Placed(told.EXPECTED, batch.incarnation, expected_seq=expected)


def holding(connection: Connection, incarnation: str, seq: int, value: bytes) -> Line | None:
    """The line that holds this very record; None where none does."""
    known = lines(connection, incarnation)
    for line in known:
        if hashes(connection, incarnation, known, line, seq, seq).get(seq) == value:
            return line
    return None


def adopt(connection: Connection, incarnation: str, line: int) -> list[tuple[str, int]]:
    """A person decides that a line that was kept aside counts, with all that follows from it; what was adopted."""
    done: list[tuple[str, int]] = []
    waiting = [(incarnation, line)]
    while waiting:
        name, number = waiting.pop()
        changed = connection.execute(
            text("UPDATE incarnations SET aside = 0 WHERE incarnation = :name AND line = :number AND aside <> 0"),
            {"name": name, "number": number},
        )
        if changed.rowcount:
            done.append((name, number))
            waiting += [
                (row[0], row[1])
                for row in connection.execute(
                    text(
                        "SELECT incarnation, line FROM incarnations"
                        " WHERE after_incarnation = :name AND after_line = :number AND aside <> 0"
                    ),
                    {"name": name, "number": number},
                )
            ]
    return done


def named_attachments(checked: Sequence[wire.Checked]) -> list[tuple[str, int]]:
    """Digests and sizes of the attachments that these events name. An event that names none in a way that we know is
    none for us; the interpreter says so of it later."""
    found: dict[str, int] = {}
    for one in checked:
        if b'"attachment.added"' not in one.record:
            continue
        payload = _payload(one.record, "attachment.added")
        digest, size = payload.get("digest"), payload.get("size")
        if _is_digest(digest) and type(size) is int and 0 < size <= MOST_ATTACHMENT:
            found[str(digest)] = size
    return list(found.items())


def _begin(connection: Connection, batch: wire.Batch, checked: Sequence[wire.Checked], way: str) -> Placed:
    """A log that the centre has nothing of."""
    if batch.first_seq == 1:
        if batch.prev_hash != wire.NO_HASH:
            return Placed(told.REFUSED, batch.incarnation, reason="chain")
        return _new_line(connection, batch, checked, way, line=0, after=None, aside=False)
    before = _branch(batch, checked)
    if before is None:
        return Placed(told.EXPECTED, batch.incarnation, expected_seq=1)
    incarnation = str(before["incarnation"])
    known = lines(connection, incarnation, lock=True)
    if known and known[0].device != batch.device:
        return _foreign(connection, batch)
    held = holding(connection, incarnation, batch.first_seq - 1, batch.prev_hash)
    if held is None:
        shorter = [line.last_seq + 1 for line in known if line.last_seq < batch.first_seq - 1]
        beginning = known[0].first_seq if known else 1
        return Placed(told.EXPECTED, incarnation, expected_seq=min(shorter, default=beginning))
    return _new_line(connection, batch, checked, way, line=0, after=(incarnation, held.line), aside=held.aside)


def _branch(batch: wire.Batch, checked: Sequence[wire.Checked]) -> Mapping[str, Any] | None:
    """What `desk.restored` says of the record after which this incarnation begins; None where it says nothing that
    fits. A clock that jumped at the same moment may be told before it."""
    for one in checked:
        if b'"desk.restored"' not in one.record:
            continue
        payload = _payload(one.record, "desk.restored")
        before = payload.get("before")
        if (
            isinstance(before, dict)
            and wire.is_id(before.get("incarnation"))
            and before["incarnation"] != batch.incarnation
            and payload.get("incarnation") == batch.incarnation
            and (before.get("seq"), before.get("hash")) == (batch.first_seq - 1, batch.prev_hash.hex())
        ):
            return before
    return None


def _payload(record: bytes, kind: str) -> Mapping[str, Any]:
    """The payload of an event of this type; empty where it is of another, or of a form that we don't know."""
    try:
        told_ = json.loads(record)
    except (ValueError, RecursionError):
        return {}
    payload = told_.get("payload")
    return payload if told_.get("type") == kind and isinstance(payload, dict) else {}


def _go_on(connection: Connection, line: Line, batch: wire.Batch, checked: Sequence[wire.Checked], way: str) -> Placed:
    """Append what is new to a line that the batch fits."""
    new = [one for one in checked if one.seq > line.last_seq]
    if new:
        connection.execute(
            text(
                "UPDATE incarnations SET last_seq = :last, head_hash = :head"
                " WHERE incarnation = :incarnation AND line = :line"
            ),
            {"incarnation": batch.incarnation, "line": line.line, "last": batch.last_seq, "head": batch.head_hash},
        )
        _write(connection, line.line, batch, new, way)
    if line.aside:
        return Placed(told.FORK, batch.incarnation, line.line, fork_seq=line.first_seq, new_events=len(new))
    answer = told.STORED if new else told.ALREADY
    return Placed(answer, batch.incarnation, line.line, new_events=len(new))


def _fork(
    connection: Connection, known: Sequence[Line], line: Line, seq: int, batch: wire.Batch,
    checked: Sequence[wire.Checked], way: str,
) -> Placed:  # fmt: skip
    """Keep the other continuation as a line of its own, and tell a person."""
    by_number = {one.line: one for one in known}
    # The record before may stand on a line further back.
    while seq - 1 < line.first_seq and line.after_incarnation == batch.incarnation and line.after_line is not None:
        line = by_number[line.after_line]
    number = known[-1].line + 1
    store.raise_alarm(
        connection,
        "fork",
        f"{batch.incarnation}/{number}",
        {"line": number, "after_line": line.line, "from_seq": seq, "upto_seq": batch.last_seq},
        device=batch.device,
        incarnation=batch.incarnation,
        seq=seq,
    )
    new = [one for one in checked if one.seq >= seq]
    after = (batch.incarnation, line.line)
    return _new_line(
        connection, batch, new, way, line=number, after=after, aside=True, before=_before(checked, seq, batch)
    )


def _before(checked: Sequence[wire.Checked], seq: int, batch: wire.Batch) -> bytes:
    return next((one.hash for one in checked if one.seq == seq - 1), batch.prev_hash)


def _new_line(
    connection: Connection, batch: wire.Batch, new: Sequence[wire.Checked], way: str, *, line: int,
    after: tuple[str, int] | None, aside: bool, before: bytes | None = None,
) -> Placed:  # fmt: skip
    first = new[0].seq
    values = {"incarnation": batch.incarnation, "line": line, "device": batch.device, "first": first,
              "last": batch.last_seq, "prev": before or batch.prev_hash, "head": batch.head_hash,
              "after_incarnation": after[0] if after else None, "after_line": after[1] if after else None,
              "aside": int(aside), "now": store.now()}  # fmt: skip
    made = connection.execute(
        text(
            "INSERT INTO incarnations (incarnation, line, device, first_seq, last_seq, prev_hash, head_hash,"
            " after_incarnation, after_line, aside, begun_at) VALUES (:incarnation, :line, :device, :first, :last,"
            " :prev, :head, :after_incarnation, :after_line, :aside, :now) ON CONFLICT (incarnation, line) DO NOTHING"
        ),
        values,
    )
    if made.rowcount != 1:
        raise Again
    connection.execute(
        text(
            "INSERT INTO progress (incarnation, line, interpreted_upto, applied, waiting, quarantined, look_again)"
            " VALUES (:incarnation, :line, :upto, 0, 0, 0, 0)"
        ),
        {"incarnation": batch.incarnation, "line": line, "upto": first - 1},
    )
    _write(connection, line, batch, new, way)
    answer = told.FORK if aside else told.STORED
    return Placed(answer, batch.incarnation, line, fork_seq=first if aside else None, new_events=len(new))


_INSERT_EACH: Final = text(
    "INSERT INTO events (incarnation, line, seq, hash, record) VALUES (:incarnation, :line, :seq, :hash, :record)"
)
_INSERT_ALL: Final = text(
    "INSERT INTO events (incarnation, line, seq, hash, record)"
    " SELECT :incarnation, CAST(:line AS integer), new.seq, new.hash, new.record FROM unnest("
    "CAST(:seqs AS bigint[]), CAST(:hashes AS bytea[]), CAST(:records AS bytea[])) AS new (seq, hash, record)"
)


def _write(connection: Connection, line: int, batch: wire.Batch, new: Sequence[wire.Checked], way: str) -> None:
    """The records themselves, and what their laptop signed of them."""
    key = {"incarnation": batch.incarnation, "line": line}
    if connection.dialect.name == "postgresql":
        # All in one statement: each by itself takes PostgreSQL thrice as long.
        from app.centre import arrays

        columns = {"seqs": arrays.of_numbers([one.seq for one in new]),
                   "hashes": arrays.of_bytes([one.hash for one in new]),
                   "records": arrays.of_bytes([one.record for one in new])}  # fmt: skip
        connection.execute(_INSERT_ALL, {**key, **columns})
    else:
        rows = [{**key, "seq": one.seq, "hash": one.hash, "record": one.record} for one in new]
        connection.execute(_INSERT_EACH, rows)
    connection.execute(
        text(
            "INSERT INTO batches (incarnation, line, first_seq, last_seq, prev_hash, head_hash, head_signature,"
            " received_at, way) VALUES (:incarnation, :line, :first, :last, :prev, :head, :signature, :now, :way)"
        ),
        {**key, "first": batch.first_seq, "last": batch.last_seq, "prev": batch.prev_hash, "head": batch.head_hash,
         "signature": batch.head_signature, "now": store.now(), "way": way},
    )  # fmt: skip
    named = named_attachments(new)
    if named:
        connection.execute(
            text(
                "INSERT INTO attachments (incarnation, digest, size, held, complete)"
                " VALUES (:incarnation, :digest, :size, 0, 0) ON CONFLICT (incarnation, digest) DO NOTHING"
            ),
            [{"incarnation": batch.incarnation, "digest": digest, "size": size} for digest, size in named],
        )


def _foreign(connection: Connection, batch: wire.Batch) -> Placed:
    """A name that belongs to another log: no accident."""
    store.raise_alarm(
        connection,
        "incarnation_of_another",
        f"{batch.incarnation}/{batch.device}/{batch.head_hash.hex()}",
        {"first_seq": batch.first_seq, "last_seq": batch.last_seq},
        device=batch.device,
        incarnation=batch.incarnation,
        seq=batch.first_seq,
    )
    return Placed(told.REFUSED, batch.incarnation, reason="chain")


def _line(row: RowMapping) -> Line:
    return Line(
        row["line"],
        row["device"],
        row["first_seq"],
        row["last_seq"],
        bytes(row["prev_hash"]),
        bytes(row["head_hash"]),
        row["after_incarnation"],
        row["after_line"],
        bool(row["aside"]),
    )


def _is_digest(value: object) -> bool:
    return isinstance(value, str) and len(value) == 64 and all(letter in "0123456789abcdef" for letter in value)
