"""`saraptama-centre revoke-user`: a user's signatures count no more from a day on."""

from argparse import Namespace

from app.centre import audit
from app.centre.configuration import from_environment
from app.centre.opening import centre
from app.centre.publisher import Publisher
from app.i18n import Translator


def run(args: Namespace, t: Translator) -> int:
    """Revoke, with the reason that laptops show."""
    with centre(from_environment(), t, connections=1) as opened:
        Publisher(opened.store, opened.keys).revoke_user(args.user, args.day, args.reason)
        with opened.store.begin(write=True) as connection:
            after = {"on": args.day}
            audit.by_command(connection, "laptop.user_revoked", args.user, after=after, reason=args.reason)
    print(t("The user {user} is revoked from {day} on.", user=args.user, day=args.day))
    return 0
