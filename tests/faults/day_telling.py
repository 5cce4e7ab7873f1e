"""How the child of `tests.faults.day` tells what it does: each step before and after it, as facts that must stand."""

import json
import os
from collections.abc import Callable
from typing import Any, Final

from app.domain.vocabulary import PaperKind

Facts = dict[str, Any]
UNKNOWN: Final = "?"
"""In facts told before a step: an id that only the step itself makes."""
SERIES: Final = "АА"
BLANKS: Final = (PaperKind.CERTIFICATE_EXTRACT, PaperKind.GENERAL_CAPACITY)
TODAY: Final = "2026-11-18"


class Teller:
    """Tells each step on the pipe: its facts before it is done, and again once the service has answered."""

    def __init__(self, report: int) -> None:
        self._report = report

    def does(self, facts: Facts, act: Callable[[], Any], found: Callable[[Any], Facts] = lambda _: {}) -> None:
        """`found`: facts that only the answer gives."""
        self._write({"begun": facts})
        answer = act()
        self._write({"done": {**facts, **found(answer)}})

    def _write(self, line: Facts) -> None:
        os.write(self._report, (json.dumps(line, ensure_ascii=False) + "\n").encode())
