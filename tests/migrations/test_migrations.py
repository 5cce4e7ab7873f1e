"""Migrations: walked up and down with data, a snapshot that is fresh, a backup first, a newer database refused."""

import ast
import secrets
from pathlib import Path

import pytest
from sqlalchemy import select, text

from app.domain.errors import KnownError
from app.domain.vocabulary import CorrectionKind
from app.services.access import Access
from app.storage import migrations
from app.storage.database import Database
from tests import editions, factories
from tests.factories import HEAD, PASSPHRASE, case_document

ROOT = Path(__file__).parents[2]
VERSIONS = ROOT / "db" / "migrations" / "versions"
SNAPSHOT = ROOT / "db" / "migrations" / "schema.sql"


def schema(database: Database) -> str:
    with database.reading() as connection:
        rows = connection.execute(
            text("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'alembic%' ORDER BY type, name")
        )
        return "".join(f"{row[0]};\n" for row in rows)


def dump(database: Database, table: str) -> list[tuple[object, ...]]:
    with database.reading() as connection:
        return [tuple(row) for row in connection.execute(select(text("*")).select_from(text(table)))]


@pytest.fixture
def empty(tmp_path: Path) -> Database:
    return Database.make(tmp_path / "a.db", secrets.token_bytes(32))


def test_the_snapshot_of_the_schema_is_fresh(empty: Database) -> None:
    """To renew it: python -m tests.migrations.snapshot"""
    migrations.bring_up_to_date(empty, None)
    assert schema(empty) == SNAPSHOT.read_text(encoding="utf-8")
    empty.close()


def test_the_program_knows_every_revision_in_order() -> None:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(ROOT / "db" / "migrations"))
    script = ScriptDirectory.from_config(config)
    assert tuple(revision.revision for revision in script.walk_revisions())[::-1] == migrations.REVISIONS


@pytest.mark.parametrize("path", sorted(VERSIONS.glob("*.py")), ids=lambda path: path.stem)
def test_a_migration_imports_nothing_of_ours(path: Path) -> None:
    imported = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            imported |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add((node.module or "").split(".")[0])
    assert imported <= {"alembic", "sqlalchemy", "json", "datetime", "unicodedata"}


def test_every_step_goes_up_and_down_and_keeps_the_data_below_it(access: Access, data_dir: Path) -> None:
    desk = access.sign_in(HEAD, PASSPHRASE)
    desk.examinations.import_case(case_document())
    key = desk._place.bundle.database_key
    desk.close()
    database = Database(data_dir / "saraptama.db", key)
    kept = {table: dump(database, table) for table in ("desk", "users", "audit", "events")}
    whole = schema(database)
    migrations.migrate(database, "0001")
    assert migrations.revision(database) == "0001"
    assert {table: dump(database, table) for table in kept} == kept
    migrations.migrate(database, "head")
    assert schema(database) == whole
    assert {table: dump(database, table) for table in kept} == kept
    assert dump(database, "cases") == []
    migrations.migrate(database, "base")
    assert schema(database) == ""
    migrations.migrate(database, "head")
    assert schema(database) == whole
    database.close()


def test_editions_and_keys_go_with_their_step_and_come_back_empty(
    access: Access, data_dir: Path, tmp_path: Path
) -> None:
    desk = access.sign_in(HEAD, PASSPHRASE)
    fingerprint = desk.acceptance.admit_key(editions.public_file(tmp_path / "key.pub"), "Әдіскер").fingerprint
    desk.acceptance.revoke_key(fingerprint, "tried")
    view = desk.examinations.import_case(case_document())
    key = desk._place.bundle.database_key
    desk.close()
    database = Database(data_dir / "saraptama.db", key)
    assert len(dump(database, "admitted_keys")) == len(dump(database, "revoked_keys")) == 1
    migrations.migrate(database, "0004")
    kept = {table: dump(database, table) for table in ("cases", "audit", "events")}
    migrations.migrate(database, "0003")
    assert {table: dump(database, table) for table in kept} == kept
    database.close()
    desk = access.sign_in(HEAD, PASSPHRASE)
    keys = desk.acceptance.keys()
    assert [info.shipped for info in keys] == [True]
    assert desk.examinations.open(view.id).number == view.number
    desk.close()


