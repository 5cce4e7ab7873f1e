"""The parser of the command line in the user's language: its headings, its help, and what it says of a wrong line.

`argparse` has English words of its own and takes others only from a process-wide gettext. Here it gets ours where
it lets itself be told them; what it says of a wrong line is recognised by its form and said anew.
"""

import argparse
import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from app.domain.errors import UserError
from app.domain.text import N_, Text, for_terminal
from app.i18n import Translator

# What the kinds of values at the end complain of; not shown as they are.
EMPTY: Final = "empty"
NOT_ONE_LINE: Final = "not one line"
NOT_A_COUNT: Final = "not a count"

# What argparse says (Python 3.11 to 3.14) → our sentence. Its named parts are the sentence's parameters.
_SENTENCES: Final = (
    (
        r"the following arguments are required: (?P<names>.+)",
        N_("The command line is not complete: {names} is missing. See: {hint}"),
    ),
    (
        r"unrecognized arguments: (?P<words>[^-].*)",
        N_(
            "The command line has words that this command does not know: {words}. Put a text with spaces in quotes:"
            ' "one two". See: {hint}'
        ),
    ),
    (
        r"unrecognized arguments: (?P<words>.+)",
        N_("The command line has words that this command does not know: {words}. See: {hint}"),
    ),
    (
        r"argument (?P<option>.+?): expected .*",
        N_("{option} needs a value after it. See: {hint}"),
    ),
    (
        r"argument (?P<option>.+?): invalid choice: (?P<value>.+) \(choose from (?P<choices>.+)\)",
        N_("{option}: {value} is not one of {choices}. See: {hint}"),
    ),
    (
        r"argument (?P<option>.+?): ignored explicit argument (?P<value>.+)",
        N_("{option} takes no value, but {value} was given. See: {hint}"),
    ),
    (
        rf"argument (?P<option>.+?): {EMPTY}",
        N_("{option} is empty: write the name of a file or folder after it. See: {hint}"),
    ),
    (
        rf"argument (?P<option>.+?): {NOT_ONE_LINE}",
        N_("{option} holds a character that can't be printed, or more than one line. Take it out. See: {hint}"),
    ),
    (
        rf"argument (?P<option>--topic): {NOT_A_COUNT}",
        N_("{option} needs the number of a topic after it, as the list shows it, such as 3. See: {hint}"),
    ),
    (
        rf"argument (?P<option>.+?): {NOT_A_COUNT}",
        N_("{option} needs a whole number after it, such as 20. See: {hint}"),
    ),
)
_OTHERWISE: Final = N_("The command line was not understood. See: {hint}")


def complaint(message: str, hint: str) -> Text:
    """Our sentence for what argparse complains of; `hint` is the command that shows the help."""
    for form, sentence in _SENTENCES:
        found = re.fullmatch(form, message, re.DOTALL)
        if found:
            said = {name: part.replace("'", "") for name, part in found.groupdict().items()}
            return Text(sentence, {**said, "hint": hint})
    return Text(_OTHERWISE, {"hint": hint})


class Parser(argparse.ArgumentParser):
    """An argument parser that speaks `t`'s language. A wrong line raises UserError instead of ending the program."""

    def __init__(self, *, t: Translator, **settings: Any) -> None:
        class Formatter(argparse.HelpFormatter):
            def add_usage(
                self,
                usage: str | None,
                actions: Iterable[argparse.Action],
                groups: Iterable[Any],
                prefix: str | None = None,
            ) -> None:
                super().add_usage(usage, actions, groups, t("usage: ") if prefix is None else prefix)

        self.listed: tuple[str, Sequence[tuple[str, str]]] = ("", ())
        """a heading and what stands under it at the end of the help: a name and its words each"""
        # An abbreviation means something else as soon as there is one option more.
        super().__init__(add_help=False, allow_abbrev=False, formatter_class=Formatter, **settings)
        self._positionals.title = t("what it works on")
        self._optionals.title = t("options")
        self.add_argument(
            "-h", "--help", action="help", default=argparse.SUPPRESS, help=t("show this help and do nothing else")
        )

    def format_help(self) -> str:
        heading, rows = self.listed
        if not rows:
            return super().format_help()
        formatter = self._get_formatter()
        formatter.start_section(heading)
        for name, words in rows:
            formatter.add_argument(argparse.Action([], name, metavar=name, help=words.replace("%", "%%")))
        formatter.end_section()
        return f"{super().format_help()}\n{formatter.format_help()}"

    def error(self, message: str) -> None:  # type: ignore[override]
        raise UserError(complaint(message, f"{self.prog} --help"))


def a_path(word: str) -> Path:
    """A path as the system spells it: under a locale without UTF-8 the name of a file stays the bytes it is."""
    if not word:
        raise argparse.ArgumentTypeError(EMPTY)
    return Path(os.fsdecode(word.encode("utf-8", "surrogateescape")))


def a_line(word: str) -> str:
    """A name, login or number: one line of letters that can be shown, as it goes into records and onto papers."""
    if word != for_terminal(word) or "\n" in word:
        raise argparse.ArgumentTypeError(NOT_ONE_LINE)
    return word


def a_count(word: str) -> int:
    """A whole number."""
    if not (word.isascii() and word.isdecimal() and len(word) < 10):
        raise argparse.ArgumentTypeError(NOT_A_COUNT)
    return int(word)
