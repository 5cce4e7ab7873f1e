"""One exchange over the network: who we are, what the centre holds, records, copies, and what it publishes."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from app.domain.errors import CheckFailed, KnownError
from app.domain.text import N_, Text
from app.services import link_bundles, link_log, link_pull, link_status
from app.services import link_store as store
from app.services import link_words as words
from app.services.link_items import Items
from app.services.link_push import Push
from app.services.link_views import ReferenceView, Report
from app.services.workplace import Workplace
from app.sync import reference, told
from app.sync.client import Client

if TYPE_CHECKING:
    from app.services.link_store import Linked

_BY_STICK: Final = N_("This centre is reached by stick alone. Write a bundle, and take in the one that comes back.")


@dataclass(slots=True)
class Done:
    """What came of it. `heard`: whether the centre said what it holds; `stopped`: why it ended early."""

    events: int = 0
    copies: int = 0
    heard: bool = False
    came_back: tuple[ReferenceView, ...] = ()
    remarks: list[Text] = field(default_factory=list)
    stopped: Text | None = None


def take_back(place: Workplace, centre: "Linked", items: Items, path: Path, report: Report) -> Done:
    """Take in the bundle that the centre gave back. Errors as `link_bundles.read`."""
    found, remarks, current = link_bundles.read(place, centre, path, report), [], None
    made_at = link_bundles.made_at(found)
    with place.begin() as work:
        known, last = store.delivered(work.connection), link_status.last_receipt(work.connection, centre)
        taken = link_bundles.take(work, centre, found)
        for one in taken:
            if one.ahead:
                store.put_one(work, store.AHEAD, {"seq": one.receipt.upto_seq})
        held = max((one.receipt.upto_seq for one in taken if one.ours), default=0)
        if held < known and last is not None and made_at > last.server_time:
            # Later by its own clock it holds less: it came back from an old copy.
            store.fall_back(work, held)
            remarks.append(Text(words.LOST, {"seq": held}))
        if found.holding is not None:
            of_now = last is None or made_at > last.server_time
            copies = told.read_holding(found.holding.encode(), centre.sign_key).copies
            link_status.note_held(work, copies, of_now=of_now)
        link_status.note_arrived(work, centre)
        if found.published is not None:
            try:
                current, _ = link_pull.take_statement(work, centre, found.published, made_at)
            except CheckFailed as error:
                remarks.append(error.text)
        work.commit()
    done = Done(heard=any(one.ours for one in taken), remarks=remarks)
    if current is not None:
        done.came_back = link_pull.take_items(
            place, centre, current, items, lambda item: found.items.get(item.sha256), report
        )
    return done


class Network:
    """Runs exchanges; `done` is told even where somebody stopped it in between."""

    def __init__(
        self, place: Workplace, centre: "Linked", items: Items, switches: dict[str, Any], report: Report
    ) -> None:  # fmt: skip
        self._place, self._centre, self._items = place, centre, items
        self._switches, self._report = switches, report
        self.done = Done()

    def run(self, *, push: bool, pull: bool) -> Done:
        """The whole of it. Whatever the network does ends in a sentence; Cancelled passes."""
        if not self._centre.urls:
            self.done.stopped = Text(_BY_STICK)
            return self.done
        who = link_log.identity(self._place)
        limit = self._switches["kilobytes_a_second"]
        client = Client(self._centre.urls, self._centre.sign_key, who.device, who.device_seed,
                        limit=limit * 1000 if limit else None)  # fmt: skip
        with client:
            sending = Push(self._place, self._centre, client, self._report)
            try:
                sending.introduce()
                if push:
                    sending.compare()
                    sending.records()
                    sending.earlier()
                    sending.copies(metered=self._switches["metered"])
                if pull:
                    self._pull(sending, client)
            except KnownError as error:
                self.done.stopped = error.text
            finally:
                self.done.events, self.done.copies = sending.sent.events, sending.sent.copies
                self.done.heard = sending.sent.heard
                self.done.remarks[:0] = sending.sent.remarks
                if client.inspected:
                    self.done.remarks.append(Text(words.INSPECTED))
        return self.done

    def _pull(self, sending: Push, client: Client) -> None:
        answer = sending.ask("GET", "/v1/reference")
        data = answer.get("reference")
        if not isinstance(data, str):
            return  # a centre that publishes nothing
        try:
            with self._place.begin() as work:
                before = store.one(work.connection, store.REFERENCE)
                current, _ = link_pull.take_statement(work, self._centre, data, work.now)
                if store.one(work.connection, store.REFERENCE) != before:
                    work.commit()
        except CheckFailed as error:
            self.done.remarks.append(error.text)
            return
        except ValueError:
            return

        def fetch(item: reference.Item) -> bytes | None:
            return client.fetch(f"/v1/reference/{item.sha256}", item.size)

        self.done.came_back = link_pull.take_items(
            self._place, self._centre, current, self._items, fetch, self._report
        )  # fmt: skip
