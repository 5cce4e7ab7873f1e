"""A bundle of 10,000 records and 200 copies of papers, both ways and at both ends, against the bare chain of the same
steps: hash, sign, compress, encrypt, write, flush to the disk."""

import hashlib
import os
import resource
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from app.crypto import digests, signing
from app.domain.text import LocalText
from app.services.desk import Desk
from app.storage import link
from app.storage.chain import EVENTS
from app.sync import bundle as files
from app.sync import envelope, reference, told, wire
from tests.bench.centre_bundles import CODE, SEAL, SEED, centre_bundles
from tests.bench.desk import LOGIN, NAME, PASSPHRASE, made, sample
from tests.bench.measure import Line, in_turn

RECORDS: Final = 10_000
COPIES: Final = 200
COPY_BYTES: Final = 150_000
ROUNDS: Final = 5


def bundle(folder: Path) -> Iterator[Line]:
    """Both ways, and how much memory writing takes beyond what the desk has."""
    desk = filled(folder)
    public = envelope.public_half(SEAL)
    desk.link.enrol(told.invited(SEED, LocalText("Орталық", "Центр", "Centre"), public, (), CODE))
    numbers = iter(range(1000))

    def ours() -> Path:
        path = folder / f"ours-{next(numbers)}{files.SUFFIX}"
        desk.link.export_bundle(path)
        return path

    def timed(work: Any) -> float:
        import time

        begin = time.perf_counter()
        left = work()
        seconds = time.perf_counter() - begin
        left.unlink()
        return seconds

    first = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    timed(ours)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - first) / 1024
    mine, bare = in_turn(lambda: timed(ours), lambda: timed(lambda: chain(desk, folder, public)), ROUNDS)
    note = f"{mine * 1000:.0f} ms against {bare * 1000:.0f} ms: {desk.link.status().head_seq} records, {COPIES} copies"
    yield Line("a bundle written and read back, against the bare chain", mine / bare, 2.0, "x", note)
    yield Line("memory that writing a bundle adds", grown, 48.0, "MB")

    carried = folder / f"carried{files.SUFFIX}"
    desk.link.export_bundle(carried)
    yield from centre_bundles(folder, carried)

    who, versions = identity(desk), iter(range(1, 1000))

    def taken() -> float:
        path = returned(folder, who, next(versions))
        return timed(lambda: (desk.link.import_bundle(path), path)[1])

    def bare_taken() -> float:
        path = returned(folder, who, 0)
        return timed(lambda: opened(path, who))

    mine, bare = in_turn(taken, bare_taken, ROUNDS)
    note = (
        f"{mine * 1000:.0f} ms against {bare * 1000:.0f} ms: a receipt and {ITEM_BYTES >> 20} MB of what is published"
    )
    yield Line("a bundle taken in, against the bare chain", mine / bare, 2.0, "x", note)
    desk.close()


ITEM_BYTES: Final = 16 << 20


def filled(folder: Path) -> Desk:
    """A desk whose log has the records, and signed-off cases that name the copies."""
    from app.services.attachments import Copy

    desk = made(folder).sign_in(LOGIN, PASSPHRASE)
    for number in range(COPIES // 10):
        case = desk.examinations.import_case({**sample(), "decision": None})
        for at in range(10):
            data = b"%PDF-1.7\n" + hashlib.sha256(f"{number}/{at}".encode()).digest() + os.urandom(COPY_BYTES)
            desk.attachments.add(case.id, Copy(data, b"\xff\xd8\xff"), title=f"Қағаз {at}", of="consultation")
        desk.endings.end(case.id, {"kind": "withdrawal", "on": desk._place.clock.today().isoformat(), "head": NAME})
    record = "ұзақ мәтін " * 180
    with desk._place.begin() as work:
        while EVENTS.head(work.connection).seq < RECORDS:
            told_ = {"department": {"number": str(secrets.randbelow(10**9)), "words": record}}
            work.audit("department.changed", old=None, new=told_["department"])
            work.emit("department.changed", told_)
        work.commit()
    return desk


def identity(desk: Desk) -> Any:
    """Who the desk is."""
    from app.services.link_log import identity as of

    return of(desk._place)


def chain(desk: Desk, folder: Path, public: bytes) -> Path:
    """The bare steps over the same bytes, straight from the database."""
    path, who = folder / "bare.bin", identity(desk)
    digest = hashlib.sha256()
    with path.open("wb") as file, desk._place.database.reading() as connection:
        records = EVENTS.after(connection, 0, 1_000_000)
        while True:
            part = []
            for _, _, record in records:
                digests.digest(digests.EVENT, record)
                part.append(bytes(record))
                if len(part) == wire.MOST_EVENTS:
                    break
            if not part:
                break
            whole = b"".join(part)
            signing.sign(who.device_seed, wire.BATCH, hashlib.sha256(whole).digest())
            _write(file, digest, envelope.seal(public, wire.BATCH, envelope.pack(whole)))
        for copy in link.attachments_since(connection, 0):
            content = link.piece(connection, copy.digest, 0, wire.CHUNK)
            _write(file, digest, envelope.seal(public, wire.BATCH, envelope.pack(content)))
        file.flush()
        os.fsync(file.fileno())
    return path


def _write(file: Any, digest: Any, data: bytes) -> None:
    digest.update(data)
    file.write(data)


def returned(folder: Path, who: Any, version: int) -> Path:
    """A bundle of the centre with a large piece of what it publishes, sealed for this laptop."""
    path = folder / f"back-{version}{files.SUFFIX}"
    seal_key = envelope.public_half(envelope.sealing_key(who.device_seed))
    sealed = reference.seal_item(seal_key, os.urandom(ITEM_BYTES))
    items = (
        reference.Item("bench", "b", str(version), hashlib.sha256(sealed).hexdigest(), len(sealed), who.device),
    )  # fmt: skip
    centre = told.centre_id(signing.public_key(SEED))
    now = f"2030-01-01T00:00:{version % 60:02}.{version:06}Z"
    published = reference.reference(SEED, reference.Reference(centre, version, now, items))
    with files.Writer(path) as writer:
        writer.add(files.REFERENCE, "", published)
        writer.add(files.ITEM, items[0].sha256, sealed)
        writer.finish(SEED, sender=centre, to=who.device, made_at=now, told={})
    return path


def opened(path: Path, who: Any) -> Path:
    """The bare steps of taking it: read, hash, check the signature, decrypt, unpack."""
    private = envelope.sealing_key(who.device_seed)
    with files.Reader(path) as reader:
        for section in reader.manifest.sections:
            data = reader.content(section)
            if section.kind == files.ITEM:
                reference.open_item(private, data)
    return path
