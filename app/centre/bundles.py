"""The stick at the centre: a laptop's bundle is taken in whole or not at all, and one goes back.

Everything in it is opened and checked before anything is stored: the pieces of copies first; the records are placed in
one transaction while they are checked, and one that doesn't hold takes all of them back. Copies of papers follow, some
in each transaction, and the bundle counts as taken only after all of them. So a bundle whose taking in was cut off is
taken in again, and what is there already stays as it is.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, text

from app.centre import admission as admitting
from app.centre import attachments, lines, publishing, store, vouching
from app.centre.ingest import Device, Ingest, Opened, Refusal, known_device
from app.centre.keys import Keys
from app.centre.naming import NOBODY
from app.centre.store import Store
from app.crypto.sealing import Unsealable
from app.domain.errors import UserError
from app.domain.text import N_, Text
from app.sync import admission, bundle, pieces, told

_FOREIGN: Final = N_(
    "{path} is for another centre. Nothing was taken from it. Bring it to the centre it was written for."
)
_OWN: Final = N_("{path} is a bundle that this centre wrote for a laptop. Take in the one that the laptop wrote.")
_UNKNOWN: Final = N_(
    "{path} is from a laptop that this centre doesn't know, and holds no enrolment. Nothing was taken from it. Give the"
    " laptop an invitation; its next bundle holds the enrolment."
)
_REVOKED: Final = N_("{path} is from a laptop that was revoked. Nothing was taken from it.")
_NOT_ADMITTED: Final = N_(
    "{path} holds an enrolment whose code is unknown, used already or run out. Nothing was taken from it. Give the"
    " laptop another invitation."
)
_TAKEN: Final = N_("{path} was taken in already. Nothing was changed.")
_OLDER: Final = N_(
    "{path} is older than a bundle of this laptop that was taken in already, and all that it holds is here. Nothing was"
    " changed."
)
_BROKEN: Final = N_(
    "{path} holds records that don't hold ({part}: {reason}). Nothing was taken from it. Let the laptop write it anew;"
    " where it happens again, somebody looks at that laptop."
)
_GAP: Final = N_(
    "{path} begins with record {first} of the laptop's log, but this centre holds it only up to {last}. Nothing was"
    " taken from it. Take this centre's bundle to the laptop, then let the laptop write another one."
)
_EXISTS: Final = N_("There is something already at {path}. Name another file: nothing is written over.")
_MOST_NUMBER: Final = 1 << 60


@dataclass(frozen=True, slots=True)
class Imported:
    """What a bundle brought. `forked`: records that are kept aside until a person decides; `left_out`: pieces of copies
    that fit no record."""

    device: str
    enrolled: bool
    events: int
    known: int
    forked: int
    attachments: int
    left_out: int


@dataclass(frozen=True, slots=True)
class Exported:
    """A bundle for a laptop, written and read back."""

    path: Path
    receipts: int
    items: int


class Here(UserError):
    """All that it holds was taken in before."""


class NotOurs(UserError):
    """It isn't written for this centre: another's, or one that this centre wrote itself."""


class Behind(UserError):
    """It begins later than what is held: it can be taken once what lies between is here."""


class _Gap(Exception):
    """The records don't follow what is held."""

    def __init__(self, first: int, last: int) -> None:
        super().__init__()
        self.first, self.last = first, last


class _Broken(Exception):
    """One part is not what a laptop may send."""

    def __init__(self, part: str, reason: str) -> None:
        super().__init__()
        self.part, self.reason = part, reason


def take_in(place: Store, keys: Keys, path: Path) -> Imported:
    """Take in a laptop's bundle. UserError with the sentence that says why it isn't taken (`Here`, `NotOurs`, `Behind`
    where that is the reason): then nothing has changed."""
    named = {"path": path.name}
    with bundle.Reader(path) as reader:
        manifest = reader.manifest
        if manifest.key == keys.sign.public:
            raise NotOurs(Text(_OWN, named))
        if manifest.to != keys.id:
            raise NotOurs(Text(_FOREIGN, named))
        reader.check()
        try:
            enrolment = _enrolment(reader, keys)
            device = _sender(place, manifest, enrolment, named)
            for _ in _pieces(reader, keys):  # nothing is stored of a bundle of which one part is broken
                pass
            events, known, forked = _records(place, keys, reader, device, enrolment, named)
            complete, left_out = _copies(place, keys, reader, device)
        except _Broken as error:
            raise UserError(Text(_BROKEN, {**named, "part": error.part, "reason": error.reason})) from error
        except _Gap as error:
            raise Behind(Text(_GAP, {**named, "first": error.first, "last": error.last})) from error
        with place.begin(write=True) as connection:
            connection.execute(
                text(
                    "INSERT INTO bundles (id, device, number, made_at, taken_at)"
                    " VALUES (:id, :device, :number, :made_at, :now) ON CONFLICT (id) DO NOTHING"
                ),
                {"id": manifest.id, "device": device.device, "number": _number(manifest),
                 "made_at": manifest.made_at[:40], "now": store.now()},
            )  # fmt: skip
    return Imported(device.device, enrolment is not None, events, known, forked, complete, left_out)


