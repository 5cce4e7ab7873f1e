"""The signature of rule packs: Ed25519 over the manifest, by keys whose public halves ship in `resources/keys`.

`manifest.sig` is JSON, `{"key": …, "signature": …}` in hex: it names its key, so that a refusal can say whether the
signature doesn't fit, the key isn't known, or the key was revoked (`resources/keys/revoked`).

The private half is never in the repository. `python -m app.crypto.pack_signature DIR` writes the manifest anew,
signs it with a fresh key (or `--key FILE`, 32 bytes in hex), and puts the public half beside the others.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app import paths
from app.crypto.signing import PUBLIC_KEY_BYTES, SIGNATURE_BYTES, fingerprint
from app.domain.text import N_, Text

# Keeps a signature of a pack from being taken for a signature of anything else.
DOMAIN: Final = b"saraptama rule pack manifest v1\x00"
KEYS: Final = "keys"
REVOKED: Final = "revoked"


@dataclass(frozen=True, slots=True)
class PackSignature:
    """What `manifest.sig` says: the raw public key (32 bytes) and its signature (64 bytes)."""

    key: bytes
    signature: bytes


def public_keys(directory: Path | None = None) -> tuple[bytes, ...]:
    """The raw public keys (32 bytes each) of the `.pub` files in a folder, else of those that ship."""
    return tuple(key for _, key in named_keys(directory))


def named_keys(directory: Path | None = None) -> tuple[tuple[str, bytes], ...]:
    """As `public_keys`, each with the name of its file."""
    folder = directory or paths.resource(KEYS)
    return tuple((path.stem, key) for path in sorted(folder.glob("*.pub")) for key in _keys(path))


def revoked_keys(directory: Path | None = None) -> tuple[bytes, ...]:
    """The raw public keys named in the file `revoked` of a folder, else of those that ship: one a line."""
    path = (directory or paths.resource(KEYS)) / REVOKED
    return tuple(_keys(path)) if path.is_file() else ()


def read_public_key(text: str) -> bytes | None:
    """The raw public key of a `.pub` file: 64 hex digits on a line of their own, `#` begins a remark; None if not."""
    found = list(_hex_keys(text))
    return found[0] if len(found) == 1 else None


def _keys(path: Path) -> Iterator[bytes]:
    try:
        yield from _hex_keys(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        return  # not a key of ours: it can't make anything valid


def _hex_keys(text: str) -> Iterator[bytes]:
    for line in text.splitlines():
        try:
            key = bytes.fromhex(line.partition("#")[0])
        except ValueError:
            continue
        if len(key) == PUBLIC_KEY_BYTES:
            yield key


def read_signature(data: bytes) -> PackSignature | None:
    """What a `manifest.sig` says; None where it is none."""
    try:
        content = json.loads(data)
        found = PackSignature(bytes.fromhex(content["key"]), bytes.fromhex(content["signature"]))
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    well_formed = len(found.key) == PUBLIC_KEY_BYTES and len(found.signature) == SIGNATURE_BYTES
    return found if well_formed else None


def objection(
    manifest: bytes, signature: bytes, admitted: Collection[bytes], revoked: Collection[bytes]
) -> Text | None:
    """What speaks against the bytes of a `manifest.sig` under the bytes of a manifest; None if nothing does.

    `admitted`, `revoked`: raw public keys. A revoked key counts for nothing, also where it is admitted.
    """
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    found = read_signature(signature)
    if found is None:
        return Text(N_("this is not a signature of a rule pack. Take the pack again from where it was issued."))
    known_as = {"fingerprint": fingerprint(found.key)}
    if found.key in revoked:
        return Text(
            N_(
                "the edition is signed with the key {fingerprint}, which was revoked."
                " Ask whoever issued it for an edition that is signed with a valid key."
            ),
            known_as,
        )
    if found.key not in admitted:
        return Text(
            N_(
                "the edition is signed with the key {fingerprint}, which is not known here. If the fingerprint is that"
                " of a methodologist, admit the key first, else don't use the edition."
            ),
            known_as,
        )
    try:
        Ed25519PublicKey.from_public_bytes(found.key).verify(found.signature, DOMAIN + manifest)
    except (InvalidSignature, ValueError):
        return Text(
            N_(
                "the signature of the key {fingerprint} does not fit the manifest: one of the two was changed."
                " Take the pack again from where it was issued."
            ),
            known_as,
        )
    return None


def verify(keys: Collection[bytes], revoked: Collection[bytes] = ()) -> Callable[[bytes, bytes], Text | None]:
    """A check `(manifest, signature)` by these keys, as `app.rules.loader.load_pack` takes it: see `objection`."""

    def check(manifest: bytes, signature: bytes) -> Text | None:
        return objection(manifest, signature, keys, revoked)

    return check


def verify_shipped(manifest: bytes, signature: bytes) -> Text | None:
    """What speaks against a signature by the keys that ship with the program; None if nothing does."""
    return objection(manifest, signature, public_keys(), revoked_keys())


def write_manifest(directory: Path) -> bytes:
    """Write the manifest of the pack's TOML files anew and return its bytes. It is not signed then."""
    files = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(directory.glob("*.toml"))}
    text = json.dumps({"format": "mse-pack-manifest/1", "files": files}, indent=1, sort_keys=True) + "\n"
    manifest = text.encode("ascii")
    (directory / "manifest.json").write_bytes(manifest)
    (directory / "manifest.sig").unlink(missing_ok=True)
    return manifest


def sign_directory(directory: Path, private_key: bytes) -> None:
    """Write manifest and signature of a pack. `private_key`: the raw 32 bytes of an Ed25519 key."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    manifest = write_manifest(directory)
    key = Ed25519PrivateKey.from_private_bytes(private_key)
    content = {"key": key.public_key().public_bytes_raw().hex(), "signature": key.sign(DOMAIN + manifest).hex()}
    (directory / "manifest.sig").write_bytes(json.dumps(content, indent=1).encode("ascii") + b"\n")


def public_half(private_key: bytes) -> bytes:
    """The raw public key (32 bytes) of a raw private key."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.from_private_bytes(private_key).public_key().public_bytes_raw()


def main(argv: Sequence[str] | None = None) -> int:
    """Sign one pack: with a fresh key, whose private half is forgotten at once, or with a given one."""
    import secrets

    parser = argparse.ArgumentParser(prog="python -m app.crypto.pack_signature")
    parser.add_argument("directory", type=Path)
    parser.add_argument("--key", type=Path, help="a file with a raw Ed25519 private key of 32 bytes in hex")
    parser.add_argument("--name", default="kz-mse", help="name of the public key's file")
    args = parser.parse_args(argv)
    private = bytes.fromhex(args.key.read_text(encoding="ascii").strip()) if args.key else secrets.token_bytes(32)
    sign_directory(args.directory, private)
    target = paths.resource(KEYS, f"{args.name}.pub")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(public_half(private).hex().encode("ascii") + b"\n")
    sys.stdout.write(f"{args.directory}: signed; public key in {target}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
