"""What an import of a classifier changes, in words."""

from typing import Final

from app.domain.classifier_table import IN_LANGUAGE, NAMES
from app.i18n import Translator
from app.services.classifier_tables import ImportReport

SHOWN: Final = 20
"""Refused rows that are named; the others are counted."""


def heading(t: Translator, report: ImportReport) -> str:
    """Which table it was, and in which languages."""
    said = ", ".join(t(IN_LANGUAGE[language]) for language in report.languages)
    return t("{table}, {language}", table=t(NAMES[report.kind]), language=said)


def lines(t: Translator, report: ImportReport) -> list[str]:
    """The counts, a line each; then the first rows that were refused, with their lines in the file."""
    told = [
        t("new: {n}", n=report.new),
        t("changed: {n}", n=report.changed),
        t("unchanged: {n}", n=report.unchanged),
        t("no longer in the table, kept for older cases: {n}", n=report.gone),
        t("refused: {n}", n=len(report.refused)),
    ]
    told += [t("line {n}: {reason}", n=one.line, reason=one.reason) for one in report.refused[:SHOWN]]
    if len(report.refused) > SHOWN:
        told.append(t("and {n} more", n=len(report.refused) - SHOWN))
    return told
