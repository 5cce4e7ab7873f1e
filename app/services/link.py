"""The desk and its centre: what is on its way, exchanges over the network and by stick (adr/0039, adr/0042)."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from app.domain.errors import Cancelled, KnownError, UserError
from app.domain.text import N_, Text
from app.services import link_words as words
from app.services.link_policy import Policy
from app.services.link_screening import Screening
from app.services.link_views import (
    BundleView,
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

    from app.services.link_items import Items
    from app.services.link_store import Linked
    from app.services.views import Rendered

_SHOWN: Final = 50


def _silent(_: Progress) -> None:
    return


class LinkService:
    """For worker threads: nothing here holds the database while it waits for the network or a stick."""

    def __init__(self, place: Workplace, items: "Items", screening: Screening) -> None:
        self._place, self._items, self._screening = place, items, screening
        self._busy = threading.Lock()
        self._last: Exchange | None = None
        self.policy = Policy()
        with place.database.reading() as connection:
            self._refresh(connection)

    @property
    def changes(self) -> int:
        """Another number once something more waits for the centre; from memory, for any thread."""
        return self._place.database.emitted

    # --- what is where ----------------------------------------------------------------------------------------
    def status(self) -> LinkStatus:
        """What is waiting, sent, received; what somebody has to know or do."""
        from app.services import link_log, link_problems, link_status, link_store
        from app.storage import installation, link
        from app.storage.chain import EVENTS

        with self._place.database.reading() as connection:
            centre = link_store.linked(connection)
            known = link_status.ways(connection, centre)
            head = EVENTS.head(connection)
            # Without a centre nothing waits for anybody, and reading every case would take its time.
            missing = link_status.missing_copies(connection) if centre else []
            on_a_stick = link_status.carried_copies(connection, missing)
            switches = self._switches(connection)
            exchanges = link_status.exchanges(connection)
            return LinkStatus(
                centre=link_status.centre_view(centre) if centre else None,
                head_seq=head.seq,
                head_hash=head.hash,
                counts=known.counts(),
                attachments_waiting=len(missing) - on_a_stick,
                attachments_carried=on_a_stick,
                laptop=link_log.shown(installation.identity(connection).device),
                bytes_waiting=link.bytes_after(connection, known.delivered if centre else head.seq)
                + sum(copy.size for copy in missing),
                last_receipt=link_status.last_receipt(connection, centre) if centre else None,
                cases=tuple(islice(link_status.cases(connection, known, None), _SHOWN)),
                reference=link_status.published(connection, centre) if centre else (),
                problems=link_problems.of(connection, self._place.clock.now(), centre),
                last_exchange=self._last or (exchanges[0] if exchanges else None),
                automatic=switches["automatic"],
                metered=switches["metered"],
                kilobytes_a_second=switches["kilobytes_a_second"],
                begin_anew=link_problems.is_copied(connection),
                waiting_cases=link_status.waiting_cases(connection, known),
            )

    def settled_by_people(self) -> tuple[Text, ...]:
        """What no further exchange mends: a fork, a clone, a refusal, a revocation."""
        from app.services import link_problems

        with self._place.database.reading() as connection:
            return link_problems.lasting(connection)

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

    def is_linked(self) -> bool:
        """Whether this desk has a centre."""
        from app.services import link_store

        with self._place.database.reading() as connection:
            return link_store.linked(connection) is not None

    def receipts(self) -> tuple[ReceiptView, ...]:
        """What the centre has signed for, the newest first."""
        from app.services import link_status, link_store

        with self._place.database.reading() as connection:
            centre = link_store.linked(connection)
            return link_status.receipts(connection, centre) if centre else ()

    def exchanges(self) -> tuple[Exchange, ...]:
        """What was exchanged, the newest first."""
        from app.services import link_status

        with self._place.database.reading() as connection:
            return link_status.exchanges(connection)

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
        from app.services import link_invitation, link_problems, link_store

        if self._place.is_training():
            sentence = N_("This is the training: nothing leaves this laptop, and it is linked with nobody.")
            raise UserError(Text(sentence))
        link_problems.require_administrator(self._place)
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
                link_invitation.trust(self._place.keys.path.parent, centre)
                work.commit()
            self._refresh(work.connection)
        return self.status()

    def set_addresses(self, typed: str) -> None:
        """Where the centre is reached over the network: addresses with blanks between, none for by stick alone. Whom
        this desk trusts doesn't change by it: what another one answers there proves nothing.

        UserError: not the administrator, not linked, no address.
        """
        from app.services import link_invitation, link_problems, link_store

        link_problems.require_administrator(self._place)
        urls = link_invitation.addresses(typed.split())
        with self._place.begin() as work:
            known = link_store.require_linked(work.connection)
            if urls != known.urls:
                link_store.put_centre(work, replace(known, urls=urls))
                work.commit()
            self._refresh(work.connection)

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
            self._refresh(work.connection)

    def begin_anew(self, reason: str) -> None:
        """Begin a new life of the log, where two laptops continue one or an older copy of the data came back.

        UserError: not the administrator, no reason.
        """
        from app.domain.typed import line
        from app.services import incarnations, link_problems, link_store

        link_problems.require_administrator(self._place)
        why = line(" ".join(reason.split()), where="reason")
        if not why:
            raise UserError(Text(N_("A reason is needed: say in a few words what happened.")), where="reason")
        with self._place.begin() as work:
            incarnations.begin(work, log_set_aside=False, reason=why)
            link_store.put_one(work, link_store.AHEAD, None)
            work.commit()

    # --- over the network -------------------------------------------------------------------------------------
    def is_due(self) -> bool:
        """Whether an exchange should begin by itself now. For a timer of the window: nothing is waited for."""
        return self._automatic and self.policy.is_due() and not self._busy.locked()

    def exchange(self, report: Report = _silent, *, push: bool = True, pull: bool = True) -> Exchange:
        """Exchange with the centre over the network: send what it doesn't have, take what it publishes.

        UserError where there is no centre; KnownError where an exchange is under way. Whatever the network does is told
        in `stopped`. Cancelled where `report` raises it: what was confirmed until then counts.
        """
        from app.services import link_log
        from app.services.link_exchange import Network

        with self._alone():
            began = self._place.clock.now()
            with self._place.database.reading() as connection:
                switches = self._switches(connection)
            network = Network(self._place, self._centre(), self._items, switches, report)
            try:
                network.run(push=push, pull=pull)
            except Cancelled:
                network.done.stopped = Text(N_("Stopped by hand. What was confirmed until then counts."))
                raise
            finally:
                done = network.done
                told = link_log.told(self._place, began, "network", heard=done.heard, came_back=done.came_back,
                                  stopped=done.stopped, remarks=tuple(done.remarks))  # fmt: skip
                told = replace(told, ours={**told.ours, "sent_events": done.events, "sent_attachments": done.copies})
                self._remember(told)
                self.policy.failed() if done.stopped else self.policy.succeeded()
        return told

    # --- by stick ---------------------------------------------------------------------------------------------
    def export_bundle(self, target: Path, report: Report = _silent) -> Exchange:
        """Write what has no receipt into a bundle, a file or a new one in a folder (beside those that lie there), and
        read it back.

        UserError: no centre, something is there already; KnownError: the stick is full, read-only, pulled out;
        NothingToDo: the centre has everything. Cancelled where `report` raises it. Nothing half-written is left.
        """
        from app.services import link_bundles, link_log, link_status, link_store

        with self._alone():
            began = self._place.clock.now()
            centre = self._centre()
            out = link_bundles.write(self._place, centre, target, report)
            done = link_log.told(
                self._place, began, "stick-out", heard=False, path=out.path, remarks=(Text(words.SAFE),)
            )
            done = replace(done, ours={**done.ours, "sent_events": out.events, "sent_attachments": len(out.copies)})
            with self._place.begin() as work:
                before = int(link_store.one(work.connection, link_store.CARRIED).get("seq", 0))
                carried = link_status.carried_record(max(out.seq, before), out.manifest.id, out.copies)
                link_store.put_one(work, link_store.CARRIED, carried)
                link_status.keep(work, done)
                work.commit()
            self._last = done
        return done

    def import_bundle(self, path: Path, report: Report = _silent) -> Exchange:
        """Take in the bundle that the centre gave back: receipts, and what it publishes.

        UserError: torn, changed, of another centre, for another laptop, older than one that was taken; NothingToDo:
        taken already; KnownError: the stick fails. Nothing is changed then.
        """
        from app.services import link_log
        from app.services.link_exchange import take_back

        with self._alone():
            began, centre = self._place.clock.now(), self._centre()
            taken = take_back(self._place, centre, self._items, path, report)
            done = link_log.told(self._place, began, "stick-in", heard=taken.heard, path=path,
                                 came_back=taken.came_back, remarks=tuple(taken.remarks))  # fmt: skip
            self._remember(done)
        return done

    def look(self, path: Path) -> BundleView:
        """Whose a file of the link is, without taking it in. UserError where there is no centre."""
        from app.services import link_bundles

        return link_bundles.look(self._place, self._centre(), path)

    def slip(self, exchange_id: str, language: str) -> "Rendered":
        """The slip of an exchange (PDF) in a language; UserError where there is no such exchange."""
        from app.services import link_slip

        return link_slip.render(self._place, link_slip.find(self._place, exchange_id, self._last), language)

    def screen(self, iin: str) -> tuple[str, ...]:
        """Among whom a person with this ИИН may be, by the lists that came from the centre: `deceased`, `examined`,
        `revoked`; perhaps wrongly for one in thousands, so a hit is a reason to ask. On a worker thread."""
        return self._screening.hits(iin)

    # --- inside -----------------------------------------------------------------------------------------------
    @contextmanager
    def _alone(self) -> Iterator[None]:
        if not self._busy.acquire(blocking=False):
            raise KnownError(Text(N_("An exchange is under way already. Wait until it has ended.")))
        try:
            yield
        finally:
            self._busy.release()

    def _refresh(self, connection: "Connection") -> None:
        """What the timer of the window asks, kept in memory."""
        from app.services import link_store

        centre = link_store.linked(connection)
        self._automatic = bool(centre and centre.urls and self._switches(connection)["automatic"])

    def _remember(self, done: Exchange) -> None:
        """Keep an exchange, unless it tells nothing that the one before didn't: nobody wants an entry a quarter of an
        hour."""
        from app.services import link_status

        with self._place.begin() as work:
            before = next(iter(link_status.exchanges(work.connection)), None)
            if before is None or done.came_back or link_status.news(before) != link_status.news(done):
                link_status.keep(work, done)
                work.commit()
        self._last = done

    def _centre(self) -> "Linked":
        from app.services import link_store

        with self._place.database.reading() as connection:
            return link_store.require_linked(connection)

    def _switches(self, connection: "Connection") -> dict[str, Any]:
        from app.services import link_store

        usual = {"automatic": True, "metered": False, "kilobytes_a_second": None}
        return {**usual, **link_store.one(connection, link_store.SWITCHES)}
