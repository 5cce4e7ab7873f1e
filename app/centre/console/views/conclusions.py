"""Conclusions: the list without names, one with proposal against decision, and the person for those who need it."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Row
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.centre import audit
from app.centre.console import case_rows, case_words, lists, words
from app.centre.console.access import May
from app.centre.console.case_rows import Choice
from app.centre.console.lists import Badge, Column, Link, Listing
from app.centre.console.views.quarantine import place_of, readable
from app.centre.console.web import Asked, Page
from app.domain.dates import parse_iso
from app.domain.text import N_, Text
from app.domain.vocabulary import LABELS, Outcome, Role, Sex

DECISIONS = {"overridden": N_("against the criteria, with a reason")}


def _columns(asked: Asked) -> list[Column[Row[Any]]]:
    return [
        Column("number", Text(N_("Number")), lambda one: Link(one.number, asked.url(_path(one))), sortable=True),
        Column("examined", Text(N_("Examined")), lambda one: parse_iso(one.examined_on), sortable=True),
        Column(
            "region", Text(N_("Department")), lambda one: words.department(one.department, one.region), sortable=True
        ),
        Column(
            "outcome", Text(N_("Decision")),
            lambda one: case_words.given(asked.t, one.outcome, one.period_kind, one.period_value), sortable=True,
        ),
        Column(
            "proposed", Text(N_("Proposal")),
            lambda one: case_words.given(asked.t, one.proposed_outcome, one.proposed_kind, one.proposed_value),
        ),
        Column("state", Text(N_("State")), _state),
        Column("signed", Text(N_("Signed")), lambda one: words.moment_of(one.signed_at), sortable=True),
    ]  # fmt: skip


def _state(one: Row[Any]) -> Badge | None:
    if one.superseded_by:
        return Badge(Text(N_("superseded")))
    if one.overridden:
        return Badge(Text(N_("against the criteria")), "warning")
    if not one.complete:
        return Badge(Text(N_("attachments are missing")))
    return None


def _path(one: Row[Any]) -> str:
    return f"/conclusions/{one.incarnation}/{one.line}/{one.seq}"


def _chosen(asked: Asked) -> tuple[Choice, dict[str, str]]:
    query = asked.query
    kept = {name: query.get(name, "")[:60] for name in ("first", "last", "region", "outcome", "decision")}
    if kept["decision"] not in DECISIONS:
        kept["decision"] = ""
    first, last = words.day_of(kept["first"]), words.day_of(kept["last"])
    kept["first"], kept["last"] = (_written(day) for day in (first, last))
    return Choice(first, last, kept["region"], kept["outcome"], kept["decision"]), kept


def _written(day: date | None) -> str:
    return "" if day is None else day.strftime("%d.%m.%Y")


def _list(asked: Asked) -> Response:
    choice, kept = _chosen(asked)
    order = lists.order(asked.query, tuple(case_rows.SORTED), "signed", descending=True)
    with asked.console.store.begin() as connection:
        found, total = case_rows.conclusions(connection, choice, order)
        regions = case_rows.regions(connection)
    narrowed = any(kept.values())
    empty = N_("No conclusion fits what was chosen. Choose less.") if narrowed else N_("No conclusion has come yet.")
    listing = Listing(Text(N_("Conclusions")), _columns(asked), found, total, order, Text(empty))
    t = asked.t
    return asked.page(
        "conclusions.html", listing=listing, chosen=kept, regions=[(one, t.show(words.region(one))) for one in regions],
        outcomes=[(one.value, t(LABELS[one])) for one in Outcome if one is not Outcome.UNDETERMINED],
        decisions=[(name, t(told)) for name, told in DECISIONS.items()],
    )  # fmt: skip


def _csv(asked: Asked) -> Response:
    choice, _ = _chosen(asked)
    asked_order = lists.order(asked.query, tuple(case_rows.SORTED), "signed", descending=True)
    order = lists.Order(1, asked_order.sort, asked_order.descending, lists.MOST_IN_FILE)
    with asked.console.store.begin(write=True) as connection:
        found, _ = case_rows.conclusions(connection, choice, order)
        audit.write(connection, asked.now, asked.who.login, "list.saved", "conclusions", after={"rows": len(found)})
    return asked.file("conclusions.csv", lists.as_csv(asked.t, _columns(asked), found))


def _one(asked: Asked) -> Response:
    place, t = place_of(asked), asked.t
    with asked.console.store.begin() as connection:
        one = case_rows.conclusion(connection, place)
        if one is None:
            raise HTTPException(404)
        members = case_rows.members(connection, place)
        signed = _signed(case_rows.record(connection, place))
    proposal = signed.get("proposal", {}).get(t.language, {})
    decision = signed.get("case", {}).get("decision", {})
    facts = [
        (t("Number"), one.number), (t("Examined"), parse_iso(one.examined_on)),
        (t("Department"), words.department(one.department, one.region)), (t("Signed"), words.moment_of(one.signed_at)),
        (t("Taken in at the centre"), words.moment_of(one.received_at)),
        (t("Laptop"), Link(words.short(one.device), asked.url(f"/laptops/{one.device}"))),
        (t("Attachments"), t("all have come") if one.complete else t("some are missing")),
        (t("State"), _state(one)),
    ]  # fmt: skip
    if one.superseded_by:
        facts.append((t("Superseded by"), one.superseded_by))
    conflicts = [
        (each.get("text", ""), each.get("citation", {}).get("place", "")) for each in proposal.get("conflicts", [])
    ]
    # The commission's words may name the person: for those alone who may see the record.
    given = decision.get("reasons") or []
    reasons = list(dict.fromkeys((each.get("text"), each.get("citation")) for each in given))
    return asked.page(
        "conclusion.html", one=one, facts=facts, parts_compared=case_words.comparison(t, one, proposal),
        conflicts=conflicts,
        reasons=reasons, path=asked.request.url.path.removeprefix(asked.console.base), here=_path(one),
        criteria=((t("Edition"), one.pack_version), (t("Hash"), one.pack.removeprefix("sha256:")[:16])),
        digest=one.digest.removeprefix("sha256:"),
        members=[
            (each.name if asked.may("persons") else None, Text(LABELS[Role(each.role)]),
             words.moment_of(each.signed_at))
            for each in members
        ],
    )  # fmt: skip


def _signed(data: bytes | None) -> Mapping[str, Any]:
    """The signed record within an event; empty where it can't be read."""
    try:
        told = json.loads(json.loads(data or b"{}")["payload"]["record"])
    except (ValueError, KeyError, TypeError):
        return {}
    return told if isinstance(told, dict) else {}


