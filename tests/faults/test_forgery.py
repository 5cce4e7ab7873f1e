"""A user of the desk has its key, drops the triggers, rewrites what he likes, and puts the triggers back."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.crypto import digests, signing
from app.crypto.records import signed_part
from app.domain.errors import CheckFailed, KnownError
from app.storage.database import connect
from tests.factories import (
    FIRST,
    HEAD,
    PASSPHRASE,
    SECOND,
    make_access,
    make_desk,
    passphrase_of,
    signed_case,
    with_commission,
)

Record = dict[str, Any]


@pytest.fixture(scope="module")
def signed_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("signed") / "desk"
    desk = with_commission(make_desk(folder).sign_in(HEAD, PASSPHRASE))
    signed_case(desk)
    desk.close()
    return folder


@pytest.fixture
def forger(signed_folder: Path, data_dir: Path) -> Iterator[Any]:
    """The database as the first member can open it without the program: everything but the others' keys."""
    shutil.copytree(signed_folder, data_dir)
    desk = make_access(data_dir).sign_in(FIRST, passphrase_of(FIRST))
    bundle = desk._place.bundle
    desk.close()
    connection = connect(data_dir / "saraptama.db", bundle.database_key)
    yield connection, bundle.seed
    connection.close()


def behind_the_triggers(connection: Any, change: Callable[[], None]) -> None:
    triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in triggers:
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute("PRAGMA foreign_keys = OFF")
    change()
    for _, sql in triggers:
        connection.execute(sql)
    connection.close()


def rechain(
    connection: Any, audit: Callable[[Record], Record], event: Callable[[Record], Record | None], seed: bytes
) -> None:
    """Make both chains anew around what is changed, sign as the device and with the forger's own key."""
    hashes = ["0" * 64]
    for seq, data in connection.execute("SELECT seq, record FROM audit ORDER BY seq").fetchall():
        made = digests.canonical({**audit(json.loads(data)), "prev_hash": hashes[-1]})
        value = digests.digest("audit", made)
        hashes.append(value.hex())
        connection.execute("UPDATE audit SET hash = ?, record = ? WHERE seq = ?", (value, made, seq))
    (device_seed,) = connection.execute("SELECT device_seed FROM desk").fetchone()
    before, rows = "0" * 64, []
    for case_id, data in connection.execute("SELECT case_id, record FROM events ORDER BY seq").fetchall():
        record = event(json.loads(data))
        if record is None:
            continue
        record |= {"seq": len(rows) + 1, "prev_hash": before}
        record["payload"]["audit_head"]["hash"] = hashes[record["payload"]["audit_head"]["seq"]]
        record["signatures"] = {
            name: signing.sign(key, "event", signed_part(record)).hex()
            for name, key in (("device", device_seed), ("actor", seed))
        }
        made = digests.canonical(record)
        value = digests.digest("event", made)
        before = value.hex()
        rows.append((len(rows) + 1, case_id, value, made))
    connection.execute("DELETE FROM events")
    connection.executemany("INSERT INTO events VALUES (?, ?, ?, ?)", rows)


def verified(data_dir: Path) -> str | None:
    """What verify says when the head signs in: the sentence, or None where all looks whole."""
    try:
        desk = make_access(data_dir).sign_in(HEAD, PASSPHRASE)
    except CheckFailed as failed:
        return failed.text.msgid
    try:
        found = desk.integrity.verify()
    except CheckFailed as failed:
        return failed.text.msgid
    finally:
        desk.close()
    assert found.ok is (found.problem is None)
    return found.problem.msgid if found.problem else None


def same(record: Record) -> Record:
    return record


def test_what_is_made_anew_without_a_change_is_already_found(forger: Any, data_dir: Path) -> None:
    connection, seed = forger
    behind_the_triggers(connection, lambda: rechain(connection, same, same, seed))
    assert verified(data_dir) == "Event log: a signature of record {seq} does not hold."


def test_an_untouched_desk_is_whole(forger: Any, data_dir: Path) -> None:
    forger[0].close()
    assert verified(data_dir) is None


def test_who_did_it_and_when_can_not_be_put_on_another(forger: Any, data_dir: Path) -> None:
    connection, seed = forger
    (second,) = connection.execute("SELECT id FROM users WHERE login = ?", (SECOND,)).fetchone()

    def blame(record: Record) -> Record:
        return {**record, "actor": second, "wall_time": "2020-01-01T00:00:00.000000Z"}

    behind_the_triggers(connection, lambda: rechain(connection, blame, same, seed))
    assert verified(data_dir) is not None


