"""`saraptama import-classifier`: the official table of a classifier into the database, all of it or nothing."""

import sys
from argparse import Namespace

from app.commands import credentials
from app.domain.classifier_table import IN_LANGUAGE, NAMES
from app.domain.text import Text, one_line
from app.i18n import Translator
from app.services.classifier_tables import ImportReport

SHOWN = 20


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
    print("\n".join(lines(report, t)))
    return 0


def lines(report: ImportReport, t: Translator) -> list[str]:
    """The report, a line each."""
    said = ", ".join(t(IN_LANGUAGE[language]) for language in report.languages)
    told = [
        t("{table}, {language}", table=t(NAMES[report.kind]), language=said),
        t("new: {n}", n=report.new),
        t("changed: {n}", n=report.changed),
        t("unchanged: {n}", n=report.unchanged),
        t("no longer in the table, kept for older cases: {n}", n=report.gone),
        t("refused: {n}", n=len(report.refused)),
    ]
    for refusal in report.refused[:SHOWN]:
        told.append("  " + t("line {n}: {reason}", n=refusal.line, reason=refusal.reason))
    if len(report.refused) > SHOWN:
        told.append("  " + t("and {n} more", n=len(report.refused) - SHOWN))
    return [one_line(line) if not line.startswith("  ") else "  " + one_line(line) for line in told]
