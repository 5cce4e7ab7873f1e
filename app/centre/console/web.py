"""From a request to an answer: session, right, form, language, headers. Handlers know none of it."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.centre import telling
from app.centre.console import dress, sessions
from app.centre.console.access import May, allowed
from app.domain.errors import Told
from app.domain.text import LANGUAGES, N_, Text
from app.i18n import Translator, translator

if TYPE_CHECKING:
    from app.centre.console.application import Console

MOST_FORM: Final = 64 * 1024
MOST_UPLOAD: Final = 48 * 1024 * 1024
POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS: Final = (
    ("content-security-policy", POLICY),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
    ("x-robots-tag", "noindex, nofollow"),
)
FORM: Final = "form_token"
_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "::ffff:127.0.0.1"})
_OLD_PAGE: Final = N_("This page was too old, or opened in another window. Nothing was changed. Do it once more.")
_NOT_ALLOWED: Final = N_("Your role may not do this. Ask an administrator of the centre.")
_NO_PAGE: Final = N_("There is no such page. The list that led here may have changed.")
_DEFECT: Final = N_(
    "Something went wrong at the centre; it is noted in the log. Nothing was changed. Try it once more."
)
_TOO_LARGE: Final = N_("What was sent is too large. Nothing was changed.")
_NOT_SAFE: Final = N_(
    "The console is reached over https, or from the centre's own machine. Nothing else is served here."
)


@dataclass(frozen=True, slots=True)
class Page:
    """One route. `may` None: open to everybody; `kind` "entry": for those who set up their account. `again`: the page
    that is shown, with the sentence, where a form was not taken."""

    method: str
    path: str
    handler: Callable[["Asked"], Response]
    may: May | None = May.LOOK
    kind: str = "full"
    again: "Callable[[Asked], Response] | None" = None
    upload: bool = False


@dataclass(slots=True)
class Asked:
    """One request, as a handler sees it."""

    console: "Console"
    request: Request
    t: Translator
    now: float
    token: str
    session: sessions.Session | None
    form: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, tuple[str, bytes]] = field(default_factory=dict)
    error: Told | None = None

    @property
    def who(self) -> sessions.Session:
        """The session, where the route asks for one."""
        if self.session is None:
            raise HTTPException(401)
        return self.session

    @property
    def query(self) -> dict[str, str]:
        # PostgreSQL knows no such sign in a text.
        return {name: value.replace("\0", "") for name, value in self.request.query_params.items()}

    @property
    def address(self) -> str:
        return self.request.client.host if self.request.client else ""

    def renew_token(self) -> None:
        """Another token for this browser; no form of the old one is taken any more."""
        self.token = secrets.token_urlsafe(32)

    def param(self, name: str) -> str:
        """A part of the path."""
        return str(self.request.path_params[name]).replace("\0", "")

    def may(self, what: str) -> bool:
        return self.session is not None and self.session.kind == "full" and allowed(self.session.role, May(what))

    def given(self, name: str) -> str:
        """A field of the form, without spaces around it."""
        return self.form.get(name, "").strip()

    def url(self, path: str, **query: object) -> str:
        """An address of the console."""
        told = {name: value for name, value in query.items() if value not in (None, "", False)}
        return self.console.base + path + (f"?{urlencode(told)}" if told else "")

    def page(self, template: str, **values: Any) -> Response:
        """A page; 422 where it shows a form again."""
        told = {
            "asked": self, "url": self.url, "may": self.may, "who": self.session, "error": self.error,
            "form": self.form, "form_token": sessions.form_token(self.token), "now": self.now,
            "path": self.request.url.path.removeprefix(self.console.base) or "/",
            "said": SAID.get(self.request.query_params.get("said", "")),
            "centre": self.console.name,
        }  # fmt: skip
        content = dress.render(template, self.t, told | values)
        return Response(content, 422 if self.error else 200, media_type="text/html; charset=utf-8")

    def go(self, path: str, said: str = "", **query: object) -> Response:
        """After a form that was taken: the page that shows what is so now."""
        return RedirectResponse(self.url(path, said=said, **query), 303)

    def file(self, name: str, content: bytes, kind: str = "text/csv; charset=utf-8") -> Response:
        """A download. `name`: letters, digits, dots and dashes."""
        return Response(content, media_type=kind, headers={"content-disposition": f'attachment; filename="{name}"'})


SAID: Final[dict[str, Text]] = {
    "signed-out": Text(N_("Signed out.")),
    "ended": Text(N_("The session has ended. Sign in again.")),
    "set-up": Text(N_("Passphrase and one-time codes are set up.")),
    "user-revoked": Text(N_("Revoked. The signatures of this user count no more from that day on.")),
    "saved": Text(N_("Saved.")),
    "revoked": Text(N_("The laptop is revoked. What it sends from now on is not taken.")),
    "adopted": Text(N_("The line is adopted. Its records are interpreted now.")),
    "requeued": Text(N_("The records are interpreted again. Their state here changes as soon as that is done.")),
    "answered": Text(N_("The answer is kept with the alarm.")),
    "published": Text(N_("Published. Laptops take it over at their next exchange.")),
}


def endpoint(console: "Console", page: Page) -> Callable[[Request], Any]:
    """The endpoint of a route: everything that holds for all of them."""

    async def answer(request: Request) -> Response:
        asked = _asked(console, request)
        try:
            found = await _answered(asked, page)
        except HTTPException as error:
            found = refused(asked, error.status_code)
        except Exception as error:
            # Its kind and place alone are written down: values may be somebody's diagnosis.
            telling.tell_defect("a page of the console failed", error, route=page.path)
            found = refused(asked, 500)
        return _finished(asked, found)

    return answer


async def _answered(asked: Asked, page: Page) -> Response:
    if not _is_safe(asked.request):
        raise HTTPException(421)
    asked.session = await run_in_threadpool(_session, asked)
    if page.may is not None or page.kind == "entry":
        if asked.session is None:
            said = "ended" if _had_token(asked) else ""
            asked.renew_token()
            return RedirectResponse(asked.url("/sign-in", said=said), 303)
        if asked.session.kind != page.kind:
            return RedirectResponse(asked.url("/set-up" if asked.session.kind == "entry" else "/"), 303)
        if page.may is not None and not asked.may(page.may):
            raise HTTPException(403)
    if page.method == "GET":
        return await run_in_threadpool(_run, asked, page.handler)
    if asked.request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise HTTPException(400)
    await _read_form(asked, MOST_UPLOAD if page.upload else MOST_FORM)
    if not secrets.compare_digest(asked.form.get(FORM, "").encode(), sessions.form_token(asked.token).encode()):
        raise HTTPException(400)
    try:
        return await run_in_threadpool(page.handler, asked)
    except Told as told:
        asked.error = told
        return await run_in_threadpool(_run, asked, page.again or _plain_error)


def _run(asked: Asked, handler: Callable[[Asked], Response]) -> Response:
    try:
        return handler(asked)
    except Told as told:
        asked.error = told
        return _plain_error(asked)


def _plain_error(asked: Asked) -> Response:
    return asked.page("refusal.html", sentence=asked.error.text if asked.error else None, heading=None)


_REFUSALS: Final = {
    400: _OLD_PAGE, 401: _OLD_PAGE, 403: _NOT_ALLOWED, 404: _NO_PAGE, 413: _TOO_LARGE, 421: _NOT_SAFE,
    500: _DEFECT,
}  # fmt: skip


def refused(asked: Asked, status: int) -> Response:
    sentence = Text(_REFUSALS.get(status, _NO_PAGE))
    made = asked.page("refusal.html", sentence=sentence)
    made.status_code = status
    return made


async def _read_form(asked: Asked, most: int) -> None:
    """The form's fields and files; never more than `most` bytes are taken from the wire."""
    request = asked.request
    taken, receive = 0, request._receive

    async def bounded() -> Any:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > most:
            raise HTTPException(413)
        return message

    if int(request.headers.get("content-length") or 0) > most:
        raise HTTPException(413)
    request._receive = bounded
    async with request.form(max_files=4, max_fields=200, max_part_size=MOST_FORM) as form:
        asked.form, asked.files = await _taken(form)


