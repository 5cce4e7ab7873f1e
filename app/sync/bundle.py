"""A bundle: one file, `*.mselink`, that carries on a stick what would go over the network, in either direction.

    b"MSELINK1"                        8 bytes
    the sections' bytes, one after another
    the manifest                       a statement of the writer's key that names every section, its length and SHA-256
    the manifest's length              8 bytes, big-endian
    b"1KNILESM"                        8 bytes

What is secret in it is sealed section by section (`app.sync.envelope`). The writer reads everything back from the
medium before it says that the file is whole.
"""

import hashlib
import os
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Final

from app.crypto import signing, statement
from app.domain.errors import UserError
from app.domain.text import N_, Text
from app.sync.told import BUNDLE
from app.sync.wire import is_id

SUFFIX: Final = ".mselink"
FORMAT: Final = "mselink/1"
_HEAD, _TAIL = b"MSELINK1", b"1KNILESM"
_NUMBER: Final = 8
_BLOCK: Final = 1 << 20
_MOST_MANIFEST: Final = 64 << 20
MOST_SECTION: Final = 64 << 20

# kinds of sections
ENROLMENT, BATCH, ATTACHMENT = "enrolment", "batch", "attachment"
CERTIFICATE, RECEIPT, STANDING, REFERENCE, ITEM = "certificate", "receipt", "standing", "reference", "item"
HOLDING: Final = "holding"

_NONE: Final = N_("{path} is no bundle of Saraptama: its name may end in .mselink, its content is something else.")
_TORN: Final = N_(
    "The bundle {path} is torn: it ends too early, as when a stick is pulled out. Nothing was taken from it. Copy it"
    " again."
)
_DAMAGED: Final = N_(
    "The bundle {path} is damaged: part {part} is not what was written. Nothing was taken from it. Copy it again, or"
    " export it anew."
)
_CHANGED: Final = N_(
    "The bundle {path} was changed after it was signed. Nothing was taken from it. Take it again from where it was"
    " written."
)


@dataclass(frozen=True, slots=True)
class Section:
    """One part: its kind, a name among those of the kind, and where it stands."""

    kind: str
    name: str
    offset: int
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """`id` names this bundle for good; `sender` and `to` are a device or a centre (32 hex digits); `made_at` as in the
    log; `told`: what else the writer says; `key`: the public key that signed (whose it is, the reader judges)."""

    id: str
    sender: str
    to: str
    made_at: str
    told: Mapping[str, Any]
    sections: tuple[Section, ...]
    key: bytes


