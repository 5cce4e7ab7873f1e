"""`saraptama print` of what words no decision: pages of a journal, and why a recovery sheet can't be printed."""

from argparse import Namespace
from datetime import date
from typing import Final

from app.commands import credentials
from app.domain.dates import parse_iso
from app.domain.errors import UserError
from app.domain.text import LANGUAGES, N_, Text
from app.i18n import Translator
from app.services.journal_columns import Name

JOURNALS: Final[tuple[Name, ...]] = ("protocols", "papers", "refusals")


def journal(args: Namespace, t: Translator) -> int:
    """The pages of one journal, `--since` and `--until` included, one PDF a language. Prints the paths."""
    from app.commands.print_documents import folder
    from app.services.journals import Asked

    asked = Asked(since=_day(args.since), until=_day(args.until))
    with credentials.signed_in(args, t) as desk:
        folder(args.out)
        for code in dict.fromkeys(part for one in args.languages or LANGUAGES for part in one.split("+")):
            path = args.out / f"journal-{args.journal}-{desk.due.today().isoformat()}-{code}.pdf"
            desk.exports.save(args.journal, asked, "pdf", code, path)
            print(path)
    return 0


def recovery() -> int:
    """It can't be printed later, in words."""
    sentence = N_(
        "A recovery sheet bears a code that is shown once, when it is made, and is kept nowhere: it can't be printed"
        " later. Make a new one in the window: settings, “Your recovery sheet”. The old one then holds no more."
    )
    raise UserError(Text(sentence))


def _day(given: str | None) -> date | None:
    if given is None:
        return None
    day = parse_iso(given)
    if day is None:
        raise UserError(Text(N_("“{text}” is no day. Write it as 2026-11-18."), {"text": given}))
    return day
