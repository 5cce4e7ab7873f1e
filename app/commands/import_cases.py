"""`saraptama import-cases`: put case files into the database as drafts, all or none."""

from argparse import Namespace

from app.commands import credentials
from app.crypto.pack_signature import verify_shipped
from app.domain import case_file, dates
from app.domain.errors import UserError
from app.domain.text import N_, Text, one_line
from app.i18n import Translator
from app.rules.engine import check_listed
from app.rules.library import PackLibrary


def run(args: Namespace, t: Translator) -> int:
    """Print the number that each file got. UserError names the first bad file; nothing is written then."""
    documents, packs = [], PackLibrary(verify=verify_shipped)
    for path in args.files:
        try:
            document = case_file.read_case_path(path)
            _check_defects(packs, document)
            documents.append(document)
        except UserError as error:
            # The file's own sentence may name its path already, but one of many must always be named.
            sentence = N_("{file}: {reason} Nothing was imported.")
            raise UserError(Text(sentence, {"file": path.name, "reason": error.text}), where=error.where) from error
    with credentials.signed_in(args, t) as desk:
        views = desk.examinations.import_cases(documents)
    for path, view in zip(args.files, views, strict=True):
        print(f"{one_line(view.number)}  {one_line(path.name)}")
    print(t.plural("{n} case imported as a draft.", "{n} cases imported as drafts.", len(views)))
    return 0


def _check_defects(packs: PackLibrary, document: case_file.Document) -> None:
    """A draft keeps what it is given: a defect that the criteria of that day don't list would never be proposed on."""
    on = dates.parse_iso(case_file.get(document, "examination.on"))
    if on is not None and case_file.get(document, "facts.anatomical_defects"):
        check_listed(packs.for_date(on), document)
