"""`saraptama-centre check` and `rebuild`: from the raw bytes to everything that was made of them.

1. Each line of each log: no hole, every hash that of its record, each record following the one before, the line itself
   following the record that it says it does, and ending where it says.
2. Each stretch was signed by its laptop's key as it came, and each laptop's certificate by the centre's.
3. Every receipt is the centre's, says what is held, and stands once in the log of receipts, whose tree is made anew.
4. Attachments that are called complete have the hash that names them.
5. All that the centre made of the events is what it makes of them now, in an empty database beside this one.
"""

import hashlib
import json
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, text

from app.centre import projecting, reporting, sequencing
from app.centre.interpreting import Interpreter
from app.centre.keys import Keys
from app.centre.store import Store
from app.crypto import digests
from app.sync import admission, told, wire

_BLOCK: Final = 500
_COMPARED: Final = (*projecting.TABLES, "unapplied", "progress")
# When something was done here, and what only this database knows.
_OWN: Final = frozenset({"since", "compared", "look_again", "requeue", "again", "stuck_at"})
Progress = Callable[[str], object]


@dataclass(slots=True)
class Findings:
    """How much was looked at, and what is wrong: codes with the place. Empty `wrong`: everything holds."""

    laptops: int = 0
    events: int = 0
    receipts: int = 0
    attachments: int = 0
    conclusions: int = 0
    superseded: int = 0
    wrong: list[str] = field(default_factory=list)


def check(store: Store, keys: Keys, progress: Progress = lambda _: None) -> Findings:
    """Look at everything. Reads each record twice; writes nothing here. What is not interpreted yet is not compared."""
    found = Findings()
    with store.begin() as connection:
        devices = {str(row[0]): (bytes(row[1]), bytes(row[2])) for row in connection.execute(
            text("SELECT device, public_key, certificate FROM devices ORDER BY device"))}  # fmt: skip
    for device, (key, certificate) in devices.items():
        progress(device)
        found.laptops += 1
        _check_certificate(found, device, key, certificate, keys)
        with store.begin() as connection:
            for incarnation, line in _lines(connection, device):
                _check_line(found, connection, incarnation, line, key)
            _check_attachments(found, connection, device)
    _check_receipts(found, store, keys)
    found.wrong += sequencing.audit(store)[1]
    for device in devices:
        progress(device)
        found.wrong += [f"projection {device} {table}" for table in differing(store, device)]
    with store.begin() as connection:
        found.superseded = reporting.superseded(connection)
        found.conclusions = int(connection.execute(text("SELECT count(*) FROM conclusions")).scalar_one())
    return found


def rebuild(store: Store, progress: Progress = lambda _: None) -> int:
    """Throw away all that was made of the events and make it again; how many events were judged. Alarms stay, with the
    answers that people gave. May be killed: whoever works next goes on."""
    with store.begin(write=True) as connection:
        for table in (*projecting.TABLES, "unapplied"):
            connection.execute(text(f"DELETE FROM {table}"))  # noqa: S608
        connection.execute(
            text(
                "UPDATE progress SET applied = 0, waiting = 0, quarantined = 0, look_again = 0, requeue = 0,"
                " stuck_at = NULL, interpreted_upto = (SELECT first_seq - 1 FROM incarnations i"
                " WHERE i.incarnation = progress.incarnation AND i.line = progress.line)"
            )
        )
    interpreter, done = Interpreter(store), 0
    while judged := interpreter.step():
        done += judged
        progress(str(done))
    return done


def differing(store: Store, device: str) -> list[str]:
    """The tables in which what was made of a laptop's log is not what is made of it now."""
    with tempfile.TemporaryDirectory() as folder:
        beside = Store(Path(folder) / "beside.db")
        try:
            beside.migrate()
            _copy(store, beside, device)
            Interpreter(beside).run_dry()
            # What the centre has not come to yet is no difference.
            return [table for table in _COMPARED if _rows(store, table, device) != _rows(beside, table, device)]
        finally:
            beside.close()


def _check_certificate(found: Findings, device: str, key: bytes, certificate: bytes, keys: Keys) -> None:
    try:
        told_ = admission.read_certificate(certificate, keys.sign.public)
    except ValueError:
        found.wrong.append(f"certificate {device}")
        return
    if (told_.device, told_.key) != (device, key) or told.device_id(key) != device:
        found.wrong.append(f"certificate {device}")


