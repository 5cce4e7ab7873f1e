"""Laptops: the list, one with its log, receipts, bundles and users; revoking, adopting a line."""

from sqlalchemy import text
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.centre import admission, audit, lines, publishing
from app.centre.configuration import INVITATION_DAYS
from app.centre.console import laptop_rows, lists, words
from app.centre.console.access import May
from app.centre.console.laptop_rows import Batch, Laptop, Line
from app.centre.console.lists import Ago, Badge, Column, Link, Listing, Order
from app.centre.console.web import Asked, Page
from app.centre.publisher import Publisher
from app.centre.store import now
from app.domain.errors import NothingToDo, UserError
from app.domain.text import N_, Text, one_line

MOST_REASON = 500
WAYS = {"network": N_("network"), "stick": N_("stick")}
KEYS = {
    "number": lambda one: (one.region, one.number),
    "heard": lambda one: one.heard_at,
    "events": lambda one: one.events,
    "unread": lambda one: one.unread,
    "quarantined": lambda one: one.quarantined,
}


def state(one: Laptop) -> Badge:
    """Revoked, forked, with records in quarantine, or nothing of the kind."""
    if one.revoked_at is not None:
        return Badge(Text(N_("revoked")), "danger")
    if one.aside:
        return Badge(Text(N_("forked")), "danger")
    if one.quarantined:
        return Badge(Text(N_("in quarantine")), "warning")
    return Badge(Text(N_("linked")), "good")


def _columns(asked: Asked) -> list[Column[Laptop]]:
    return [
        Column(
            "number", Text(N_("Department")), lambda one: Link(one.name, asked.url(f"/laptops/{one.device}")),
            sortable=True,
        ),
        Column("region", Text(N_("Region")), lambda one: words.region(one.region)),
        Column("device", Text(N_("Laptop")), lambda one: words.short(one.device)),
        Column("heard", Text(N_("Records last came")), lambda one: Ago(one.heard_at, asked.now), sortable=True),
        Column("events", Text(N_("Records")), lambda one: one.events, sortable=True, number=True),
        Column("unread", Text(N_("Not yet read")), lambda one: one.unread, sortable=True, number=True),
        Column("quarantined", Text(N_("In quarantine")), lambda one: one.quarantined, sortable=True, number=True),
        Column("state", Text(N_("State")), state),
    ]  # fmt: skip


def list_page(asked: Asked) -> Response:
    with asked.console.store.begin() as connection:
        found = laptop_rows.laptops(connection)
    order = lists.order(asked.query, tuple(KEYS), "heard")
    listing = Listing(
        Text(N_("Laptops")), _columns(asked), lists.paged(found, order, KEYS[order.sort]), len(found), order,
        Text(N_("No laptop is linked yet. An administrator invites one on the page “Laptops”.")),
    )  # fmt: skip
    return asked.page("laptops.html", listing=listing, valid_days=INVITATION_DAYS)


def _csv(asked: Asked) -> Response:
    with asked.console.store.begin() as connection:
        found = laptop_rows.laptops(connection)
    order = lists.order(asked.query, tuple(KEYS), "heard")
    whole = lists.paged(found, Order(1, order.sort, order.descending, len(found) or 1), KEYS[order.sort])
    return asked.file("laptops.csv", lists.as_csv(asked.t, _columns(asked), whole))


def _one(asked: Asked) -> Response:
    device, t = asked.param("device"), asked.t
    with asked.console.store.begin() as connection:
        one = laptop_rows.laptop(connection, device)
        if one is None:
            raise HTTPException(404)
        logs = laptop_rows.lines(connection, device)
        users = laptop_rows.users(connection, device)
        receipts = [
            (receipt, words.moment_of(receipt.get("server_time")), leaf)
            for receipt, leaf in laptop_rows.receipts(connection, device)
        ]
        told = {
            "users": users,
            "bundles": laptop_rows.bundles(connection, device),
            "refused": laptop_rows.refused(connection, device),
            "receipts": receipts,
        }
        batches = laptop_rows.batches(connection, device)
    # What came by stick has none until a bundle goes back.
    given = receipts[0][1] if receipts else None
    facts = [
        (t("Department"), one.name), (t("Number"), one.number), (t("Region"), words.region(one.region)),
        (t("State"), state(one)),
        (t("Records last came"), Ago(one.heard_at, asked.now)), (t("Last receipt"), Ago(given, asked.now)),
        (t("Records"), one.events),
        (t("Not yet read"), one.unread), (t("Waiting for attachments"), one.waiting),
        (t("In quarantine"), one.quarantined), (t("Admitted"), one.enrolled_at),
        (t("Fingerprint of the key"), _fours(one.key[:32])),
    ]  # fmt: skip
    if one.revoked_at is not None:
        facts += [(t("Revoked"), one.revoked_at), (t("Reason"), one.revoked_reason)]
    return asked.page(
        "laptop.html", laptop=one, facts=facts, lines=_lines(logs), batches=_batches(batches),
        aside=[line for line in logs if line.aside], adoptable=_adoptable(asked, logs),
        user_choices=[(user.id, user.login) for user in users],
        ways={name: asked.t(way) for name, way in WAYS.items()}, **told,
    )  # fmt: skip


