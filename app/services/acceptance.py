"""The desk's own say in its criteria: which editions it accepts, and whose signatures it takes (adr/0015).

Only who looks after the desk may change either. Each change is one transaction: rows, audit row, event.
"""

import threading
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from app.domain.errors import CheckFailed, KnownError, NothingToDo, UserError
from app.domain.system import refusal
from app.domain.text import N_, Text
from app.services import admitted_keys, checking
from app.services.edition_list import (
    EditionInfo,
    KeyInfo,
    describe_edition,
    known_keys,
    listed,
    revoked_keys,
    verifier,
)
from app.services.packs import AcceptedEdition, PackService
from app.services.views import User
from app.services.workplace import Workplace

if TYPE_CHECKING:
    from app.rules.coverage import Finding
    from app.rules.model import Pack
    from app.services.edition_signature import EditionSignature
    from app.storage.database import Connection

PACK: Final = "kz-mse"
Progress = Callable[[Text], object]
"""Told what is being done, before each step; may raise `Cancelled`, and nothing was changed then."""
STEPS: Final = len(checking.STEPS) + 2
"""How often `Progress` is told."""
_NAMED_FAILURES: Final = 3


class AcceptanceService:
    """For the worker thread; `PackService` is what the window's thread may ask."""

    def __init__(self, place: Workplace, packs: PackService) -> None:
        """Reads the editions that the desk has accepted, and hands them to `packs`."""
        self._place = place
        self._packs = packs
        self._busy = threading.Lock()
        self._held: dict[int, AcceptedEdition] = {}
        with place.database.reading() as connection:
            self._refresh(connection)

    def administrator(self) -> User:
        """Who may install editions, admit and revoke keys here."""
        row = self._place.administrator()
        return User(row.id, row.login, row.name)

    def editions(self) -> tuple[EditionInfo, ...]:
        """Every edition, the highest version first, those whose key was revoked at the end."""
        with self._place.database.reading() as connection:
            return listed(connection, self._packs, self._held.values())

    def keys(self) -> tuple[KeyInfo, ...]:
        """Every key: those that came with the program, then those admitted here, in their order."""
        with self._place.database.reading() as connection:
            return tuple(known_keys(connection).values())

    def export(self, version: str, target: Path) -> Path:
        """Write the files of an edition at hand into a new folder, as they were signed: for another desk, or as the
        beginning of the next edition. Returns the folder.

        UserError: no such version, something is there already; KnownError: the folder can't be written.
        """
        from app.services.output import write_files

        found = next((edition for edition in self._packs.at_hand() if edition.version == version), None)
        if found is None:
            sentence = N_("There is no edition {version} on this desk. At hand are: {versions}.")
            versions = ", ".join(edition.version for edition in self._packs.at_hand())
            raise UserError(Text(sentence, {"version": version, "versions": versions}))
        if target.exists():
            sentence = N_("There is something already at {path}. Name a folder that is not there yet.")
            raise UserError(Text(sentence, {"path": str(target)}))
        try:
            target.mkdir(parents=True)
        except OSError as error:
            sentence = N_("The folder can't be made: {path} ({reason}). Name another one.")
            raise KnownError(Text(sentence, {"path": str(target), "reason": refusal(error)})) from error
        write_files({target / name: data for name, data in found.files().items()})
        return target

    def signature_of(self, folder: Path) -> "EditionSignature":
        """How the signature of the edition in a folder stands by the keys that this desk takes."""
        from app.services.edition_signature import signature_of

        with self._place.database.reading() as connection:
            names = {key: info.name for key, info in known_keys(connection).items()}
            return signature_of(folder, names, revoked_keys(connection))

    # --- editions ---------------------------------------------------------------------------------------------
    def install(
        self, directory: Path, progress: Progress = lambda _: None, stopped: Callable[[], bool] = lambda: False
    ) -> EditionInfo:
        """Accept the edition in a folder, after everything about it was checked on this laptop; takes seconds.

        Cancelled where `stopped` says so while it is checked.
        UserError: not the administrator, the folder is no pack, its signature is not one that this desk takes, its
        version is not higher than the newest (but for one that a revoked key took away), its days leave a hole.
        CheckFailed: some of its checks or own cases fail here. NothingToDo: it was accepted already.
        KnownError: another installation is under way, the disk.
        Nothing is changed in all of these.
        """
        if not self._busy.acquire(blocking=False):
            raise KnownError(
                Text(N_("Another edition is being checked right now. Wait until that has ended, then try again."))
            )
        try:
            return self._install(directory, progress, stopped)
        finally:
            self._busy.release()

    def _install(self, directory: Path, progress: Progress, stopped: Callable[[], bool]) -> EditionInfo:
        from app.crypto.pack_signature import read_signature
        from app.rules.files import MANIFEST, SIGNATURE, read_signed
        from app.rules.loader import load_stored
        from app.rules.source import refuse
        from app.storage import editions
        from app.storage.editions import EditionRow

        self._place.require_administrator()
        progress(Text(N_("Reading the edition and its signature")))
        with self._place.database.reading() as connection:
            verify = verifier(connection)
        # What was read once is checked and stored, whatever happens in the folder meanwhile.
        files = read_signed(directory, verify)
        pack = load_stored(files, verify=verify, with_cases=True)
        self._require_place(pack)
        failed = checking.failing(files, progress, stopped)
        if failed:
            raise _failing(pack, failed)
        progress(Text(N_("Taking the edition in")))
        signature = read_signature(files[SIGNATURE])
        if signature is None:
            raise RuntimeError("a signature that was checked")
        with self._place.begin() as work:
            # Once more, now that nobody else can write: a key may have been revoked, another edition been quicker.
            objection = verifier(work.connection)(files[MANIFEST], files[SIGNATURE])
            if objection is not None:
                raise refuse(SIGNATURE, None, objection.msgid, **objection.params)
            self._refresh(work.connection)
            self._require_place(pack)
            row = EditionRow(
                ordinal=editions.next_ordinal(work), digest=pack.digest, pack=pack.id,
                version=pack.version, valid_from=pack.valid_from,
                valid_to=pack.valid_to, public_key=signature.key, installed_at=work.now,
                installed_by=self._place.user.id,
            )  # fmt: skip
            editions.add(work, row, files)
            work.audit("edition.accepted", path=row.digest, new=describe_edition(row))
            work.emit("edition.accepted", describe_edition(row), subject=row.digest, pack_digest=row.digest)
            work.commit()
        with self._place.database.reading() as connection:
            self._refresh(connection)
        return next(edition for edition in self.editions() if edition.digest == row.digest)

    def _require_place(self, pack: "Pack") -> None:
        """UserError where the edition does not follow on those at hand: another pack, a version that is not higher,
        days that it would leave without criteria."""
        from app.rules.library import version_number

        at_hand = self._packs.at_hand()
        newest = at_hand[0].version
        if pack.id != PACK:
            sentence = N_("These are other criteria: “{id}”. This desk works by “{known}”. Choose an edition of those.")
            raise UserError(Text(sentence, {"id": pack.id, "known": PACK}), where="pack.toml")
        if any(edition.pack().digest == pack.digest for edition in at_hand if edition.version == pack.version):
            sentence = N_("The edition {version} is on this desk already. Nothing needs to be done.")
            raise NothingToDo(Text(sentence, {"version": pack.version}))
        # One whose key was revoked comes back as it was, signed anew: whatever came after it still takes its own days.
        again = any(edition.digest == pack.digest and not edition.counts for edition in self._held.values())
        if version_number(pack.version) <= version_number(newest) and not again:
            sentence = N_(
                "The edition has the version {version}, but {newest} is on this desk already. Only a higher version is"
                " accepted: nothing goes back to older criteria."
            )
            raise UserError(Text(sentence, {"version": pack.version, "newest": newest}), where="pack.toml")
        if pack.valid_to is not None:
            sentence = N_(
                "The edition {version} ends on {day}: from then on older criteria would hold again, or none."
                " Leave valid_to out and sign again; the next edition takes over by itself."
            )
            raise UserError(Text(sentence, {"version": pack.version, "day": pack.valid_to}), where="pack.toml")
        ends = [edition.days()[1] for edition in at_hand]
        if None not in ends:
            last = max(day for day in ends if day is not None)
            if pack.valid_from > last + timedelta(days=1):
                sentence = N_(
                    "From {first} to {last} there would be no criteria: the ones before end, and the edition {version}"
                    " begins later. Choose an edition that begins on {first} or before."
                )
                told = {"first": last + timedelta(days=1), "last": pack.valid_from - timedelta(days=1)}
                raise UserError(Text(sentence, {**told, "version": pack.version}), where="pack.toml")

    # --- keys -------------------------------------------------------------------------------------------------
    def read_key(self, path: Path) -> str:
        """The fingerprint of the public key in a `.pub` file, to be compared before it is admitted; UserError."""
        from app.crypto.signing import fingerprint

        return fingerprint(admitted_keys.read(path))

    def admit_key(self, path: Path, name: str) -> KeyInfo:
        """Take this key's signatures from now on; see `admitted_keys.admit`."""
        self._place.require_administrator()
        return self._known(admitted_keys.admit(self._place, path, name))

    def revoke_key(self, named: str, reason: str) -> KeyInfo:
        """Take this key's signatures no more, for good; see `admitted_keys.revoke`."""
        self._place.require_administrator()
        public = admitted_keys.revoke(self._place, named, reason)
        with self._place.database.reading() as connection:
            self._refresh(connection)
        return self._known(public)

    # --- inside -----------------------------------------------------------------------------------------------
    def _known(self, public: bytes) -> KeyInfo:
        with self._place.database.reading() as connection:
            return known_keys(connection)[public]

    def _refresh(self, connection: "Connection") -> None:
        """Take the accepted editions from the database; those that were read already are kept."""
        from app.storage import editions

        revoked = revoked_keys(connection)
        held: dict[int, AcceptedEdition] = {}
        for row in editions.accepted(connection):
            edition = self._held.get(row.ordinal) or AcceptedEdition(
                row.ordinal,
                row.version,
                row.digest,
                (row.valid_from, row.valid_to),
                editions.files(connection, row.ordinal),
            )
            edition.counts = row.public_key not in revoked
            held[row.ordinal] = edition
        self._held = held
        self._packs.take(tuple(held.values()))


def _failing(pack: "Pack", failed: "Sequence[Finding]") -> CheckFailed:
    """The refusal of an edition whose checks say no: how many, and the first of them."""
    named = [
        Text(N_("{check}, {subject}: {detail}"), {"check": each.name, "subject": each.subject, "detail": each.detail})
        for each in failed[:_NAMED_FAILURES]
    ]
    sentence = N_(
        "The edition {version} was not accepted. Checks and cases of it that fail on this laptop: {n}. {first}"
        " Nothing was changed. Send these words to whoever issued the edition."
    )
    pattern = " ".join(f"{{f{at}}}" for at in range(len(named)))
    first = Text(pattern, {f"f{at}": each for at, each in enumerate(named)})
    return CheckFailed(Text(sentence, {"version": pack.version, "n": len(failed), "first": first}))
