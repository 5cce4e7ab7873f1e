"""Who works: the login and the passphrase of a command, from its options or from the person at the terminal."""

import contextlib
import getpass
import sys
from argparse import Namespace
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from app import bootstrap
from app.domain.errors import UserError
from app.domain.text import N_, LocalText, Text
from app.i18n import Translator

if TYPE_CHECKING:
    from app.services.desk import Desk

_LIMIT: Final = 10_000


@contextlib.contextmanager
def signed_in(args: Namespace, t: Translator) -> Iterator["Desk"]:
    """The open desk of `--data`, in the name of `--user`; closed afterwards, whatever happens."""
    access = bootstrap.access(args.data)
    access.require_ready()  # before anything is typed
    desk = access.sign_in(login(args, t), passphrase(args, t))
    try:
        yield desk
    finally:
        desk.close()


def login(args: Namespace, t: Translator) -> str:
    """`--user`, else asked for; UserError without a terminal."""
    if args.user:
        return str(args.user)
    _require_terminal(N_("Nobody is named: give the login with --user."))
    return _asked(lambda: input(t("Login: ")))


def passphrase(args: Namespace, t: Translator, *, new: bool = False) -> str:
    """The first line of `--passphrase-file`, else asked for without echo, twice for a new one.

    UserError: no terminal, a file that can't be read, two entries that differ.
    """
    if args.passphrase_file:
        return _first_line(args.passphrase_file)
    _require_terminal(N_("There is no passphrase: give a file whose first line it is with --passphrase-file."))
    given = _asked(lambda: getpass.getpass(t("Passphrase: ")))
    if new and _asked(lambda: getpass.getpass(t("The same passphrase again: "))) != given:
        raise UserError(Text(N_("The two passphrases differ. Nothing was made; start again.")))
    return given


def of_papers(args: Namespace, t: Translator) -> str:
    """The passphrase under which papers leave the program: the first line of `--papers-passphrase-file`, else asked for
    twice without echo. It is kept nowhere. UserError as `passphrase`."""
    if args.papers_passphrase_file:
        return _first_line(args.papers_passphrase_file)
    sentence = N_(
        "There is no passphrase for the papers: give a file whose first line it is with --papers-passphrase-file, or"
        " --plain to write them unencrypted."
    )
    _require_terminal(sentence)
    given = _asked(lambda: getpass.getpass(t("Passphrase for the papers, kept nowhere: ")))
    if _asked(lambda: getpass.getpass(t("The same passphrase again: "))) != given:
        raise UserError(Text(N_("The two passphrases differ. Nothing was made; start again.")))
    return given


def fingerprint(t: Translator) -> str:
    """The fingerprint of a key, as its owner reads it out; UserError without a terminal."""
    _require_terminal(N_("The fingerprint is missing: give it with --fingerprint, as the methodologist reads it out."))
    return _asked(lambda: input(t("Fingerprint, as the methodologist reads it out: ")))


def fingerprint_of_centre(t: Translator, name: LocalText, found: str) -> str:
    """The fingerprint of a centre's key, as the centre reads it out on the telephone; UserError without a terminal."""
    _require_terminal(N_("The fingerprint is missing: give it with --fingerprint, as the centre reads it out."))
    print(t("The invitation is of {name}. Its key has {n} letters and digits.", name=name, n=len(found)))
    return _asked(lambda: input(t("Fingerprint, as the centre reads it out: ")))


def _asked(ask: Callable[[], str]) -> str:
    try:
        return ask()
    except EOFError:
        raise UserError(Text(N_("The input ended before the answer. Nothing was done; start again."))) from None
    except UnicodeError:
        raise UserError(Text(N_("The answer is not UTF-8. Set the terminal to UTF-8, then start again."))) from None


def _first_line(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(_LIMIT).decode("utf-8-sig").partition("\n")[0].rstrip("\r")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "UTF-8"
        sentence = N_("The passphrase file can't be read: {path} ({reason}). Check the path and your rights.")
        raise UserError(Text(sentence, {"path": str(path), "reason": reason or ""})) from error


def _require_terminal(sentence: str) -> None:
    if not sys.stdin.isatty():
        raise UserError(Text(sentence))
