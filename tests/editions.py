"""Editions of the criteria for tests: copies of the built-in one, changed, and signed with keys of the tests."""

import shutil
from pathlib import Path
from typing import Final

from app import paths
from app.crypto.pack_signature import public_half, sign_directory, verify, write_manifest
from app.rules.loader import load_pack
from app.services.desk import Desk
from app.services.edition_list import describe_edition
from app.storage import editions as storage
from app.storage.editions import EditionRow

BUILT_IN: Final = paths.resource("rulepacks", "kz-mse", "1.0.0")
KEY: Final = bytes(range(32))
"""A methodologist's private key."""
OTHER_KEY: Final = bytes(range(1, 33))


def edit(folder: Path, file: str, old: str, new: str, count: int = 1) -> None:
    """Change a file of a pack as text; the pack has to be signed again then."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text, old
    path.write_text(text.replace(old, new, count), encoding="utf-8", newline="\n")


def edition(
    folder: Path,
    version: str = "1.1.0",
    valid_from: str = "2027-01-01",
    *edits: tuple[str, str, str],
    key: bytes | None = KEY,
    more: str = "",
) -> Path:
    """A new edition in a folder that isn't there yet; `more` are further lines of `pack.toml`, `key=None` signs not."""
    shutil.copytree(BUILT_IN, folder)
    edit(folder, "pack.toml", 'version = "1.0.0"', f'version = "{version}"')
    edit(folder, "pack.toml", "valid_from = 2023-07-01", f"valid_from = {valid_from}\n{more}")
    for file, old, new in edits:
        edit(folder, file, old, new)
    if key is None:
        write_manifest(folder)
    else:
        sign_directory(folder, key)
    return folder


def public_file(path: Path, key: bytes = KEY) -> Path:
    """The file with the public half of a key, as `pack key` writes it beside the private one."""
    path.write_text(public_half(key).hex() + "\n", encoding="ascii")
    return path


def put_in(desk: Desk, folder: Path, key: bytes = KEY) -> None:
    """Write an edition into a desk's database without running its checks, where a test is about what follows."""
    pack = load_pack(folder, verify=verify((public_half(key),)))
    with desk._place.begin() as work:
        row = EditionRow(
            storage.next_ordinal(work), pack.digest, pack.id, pack.version, pack.valid_from, pack.valid_to,
            public_half(key), work.now, desk.user.id,
        )  # fmt: skip
        storage.add(work, row, {path.name: path.read_bytes() for path in folder.iterdir()})
        work.audit("edition.accepted", path=row.digest, new=describe_edition(row))
        work.emit("edition.accepted", describe_edition(row), subject=row.digest, pack_digest=row.digest)
        work.commit()
