"""What a correction changes: field by field, between the case that was signed and the one that corrects it. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from app.domain.case_file import Document, get

# What belongs to the correction itself, or follows from the decision.
_LEFT_OUT: Final = ("dossier.correction", "dossier.until", "dossier.ending", "dossier.postponed", "dossier.origins")
_WHOLE: Final = ("decision.period", "previous.period")


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that differs; None: not given."""

    path: str
    old: Any
    new: Any


def differences(old: Document, new: Document) -> tuple[Difference, ...]:
    """Every field whose value is another one, in the order of the new case, then of what it has no more.

    A list and a period are one value each. Where nothing was decided yet, the decision doesn't count as changed.
    """
    paths = dict.fromkeys([*_leaves(new, ""), *_leaves(old, "")])
    undecided = not any(value is not None and value != [] for _, value in _given(new.get("decision")))
    found = []
    for path in paths:
        if path.startswith(_LEFT_OUT) or (undecided and path.startswith("decision")):
            continue
        before, after = get(old, path), get(new, path)
        if path == "decision.reasons" and not before and not after:
            continue
        # 0 is not False, and neither is "not given".
        if before != after or type(before) is not type(after):
            found.append(Difference(path, before, after))
    return tuple(found)


def _given(value: object) -> Iterator[tuple[str, Any]]:
    yield from value.items() if isinstance(value, dict) else ()


def _leaves(value: object, path: str) -> Iterator[str]:
    if isinstance(value, dict) and path not in _WHOLE:
        for key, inner in value.items():
            yield from _leaves(inner, f"{path}.{key}" if path else key)
    else:
        yield path
