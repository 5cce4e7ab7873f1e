"""The signature of rule packs: Ed25519 over the manifest, by keys whose public halves ship in `resources/keys`.

The private half is never in the repository. `python -m app.crypto.pack_signature DIR` writes the manifest anew,
signs it with a fresh key (or `--key FILE`, 32 bytes in hex), and puts the public half beside the others.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from app import paths

# Keeps a signature of a pack from being taken for a signature of anything else.
DOMAIN: Final = b"saraptama rule pack manifest v1\x00"
KEYS: Final = "keys"


def public_keys(directory: Path | None = None) -> tuple[bytes, ...]:
    """The raw public keys (32 bytes each) of the `.pub` files in a folder, else of those that ship."""
    folder = directory or paths.resource(KEYS)
    keys = []
    for path in sorted(folder.glob("*.pub")):
        try:
            key = bytes.fromhex(path.read_text(encoding="ascii").strip())
        except ValueError:
            continue  # not a key of ours: it can't make anything valid
        if len(key) == 32:
            keys.append(key)
    return tuple(keys)


def verify(keys: Sequence[bytes]) -> Callable[[bytes, bytes], bool]:
    """A check `(manifest, signature) -> bool`: whether one of the keys signed exactly these bytes."""

    def check(manifest: bytes, signature: bytes) -> bool:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        try:
            raw = bytes.fromhex(signature.decode("ascii").strip())
        except ValueError:
            return False
        for key in keys:
            try:
                Ed25519PublicKey.from_public_bytes(key).verify(raw, DOMAIN + manifest)
            except (InvalidSignature, ValueError):
                continue
            return True
        return False

    return check


def verify_shipped(manifest: bytes, signature: bytes) -> bool:
    """Whether a key that ships with the program signed the manifest."""
    return verify(public_keys())(manifest, signature)


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
    signature = Ed25519PrivateKey.from_private_bytes(private_key).sign(DOMAIN + manifest)
    (directory / "manifest.sig").write_bytes(signature.hex().encode("ascii") + b"\n")


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
