"""`saraptama print`: the papers of a case, one PDF a language.

Of a case file, without a database: it bears no signatures, so what is printed is always a draft. Of a case of the
database, named by its number: what the window would print, and recorded like that.
"""

import re
import sys
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from app.commands import credentials
from app.crypto.pack_signature import verify_shipped
from app.documents import DOCUMENTS, form_of, render
from app.documents.conclusion import ConclusionContent, conclusion_content
from app.documents.decision import Beside, Decision, decision_of
from app.documents.forms.table import paper_set
from app.domain.case_file import get, read_case_path
from app.domain.dates import parse_iso
from app.domain.errors import KnownError
from app.domain.text import LANGUAGES, N_, Text, for_terminal
from app.i18n import Translator
from app.rules.engine import propose
from app.rules.explanation import explain
from app.rules.library import PackLibrary
from app.services.output import unwritable, write_files

if TYPE_CHECKING:
    from app.rules.model import Pack
    from app.services.desk import Desk

SET: Final = "set"
_NUMBER: Final = re.compile(r"[0-9A-Za-z]{1,12}/[0-9]{4}/[0-9]{1,9}")


def run(args: Namespace, t: Translator) -> int:
    """Render everything first, then write: either all the papers are there, or none is new. Prints their paths."""
    if args.document != SET:
        form_of(args.document)
    number = number_of(args.case)
    if number is not None:
        return _print_of_the_desk(args, t, number)
    content, pack = content_of(args.case)
    decision = decision_in(content, pack)
    documents = paper_set().of(decision.tags) if args.document == SET else (args.document,)
    # Made before the folder is: a case that has no such paper leaves nothing behind.
    rendered = [
        (document, language, render(document, content, language, decision))
        for document, language in _wanted(documents, args.languages)
    ]
    folder(args.out)
    # `x.json` beside `x.case.json` is another case: only the form's own suffix is left out.
    stem = args.case.name.removesuffix(".case.json")
    papers = {args.out / f"{stem}-{document}-{_file(language)}.pdf": data for document, language, data in rendered}
    _write(papers, t)
    return 0


def number_of(case: Path) -> str | None:
    """The number of a case of the database, where it is one and no file is called so."""
    number = case.as_posix()
    return number if _NUMBER.fullmatch(number) and not case.exists() else None


def content_of(path: Path) -> "tuple[ConclusionContent, Pack]":
    """What stands on the papers of a case file, and the criteria of its day."""
    document = read_case_path(path)
    on = parse_iso(get(document, "examination.on"))
    assert on is not None  # noqa: S101 - the document was checked
    pack = PackLibrary(verify=verify_shipped).for_date(on)
    proposal = propose(pack, document)
    return conclusion_content(document, proposal, explain(pack, proposal, document), pack=pack), pack


def decision_in(content: ConclusionContent, pack: "Pack") -> Decision:
    """The decision of a case file, which has no blanks and was never printed."""
    return decision_of(content, pack, Beside())


def _wanted(documents: tuple[str, ...], languages: list[str] | None) -> Iterator[tuple[str, str]]:
    """Each document in each language asked for; in a set the conclusion, which has one a sheet, in both of `kk+ru`."""
    for document in documents:
        asked = languages or LANGUAGES
        if len(documents) > 1:
            asked = [part for one in asked for part in ([one] if one in DOCUMENTS[document] else one.split("+"))]
        for language in dict.fromkeys(asked):
            yield document, language


def _print_of_the_desk(args: Namespace, t: Translator, number: str) -> int:
    folder(args.out)
    with credentials.signed_in(args, t) as desk:
        case_id = desk.documents.numbered(number)
        documents = desk.documents.set_of(case_id) if args.document == SET else (args.document,)
        _save(desk, case_id, list(_wanted(documents, args.languages)), args.out, t)
    return 0


def _save(desk: "Desk", case_id: str, wanted: list[tuple[str, str]], out: Path, t: Translator) -> None:
    made = [
        (document, language, desk.documents.render(case_id, document, language, along=wanted))
        for document, language in wanted
    ]
    _write({out / paper.file_name: paper.pdf for _, _, paper in made}, t)
    for document, language, paper in made:
        desk.documents.record(case_id, document, language, paper.digest, "saved", target=paper.file_name)


def _write(papers: dict[Path, bytes], t: Translator) -> None:
    others = [path for path, data in papers.items() if path.is_file() and path.read_bytes() != data]
    write_files(papers)
    for path in others:  # the same name from another folder, or the case has changed since
        print(for_terminal(t("Replaced, it was another paper: {path}", path=path)), file=sys.stderr)
    for path in papers:
        print(path)


def _file(language: str) -> str:
    return language.replace("+", "-")


def folder(out: Path) -> None:
    """The folder that papers go into is there, or is made."""
    if out.exists() and not out.is_dir():
        raise KnownError(
            Text(N_("{path} is a file, not a folder. Name a folder for the documents with --out."), {"path": out})
        )
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(out, error) from None