def test_the_first_event_can_not_be_left_out(forger: Any, data_dir: Path) -> None:
    connection, seed = forger

    def leave_out(record: Record) -> Record | None:
        return None if record["type"] == "installation.created" else record

    behind_the_triggers(connection, lambda: rechain(connection, same, leave_out, seed))
    assert verified(data_dir) == "Event log: it does not begin with the making of this installation."


@pytest.mark.parametrize(
    "change", [{"role": "head"}, {"login": "second"}, {"signed_at": "2019-01-01T00:00:00.000000Z"}, {"account_by": "x"}]
)
def test_no_word_of_a_seal_can_be_exchanged_even_by_taking_every_event_over(
    forger: Any, data_dir: Path, change: Record
) -> None:
    """The forger gives out all events as his own and signs as the device: the members' own signatures remain."""
    connection, seed = forger
    (me,) = connection.execute("SELECT id FROM users WHERE login = ?", (FIRST,)).fetchone()
    sealed: list[bytes] = []

    def forge(record: Record) -> Record:
        record["actor"] = me
        if record["type"] == "case.signed":
            seal = json.loads(record["payload"]["seal"])
            for entry in seal["signatures"]:
                entry.update(change)
            sealed.append(digests.canonical(seal))
            record["payload"]["seal"] = sealed[0].decode()
        return record

    def all_of_it() -> None:
        rechain(connection, lambda record: {**record, "actor": me}, forge, seed)
        connection.execute("UPDATE conclusions SET seal = ?", sealed)

    behind_the_triggers(connection, all_of_it)
    found = verified(data_dir)
    assert found is not None
    assert "signature" in found or "signed" in found


def test_another_users_key_can_not_be_exchanged_unnoticed(forger: Any, data_dir: Path) -> None:
    connection, seed = forger
    mine = signing.public_key(seed)
    connection.close()
    desk = make_access(data_dir).sign_in(HEAD, PASSPHRASE)
    key = desk._place.bundle.database_key
    desk.close()
    again = connect(data_dir / "saraptama.db", key)
    behind_the_triggers(again, lambda: again.execute("UPDATE users SET public_key = ? WHERE login = ?", (mine, SECOND)))
    again.close()
    with pytest.raises(KnownError, match="another key"):
        make_access(data_dir).sign_in(SECOND, passphrase_of(SECOND))


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TRIGGER audit_stays",
        "DROP TRIGGER cases_are_frozen",
        "DROP INDEX cases_by_iin",
        "CREATE TABLE x (a)",
        "CREATE TABLE alembic_x (a)",
        "CREATE VIEW v AS SELECT 1",
        "CREATE TRIGGER alembic_version AFTER INSERT ON audit BEGIN UPDATE places SET step = 'x'; END",
        "UPDATE alembic_version SET version_num = '0001'",
        "DELETE FROM alembic_version",
        "INSERT INTO alembic_version VALUES ('0002')",
        "DROP TABLE conclusions",
        "DROP TABLE cases",
        "DROP TABLE desk",
        "DROP TABLE users",
        "DROP TABLE events",
        "DROP TABLE audit",
    ],
)
def test_a_schema_that_is_not_ours_is_found_with_exit_code_1(forger: Any, data_dir: Path, statement: str) -> None:
    connection, _ = forger
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute(statement)
    connection.close()
    assert verified(data_dir) is not None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE cases SET changed_at = 1",
        "UPDATE cases SET changed_at = 9223372036854775807",
        "UPDATE cases SET changed_seq = 1",
        "UPDATE cases SET year = 1999",
        "UPDATE cases SET ordinal = 77",
        "UPDATE users SET ordinal = ordinal + 10",
        "DELETE FROM desk",
        "UPDATE cases SET supersedes = 'nobody'",
    ],
)
def test_what_lists_and_orders_is_checked_too(forger: Any, data_dir: Path, statement: str) -> None:
    connection, _ = forger
    behind_the_triggers(connection, lambda: connection.execute(statement))
    assert verified(data_dir) is not None


def test_a_damaged_page_is_found(forger: Any, data_dir: Path) -> None:
    """A page of an index, which nothing of the walk through the chains reads."""
    connection, _ = forger
    (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'cases_by_iin'").fetchone()
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    path = data_dir / "saraptama.db"
    content = bytearray(path.read_bytes())
    content[(page - 1) * 4096 + 2000] ^= 1
    path.write_bytes(content)
    assert verified(data_dir) == (
        "The database file is damaged. Keep it, and go on from a copy in the folder “backups”."
    )
