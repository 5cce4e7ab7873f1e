"""`saraptama init`: make a data directory with its first user."""

import sys
from argparse import Namespace

from app import bootstrap
from app.commands import credentials
from app.domain.errors import UserError
from app.domain.text import N_, Text
from app.i18n import Translator
from app.services import setup
from app.services.views import AccessState, Department


def run(args: Namespace, t: Translator) -> int:
    """Print the recovery code, once. UserError: a desk is there already, a value is missing or wrong."""
    access = bootstrap.access(args.data)
    if access.state() is not AccessState.NEW:
        sentence = N_("There is a desk already: {path}. Sign in, or choose another directory.")
        raise UserError(Text(sentence, {"path": str(args.data)}))
    if not args.user:
        raise UserError(Text(N_("Nobody is named: give the first user's login with --user.")))
    if not args.name:
        raise UserError(Text(N_("The name is missing: give it with --name, as it is to stand on documents.")))
    today = bootstrap.clock().today()
    department = Department(args.department, args.region, setup.department_names(args.department, args.region, today))
    passphrase = credentials.passphrase(args, t, new=True)
    # The code is shown once: an output that takes nothing must show before there is a desk.
    print(t("Making the desk: {path}", path=args.data), flush=True)
    code = access.create(
        department=department,
        login=args.user,
        name=args.name,
        passphrase=passphrase,
        language=t.language,
    )
    print(t("Recovery code of {login}: {code}", login=args.user, code=code))
    print(t("It is shown this once. Write it down and keep it in a safe: it alone helps when the passphrase is lost."))
    if access.trouble is not None:
        print(t.show(access.trouble), file=sys.stderr)
    return 0
