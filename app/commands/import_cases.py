"""`saraptama import-cases`: put case files into the database as drafts, all or none."""

from argparse import Namespace

from app.commands import credentials
from app.domain import case_file
from app.domain.errors import UserError
from app.domain.text import N_, Text
from app.i18n import Translator


def run(args: Namespace, t: Translator) -> int:
    """Print the number that each file got. UserError names the first bad file; nothing is written then."""
    documents = []
    for path in args.files:
        try:
            documents.append(case_file.read_case_path(path))
        except UserError as error:
            # The file's own sentence may name its path already, but one of many must always be named.
            sentence = N_("{file}: {reason} Nothing was imported.")
            raise UserError(Text(sentence, {"file": path.name, "reason": error.text}), where=error.where) from error
    with credentials.signed_in(args, t) as desk:
        views = desk.examinations.import_cases(documents)
    for path, view in zip(args.files, views, strict=True):
        print(f"{view.number}  {path.name}")
    print(t.plural("{n} case imported as a draft.", "{n} cases imported as drafts.", len(views)))
    return 0
