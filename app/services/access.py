"""The door to a data directory: is there a desk, make one, sign in, recover.

The sign-in window needs this module at once, so nothing heavy (SQLAlchemy, Alembic, SQLCipher, cryptography) is
imported before a passphrase has been typed.
"""

import contextlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from app.domain.clock import Clock, SystemClock
from app.domain.errors import KnownError, UserError
from app.domain.text import LANGUAGES, N_, Text
from app.services.views import OFFERS, AccessState, Department, Preferences

if TYPE_CHECKING:
    from app.crypto.slots import Cost
    from app.services.desk import Desk
    from app.services.restoring import Copy
    from app.storage.lock import DataLock

DATABASE: Final = "saraptama.db"
KEYS: Final = "keys.json"
SETTINGS: Final = "settings.json"
# A desk being made; it becomes the desk once its keys are on disk.
UNBORN: Final = "saraptama.db.new"
BACKUPS: Final = "backups"
PATTERN: Final = "saraptama-*.db"
"""How copies in the folder of backups are named."""


class Access:
    """One data directory, before anybody has signed in."""

    def __init__(
        self,
        data_dir: Path,
        *,
        clock: Clock = SystemClock(),  # noqa: B008 - it has no state
        cost: "Cost | None" = None,
    ) -> None:
        """`cost` is what a guess at new passphrases will cost (None: the standard); only tests lower it."""
        self.data_dir = data_dir
        self._clock = clock
        self._cost = cost
        self.trouble: Text | None = None
        """What didn't go well after `create` had made the desk; the desk and its recovery code hold all the same."""

    def beside(self, ending: str) -> "Access":
        """The door to a folder beside this one, named as this one and `ending`."""
        here = self.data_dir.resolve()
        return Access(here.with_name(here.name + ending), clock=self._clock, cost=self._cost)

    def today(self) -> date:
        """The day by the desk's clock."""
        return self._clock.today()

    def state(self) -> AccessState:
        """NEW where nothing is there, READY where somebody can sign in; KnownError where the folder can't be used."""
        path = self.data_dir
        if not path.exists():
            return AccessState.NEW
        if not path.is_dir():
            raise KnownError(
                Text(N_("The data directory is a file: {path}. Choose another directory."), {"path": str(path)})
            )
        if not os.access(path, os.R_OK | os.W_OK | os.X_OK):
            sentence = N_(
                "The data directory can't be written: {path}. Give yourself the right, or choose another one."
            )
            raise KnownError(Text(sentence, {"path": str(path)}))
        database, keys = (path / DATABASE).exists(), (path / KEYS).exists()
        if keys and (database or (path / UNBORN).exists()):
            return AccessState.READY
        if database:
            sentence = N_(
                "The key file is missing: {path}. Without it nothing opens the database."
                " Put it back, or bring in a copy with the command: saraptama restore."
            )
            raise KnownError(Text(sentence, {"path": str(path / KEYS)}))
        if keys:
            sentence = N_(
                "The database is missing: {path}. Put it back, or bring in a copy with the command: saraptama restore."
            )
            raise KnownError(Text(sentence, {"path": str(path / DATABASE)}))
        return AccessState.NEW

    def preferences(self) -> Preferences:
        """How the program looks; the defaults where nothing was saved or the file can't be read."""
        try:
            saved = json.loads((self.data_dir / SETTINGS).read_bytes())
        except (OSError, ValueError, RecursionError):
            return Preferences()
        return _read_preferences(saved) if isinstance(saved, dict) else Preferences()

    def save_preferences(self, preferences: Preferences) -> None:
        """KnownError where the folder can't be written."""
        from app.storage import files

        files.make_private_directory(self.data_dir)
        files.write_whole(self.data_dir / SETTINGS, json.dumps(asdict(preferences), indent=1).encode())

    def create(
        self,
        *,
        department: Department,
        login: str,
        name: str,
        passphrase: str,
        language: str,
        settings: Mapping[str, object] | None = None,
    ) -> str:
        """Make the desk with its first user; returns the recovery code, which is shown once and kept nowhere.
        `settings`: of the department, by name, that the desk begins with (`app.services.preferences`).

        UserError: a desk is there already, a value is missing, the passphrase is weak; then nothing was made.
        KnownError: the folder. What fails once the code holds is told in `trouble`, so that the code is not lost.
        """
        from app.services.founding import check_founding, found_desk
        from app.storage import files

        self.trouble = None
        check_founding(department, login, name, passphrase)
        if self.state() is not AccessState.NEW:
            raise _there_is_one(self.data_dir)
        files.make_private_directory(self.data_dir)
        lock = self._lock()
        try:
            if self.state() is not AccessState.NEW:
                raise _there_is_one(self.data_dir)
            code = found_desk(
                self.data_dir,
                self._clock,
                self._new_cost(),
                department=department,
                login=login,
                name=name,
                passphrase=passphrase,
                settings=settings or {},
            )
            try:
                # A renaming that fails here is done at the next sign-in.
                self._finish_creation()
                self.save_preferences(_read_preferences({**asdict(self.preferences()), "language": language}))
            except KnownError as error:
                self.trouble = error.text
        finally:
            lock.release()
        return code

    def sign_in(self, login: str, passphrase: str) -> "Desk":
        """Open the desk. UserError: wrong login or passphrase (one sentence for both). KnownError: a second copy
        is running, the database is newer, damaged or read-only."""
        from app.services.keyring import KeyRing
        from app.services.opening import open_desk

        lock = self._lock_ready()
        try:
            keys = KeyRing(self.data_dir, self._new_cost())
            return open_desk(self.data_dir, lock, keys, keys.open_with_passphrase(login, passphrase), self._clock)
        except BaseException:
            lock.release()
            raise

    def recover(self, login: str, recovery_code: str, new_passphrase: str) -> str:
        """Set a new passphrase with the recovery code; returns the new recovery code. The old one is void.

        UserError: a slip in the code, a code of another user, a weak passphrase.
        """
        from app.services.keyring import KeyRing
        from app.services.opening import open_desk

        lock = self._lock_ready()
        try:
            keys = KeyRing(self.data_dir, self._new_cost())
            desk = open_desk(self.data_dir, lock, keys, keys.open_with_code(login, recovery_code), self._clock)
        except BaseException:
            lock.release()
            raise
        try:
            return desk.users.recover(new_passphrase)
        finally:
            desk.close()

    def copies(self) -> "tuple[Copy, ...]":
        """The copies of this desk, newest first; none where the folder is missing."""
        from app.services.restoring import copies

        return copies(self.data_dir)

    def restore(self, copy: str | Path, login: str, passphrase: str) -> Path:
        """Bring a copy in as the desk's database; returns the folder that keeps the files it takes the place of.

        `copy` is a name from `copies` or a path. UserError: no such copy, a wrong login or passphrase (those of the
        time of the copy). KnownError: the copy is damaged, the desk is open, the disk is full; the desk is then as
        it was.
        """
        from app.services.restoring import restore

        if not self.data_dir.is_dir():
            self._lock_ready()
        lock = self._lock()
        try:
            return restore(self.data_dir, copy, login, passphrase, self._new_cost())
        finally:
            lock.release()

    def _new_cost(self) -> "Cost":
        from app.crypto.slots import STANDARD

        return self._cost or STANDARD

    def _lock(self) -> "DataLock":
        from app.storage.lock import DataLock

        return DataLock(self.data_dir)

    def require_ready(self) -> None:
        """UserError where nobody can sign in, because there is no desk yet; KnownError as `state`."""
        if self.state() is AccessState.NEW:
            raise UserError(
                Text(N_("There is no desk yet: {path}. Make one first: saraptama init."), {"path": str(self.data_dir)})
            )

    def _lock_ready(self) -> "DataLock":
        self.require_ready()
        lock = self._lock()
        self._finish_creation()
        return lock

    def _finish_creation(self) -> None:
        """The last step of making a desk, which a crash may have left undone. Needs the lock."""
        from app.storage import files

        if not (self.data_dir / DATABASE).exists():
            with contextlib.suppress(FileNotFoundError), files.sentences(self.data_dir):
                (self.data_dir / UNBORN).rename(self.data_dir / DATABASE)
                files.flush_directory(self.data_dir)


def _there_is_one(data_dir: Path) -> UserError:
    sentence = N_("There is a desk already: {path}. Sign in, or choose another directory.")
    return UserError(Text(sentence, {"path": str(data_dir)}))


def _read_preferences(saved: dict[str, Any]) -> Preferences:
    """Each setting on its own: a wrong one falls back to its default."""
    usual = Preferences()
    language, theme = saved.get("language"), saved.get("theme")
    offered = saved.get("offered")
    scale, minutes = _number(saved.get("text_scale")), _number(saved.get("lock_after_minutes"))
    return Preferences(
        language=language if language in LANGUAGES else usual.language,
        theme=theme if theme in ("system", "light", "dark") else usual.theme,
        text_scale=scale if 1.0 <= scale <= 1.5 else usual.text_scale,
        lock_after_minutes=int(minutes) if 0 <= minutes <= 240 else usual.lock_after_minutes,
        offered=tuple(name for name in OFFERS if name in offered) if isinstance(offered, list) else usual.offered,
    )


def _number(value: object) -> float:
    """-1, which no setting takes, for what is no number."""
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else -1.0
