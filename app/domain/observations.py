"""What each specialist of the commission sees (маманның байқауы, осмотр специалиста), and where texts came from.

Every specialist has the same sections, in the order of the act of examination. A child and an adult may need different
specialists; all can be used for everybody.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from app.domain.case_fields import ListOf, Object, OneOf, Spec, Whole, Words
from app.domain.text import N_, Text
from app.domain.typed import LONGEST_TEXT


class Specialist(StrEnum):
    THERAPIST = "therapist"
    NEUROLOGIST = "neurologist"
    SURGEON = "surgeon"
    PSYCHIATRIST = "psychiatrist"
    REHABILITATION = "rehabilitation"
    SOCIAL_WORKER = "social_worker"
    PSYCHOLOGIST = "psychologist"


class Section(StrEnum):
    """One text of a specialist."""

    COMPLAINTS = "complaints"
    HISTORY = "history"
    WORK_SOCIAL = "work_social"
    OBJECTIVE = "objective"
    RESULTS = "results"
    CONCLUSION = "conclusion"


class OriginKind(StrEnum):
    """What a text came from: a phrase that users keep (snippet), or the same field of another person's case."""

    SNIPPET = "snippet"
    CASE = "case"


NAMES: Final[Mapping[StrEnum, str]] = MappingProxyType(
    {
        Specialist.THERAPIST: N_("Therapist"),
        Specialist.NEUROLOGIST: N_("Neurologist"),
        Specialist.SURGEON: N_("Surgeon"),
        Specialist.PSYCHIATRIST: N_("Psychiatrist"),
        Specialist.REHABILITATION: N_("Rehabilitation specialist"),
        Specialist.SOCIAL_WORKER: N_("Social worker"),
        Specialist.PSYCHOLOGIST: N_("Psychologist"),
        Section.COMPLAINTS: N_("Complaints"),
        Section.HISTORY: N_("History of the disease and of life"),
        Section.WORK_SOCIAL: N_("Work and social history"),
        Section.OBJECTIVE: N_("Objective state"),
        Section.RESULTS: N_("Results of examinations"),
        Section.CONCLUSION: N_("Conclusion of the specialist"),
    }
)

ROOT: Final = "dossier.observations"
ORIGINS_ROOT: Final = "dossier.origins"
_TEXT = Words(longest=LONGEST_TEXT, lines=True)
_ORIGIN = Object(
    {
        "kind": OneOf(tuple(kind.value for kind in OriginKind)),
        "id": Words(),  # of the snippet or the case
        "name": Words(),  # as it was called then: a snippet may be gone later
        "share": Whole(0, 100),  # percent of the text that stands there word for word
        "at": Words(),  # UTC, as in the audit trail
    }
)


def _by_section(spec: Spec) -> Object:
    return Object({who.value: Object({section.value: spec for section in Section}) for who in Specialist})


OBSERVATIONS: Final = _by_section(_TEXT)
# The tree of texts once more: where each came from.
ORIGINS: Final = Object({"observations": _by_section(ListOf(_ORIGIN))})


def path_of(who: Specialist | str, section: Section | str) -> str:
    """Where a specialist's text stands in the document."""
    return f"{ROOT}.{who}.{section}"


def named(path: str) -> Text:
    """A specialist's text by both names, for where it stands apart from the others."""
    who, section = path.removeprefix(f"{ROOT}.").split(".")
    told = {"specialist": Text(NAMES[Specialist(who)]), "section": Text(NAMES[Section(section)])}
    return Text(N_("{specialist}: {section}"), told)


def origins_path(path: str) -> str | None:
    """Where the origins of the text at `path` stand; None for a field whose origins nobody keeps."""
    return path.replace("dossier", ORIGINS_ROOT, 1) if path.startswith(f"{ROOT}.") else None
