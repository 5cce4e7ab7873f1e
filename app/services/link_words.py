"""The words of the link: where a case is on its way, and why the centre set a record aside."""

from collections.abc import Mapping
from typing import Final

from app.domain.text import N_, LocalText, Text
from app.services.link_views import Place, ReferenceView
from app.sync.reasons import quarantined

WORDS: Final[Mapping[Place, str]] = {
    Place.WAITING: N_("waits on this laptop"),
    Place.CARRIED: N_("written to a stick, waits for the receipt"),
    Place.RECEIVED: N_("received by the centre"),
    Place.APPLIED: N_("taken over by the centre"),
    Place.INCOMPLETE: N_("the centre waits for copies of papers"),
    Place.QUARANTINED: N_("somebody at the centre looks at it"),
    Place.ASIDE: N_("kept aside by the centre"),
}

KINDS: Final[Mapping[str, str]] = {
    "pack": N_("Criteria"),
    "classifier": N_("Classification"),
    "letterhead": N_("Letterhead"),
    "paper-keys": N_("Keys of papers"),
    "revocations": N_("Revocations"),
    "filter": N_("List for screening"),
    "assignments": N_("Assignments"),
}
"""What the centre publishes."""
_NAMES: Final[Mapping[str, Mapping[str, str]]] = {
    "paper-keys": {"centre": N_("of all departments")},
    "revocations": {"centre": N_("of laptops and users")},
    "letterhead": {"department": N_("of this department")},
    "assignments": {"assignments": N_("for this laptop")},
    "filter": {
        "deceased": N_("the deceased"),
        "revoked": N_("revoked conclusions"),
        "examined": N_("already examined elsewhere"),
    },
}
"""In words what the centre's program, not a person, called an item."""

LOOKED_AT: Final = N_("{reason} Nothing is lost: somebody at the centre looks at it. Ask the centre.")
INCOMPLETE: Final = N_("{came} of {of} copies of papers have arrived. The next exchange or stick brings the rest.")
ASIDE: Final = N_(
    "Two laptops continued one log, as after a disk was copied. The centre keeps both and a person there decides. Go on"
    " working, and call the centre."
)

FORKED: Final = N_(
    "Two laptops continue one log: the centre already holds other records under the numbers of this one. Nothing is"
    " lost, the centre keeps both. Call the centre, then begin a new log on this laptop."
)
AHEAD: Final = N_(
    "The centre holds records that this laptop doesn't have: this is an older copy of its data, or another laptop works"
    " with a copy. Begin a new log on this laptop, then exchange again."
)
RESTORED: Final = N_(
    "The centre has lost what came after record {seq}, as after a restored backup. This laptop has sent it again."
)
LOST: Final = N_(
    "The centre has lost what came after record {seq}, as after a restored backup. Write a new bundle for it."
)
REFUSED: Final[Mapping[str, str]] = {
    "device_unknown": N_("The centre doesn't know this laptop. Ask the centre for a new invitation."),
    "device_revoked": N_("The centre has revoked this laptop: nothing it sends counts. Call the centre."),
    "signature": N_(
        "The centre could not confirm that this laptop sent it. Try again; if it stays so, call the centre."
    ),
    "chain": N_("The centre found the log broken. Check the database here: saraptama verify. Then call the centre."),
    "malformed": N_("The centre could not read what was sent: its program may be older. Call the centre."),
    "challenge": N_("The centre could not confirm this exchange in time. Try again."),
    "unnamed": N_("The centre doesn't know what was asked for. Exchange again; if it stays so, call the centre."),
    "busy": N_("The centre has too much to do now. It is tried again later."),
    "full": N_("The centre keeps no more for this laptop. Call the centre. Nothing is lost here."),
    "code": N_("The code of the invitation admits nobody any more. Ask the centre for a new invitation."),
}
_REFUSED: Final = N_("The centre refused ({reason}). Call the centre.")
DEVICE_REVOKED: Final = N_(
    "The centre has revoked this laptop. What is signed stays; nothing new is signed here. Call the centre."
)
USER_REVOKED: Final = N_("The centre has revoked {name}, who signs nothing any more. Call the centre.")
CLOCK_BELOW: Final = N_(
    "The clock shows {now}, but the centre signed its last receipt on {newest}. Set the clock of this computer."
)
STALE: Final = N_("What the centre publishes was fetched {n} days ago. Exchange with the centre.")
NOT_CERTIFIED: Final = N_(
    "The centre has not confirmed this laptop yet: that comes with the first exchange, or with the bundle that it"
    " gives back."
)

INSPECTED: Final = N_(
    "This network inspects connections: somebody between here and the centre opens them. What is sent is sealed and"
    " signed anyway, so nothing could be read or changed."
)
SAFE: Final = N_("The bundle was read back and is whole. It is safe to remove the stick.")
METERED: Final = N_("The connection is paid by volume: {n} copies of papers wait for another one.")


def kind(item: ReferenceView) -> Text | str:
    """What an item of the centre is."""
    return Text(KINDS[item.kind]) if item.kind in KINDS else item.kind


def name(item: ReferenceView) -> Text | LocalText:
    """What it is called."""
    from app.domain.classifier_table import NAMES

    word = item.name.en
    if word in _NAMES.get(item.kind, {}):
        return Text(_NAMES[item.kind][word])
    table, _, languages = word.partition("-")
    if item.kind == "classifier" and table in NAMES:
        told = {"table": Text(NAMES[table]), "languages": languages.replace("-", ", ")}  # type: ignore[index]
        return Text(N_("{table} ({languages})"), told)
    return item.name


def quarantine(code: str) -> Text:
    """Why the centre set a record aside, and what to do."""
    return Text(LOOKED_AT, {"reason": quarantined(code)})


def refused(reason: str) -> Text:
    """Why the centre refuses, in words."""
    known = REFUSED.get(reason)
    return Text(known) if known else Text(_REFUSED, {"reason": reason[:40]})
