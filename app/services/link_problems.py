"""What a person has to know or do about the link now, the gravest first."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from app.domain.errors import UserError
from app.domain.text import N_, Text
from app.services import link_store as store
from app.services import link_words as words
from app.services.workplace import Workplace
from app.storage import installation, link, users
from app.storage.unit_of_work import CLOCK_TOLERANCE, read_time

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from app.services.link_store import Linked

STALE: Final = timedelta(days=14)
"""After so long what the centre publishes is called old: a convention, not a term of the law."""


def of(connection: "Connection", now: datetime, centre: "Linked | None") -> tuple[Text, ...]:
    """Sentences for the window and the command line."""
    if centre is None:
        return ()
    found = list(lasting(connection))
    trusted = link.trusted_time(connection)
    if trusted is not None and read_time(trusted) - now > CLOCK_TOLERANCE:
        found.append(Text(words.CLOCK_BELOW, {"now": now.astimezone(), "newest": read_time(trusted).astimezone()}))
    published = store.one(connection, store.REFERENCE)
    if published and (age := now - read_time(published["fetched_at"])) > STALE:
        found.append(Text(words.STALE, {"n": age.days}))
    if centre.certificate is None:
        found.append(Text(words.NOT_CERTIFIED))
    return tuple(found)


def lasting(connection: "Connection") -> tuple[Text, ...]:
    """Those of them that a person has to settle with the centre."""
    found: list[Text] = []
    revoked, refused = store.one(connection, store.REVOKED), store.one(connection, store.REFUSED)
    if revoked.get("device"):
        found.append(Text(words.DEVICE_REVOKED))
    elif refused:
        found.append(words.refused(refused["reason"]))
    if store.one(connection, store.FORK):
        found.append(Text(words.FORKED))
    if store.one(connection, store.AHEAD):
        found.append(Text(words.AHEAD))
    names = {user.id: user.name for user in users.everybody(connection)}
    found += [Text(words.USER_REVOKED, {"name": names[one]}) for one in revoked.get("users", {}) if one in names]
    return tuple(found)


def is_copied(connection: "Connection") -> bool:
    """Whether a new life of the log is to be begun: two laptops continue this one, or an older copy came back."""
    fork = store.one(connection, store.FORK)
    alone = not fork or fork["incarnation"] != installation.identity(connection).incarnation
    return not alone or bool(store.one(connection, store.AHEAD))


def require_administrator(place: Workplace) -> None:
    """UserError where somebody else is signed in than who looks after this desk."""
    administrator = place.administrator()
    if administrator.id != place.user.id:
        sentence = N_(
            "The link with the centre is the matter of {name} ({login}), who set this desk up. Nothing was changed."
            " Sign in with that login."
        )
        raise UserError(Text(sentence, {"name": administrator.name, "login": administrator.login}))
