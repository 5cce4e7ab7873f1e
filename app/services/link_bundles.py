"""The stick: a bundle with what the centre hasn't confirmed yet, and the bundle that comes back from the centre."""

import errno
import os
import shutil
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Final

from app.domain import system
from app.domain.errors import KnownError, NothingToDo, UserError
from app.domain.text import N_, Text
from app.services import link_log, link_store
from app.services.link_log import read_batch, shown
from app.services.link_status import lacking, missing_copies
from app.services.link_views import BundleView, Progress, Report, Whose
from app.services.workplace import Workplace
from app.storage import entries, installation, link
from app.storage.chain import EVENTS
from app.storage.unit_of_work import read_time, written_time
from app.sync import admission, bundle, pieces, reference, told, wire

if TYPE_CHECKING:
    from datetime import datetime

    from app.services.link_store import Linked
    from app.storage.unit_of_work import UnitOfWork

_WRITING: Final = N_("Writing the records")
_COPYING: Final = N_("Writing the copies of papers")
_CHECKING: Final = N_("Reading the bundle back")
_READING: Final = N_("Reading the bundle")

_EXISTS: Final = N_("There is something already at {path}. Name another file: nothing is written over.")
_NO_FOLDER: Final = N_("There is no folder {path}. Put the stick in, or name another folder.")
_FULL: Final = N_("{path} is full: the bundle needs {size}. Make room or take another stick. Nothing was left there.")
_READ_ONLY: Final = N_("{path} can't be written to: the stick is read-only. Slide its lock, or take another stick.")
_NO_RIGHTS: Final = N_("You have no rights to write to {path}. Name another folder.")
_GONE: Final = N_(
    "The stick was pulled out or is broken: {path}. Nothing on it counts. Put it in again and start anew."
)
_TOO_LARGE: Final = N_("The stick takes no file as large as this: {path}. Format it as exFAT, or take another stick.")
_UNWRITABLE: Final = N_("The bundle can't be written to {path}: {reason}. Nothing was left there.")
_UNREADABLE: Final = N_("The bundle can't be read: {path} ({reason}). Check that the stick is in and not damaged.")
_OWN: Final = N_("{path} is a bundle that this laptop wrote for the centre. Take in the one that the centre gave back.")
_FOREIGN_DEVICE: Final = N_(
    "{path} is for another laptop ({laptop}). Nothing was taken from it. Choose the file for this one ({own}), or ask"
    " the centre for it."
)
_BY_ANOTHER: Final = N_(
    "{path} was written by another laptop ({laptop}) for the centre. Nothing was taken from it. Choose the file that"
    " the centre gave back for this laptop ({own})."
)
_FOREIGN: Final = N_("{path} is not from the centre of this desk. Nothing was taken from it.")
_NOTHING: Final = N_("The centre has everything that this laptop could send. Nothing was written.")
_TAKEN: Final = N_("{path} was taken in already. Nothing needs to be done.")
_OLDER: Final = N_("{path} is older than a bundle that was taken in already. Nothing was taken from it.")
_WRONG: Final = N_("{path} holds something that the centre of this desk did not sign. Nothing was taken from it.")


_REFUSED: Final = {
    Whose.OLDER: _OLDER,
    Whose.OWN: _OWN,
    Whose.FOR_ANOTHER: _FOREIGN_DEVICE,
    Whose.BY_ANOTHER: _BY_ANOTHER,
    Whose.FOREIGN: _FOREIGN,
    Whose.BROKEN: _WRONG,
}


@dataclass(frozen=True, slots=True)
class Out:
    """A bundle that was written and read back."""

    path: Path
    manifest: bundle.Manifest
    seq: int
    events: int
    copies: tuple[link.Copied, ...]


def require_folder(named: Path) -> None:
    """UserError where there is nothing to write into."""
    folder = named.parent if named.name.endswith(bundle.SUFFIX) else named
    if not folder.is_dir():
        raise UserError(Text(_NO_FOLDER, {"path": str(folder)}))


def target(place: Workplace, named: Path) -> Path:
    """The file to write: in a folder one with a name that says whose log it is and how far, numbered where bundles of
    that name lie there already; UserError where the file that was named is there."""
    path = named
    if not path.name.endswith(bundle.SUFFIX):
        with place.database.reading() as connection:
            device, head = installation.identity(connection).device, EVENTS.head(connection)
        name = f"mse-{device[:8]}-{place.clock.today().isoformat()}-{head.seq}"
        numbered = (named / f"{name}-{number}{bundle.SUFFIX}" for number in count(2))
        path = named / f"{name}{bundle.SUFFIX}"
        while os.path.lexists(path):
            path = next(numbered)
    if os.path.lexists(path):
        raise UserError(Text(_EXISTS, {"path": str(path)}))
    return path


