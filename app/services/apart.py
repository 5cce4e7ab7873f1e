"""Work in a further process of Python, which holds nothing of a desk: no key, no open database, no window.

Such a process is begun anew (`spawn`), is deaf to Ctrl-C, which is for the first process alone, and ends with it.
"""

import contextlib
import os
import signal
import threading
from collections.abc import Iterator
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection
from typing import Final

_PATIENCE: Final = 60.0  # seconds


@contextlib.contextmanager
def uninterrupted() -> Iterator[None]:
    """Around the start of a further process: it begins deaf to Ctrl-C."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def begin() -> None:
    """First thing in each further process: it ends with the first one, however that ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_first, daemon=True).start()


def try_out() -> None:
    """Whether a further process can be begun and answers; TimeoutError where it doesn't."""
    context = get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_answer, args=(theirs,), daemon=True)
    with uninterrupted():
        process.start()
    theirs.close()
    try:
        if not ours.poll(_PATIENCE):
            raise TimeoutError(_PATIENCE)
        ours.recv()
    finally:
        ours.close()
        process.kill()
        process.join()


def _answer(answers: Connection) -> None:
    begin()
    answers.send(True)


def _end_with_first() -> None:
    first = parent_process()
    if first is not None:
        first.join()
        os._exit(1)  # nothing is open here that would have to be closed
