"""Papers: what a case looks like on a sheet, as PDF bytes. ReportLab is imported only when something is rendered."""

from collections import Counter
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from app.documents.forms.table import BOTH, FORMS, OPINIONS, Form
from app.domain.errors import UserError
from app.domain.papers import PROTOCOL
from app.domain.text import LANGUAGES, N_, LocalText, Text

if TYPE_CHECKING:
    from app.documents.conclusion import ConclusionContent
    from app.documents.decision import Decision

# id → languages it can be printed in
DOCUMENTS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {form: LANGUAGES if form in OPINIONS else (*LANGUAGES, BOTH) for form in FORMS}
)
JOURNAL, DUPLICATE, RECOVERY, SLIP = "journal", "duplicate", "recovery", "slip"
BESIDE: Final = (PROTOCOL, JOURNAL, DUPLICATE, RECOVERY)
"""What is printed and is no form of one decision: the protocol of a session, the pages of a journal, the strict forms
that replace a lost one, the recovery sheet of a user."""


def title(document_id: str) -> LocalText:
    """The title that stands on the paper, in each language."""
    from app.documents.wording import wording

    template = document_id if document_id in (PROTOCOL, RECOVERY, SLIP) else form_of(document_id).words
    kk, ru, en = (wording(template, language)("form", "title") for language in LANGUAGES)
    return LocalText(kk=kk, ru=ru, en=en)


def form_of(document_id: str) -> Form:
    """The form with this id; UserError for one that isn't in `FORMS`."""
    form = FORMS.get(document_id)
    if form is None:
        raise UserError(
            Text(
                N_("There is no document “{id}”. These can be printed: {ids}."),
                {"id": document_id, "ids": ", ".join((*DOCUMENTS, *BESIDE))},
            )
        )
    return form


def spoken(document_id: str, asked: Iterable[str]) -> tuple[str, ...]:
    """In which of the languages asked for a document is printed: one that has one language a sheet, in both of
    `kk+ru`."""
    parts = [[one] if one in DOCUMENTS[document_id] else one.split("+") for one in asked]
    return tuple(dict.fromkeys(code for part in parts for code in part))


def render(
    document_id: str,
    content: "ConclusionContent",
    language: str,
    decision: "Decision | None" = None,
    told: Counter[str] | None = None,
) -> bytes:
    """The PDF of a document in one language, or in `kk+ru`; equal content gives equal bytes.

    `decision`: the one made of `content`; every document but those of `OPINIONS` needs it. `told` takes up what the
    paper says whatever its language (`app.documents.parity`). UserError for an id that is
    not in `FORMS`, for a case that has no such paper, and for a language that the document isn't printed in.
    """
    form = form_of(document_id)
    if language not in DOCUMENTS[document_id]:
        sentence = N_("“{id}” is printed in these languages: {languages}.")
        raise UserError(Text(sentence, {"id": document_id, "languages": ", ".join(DOCUMENTS[document_id])}))
    if decision is not None and form.needs not in decision.tags:
        raise UserError(Text(N_("This case has no such paper: {title}. {why}"),
                             {"title": title(document_id), "why": Text(form.lacks)}))  # fmt: skip
    if document_id in OPINIONS:
        from app.documents.conclusion_story import render_opinion

        pdf, witness = render_opinion(document_id, content, language, told), content.witness
        return witness.of(document_id).seal(pdf) if witness is not None else pdf
    from app.documents.forms.rendering import render_form

    if decision is None:
        raise ValueError("a form needs the decision")
    return render_form(form, decision, language, told)
