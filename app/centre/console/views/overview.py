"""The first page: which laptops are silent, what waits, what a person has to look at."""

from starlette.responses import Response

from app.centre.console import laptop_rows, lists, words
from app.centre.console.access import May
from app.centre.console.laptop_rows import Laptop
from app.centre.console.lists import Ago, Column, Link, Listing
from app.centre.console.views import laptops
from app.centre.console.web import Asked, Page
from app.domain.text import N_, Text

_SHOWN = 10


def _page(asked: Asked) -> Response:
    with asked.console.store.begin() as connection:
        counts = laptop_rows.counts(connection)
        found = [one for one in laptop_rows.laptops(connection) if one.revoked_at is None]
    order = lists.Order(1, "heard", False, _SHOWN)
    silent = lists.paged(found, order, laptops.KEYS["heard"])
    # A laptop that never sent anything is the most silent of all.
    silent = sorted(silent, key=lambda one: (one.heard_at is not None, one.heard_at or one.enrolled_at))
    columns: list[Column[Laptop]] = [
        Column("number", Text(N_("Department")), lambda one: Link(_where(one), asked.url(f"/laptops/{one.device}"))),
        Column("heard", Text(N_("Records last came")), lambda one: Ago(one.heard_at, asked.now)),
        Column("quarantined", Text(N_("In quarantine")), lambda one: one.quarantined, number=True),
        Column("state", Text(N_("State")), laptops.state),
    ]
    listing = Listing(
        Text(N_("Laptops, the longest silent first")), columns, silent, len(found), order,
        Text(N_("No laptop is linked yet. An administrator invites one on the page “Laptops”.")), csv=False,
    )  # fmt: skip
    return asked.page("overview.html", counts=counts, listing=listing, more=len(found) > _SHOWN)


def _where(one: Laptop) -> Text:
    return Text(N_("{name}, {region}"), {"name": one.name, "region": words.region(one.region)})


PAGES = (Page("GET", "/", _page, May.LOOK),)
