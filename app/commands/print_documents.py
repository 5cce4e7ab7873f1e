"""`saraptama print`: the papers of a case, one PDF a language.

Of a case file, without a database: it bears no signatures, so what is printed is always a draft. Of a case of the
database, named by its number: what the window would print, and recorded like that.
"""

import re
import sys
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from app.commands import credentials, print_beside, print_session
from app.crypto.pack_signature import verify_shipped
from app.documents import DUPLICATE, JOURNAL, RECOVERY, form_of, render, spoken
from app.documents.conclusion import ConclusionContent, conclusion_content
from app.documents.decision import Beside, Decision, decision_of
from app.documents.forms.table import paper_set
from app.domain.case_file import get, read_case_path
from app.domain.dates import parse_iso
from app.domain.errors import KnownError, UserError
from app.domain.papers import PROTOCOL
from app.domain.text import LANGUAGES, N_, Text, for_terminal
from app.i18n import Translator
from app.rules.engine import propose
from app.rules.explanation import explain
from app.rules.library import PackLibrary
from app.services.envelope import checked, enclosed
from app.services.output import unwritable, write_files
from app.services.parity import Parity

if TYPE_CHECKING:
    from app.rules.model import Pack
    from app.services.desk import Desk

SET, CONCLUSION = "set", "conclusion"
_NUMBER: Final = re.compile(r"[0-9A-Za-z]{1,12}/[0-9]{4}/[0-9]{1,9}")


def run(args: Namespace, t: Translator) -> int:
    """Render everything first, then write: either all the papers are there, or none is new (of a session: paper by
    paper). Prints their paths."""
    if args.trip is not None:
        return print_session.run(args, t)
    if args.document == JOURNAL:
        return print_beside.journal(args, t)
    if args.document == RECOVERY:
        return print_beside.recovery()
    args.document = args.document or CONCLUSION
    if args.case is None:
        sentence = N_("Name the case to be printed, or the day of a session with --trip.")
        raise UserError(Text(sentence))
    if args.document == PROTOCOL:
        raise UserError(Text(N_("A protocol is of a session: name its day with --trip.")))
    if args.document not in (SET, DUPLICATE):
        form_of(args.document)
    number = number_of(args.case)
    if number is not None:
        return _print_of_the_desk(args, t, number)
    if args.document == DUPLICATE:
        raise UserError(Text(N_("A duplicate is of a case of the database: name its number.")))
    content, pack = content_of(args.case)
    decision = decision_in(content, pack)
    documents = _set(paper_set().of(decision.tags)) if args.document == SET else (args.document,)
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


def _set(documents: tuple[str, ...]) -> tuple[str, ...]:
    if not documents:
        raise UserError(Text(N_("Nothing is decided in this case yet: no papers belong to it. Name one document.")))
    return documents


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


def _wanted(documents: tuple[str, ...], languages: list[str] | None) -> list[tuple[str, str]]:
    """Each document in each language asked for; in a set the conclusion, which has one a sheet, in both of `kk+ru`."""
    asked = languages or LANGUAGES
    in_set = len(documents) > 1
    return [
        (document, language)
        for document in documents
        for language in (spoken(document, asked) if in_set else dict.fromkeys(asked))
    ]


def _print_of_the_desk(args: Namespace, t: Translator, number: str) -> int:
    secret = checked(credentials.of_papers(args, t)) if args.encrypt else None
    with credentials.signed_in(args, t) as desk:
        case_id = desk.documents.numbered(number)
        documents: tuple[str, ...] = (args.document,)
        if args.document == SET:
            documents = _set(desk.documents.set_of(case_id))
        elif args.document == DUPLICATE:
            documents = desk.documents.duplicates_of(case_id)
        folder(args.out)
        _save(desk, case_id, _wanted(documents, args.languages), args.out, t, secret)
    return 0


def _save(
    desk: "Desk", case_id: str, wanted: list[tuple[str, str]], out: Path, t: Translator, secret: str | None
) -> None:
    made, parity = [], Parity()
    for document, language in wanted:
        paper = desk.documents.render(case_id, document, language, along=wanted)
        parity.take(case_id, document, language, paper)
        made.append((document, language, paper))
    whole = {out / paper.file_name: paper.pdf if secret is None else enclosed(paper, secret) for _, _, paper in made}
    _write(whole, t)
    for document, language, paper in made:
        desk.documents.record(case_id, document, language, paper.digest, "folder", target=paper.file_name)


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
