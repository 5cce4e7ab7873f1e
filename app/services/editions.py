"""Preparing a new edition of the criteria in a folder: a copy to work on, what differs, whether it holds.

Nothing here touches a desk: a methodologist works on files. An edition in work has no signature; whatever is written
into a folder takes away the signature that it had.
"""

import contextlib
import re
import shutil
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, Final, TypeVar

from app import paths
from app.domain.errors import KnownError, UserError
from app.domain.system import refusal
from app.domain.text import N_, Text

if TYPE_CHECKING:
    from app.rules.coverage import Finding
    from app.rules.difference import Edition, RecordChange

Source = str | Path | Mapping[str, bytes]
"""An edition: its folder, the version of one that came with the program, or its files by name."""

PACK_ID: Final = "kz-mse"
_VERSION: Final = re.compile(r"(0|[1-9][0-9]{0,5})(\.(0|[1-9][0-9]{0,5})){2}")
_ISO: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_TYPED: Final = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
_EARLIEST: Final = date(1990, 1, 1)


def read_edition(where: Source) -> "Edition":
    """An edition with its parsed files, as they stand. UserError where there is none, or where it is refused."""
    from app.rules.difference import Edition
    from app.rules.loader import load_draft, load_stored
    from app.rules.toml import parse

    if isinstance(where, Mapping):
        pack = load_stored(where, verify=None, with_cases=True)
    else:
        pack = load_draft(folder_of(where))
    return Edition(pack, {name: parse(name, data) for name, data in _files(where).items()})


def _files(where: Source) -> Mapping[str, bytes]:
    """What an edition says, without manifest and signature."""
    from app.rules.files import read_draft

    if isinstance(where, Mapping):
        return {name: data for name, data in where.items() if name.endswith(".toml")}
    return read_draft(folder_of(where))[0]


def folder_of(where: str | Path) -> Path:
    """The folder of an edition, named by its path or else by a version that came with the program. UserError."""
    found = _folder(where)
    if found is None:
        raise _no_edition(where, shipped_versions())
    return found


def source_of(where: str, accepted: Mapping[str, Callable[[], Mapping[str, bytes]]]) -> Source:
    """As `folder_of`, or else the files of an edition that a desk has accepted, by its version. UserError."""
    found = _folder(where)
    if found is not None:
        return found
    if where not in accepted:
        raise _no_edition(where, tuple(dict.fromkeys((*accepted, *shipped_versions()))))
    return accepted[where]()


def is_outside(where: str | Path) -> bool:
    """Whether an edition is found without a desk: it is a folder, or came with the program."""
    return _folder(where) is not None


def _folder(where: str | Path) -> Path | None:
    folder = Path(where)
    if folder.is_dir():
        return folder
    shipped = paths.resource("rulepacks", PACK_ID, str(where))
    return shipped if _VERSION.fullmatch(str(where)) and shipped.is_dir() else None


def _no_edition(where: str | Path, versions: tuple[str, ...]) -> UserError:
    return UserError(
        Text(
            N_(
                "There is no edition {where}: neither a folder of that path, nor a version at hand ({versions})."
                " Editions that a desk has accepted are found with --user."
            ),
            {"where": str(where), "versions": ", ".join(versions) or "–"},
        )
    )


def shipped_versions() -> tuple[str, ...]:
    """The versions of the criteria that came with the program, the newest first."""
    from app.rules.library import version_number

    folder = paths.resource("rulepacks", PACK_ID)
    found = [entry.name for entry in folder.iterdir() if entry.is_dir()] if folder.is_dir() else []
    return tuple(sorted((name for name in found if _VERSION.fullmatch(name)), key=version_number, reverse=True))


def read_day(text: str) -> date:
    """A day as people and files write it: 2027-01-01 or 01.01.2027. UserError for anything else."""
    found = _ISO.fullmatch(text) or _TYPED.fullmatch(text)
    try:
        day = date(*map(int, found.groups() if found.re is _ISO else reversed(found.groups()))) if found else None
    except ValueError:
        day = None
    if day is None or day < _EARLIEST:
        raise UserError(Text(N_("“{text}” is not a day. Write it as 2027-01-01 or 01.01.2027."), {"text": text}))
    return day


def new_edition(source: Source, target: Path, *, version: str, valid_from: date) -> Path:
    """Copy an edition into a new folder under a higher version, to be worked on; comments and sign-offs stay.

    Records that have ended before its first day stay behind (see `ended_before`).
    UserError: the folder is there already, the version isn't higher, it begins before the edition it is made from, it
    would not hold; KnownError: the disk. Nothing was written then.
    """
    from app.rules.ended import without_ended
    from app.rules.library import version_number

    pack = read_edition(source).pack
    if not _VERSION.fullmatch(version):
        raise UserError(
            Text(N_("“{version}” is no version. Write three numbers with dots between them, for example {example}."),
                 {"version": version, "example": next_version(pack.version)}),
            where="version",
        )  # fmt: skip
    if version_number(version) <= version_number(pack.version):
        raise UserError(
            Text(
                N_("The version {version} is not higher than {known}. Give a higher one, for instance {example}."),
                {"version": version, "known": pack.version, "example": next_version(pack.version)},
            ),
            where="version",
        )
    if valid_from < pack.valid_from:
        raise UserError(
            Text(
                N_("The new edition would begin on {day}, before the one it is made from ({known}). Give a later day."),
                {"day": valid_from, "known": pack.valid_from},
            ),
            where="valid_from",
        )
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise UserError(
            Text(N_("There is something in {path} already. Name a folder that is not there yet."), {"path": target}),
            where="folder",
        )
    files = without_ended(_files(source), valid_from)
    files["pack.toml"] = _with_head(files["pack.toml"].decode("utf-8"), version, valid_from).encode("utf-8")
    _require_whole(files, pack.version)
    _put(target, files)
    return target


