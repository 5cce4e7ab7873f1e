"""A methodologist's key, and the signature that it puts under an edition which has passed its checks."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from app.domain.errors import CheckFailed, UserError
from app.domain.system import refusal
from app.domain.text import N_, Text
from app.services import editions, output

if TYPE_CHECKING:
    from app.rules.coverage import Finding


class HasGaps(CheckFailed):
    """An edition was not signed. `findings` are all of its checks."""

    def __init__(self, text: Text, findings: "tuple[Finding, ...]") -> None:
        super().__init__(text)
        self.findings = findings


def make_key(path: Path, passphrase: str, name: str = "") -> bytes:
    """Make a methodologist's key in a new file, and its public half beside it (`FILE.pub`); returns the public half.

    UserError: a weak passphrase, a file that is there already.
    """
    from app.crypto import key_file, signing
    from app.crypto.pack_signature import public_half
    from app.crypto.passphrase import require_strength

    require_new(path)
    require_strength(passphrase, (name,))
    seed = signing.new_seed()
    public = public_half(seed)
    text = f"# {signing.fingerprint(public)}\n{public.hex()}\n"
    output.write_files({path: key_file.to_pem(seed, passphrase), _public(path): text.encode("ascii")})
    return public


def _public(path: Path) -> Path:
    return path.with_name(path.name + ".pub")


def require_new(path: Path) -> None:
    """UserError where a file of the key, or its public half, is there already, where its folder isn't there, or holds
    an edition: everything in that is signed and given away."""
    editions.require_folder(path.parent)
    if (path.parent / "pack.toml").exists():
        sentence = N_(
            "The folder {path} holds an edition, which is given to others: a key doesn't belong there. Name a file in"
            " another folder."
        )
        raise UserError(Text(sentence, {"path": path.parent}), where="key")
    for file in (path, _public(path)):
        if file.exists():
            raise UserError(
                Text(
                    N_("There is a file {path} already, and a key is never overwritten. Name another."), {"path": file}
                ),
                where="key",
            )


def require_key(path: Path) -> None:
    """UserError where there is no file by this path."""
    if not path.is_file():
        raise UserError(
            Text(N_("There is no file {path}. Name the key that “saraptama pack key” made."), {"path": path}),
            where="key",
        )


def make_named_key(path: Path, passphrase: str) -> str:
    """As `make_key`; returns the fingerprint by which people compare the key."""
    from app.crypto.signing import fingerprint

    return fingerprint(make_key(path, passphrase))


def read_key(path: Path, passphrase: str) -> bytes:
    """The private half in a methodologist's key file, 32 bytes. UserError: no such file, no key, a wrong passphrase."""
    from app.crypto import key_file

    require_key(path)
    try:
        with path.open("rb") as file:
            pem = file.read(key_file.MAX_FILE_BYTES + 1)
    except OSError as error:
        raise UserError(
            Text(N_("The key can't be read: {path} ({reason}). Check the path and your rights."),
                 {"path": path, "reason": refusal(error)}),
            where="key",
        ) from None  # fmt: skip
    return key_file.from_pem(pem, passphrase)


def sign_with(folder: Path, private_key: bytes) -> str:
    """As `sign`; returns the fingerprint by which people compare the key."""
    from app.crypto.signing import fingerprint

    return fingerprint(sign(folder, private_key))


def sign(folder: Path, private_key: bytes, progress: Callable[[Text], object] | None = None) -> bytes:
    """Check an edition in work and sign it; returns the public key. Some seconds.

    HasGaps where a check or one of its own cases fails, UserError where it is refused, or came with the program.
    """
    from app.crypto.pack_signature import public_half, sign_directory, verify
    from app.rules.loader import load_pack

    editions.refuse_shipped(folder)
    if progress:
        progress(Text(N_("Checking the edition")))
    findings = editions.check(folder)
    failed = [finding for finding in findings if not finding.ok]
    if failed:
        first = failed[0]
        raise HasGaps(
            Text(
                N_(
                    "The edition was not signed: {n} of its checks fail. The first: {check}, {subject}: {detail}"
                    " See all of them with the command: saraptama pack check."
                ),
                {"n": len(failed), "check": first.name, "subject": first.subject, "detail": first.detail},
            ),
            findings,
        )
    public = public_half(private_key)
    try:
        sign_directory(folder, private_key)
    except OSError as error:
        raise editions.unwritable(folder, error) from None
    load_pack(folder, verify=verify([public]))  # what was written must hold
    return public
