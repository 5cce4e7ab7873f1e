"""Writes db/migrations/schema.sql anew: python -m tests.migrations.snapshot"""

import secrets
import tempfile
from pathlib import Path

from app.storage import migrations
from app.storage.database import Database
from tests.migrations.test_migrations import SNAPSHOT, schema

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        database = Database.make(Path(folder) / "a.db", secrets.token_bytes(32))
        migrations.bring_up_to_date(database, None)
        SNAPSHOT.write_text(schema(database), encoding="utf-8")
        database.close()
