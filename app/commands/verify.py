"""`saraptama verify`: is what the database holds what was written? With papers: are they genuine?"""

import os
from argparse import Namespace
from pathlib import Path

from app.commands import credentials
from app.domain.errors import CheckFailed, UserError
from app.domain.text import N_, Text, for_terminal
from app.i18n import Translator


def run(args: Namespace, t: Translator) -> int:
    """Exit code 0 where everything holds; CheckFailed with the first thing that doesn't, and where."""
    if args.papers or args.keys:
        return _papers(args, t)
    with credentials.signed_in(args, t) as desk:
        found = desk.integrity.verify()
        remark = desk.integrity.clock_remark()
    if found.problem is not None:
        raise CheckFailed(found.problem)
    print(
        t(
            "Event log and audit trail are whole: {events} events, {audit} records.",
            events=found.events,
            audit=found.audit,
        )
    )
    if remark is not None:
        print(t.show(remark))
    return 0


def _papers(args: Namespace, t: Translator) -> int:
    """One paragraph a paper; exit code 1 unless every one is genuine. Nobody signs in: with `--user` what the desk
    itself knows counts too."""
    from app.services.paper_check import NAMES, Verdict, check
    from app.services.paper_keys import centres, from_file, shipped_and_taken

    if not args.papers:
        raise UserError(Text(N_("No paper is named. Name a PDF, a picture of a paper, or the text of its code.")))
    data = [_read(word) for word in args.papers]
    keys = shipped_and_taken(args.data)
    for path in args.keys:
        keys += from_file(path, centres(args.data))
    if args.user is not None:
        with credentials.signed_in(args, t) as desk:
            keys = desk.paper_witness.keys() + keys
    genuine = True
    for word, content in zip(args.papers, data, strict=True):
        answer = check(content, keys)
        genuine = genuine and answer.verdict is Verdict.GENUINE
        print(for_terminal(f"{_short(word)}: {t(NAMES[answer.verdict])}"))
        for sentence in answer.sentences:
            print(for_terminal(f"  {t.show(sentence)}"))
        for label, value in answer.said:
            shown = value if isinstance(value, str) else t.show(value)
            print(for_terminal(f"  {t.show(label)}: {shown}"))
    return 0 if genuine else CheckFailed.exit_code


def _read(word: str) -> bytes:
    """The paper itself, where the word is no text of a code; KnownError where it can't be read."""
    from app.services.paper_check import read_paper

    if word.startswith(("SRP1:", "SARAPTAMA/1 ")):
        return word.encode("utf-8", "replace")
    return read_paper(Path(os.fsdecode(word.encode("utf-8", "surrogateescape"))))


def _short(word: str) -> str:
    return word if len(word) <= 60 else f"{word[:57]}…"
