"""One event, judged by itself: taken over, waiting for attachments, or set aside with a reason. Pure but for `Known`,
which says what the centre holds besides.

What a desk checks of itself (`saraptama verify`) is checked here again of what came: both signatures in the event, the
signatures of all members and of the laptop under a conclusion. And then what a desk can't: the edition of the criteria
that the conclusion names is run again.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Protocol

from app.centre import shapes
from app.crypto import signing
from app.crypto.records import signed_part

if TYPE_CHECKING:
    from app.rules.model import Pack

Event = Mapping[str, Any]

APPLIED, WAITING, QUARANTINED = "applied", "waiting_attachment", "quarantined"


@dataclass(frozen=True, slots=True)
class Actor:
    """A user of a laptop, as `user.added` says it."""

    id: str
    login: str
    name: str
    public_key: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """`state`: one of the three, or None where what it rests on has not come yet. `reason`: a code of
    `app.centre.reasons`. `missing`: digests of attachments. `conclusion`: what was signed, where it holds."""

    state: str | None
    reason: str = ""
    missing: tuple[str, ...] = ()
    attachments: int = 0
    conclusion: "Signed | None" = None


@dataclass(frozen=True, slots=True)
class Signed:
    """A conclusion that holds: the signed record and its seal, read."""

    record: Mapping[str, Any]
    seal: Mapping[str, Any]
    digest: str
    overridden: bool
    digests: tuple[str, ...] = field(default=())
    """of the attachments that it names"""


class Known(Protocol):
    """What the centre holds of one laptop when an event of it is judged."""

    device: str
    device_key: bytes

    def actor(self, user: str) -> Actor | None:
        """A user of this laptop, None where nobody of that id was added."""
        ...

    def revoked_since(self, user: str) -> str | None:
        """From when on a user's signatures count no more, None where they do."""
        ...

    def neighbour(self, seq: int) -> Event | None:
        """Another event of the same log, None where it has not come."""
        ...

    def has_event(self, seq: int, hash_: str) -> bool:
        """Whether the laptop's log holds this event."""
        ...

    def conclusion_of(self, case_id: str) -> tuple[str, str | None] | None:
        """State of the newest `case.signed` of a case of this laptop and which case it supersedes; None where there is
        none."""
        ...

    def pack(self, digest: str) -> "Pack | None":
        """The edition of this digest, None where it neither shipped nor was published here."""
        ...

    def complete(self, digests: Collection[str]) -> Collection[str]:
        """Which of these attachments are here whole."""
        ...


def judge(data: bytes, known: Known) -> Outcome:
    """What the centre makes of one event. Never raises for what a laptop wrote: whatever is wrong has a reason."""
    try:
        event = json.loads(data)
        if not shapes.fits_envelope(event):
            return _aside("malformed")
        return _judge(event, known)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError, RecursionError):
        return _aside("malformed")


# What is of a signed case, and stands on it.
_STANDS_ON_CONCLUSION: Final = frozenset({"case.superseded", "document.signed", "document.printed", "paper.issued"})


def _judge(event: Event, known: Known) -> Outcome:
    if event["v"] != 1 or not shapes.is_known(event["type"]):
        return _aside("unknown_type")
    if not shapes.fits(event):
        return _aside("malformed")
    unsigned = _check_signatures(event, known)
    if unsigned is not None:
        return unsigned
    match event["type"]:
        case "installation.created":
            fits = event["seq"] == 1 and event["payload"]["device_public"] == known.device_key.hex()
            return Outcome(APPLIED) if fits else _aside("other_installation")
        case "desk.restored":
            fits = event["payload"]["incarnation"] == event["incarnation"]
            return Outcome(APPLIED) if fits else _aside("other_installation")
        case "user.added":
            return _user(event, known)
        case "decision.overridden":
            return _override(event, known)
        case "case.signed":
            from app.centre.conclusion_check import check_conclusion

            return check_conclusion(event, known)
        case kind if kind in _STANDS_ON_CONCLUSION and event["case_id"] is not None:
            return _stands(event, known)
        case _:
            return Outcome(APPLIED)


