"""What the link shows in words and signs: where records are, how things stand, how much, how old."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

from app.domain.clock import in_kazakhstan
from app.domain.text import N_, Text
from app.i18n import Translator
from app.services import link_words
from app.services.link_views import (
    BundleView,
    CaseOnItsWay,
    Exchange,
    LinkStatus,
    Place,
    ReferenceView,
    Whose,
)
from app.services.link_words import WORDS
from ui.screens.link.sticks import Bundle

MEANINGS: Final[Mapping[Place, str]] = MappingProxyType(
    {
        Place.WAITING: N_("only here; goes with the next exchange or stick"),
        Place.CARRIED: N_("keep what is on the stick until the receipt comes back"),
        Place.RECEIVED: N_("the centre has signed for it and has still to read it"),
        Place.APPLIED: N_("nothing is left to do"),
        Place.INCOMPLETE: N_("the next exchange or stick brings the rest"),
        Place.QUARANTINED: N_("the reason stands beside the case"),
        Place.ASIDE: N_("two laptops went on with one log: call the centre"),
    }
)
"""What a place means for whoever looks, beside `WORDS` of the services."""
SIGNS: Final[Mapping[Place, str]] = MappingProxyType(
    {
        Place.WAITING: "laptop",
        Place.CARRIED: "usb",
        Place.RECEIVED: "inbox",
        Place.APPLIED: "check-check",
        Place.INCOMPLETE: "paperclip",
        Place.QUARANTINED: "eye",
        Place.ASIDE: "git-fork",
    }
)
WAYS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "network": N_("over the network"),
        "stick": N_("by stick"),
        "stick-out": N_("written to a stick"),
        "stick-in": N_("read from a stick"),
    }
)
FIGURES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "events": N_("Records"),
        "cases": N_("Cases"),
        "attachments": N_("Copies of papers"),
        "waiting": N_("Copies lack"),
        "quarantined": N_("Looked at"),
        "head_seq": N_("Number of the last record"),
        "head_hash": N_("Hash of the last record"),
    }
)


def records(t: Translator, n: int) -> str:
    """So many records."""
    return t.plural("{n} record", "{n} records", n)


def cases(t: Translator, n: int) -> str:
    """So many cases."""
    return t.plural("{n} case", "{n} cases", n)


def days_old(t: Translator, on: date, today: date) -> str:
    """How old something of that day is."""
    days = (today - on).days
    return t("of today") if days <= 0 else t.plural("{n} day old", "{n} days old", days)


def standing(t: Translator, status: LinkStatus) -> str:
    """One sentence: how things stand."""
    count = status.counts.get
    waits, lies = count(Place.WAITING, 0), count(Place.CARRIED, 0)
    waiting = _with_copies(t, records(t, waits), status.attachments_waiting)
    carried = _with_copies(t, records(t, lies), status.attachments_carried)
    if waits:
        if not status.waiting_cases:
            told = t("Waiting on this laptop: {records}, no case among them", records=waiting)
        else:
            told = t("Waiting on this laptop: {records} ({cases})", records=waiting,
                     cases=cases(t, status.waiting_cases))  # fmt: skip
        if not lies:
            return told
        return t("{first}; written to a stick, without a receipt: {records}", first=told, records=carried)
    if lies and status.attachments_waiting:
        return t("Written to a stick, without a receipt: {records}; copies of papers wait: {n}", records=carried,
                 n=status.attachments_waiting)  # fmt: skip
    if lies:
        return t("Written to a stick, without a receipt: {records}; nothing else waits", records=carried)
    if status.attachments_carried and not status.attachments_waiting:
        return t("Every record is at the centre; copies of papers were written to a stick: {n}",
                 n=status.attachments_carried)  # fmt: skip
    if status.attachments_waiting:
        return t("Every record is at the centre; copies of papers wait: {n}", n=status.attachments_waiting)
    left = sum(count(place, 0) for place in (Place.INCOMPLETE, Place.QUARANTINED, Place.ASIDE))
    if left:
        return t("Everything is at the centre; a person there looks at {records}", records=records(t, left))
    return t("Everything is at the centre")


def _with_copies(t: Translator, told: str, n: int) -> str:
    return t("{records}, copies of papers: {n}", records=told, n=n) if n else told


def beside_cases(t: Translator, status: LinkStatus) -> str:
    """What goes where records wait and none of them is of a case; empty where that needs no word."""
    if not status.counts.get(Place.WAITING, 0) or status.waiting_cases:
        return ""
    return t(
        "What goes is that something was done here: an account added, a copy with this hash attached to a draft."
        " Neither a draft nor its copy goes."
    )


def sign(status: LinkStatus) -> str:
    """The icon beside that sentence."""
    count = status.counts.get
    if status.problems:
        return "triangle-alert"
    if count(Place.WAITING, 0):
        return SIGNS[Place.WAITING]
    if status.attachments_waiting:
        return SIGNS[Place.INCOMPLETE]
    return SIGNS[Place.CARRIED] if count(Place.CARRIED, 0) or status.attachments_carried else "check-check"


def receipt(t: Translator, status: LinkStatus, today: date) -> str:
    """The last word of the centre, and its age."""
    last = status.last_receipt
    if last is None:
        return t("No receipt of the centre has arrived yet.")
    age = days_old(t, last.received_at.astimezone().date(), today)  # of the days that are lived here
    when = in_kazakhstan(last.received_at)
    return t("The last receipt is {age}: {when}, {way}.", age=age, when=when, way=way(t, last.by))


def way(t: Translator, by: str) -> str:
    """Over the network, by stick."""
    return t(WAYS[by]) if by in WAYS else by


def arrived(case: CaseOnItsWay) -> Text | str:
    """How many attachments of a case are there."""
    if not case.attachments:
        return "–"
    if case.arrived is None:
        return str(case.attachments)
    return Text(N_("{n} of {of} arrived"), {"n": case.arrived, "of": case.attachments})


def of_case(case: CaseOnItsWay) -> Text:
    """Where the records of a case are, in a line."""
    where = Text(WORDS[case.place])
    if case.reason is not None:
        return Text(N_("The records of this case: {place}. {reason}"), {"place": where, "reason": case.reason})
    said = {"place": where, "meaning": Text(MEANINGS[case.place])}
    return Text(N_("The records of this case: {place}; {meaning}."), said)


def use(t: Translator, item: ReferenceView) -> str:
    """Whether a piece of reference data is in use, and if not, why."""
    told = t("in use") if item.in_use else t("not in use")
    return told if item.remark is None else t("{told}: {remark}", told=told, remark=item.remark)


def came_back(t: Translator, item: ReferenceView) -> str:
    """One piece of what came back, and what became of it."""
    told = t("{kind}: {name}, version {version}", kind=link_words.kind(item), name=link_words.name(item),
             version=item.version)  # fmt: skip
    return t("{first}: {then}", first=told, then=use(t, item))


def outcome(exchange: Exchange) -> Text:
    """What became of an exchange, in a sentence."""
    if exchange.stopped is not None:
        return Text(N_("It ended early: {reason}"), {"reason": exchange.stopped})
    if exchange.by == "stick-out":
        return Text(N_("Written to the stick. It counts as sent once the centre's receipt has come back."))
    if exchange.by == "stick-in":
        return Text(N_("Read and taken over. The stick can be taken out now."))
    return Text(N_("Exchanged with the centre."))


def went_out(t: Translator, exchange: Exchange) -> str | None:
    """What left this laptop in an exchange, and which way; None where nothing could."""
    n, copies = exchange.ours.get("sent_events"), exchange.ours.get("sent_attachments", 0)
    if not isinstance(n, int):
        return None
    told = {"records": records(t, n), "n": copies}
    if exchange.by == "stick-out":
        return t("Written this time: {records}, copies of papers: {n}", **told)
    return t("Sent this time: {records}, copies of papers: {n}", **told)


_WHOSE: Final[Mapping[Whose, str]] = MappingProxyType(
    {
        Whose.OURS: N_("Answer of the centre for this laptop, {when}"),
        Whose.TAKEN: N_("Answer of the centre, {when}: taken in already"),
        Whose.OLDER: N_("Answer of the centre, {when}: a later one was taken in"),
        Whose.OWN: N_("Written by this laptop for the centre, {when}"),
        Whose.FOR_ANOTHER: N_("Answer of the centre for another laptop ({laptop}), {when}"),
        Whose.BY_ANOTHER: N_("Written by another laptop ({laptop}) for the centre, {when}"),
        Whose.FOREIGN: N_("Of another centre, {when}"),
        Whose.BROKEN: N_("Damaged, or no file of the link, {when}"),
    }
)


def whose(bundle: Bundle) -> Text:
    """What a file on a stick is to this laptop, and of when."""
    view = bundle.view or BundleView(Whose.OURS)
    return Text(_WHOSE[view.whose], {"laptop": view.laptop, "when": in_kazakhstan(view.made_at or bundle.changed)})


def groups(fingerprint: str) -> str:
    """A fingerprint in groups of four, as it is read out by telephone."""
    plain = "".join(fingerprint.split()).replace(":", "").upper()
    return " ".join(plain[at : at + 4] for at in range(0, len(plain), 4))
