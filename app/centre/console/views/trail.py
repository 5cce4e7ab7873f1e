"""The audit trail of the centre."""

from collections.abc import Mapping

from starlette.responses import Response

from app.centre import audit
from app.centre.console import lists, words
from app.centre.console.access import ROLE_WORDS, May, Role
from app.centre.console.lists import Column, Listing
from app.centre.console.web import Asked, Page
from app.domain.text import N_, Text


def _columns(asked: Asked) -> list[Column[audit.Row]]:
    return [
        Column("seq", Text(N_("No.")), lambda one: one.seq, number=True),
        Column("at", Text(N_("When")), lambda one: one.at),
        Column("actor", Text(N_("Who")), lambda one: _actor(one.actor)),
        Column("action", Text(N_("What")), lambda one: words.action(one.action)),
        Column("subject", Text(N_("Of what")), lambda one: one.subject),
        Column("before", Text(N_("From")), lambda one: _values(asked, one.before)),
        Column("after", Text(N_("To")), lambda one: _values(asked, one.after)),
        Column("reason", Text(N_("Reason")), lambda one: one.reason or None),
    ]


def _actor(name: str) -> Text | str:
    named = {audit.COMMAND_LINE: N_("command line"), audit.CENTRE: N_("the centre")}
    return Text(named[name]) if name in named else name


def _values(asked: Asked, told: Mapping[str, object] | None) -> str | None:
    if not told:
        return None
    return ", ".join(
        asked.t(ROLE_WORDS[Role(str(value))]) if key == "role" and value in set(Role) else f"{key}: {value}"
        for key, value in told.items()
    )


def _page(asked: Asked, sound: Text | None = None) -> Response:
    order = lists.order(asked.query, (), "seq", descending=True)
    chosen = {name: asked.query.get(name, "") for name in ("actor", "action")}
    with asked.console.store.begin() as connection:
        found, total = audit.rows(
            connection, actor=chosen["actor"], action=chosen["action"], offset=order.offset, limit=order.limit
        )
        actors, actions = audit.names(connection)
    listing = Listing(
        Text(N_("What was done at the centre, newest first")), _columns(asked), found, total, order,
        Text(N_("Nothing of this kind was done.")),
    )  # fmt: skip
    return asked.page(
        "audit.html", listing=listing, sound=sound, chosen=chosen,
        actors=[(one, asked.t.show(_actor(one))) for one in actors],
        actions=[(one, asked.t.show(words.action(one))) for one in actions],
    )  # fmt: skip


def _csv(asked: Asked) -> Response:
    chosen = {name: asked.query.get(name, "") for name in ("actor", "action")}
    with asked.console.store.begin(write=True) as connection:
        audit.write(connection, asked.now, asked.who.login, "list.saved", "audit")
        found, _ = audit.rows(connection, actor=chosen["actor"], action=chosen["action"], limit=lists.MOST_IN_FILE)
    return asked.file("audit.csv", lists.as_csv(asked.t, _columns(asked), found))


def _check(asked: Asked) -> Response:
    with asked.console.store.begin() as connection:
        length, head = audit.check(connection)
    whole = N_("The audit trail is whole: {n} rows, head {head}. Compare the head with a note of an earlier day.")
    return _page(asked, Text(whole, {"n": length, "head": head[:16]}))


PAGES = (
    Page("GET", "/audit", _page, May.AUDIT),
    Page("GET", "/audit.csv", _csv, May.AUDIT),
    Page("POST", "/audit/check", _check, May.AUDIT, again=_page),
)
