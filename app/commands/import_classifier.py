"""`saraptama import-classifier`: the official table of a classifier into the database, all of it or nothing."""

import sys
from argparse import Namespace

from app.commands import credentials
from app.domain.text import Text, for_terminal
from app.i18n import Translator
from app.services.classifier_words import heading, lines


def run(args: Namespace, t: Translator) -> int:
    """Print what the import did. UserError where the file can't be the table; nothing is written then."""

    def tell(step: Text) -> None:
        if sys.stderr.isatty():
            print(f"\r\x1b[K{t.show(step)}", end="", file=sys.stderr, flush=True)

    with credentials.signed_in(args, t) as desk:
        file = desk.classifiers.read(args.file, tell)
        report = desk.classifiers.take(file, args.language, tell=tell)
    if sys.stderr.isatty():
        print(file=sys.stderr)
    print("\n".join(map(for_terminal, (heading(t, report), *lines(t, report)))))
    return 0
