"""The door to a data directory: is there a desk, make one, sign in, recover.

The sign-in window needs this module at once, so nothing heavy (SQLAlchemy, Alembic, SQLCipher, cryptography) is
imported before a passphrase has been typed.
"""

from pathlib import Path

from app.domain.clock import Clock, SystemClock
from app.services.desk import Desk
from app.services.views import AccessState, Department, Preferences


class Access:
    """One data directory, before anybody has signed in."""

    def __init__(self, data_dir: Path, *, clock: Clock = SystemClock()) -> None:  # noqa: B008 - stateless
        self.data_dir = data_dir
        self._clock = clock

    def state(self) -> AccessState:
        """NEW where nothing is there, READY where somebody can sign in; KnownError where the folder can't be used."""
        raise NotImplementedError

    def preferences(self) -> Preferences:
        """How the program looks; the defaults where nothing was saved or the file can't be read."""
        raise NotImplementedError

    def save_preferences(self, preferences: Preferences) -> None:
        """KnownError where the folder can't be written."""
        raise NotImplementedError

    def create(self, *, department: Department, login: str, name: str, passphrase: str, language: str) -> str:
        """Make the desk with its first user; returns the recovery code, which is shown once and kept nowhere."""
        raise NotImplementedError

    def sign_in(self, login: str, passphrase: str) -> Desk:
        """Open the desk. UserError: wrong login or passphrase (one sentence for both). KnownError: a second copy
        is running, the database is newer, damaged or read-only."""
        raise NotImplementedError

    def recover(self, login: str, recovery_code: str, new_passphrase: str) -> str:
        """Set a new passphrase with the recovery code; returns the new recovery code. The old one is void."""
        raise NotImplementedError