def write(place: Store, keys: Keys, device: str, target: Path) -> Exported:
    """Write what this centre has for a laptop. UserError: an unknown laptop, a file that is there already."""
    path = target
    if not path.name.endswith(bundle.SUFFIX):
        moment = store.now()[:19].replace("T", "-").replace(":", "")
        path = target / f"mse-centre-{device[:8]}-{moment}{bundle.SUFFIX}"
    if path.exists():
        raise UserError(Text(_EXISTS, {"path": str(path)}))
    with place.begin(write=True) as connection:
        known = known_device(connection, device)
        if known is None:
            raise UserError(Text(NOBODY, {"device": device}))
        vouched = list(_vouched(connection, keys, known))
        statement, items = publishing.current(connection, keys, known)
        with bundle.Writer(path) as writer:
            writer.add(bundle.CERTIFICATE, device, known.certificate)
            for name, one in vouched:
                writer.add(bundle.RECEIPT, name, one.receipt)
                writer.add(bundle.STANDING, name, one.standing)
            held = told.Holding(keys.id, device, attachments.whole(connection, device), store.now())
            writer.add(bundle.HOLDING, device, told.holding(keys.sign, held))
            writer.add(bundle.REFERENCE, "reference", statement)
            count = 0
            for sha256 in items:
                writer.add(bundle.ITEM, sha256, items[sha256])
                count += 1
            writer.finish(keys.sign, sender=keys.id, to=device, made_at=store.now(), told={"receipts": len(vouched)})
    return Exported(path, len(vouched), count)


def _vouched(connection: Connection, keys: Keys, device: Device) -> Iterator[tuple[str, vouching.Vouched]]:
    rows = connection.execute(
        text(
            "SELECT incarnation, line FROM incarnations WHERE device = :device AND aside = 0"
            " ORDER BY first_seq, begun_at, incarnation, line"
        ),
        {"device": device.device},
    ).all()
    for incarnation, line in rows:
        vouched = vouching.vouch(connection, keys, incarnation, line)
        if vouched is not None:
            yield f"{incarnation}/{line}", vouched


def _enrolment(reader: bundle.Reader, keys: Keys) -> admission.Enrolment | None:
    found = None
    for name, data in reader.of_kind(bundle.ENROLMENT):
        try:
            found = admission.opened(data, keys.unseal)
        except (ValueError, Unsealable) as error:
            raise _Broken(name, "enrolment") from error
        if found.key != reader.manifest.key:
            raise _Broken(name, "enrolment")
    return found


def _sender(
    place: Store, manifest: bundle.Manifest, enrolment: admission.Enrolment | None, named: dict[str, str]
) -> Device:
    """The laptop that wrote it, known or to be known by its enrolment; UserError otherwise."""
    with place.begin() as connection:
        known = known_device(connection, manifest.sender)
        taken = connection.execute(text("SELECT 1 FROM bundles WHERE id = :id"), {"id": manifest.id}).first()
    if told.device_id(manifest.key) != manifest.sender:
        raise UserError(Text(_UNKNOWN, named))
    if known is not None and known.revoked:
        raise UserError(Text(_REVOKED, named))
    if taken is not None:
        raise Here(Text(_TAKEN, named))
    if known is not None:
        return known
    if enrolment is None:
        raise UserError(Text(_UNKNOWN, named))
    return Device(enrolment.device, enrolment.key, enrolment.seal_key, b"", revoked=False)


