"""Who works: the login and the passphrase of a command, from its options or from the person at the terminal."""

import contextlib
from argparse import Namespace
from collections.abc import Iterator
from typing import TYPE_CHECKING

from app import bootstrap
from app.domain.text import N_, LocalText
from app.i18n import Translator
from app.terminal import ask_secret, asked, first_line, require_terminal

if TYPE_CHECKING:
    from app.services.desk import Desk


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
    require_terminal(N_("Nobody is named: give the login with --user."))
    return asked(lambda: input(t("Login: ")))


def passphrase(args: Namespace, t: Translator, *, new: bool = False) -> str:
    """The first line of `--passphrase-file`, else asked for without echo, twice for a new one.

    UserError: no terminal, a file that can't be read, two entries that differ.
    """
    if args.passphrase_file:
        return first_line(args.passphrase_file)
    require_terminal(N_("There is no passphrase: give a file whose first line it is with --passphrase-file."))
    return ask_secret(t("Passphrase: "), t("The same passphrase again: ") if new else None)


def of_papers(args: Namespace, t: Translator) -> str:
    """The passphrase under which papers leave the program: the first line of `--papers-passphrase-file`, else asked for
    twice without echo. It is kept nowhere. UserError as `passphrase`."""
    if args.papers_passphrase_file:
        return first_line(args.papers_passphrase_file)
    sentence = N_(
        "There is no passphrase for the papers: give a file whose first line it is with --papers-passphrase-file, or"
        " --plain to write them unencrypted."
    )
    require_terminal(sentence)
    return ask_secret(t("Passphrase for the papers, kept nowhere: "), t("The same passphrase again: "))


def fingerprint(t: Translator) -> str:
    """The fingerprint of a key, as its owner reads it out; UserError without a terminal."""
    require_terminal(N_("The fingerprint is missing: give it with --fingerprint, as the methodologist reads it out."))
    return asked(lambda: input(t("Fingerprint, as the methodologist reads it out: ")))


def fingerprint_of_centre(t: Translator, name: LocalText, found: str) -> str:
    """The fingerprint of a centre's key, as the centre reads it out on the telephone; UserError without a terminal."""
    require_terminal(N_("The fingerprint is missing: give it with --fingerprint, as the centre reads it out."))
    print(t("The invitation is of {name}. Its key has {n} letters and digits.", name=name, n=len(found)))
    return asked(lambda: input(t("Fingerprint, as the centre reads it out: ")))
