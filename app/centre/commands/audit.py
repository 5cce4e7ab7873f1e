"""`saraptama-centre audit`: whether the centre's audit trail is whole."""

from argparse import Namespace

from app.centre import audit
from app.centre.configuration import from_environment
from app.centre.opening import store_of
from app.i18n import Translator


def run(_args: Namespace, t: Translator) -> int:
    """Walk the whole trail, print its length and the hash of its head; CheckFailed at the first broken row."""
    with store_of(from_environment(), connections=1) as store, store.begin() as connection:
        length, head = audit.check(connection)
    print(t("The audit trail is whole: {n} rows, head {head}.", n=length, head=head))
    return 0
