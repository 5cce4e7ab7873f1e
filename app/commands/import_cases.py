"""`saraptama import-cases`: put case files into the database as drafts, all or none."""

import contextlib
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

from app.commands import credentials
from app.domain import case_file, dates
from app.domain.errors import UserError
from app.domain.text import N_, Text, one_line
from app.i18n import Translator
from app.rules.engine import check_listed
from app.services.packs import PackService


def run(args: Namespace, t: Translator) -> int:
    """Print the number that each file got. UserError names the first bad file; nothing is written then."""
    documents = []
    for path in args.files:
        with _named(path):
            documents.append(case_file.read_case_path(path))
    with credentials.signed_in(args, t) as desk:
        for path, document in zip(args.files, documents, strict=True):
            with _named(path):
                _check_defects(desk.packs, document)
        views = desk.examinations.import_cases(documents)
    for path, view in zip(args.files, views, strict=True):
        print(f"{one_line(view.number)}  {one_line(path.name)}")
    print(t.plural("{n} case imported as a draft.", "{n} cases imported as drafts.", len(views)))
    return 0


@contextlib.contextmanager
def _named(path: Path) -> Iterator[None]:
    """The file's own sentence may name its path already, but one of many must always be named."""
    try:
        yield
    except UserError as error:
        sentence = N_("{file}: {reason} Nothing was imported.")
        raise UserError(Text(sentence, {"file": path.name, "reason": error.text}), where=error.where) from error


def _check_defects(packs: PackService, document: case_file.Document) -> None:
    """A draft keeps what it is given: a defect that the criteria of that day don't list would never be proposed on."""
    on = dates.parse_iso(case_file.get(document, "examination.on"))
    if on is not None and case_file.get(document, "facts.anatomical_defects"):
        check_listed(packs.for_date(on), document)
