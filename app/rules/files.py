"""The files of a pack: where they lie, the manifest of their digests, and its signature."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Final

from app.domain.errors import UserError
from app.domain.system import refusal
from app.domain.text import N_, Text
from app.rules.source import refuse

MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
MANIFEST_FORMAT: Final = "mse-pack-manifest/1"
FILES: Final = ("pack.toml", "facts.toml", "parameters.toml", "decisions.toml", "defects.toml", "conflicts.toml",
                "words.toml", "cases.toml")  # fmt: skip
# What an edition may have besides; without it there is nothing of its kind.
OPTIONAL: Final = ("measures.toml", "scales.toml", "notes.toml", "help.toml", "checklist.toml", "signoffs.toml")
SIZE_LIMIT: Final = 2 * 1024 * 1024
# (manifest, signature) → what speaks against the signature, None if nothing does
Verify = Callable[[bytes, bytes], Text | None]


def read_files(directory: Path, verify: Verify | None) -> tuple[Mapping[str, bytes], str]:
    """The pack's files and the digest `sha256:…` of the manifest, after digests and signature were checked.

    UserError where a file is missing, is not in the manifest, or is not the file that was signed.
    """
    present = _present(directory)
    return check_files(present, partial(_read, present), verify)


def read_signed(directory: Path, verify: Verify | None) -> Mapping[str, bytes]:
    """As `read_files`, with the bytes of manifest and signature among them: what was checked, each file read once."""
    present, held = _present(directory), {}

    def read(name: str) -> bytes:
        if name not in held:
            held[name] = _read(present, name)
        return held[name]

    check_files(present, read, verify)
    return held


def check_files(
    present: Iterable[str], read: Callable[[str], bytes], verify: Verify | None
) -> tuple[Mapping[str, bytes], str]:
    """As `read_files`, wherever the files lie: `present` are their names, `read` gives the bytes of one."""
    manifest_bytes = read(MANIFEST)
    digests = _digests(manifest_bytes)
    objection = verify(manifest_bytes, read(SIGNATURE)) if verify is not None else None
    if objection is not None:
        raise refuse(SIGNATURE, None, objection.msgid, **objection.params)
    for name in FILES:
        if name not in digests:
            raise refuse(MANIFEST, name, N_("the file is not in the manifest. Sign the pack again with all its files."))
    for name in sorted(present):
        if name not in digests and name not in (MANIFEST, SIGNATURE):
            raise _stray(name, present, N_("the file is not in the manifest. Move it to another folder."))
    files: dict[str, bytes] = {}
    for name, digest in digests.items():
        files[name] = read(name)
        if hashlib.sha256(files[name]).hexdigest() != digest:
            raise refuse(
                name, None, N_("the file was changed after signing. Take the pack again from where it was issued.")
            )
    return files, "sha256:" + hashlib.sha256(manifest_bytes).hexdigest()


def read_draft(directory: Path) -> tuple[Mapping[str, bytes], str]:
    """The files of a pack in work as they stand, and the digest that they would have once they are signed."""
    present = _present(directory)
    for name in sorted(present):
        if name not in (*FILES, *OPTIONAL, MANIFEST, SIGNATURE):
            raise _stray(name, present, N_("no pack has a file of this name. Move it to another folder."))
    files = {name: _read(present, name) for name in (*FILES, *(name for name in OPTIONAL if name in present))}
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    manifest = json.dumps({"format": MANIFEST_FORMAT, "files": digests}, indent=1, sort_keys=True) + "\n"
    return files, "sha256:" + hashlib.sha256(manifest.encode("ascii")).hexdigest()


def missing(name: str) -> UserError:
    """The refusal of a pack without one of its files."""
    return refuse(name, None, N_("the file is missing. Put it back, or take the pack again from where it was issued."))


def _stray(name: str, present: Iterable[str], otherwise: str) -> UserError:
    """The refusal of a file that doesn't belong to the pack: nobody shall throw a key or a day's work away for it."""
    if name.endswith((".pem", ".pub", ".key")):
        return refuse(name, None, N_("this is a key for signatures, which doesn't belong here. Don't delete it: move it"
                                     " to a folder that nobody else gets."))  # fmt: skip
    meant = next((known for known in (*FILES, *OPTIONAL) if name.casefold().startswith(known)), None)
    if meant is None:
        return refuse(name, None, otherwise)
    if meant in present:
        return refuse(name, None, N_("{file} is in the folder too. See which of the two you mean, and move the other to"
                                     " another folder."), file=meant)  # fmt: skip
    return refuse(name, None, N_("it may be meant to be {file}. Give it that name, or move it to another folder."),
                  file=meant)  # fmt: skip


def require_pack(directory: Path) -> None:
    """UserError where a folder holds no pack at all."""
    _present(directory)


def _present(directory: Path) -> dict[str, Path]:
    """What lies in the folder of a pack, by name."""
    try:
        if (directory / FILES[0]).exists():
            return {entry.name: entry for entry in directory.iterdir()}
    except (OSError, ValueError):  # a name that no system takes, a folder that may not be read
        pass
    raise UserError(
        Text(N_("There is no rule pack in {path}. Name the folder that holds {file}."),
             {"path": directory, "file": FILES[0]})
    )  # fmt: skip


def _read(present: Mapping[str, Path], name: str) -> bytes:
    path = present.get(name)
    if path is None:
        raise missing(name)
    if path.is_symlink():
        raise refuse(name, None, N_("this is a link to a file elsewhere. Put the file itself into the folder."))
    if path.is_dir():
        raise refuse(name, None, N_("this is a folder, where a file of this name is needed. Put the file there."))
    if not path.is_file():
        raise refuse(name, None, N_("this is a pipe or a device, not a file. Put the file itself into the folder."))
    try:
        with path.open("rb") as file:
            data = file.read(SIZE_LIMIT + 1)
    except OSError as error:
        raise refuse(
            name, None, N_("the file can't be read: {reason}. Check its rights and the disk."),
            reason=refusal(error),
        ) from None  # fmt: skip
    if len(data) > SIZE_LIMIT:
        raise refuse(
            name, None, N_("the file has more than {limit} MB; no pack needs that. Check that it is the right one."),
            limit=SIZE_LIMIT // 1048576,
        )  # fmt: skip
    return data


def _digests(manifest: bytes) -> Mapping[str, str]:
    try:
        content = json.loads(manifest)
        digests = content["files"]
        well_formed = content["format"] == MANIFEST_FORMAT and all(
            isinstance(name, str) and isinstance(digest, str) for name, digest in digests.items()
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        well_formed = False
    if not well_formed:
        raise refuse(MANIFEST, None, N_("this is not a manifest of a rule pack. Sign the pack again."))
    for name in digests:
        if name not in FILES and name not in OPTIONAL:
            raise refuse(MANIFEST, name, N_("no pack has a file of this name. Take it out and sign the pack again."))
    return dict(digests)
