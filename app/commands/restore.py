"""`saraptama restore`: list the copies of the database, or bring one in."""

from argparse import Namespace

from app import bootstrap
from app.commands import credentials
from app.i18n import Translator


def run(args: Namespace, t: Translator) -> int:
    """Without a copy named: one line a copy, newest first. The desk must be closed while a copy is brought in."""
    access = bootstrap.access(args.data)
    if args.copy is None:
        found = access.copies()
        for copy in found:
            made = f"{copy.made_at.astimezone():%d.%m.%Y %H:%M}"
            print(t("{name}  made on {made}, {size} bytes", name=copy.path.name, made=made, size=copy.size))
        print(t.plural("{n} copy.", "{n} copies.", len(found)))
        return 0
    aside = access.restore(args.copy, credentials.login(args, t), credentials.passphrase(args, t))
    print(t("The copy is the database now: {name}", name=args.copy.name))
    print(t("What was there before is kept: {path}", path=aside))
    print(t("Sign in with the passphrase of the time of the copy; then check it: saraptama verify."))
    return 0