class Writer:
    """Writes beside the target and renames at the end: a bundle is whole or isn't there.

        with Writer(path) as writer:
            writer.add("batch", "1-200", sealed)
            manifest = writer.finish(seed, sender=…, to=…, made_at=…, told={})

    OSError where the medium refuses; nothing is left then.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
        self._sections: list[Section] = []
        self._at = len(_HEAD)

    def __enter__(self) -> "Writer":
        self._file: BinaryIO = self._beside.open("xb")
        self._file.write(_HEAD)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # A full or pulled stick refuses here once more; what it said first is what is told.
        with suppress(OSError):
            self._file.close()
        with suppress(OSError):
            self._beside.unlink(missing_ok=True)

    def add(self, kind: str, name: str, data: bytes) -> None:
        """Write one section."""
        self._file.write(data)
        self._sections.append(Section(kind, name, self._at, len(data), hashlib.sha256(data).hexdigest()))
        self._at += len(data)

    def finish(self, seed: signing.Key, *, sender: str, to: str, made_at: str, told: Mapping[str, Any]) -> Manifest:
        """Sign, flush, read back, put in its place, read back once more. UserError where the medium gives other bytes
        than were written."""
        about = {
            "format": FORMAT,
            "id": secrets.token_hex(16),
            "from": sender,
            "to": to,
            "made_at": made_at,
            "told": dict(told),
            "sections": [[one.kind, one.name, one.size, one.sha256] for one in self._sections],
        }
        written = statement.made(seed, BUNDLE, about)
        self._file.write(written)
        self._file.write(len(written).to_bytes(_NUMBER, "big"))
        self._file.write(_TAIL)
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        _forget_cached(self._beside)
        with Reader(self._beside) as reader:
            reader.check()
        self._beside.replace(self._path)
        _flush_directory(self._path.parent)
        with Reader(self._path) as reader:
            return reader.manifest


class Reader:
    """Reads a bundle as hostile: nothing is believed before its length, and nothing is given out before its hash fits.

    UserError where the file is none, torn, damaged or changed; OSError where it can't be read.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> "Reader":
        self._file = self._path.open("rb")
        try:
            self.manifest = self._read_manifest()
        except BaseException:
            self._file.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def check(self) -> None:
        """Every section is what the manifest says; UserError otherwise. In steady memory."""
        for section in self.manifest.sections:
            self._file.seek(section.offset)
            digest, left = hashlib.sha256(), section.size
            while left and (block := self._file.read(min(left, _BLOCK))):
                digest.update(block)
                left -= len(block)
            if left or digest.hexdigest() != section.sha256:
                raise self._refused(_DAMAGED, part=section.name)

    def content(self, section: Section) -> bytes:
        """The bytes of a section, as they were written; UserError where they are not."""
        self._file.seek(section.offset)
        data = self._file.read(section.size)
        if hashlib.sha256(data).hexdigest() != section.sha256:
            raise self._refused(_DAMAGED, part=section.name)
        return data

    def of_kind(self, kind: str) -> Iterator[tuple[str, bytes]]:
        """Names and contents of the sections of one kind, in their order."""
        for section in self.manifest.sections:
            if section.kind == kind:
                yield section.name, self.content(section)

    def _read_manifest(self) -> Manifest:
        size = os.fstat(self._file.fileno()).st_size
        if self._file.read(len(_HEAD)) != _HEAD:
            raise self._refused(_NONE)
        end = size - len(_TAIL) - _NUMBER
        if end < len(_HEAD):
            raise self._refused(_TORN)
        self._file.seek(end)
        length = int.from_bytes(self._file.read(_NUMBER), "big")
        if self._file.read() != _TAIL or not 0 < length <= min(_MOST_MANIFEST, end - len(_HEAD)):
            raise self._refused(_TORN)
        self._file.seek(end - length)
        try:
            found = statement.read(self._file.read(length), BUNDLE)
        except ValueError as error:
            raise self._refused(_CHANGED) from error
        told = found.told
        try:
            if told["format"] != FORMAT or not all(is_id(told[name]) for name in ("id", "from", "to")):
                raise ValueError("another format")
            sections = tuple(_placed(told["sections"]))
            if len(_HEAD) + sum(one.size for one in sections) != end - length:
                raise ValueError("lengths")
            if not isinstance(told["told"], dict):
                raise ValueError("told")
            return Manifest(
                told["id"], told["from"], told["to"], str(told["made_at"]), told["told"], sections, found.key
            )
        except (KeyError, TypeError, ValueError) as error:
            raise self._refused(_CHANGED) from error

    def _refused(self, sentence: str, **told: str) -> UserError:
        return UserError(Text(sentence, {"path": self._path.name, **told}))


def _placed(listed: Iterable[Any]) -> Iterator[Section]:
    at = len(_HEAD)
    for kind, name, size, sha256 in listed:
        if type(size) is not int or not 0 <= size <= MOST_SECTION or not isinstance(kind, str):
            raise ValueError("a section out of bounds")
        yield Section(kind, str(name), at, size, str(sha256))
        at += size


def _forget_cached(path: Path) -> None:
    """Ask the system to read the medium and not its own memory, where it can be asked."""
    if not hasattr(os, "posix_fadvise"):
        return
    number = os.open(path, os.O_RDONLY)
    try:
        os.posix_fadvise(number, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(number)


def _flush_directory(path: Path) -> None:
    # Windows has no such thing; some sticks' file systems refuse it.
    with suppress(OSError):
        number = os.open(path, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)
