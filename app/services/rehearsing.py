"""A rehearsal over any number of cases: in this process while they are few, in several where they are many."""

import gc
import os
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import chain, islice
from multiprocessing import get_context
from typing import Final

from app.domain.errors import Cancelled, KnownError
from app.domain.rehearsal import Part, Rehearsal
from app.domain.text import N_, Text
from app.services import apart
from app.services.trial import Line, Trial

BATCH: Final = 1_000
_MOST_PROCESSES: Final = 8
_AHEAD: Final = 3  # batches waiting for each process: enough to keep it busy, few enough to keep memory small


def rehearse(
    trial: Trial,
    lines: Iterable[Line],
    *,
    in_work: bool = False,
    processes: int | None = None,
    progress: Callable[[int], object] = lambda _: None,
    cancelled: Callable[[], bool] = lambda: False,
    guard: Callable[[], None] | None = None,
) -> Rehearsal:
    """Decide all cases by both editions.

    `progress` is told how many cases are through; `cancelled` is asked between batches, then Cancelled is raised.
    `guard` runs first in every further process (a function of a module). KnownError where such a process is killed.
    """
    source = iter(lines)
    batches = iter(lambda: list(islice(source, BATCH)), [])
    first = list(islice(batches, 2))
    processes = processes or _processes()
    each = chain(first, batches)
    parts = _here(trial, each) if len(first) < 2 or processes < 2 else _beside(trial, each, processes, guard)
    whole = Part()
    try:
        for part in parts:
            whole.add(part)
            progress(whole.counts.total.cases + len(whole.refused))
            if cancelled():
                raise Cancelled
    finally:
        parts.close()
    new = trial.new.identity(trial.new.status)
    law_of = None if trial.own_day else trial.law_of or trial.new.valid_from
    earlier_only = law_of is not None and trial.law_of is None
    return Rehearsal(new, in_work, law_of, earlier_only, whole)


def _processes() -> int:
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(allowed, _MOST_PROCESSES)


def _here(trial: Trial, batches: Iterable[list[Line]]) -> Generator[Part, None, None]:
    for batch in batches:
        yield trial.through(batch)


def _beside(
    trial: Trial, batches: Iterable[list[Line]], processes: int, guard: Callable[[], None] | None
) -> Generator[Part, None, None]:
    # A process that is begun anew holds nothing of a desk: no key, no open database, no window.
    pool = ProcessPoolExecutor(processes, get_context("spawn"), _begin, (trial, guard))
    waiting: deque[Future[Part]] = deque()
    try:
        for batch in batches:
            with apart.uninterrupted():
                waiting.append(pool.submit(_through, batch))
            if len(waiting) >= processes * _AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BrokenProcessPool as error:
        sentence = N_("The system ended a part of the rehearsal, perhaps for want of memory. Nothing was changed.")
        raise KnownError(Text(sentence)) from error
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


_trial: Trial


def _begin(trial: Trial, guard: Callable[[], None] | None) -> None:
    """In each further process. It ends with the first one, however that ends."""
    global _trial  # noqa: PLW0603 - what a process is begun with
    apart.begin()
    if guard is not None:
        guard()
    # Cases are many small objects that die at once; Python would look for rings of them a thousand times, in vain.
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)
    _trial = trial


def _through(batch: list[Line]) -> Part:
    return _trial.through(batch)
