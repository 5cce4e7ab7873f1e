"""The key file of a desk: who can open the database, read from and written to `keys.json`."""

import contextlib
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from app.crypto import recovery, signing
from app.crypto.passphrase import require_strength
from app.crypto.slots import MAX_FILE_BYTES, STANDARD, Bundle, Cost, KeySlots, MalformedSlots
from app.domain.errors import KnownError, UserError
from app.domain.text import N_, Text
from app.services.access import KEYS
from app.storage import files
from app.storage.chain import AUDIT

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from app.storage.users import UserRow

# Audit rows that tell of one new slot alone, and which.
_MADE_ALONE: Final = {"passphrase.changed": "passphrase", "recovery.renewed": "recovery"}
# One sentence for both, so that nobody learns which logins exist.
_REFUSED: Final = N_("The login or the passphrase is wrong. Check the keyboard's language, then try again.")


class KeyRing:
    """Every change is on disk, whole, before the method returns."""

    def __init__(self, data_dir: Path, cost: Cost = STANDARD) -> None:
        """`cost` is for slots that are made from now on; existing ones keep theirs."""
        self.path = data_dir / KEYS
        self._cost = cost

    def read(self) -> KeySlots:
        """KnownError where the file is missing or torn."""
        try:
            with files.sentences(self.path):
                return KeySlots.from_bytes(self._bytes())
        except MalformedSlots:
            sentence = N_(
                "The key file is damaged: {path}. Nothing was changed."
                " Bring in a copy with the command: saraptama restore."
            )
            raise KnownError(Text(sentence, {"path": str(self.path)})) from None

    def open_with_passphrase(self, login: str, passphrase: str) -> Bundle:
        """UserError for an unknown login and for a wrong passphrase alike."""
        bundle = self.read().open(login, "passphrase", passphrase)
        if bundle is None:
            raise UserError(Text(_REFUSED), where="passphrase")
        return bundle

    def open_with_code(self, login: str, code: str) -> Bundle:
        """UserError for a slip in the code, and for a login and a code that don't belong together."""
        bundle = self.read().open(login, "recovery", recovery.read_code(code))
        if bundle is None:
            sentence = N_(
                "This recovery code does not belong to this login. Check both, and that the sheet is the newest one."
            )
            raise UserError(Text(sentence), where="recovery_code")
        return bundle

    def admit(self, login: str, name: str, passphrase: str, bundle: Bundle, *, slots: KeySlots | None = None) -> str:
        """Make both slots of a user (anew); returns the recovery code. UserError for a weak passphrase."""
        require_strength(passphrase, (login, name))
        code = recovery.new_code()
        changed = (slots or self.read()).with_slot(login, "passphrase", passphrase, bundle, self._cost)
        changed = changed.with_slot(login, "recovery", recovery.read_code(code), bundle, self._cost)
        self.write(changed)
        return code

    def change_passphrase(self, login: str, name: str, passphrase: str, bundle: Bundle) -> None:
        """Make the passphrase slot anew; the recovery code stays as it is. UserError for a weak passphrase."""
        require_strength(passphrase, (login, name))
        self.write(self.read().with_slot(login, "passphrase", passphrase, bundle, self._cost))

    def renew_recovery(self, login: str, bundle: Bundle, slots: KeySlots) -> str:
        """Make the recovery slot anew; returns the new code. The passphrase stays as it is."""
        code = recovery.new_code()
        self.write(slots.with_slot(login, "recovery", recovery.read_code(code), bundle, self._cost))
        return code

    @contextlib.contextmanager
    def as_before_on_failure(self) -> Iterator[None]:
        """The key file is put back as it was where the block fails: a refused COMMIT must not leave new keys.

        The copy is written beforehand, so that putting it back needs no room on a full disk.
        """
        before = self.path.with_name(f"{self.path.name}.before")
        files.write_whole(before, self._bytes())
        try:
            yield
        except BaseException:
            with files.sentences(self.path):
                before.replace(self.path)
                files.flush_directory(self.path.parent)
            raise
        # What it holds is void now. Where a crash leaves it, the next change writes it anew.
        with contextlib.suppress(OSError):
            before.unlink()

    def _bytes(self) -> bytes:
        """The file's content, one byte more than allowed at most: a device in its place must not fill the memory."""
        if not stat.S_ISREG(self.path.stat().st_mode):
            raise MalformedSlots("not a file")
        with self.path.open("rb") as file:
            return file.read(MAX_FILE_BYTES + 1)

    def write(self, slots: KeySlots) -> None:
        """KnownError where the disk refuses; the old file is then still there."""
        files.write_whole(self.path, slots.to_bytes())


def is_of(bundle: Bundle, user: "UserRow") -> bool:
    """Whether what a slot opened is this user's own: the id could be anybody's, the signing key can't."""
    return bundle.user_id == user.id and signing.public_key(bundle.seed) == user.public_key


def is_void(connection: "Connection", bundle: Bundle) -> bool:
    """Whether the audit trail tells of a newer slot in place of the one that was opened: then the key file is an old
    copy. A crash may leave slots newer than the trail; those are good."""
    for seq, record in AUDIT.of_the_desk(connection):
        action, new = record["action"], record["new"]
        of_both = (action == "user.recovered" and record["path"] == bundle.user_id) or (
            action == "user.added" and isinstance(new, dict) and new.get("id") == bundle.user_id
        )
        of_one = _MADE_ALONE.get(action) == bundle.kind and record["path"] == bundle.user_id
        if of_both or of_one:
            return bundle.serial < seq
    return False
