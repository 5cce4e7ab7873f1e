"""Forks and alarms: what was found, never a verdict; a person answers with a reason."""

import json

from sqlalchemy import text
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.centre import audit
from app.centre.console import case_rows, case_words, lists, words
from app.centre.console.access import May
from app.centre.console.case_rows import Alarm
from app.centre.console.lists import Badge, Column, Link, Listing
from app.centre.console.views.laptops import reason_given
from app.centre.console.web import Asked, Page
from app.centre.store import now
from app.domain.errors import NothingToDo
from app.domain.text import N_, Text

WHICH = {"open": N_("not answered"), "answered": N_("answered"), "all": N_("all")}


def _columns(asked: Asked) -> list[Column[Alarm]]:
    return [
        Column("kind", Text(N_("Alarm")), lambda one: Link(case_words.alarm(one.kind), asked.url(f"/alarms/{one.id}"))),
        Column("at", Text(N_("Found")), lambda one: one.made_at),
        Column("numbers", Text(N_("Conclusions")), lambda one: _listed(one.told.get("numbers"))),
        Column("laptop", Text(N_("Laptop")), lambda one: words.short(one.device) if one.device else None),
        Column("state", Text(N_("State")), _state),
    ]


def _state(one: Alarm) -> Badge:
    if one.answered_at is None:
        return Badge(Text(N_("not answered")), "warning")
    if "superseded_by" in one.told:
        return Badge(Text(N_("conclusion superseded")))
    return Badge(Text(N_("answered")), "good")


def _listed(value: object) -> str | None:
    return ", ".join(map(str, value)) if isinstance(value, list) and value else None


def _chosen(asked: Asked) -> dict[str, str]:
    which = asked.query.get("which", "open")
    return {"which": which if which in WHICH else "open", "kind": asked.query.get("kind", "")[:60]}


def _list(asked: Asked) -> Response:
    chosen = _chosen(asked)
    order = lists.order(asked.query, (), "at", descending=True)
    with asked.console.store.begin() as connection:
        which = "" if chosen["which"] == "all" else chosen["which"]
        found, total = case_rows.alarms(connection, which, chosen["kind"], order)
        kinds = case_rows.alarm_kinds(connection)
    empty = N_("No alarm waits for an answer.") if chosen["which"] == "open" else N_("There is no such alarm.")
    listing = Listing(Text(N_("Forks and alarms, newest first")), _columns(asked), found, total, order, Text(empty))
    return asked.page(
        "alarms.html", listing=listing, chosen=chosen, which=[(name, asked.t(told)) for name, told in WHICH.items()],
        kinds=[(one, asked.t.show(case_words.alarm(one))) for one in kinds],
    )  # fmt: skip


def _csv(asked: Asked) -> Response:
    chosen = _chosen(asked)
    with asked.console.store.begin() as connection:
        which = "" if chosen["which"] == "all" else chosen["which"]
        order = lists.Order(1, "", True, lists.MOST_IN_FILE)
        found, _ = case_rows.alarms(connection, which, chosen["kind"], order)
    return asked.file("alarms.csv", lists.as_csv(asked.t, _columns(asked), found))


def _one(asked: Asked) -> Response:
    t = asked.t
    one = _alarm(asked)
    with asked.console.store.begin() as connection:
        numbers = one.told.get("numbers")
        conclusions = case_rows.by_numbers(connection, numbers if isinstance(numbers, list) else [])
    laptops = one.told.get("laptops")
    named = [str(each) for each in laptops] if isinstance(laptops, list) else []
    if one.device and one.device not in named:
        named.append(one.device)
    # A commission is named by its head.
    hidden = {"laptops", "numbers"} if asked.may("persons") else {"laptops", "numbers", "group"}
    facts: list[tuple[str, object]] = [(t("Found"), one.made_at), (t("State"), _state(one))]
    if asked.may("answer"):
        facts += [
            (t(case_words.PARTS[name]) if name in case_words.PARTS else name, _shown(value))
            for name, value in one.told.items()
            if name not in hidden and value not in (None, [], "")
        ]
    if "superseded_by" in one.told:
        closed = t("Closed by the centre: a conclusion was superseded. Where the new one gives cause too, it has an"
                   " alarm of its own.")  # fmt: skip
        facts += [(t("Closed"), one.answered_at), (t("Reason"), closed)]
    elif one.answered_at is not None:
        facts += [(t("Answered"), one.answered_at), (t("Answer"), one.answer)]
    return asked.page(
        "alarm.html", one=one, facts=facts, heading=case_words.alarm(one.kind), told=case_words.alarm_told(one.kind),
        laptops=[(words.short(device), asked.url(f"/laptops/{device}")) for device in dict.fromkeys(named)],
        conclusions=[(each.number, asked.url(f"/conclusions/{each.incarnation}/{each.line}/{each.seq}"))
                     for each in conclusions],
    )  # fmt: skip


def _shown(value: object) -> object:
    if isinstance(value, float):
        return f"{value:.2g}"
    if isinstance(value, list):
        return "; ".join(_shown_part(part) for part in value)
    return _shown_part(value)


def _shown_part(value: object) -> str:
    if isinstance(value, list):
        return " – ".join(map(_shown_part, value))
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    moment = words.moment_of(value) if isinstance(value, str) and len(value) >= 10 and value[4:5] == "-" else None
    if moment is None:
        return str(value)
    return moment.strftime("%d.%m.%Y") if len(str(value)) == 10 else words.local(moment).strftime("%d.%m.%Y %H:%M")


def _alarm(asked: Asked) -> Alarm:
    identity = asked.param("alarm")
    with asked.console.store.begin() as connection:
        one = case_rows.alarm(connection, int(identity)) if identity.isdecimal() and len(identity) < 19 else None
    if one is None:
        raise HTTPException(404)
    return one


def _answer(asked: Asked) -> Response:
    one, reason = _alarm(asked), reason_given(asked)
    with asked.console.store.begin(write=True) as connection:
        done = connection.execute(
            text("UPDATE alarms SET answered_at = :now, answer = :answer WHERE id = :id AND answered_at IS NULL"),
            {"now": now(), "answer": reason, "id": one.id},
        )
        if done.rowcount != 1:
            raise NothingToDo(Text(N_("This alarm was answered meanwhile.")))
        # The reason itself stands with the alarm: it may speak of a person, the trail does not.
        audit.write(connection, asked.now, asked.who.login, "alarm.answered", f"{one.kind} {one.id}")
    return asked.go(f"/alarms/{one.id}", "answered")


PAGES = (
    Page("GET", "/alarms", _list, May.LOOK),
    Page("GET", "/alarms.csv", _csv, May.LOOK),
    Page("GET", "/alarms/{alarm}", _one, May.LOOK),
    Page("POST", "/alarms/{alarm}/answer", _answer, May.ANSWER, again=_one),
)