def _lines(connection: Connection, device: str) -> list[tuple[str, int]]:
    rows = connection.execute(
        text("SELECT incarnation, line FROM incarnations WHERE device = :device ORDER BY incarnation, line"),
        {"device": device},
    )
    return [(str(row[0]), int(row[1])) for row in rows]


def _check_line(found: Findings, connection: Connection, incarnation: str, line: int, key: bytes) -> None:
    at = {"i": incarnation, "l": line}
    name = f"{incarnation}/{line}"
    first, last, prev, head, after, after_line, device = connection.execute(
        text("SELECT first_seq, last_seq, prev_hash, head_hash, after_incarnation, after_line, device"
             " FROM incarnations WHERE incarnation = :i AND line = :l"),
        at,
    ).one()  # fmt: skip
    before, seq = bytes(prev), int(first) - 1
    if after is None:
        if seq != 0 or before != wire.NO_HASH:
            found.wrong.append(f"chain {name} {first}")
    elif not _follows(connection, str(after), int(after_line), seq, before):
        found.wrong.append(f"chain {name} {first}")
    hashes: dict[int, bytes] = {seq: before}
    for at_seq, value, record in _events(connection, incarnation, line):
        data = bytes(record)
        if (
            at_seq != seq + 1
            or digests.digest(digests.EVENT, data) != bytes(value)
            or not _names(data, at_seq, before, incarnation, str(device))
        ):
            found.wrong.append(f"chain {name} {at_seq}")
        seq, before = at_seq, bytes(value)
        hashes[seq] = before
        found.events += 1
    if (seq, before) != (int(last), bytes(head)):
        found.wrong.append(f"chain {name} {last}")
    _check_batches(found, connection, incarnation, line, str(device), key, hashes)


def _check_batches(
    found: Findings, connection: Connection, incarnation: str, line: int, device: str, key: bytes,
    hashes: dict[int, bytes],
) -> None:  # fmt: skip
    """Every stretch lies on the line, ends as its laptop signed, and together they leave nothing out."""
    rows = connection.execute(
        text("SELECT first_seq, last_seq, prev_hash, head_hash, head_signature FROM batches"
             " WHERE incarnation = :i AND line = :l ORDER BY last_seq"),
        {"i": incarnation, "l": line},
    )  # fmt: skip
    covered, first = min(hashes), min(hashes) + 1
    for begin, end, prev, head, signature in rows:
        name = f"batch {incarnation}/{line} {end}"
        batch = wire.Batch(device, incarnation, begin, end, bytes(prev), bytes(head), bytes(signature), ())
        fits = hashes.get(end) == bytes(head) and (begin - 1 < first - 1 or hashes.get(begin - 1) == bytes(prev))
        if not fits or begin > covered + 1 or not wire.is_signed(batch, key):
            found.wrong.append(name)
        covered = max(covered, end)
    if covered != max(hashes):
        found.wrong.append(f"batch {incarnation}/{line} {max(hashes)}")


def _events(connection: Connection, incarnation: str, line: int) -> Iterator[tuple[int, bytes, bytes]]:
    """All events of a line, some at a time."""
    last = -1
    while True:
        rows = connection.execute(
            text("SELECT seq, hash, record FROM events WHERE incarnation = :i AND line = :l AND seq > :last"
                 " ORDER BY seq LIMIT :most"),
            {"i": incarnation, "l": line, "last": last, "most": _BLOCK},
        ).all()  # fmt: skip
        for row in rows:
            yield int(row[0]), bytes(row[1]), bytes(row[2])
        if len(rows) < _BLOCK:
            return
        last = int(rows[-1][0])


def _follows(connection: Connection, incarnation: str, line: int, seq: int, value: bytes) -> bool:
    """Whether a line, or one that it went on from, holds this record."""
    for _ in range(1000):
        row = connection.execute(
            text("SELECT hash FROM events WHERE incarnation = :i AND line = :l AND seq = :s"),
            {"i": incarnation, "l": line, "s": seq},
        ).first()
        if row is not None:
            return bytes(row[0]) == value
        before = connection.execute(
            text("SELECT after_incarnation, after_line FROM incarnations WHERE incarnation = :i AND line = :l"),
            {"i": incarnation, "l": line},
        ).first()
        if before is None or before[0] is None:
            return False
        incarnation, line = str(before[0]), int(before[1])
    return False