def _lines(found: list[Line]) -> Listing[Line]:
    columns: list[Column[Line]] = [
        Column("line", Text(N_("Line")), lambda line: f"{words.short(line.incarnation)}/{line.line}"),
        Column("begun", Text(N_("Begun")), lambda line: line.begun_at),
        Column("records", Text(N_("Records")), lambda line: f"{line.first_seq}–{line.last_seq}", number=True),
        Column("read", Text(N_("Read up to")), lambda line: line.read_upto, number=True),
        Column("waiting", Text(N_("Waiting for attachments")), lambda line: line.waiting, number=True),
        Column("quarantined", Text(N_("In quarantine")), lambda line: line.quarantined, number=True),
        Column("head", Text(N_("Head")), lambda line: line.head[:16]),
        Column("state", Text(N_("State")), _line_state),
    ]
    return Listing(
        Text(N_("Lines of the log")), columns, found, len(found), Order(1, "", False, len(found) or 1),
        Text(N_("This laptop has sent no record yet.")), csv=False,
    )  # fmt: skip


def _adoptable(asked: Asked, found: list[Line]) -> list[tuple[str, str]]:
    told = N_("{line}: records {first} to {last}, begun {at}")
    return [
        (
            f"{line.incarnation}/{line.line}",
            asked.t(told, line=f"{words.short(line.incarnation)}/{line.line}", first=line.first_seq, last=line.last_seq,
                    at=lists.plain(asked.t, line.begun_at)),
        )
        for line in found
        if line.aside
    ]  # fmt: skip


def _line_state(line: Line) -> Badge:
    if line.aside:
        return Badge(Text(N_("kept aside")), "danger")
    return Badge(Text(N_("after a restored copy") if line.after else N_("counts")), "" if line.after else "good")


def _batches(found: list[Batch]) -> Listing[Batch]:
    columns: list[Column[Batch]] = [
        Column("at", Text(N_("When")), lambda one: one.received_at),
        Column("records", Text(N_("Records")), lambda one: f"{one.first_seq}–{one.last_seq}", number=True),
        Column("way", Text(N_("Way")), lambda one: Text(WAYS[one.way]) if one.way in WAYS else one.way),
        Column("line", Text(N_("Line")), lambda one: words.short(one.incarnation)),
    ]
    return Listing(
        Text(N_("The newest batches")), columns, found, len(found), Order(1, "", False, len(found) or 1),
        Text(N_("No batch has come yet.")), csv=False,
    )  # fmt: skip


def reason_given(asked: Asked) -> str:
    """The reason that a form asks for; UserError where it says nothing."""
    told = one_line(asked.given("reason"))
    if len(told) < 5:
        raise UserError(Text(N_("Say the reason in a few words: it stands in the audit trail.")), where="reason")
    return told[:MOST_REASON]


def _revoke(asked: Asked) -> Response:
    device, reason = asked.param("device"), reason_given(asked)
    with asked.console.store.begin(write=True) as connection:
        one = laptop_rows.laptop(connection, device)
        if one is None:
            raise HTTPException(404)
        if not admission.revoke(connection, device, reason):
            raise NothingToDo(Text(N_("This laptop is revoked already.")))
        audit.write(
            connection, asked.now, asked.who.login, "laptop.revoked", device, before={"state": "linked"},
            after={"state": "revoked"}, reason=reason,
        )  # fmt: skip
        publishing.refresh(connection, asked.console.keys)
    return asked.go(f"/laptops/{device}", "revoked")


def _adopt(asked: Asked) -> Response:
    device, reason = asked.param("device"), reason_given(asked)
    incarnation, _, line = asked.given("line").partition("/")
    with asked.console.store.begin(write=True) as connection:
        ours = {(one.incarnation, str(one.line)) for one in laptop_rows.lines(connection, device) if one.aside}
        if (incarnation, line) not in ours:
            raise UserError(Text(N_("This line is not kept aside any more. Look at the page again.")))
        done = lines.adopt(connection, incarnation, int(line))
        for name, number in done:
            # What the alarm asked is answered by this.
            connection.execute(
                text(
                    "UPDATE alarms SET answered_at = :now, answer = :reason WHERE name = :name AND answered_at IS NULL"
                ),
                {"now": now(), "reason": reason, "name": f"fork/{name}/{number}"},
            )
            audit.write(
                connection, asked.now, asked.who.login, "line.adopted", f"{device} {name}/{number}", reason=reason
            )
    return asked.go(f"/laptops/{device}", "adopted")


def _revoke_user(asked: Asked) -> Response:
    device, reason, day = asked.param("device"), reason_given(asked), words.day_of(asked.given("on"))
    if day is None:
        raise UserError(Text(N_("Write the day as dd.mm.yyyy.")), where="user")
    with asked.console.store.begin() as connection:
        logins = {str(user.id): str(user.login) for user in laptop_rows.users(connection, device)}
    user = asked.given("user")
    if user not in logins:
        raise UserError(Text(N_("There is no such user.")), where="user")
    Publisher(asked.console.store, asked.console.keys).revoke_user(user, day.isoformat(), reason)
    with asked.console.store.begin(write=True) as connection:
        audit.write(
            connection, asked.now, asked.who.login, "laptop.user_revoked", f"{device} {logins[user]}",
            after={"on": day.isoformat()}, reason=reason,
        )  # fmt: skip
    return asked.go(f"/laptops/{device}", "user-revoked")


def _fours(key: str) -> str:
    return " ".join(key[start : start + 4] for start in range(0, len(key), 4))


PAGES = (
    Page("GET", "/laptops", list_page, May.LOOK),
    Page("GET", "/laptops.csv", _csv, May.LOOK),
    Page("GET", "/laptops/{device}", _one, May.LOOK),
    Page("POST", "/laptops/{device}/revoke", _revoke, May.LAPTOPS, again=_one),
    Page("POST", "/laptops/{device}/users", _revoke_user, May.LAPTOPS, again=_one),
    Page("POST", "/laptops/{device}/adopt", _adopt, May.LAPTOPS, again=_one),
)
