"""`saraptama-centre export-bundle`: what a laptop gets back by stick."""

from argparse import Namespace

from app.centre import bundles, naming
from app.centre.configuration import from_environment
from app.centre.opening import centre
from app.i18n import Translator


def run(args: Namespace, t: Translator) -> int:
    """Write it, read it back, print where it lies."""
    with centre(from_environment(), t, connections=1) as opened:
        with opened.store.begin() as connection:
            device = naming.device(connection, args.device)
        found = bundles.write(opened.store, opened.keys, device, args.out)
    print(found.path)
    print(t("It holds {receipts} receipts and {items} pieces of reference data. It was read back and is whole.",
            receipts=found.receipts, items=found.items))  # fmt: skip
    return 0
