"""`saraptama documents`: what can be printed, in which languages, under which titles."""

from argparse import Namespace

from app.documents import DOCUMENTS, title
from app.i18n import Translator


def run(_args: Namespace, _t: Translator) -> int:
    """One line a document and language: id, language, the title on the paper."""
    for document_id, languages in DOCUMENTS.items():
        titles = title(document_id)
        for language in languages:
            print(f"{document_id}\t{language}\t{titles.of(language)}")
    return 0
