"""What differs between two editions, as lines of text: for the command line and the window alike."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from app.i18n import Translator

if TYPE_CHECKING:
    from app.rules.difference import RecordChange

_SIGNS: Final = {"added": "+", "removed": "−", "changed": "~"}


def change_lines(change: "RecordChange", t: Translator) -> Iterator[str]:
    """One record that differs: what it is, then for each field what is no more (−) and what comes (+)."""
    kind = {"added": t("new"), "removed": t("no more"), "changed": t("changed")}[change.kind]
    since = "" if change.since is None else ", " + t("from {first}", first=change.since)
    title = "" if change.title is None else f": {t.show(change.title)}"
    yield f"{_SIGNS[change.kind]} {change.id}{title}{since} ({kind}, {change.file})"
    for field in change.fields:
        yield f"    {t.show(field.label)}"
        yield from (f"      − {t.show(line)}" for line in field.before)
        yield from (f"      + {t.show(line)}" for line in field.after)
