"""The story of one field, read from the audit trail."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from app.domain import case_file, edits

_SAME_VISIT_MS: Final = 120_000
"""Saves of one text by one person no further apart than this are one change to whoever reads: typing pauses save."""
_LONG: Final = 40
_CHANGES: Final = frozenset({"field", "text", "undo", "redo", "case.decided", "case.ended"})


@dataclass(frozen=True, slots=True)
class FieldChange:
    """Who changed the field, when (UTC) and on which screen, from what to what; None is “not given”.

    `action`: `field`, `undo`, `redo`, or `begun` for what it held when the case was made. `saves`: how many saves of
    one stretch of typing this is, `began_at` the first of them.
    """

    actor: str
    began_at: datetime
    at: datetime
    screen: str
    action: str
    old: Any
    new: Any
    saves: int = 1


def changes_of(records: Iterable[Mapping[str, Any]], path: str, names: Mapping[str, str]) -> tuple[FieldChange, ...]:
    """The changes of `path` in the records of one case (oldest first), newest first. `names` of users by id.

    A change of what the field stands in (`previous` as a whole) counts where the field became another.
    """
    from app.storage.unit_of_work import read_time

    found: list[FieldChange] = []
    running: list[int] = []
    held: Any = None
    for record in records:
        action, new = record["action"], record["new"]
        begun = action in ("case.created", "case.imported")
        if begun:
            now = case_file.get(new["document"], path)
        elif action in _CHANGES:
            now = _after(held, path, record)
        else:
            continue
        if repr(now) == repr(held):
            continue
        at = read_time(record["wall_time"])
        told = "begun" if begun else "undo" if action == "undo" else "redo" if action == "redo" else "field"
        change = FieldChange(names.get(record["actor"], record["actor"]), at, at, record["screen"], told, held, now)
        if found and _goes_on(found[-1], change, record["monotonic"] - running[-1]):
            before = found.pop()
            running.pop()
            change = replace(change, began_at=before.began_at, old=before.old, saves=before.saves + 1)
        found.append(change)
        running.append(record["monotonic"])
        held = now
    return tuple(reversed(found))


def _after(held: Any, path: str, record: Mapping[str, Any]) -> Any:
    """What the field holds after the record."""
    changed, new = record["path"], record["new"]
    if changed == path:
        if record["action"] == "text":
            return edits.apply(str(held), record["old"], new)
        return new
    if path.startswith(f"{changed}."):
        return case_file.get(new, path[len(changed) + 1 :]) if isinstance(new, dict) else None
    if changed.startswith(f"{path}."):
        whole = held if isinstance(held, dict) else {}
        inner = changed[len(path) + 1 :]
        if record["action"] == "text":
            new = edits.apply(str(case_file.get(whole, inner)), record["old"], new)
        return case_file.put(whole, inner, new)
    return held


def _goes_on(before: FieldChange, change: FieldChange, later_ms: int) -> bool:
    """Whether somebody went on typing: the one text begins with the other, or both are long."""
    old, new = before.new, change.new
    if not (isinstance(old, str) and isinstance(new, str)) or not before.action == change.action == "field":
        return False
    typed = new.startswith(old) or old.startswith(new) or min(len(old), len(new)) > _LONG
    return typed and (before.actor, before.screen) == (change.actor, change.screen) and 0 <= later_ms <= _SAME_VISIT_MS
