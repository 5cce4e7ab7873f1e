"""What the commission states beside group, period and percentage: prognoses, kinds of additional help, recommendations.

Data of the case, so that it is there before the members sign and papers print it (adr/0020); what is not given stays a
line to write on. That these are the kinds and degrees to choose from is known from memory, not from an official text.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from app.domain.case_fields import ListOf, Object, OneOf, Spec, Words, refuse
from app.domain.text import N_
from app.domain.typed import LONGEST_NAME, LONGEST_TEXT
from app.domain.vocabulary import Prognosis


class Potential(StrEnum):
    """Rehabilitation potential (оңалту әлеуеті, реабилитационный потенциал)."""

    HIGH = "high"
    MODERATE = "moderate"
    LOW = "low"
    ABSENT = "absent"


class ExtraHelp(StrEnum):
    """Kinds of additional help and care (қосымша көмек пен күтім, дополнительная помощь и уход). `NONE`: not needed."""

    CONSTANT_CARE = "constant_care"
    MEDICAL_CARE = "medical_care"
    HOUSEHOLD_CARE = "household_care"
    PROSTHETICS = "prosthetics"
    SANATORIUM = "sanatorium"
    MOVEMENT = "movement"
    NONE = "none"


NAMES: Final[Mapping[StrEnum, str]] = MappingProxyType(
    {
        Potential.HIGH: N_("high"),
        Potential.MODERATE: N_("moderate"),
        Potential.LOW: N_("low"),
        Potential.ABSENT: N_("absent"),
        ExtraHelp.CONSTANT_CARE: N_("constant care by another person"),
        ExtraHelp.MEDICAL_CARE: N_("special medical care"),
        ExtraHelp.HOUSEHOLD_CARE: N_("care in the household"),
        ExtraHelp.PROSTHETICS: N_("prostheses"),
        ExtraHelp.SANATORIUM: N_("sanatorium treatment"),
        ExtraHelp.MOVEMENT: N_("special means of movement"),
        ExtraHelp.NONE: N_("none needed"),
    }
)

PROGNOSES: Final = "dossier.prognoses"
HELP: Final = "dossier.extra_help"
RECOMMENDED: Final = "dossier.recommendations"


@dataclass(frozen=True, slots=True)
class _Kinds:
    """Kinds of help, each once; that none is needed stands alone."""

    inner: Spec

    def check(self, value: object, path: str) -> None:
        self.inner.check(value, path)
        if isinstance(value, list) and ExtraHelp.NONE in value and len(value) > 1:
            sentence = N_("{path}: “none needed” and a kind of help exclude each other. Take one of them out.")
            raise refuse(path, sentence)


def _of(enumeration: type[StrEnum]) -> OneOf:
    return OneOf(tuple(member.value for member in enumeration))


# Of the disease, of what can be regained, of work; that of rehabilitation is a fact of the case (`facts.prognosis`).
PROGNOSES_FIELDS: Final = Object({"clinical": _of(Prognosis), "potential": _of(Potential), "work": _of(Prognosis)})
HELP_FIELDS: Final = Object({
    "kinds": _Kinds(ListOf(_of(ExtraHelp), distinct=True)), "other": Words(), "term": Words(),
})  # fmt: skip
# `work`: one line, for the certificate; `text`: for the opinion and the act.
RECOMMENDED_FIELDS: Final = Object({
    "work": Words(longest=LONGEST_NAME), "text": Words(longest=LONGEST_TEXT, lines=True),
})  # fmt: skip
