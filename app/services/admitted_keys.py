"""The keys whose signatures under editions a desk takes: admitted once, revoked for good."""

import re
from pathlib import Path
from typing import Final

from app.domain.errors import NothingToDo, UserError
from app.domain.system import refusal
from app.domain.text import N_, Text
from app.domain.typed import LONGEST_LINE, line
from app.services.edition_list import describe_admitted, describe_revoked, known_keys
from app.services.workplace import Workplace

_LIMIT: Final = 64 * 1024
_FINGERPRINT: Final = re.compile(r"[0-9a-f]{16}")


def read(path: Path) -> bytes:
    """The raw public key (32 bytes) in a `.pub` file; UserError where there is none."""
    from app.crypto.pack_signature import read_public_key

    found = None
    try:
        if path.is_file() and path.stat().st_size <= _LIMIT:
            found = read_public_key(path.read_bytes().decode("utf-8-sig", "replace"))
    except OSError as error:
        sentence = N_("The file of the key can't be read: {path} ({reason}). Check the path and your rights.")
        raise UserError(Text(sentence, {"path": str(path), "reason": refusal(error)}), where="file") from error
    if found is None:
        sentence = N_(
            "This is no public key of a methodologist: {path}. Choose the file that ends in .pub and was made with the"
            " key."
        )
        raise UserError(Text(sentence, {"path": str(path)}), where="file")
    return found


def admit(place: Workplace, path: Path, name: str) -> bytes:
    """Take this key's signatures from now on; returns the key. UserError: no public key, one that was revoked, no name.
    NothingToDo: it is admitted already."""
    from app.crypto.signing import fingerprint
    from app.storage import editions
    from app.storage.editions import AdmittedKey

    public = read(path)
    called = line(" ".join(name.split()), where="name", longest=LONGEST_LINE)
    if not called:
        raise UserError(Text(N_("The key has no name: say whose it is.")), where="name")
    with place.begin() as work:
        known = known_keys(work.connection).get(public)
        if known is not None and known.revoked:
            sentence = N_(
                "The key {fingerprint} of {name} was revoked and is never admitted again: {reason}. Ask for a new key."
            )
            told = {"fingerprint": known.fingerprint, "name": known.name, "reason": known.reason.rstrip(".") or "–"}
            raise UserError(Text(sentence, told), where="file")
        if known is not None:
            sentence = N_("The key {fingerprint} is admitted already: {name}. Nothing needs to be done.")
            told = {"fingerprint": known.fingerprint, "name": known.name}
            raise NothingToDo(Text(sentence, told))
        row = AdmittedKey(public, called, work.now, place.user.id)
        editions.admit(work, row)
        work.audit("key.admitted", path=fingerprint(public), new=describe_admitted(row))
        work.emit("key.admitted", describe_admitted(row), subject=fingerprint(public))
        work.commit()
    return public


def require_same(path: Path, read_out: str) -> None:
    """UserError where the key in a file has another fingerprint than the one that a methodologist reads out."""
    from app.crypto.signing import fingerprint

    plain, held = "".join(read_out.split()).casefold(), "".join(fingerprint(read(path)).split())
    if not _FINGERPRINT.fullmatch(plain):
        sentence = N_(
            "A fingerprint is 16 digits and Latin letters from a to f, but “{given}” is not. Nothing was admitted. Type"
            " it once more on the Latin keyboard."
        )
        raise UserError(Text(sentence, {"given": read_out}), where="fingerprint")
    if plain != held:
        sentence = N_(
            "The fingerprint differs, so this is another key: {path}. Nothing was admitted. Ask the methodologist for"
            " the file again, and compare once more."
        )
        raise UserError(Text(sentence, {"path": str(path)}), where="fingerprint")


def revoke(place: Workplace, named: str, reason: str) -> bytes:
    """Take this key's signatures no more, for good: the editions that it signed decide no new case; conclusions signed
    under them stay as they are. `named` is the fingerprint; returns the key. UserError: no such key, no reason."""
    from app.crypto.signing import fingerprint
    from app.storage import editions
    from app.storage.editions import RevokedKey

    why = line(" ".join(reason.split()), where="reason", longest=LONGEST_LINE)
    if not why:
        sentence = N_("A reason is needed to revoke a key: say why in a few words.")
        raise UserError(Text(sentence), where="reason")
    plain = "".join(named.split()).casefold()
    with place.begin() as work:
        keys = known_keys(work.connection)
        public = next((key for key in keys if "".join(fingerprint(key).split()) == plain), None)
        if public is None:
            sentence = N_("No key with the fingerprint {fingerprint} is known here. See the list: saraptama pack list.")
            raise UserError(Text(sentence, {"fingerprint": " ".join(named.split())}), where="fingerprint")
        if keys[public].revoked:
            sentence = N_("The key {fingerprint} was revoked already: {reason}.")
            told = {"fingerprint": fingerprint(public), "reason": keys[public].reason.rstrip(".")}
            raise UserError(Text(sentence, told), where="fingerprint")
        row = RevokedKey(public, why, work.now, place.user.id)
        editions.revoke(work, row)
        work.audit("key.revoked", path=fingerprint(public), new=describe_revoked(row))
        work.emit("key.revoked", describe_revoked(row), subject=fingerprint(public))
        work.commit()
    return public
