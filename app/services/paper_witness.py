"""What this laptop knows of its own papers: its key, and which of them hold no more; for itself and for others."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.domain.dates import parse_iso
from app.domain.errors import UserError
from app.domain.papers import written
from app.domain.text import N_, LocalText, Text
from app.domain.vocabulary import PaperState
from app.services.output import write_files
from app.services.paper_check import Answer, check, read_paper
from app.services.paper_keys import (
    FOLDER,
    RESUMED,
    SPOILED,
    SUFFIX,
    SUPERSEDED,
    Desk,
    PaperKeys,
    Void,
    centres,
    from_file,
    shipped_and_taken,
    signer_of,
    told_by,
)
from app.services.workplace import Workplace
from app.storage import files

if TYPE_CHECKING:
    from sqlalchemy import Connection


class PaperWitnessService:
    """Checks papers with all that is at hand, and writes what others need to check the papers of this desk."""

    def __init__(self, place: Workplace) -> None:
        self._place = place

    def check(self, data: bytes) -> Answer:
        """Is this paper genuine? A PDF, a picture, or the text of a code: see `app.services.paper_check`."""
        return check(data, self.keys())

    def check_file(self, path: Path) -> Answer:
        """The same for a file; KnownError where it can't be read."""
        return self.check(read_paper(path))

    def take_in(self, path: Path) -> tuple[Desk, ...]:
        """Keep a file of keys from a desk or the centre; whose keys are known by it. UserError, KnownError as
        `paper_keys.from_file`; UserError where it is older than what is kept of the same signer."""
        data_dir = self._place.keys.path.parent
        found = from_file(path, centres(data_dir))
        signer = signer_of(path)
        kept = data_dir / FOLDER / f"{signer}{SUFFIX}"
        if kept.is_file():
            before = {named: desk.told_on for named, desk in from_file(kept, centres(data_dir)).desks.items()}
            if any((before.get(named) or date.min) > (desk.told_on or date.min) for named, desk in found.desks.items()):
                sentence = N_("{path} is older than what is known of this desk. Nothing was changed.")
                raise UserError(Text(sentence, {"path": path.name}))
        files.make_private_directory(kept.parent)
        files.write_whole(kept, path.read_bytes())
        return tuple(found.desks.values())

    def export_to(self, path: Path) -> None:
        """Write what `export` says into a file; KnownError where the disk refuses."""
        write_files({path: self.export()})

    def keys(self) -> PaperKeys:
        """What ships, what was taken from others, and what this laptop itself knows."""
        from app.crypto.cose import key_id
        from app.storage import installation

        with self._place.database.reading() as connection:
            own, row = installation.identity(connection).device_public, installation.department(connection)
            void = tuple(_void(connection, own))
        names = LocalText(kk=row.kk, ru=row.ru, en=row.en)
        desk = Desk(own, row.number, row.region, names, self._place.clock.today(), "")
        return PaperKeys({key_id(own): desk}, void) + shipped_and_taken(self._place.keys.path.parent)

    def fingerprint(self) -> str:
        """How people compare the key of this desk."""
        from app.crypto.signing import fingerprint
        from app.storage import installation

        with self._place.database.reading() as connection:
            return fingerprint(installation.identity(connection).device_public)

    def export(self) -> bytes:
        """The file that says this to others, signed by the desk. It holds no personal data: cases by their number,
        papers by the hash of an event."""
        from app.storage import installation
        from app.storage.unit_of_work import written_time

        with self._place.database.reading() as connection:
            identity, row = installation.identity(connection), installation.department(connection)
            void = [_written(one) for one in _void(connection, identity.device_public)]
        names = {"kk": row.kk, "ru": row.ru, "en": row.en}
        department = {"number": row.number, "region": row.region, "names": names}
        told_at = written_time(self._place.clock.now())
        return told_by(identity.device_seed, {"department": department, "told_at": told_at, "void": void})


def _void(connection: "Connection", key: bytes) -> Iterator[Void]:
    from app.storage import cases, papers
    from app.storage.chain import EVENTS

    for _, record in EVENTS.told(connection, "case.superseded"):
        head = EVENTS.last(connection, record["case_id"], "case.signed")
        by = cases.find(connection, record["payload"]["by"])
        if head is not None:
            yield Void(key, SUPERSEDED, _short(head.hash), by=by.number if by else "", on=_day(record))
    for seq, record in EVENTS.told(connection, "case.resumed"):
        head = EVENTS.last(connection, record["case_id"], "case.ended", before=seq)
        if head is not None:
            yield Void(key, RESUMED, _short(head.hash), on=_day(record))
    for row in papers.every(connection):
        if row.state == PaperState.SPOILED and row.spoiled_at is not None:
            number = f"{row.series} № {written(row.number, row.digits)}".strip()
            yield Void(key, SPOILED, blank=f"{row.kind} {number}", on=cases.moment(row.spoiled_at).date())


def _short(digest: str) -> bytes:
    return bytes.fromhex(digest)[:16]


def _day(record: dict[str, Any]) -> date | None:
    return parse_iso(record["wall_time"][:10])


def _written(void: Void) -> dict[str, str]:
    told = {
        "reason": void.reason,
        "head": void.head.hex(),
        "blank": void.blank,
        "by": void.by,
        "on": void.on.isoformat() if void.on else "",
    }
    return {key: value for key, value in told.items() if value}
