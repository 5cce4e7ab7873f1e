"""The desk and its centre: what is on its way, exchanges over the network and by stick (adr/0039, adr/0042)."""

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from app.domain.errors import KnownError, UserError
from app.domain.text import N_, Text
from app.services import link_words as words
from app.services.link_views import (
    CaseOnItsWay,
    CentreView,
    Exchange,
    LinkStatus,
    Place,
    Progress,
    ReceiptView,
    Report,
)
from app.services.workplace import Workplace

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from app.services.link_store import Linked

_SHOWN: Final = 50


def _silent(_: Progress) -> None:
    return


class LinkService:
    """For worker threads: nothing here holds the database while it waits for the network or a stick."""

    def __init__(self, place: Workplace) -> None:
        self._place = place
        self._busy = threading.Lock()

    # --- what is where ----------------------------------------------------------------------------------------
    def status(self) -> LinkStatus:
        """What is waiting, sent, received; what somebody has to know or do."""
        from app.services import link_problems, link_status, link_store
        from app.storage import link
        from app.storage.chain import EVENTS

        with self._place.database.reading() as connection:
            centre = link_store.linked(connection)
            known = link_status.ways(connection, centre)
            head = EVENTS.head(connection)
            missing = link_status.missing_copies(connection)
            switches = self._switches(connection)
            exchanges = _exchanges(connection)
            return LinkStatus(
                centre=link_status.centre_view(centre) if centre else None,
                head_seq=head.seq,
                head_hash=head.hash,
                counts=known.counts(),
                attachments_waiting=len(missing),
                bytes_waiting=link.bytes_after(connection, known.delivered) + sum(size for _, size in missing),
                last_receipt=link_status.last_receipt(connection, centre) if centre else None,
                cases=tuple(islice(link_status.cases(connection, known, None), _SHOWN)),
                reference=link_status.published(connection, centre) if centre else (),
                problems=link_problems.of(connection, self._place.clock.now(), centre),
                last_exchange=exchanges[0] if exchanges else None,
                automatic=switches["automatic"],
                metered=switches["metered"],
                kilobytes_a_second=switches["kilobytes_a_second"],
                begin_anew=bool(
                    link_store.one(connection, link_store.FORK) or link_store.one(connection, link_store.AHEAD)
                ),
            )

    def cases(self, place: Place | None = None, limit: int = 200, offset: int = 0) -> tuple[CaseOnItsWay, ...]:
        """Signed and ended cases, newest first; those at one place alone where it is named."""
        from app.services import link_status, link_store

        with self._place.database.reading() as connection:
            known = link_status.ways(connection, link_store.linked(connection))
            return tuple(islice(link_status.cases(connection, known, place), offset, offset + limit))

    def case(self, case_id: str) -> CaseOnItsWay | None:
        """Where one case is; None for a draft, which doesn't travel."""
        from app.services import link_status, link_store
        from app.storage import link

        with self._place.database.reading() as connection:
            found = link.travelled_case(connection, case_id)
            if found is None:
                return None
            return link_status.case(connection, link_status.ways(connection, link_store.linked(connection)), found)

    def receipts(self) -> tuple[ReceiptView, ...]:
        """What the centre has signed for, the newest first."""
        from app.services import link_status, link_store

        with self._place.database.reading() as connection:
            centre = link_store.linked(connection)
            return link_status.receipts(connection, centre) if centre else ()

    def exchanges(self) -> tuple[Exchange, ...]:
        """What was exchanged, the newest first."""
        with self._place.database.reading() as connection:
            return _exchanges(connection)

    # --- the centre -------------------------------------------------------------------------------------------
    def read_invitation(self, data: bytes) -> tuple[CentreView, bytes]:
        """Who invites, by a file, the text of a QR code or a picture of it, and what `enrol` takes; UserError where it
        is no invitation. Its fingerprint is to be compared with the centre by telephone before it is taken."""
        from app.services import link_invitation, link_status

        centre, invitation = link_invitation.read(data)
        return link_status.centre_view(link_invitation.linked(centre)), invitation

    def enrol(self, invitation: bytes) -> LinkStatus:
        """Link this desk with the centre whose invitation this is; the laptop itself introduces itself at the next
        exchange. UserError: not the administrator, no invitation, another centre than the one it is linked with."""
        from app.services import link_invitation, link_store

        self._require_administrator()
        centre = link_invitation.linked(link_invitation.read(invitation)[0])
        with self._place.begin() as work:
            known = link_store.linked(work.connection)
            if known is not None and known.id != centre.id:
                sentence = N_(
                    "This desk is linked with {name} already. A desk has one centre: nothing was changed. Ask that"
                    " centre if this is to change."
                )
                raise UserError(Text(sentence, {"name": known.name}))
            if known is not None:  # a new code or new addresses of the same centre
                centre = replace(centre, certificate=known.certificate)
            if centre != known:
                link_store.put_centre(work, centre)
                link_store.put_one(work, link_store.REFUSED, None)
                work.commit()
        return self.status()

    def set_switches(self, *, automatic: bool, metered: bool, kilobytes_a_second: int | None) -> None:
        """Whether exchanges begin by themselves; whether the connection is paid by volume; the most that is sent in a
        second. UserError for a limit below 1."""
        from app.services import link_store

        if kilobytes_a_second is not None and not 1 <= kilobytes_a_second <= 1_000_000:
            sentence = N_("The limit is a number of kilobytes a second, from 1 on; leave it empty for none.")
            raise UserError(Text(sentence), where="kilobytes_a_second")
        record = {"automatic": automatic, "metered": metered, "kilobytes_a_second": kilobytes_a_second}
        with self._place.begin() as work:
            if record != self._switches(work.connection):
                link_store.put_one(work, link_store.SWITCHES, record)
                work.commit()

    # --- by stick ---------------------------------------------------------------------------------------------
    def export_bundle(self, target: Path, report: Report = _silent) -> Exchange:
        """Write what has no receipt into a bundle, a file or a new one in a folder, and read it back.

        UserError: no centre, something is there already; KnownError: the stick is full, read-only, pulled out;
        NothingToDo: the centre has everything. Cancelled where `report` raises it. Nothing half-written is left.
        """
        from app.services import link_bundles, link_log, link_store

        with self._alone():
            began = self._place.clock.now()
            centre = self._centre()
            out = link_bundles.write(self._place, centre, target, report)
            done = self._told(began, "stick-out", path=out.path, remarks=(Text(words.SAFE),))
            done = replace(done, ours={**link_log.ours(self._place), "sent_events": out.events,
                                       "sent_attachments": out.copies})  # fmt: skip
            with self._place.begin() as work:
                carried = link_store.one(work.connection, link_store.CARRIED)
                if out.seq > carried.get("seq", 0):
                    link_store.put_one(work, link_store.CARRIED, {"seq": out.seq, "bundle": out.manifest.id})
                _keep(work, done)
                work.commit()
        return done

    # --- inside -----------------------------------------------------------------------------------------------
    @contextmanager
    def _alone(self) -> Iterator[None]:
        if not self._busy.acquire(blocking=False):
            raise KnownError(Text(N_("An exchange is under way already. Wait until it has ended.")))
        try:
            yield
        finally:
            self._busy.release()

    def _centre(self) -> "Linked":
        from app.services import link_store

        with self._place.database.reading() as connection:
            return link_store.require_linked(connection)

    def _require_administrator(self) -> None:
        administrator = self._place.administrator()
        if administrator.id != self._place.user.id:
            sentence = N_(
                "The link with the centre is the matter of {name} ({login}), who set this desk up. Nothing was changed."
                " Sign in with that login."
            )
            raise UserError(Text(sentence, {"name": administrator.name, "login": administrator.login}))

    def _switches(self, connection: "Connection") -> dict[str, Any]:
        from app.services import link_store

        usual = {"automatic": True, "metered": False, "kilobytes_a_second": None}
        return {**usual, **link_store.one(connection, link_store.SWITCHES)}

    def _told(self, began: datetime, by: str, **more: Any) -> Exchange:
        from app.services import link_log

        return Exchange(
            id=secrets.token_hex(8),
            by=by,
            started_at=began,
            ended_at=self._place.clock.now(),
            ours=link_log.ours(self._place),
            theirs=link_log.theirs(self._place),
            **more,
        )


def _keep(work: Any, done: Exchange) -> None:
    from app.services import link_status, link_store
    from app.storage import entries

    entries.put(work, link_store.EXCHANGE, done.id, link_status.exchange_record(done), screen=link_store.SCREEN)


def _exchanges(connection: "Connection") -> tuple[Exchange, ...]:
    from app.services import link_status, link_store
    from app.storage import entries

    found = [link_status.exchange_of(*one) for one in entries.of_kind(connection, link_store.EXCHANGE).items()]
    return tuple(sorted(found, key=lambda one: one.ended_at, reverse=True))
