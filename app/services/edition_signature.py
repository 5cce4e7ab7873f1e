"""How the signature of an edition in a folder stands: whose it is, and whether the files are still those signed.

It says nothing of the contents: those are checked whoever signed them.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Final

from app.domain.errors import UserError
from app.domain.text import N_, Text


class Standing(Enum):
    """`KNOWN`, `UNKNOWN`, `REVOKED`: signed, by a key that is taken here, is not, or is no more. `CHANGED`: a file is
    another than the one that was signed. `DAMAGED`: `manifest.sig` is no signature."""

    IN_WORK = "in work"
    KNOWN = "known"
    UNKNOWN = "unknown"
    REVOKED = "revoked"
    CHANGED = "changed"
    DAMAGED = "damaged"


_SENTENCES: Final = {
    Standing.IN_WORK: N_("This edition is in work: nobody has signed it yet."),
    Standing.KNOWN: N_("This edition is signed with the key {fingerprint} of {name}, which is known here."),
    Standing.UNKNOWN: N_(
        "This edition is signed with the key {fingerprint}, which is not known here. A desk takes the edition once it"
        " has admitted that key."
    ),
    Standing.REVOKED: N_(
        "This edition is signed with the key {fingerprint} of {name}, which was revoked. Sign it with a valid key."
    ),
    Standing.CHANGED: N_(
        "This edition was changed after it was signed with the key {fingerprint}: {file}. Its signature counts no more;"
        " sign it again: saraptama pack sign"
    ),
    Standing.DAMAGED: N_("The signature of this edition is damaged. Sign it again: saraptama pack sign"),
}
_BRIEFLY: Final = {
    Standing.IN_WORK: N_("in work, not signed"),
    Standing.KNOWN: N_("signed"),
    Standing.UNKNOWN: N_("signed with a key that is not known here"),
    Standing.REVOKED: N_("signed with a revoked key"),
    Standing.CHANGED: N_("changed after signing, to be signed again"),
    Standing.DAMAGED: N_("its signature is damaged"),
}


@dataclass(frozen=True, slots=True)
class EditionSignature:
    """The signature of an edition. `name`: whose key it is, where that is known; `file`: the first that was changed."""

    standing: Standing
    fingerprint: str = ""
    name: str = ""
    file: str = ""

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong with it: the edition is in work, or is what somebody signed."""
        return self.standing in (Standing.IN_WORK, Standing.KNOWN, Standing.UNKNOWN)

    def words(self) -> Text:
        """What is to be said of it, and what to do, in a sentence or two."""
        told = {"fingerprint": self.fingerprint, "name": self.name or "–", "file": self.file}
        return Text(_SENTENCES[self.standing], told)

    def briefly(self) -> Text:
        """The same for a headline."""
        return Text(_BRIEFLY[self.standing])


def signature_of(
    folder: Path, names: Mapping[bytes, str] | None = None, revoked: Collection[bytes] | None = None
) -> EditionSignature:
    """The signature of the edition in a folder, judged by keys and their names (raw public halves), else by those that
    came with the program. UserError where the folder holds no pack or a file of it can't be read."""
    from app.crypto import pack_signature
    from app.crypto.signing import fingerprint
    from app.rules.files import SIGNATURE, read_signed

    if names is None or revoked is None:
        names = {key: name for name, key in pack_signature.named_keys()}
        revoked = pack_signature.revoked_keys()
    if not (folder / SIGNATURE).exists():
        return EditionSignature(Standing.IN_WORK)
    seen: list[tuple[bytes, bytes]] = []

    def see(manifest: bytes, signature: bytes) -> None:
        seen.append((manifest, signature))

    changed = ""
    try:
        read_signed(folder, see)
    except UserError as error:
        changed = (error.where or "").partition(",")[0]
    found = pack_signature.read_signature(seen[0][1]) if seen else None
    if found is None:  # the manifest is none either, or is gone
        return EditionSignature(Standing.DAMAGED)
    key = fingerprint(found.key)
    name = names.get(found.key, "")
    if not changed and pack_signature.objection(*seen[0], (found.key,), ()) is not None:
        changed = "manifest.json"
    if changed:
        return EditionSignature(Standing.CHANGED, key, name, changed)
    if found.key in revoked:
        return EditionSignature(Standing.REVOKED, key, name)
    return EditionSignature(Standing.KNOWN if found.key in names else Standing.UNKNOWN, key, name)
