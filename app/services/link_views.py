"""What the link shows: plain values between `LinkService`, the window and the command line."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from app.domain.text import LocalText, Text


class Place(StrEnum):
    """Where the records of a case are on their way; `WORDS` of `app.services.link_words` says it in words."""

    WAITING = "waiting"
    """on this laptop alone"""
    CARRIED = "carried"
    """in a bundle on a stick, no receipt yet"""
    RECEIVED = "received"
    """the centre holds them (receipt), not yet interpreted"""
    APPLIED = "applied"
    """the centre holds and took them over"""
    INCOMPLETE = "incomplete"
    """the centre holds them and waits for attachments"""
    QUARANTINED = "quarantined"
    """the centre holds them and a person there looks at them"""
    ASIDE = "aside"
    """the centre keeps them aside: two laptops continued one log (fork)"""


@dataclass(frozen=True, slots=True)
class CentreView:
    """The centre that this laptop is linked with. `fingerprint` is what people compare by telephone; `certified`: the
    centre's certificate for this laptop has arrived; `urls` empty: by stick alone."""

    id: str
    name: LocalText
    fingerprint: str
    urls: tuple[str, ...]
    certified: bool


@dataclass(frozen=True, slots=True)
class CaseOnItsWay:
    """One signed or ended case. `reason`: what is wrong and what to do, where something is."""

    case_id: str
    number: str
    place: Place
    events: int
    """how many records of it travel"""
    attachments: int
    arrived: int | None = None
    """attachments that the centre holds; None where it didn't say"""
    reason: Text | None = None


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """The centre's word for so many events of one incarnation, as it was verified here."""

    incarnation: str
    upto_seq: int
    head_hash: str
    applied: int
    waiting: int
    quarantined: int
    server_time: datetime
    received_at: datetime
    by: str
    """`network` or `stick`"""


@dataclass(frozen=True, slots=True)
class ReferenceView:
    """One piece of what the centre publishes: kind (pack, classifier, letterhead, paper-keys, revocations, filter,
    assignments), name, version, when the centre issued it, whether it is in use here and, if not, why."""

    kind: str
    name: LocalText
    version: str
    issued_at: datetime
    in_use: bool
    remark: Text | None = None


@dataclass(frozen=True, slots=True)
class LinkStatus:
    """What is waiting, sent, received, applied, quarantined: counts of events, in sum and by case. `problems`: what a
    person has to know or do now, the gravest first (a fork, a clone, a revoked laptop, a stale list)."""

    centre: CentreView | None
    head_seq: int
    head_hash: str
    counts: Mapping[Place, int]
    """events by place"""
    attachments_waiting: int
    """copies of papers that wait on this laptop"""
    bytes_waiting: int
    last_receipt: ReceiptView | None
    cases: tuple[CaseOnItsWay, ...] = ()
    """newest first; see `LinkService.cases` for all"""
    reference: tuple[ReferenceView, ...] = ()
    problems: tuple[Text, ...] = ()
    last_exchange: "Exchange | None" = None
    automatic: bool = True
    metered: bool = False
    """the connection is paid by volume: only records go, attachments wait"""
    kilobytes_a_second: int | None = None
    """limit of what is sent; None: none"""
    begin_anew: bool = False
    """this log was copied or went on elsewhere (a clone, a fork): `LinkService.begin_anew` is what to do"""
    attachments_carried: int = 0
    """copies of papers that were written to a stick and wait for the centre's word"""
    laptop: str = ""
    """the beginning of this laptop's id, as the centre lists it"""
    waiting_cases: int = 0
    """how many cases have records that wait on this laptop"""

    @property
    def has_something_to_write(self) -> bool:
        """Whether a bundle for the centre would hold anything, were it again what lies on a stick already."""
        without_receipt = (Place.WAITING, Place.CARRIED, Place.ASIDE, Place.INCOMPLETE)
        asks = self.centre is not None and not self.centre.certified
        copies = self.attachments_waiting + self.attachments_carried
        return asks or copies > 0 or any(self.counts.get(place, 0) for place in without_receipt)

    @property
    def is_carried(self) -> bool:
        """Whether all that has no receipt was written to a stick already."""
        return (
            self.counts.get(Place.CARRIED, 0) + self.attachments_carried > 0
            and not self.counts.get(Place.WAITING, 0)
            and not self.attachments_waiting
        )


@dataclass(frozen=True, slots=True)
class Exchange:
    """One exchange, told at its end and on the slip. `by`: `network`, `stick-out` (a bundle was written), `stick-in` (a
    bundle was read). `stopped`: why it ended early, in a sentence; what was done until then counts.
    `ours` and `theirs`: what this laptop says that it sent and what the centre says that it holds, so that the two can
    be compared: events, cases, attachments, head's number and hash. In `theirs`, `heard` stands where the centre said
    so in this very exchange: else it is by an earlier receipt, that of `as_of`."""

    id: str
    by: str
    started_at: datetime
    ended_at: datetime
    ours: Mapping[str, str | int]
    theirs: Mapping[str, str | int]
    came_back: tuple[ReferenceView, ...] = ()
    path: Path | None = None
    stopped: Text | None = None
    remarks: tuple[Text, ...] = field(default=())
    """such as: this network inspects connections; the bundle can be taken out now"""

    @property
    def is_comparable(self) -> bool:
        """Whether the two have to agree: the centre has spoken, nothing was broken off, and what it was brought on a
        stick has not gone on here since."""
        later = self.by == "stick-in" and int(self.ours.get("head_seq", 0)) > int(self.theirs.get("head_seq", 0))
        return bool(self.theirs.get("heard")) and self.stopped is None and not later

    @property
    def as_of(self) -> datetime | None:
        """When, by its own clock, the centre said what stands in `theirs`; None where it has said nothing."""
        told = self.theirs.get("server_time")
        return datetime.fromisoformat(str(told)) if told else None


class Whose(StrEnum):
    """What a file of the link is to this laptop, from what it is there for to what is no use."""

    OURS = "ours"
    """the centre's answer, not taken in yet"""
    TAKEN = "taken"
    OLDER = "older"
    """the centre's answer, but a later one was taken in"""
    OWN = "own"
    """written here for the centre"""
    FOR_ANOTHER = "for-another"
    BY_ANOTHER = "by-another"
    """written by another laptop for the centre"""
    FOREIGN = "foreign"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class BundleView:
    """A file of the link as its manifest tells. `laptop`: the other laptop's id, as far as it is shown."""

    whose: Whose
    made_at: datetime | None = None
    laptop: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an exchange is: what is being done, and how much of how much (events or bytes; of 0: not known)."""

    text: Text
    done: int
    of: int


Report = Callable[[Progress], None]
"""called on the worker; may raise `Cancelled` to stop between two batches"""
