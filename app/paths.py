"""Where things are, in a source tree and in a frozen bundle alike."""

import os
import sys
from pathlib import Path


def root() -> Path:
    """The folder that holds `resources/` and `db/`: the source tree, or the bundle's own folder."""
    frozen = getattr(sys, "_MEIPASS", None)
    return Path(frozen) if frozen else Path(__file__).resolve().parent.parent


def resource(*parts: str) -> Path:
    """A file or folder below `resources/`."""
    return root().joinpath("resources", *parts)


def default_data_dir() -> Path:
    """`SARAPTAMA_DATA`, else the platform's folder for a user's application data."""
    chosen = os.environ.get("SARAPTAMA_DATA")
    if chosen:
        return Path(chosen)
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Application Support"
    else:
        base = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return base / "saraptama"