def _batches(reader: bundle.Reader, keys: Keys, device: Device) -> Iterator[Opened]:
    for name, sealed in reader.of_kind(bundle.BATCH):
        try:
            yield Ingest.opened(keys, device, sealed)
        except Refusal as refusal:
            raise _Broken(name, refusal.reason) from refusal


def _pieces(reader: bundle.Reader, keys: Keys) -> Iterator[tuple[str, int, int, bytes]]:
    for name, sealed in reader.of_kind(bundle.ATTACHMENT):
        try:
            yield (*pieces.read_section(name), pieces.opened(sealed, keys.unseal))
        except ValueError as error:
            raise _Broken(name, "malformed") from error


def _records(
    place: Store, keys: Keys, reader: bundle.Reader, device: Device, enrolment: admission.Enrolment | None,
    named: dict[str, str],
) -> tuple[int, int, int]:  # fmt: skip
    """Enrol and place all batches in one transaction: how many records are new, were known, are kept aside."""
    while True:
        try:
            with place.begin(write=True) as connection:
                if enrolment is not None:
                    admitting.admit(connection, keys, enrolment)
                # A laptop that is known may bring its old enrolment; others need a code that holds.
                if known_device(connection, device.device) is None:
                    raise UserError(Text(_NOT_ADMITTED, named))
                return _place(connection, keys, reader, device, named)
        except lines.Again:
            continue


def _place(
    connection: Connection, keys: Keys, reader: bundle.Reader, device: Device, named: dict[str, str]
) -> tuple[int, int, int]:
    events = known = forked = 0
    for opened in _batches(reader, keys, device):
        placed = lines.place(connection, opened.batch, opened.checked, store.STICK)
        match placed.answer:
            case told.EXPECTED:
                raise _Gap(opened.batch.first_seq, (placed.expected_seq or 1) - 1)
            case told.REFUSED:
                raise _Broken(f"{opened.batch.first_seq}-{opened.batch.last_seq}", placed.reason or "")
            case told.FORK:
                forked += placed.new_events
            case _:
                events += placed.new_events
        known += len(opened.checked) - placed.new_events
    if known and not events and not forked and _is_older(connection, reader.manifest):
        raise Here(Text(_OLDER, named))
    return events, known, forked


def _copies(place: Store, keys: Keys, reader: bundle.Reader, device: Device) -> tuple[int, int]:
    """Take the pieces of copies: how many copies are whole now, and how many pieces fit no record."""
    complete: set[str] = set()
    left_out = 0
    coming = _pieces(reader, keys)
    while (piece := next(coming, None)) is not None:
        with place.begin(write=True) as connection:
            written = 0
            while piece is not None:
                whole, fits = _put(connection, device, *piece)
                complete |= whole
                left_out += not fits
                written += len(piece[-1])
                # Others wait for a transaction's end: none is as long as a bundle.
                piece = next(coming, None) if written < _AT_ONCE else None
    return len(complete), left_out


def _put(
    connection: Connection, device: Device, digest: str, offset: int, size: int, content: bytes
) -> tuple[set[str], bool]:
    """Take a piece for every log that names its copy: the copy, where it is whole now, and whether it fits each."""
    incarnations = connection.execute(_NAMED_BY, {"device": device.device, "digest": digest}).all()
    whole, fits = set(), bool(incarnations)
    for (incarnation,) in incarnations:
        try:
            held = attachments.put(connection, device, incarnation, digest, offset, size, content)
        except Refusal:
            fits = False
            continue
        if held.complete:
            whole.add(digest)
    return whole, fits


_AT_ONCE: Final = 16 << 20
"""bytes of copies from which a transaction ends"""
_NAMED_BY: Final = text(
    "SELECT a.incarnation FROM incarnations i JOIN attachments a ON a.incarnation = i.incarnation"
    " WHERE i.device = :device AND i.line = 0 AND a.digest = :digest ORDER BY a.incarnation"
)


def _is_older(connection: Connection, manifest: bundle.Manifest) -> bool:
    newest = connection.execute(
        text("SELECT max(number) FROM bundles WHERE device = :device"), {"device": manifest.sender}
    ).scalar()
    return newest is not None and newest > _number(manifest)


def _number(manifest: bundle.Manifest) -> int:
    """Up to which record the laptop's log went when it wrote this: what tells an older bundle from a newer one, for
    clocks don't."""
    number = manifest.told.get("head_seq")
    return number if type(number) is int and 0 <= number < _MOST_NUMBER else 0
