"""The centre's work behind its door: interpret what came, compare across laptops, enter receipts into the log.

It needs the database alone, no keys. Any number of workers may run, here or on other machines, and each may be killed
at any moment: every step is one transaction.
"""

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Final

from sqlalchemy.exc import DBAPIError

from app.centre import telling
from app.centre.comparing import compare, compare_rates
from app.centre.interpreting import Interpreter
from app.centre.sequencing import sequence
from app.centre.store import Store

_REST: Final = 1.0  # seconds between two looks at whether something has come
_AFTER_TROUBLE: Final = 10.0
_RATES: Final = 3600.0
"""seconds between two looks at shares of overrides"""


def work(store: Store, stop: threading.Event, *, until_done: bool = False) -> int:
    """Until `stop` is set, or with `until_done` until nothing is left; how many events were judged."""
    interpreter, judged, rates_at = Interpreter(store), 0, 0.0
    while not stop.is_set():
        try:
            step = interpreter.step()
            judged += step
            moved = step + compare(store) + sequence(store)
            if not moved and time.monotonic() - rates_at > _RATES:
                compare_rates(store)
                rates_at = time.monotonic()
        except DBAPIError as error:
            # The server was started anew, the disk is full: what was begun is rolled back, and is tried again.
            if until_done:
                raise
            telling.tell_defect("work is interrupted", error)
            stop.wait(_AFTER_TROUBLE)
            continue
        if not moved:
            if until_done:
                break
            stop.wait(_REST)
    return judged


@contextmanager
def beside(address: str, *, prepared: bool = True) -> Iterator[None]:
    """A process that works for as long as the block: interpreting is computing, which would make the door wait."""
    process = get_context("spawn").Process(target=_run, args=(address, prepared, os.getpid()), daemon=True)
    process.start()
    try:
        yield
    finally:
        process.terminate()
        process.join(30)
        if process.is_alive():
            process.kill()
            process.join()


def _run(address: str, prepared: bool, parent: int) -> None:
    """In the further process: ends when it is told to, or when who started it is gone."""
    stop = threading.Event()
    if hasattr(os, "nice"):
        os.nice(10)  # who waits at the door comes first
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    telling.to_stream()
    store = Store(address, connections=2, prepared=prepared)

    def watch() -> None:
        while not stop.wait(_REST):
            if hasattr(os, "getppid") and os.getppid() != parent:
                stop.set()

    threading.Thread(target=watch, daemon=True).start()
    try:
        work(store, stop)
    finally:
        store.close()
