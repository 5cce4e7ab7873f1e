"""`saraptama documents`: what can be printed, in which languages, under which titles; of one case: what it has."""

from argparse import Namespace
from pathlib import Path
from typing import Final

from app.commands import credentials
from app.commands.print_documents import content_of, decision_in, number_of
from app.documents import DOCUMENTS, DUPLICATE, JOURNAL, RECOVERY, title
from app.documents.forms.table import FORMS, paper_set
from app.domain.papers import PROTOCOL
from app.domain.text import LANGUAGES, N_, Text, one_line
from app.i18n import Translator, translator


def run(args: Namespace, t: Translator) -> int:
    """One line a document and language: id, language, the title on the paper. With a case, one line a document: id,
    whether it belongs to the set (+), can be printed (-) or why not, series and number, the title."""
    if args.case is not None:
        return _of_a_case(args, t)
    for document_id, languages in DOCUMENTS.items():
        titles = title(document_id)
        for language in languages:
            shown = " / ".join(titles.of(code) for code in language.split("+"))
            print(f"{document_id}\t{language}\t{shown}")
    for document_id, told in _BESIDE.items():
        for language in LANGUAGES:
            t = translator(language)
            shown = title(document_id).of(language) if document_id in (PROTOCOL, RECOVERY) else t(told)
            print(f"{document_id}\t{language}\t{shown}")
    return 0


def _of_a_case(args: Namespace, t: Translator) -> int:
    number = number_of(args.case)
    rows = _of_the_desk(args, t, number) if number is not None else _of_a_file(args.case)
    for document_id, in_set, blank, lacks in rows:
        state = t.show(lacks) if lacks is not None else blank or "–"
        print("\t".join((document_id, "+" if in_set else "-", state, one_line(title(document_id).of(t.language)))))
    return 0


_BESIDE: Final = {
    PROTOCOL: "",
    JOURNAL: N_("Pages of a journal"),
    DUPLICATE: N_("Strict forms that replace a lost one"),
    RECOVERY: "",
}

Row = tuple[str, bool, str, Text | None]


def _of_the_desk(args: Namespace, t: Translator, number: str) -> list[Row]:
    with credentials.signed_in(args, t) as desk:
        papers = desk.documents.of_case(desk.documents.numbered(number))
    return [(paper.id, paper.in_set, paper.blank or "", paper.lacks) for paper in papers]


def _of_a_file(path: Path) -> list[Row]:
    decision = decision_in(*content_of(path))
    wanted = paper_set().of(decision.tags)
    return [
        (form.id, form.id in wanted, "", None if form.needs in decision.tags else Text(form.lacks))
        for form in FORMS.values()
    ]
