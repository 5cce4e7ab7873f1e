"""How values are worded on the pages: days, moments, ages, actions, hashes."""

import tomllib
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from functools import cache
from types import MappingProxyType
from typing import Final

from app import paths
from app.domain.dates import parse_iso
from app.domain.text import N_, LocalText, Text
from app.i18n import Translator

ZONE: Final = timezone(timedelta(hours=5))
"""one for the whole country since March 2024"""

ACTIONS: Final = MappingProxyType(
    {
        "session.begun": N_("signed in"),
        "session.ended": N_("signed out"),
        "user.added": N_("made a user"),
        "user.set_up": N_("chose passphrase and one-time codes"),
        "user.reset": N_("gave a user a new entry code"),
        "user.role": N_("changed a role"),
        "user.closed": N_("closed an account"),
        "user.opened": N_("opened an account again"),
        "person.seen": N_("looked at a person's record"),
        "list.saved": N_("saved a list as a file"),
        "laptop.invited": N_("invited a laptop"),
        "laptop.revoked": N_("revoked a laptop"),
        "laptop.user_revoked": N_("revoked a user of a laptop"),
        "line.adopted": N_("adopted a line of a forked laptop"),
        "records.requeued": N_("had records interpreted again"),
        "alarm.answered": N_("answered an alarm"),
        "alarm.closed": N_("closed an alarm about a superseded conclusion"),
        "reference.published": N_("published"),
    }
)


def local(moment: datetime) -> datetime:
    """In the country's time; moments without a zone are UTC."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(ZONE)


def moment_of(value: object) -> datetime | None:
    """A moment out of a table: seconds, ISO text, or a datetime; None where it is none."""
    match value:
        case datetime():
            return value if value.tzinfo else value.replace(tzinfo=UTC)
        case bool() | None | "":
            return None
        case int() | float():
            return datetime.fromtimestamp(value, UTC)
        case str():
            try:
                return moment_of(datetime.fromisoformat(value))
            except ValueError:
                return None
    return None


def day_of(text: str) -> date | None:
    """A day as people write it, dd.MM.yyyy, or as browsers do; None where it is none."""
    parts = text.strip().split(".")
    if len(parts) == 3:
        text = "-".join(reversed([part.zfill(2) for part in parts]))
    return parse_iso(text)


def age(t: Translator, seconds: float) -> str:
    """How long ago, in the largest unit that is whole."""
    minutes = max(int(seconds // 60), 0)
    if minutes < 1:
        return t("just now")
    if minutes < 60:
        return t.plural("{n} minute ago", "{n} minutes ago", minutes)
    if minutes < 60 * 48:
        return t.plural("{n} hour ago", "{n} hours ago", minutes // 60)
    return t.plural("{n} day ago", "{n} days ago", minutes // 1440)


@cache
def _regions() -> Mapping[str, LocalText]:
    with paths.resource("classifiers", "regions.toml").open("rb") as file:
        found = tomllib.load(file)["region"]
    return {str(one["code"])[:2]: LocalText(*(str(one[code]) for code in ("kk", "ru", "en"))) for one in found}


def region(code: str) -> LocalText | str:
    """The name of a region by its КАТО code; what is none, as it is."""
    return _regions().get(code[:2], code)


def department(number: str, code: str) -> Text:
    """A department by number and region, short."""
    return Text(N_("No. {number}, {region}"), {"number": number, "region": region(code)})


def action(name: str) -> Text | str:
    """An act in words; what is not known here as it is written."""
    return Text(ACTIONS[name]) if name in ACTIONS else name


def short(value: str) -> str:
    """The beginning of a hash or an id, as people compare it."""
    return value if len(value) <= 12 else value[:8]


def size(count: int) -> str:
    """Bytes, in the unit that fits."""
    number, unit = float(count), 0
    while number >= 1024 and unit < 3:
        number, unit = number / 1024, unit + 1
    return f"{number:.{0 if unit == 0 or number >= 10 else 1}f} {('B', 'KiB', 'MiB', 'GiB')[unit]}"