async def _taken(form: FormData) -> tuple[dict[str, str], dict[str, tuple[str, bytes]]]:
    words, files = {}, {}
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            if value.filename:
                files[name] = (value.filename, await value.read())
        else:
            words[name] = value.replace("\0", "")
    return words, files


def _asked(console: "Console", request: Request) -> Asked:
    token = request.cookies.get(cookie(request), "")
    if not 20 <= len(token) <= 100:
        token = secrets.token_urlsafe(32)
    chosen = request.cookies.get("saraptama-language", "")
    language = chosen if chosen in LANGUAGES else LANGUAGES[0]
    return Asked(console, request, translator(language), console.clock(), token, None)


def _session(asked: Asked) -> sessions.Session | None:
    store = asked.console.store
    with store.begin() as connection:
        found = sessions.read(connection, asked.token, asked.now)
    if found is not None and found.note:
        with store.begin(write=True) as connection:
            sessions.note_use(connection, found, asked.now)
    return found


def _had_token(asked: Asked) -> bool:
    return cookie(asked.request) in asked.request.cookies


def cookie(request: Request) -> str:
    """The name of the session's cookie: bound to the host by the browser where there is https."""
    return "__Host-saraptama" if request.url.scheme == "https" else "saraptama-console"


def _is_safe(request: Request) -> bool:
    return request.url.scheme == "https" or (request.client is not None and request.client.host in _LOOPBACK)


def _finished(asked: Asked, answer: Response) -> Response:
    request = asked.request
    if request.cookies.get(cookie(request)) != asked.token:
        answer.set_cookie(
            cookie(request), asked.token, httponly=True, samesite="strict", path="/",
            secure=request.url.scheme == "https",
        )  # fmt: skip
    for name, value in HEADERS:
        answer.headers.setdefault(name, value)
    answer.headers.setdefault("cache-control", "no-store")
    if request.url.scheme == "https":
        answer.headers["strict-transport-security"] = "max-age=31536000"
    return answer
