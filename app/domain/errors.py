"""The ways in which something doesn't happen.

A user sees a sentence (what, where, what to do) for all but the last, which is a defect of ours: any other
exception. Each kind fixes the exit code of the command line.
"""

from collections.abc import Callable
from typing import ClassVar

from app.domain.text import Text


class Cancelled(Exception):
    """The user changed their mind. Nothing is said."""


class Told(Exception):
    """Base of every failure that is said to the user in a sentence of the catalogue."""

    exit_code: ClassVar[int] = 3

    def __init__(self, text: Text, *, where: str | None = None) -> None:
        """`where` names the field or record, as a case-file path such as `person.iin`, if there is one."""
        super().__init__(text.msgid)
        self.text = text
        self.where = where

    def __reduce__(self) -> tuple[Callable[..., "Told"], tuple[type["Told"], str], dict[str, object]]:
        """A refusal may come from another process, where a pack is checked or cases are rehearsed."""
        return _new, (type(self), self.text.msgid), self.__dict__


def _new(kind: type[Told], msgid: str) -> Told:
    return kind.__new__(kind, msgid)


class CheckFailed(Told):
    """A check ran and its answer is no: a broken chain, a pack with a gap. Exit code 1."""

    exit_code = 1


class UserError(Told):
    """What the user gave can't be taken: a wrong value, file or passphrase. Exit code 2."""

    exit_code = 2


class NothingToDo(Told):
    """What was asked for is so already. Exit code 0."""

    exit_code = 0


class KnownError(Told):
    """The surroundings fail us: a full disk, a folder without rights, a second copy running. Exit code 3."""

    exit_code = 3