def _check_signatures(event: Event, known: Known) -> Outcome | None:
    signatures, actor = event["signatures"], known.actor(event["actor"])
    if set(signatures) != {"device", "actor"}:
        return _aside("event_signature")
    message = signed_part(event)
    if not signing.verify(known.device_key, signing.EVENT, message, bytes.fromhex(signatures["device"])):
        return _aside("event_signature")
    if actor is None and event["seq"] == 1:
        # The log begins with a record of the first user, whom the second record names.
        second = known.neighbour(2)
        if second is None:
            return Outcome(None)
        actor = _named_by(second, event["actor"])
    if actor is None and event["type"] == "user.added":
        actor = _named_by(event, event["actor"])
    if actor is None:
        return _aside("unknown_user")
    if not signing.verify(bytes.fromhex(actor.public_key), signing.EVENT, message, bytes.fromhex(signatures["actor"])):
        return _aside("event_signature")
    since = known.revoked_since(event["actor"])
    if since is not None and event["wall_time"] >= since:
        return _aside("user_revoked")
    return None


def _named_by(event: Event, user: str) -> Actor | None:
    """The first user of a laptop, who added themself."""
    if event["type"] != "user.added" or event["seq"] != 2 or not shapes.fits(event) or event["payload"]["id"] != user:
        return None
    return described(event["payload"])


def described(payload: Mapping[str, Any]) -> Actor:
    """The user whom `user.added` names."""
    return Actor(payload["id"], payload["login"], payload["name"], payload["public_key"])


def _user(event: Event, known: Known) -> Outcome:
    before = known.actor(event["payload"]["id"])
    if before is not None and before != described(event["payload"]):
        return _aside("user_exchanged")
    return Outcome(APPLIED)


def _override(event: Event, known: Known) -> Outcome:
    """It is written with the conclusion that it tells of, just before it."""
    signed = _beside(event["seq"], 1, known)
    if signed is None:
        return Outcome(None)
    same = signed["type"] == "case.signed" and signed.get("case_id") == event["case_id"]
    return Outcome(APPLIED) if same and _same_digest(signed, event) else _aside("override_alone")


def _same_digest(signed: Event, event: Event) -> bool:
    return bool(signed["payload"].get("digest") == event["payload"]["digest"])


def override_before(event: Event, known: Known) -> Event | None:
    """The record, just before a conclusion, of a decision that is not the proposal; None where there is none."""
    before = _beside(event["seq"], -1, known)
    return before if before is not None and before["type"] == "decision.overridden" else None


def _beside(seq: int, step: int, known: Known) -> Event | None:
    """The next event but for jumps of the clock."""
    found = known.neighbour(seq + step)
    while found is not None and found.get("type") == "clock.jumped":
        seq += step
        found = known.neighbour(seq + step)
    return found if shapes.fits_envelope(found) else None


def _stands(event: Event, known: Known) -> Outcome:
    case_id, payload = event["case_id"], event["payload"]
    found = known.conclusion_of(case_id)
    if event["type"] == "case.superseded":
        by = known.conclusion_of(payload["by"])
        if found is None or by is None:
            return _aside("unknown_case")
        if QUARANTINED in (found[0], by[0]):
            return _aside("depends")
        return Outcome(APPLIED) if by[1] == case_id else _aside("unknown_case")
    if found is not None and found[0] == QUARANTINED:
        return _aside("depends")
    of_signed = event["type"] == "document.signed" or payload.get("state") in ("signed", "superseded")
    if found is None and of_signed and event["type"] != "paper.issued":
        return _aside("unknown_case")
    return Outcome(APPLIED)


def _aside(reason: str) -> Outcome:
    return Outcome(QUARANTINED, reason)
