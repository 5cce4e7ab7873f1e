"""`saraptama print`: the papers of a case file, one PDF a language, without a database.

A case file bears no signatures, so what is printed is always a draft.
"""

import sys
from argparse import Namespace
from pathlib import Path

from app.crypto.pack_signature import verify_shipped
from app.documents import DOCUMENTS, render
from app.documents.conclusion import ConclusionContent, conclusion_content
from app.domain.case_file import get, read_case_path
from app.domain.dates import parse_iso
from app.domain.errors import KnownError, UserError
from app.domain.text import N_, Text, for_terminal
from app.i18n import Translator
from app.rules.engine import propose
from app.rules.explanation import explain
from app.rules.library import PackLibrary
from app.services.output import unwritable, write_files


def run(args: Namespace, t: Translator) -> int:
    """Render every language first, then write: either all the papers are there, or none is new. Prints their paths."""
    if args.document not in DOCUMENTS:
        raise UserError(
            Text(
                N_("There is no document “{id}”. These can be printed: {ids}."),
                {"id": args.document, "ids": ", ".join(DOCUMENTS)},
            )
        )
    languages = dict.fromkeys(args.languages or DOCUMENTS[args.document])
    content = _content(args.case)
    _folder(args.out)
    # `x.json` beside `x.case.json` is another case: only the form's own suffix is left out.
    stem = args.case.name.removesuffix(".case.json")
    papers = {
        args.out / f"{stem}-{args.document}-{language}.pdf": render(args.document, content, language)
        for language in languages
    }
    others = [path for path, data in papers.items() if path.is_file() and path.read_bytes() != data]
    write_files(papers)
    for path in others:  # the same name from another folder, or the case has changed since
        print(for_terminal(t("Replaced, it was another paper: {path}", path=path)), file=sys.stderr)
    for path in papers:
        print(path)
    return 0


def _content(path: Path) -> ConclusionContent:
    document = read_case_path(path)
    on = parse_iso(get(document, "examination.on"))
    assert on is not None  # noqa: S101 - the document was checked
    pack = PackLibrary(verify=verify_shipped).for_date(on)
    proposal = propose(pack, document)
    return conclusion_content(document, proposal, explain(pack, proposal, document), pack=pack)


def _folder(out: Path) -> None:
    """The folder that papers go into is there, or is made."""
    if out.exists() and not out.is_dir():
        raise KnownError(
            Text(N_("{path} is a file, not a folder. Name a folder for the documents with --out."), {"path": out})
        )
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(out, error) from None
