"""What `saraptama-centre user` does: the first administrator, who may come in, who no more."""

import time
from argparse import Namespace
from pathlib import Path

from app.centre.audit import COMMAND_LINE
from app.centre.console import application, proofs
from app.centre.console.access import ROLE_WORDS, Role
from app.centre.keys import Keys
from app.centre.store import Store
from app.crypto.slots import STANDARD, Cost
from app.domain.text import N_
from app.i18n import Translator
from app.terminal import ask_secret, first_line, require_terminal


def run(args: Namespace, t: Translator, store: Store, keys: Keys, *, cost: Cost = STANDARD) -> int:
    """Do what `user` asks for. Failures are UserError or NothingToDo."""
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


def _new_passphrase(file: Path | None, t: Translator) -> str:
    if file is not None:
        return first_line(file)
    require_terminal(
        N_("There is no passphrase for the user: give a file whose first line it is with --user-passphrase-file.")
    )
    return ask_secret(t("Passphrase of the user: "), t("The same passphrase again: "))
