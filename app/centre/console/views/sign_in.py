"""Signing in and out, setting up an account, the language, what every page is dressed with."""

from urllib.parse import urlsplit

from starlette.responses import RedirectResponse, Response

from app.centre import audit
from app.centre.console import proofs, qr, sessions
from app.centre.console.access import ROLE_TOLD, ROLE_WORDS
from app.centre.console.accounts import WRONG
from app.centre.console.web import Asked, Page
from app.domain.errors import UserError
from app.domain.text import LANGUAGES, Text

_YEAR = 365 * 24 * 3600


def _sign_in_page(asked: Asked) -> Response:
    if asked.session is not None:
        return asked.go("/")
    return asked.page("sign_in.html")


def _sign_in(asked: Asked) -> Response:
    token = asked.console.accounts.sign_in(
        asked.given("login"), asked.form.get("passphrase", ""), asked.given("code"), asked.address, asked.now
    )
    asked.token = token  # another one than before: who knew the old one knows nothing
    return asked.go("/")


def _sign_out(asked: Asked) -> Response:
    with asked.console.store.begin(write=True) as connection:
        sessions.end(connection, asked.who.token_hash)
        audit.write(connection, asked.now, asked.who.login, "session.ended", asked.who.login)
    asked.renew_token()
    return asked.go("/sign-in", "signed-out")


def _enter_page(asked: Asked) -> Response:
    return asked.page("enter.html")


def _enter(asked: Asked) -> Response:
    asked.token = asked.console.accounts.enter(asked.given("login"), asked.given("entry"), asked.address, asked.now)
    return asked.go("/set-up")


def _set_up_page(asked: Asked) -> Response:
    return asked.page("set_up.html", secret=proofs.grouped(asked.console.accounts.secret_of(asked.who)))


def _set_up(asked: Asked) -> Response:
    asked.token = asked.console.accounts.set_up(
        asked.who, asked.form.get("passphrase", ""), asked.form.get("again", ""), asked.given("code"), asked.now
    )
    return asked.go("/", "set-up")


def _code(asked: Asked) -> Response:
    secret = asked.console.accounts.secret_of(asked.who)
    return Response(qr.svg(proofs.address_of(secret, asked.who.login)), media_type="image/svg+xml")


def _account_page(asked: Asked) -> Response:
    role = asked.who.role
    return asked.page("account.html", role=Text(ROLE_WORDS[role]), told=asked.t(ROLE_TOLD[role]))


def _renew(asked: Asked) -> Response:
    """The same proof as signing in; then the browser has a session that may set up and nothing else."""
    accounts, who = asked.console.accounts, asked.who
    full = accounts.sign_in(who.login, asked.form.get("passphrase", ""), asked.given("code"), asked.address, asked.now)
    with asked.console.store.begin(write=True) as connection:
        found = sessions.read(connection, full, asked.now)
        if found is None or found.user_id != who.user_id:
            raise UserError(Text(WRONG))
        sessions.end(connection, found.token_hash)
        sessions.end(connection, who.token_hash)
        asked.token = sessions.begin(connection, who.user_id, "entry", asked.now)
    return asked.go("/set-up")


def _elsewhere(asked: Asked) -> Response:
    with asked.console.store.begin(write=True) as connection:
        sessions.end_all(connection, asked.who.user_id, but=asked.who.token_hash)
    return asked.go("/account", "saved")


def _language(asked: Asked) -> Response:
    """Back to where it was chosen; only a place of the console is gone back to."""
    chosen, back = asked.given("language"), asked.given("back")
    parts = urlsplit(back)
    local = (
        back.startswith("/") and not back.startswith("//") and not (parts.scheme or parts.netloc) and "\\" not in back
    )
    answer = RedirectResponse(asked.url(parts.path if local else "/"), 303)
    if chosen in LANGUAGES:
        answer.set_cookie(
            "saraptama-language", chosen, max_age=_YEAR, httponly=True, samesite="lax", path=asked.console.base or "/",
            secure=asked.request.url.scheme == "https",
        )  # fmt: skip
    return answer


PAGES = (
    Page("GET", "/sign-in", _sign_in_page, may=None),
    Page("POST", "/sign-in", _sign_in, may=None, again=_sign_in_page),
    Page("GET", "/enter", _enter_page, may=None),
    Page("POST", "/enter", _enter, may=None, again=_enter_page),
    Page("POST", "/language", _language, may=None),
    Page("GET", "/set-up", _set_up_page, may=None, kind="entry"),
    Page("GET", "/set-up/code.svg", _code, may=None, kind="entry"),
    Page("POST", "/set-up", _set_up, may=None, kind="entry", again=_set_up_page),
    Page("POST", "/sign-out", _sign_out),
    Page("GET", "/account", _account_page),
    Page("POST", "/account/renew", _renew, again=_account_page),
    Page("POST", "/account/elsewhere", _elsewhere, again=_account_page),
)
