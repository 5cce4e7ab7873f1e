"""Taking what the centre publishes: its statement first, then the items that aren't here yet, by their hash."""

import hashlib
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from app.domain.errors import CheckFailed, UserError
from app.domain.text import N_, Text
from app.services import link_store as store
from app.services.link_items import Items, Outcome, keep
from app.services.link_status import item_view
from app.services.link_views import Progress, ReferenceView, Report
from app.services.workplace import Workplace
from app.storage import entries, installation, link
from app.storage.unit_of_work import read_time, written_time
from app.sync import envelope, reference

if TYPE_CHECKING:
    from datetime import datetime

    from app.services.link_store import Linked
    from app.storage.unit_of_work import UnitOfWork

_TAKING: Final = N_("Taking in what the centre publishes")
LOWER: Final = N_(
    "The centre offers an older list (version {version}) than this laptop has ({known}): it was not taken. Call the"
    " centre."
)
_DAMAGED: Final = N_("It did not arrive as the centre signed it. The next exchange fetches it again.")
Fetch = Callable[[reference.Item], bytes | None]


def take_statement(
    work: "UnitOfWork", centre: "Linked", data: str, seen: "datetime"
) -> tuple[reference.Reference, bool]:
    """Keep what the centre publishes, seen as its newest word at a moment; whether it is new. CheckFailed for one with
    a lower version than is known; ValueError where the centre didn't sign it."""
    found = reference.read_reference(data.encode(), centre.sign_key)
    if found.centre != centre.id:
        raise ValueError("of another centre")
    record = store.one(work.connection, store.REFERENCE)
    if record:
        known = reference.read_reference(record["told"].encode(), centre.sign_key)
        if found.version < known.version:
            raise CheckFailed(Text(LOWER, {"version": found.version, "known": known.version}))
        if found.version == known.version:
            if (seen - read_time(record["fetched_at"])).total_seconds() > 3600:
                store.put_one(work, store.REFERENCE, {**record, "fetched_at": written_time(seen)})
            return known, False
    store.put_one(work, store.REFERENCE, {"told": data, "fetched_at": written_time(seen)})
    listed = {store.item_entry(item) for item in found.items}
    for named, state in entries.of_kind(work.connection, store.ITEM).items():
        if named not in listed:  # it is published no more
            link.forget_item(work, state["sha256"])
            entries.put(work, store.ITEM, named, None, screen=store.SCREEN)
    return found, True


def take_items(
    place: Workplace, centre: "Linked", current: reference.Reference, items: Items, fetch: Fetch, report: Report
) -> tuple[ReferenceView, ...]:
    """Take in every item for this laptop that isn't taken yet; what became of each of them."""
    with place.database.reading() as connection:
        who = installation.identity(connection)
        states = entries.of_kind(connection, store.ITEM)
    wanted = [item for item in current.items if item.device in (None, who.device) and _is_open(states, item)]
    # What says whom to trust comes before what is to be trusted.
    wanted.sort(key=lambda item: (item.kind != reference.REVOCATIONS, _numbered(item.version)))
    views: list[ReferenceView] = []
    issued = read_time(current.issued_at)
    for at, item in enumerate(wanted):
        report(Progress(Text(_TAKING), at, len(wanted)))
        with place.database.reading() as connection:
            content = link.item(connection, item.sha256)
        kept = content is not None
        if content is None:
            content = fetch(item)
            if content is None:
                continue
        opened = _opened(who.device_seed, item, content)
        outcome = Outcome(False, Text(_DAMAGED), done=False) if opened is None else items.apply(centre, item, opened)
        with place.begin() as work:
            keep(work, item, None if kept else content, outcome)
            changed = entries.find(work.connection, store.ITEM, store.item_entry(item))
            if changed != states.get(store.item_entry(item)):
                work.commit()
                views.append(item_view(item, issued, changed))
    return tuple(views)


def _numbered(version: str) -> tuple[int, ...]:
    return tuple(int(part) if part.isdecimal() else 0 for part in version.split("."))


def _is_open(states: Mapping[str, Any], item: reference.Item) -> bool:
    state = states.get(store.item_entry(item))
    return state is None or state["sha256"] != item.sha256 or not state["done"]


def _opened(seed: bytes, item: reference.Item, content: bytes) -> bytes | None:
    """The item itself; None where it isn't what the statement names."""
    if len(content) != item.size or hashlib.sha256(content).hexdigest() != item.sha256:
        return None
    if item.device is None:
        return content
    try:
        return reference.open_item(envelope.sealing_key(seed), content)
    except ValueError:
        return None


def require_not_revoked(connection: "Any", *signers: str) -> None:
    """UserError where the centre has revoked this laptop, or one of these users (ids)."""
    from app.services import link_words as words
    from app.storage import users

    revoked = store.one(connection, store.REVOKED)
    if revoked.get("device"):
        raise UserError(Text(words.DEVICE_REVOKED))
    names = {user.id: user.name for user in users.everybody(connection)}
    for user in signers:
        if user in revoked.get("users", {}):
            raise UserError(Text(words.USER_REVOKED, {"name": names.get(user, "")}))
