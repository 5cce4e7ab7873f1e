"""The explanation as JSON (`mse-explanation/1`): everything that window and command line say, in one language."""

from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from typing import Any, Final

from app.domain.proposal import Citation, Proposal
from app.domain.text import LocalText
from app.rules.explanation import Explanation, citation_document

EXPLANATION_FORMAT: Final = "mse-explanation/1"


def explanation_document(explanation: Explanation, proposal: Proposal, language: str) -> dict[str, Any]:
    """The whole explanation of a proposal, its wording in `language` (`kk`, `ru` or `en`; KeyError for any other).

    The keys are the fields of `Explanation` in their order, after format, language, pack, day and age; a part that
    is absent is null or an empty list. Equal input gives equal bytes.
    """
    pack = proposal.pack
    return {
        "format": EXPLANATION_FORMAT,
        "language": language,
        "pack": {"id": pack.id, "version": pack.version, "digest": pack.digest, "status": pack.status.value},
        "on": proposal.on.isoformat(),
        "age": proposal.age,
        **{field.name: _form(getattr(explanation, field.name), language) for field in fields(explanation)},
    }


def _form(value: Any, language: str) -> Any:
    if isinstance(value, LocalText):
        return value.of(language)
    if isinstance(value, Citation):
        return citation_document(value, language)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple | list):
        return [_form(item, language) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _form(getattr(value, field.name), language) for field in fields(value)}
    return value