def ended_before(source: Source, day: date) -> tuple[str, ...]:
    """The records of an edition that have ended before a day: a new edition from that day on begins without them."""
    from app.rules.ended import ended
    from app.rules.toml import parse

    return ended({name: parse(name, data) for name, data in _files(source).items()}, day)


def _require_whole(files: Mapping[str, bytes], version: str) -> None:
    """UserError where the files of a new edition would be refused, for instance because what has ended leaves a gap."""
    from app.rules.loader import pack_of
    from app.rules.toml import parse

    try:
        pack_of({name: parse(name, data) for name, data in files.items()}, "")
    except UserError as error:
        sentence = N_(
            "The new edition would be refused, so nothing was written. {what} Mend this in a copy of the edition"
            " {version}, then make the new edition of that copy."
        )
        raise UserError(Text(sentence, {"what": error.text, "version": version}), where=error.where) from None


def _put(target: Path, files: Mapping[str, bytes]) -> None:
    """Write the files of an edition into a folder that is empty or not there yet: all, or nothing is left behind."""
    if target.exists():
        write(target, files)
        return
    beside = target.with_name(f".{token_hex(8)}.new")
    made = [folder for folder in target.parents if not folder.exists()]
    try:
        beside.mkdir(parents=True)
        write(beside, files)
        beside.rename(target)
    except BaseException as error:
        shutil.rmtree(beside, ignore_errors=True)
        for folder in made:
            with contextlib.suppress(OSError):
                folder.rmdir()
        if isinstance(error, OSError):
            raise unwritable(target, error) from None
        raise


T = TypeVar("T")


def before(version: str, at_hand: Mapping[str, T]) -> tuple[str, T] | None:
    """Of what is at hand by its version, the highest that is lower than a given one; None where there is none."""
    from app.rules.library import version_number

    lower = [known for known in at_hand if version_number(known) < version_number(version)]
    return (found, at_hand[found]) if (found := max(lower, key=version_number, default="")) else None


def compare(before: Source, after: Source) -> "tuple[Edition, Edition, tuple[RecordChange, ...]]":
    """Two editions and what differs between them, in words. UserError where one isn't there or is refused."""
    from app.rules.difference import difference

    old, new = read_edition(before), read_edition(after)
    return old, new, difference(old, new)


def check(folder: Path) -> "tuple[Finding, ...]":
    """Everything that can be proved of an edition in work, with its own cases: some seconds. UserError: refused."""
    from app.rules.loader import load_draft
    from app.rules.proof import check_pack

    return check_pack(load_draft(folder))


def write(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files of an edition, all or none; the signature of what was there holds no more and is taken away."""
    from app.rules.files import MANIFEST, SIGNATURE
    from app.storage.files import write_together

    try:
        write_together({folder / name: data for name, data in files.items()})
        for name in (SIGNATURE, MANIFEST):
            (folder / name).unlink(missing_ok=True)
    except OSError as error:
        raise unwritable(folder, error) from None


def unwritable(folder: Path, error: OSError) -> KnownError:
    return KnownError(
        Text(
            N_("The folder {path} can't be written: {reason}. Name another folder, or check its rights."),
            {"path": folder, "reason": refusal(error)},
        )
    )


def require_folder(folder: Path) -> None:
    """UserError where a folder that files are to go into isn't there."""
    if not folder.is_dir():
        sentence = N_("There is no folder {path}. Make it first, or name another.")
        raise UserError(Text(sentence, {"path": folder}), where="folder")


def require_pack(folder: Path) -> None:
    """UserError where a folder holds no edition: told before a passphrase is asked for."""
    from app.rules.files import require_pack as required

    required(folder_of(folder) if is_outside(folder) else folder)


def is_shipped(folder: Path) -> bool:
    """Whether an edition is one that came with the program, which stays as it is."""
    return paths.resource("rulepacks").resolve() in (_folder(folder) or folder).resolve().parents


def refuse_shipped(folder: Path) -> None:
    """UserError where an edition that came with the program would be changed."""
    if is_shipped(folder):
        raise UserError(
            Text(
                N_(
                    "This edition came with the program and stays as it is. Make a new edition of it, and name its"
                    " folder."
                )
            ),
            where="folder",
        )


def _with_head(text: str, version: str, valid_from: date) -> str:
    """`pack.toml` with another version and first day, everything else as it stood."""
    text = _replaced(text, "version", f'"{version}"')
    text = _replaced(text, "valid_from", valid_from.isoformat())
    return re.sub(r"(?m)^valid_to[ \t]*=.*\n", "", text, count=1)  # the end of the edition before is not this one's


def _replaced(text: str, key: str, value: str) -> str:
    fresh, count = re.subn(
        rf'(?m)^({key}[ \t]*=[ \t]*)("[^"\n]*"|[0-9-]+)', lambda found: found[1] + value, text, count=1
    )
    if not count:
        raise UserError(
            Text(N_("pack.toml has no line “{key} = …” of its own. Write one, then make the edition."), {"key": key})
        )
    return fresh


def next_version(version: str) -> str:
    """The version that usually follows one: 1.0.3 → 1.1.0."""
    from app.rules.library import version_number

    numbers = [*version_number(version), 0, 0][:2]
    return f"{numbers[0]}.{numbers[1] + 1}.0"