def write(place: Workplace, centre: "Linked", named: Path, report: Report) -> Out:
    """Write all that has no receipt, and read it back. UserError, KnownError with a sentence: nothing is left then;
    NothingToDo where the centre has everything."""
    require_folder(named)
    with place.database.reading() as connection:
        who, since = installation.identity(connection), link_store.delivered(connection)
        head, department = EVENTS.head(connection), installation.department(connection)
        missing, size = missing_copies(connection), link.bytes_after(connection, since)
        missing += {copy.digest: copy for _, copy in lacking(connection, centre)}.values()
    if head.seq == since and not missing and centre.certificate is not None:
        raise NothingToDo(Text(_NOTHING))
    path = target(place, named)
    needed = size + sum(copy.size for copy in missing)
    try:
        if shutil.disk_usage(path.parent).free < needed // 8:  # records shrink to a fifth or less
            raise OSError(errno.ENOSPC, "")
        with bundle.Writer(path) as writer:
            if centre.certificate is None:
                asked = admission.enrolment(
                    who.device_seed, who.incarnation, _department(department), centre.code
                )  # fmt: skip
                writer.add(bundle.ENROLMENT, who.device, admission.sealed(asked, centre.seal_key))
            seq, records = since, head.seq - since
            while seq < head.seq:
                report(Progress(Text(_WRITING), seq - since, records))
                batch = read_batch(place, seq, min(wire.MOST_EVENTS, head.seq - seq))
                if batch is None:
                    break
                writer.add(bundle.BATCH, f"{batch.first_seq}-{batch.last_seq}", wire.sealed(batch, centre.seal_key))
                seq = batch.last_seq
            for at, copy in enumerate(missing):
                report(Progress(Text(_COPYING), at, len(missing)))
                _write_copy(place, writer, centre, copy.digest, copy.size)
            report(Progress(Text(_CHECKING), 0, 0))
            about = {"incarnation": who.incarnation, "head_seq": head.seq, "head_hash": head.hash,
                     "events": records, "attachments": len(missing)}  # fmt: skip
            made_at = written_time(place.clock.now())
            manifest = writer.finish(who.device_seed, sender=who.device, to=centre.id, made_at=made_at, told=about)
    except OSError as error:
        raise refusal(error, path, needed) from error
    return Out(path, manifest, head.seq, records, tuple(missing))


def _write_copy(place: Workplace, writer: bundle.Writer, centre: "Linked", digest: str, size: int) -> None:
    for offset in range(0, max(size, 1), wire.CHUNK):
        with place.database.reading() as connection:
            content = link.piece(connection, digest, offset, wire.CHUNK)
        writer.add(bundle.ATTACHMENT, pieces.section(digest, offset, size), pieces.sealed(centre.seal_key, content))