def test_a_step_that_fails_leaves_the_database_as_it_was(empty: Database) -> None:
    migrations.migrate(empty, "0001")
    with empty.lock:
        empty.connection.exec_driver_sql("CREATE TABLE places (in_the_way INTEGER)")
    before = schema(empty)
    with pytest.raises(Exception, match="not as Saraptama made it"):
        migrations.migrate(empty, "head")
    assert schema(empty) == before
    assert migrations.revision(empty) == "0001"
    empty.close()


def test_an_older_database_is_copied_first_and_then_brought_up_to_date(access: Access, data_dir: Path) -> None:
    desk = access.sign_in(HEAD, PASSPHRASE)
    key = desk._place.bundle.database_key
    desk.close()
    database = Database(data_dir / "saraptama.db", key)
    migrations.migrate(database, "0001")
    database.close()
    desk = access.sign_in(HEAD, PASSPHRASE)
    assert desk.examinations.create().number == "2/2026/000001"
    (copied,) = desk.backups.all()
    desk.close()
    backup = Database(copied, key)
    assert migrations.revision(backup) == "0001"
    backup.close()


def test_a_database_of_this_release_is_opened_without_alembic_and_without_a_copy(
    access: Access, data_dir: Path
) -> None:
    import subprocess
    import sys

    program = (
        "import sys; from pathlib import Path; from tests import factories\n"
        f"access = factories.make_access(Path({str(data_dir)!r}))\n"
        "access.sign_in(factories.HEAD, factories.PASSPHRASE).close()\n"
        "print('alembic' in sys.modules)\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"
    assert not (data_dir / "backups").exists()


def test_a_database_of_a_newer_release_is_refused_and_left_alone(access: Access, data_dir: Path) -> None:
    desk = access.sign_in(HEAD, PASSPHRASE)
    with desk._place.database.reading() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    desk.close()
    before = (data_dir / "saraptama.db").read_bytes()
    with pytest.raises(KnownError, match="newer") as refused:
        access.sign_in(HEAD, PASSPHRASE)
    assert refused.value.exit_code == 3
    assert (data_dir / "saraptama.db").read_bytes() == before
    # The lock is free again: the newer program can be started.
    with pytest.raises(KnownError, match="newer"):
        factories.make_access(data_dir).sign_in(HEAD, PASSPHRASE)


def test_the_days_work_comes_to_a_desk_with_cases_of_every_state_and_goes_again(access: Access, data_dir: Path) -> None:
    desk = factories.with_commission(access.sign_in(HEAD, PASSPHRASE))
    signed = factories.signed_case(desk)
    factories.decided_case(desk, {"person.iin": None})
    desk.examinations.correct(signed.id, CorrectionKind.SLIP, "typed wrong")
    desk.examinations.discard(desk.examinations.create().id, "tried")
    key = desk._place.bundle.database_key
    desk.close()
    database = Database(data_dir / "saraptama.db", key)
    kept = {table: dump(database, table) for table in ("cases", "persons", "conclusions", "places", "audit")}
    migrations.migrate(database, "0004")
    assert len(dump(database, "cases")) == len(kept["cases"]) == 4
    assert dump(database, "conclusions") == kept["conclusions"]
    migrations.migrate(database, "head")
    came_back = {table: dump(database, table) for table in kept}
    # Before there were persons each case was of one of its own, and no period's end was known.
    assert [row[:6] for row in came_back["cases"]] == [row[:6] for row in kept["cases"]]
    assert [row[-4:] for row in came_back["cases"]] == [row[-4:] for row in kept["cases"]]
    assert len(came_back["persons"]) == 3
    assert {table: came_back[table] for table in ("conclusions", "places", "audit")} == {
        table: kept[table] for table in ("conclusions", "places", "audit")
    }
    with database.reading() as connection:
        assert not connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    database.close()
