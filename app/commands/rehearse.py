"""`saraptama pack rehearse`: who would get what instead under another edition; nothing is changed by it."""

import json
import sys
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from app import bootstrap
from app.commands import credentials
from app.commands.named_editions import asks_desk, of_desk, sources
from app.domain.errors import UserError
from app.domain.text import N_, Text
from app.i18n import Translator
from app.services.editions import read_day
from app.services.output import write_files
from app.services.rehearsal import rehearse_file
from app.services.rehearsal_words import RehearsalWords

if TYPE_CHECKING:
    from app.documents.rehearsal_plot import Form
    from app.domain.rehearsal import Rehearsal
    from app.rules.model import Pack

LISTED: Final = 50
_EMPTY_DESK: Final = Text(
    N_(
        "There are no cases on this desk. Put case files in with saraptama import-cases, or name a file of cases with "
        "--jsonl."
    )
)
_WHOSE_CASES: Final = Text(
    N_("Nobody is named. Give the login with --user for the cases of a desk, or --jsonl FILE for those in a file.")
)
_EMPTY_FILE: Final = N_("{path} holds no cases. Write one case in each line.")
_FORMS: "Final[dict[str, Form]]" = {".svg": "svg", ".pdf": "pdf"}


def run(args: Namespace, t: Translator) -> int:
    """Print the rehearsal in words or as JSON; write the table and the picture where they are asked for. 0."""
    if args.plot is not None and args.plot.suffix.lower() not in _FORMS:
        sentence = N_("{path} is neither an SVG nor a PDF. Give the picture a name that ends with .svg or .pdf.")
        raise UserError(Text(sentence, {"path": args.plot}))
    shown = sys.stderr.isatty()  # somebody looks on
    told, packs = _rehearsed(args, t, lambda n: _tell(t, n) if shown else None)
    if shown:
        print(file=sys.stderr)
    words = RehearsalWords(told, packs, t)
    files: dict[Path, bytes] = {}
    if args.csv is not None:
        files[args.csv] = words.table()
    if args.plot is not None:
        from app.services.rehearsal_picture import picture

        files[args.plot] = picture(words, _FORMS[args.plot.suffix.lower()])
    if files:
        write_files(files)
    if args.json:
        print(json.dumps(words.document(args.limit), ensure_ascii=False))
        return 0
    for line in words.lines(LISTED if args.limit is None else args.limit):
        print(line)
    if told.part.counts.total.cases + len(told.part.refused) == 0:
        print(t.show(_EMPTY_DESK if args.jsonl is None else Text(_EMPTY_FILE, {"path": args.jsonl})))
    for path in files:
        print(t("Written: {path}", path=path))
    return 0


def _tell(t: Translator, cases: int) -> None:
    said = t("Cases: {n}", n=cases)
    print(f"\r{said}", end="", file=sys.stderr, flush=True)


def _rehearsed(
    args: Namespace, t: Translator, progress: Callable[[int], object]
) -> "tuple[Rehearsal, tuple[Pack, ...]]":
    law_of = None if args.as_of is None else read_day(args.as_of)
    names = [args.pack] if args.against is None else [args.pack, args.against]
    if args.jsonl is not None and not asks_desk(args):
        folder, *other = sources(args, t, *names)
        return rehearse_file(
            folder, args.jsonl, against=other[0] if other else None, law_of=law_of, own_day=args.own_day,
            progress=progress,
        )  # fmt: skip
    if not args.user and not sys.stdin.isatty():
        raise UserError(_WHOSE_CASES)
    guard: Callable[[], None] = bootstrap.forbid_core_dumps
    with credentials.signed_in(args, t) as desk:
        folder, *other = [of_desk(desk, name) for name in names]
        if args.jsonl is not None:
            return rehearse_file(
                folder, args.jsonl, desk.packs.at_hand(), against=other[0] if other else None, law_of=law_of,
                own_day=args.own_day, progress=progress,
            )  # fmt: skip
        return desk.rehearsals.rehearse(
            folder, against=other[0] if other else None, law_of=law_of, own_day=args.own_day, progress=progress,
            guard=guard,
        )  # fmt: skip
