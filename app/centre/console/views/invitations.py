"""An invitation for a laptop: a code to scan, a file, a page to print. Shown to who made it, for half an hour."""

import base64
import json
from datetime import UTC, datetime

from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.centre import admission, audit
from app.centre.commands.invite import SUFFIX
from app.centre.configuration import MOST_INVITATION_DAYS
from app.centre.console import qr, sessions
from app.centre.console.access import May
from app.centre.console.views import laptops
from app.centre.console.web import Asked, Page
from app.crypto import signing
from app.domain.errors import UserError
from app.domain.text import N_, Text
from app.sync import told


def _make(asked: Asked) -> Response:
    days = asked.given("days")
    if not days.isdecimal() or len(days) > 3 or not 1 <= int(days) <= MOST_INVITATION_DAYS:
        raise UserError(
            Text(N_("Write a number of days from 1 to {most}."), {"most": MOST_INVITATION_DAYS}), where="days"
        )
    keys, console = asked.console.keys, asked.console
    with console.store.begin(write=True) as connection:
        code = admission.new_code(connection, int(days))
        made = told.invited(keys.sign, console.name, keys.seal_key, console.urls, code)
        until = int(asked.now) + int(days) * 86_400
        kept = json.dumps({"invitation": made.decode(), "code": code, "until": until}).encode()
        slip = sessions.put_slip(connection, console.accounts.key, asked.who, kept, asked.now)
        audit.write(connection, asked.now, asked.who.login, "laptop.invited", after={"days": int(days)})
    return asked.go(f"/laptops/invitations/{slip}")


def _kept(asked: Asked) -> dict[str, str]:
    with asked.console.store.begin() as connection:
        found = sessions.slip(connection, asked.console.accounts.key, asked.who, asked.param("slip"), asked.now)
    if found is None:
        raise HTTPException(404)
    kept: dict[str, str] = json.loads(found)
    return kept


def _page(asked: Asked) -> Response:
    kept = _kept(asked)
    return asked.page(
        "invitation.html", code=kept["code"], slip=asked.param("slip"), urls=asked.console.urls,
        until=datetime.fromtimestamp(int(kept["until"]), UTC),
        fingerprint=signing.fingerprint(asked.console.keys.sign.public),
    )  # fmt: skip


def _code(asked: Asked) -> Response:
    # Letters and digits alone: scanners disagree about other encodings.
    words = base64.urlsafe_b64encode(_kept(asked)["invitation"].encode()).decode().rstrip("=")
    return Response(qr.svg(words), media_type="image/svg+xml")


def _file(asked: Asked) -> Response:
    return asked.file(f"invitation{SUFFIX}", _kept(asked)["invitation"].encode(), "application/json")


PAGES = (
    Page("POST", "/laptops/invitations", _make, May.LAPTOPS, again=laptops.list_page),
    Page("GET", "/laptops/invitations/{slip}", _page, May.LAPTOPS),
    Page("GET", "/laptops/invitations/{slip}/code.svg", _code, May.LAPTOPS),
    Page("GET", "/laptops/invitations/{slip}/file", _file, May.LAPTOPS),
)
