"""`saraptama print --trip DAY`: the papers of a session into a folder, to be printed on another computer."""

import sys
from argparse import Namespace
from typing import TYPE_CHECKING, Final

from app.commands import credentials
from app.domain.errors import UserError
from app.domain.papers import PROTOCOL
from app.domain.text import LANGUAGES, N_, Text, for_terminal
from app.i18n import Translator
from app.services.envelope import checked, enclosed
from app.services.output import write_files
from app.services.parity import Parity

if TYPE_CHECKING:
    from app.services.desk import Desk
    from app.services.views import Rendered

SET: Final = "set"


def run(args: Namespace, t: Translator) -> int:
    """The protocol (`--form protocol`), or the protocol and everybody's set (`set`). One paper after another: each is
    written and recorded before the next is made, so that any number of people takes no more memory than one, and that
    after a failure the same command goes on where it stopped. Prints the paths."""
    from app.commands.print_documents import folder

    if args.document not in (None, SET, PROTOCOL):
        sentence = N_("Of a session “protocol” or “set” is printed. Name a case for “{id}”.")
        raise UserError(Text(sentence, {"id": args.document}))
    secret = None if args.plain else checked(credentials.of_papers(args, t))
    languages = tuple(args.languages or LANGUAGES)
    with credentials.signed_in(args, t) as desk:
        trip = desk.sessions.named(args.trip)
        folder(args.out)
        parity, skipped = Parity(), 0
        for code in dict.fromkeys(part for one in languages for part in one.split("+")):
            paper = desk.sessions.render(trip.id, code)
            parity.take(trip.id, PROTOCOL, code, paper)
            _write(args, paper, secret)
            desk.sessions.record(trip.id, code, paper.digest, "folder", target=paper.file_name)
        if args.document != PROTOCOL:
            skipped = _sets(args, desk, trip.id, languages, secret, parity)
    if skipped:
        told = t("Given out before, not written again: {n}. --again writes them, too.", n=skipped)
        print(for_terminal(told), file=sys.stderr)
    return 0


def _sets(
    args: Namespace, desk: "Desk", trip_id: str, languages: tuple[str, ...], secret: str | None, parity: Parity
) -> int:
    skipped = 0
    for one in desk.sessions.sets(trip_id, languages):
        wanted = one.papers if args.again else one.left
        skipped += len(one.papers) - len(wanted)
        along = [(paper.document, paper.language) for paper in wanted]
        for form, code in along:
            paper = desk.documents.render(one.case_id, form, code, along=along)
            parity.take(one.case_id, form, code, paper)
            _write(args, paper, secret)
            desk.documents.record(one.case_id, form, code, paper.digest, "folder", target=paper.file_name)
    return skipped


def _write(args: Namespace, paper: "Rendered", secret: str | None) -> None:
    path = args.out / paper.file_name
    write_files({path: paper.pdf if secret is None else enclosed(paper, secret)})
    print(path, flush=True)
