"""What a person changed in cases since signing in, so that the last change can be taken back, and done again.

Lives and dies with the desk: only one's own changes of this session are ever undone. Used on the window's thread.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Final

_DEEPEST: Final = 200


@dataclass(frozen=True, slots=True)
class Change:
    """The field at `path` went from `old` to `new`. `visit` numbers the stay in a field: typing pauses save."""

    path: str
    old: Any
    new: Any
    visit: int = 0


@dataclass(slots=True)
class Track:
    """The changes of one case, the newest last."""

    done: list[Change] = field(default_factory=list)
    undone: list[Change] = field(default_factory=list)

    def add(self, change: Change) -> None:
        """Note a change. What was taken back before can't be done again after it."""
        self.undone.clear()
        last = self.done[-1] if self.done else None
        if last is not None and last.path == change.path and last.visit == change.visit != 0:
            self.done[-1] = replace(last, new=change.new)
        else:
            self.done.append(change)
            del self.done[:-_DEEPEST]

    def undo(self, get: Callable[[str], Any]) -> Change | None:
        """The change to take back: write its `old`. Those that something else has written over are passed by."""
        while self.done:
            change = self.done.pop()
            if repr(get(change.path)) == repr(change.new) and repr(change.old) != repr(change.new):
                self.undone.append(change)
                return change
        return None

    def redo(self, get: Callable[[str], Any]) -> Change | None:
        """The change to do again: write its `new`."""
        while self.undone:
            change = self.undone.pop()
            if repr(get(change.path)) == repr(change.old):
                self.done.append(replace(change, visit=0))
                return change
        return None


class Changes:
    """A track for each case that was changed in this session."""

    def __init__(self) -> None:
        self._tracks: dict[str, Track] = {}

    def of(self, case_id: str) -> Track:
        return self._tracks.setdefault(case_id, Track())
