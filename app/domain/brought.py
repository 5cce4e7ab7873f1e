"""What is brought to an examination: the rest of the referral 031/у, copies of medical papers, the list of documents.

The fields of 031/у are those of the form as the referring organisation fills it in. Copies are told by their digest:
the bytes lie in the desk's database, once for each content.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from app.domain.case_fields import Day, ListOf, MapOf, Object, OneOf, Whole, Words
from app.domain.text import N_
from app.domain.typed import LONGEST_TEXT


class PaperKind(StrEnum):
    """What an attached copy is of."""

    REFERRAL = "referral"
    OUTPATIENT_CARD = "outpatient_card"
    EXTRACT = "extract"
    RESULT = "result"
    CONSULTATION = "consultation"
    WORK = "work"
    INJURY_ACT = "injury_act"
    CAUSAL_LINK = "causal_link"
    PEDAGOGICAL = "pedagogical"
    MILITARY = "military"
    OTHER = "other"
    IDENTITY = "identity"


class FileKind(StrEnum):
    PNG = "png"
    JPEG = "jpeg"
    PDF = "pdf"


class Presence(StrEnum):
    """How a document of the check-list stands."""

    PRESENT = "present"
    ABSENT = "absent"
    NOT_NEEDED = "not_needed"


NAMES: Final[Mapping[StrEnum, str]] = MappingProxyType(
    {
        PaperKind.REFERRAL: N_("referral 031/у"),
        PaperKind.OUTPATIENT_CARD: N_("outpatient card"),
        PaperKind.EXTRACT: N_("extract from a case history"),
        PaperKind.RESULT: N_("result of an examination or analysis"),
        PaperKind.CONSULTATION: N_("conclusion of a specialist"),
        PaperKind.WORK: N_("data on work"),
        PaperKind.INJURY_ACT: N_("act of an accident at work, form Н-1"),
        PaperKind.CAUSAL_LINK: N_("conclusion on the causal link"),
        PaperKind.PEDAGOGICAL: N_("conclusion of the ПМПК"),
        PaperKind.MILITARY: N_("paper of a military-medical commission"),
        PaperKind.OTHER: N_("another medical paper"),
        PaperKind.IDENTITY: N_("identity document"),
        Presence.PRESENT: N_("is there"),
        Presence.ABSENT: N_("absent"),
        Presence.NOT_NEEDED: N_("not needed"),
    }
)

FILE_LIMIT: Final = 20 * 1024 * 1024
CASE_LIMIT: Final = 200 * 1024 * 1024
"""Bytes of one file and of all copies of one case: limits of this program, so that copies of the desk stay handy."""
ATTACHMENTS: Final = "dossier.attachments"
CHECKLIST: Final = "dossier.checklist"
REFERRAL: Final = "dossier.referral"

_LINE = Words()
_TEXT = Words(longest=LONGEST_TEXT, lines=True)
_MAGIC = ((b"\x89PNG\r\n\x1a\n", FileKind.PNG), (b"\xff\xd8\xff", FileKind.JPEG), (b"%PDF-", FileKind.PDF))

REFERRAL_FIELDS: Final = Object(
    {
        "anamnesis": _TEXT,
        "incapacity": ListOf(Object({"from": Day(), "to": Day(), "diagnosis": _LINE})),
        "examinations": _TEXT,
        "consultations": _TEXT,
        "diagnosis": _TEXT,
        "disorders": _TEXT,
        "clinical_prognosis": _TEXT,
        "potential": _TEXT,
        "prognosis": _TEXT,
        "plan": _TEXT,
        "chair": _LINE,
        "members": ListOf(Object({"name": _LINE})),
    }
)
ATTACHMENT_LIST: Final = ListOf(
    Object(
        {
            "digest": Words(re.compile(r"[0-9a-f]{64}"), N_("a SHA-256 digest of 64 hex digits")),
            "kind": OneOf(tuple(kind.value for kind in FileKind)),
            "title": _LINE,
            "pages": Whole(1, 100_000),
            "size": Whole(1, FILE_LIMIT),
            "added_at": _LINE,
            # An identity document is no kind of a kept copy.
            "of": OneOf(tuple(kind.value for kind in PaperKind if kind is not PaperKind.IDENTITY)),
        }
    )
)
CHECKLIST_FIELDS: Final = MapOf(
    re.compile(r"[a-z][a-z0-9_]{0,63}"), OneOf(tuple(presence.value for presence in Presence))
)


def file_kind(data: bytes) -> FileKind | None:
    """What the first bytes say the file is; None for what can't be attached. The name says nothing."""
    return next((kind for magic, kind in _MAGIC if data.startswith(magic)), None)
