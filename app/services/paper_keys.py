"""Who signs papers, and which papers hold no more: files that a desk or the centre writes for whoever checks papers.

A file is JSON: `told`, a text that was signed as it stands, and by which key. The file of a desk speaks for papers of
that desk alone; one of the centre speaks for the desks that it names (its key ships in `resources/verify/centre`, none
yet, or came with the invitation). Papers are named by the record of the event log that stands in their code, so that
nothing personal leaves the desk.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from app import paths
from app.crypto import cose, signing, statement
from app.crypto.certificates import roots_in
from app.crypto.pack_signature import public_keys
from app.domain.dates import parse_iso
from app.domain.errors import KnownError, UserError
from app.domain.system import refusal
from app.domain.text import N_, LocalText, Text
from app.services.signature_words import ROOTS

FORMAT: Final = "saraptama-paper-keys/1"
PURPOSE: Final = "paper-keys"
SUFFIX: Final = ".paper-keys.json"
FOLDER: Final = "paper-keys"
"""of the data directory: what was taken in from others"""
CENTRE: Final = "centre"
"""of that folder: the key of the centre whose invitation the administrator took in"""
_MOST: Final = 20_000_000

SUPERSEDED, RESUMED, SPOILED = "superseded", "resumed", "spoiled"
_REASONS: Final = frozenset({SUPERSEDED, RESUMED, SPOILED})


@dataclass(frozen=True, slots=True)
class Desk:
    """Whose key it is. `told_on`: the day up to which superseded and void papers are known; `source`: who says so, the
    name of the file or empty for this laptop itself. `revoked`: since when the key counts no more, and why."""

    public: bytes
    number: str
    region: str
    names: LocalText
    told_on: date | None
    source: str
    revoked: tuple[date | None, str] | None = None

    @property
    def fingerprint(self) -> str:
        """How people compare the key."""
        return signing.fingerprint(self.public)


@dataclass(frozen=True, slots=True)
class Void:
    """Papers that hold no more. `reason`: `superseded`, `resumed` (the ending of the case was taken back) or `spoiled`
    (the numbered blank). `head`: 16 bytes of the hash of the event that the papers name; `blank`: kind of paper, series
    and number, where it is that blank alone. `by`: the number of the case in its place."""

    key: bytes
    reason: str
    head: bytes = b""
    blank: str = ""
    by: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True)
class PaperKeys:
    """All that is known of those who sign papers, by the key's id, and of papers that hold no more. `roots`: the root
    certificates (DER) to which members' certificates are to lead."""

    desks: Mapping[bytes, Desk] = field(default_factory=dict)
    void: tuple[Void, ...] = ()
    roots: tuple[bytes, ...] = ()

    def __add__(self, other: "PaperKeys") -> "PaperKeys":
        desks = dict(self.desks)
        for named, desk in other.desks.items():
            known = desks.get(named)
            if known is None or (known.revoked is None and (desk.revoked or _newer(desk, known))):
                desks[named] = desk
        roots = tuple(dict.fromkeys((*self.roots, *other.roots)))
        return PaperKeys(desks, (*self.void, *other.void), roots)


def _newer(one: Desk, other: Desk) -> bool:
    return (one.told_on or date.min) > (other.told_on or date.min)


def told_by(seed: bytes, told: Mapping[str, Any]) -> bytes:
    """The file that says this under a key: `department` with `number`, `region` and `names`, `told_at`, `void`."""
    return statement.made(seed, PURPOSE, {"format": FORMAT, **told}, indent=1)


