"""Papers: what a case looks like on a sheet, as PDF bytes. ReportLab is imported only when something is rendered."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from app.domain.errors import UserError
from app.domain.text import LANGUAGES, N_, LocalText, Text

if TYPE_CHECKING:
    from app.documents.conclusion import ConclusionContent

# id → languages it can be printed in
DOCUMENTS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType({"conclusion": LANGUAGES})


def title(document_id: str) -> LocalText:
    """The title that stands on the paper, in each language."""
    from app.documents.wording import wording

    _known(document_id)
    kk, ru, en = (wording(document_id, language)("form", "title") for language in LANGUAGES)
    return LocalText(kk=kk, ru=ru, en=en)


def render(document_id: str, content: "ConclusionContent", language: str) -> bytes:
    """The PDF of a document in one language; equal content gives equal bytes.

    UserError for an id that is not in `DOCUMENTS`, KeyError for a language other than kk, ru, en.
    """
    _known(document_id)
    from app.documents.conclusion_story import render_conclusion

    return render_conclusion(content, language)


def _known(document_id: str) -> None:
    if document_id not in DOCUMENTS:
        raise UserError(
            Text(
                N_("There is no document “{id}”. These can be printed: {ids}."),
                {"id": document_id, "ids": ", ".join(DOCUMENTS)},
            )
        )
