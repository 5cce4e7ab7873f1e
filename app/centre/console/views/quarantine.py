"""Records that the centre holds and did not take over: why, the record itself, interpreting again."""

import json
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.centre import audit, interpreting
from app.centre.console import case_rows, case_words, lists, words
from app.centre.console.access import May
from app.centre.console.case_rows import Aside
from app.centre.console.lists import Column, Link, Listing
from app.centre.console.web import Asked, Page
from app.domain.errors import NothingToDo
from app.domain.text import N_, Text
from app.sync import reasons

STATES = {"quarantined": N_("In quarantine"), "waiting_attachment": N_("Waiting for attachments")}
_MOST_SHOWN = 200_000


def place_of(asked: Asked) -> dict[str, str | int]:
    """Which record, by the parts of the path."""
    line, seq = asked.param("line"), asked.param("seq")
    # More digits than a column has are no number of ours.
    if not all(word.isascii() and word.isdecimal() and len(word) <= most for word, most in ((line, 9), (seq, 18))):
        raise HTTPException(404)
    return {"incarnation": asked.param("incarnation"), "line": int(line), "seq": int(seq)}


def _columns(asked: Asked) -> list[Column[Aside]]:
    def why(one: Aside) -> Text | str:
        if one.state == "quarantined":
            return reasons.quarantined(one.reason)
        return Text(N_("{came} of {whole} attachments have come."), {"came": one.came, "whole": one.whole})

    return [
        Column(
            "record", Text(N_("Record")),
            lambda one: Link(
                f"{words.short(one.incarnation)}/{one.seq}",
                asked.url(f"/quarantine/{one.incarnation}/{one.line}/{one.seq}"),
            ),
        ),
        Column("since", Text(N_("Since")), lambda one: one.since, sortable=True),
        Column("department", Text(N_("Department")), lambda one: words.department(one.number, one.region)),
        Column("type", Text(N_("Kind")), lambda one: case_words.event(one.type)),
        Column("why", Text(N_("Why")), why),
    ]  # fmt: skip


def _chosen(asked: Asked) -> dict[str, str]:
    state = asked.query.get("state", "")
    return {"state": state if state in STATES else "quarantined", "reason": asked.query.get("reason", "")[:60]}


def _list(asked: Asked) -> Response:
    chosen = _chosen(asked)
    order = lists.order(asked.query, ("since",), "since")
    with asked.console.store.begin() as connection:
        found, total = case_rows.asides(connection, chosen["state"], chosen["reason"], order)
        by_reason = case_rows.reasons(connection, "quarantined")
    empty = {
        "quarantined": Text(N_("Nothing is in quarantine.")),
        "waiting_attachment": Text(N_("No record waits for attachments.")),
    }[chosen["state"]]
    listing = Listing(Text(STATES[chosen["state"]]), _columns(asked), found, total, order, empty)
    return asked.page(
        "quarantine.html", listing=listing, chosen=chosen, reasons=by_reason, reason_words=reasons.quarantined,
        states=[(name, asked.t(told)) for name, told in STATES.items()],
    )  # fmt: skip


def _csv(asked: Asked) -> Response:
    chosen = _chosen(asked)
    order = lists.Order(1, "since", False, lists.MOST_IN_FILE)
    with asked.console.store.begin() as connection:
        found, _ = case_rows.asides(connection, chosen["state"], chosen["reason"], order)
    return asked.file("quarantine.csv", lists.as_csv(asked.t, _columns(asked), found))


def _one(asked: Asked) -> Response:
    with asked.console.store.begin() as connection:
        one = case_rows.aside(connection, place_of(asked))
    if one is None:
        raise HTTPException(404)
    t = asked.t
    facts = [
        (t("State"), Text(STATES.get(one.state, one.state))), (t("Since"), one.since),
        (t("Kind"), case_words.event(one.type)),
        (t("Department"), words.department(one.number, one.region)),
        (t("Laptop"), Link(words.short(one.device), asked.url(f"/laptops/{one.device}"))),
        (t("Record"), f"{one.incarnation}/{one.seq}"), (t("Case"), one.case_id or None),
    ]  # fmt: skip
    return asked.page("aside.html", one=one, facts=facts, why=reasons.quarantined(one.reason))


def _record(asked: Asked) -> Response:
    """The record itself: it may name a person, so the look is written down first."""
    place = place_of(asked)
    with asked.console.store.begin(write=True) as connection:
        data = case_rows.record(connection, place)
        if data is None:
            raise HTTPException(404)
        subject = f"{place['incarnation']}/{place['line']}/{place['seq']}"
        audit.write(connection, asked.now, asked.who.login, "person.seen", subject)
    return asked.page("record.html", subject=subject, shown=readable(data), back=asked.url(f"/quarantine/{subject}"))


def readable(data: bytes) -> str:
    """A record for reading: JSON over lines, records within it too; what is none as it is."""
    try:
        told = json.loads(data)
        if isinstance(told, dict) and isinstance(told.get("payload"), dict):
            for name in ("record", "seal"):
                if isinstance(told["payload"].get(name), str):
                    told["payload"][name] = json.loads(told["payload"][name])
        text = json.dumps(told, ensure_ascii=False, indent=2)
    except (ValueError, RecursionError):
        text = data.decode("utf-8", "replace")
    return text[:_MOST_SHOWN]


def _requeue_one(asked: Asked) -> Response:
    place = place_of(asked)
    return _requeue(asked, f"{place['incarnation']}/{place['line']}/{place['seq']}", **place)


def _requeue_reason(asked: Asked) -> Response:
    reason = asked.given("reason")
    return _requeue(asked, reason or "*", reason=reason or None)


def _requeue(asked: Asked, subject: str, **which: Any) -> Response:
    """`which`: as `interpreting.requeue` takes it."""
    concerned = interpreting.requeue(asked.console.store, **which)
    if not concerned:
        raise NothingToDo(Text(N_("There is nothing left to interpret again.")))
    with asked.console.store.begin(write=True) as connection:
        audit.write(connection, asked.now, asked.who.login, "records.requeued", subject, after={"logs": concerned})
    return asked.go("/quarantine", "requeued")


PAGES = (
    Page("GET", "/quarantine", _list, May.LOOK),
    Page("GET", "/quarantine.csv", _csv, May.LOOK),
    Page("POST", "/quarantine/again", _requeue_reason, May.REQUEUE, again=_list),
    Page("GET", "/quarantine/{incarnation}/{line}/{seq}", _one, May.LOOK),
    Page("GET", "/quarantine/{incarnation}/{line}/{seq}/record", _record, May.PERSONS),
    Page("POST", "/quarantine/{incarnation}/{line}/{seq}/again", _requeue_one, May.REQUEUE, again=_one),
)