def refusal(error: OSError, path: Path, needed: int) -> KnownError:
    """What the medium's refusal means, and what to do."""
    sentence = {
        errno.ENOSPC: _FULL,
        errno.EDQUOT: _FULL,
        errno.EROFS: _READ_ONLY,
        errno.EACCES: _NO_RIGHTS,
        errno.EPERM: _NO_RIGHTS,
        errno.ENOENT: _GONE,
        errno.ENODEV: _GONE,
        errno.ENXIO: _GONE,
        errno.EIO: _GONE,
        errno.EFBIG: _TOO_LARGE,
    }.get(error.errno or 0, _UNWRITABLE)
    of, unit = (1 << 20, N_("{n} MB")) if needed >= 1 << 20 else (1 << 10, N_("{n} KB"))
    told = {"path": str(path.parent), "size": Text(unit, {"n": -(-needed // of)}), "reason": system.refusal(error)}
    return KnownError(Text(sentence, told))


@dataclass(frozen=True, slots=True)
class Returned:
    """What the centre gave back, all of it checked: statements as text, items by hash."""

    manifest: bundle.Manifest
    certificates: tuple[str, ...]
    receipts: tuple[str, ...]
    standings: tuple[str, ...]
    holding: str | None
    """what the centre holds of the copies; None where its program is older and doesn't say"""
    published: str | None
    items: dict[str, bytes]


def read(place: Workplace, centre: "Linked", path: Path, report: Report) -> Returned:
    """The bundle from the centre; UserError with the sentence that says why it is not taken, KnownError where the
    medium fails. Nothing is changed here."""
    report(Progress(Text(_READING), 0, 0))
    name = {"path": path.name}
    texts: dict[str, list[str]] = {
        kind: [] for kind in (bundle.CERTIFICATE, bundle.RECEIPT, bundle.STANDING, bundle.HOLDING, bundle.REFERENCE)
    }
    items: dict[str, bytes] = {}
    try:
        with bundle.Reader(path) as reader:
            manifest = reader.manifest
            _require_ours(place, centre, manifest, name)
            # Each part is read once, and checked by that, whatever it is.
            for section in manifest.sections:
                data = reader.content(section)
                if section.kind == bundle.ITEM:
                    items[section.name] = data
                elif section.kind in texts:
                    texts[section.kind].append(data.decode())
    except OSError as error:
        told_ = {"path": str(path), "reason": system.refusal(error)}
        raise KnownError(Text(_UNREADABLE, told_)) from error
    except UnicodeDecodeError as error:
        raise UserError(Text(_WRONG, name)) from error
    holding, published = (texts[kind][-1] if texts[kind] else None for kind in (bundle.HOLDING, bundle.REFERENCE))
    certificates, receipts, standings = (
        tuple(texts[kind]) for kind in (bundle.CERTIFICATE, bundle.RECEIPT, bundle.STANDING)
    )
    found = Returned(manifest, certificates, receipts, standings, holding, published, items)
    try:
        _check(link_log.identity(place).device, centre, found)
    except ValueError as error:
        raise UserError(Text(_WRONG, name)) from error
    return found


def _require_ours(place: Workplace, centre: "Linked", manifest: bundle.Manifest, name: dict[str, str]) -> None:
    found = _judge(place, centre, manifest)
    if found.whose is Whose.TAKEN:
        raise NothingToDo(Text(_TAKEN, name))
    if found.whose in _REFUSED:
        own = shown(link_log.identity(place).device)
        raise UserError(Text(_REFUSED[found.whose], {**name, "laptop": found.laptop, "own": own}))


def look(place: Workplace, centre: "Linked", path: Path) -> BundleView:
    """What a file is to this laptop, by its manifest alone: nothing is taken from it."""
    try:
        with bundle.Reader(path) as reader:
            manifest = reader.manifest
    except (OSError, UserError):
        return BundleView(Whose.BROKEN)
    return _judge(place, centre, manifest)


def _judge(place: Workplace, centre: "Linked", manifest: bundle.Manifest) -> BundleView:
    with place.database.reading() as connection:
        who, taken = installation.identity(connection), entries.of_kind(connection, link_store.BUNDLE)
    try:
        written = read_time(manifest.made_at)
    except ValueError:
        return BundleView(Whose.BROKEN)
    if manifest.key == who.device_public:
        return BundleView(Whose.OWN, written)
    if manifest.key != centre.sign_key or manifest.sender != centre.id:
        if manifest.to == centre.id:
            return BundleView(Whose.BY_ANOTHER, written, shown(manifest.sender))
        return BundleView(Whose.FOREIGN, written)
    if manifest.to != who.device:
        return BundleView(Whose.FOR_ANOTHER, written, shown(manifest.to))
    if manifest.id in taken:
        return BundleView(Whose.TAKEN, written)
    if any(record["made_at"] >= manifest.made_at for record in taken.values()):
        return BundleView(Whose.OLDER, written)
    return BundleView(Whose.OURS, written)


def _check(device: str, centre: "Linked", found: Returned) -> None:
    for data in found.certificates:
        if admission.read_certificate(data.encode(), centre.sign_key).device != device:
            raise ValueError("of another laptop")
    for data in found.receipts:
        told.read_receipt(data.encode(), centre.sign_key)
    for data in found.standings:
        told.read_standing(data.encode(), centre.sign_key)
    if found.holding is not None:
        held = told.read_holding(found.holding.encode(), centre.sign_key)
        if (held.centre, held.device) != (centre.id, device):
            raise ValueError("of another laptop")
    if found.published is not None:
        reference.read_reference(found.published.encode(), centre.sign_key)


def made_at(found: Returned) -> "datetime":
    """When the centre wrote it; UserError for a bundle that doesn't say."""
    try:
        return read_time(found.manifest.made_at)
    except ValueError as error:
        raise UserError(Text(_WRONG, {"path": found.manifest.id})) from error


def take(work: "UnitOfWork", centre: "Linked", found: Returned) -> list["link_store.Taken"]:
    """Write what came back of certificate, receipts and standings, and that this bundle was taken."""
    from dataclasses import replace

    for data in found.certificates:
        link_store.put_centre(work, replace(centre, certificate=data))
    taken = [link_store.take_receipt(work, centre, data, "stick") for data in found.receipts]
    for data in found.standings:
        link_store.take_standing(work, centre, data)
    record = {"made_at": found.manifest.made_at, "taken_at": written_time(work.now)}
    entries.put(work, link_store.BUNDLE, found.manifest.id, record, screen=link_store.SCREEN)
    return taken


def _department(row: installation.DepartmentRow) -> dict[str, object]:
    from app.services.founding import describe_department

    return describe_department(row)