def read(data: bytes, source: str, centre: Iterable[bytes] = ()) -> PaperKeys:
    """What a file says; UserError where it is none, or was changed. `centre`: the keys that speak for every desk."""
    try:
        whole = json.loads(data)
        key, text = bytes.fromhex(whole["key"]), whole["told"].encode()
        if not signing.verify(key, PURPOSE, text, bytes.fromhex(whole["signature"])):
            sentence = N_("{path} was changed after it was signed. Take the file again from the desk that wrote it.")
            raise UserError(Text(sentence, {"path": source}))
        told = json.loads(text)
        if told["format"] != FORMAT:
            raise ValueError(told["format"])
        certified = key in set(centre)
        desks = [_desk(one, source, told, key, certified=certified) for one in told.get("desks") or [told]]
        void = [_void(one, key, certified=certified) for one in told["void"]]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        sentence = N_("{path} is no file of keys of papers. A desk writes one with: saraptama paper-keys.")
        raise UserError(Text(sentence, {"path": source})) from None
    return PaperKeys({cose.key_id(desk.public): desk for desk in desks}, tuple(void))


def shipped_and_taken(data_dir: Path | None) -> PaperKeys:
    """What ships with the program and what was taken into the data directory; UserError as `read`."""
    folders = [paths.resource("verify", "keys"), *([data_dir / FOLDER] if data_dir else [])]
    places = [paths.resource("verify", ROOTS), *([data_dir / ROOTS] if data_dir else [])]
    found = PaperKeys(roots=roots_in(places))
    for folder in folders:
        for path in sorted(folder.glob(f"*{SUFFIX}")) if folder.is_dir() else ():
            found += from_file(path, centres(data_dir))
    return found


def centres(data_dir: Path | None) -> tuple[bytes, ...]:
    """The keys that speak for every desk: those that ship, and the one of the centre that this desk is linked with."""
    own = data_dir / FOLDER / CENTRE if data_dir else None
    return (*public_keys(paths.resource("verify", "centre")), *(public_keys(own) if own and own.is_dir() else ()))


def from_file(path: Path, centre: Iterable[bytes] | None = None) -> PaperKeys:
    """As `read`, by the keys that ship where no others are named; KnownError where the file can't be read."""
    try:
        with path.open("rb") as file:
            data = file.read(_MOST)
    except OSError as error:
        sentence = N_("The keys of papers can't be read: {path} ({reason}). Check the path and your rights.")
        raise KnownError(Text(sentence, {"path": str(path), "reason": refusal(error)})) from None
    return read(data, path.name, centres(None) if centre is None else centre)


def signer_of(path: Path) -> str:
    """The fingerprint of the key that a file of keys is signed with, without blanks; the file was read before."""
    return signing.fingerprint(bytes.fromhex(json.loads(path.read_bytes())["key"])).replace(" ", "")


def _desk(one: Mapping[str, Any], source: str, told: Mapping[str, Any], key: bytes, *, certified: bool) -> Desk:
    department, revoked = one["department"], one.get("revoked")
    public = bytes.fromhex(one["key"]) if certified and "key" in one else key
    if len(public) != signing.PUBLIC_KEY_BYTES:
        raise ValueError("not a key")
    return Desk(
        public=public,
        number=str(department["number"]),
        region=str(department["region"]),
        names=LocalText(**{code: str(department["names"][code]) for code in ("kk", "ru", "en")}),
        told_on=parse_iso(told["told_at"][:10]),
        source=source,
        revoked=(parse_iso(revoked.get("on") or ""), str(revoked.get("reason") or "")) if revoked else None,
    )


def _void(one: Mapping[str, Any], key: bytes, *, certified: bool) -> Void:
    if one["reason"] not in _REASONS:
        raise ValueError(one["reason"])
    public = bytes.fromhex(one["key"]) if certified and "key" in one else key
    return Void(
        key=public,
        reason=one["reason"],
        head=bytes.fromhex(one.get("head") or ""),
        blank=str(one.get("blank") or ""),
        by=str(one.get("by") or ""),
        on=parse_iso(one.get("on") or ""),
    )


def void_of(statement_key: bytes, head: bytes, blank: str, void: Iterable[Void]) -> Iterator[Void]:
    """What is said against a paper of this key, event and blank (with its kind)."""
    for one in void:
        if one.key == statement_key and ((one.head and one.head == head) or (one.blank and one.blank == blank)):
            yield one
