"""`saraptama-centre work`: interpret what laptops sent, compare it, enter receipts into the log."""

import signal
import threading
from argparse import Namespace

from app.centre import telling, working
from app.centre.configuration import from_environment
from app.centre.opening import store_of
from app.i18n import Translator


def run(args: Namespace, t: Translator) -> int:
    """Until it is told to stop; with `--once` until nothing is left."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    signal.signal(signal.SIGINT, lambda *_: stop.set())
    if not args.once:
        telling.to_stream()
    with store_of(from_environment(), connections=2) as store:
        judged = working.work(store, stop, until_done=args.once)
    print(t("Records interpreted: {n}", n=judged))
    return 0
