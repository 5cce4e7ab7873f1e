"""What the operator sees: lines of JSON without personal data, and counts for Prometheus.

Neither names, numbers of persons, texts of records nor addresses of callers are ever written: a laptop is its id.
"""

import json
import logging
import os
import sys
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, multiprocess

LOGGER: Final = logging.getLogger("saraptama.centre")
REGISTRY: Final = CollectorRegistry()
REQUESTS: Final = Counter("saraptama_requests", "Requests by route and status", ["route", "status"], registry=REGISTRY)
SECONDS: Final = Histogram("saraptama_request_seconds", "How long answers take", ["route"], registry=REGISTRY)
BATCHES: Final = Counter("saraptama_batches", "Batches by way and answer", ["way", "answer"], registry=REGISTRY)
EVENTS: Final = Counter("saraptama_events", "Events that were stored", ["way"], registry=REGISTRY)
REFUSALS: Final = Counter("saraptama_refusals", "Refusals by reason", ["reason"], registry=REGISTRY)


class Counts:
    """What is counted of the requests of one route, ready at hand."""

    def __init__(self, route: str) -> None:
        self._route = route
        self._seconds = SECONDS.labels(route)
        self._by_status: dict[int, Counter] = {}

    def count(self, status: int, seconds: float) -> None:
        """One request more."""
        if status not in self._by_status:
            self._by_status[status] = REQUESTS.labels(self._route, status)
        self._by_status[status].inc()
        self._seconds.observe(seconds)


@cache
def _of_batches(way: str, answer: str) -> tuple[Counter, Counter]:
    return BATCHES.labels(way, answer), EVENTS.labels(way)


def count_batch(way: str, answer: str, new_events: int) -> None:
    """One batch more, and what was new in it."""
    batches, events = _of_batches(way, answer)
    batches.inc()
    events.inc(new_events)


def metrics() -> bytes:
    """What Prometheus reads; of all workers where they share a folder (PROMETHEUS_MULTIPROC_DIR)."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return bytes(generate_latest(REGISTRY))
    every = CollectorRegistry()
    multiprocess.MultiProcessCollector(every)  # type: ignore[no-untyped-call]
    return bytes(generate_latest(every))


def tell(what: str, **told: Any) -> None:
    """One line of the log."""
    LOGGER.info(what, extra={"told": told})


def tell_defect(what: str, error: BaseException, **told: Any) -> None:
    """A mistake of the program: its kind and where it is, never the values, which may be somebody's diagnosis."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else "?"
    LOGGER.error(what, extra={"told": {**told, "kind": type(error).__name__, "place": place}})


class Lines(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """As the handler writes it."""
        told = getattr(record, "told", {})
        if record.exc_info and record.exc_info[1] is not None:
            told = {**told, "kind": type(record.exc_info[1]).__name__}
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        what = record.getMessage() if record.name.startswith(("saraptama", "uvicorn")) else record.name
        return json.dumps({"time": moment, "level": record.levelname.lower(), "what": what, **told}, ensure_ascii=False)


def to_stream() -> None:
    """Write the log to the error output."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    LOGGER.setLevel(logging.INFO)
    logging.getLogger("uvicorn").setLevel(logging.INFO)
    logging.getLogger("uvicorn.error").setLevel(logging.INFO)
