"""`saraptama-centre user …` and `saraptama-centre audit`: the first administrator, who may come in, the whole trail."""

import argparse
import time
from argparse import Namespace
from pathlib import Path
from typing import Any

from app.centre import audit
from app.centre.audit import COMMAND_LINE
from app.centre.console import application, proofs
from app.centre.console.access import ROLE_WORDS, Role
from app.centre.keys import Keys
from app.centre.store import Store
from app.crypto.slots import STANDARD, Cost
from app.domain.text import N_
from app.i18n import Translator
from app.terminal import ask_secret, first_line, require_terminal
from app.usage import a_line, a_path


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

    roles = [role.value for role in Role]
    add = verb("add", t("make a user; the secret of the one-time codes is printed once"))
    add.add_argument("--role", choices=roles, required=True, help=t("what the user may do"))
    add.add_argument("--name", type=a_line, default="", metavar=t("NAME"), help=t("the user's full name"))
    secret = t("a file whose first line is the new user's passphrase")
    add.add_argument("--user-passphrase-file", type=a_path, metavar=t("FILE"), help=secret)
    shown = [add, verb("list", t("list the users"))]
    shown.append(verb("reset", t("let a user in again: a new entry code, passphrase and codes hold no more")))
    role = verb("role", t("give a user another role; sessions end"))
    role.add_argument("--role", choices=roles, required=True, help=t("what the user may do"))
    shown += [role, verb("close", t("close an account; nothing is deleted")), verb("open", t("open it again"))]
    words = t("check the centre's audit trail and print the hash of its head")
    shown.append(commands.add_parser("audit", t=t, help=words, description=words))
    return shown


def run(args: Namespace, t: Translator, store: Store, keys: Keys, *, cost: Cost = STANDARD) -> int:
    """Do what `user` or `audit` asks for. Failures are UserError, NothingToDo or CheckFailed."""
    if args.command == "audit":
        return _audit(t, store)
    accounts, now = application.console(store, keys, cost=cost).accounts, time.time()
    if args.verb == "add":
        passphrase = _new_passphrase(args.user_passphrase_file, t)
        account, secret = accounts.add_ready(COMMAND_LINE, now, args.login, args.name, Role(args.role), passphrase)
        print(t("The user {login} may sign in: {role}.", login=account.login, role=t(ROLE_WORDS[account.role])))
        print(t("Secret of the one-time codes, shown this once:"))
        print(proofs.grouped(secret))
        print(proofs.address_of(secret, account.login))
        return 0
    if args.verb == "list":
        with store.begin() as connection:
            for account in accounts.all(connection):
                state = "closed" if account.disabled else "ready" if account.ready else "new"
                print(f"{account.login}\t{account.role.value}\t{state}\t{account.name}")
        return 0
    with store.begin(write=True) as connection:
        user = accounts.by_login(connection, args.login).id
        match args.verb:
            case "reset":
                code = accounts.let_in_again(connection, COMMAND_LINE, now, user)
            case "role":
                accounts.set_role(connection, COMMAND_LINE, now, user, Role(args.role))
            case _:
                accounts.set_disabled(connection, COMMAND_LINE, now, user, disabled=args.verb == "close")
    if args.verb == "reset":
        print(t("Entry code, shown this once, valid 48 hours:"))
        print(proofs.grouped(code))
    return 0


def _audit(t: Translator, store: Store) -> int:
    with store.begin() as connection:
        length, head = audit.check(connection)
    print(t("The audit trail is whole: {n} rows, head {head}.", n=length, head=head))
    return 0


def _new_passphrase(file: Path | None, t: Translator) -> str:
    if file is not None:
        return first_line(file)
    require_terminal(
        N_("There is no passphrase for the user: give a file whose first line it is with --user-passphrase-file.")
    )
    return ask_secret(t("Passphrase of the user: "), t("The same passphrase again: "))