def _names(data: bytes, seq: int, before: bytes, incarnation: str, device: str) -> bool:
    try:
        event = json.loads(data)
        named = (event["seq"], event["prev_hash"], event["incarnation"], event["device"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return False
    return bool(named == (seq, before.hex(), incarnation, device))


def _check_attachments(found: Findings, connection: Connection, device: str) -> None:
    rows = connection.execute(
        text("SELECT a.incarnation, a.digest, a.size FROM attachments a JOIN incarnations i"
             " ON i.incarnation = a.incarnation AND i.line = 0 WHERE i.device = :device AND a.complete = 1"),
        {"device": device},
    ).all()  # fmt: skip
    for incarnation, digest, size in rows:
        whole, length = hashlib.sha256(), 0
        for (piece,) in connection.execute(
            text("SELECT content FROM chunks WHERE incarnation = :i AND digest = :d ORDER BY at"),
            {"i": incarnation, "d": digest},
        ):
            whole.update(bytes(piece))
            length += len(piece)
        if (whole.hexdigest(), length) != (digest, size):
            found.wrong.append(f"attachment {incarnation} {digest}")
        found.attachments += 1


def _check_receipts(found: Findings, store: Store, keys: Keys) -> None:
    """Each is ours and names a record that is held: what was vouched for is still there."""
    last = 0
    while True:
        with store.begin() as connection:
            rows = connection.execute(
                text("SELECT id, incarnation, statement FROM receipts WHERE id > :last ORDER BY id LIMIT :most"),
                {"last": last, "most": _BLOCK},
            ).all()
            for id_, incarnation, statement in rows:
                found.receipts += 1
                if not _holds(connection, keys, str(incarnation), bytes(statement)):
                    found.wrong.append(f"receipt {id_}")
        if len(rows) < _BLOCK:
            return
        last = int(rows[-1][0])


def _holds(connection: Connection, keys: Keys, incarnation: str, statement: bytes) -> bool:
    try:
        receipt = told.read_receipt(statement, keys.sign.public)
        value = bytes.fromhex(receipt.head_hash)
    except ValueError:
        return False
    if (receipt.centre, receipt.incarnation) != (keys.id, incarnation):
        return False
    row = connection.execute(
        text("SELECT 1 FROM events WHERE incarnation = :i AND seq = :s AND hash = :h"),
        {"i": incarnation, "s": receipt.upto_seq, "h": value},
    ).first()
    return row is not None


def _copy(store: Store, beside: Store, device: str) -> None:
    """What a laptop sent, and what its events are judged by, into an empty database."""
    among = {
        "devices": "device = :device",
        "incarnations": "device = :device",
        "revoked_users": "1 = 1",
        "items": "kind = 'pack'",
        **dict.fromkeys(
            ("batches", "events", "attachments"),
            "incarnation IN (SELECT incarnation FROM incarnations WHERE device = :device)",
        ),
        "progress": "incarnation IN (SELECT incarnation FROM incarnations WHERE device = :device)",
    }
    with store.begin() as source, beside.begin(write=True) as target:
        for table, where in among.items():
            params = {"device": device} if ":device" in where else {}
            rows = source.execute(text(f"SELECT * FROM {table} WHERE {where}"), params)  # noqa: S608
            names = list(rows.keys())
            insert = text(
                f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join(f':{name}' for name in names)})"  # noqa: S608
            )
            while block := rows.mappings().fetchmany(_BLOCK):
                target.execute(insert, [dict(row) for row in block])
        # What is not interpreted here yet is not interpreted there either.
        for incarnation, line, upto in target.execute(
            text("SELECT incarnation, line, interpreted_upto FROM progress")
        ).all():
            target.execute(
                text("UPDATE incarnations SET last_seq = :upto WHERE incarnation = :i AND line = :l"),
                {"upto": upto, "i": incarnation, "l": line},
            )
        target.execute(
            text("UPDATE progress SET look_again = 0, requeue = 0, stuck_at = NULL, applied = 0, waiting = 0,"
                 " quarantined = 0, interpreted_upto = (SELECT first_seq - 1 FROM incarnations i"
                 " WHERE i.incarnation = progress.incarnation AND i.line = progress.line)")
        )  # fmt: skip


def _rows(store: Store, table: str, device: str) -> list[str]:
    of_device = "device = :device" if table in projecting.TABLES else (
        "incarnation IN (SELECT incarnation FROM incarnations WHERE device = :device)"
    )  # fmt: skip
    with store.begin() as connection:
        rows = connection.execute(text(f"SELECT * FROM {table} WHERE {of_device}"), {"device": device})  # noqa: S608
        return sorted(
            json.dumps({name: value for name, value in row.items() if name not in _OWN}, sort_keys=True, default=str)
            for row in rows.mappings()
        )
