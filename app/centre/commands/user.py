"""`saraptama-centre user`: who may use the console."""

import argparse
from argparse import Namespace
from typing import Any

from app.centre.configuration import from_environment
from app.i18n import Translator
from app.usage import a_line, a_path

ROLES = ("viewer", "methodologist", "administrator")
"""as `app.centre.console.access` has them; not imported, for the words are needed before the console is"""


def options(commands: "argparse._SubParsersAction[Any]", t: Translator) -> list[argparse.ArgumentParser]:
    """Add the commands `user` and `audit`; gives back every parser that takes what all commands take."""
    words = t("who may use the console: add, list, reset, role, close, open")
    user = commands.add_parser("user", t=t, help=words, description=words)
    verbs = user.add_subparsers(dest="verb", required=True, title=t("commands"), metavar=t("COMMAND"))

    def verb(name: str, told: str) -> argparse.ArgumentParser:
        made: argparse.ArgumentParser = verbs.add_parser(name, t=t, help=told, description=told)
        if name != "list":
            made.add_argument("login", type=a_line, metavar=t("LOGIN"))
        return made

    add = verb("add", t("make a user; the secret of the one-time codes is printed once"))
    add.add_argument("--role", choices=ROLES, required=True, help=t("what the user may do"))
    add.add_argument("--name", type=a_line, default="", metavar=t("NAME"), help=t("the user's full name"))
    secret = t("a file whose first line is the new user's passphrase")
    add.add_argument("--user-passphrase-file", type=a_path, metavar=t("FILE"), help=secret)
    shown = [add, verb("list", t("list the users"))]
    shown.append(verb("reset", t("let a user in again: a new entry code, passphrase and codes hold no more")))
    role = verb("role", t("give a user another role; sessions end"))
    role.add_argument("--role", choices=ROLES, required=True, help=t("what the user may do"))
    shown += [role, verb("close", t("close an account; nothing is deleted")), verb("open", t("open it again"))]
    words = t("check the centre's audit trail and print the hash of its head")
    shown.append(commands.add_parser("audit", t=t, help=words, description=words))
    return shown


def run(args: Namespace, t: Translator) -> int:
    """Add, list, let in again, change, close."""
    from app.centre.console import command
    from app.centre.opening import centre

    with centre(from_environment(), t, connections=2) as opened:
        return command.run(args, t, opened.store, opened.keys)
