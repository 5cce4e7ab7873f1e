"""The programme of rehabilitation measures (ИПАР; оңалту бағдарламасы) of one case: what may be written of it.

It lies in the dossier (adr/0020) under `PATH`. The criteria propose measures (app.rules.measures); here stands what the
commission made of that, a record of its own: a later change of facts or of criteria changes no row of it.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from app.domain.case_fields import Day, ListOf, Object, OneOf, Spec, Whole, Words, refuse
from app.domain.text import N_
from app.domain.typed import LONGEST_TEXT
from app.domain.vocabulary import (
    Agreement,
    MeasureDecision,
    MeasureOrigin,
    MeasureUnit,
    ProgrammePart,
    Signatory,
)

PATH: Final = "dossier.programme"
MOST_PIECES: Final = 9999
MOST_MONTHS: Final = 600


def may_change_after_decision(path: str) -> bool:
    """Whether the field at the path may still be written in a decided case: the programme follows the decision."""
    return path == PATH or path.startswith(f"{PATH}.")


def _of(enumeration: type[StrEnum]) -> OneOf:
    return OneOf(tuple(member.value for member in enumeration))


_LINE = Words()
_TEXT = Words(longest=LONGEST_TEXT, lines=True)
_FLAG = OneOf((True, False))
_MEASURE = Words(re.compile(r"[a-z][a-z0-9_]{0,63}"), N_("the id of a measure"))


@dataclass(frozen=True, slots=True)
class _Row:
    """A row: a measure of the criteria or one in words, with one term at most."""

    inner: Object

    def check(self, value: object, path: str) -> None:
        self.inner.check(value, path)
        assert isinstance(value, dict)  # noqa: S101 - the object has just said so
        if not value.get("measure") and not value.get("name"):
            raise refuse(f"{path}.name", N_("{path}: the name of the measure is missing. Write what it is."))
        if value.get("months") is not None and value.get("with_programme"):
            sentence = N_(
                "{path}: a term in months and the term of the programme exclude each other. Keep one of them."
            )
            raise refuse(f"{path}.months", sentence)


ROW: Final[Spec] = _Row(
    Object(
        {
            # The id of the criteria; none for a measure in the commission's own words, which stand in `name`.
            "measure": _MEASURE,
            "name": _LINE,
            "part": _of(ProgrammePart),
            "quantity": Whole(1, MOST_PIECES),
            "unit": _of(MeasureUnit),
            # The term of replacement, or that it lasts as long as the programme.
            "months": Whole(1, MOST_MONTHS),
            "with_programme": _FLAG,
            # Who carries it out: the id of a carrier of the criteria, or words.
            "carrier": _LINE,
            "state": _of(MeasureDecision),
            # Why the person refuses it; for one that is contra-indicated, why it is taken all the same.
            "reason": _TEXT,
            # Whether the person has signed the refusal, on paper.
            "signed": _FLAG,
            "note": _TEXT,
            "origin": _of(MeasureOrigin),
        }
    )
)

PROGRAMME: Final = Object(
    {
        "rows": ListOf(ROW),
        # The measures (ids) that were proposed when the proposal was taken over last: tells what is new since.
        "taken": ListOf(_MEASURE, distinct=True),
        # Why no measure is needed at all.
        "none": _TEXT,
        "consent": Object({"answer": _of(Agreement), "by": _of(Signatory), "on": Day()}),
        # Whether the person (or the representative) has signed the programme on paper.
        "plan": _FLAG,
    }
)


def rows_of(programme: dict[str, Any] | None) -> list[dict[str, Any]]:
    """The rows of a programme, free to be changed; none where there is no programme."""
    return [dict(row) for row in (programme or {}).get("rows") or ()]