def _record(asked: Asked) -> Response:
    """The person and the whole record; who looked is written down first."""
    place, t = place_of(asked), asked.t
    with asked.console.store.begin(write=True) as connection:
        one, person = case_rows.conclusion(connection, place), case_rows.person_of(connection, place)
        if one is None or person is None:
            raise HTTPException(404)
        audit.write(connection, asked.now, asked.who.login, "person.seen", one.number)
        data = case_rows.record(connection, place) or b""
        others = case_rows.others_of(connection, person.iin, place) if person.iin else []
    facts = (
        (t("Full name"), person.person), (t("ИИН"), person.iin),
        (t("Born"), parse_iso(person.birth_date)), (t("Sex"), Text(LABELS[Sex(person.sex)]) if person.sex else None),
        (t("Residence"), words.region(person.kato) if person.kato else None), (t("Main diagnosis"), person.icd10),
        (t("Sent by"), person.organisation),
    )  # fmt: skip
    listing = Listing(
        Text(N_("Other conclusions about this person")), _columns(asked), others, len(others),
        lists.Order(1, "", False, 50), Text(N_("The centre holds no other conclusion about this person.")), csv=False,
    )  # fmt: skip
    return asked.page(
        "person.html", one=one, facts=facts, listing=listing, shown=readable(data), back=asked.url(_path(one))
    )


PAGES = (
    Page("GET", "/conclusions", _list, May.LOOK),
    Page("GET", "/conclusions.csv", _csv, May.LOOK),
    Page("GET", "/conclusions/{incarnation}/{line}/{seq}", _one, May.LOOK),
    Page("GET", "/conclusions/{incarnation}/{line}/{seq}/record", _record, May.PERSONS),
)
