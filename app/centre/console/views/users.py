"""Users of the console: the list, a new one, one with role, entry code and access."""

import json
from datetime import UTC, datetime

from sqlalchemy import Connection
from starlette.responses import Response

from app.centre.console import lists, sessions
from app.centre.console.access import ROLE_TOLD, ROLE_WORDS, May, Role
from app.centre.console.accounts import ENTRY_SECONDS, Account
from app.centre.console.lists import Ago, Badge, Column, Link, Listing
from app.centre.console.web import Asked, Page
from app.domain.errors import UserError
from app.domain.text import N_, Text


def _moment(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _state(account: Account) -> Badge:
    if account.disabled:
        return Badge(Text(N_("closed")), "danger")
    return Badge(Text(N_("may sign in")), "good") if account.ready else Badge(Text(N_("not set up yet")), "warning")


def _columns(asked: Asked) -> list[Column[Account]]:
    return [
        Column("login", Text(N_("Login")), lambda one: Link(one.login, asked.url(f"/users/{one.id}")), sortable=True),
        Column("name", Text(N_("Full name")), lambda one: one.name, sortable=True),
        Column("role", Text(N_("Role")), lambda one: Text(ROLE_WORDS[one.role]), sortable=True),
        Column("state", Text(N_("Access")), _state),
        Column("seen", Text(N_("Last sign-in")), lambda one: Ago(_moment(one.seen_at), asked.now), sortable=True),
    ]


_KEYS = {
    "login": lambda one: one.login.casefold(),
    "name": lambda one: one.name.casefold(),
    "role": lambda one: one.role.value,
    "seen": lambda one: one.seen_at,
}


def _choices(asked: Asked) -> list[tuple[str, str, str]]:
    return [(role.value, asked.t(ROLE_WORDS[role]), asked.t(ROLE_TOLD[role])) for role in Role]


def _list(asked: Asked) -> Response:
    with asked.console.store.begin() as connection:
        found = asked.console.accounts.all(connection)
    order = lists.order(asked.query, tuple(_KEYS), "login")
    listing = Listing(
        Text(N_("Users of the console")), _columns(asked), lists.paged(found, order, _KEYS[order.sort]), len(found),
        order, Text(N_("There are no users yet.")),
    )  # fmt: skip
    return asked.page("users.html", listing=listing, role_choices=_choices(asked))


def _csv(asked: Asked) -> Response:
    with asked.console.store.begin() as connection:
        found = asked.console.accounts.all(connection)
    return asked.file("users.csv", lists.as_csv(asked.t, _columns(asked), found))


def _add(asked: Asked) -> Response:
    with asked.console.store.begin(write=True) as connection:
        account, code = asked.console.accounts.add(
            connection, asked.who.login, asked.now, asked.given("login"), asked.given("name"), _role(asked)
        )
        slip = _keep(asked, connection, account.login, code)
    return asked.go(f"/users/codes/{slip}")


def _keep(asked: Asked, connection: Connection, login: str, code: str) -> str:
    told = json.dumps({"login": login, "code": code, "until": int(asked.now) + ENTRY_SECONDS}).encode()
    return sessions.put_slip(connection, asked.console.accounts.key, asked.who, told, asked.now)


def _code_page(asked: Asked) -> Response:
    with asked.console.store.begin() as connection:
        kept = sessions.slip(connection, asked.console.accounts.key, asked.who, asked.param("slip"), asked.now)
    told = None
    if kept is not None:
        told = json.loads(kept)
        code = told["code"]
        told |= {
            "code": " ".join(code[start : start + 4] for start in range(0, len(code), 4)),
            "until": _moment(told["until"]),
            "address": str(asked.request.base_url).rstrip("/").removesuffix(asked.console.base) + asked.url("/enter"),
        }
    return asked.page("user_code.html", told=told)


def _one(asked: Asked) -> Response:
    with asked.console.store.begin() as connection:
        account = asked.console.accounts.one(connection, asked.param("user"))
    t = asked.t
    facts = (
        (t("Login"), account.login), (t("Full name"), account.name), (t("Role"), Text(ROLE_WORDS[account.role])),
        (t("Access"), _state(account)), (t("Made"), _moment(account.made_at)),
        (t("Last sign-in"), Ago(_moment(account.seen_at), asked.now)),
    )  # fmt: skip
    return asked.page("user.html", account=account, facts=facts, role_choices=_choices(asked))


def _set_role(asked: Asked) -> Response:
    with asked.console.store.begin(write=True) as connection:
        asked.console.accounts.set_role(connection, asked.who.login, asked.now, asked.param("user"), _role(asked))
    return asked.go(f"/users/{asked.param('user')}", "saved")


def _reset(asked: Asked) -> Response:
    _not_oneself(asked)
    accounts, user = asked.console.accounts, asked.param("user")
    with asked.console.store.begin(write=True) as connection:
        code = accounts.let_in_again(connection, asked.who.login, asked.now, user)
        slip = _keep(asked, connection, accounts.one(connection, user).login, code)
    return asked.go(f"/users/codes/{slip}")


def _close(asked: Asked) -> Response:
    _not_oneself(asked)
    return _set_disabled(asked, disabled=True)


def _open(asked: Asked) -> Response:
    return _set_disabled(asked, disabled=False)


def _set_disabled(asked: Asked, *, disabled: bool) -> Response:
    with asked.console.store.begin(write=True) as connection:
        asked.console.accounts.set_disabled(
            connection, asked.who.login, asked.now, asked.param("user"), disabled=disabled
        )
    return asked.go(f"/users/{asked.param('user')}", "saved")


def _not_oneself(asked: Asked) -> None:
    if asked.param("user") == asked.who.user_id:
        raise UserError(Text(N_("This is your own account. Another administrator can do that, or use “Your account”.")))


def _role(asked: Asked) -> Role:
    try:
        return Role(asked.given("role"))
    except ValueError as error:
        raise UserError(Text(N_("Choose a role.")), where="role") from error


PAGES = (
    Page("GET", "/users", _list, May.USERS),
    Page("GET", "/users.csv", _csv, May.USERS),
    Page("POST", "/users", _add, May.USERS, again=_list),
    Page("GET", "/users/codes/{slip}", _code_page, May.USERS),
    Page("GET", "/users/{user}", _one, May.USERS),
    Page("POST", "/users/{user}/role", _set_role, May.USERS, again=_one),
    Page("POST", "/users/{user}/reset", _reset, May.USERS, again=_one),
    Page("POST", "/users/{user}/close", _close, May.USERS, again=_one),
    Page("POST", "/users/{user}/open", _open, May.USERS, again=_one),
)
