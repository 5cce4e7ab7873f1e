"""What the SQLCipher library of this installation can do."""

import secrets
from pathlib import Path

from app.storage.database import KEY_BYTES, connect


def features(folder: Path) -> tuple[str, bool]:
    """SQLCipher's version, and whether full-text search (FTS5) is built in; tried on a new file in `folder`."""
    connection = connect(folder / "features.db", secrets.token_bytes(KEY_BYTES))
    try:
        version = str(connection.execute("PRAGMA cipher_version").fetchone()[0])
        options = {row[0] for row in connection.execute("PRAGMA compile_options")}
    finally:
        connection.close()
    return version, "ENABLE_FTS5" in options
