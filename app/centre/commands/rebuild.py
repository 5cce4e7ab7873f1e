"""`saraptama-centre rebuild`: throw away all that was made of the records, and make it again."""

from argparse import Namespace

from app.centre import auditing
from app.centre.configuration import from_environment
from app.centre.opening import store_of
from app.i18n import Translator


def run(_args: Namespace, t: Translator) -> int:
    """Records, receipts and what is published stay as they are."""
    with store_of(from_environment(), connections=2) as store:
        done = auditing.rebuild(store)
    print(t("Records interpreted: {n}", n=done))
    return 0
