"""The console as an application (ASGI) that the centre mounts at `/console`."""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app import paths
from app.centre.configuration import Settings
from app.centre.console import dress, web
from app.centre.console.accounts import Accounts
from app.centre.console.views import (
    alarms,
    conclusions,
    invitations,
    laptops,
    overview,
    publishing,
    quarantine,
    sign_in,
    trail,
    users,
)
from app.centre.console.web import Asked, Page
from app.centre.keys import Keys
from app.centre.store import Store
from app.crypto.slots import STANDARD, Cost
from app.domain.text import LocalText

BASE: Final = "/console"
PAGES: Final[tuple[Page, ...]] = (
    *sign_in.PAGES, *overview.PAGES, *invitations.PAGES, *laptops.PAGES, *conclusions.PAGES, *quarantine.PAGES,
    *alarms.PAGES, *publishing.PAGES, *users.PAGES, *trail.PAGES,
)  # fmt: skip
_NAME: Final = LocalText(kk="Орталық", ru="Центр", en="Centre")
_KEPT: Final = "public, max-age=300"


@dataclass(frozen=True, slots=True)
class Console:
    """What the pages stand on. `name`, `urls`: as invitations say them; `pack_keys`: a folder with public keys of
    methodologists beside those that ship; `base`: the path at which it is mounted; `clock`: seconds since 1970."""

    store: Store
    keys: Keys
    accounts: Accounts
    name: LocalText = _NAME
    urls: tuple[str, ...] = ()
    pack_keys: Path | None = None
    base: str = BASE
    clock: Callable[[], float] = time.time


def console(store: Store, keys: Keys, *, cost: Cost = STANDARD, **settings: Any) -> Console:
    """The console over the centre's store and keys; `settings`: the other fields of `Console`."""
    return Console(store, keys, Accounts(store, sealing_key(keys), cost), **settings)


def served(settings: Settings, store: Store, keys: Keys) -> Starlette | None:
    """What the door mounts; None where the console isn't wanted."""
    if not settings.console:
        return None
    return application(console(store, keys, name=settings.name, urls=settings.urls, pack_keys=settings.pack_keys))


def sealing_key(keys: Keys) -> bytes:
    """What seals the secrets of one-time codes in the database: from the secret that all workers share, so that a
    copy of the database alone gives no codes."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(SHA256(), 32, salt=None, info=b"saraptama/console/1").derive(keys.challenge_secret)


def application(over: Console) -> Starlette:
    """The routes, each behind `app.centre.console.web`."""
    routes = [Route("/console.css", _style), Route("/icon.svg", _icon)]
    routes += [Route(page.path, web.endpoint(over, page), methods=[page.method]) for page in PAGES]
    missing = web.endpoint(over, Page("GET", "", _missing, may=None))
    routes += [Route("/{rest:path}", missing, methods=["GET", "POST"])]
    return Starlette(routes=routes)


def _missing(asked: Asked) -> Response:
    return web.refused(asked, 404)


async def _style(request: Request) -> Response:
    return _static(request, _read("console.css"), "text/css; charset=utf-8")


async def _icon(request: Request) -> Response:
    drawing = paths.resource("icons", "shield-check.svg").read_text(encoding="utf-8")
    return _static(request, drawing.replace("currentColor", "#00677a").encode(), "image/svg+xml")


@lru_cache(maxsize=4)
def _read(name: str) -> bytes:
    return (dress.FOLDER / name).read_bytes()


def _static(request: Request, content: bytes, kind: str) -> Response:
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {**dict(web.HEADERS), "etag": tag, "cache-control": _KEPT}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=kind, headers=headers)
