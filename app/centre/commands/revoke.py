"""`saraptama-centre revoke`: take nothing more from a laptop, such as one that was lost."""

from argparse import Namespace

from app.centre import admission, audit, naming
from app.centre.configuration import from_environment
from app.centre.opening import store_of
from app.domain.errors import UserError
from app.domain.text import N_, Text
from app.i18n import Translator


def run(args: Namespace, t: Translator) -> int:
    """Revoke it, with the reason that others read."""
    with store_of(from_environment(), connections=1) as store, store.begin(write=True) as connection:
        device = naming.device(connection, args.device)
        if not admission.revoke(connection, device, args.reason):
            sentence = N_("No laptop {device} is enrolled, or it was revoked.")
            raise UserError(Text(sentence, {"device": device}))
        audit.by_command(connection, "laptop.revoked", device, reason=args.reason)
    print(t("The laptop {device} is revoked: nothing more is taken from it. What it sent before stays.",
            device=device))  # fmt: skip
    return 0
