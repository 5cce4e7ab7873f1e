"""`saraptama verify`: is what the database holds what was written? With papers: are they genuine?"""

import os
import stat
from argparse import Namespace
from pathlib import Path

from app.commands import credentials
from app.domain.errors import CheckFailed, KnownError, UserError
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
    from app.services.paper_keys import from_file, shipped_and_taken

    if not args.papers:
        raise UserError(Text(N_("No paper is named. Name a PDF, a picture of a paper, or the text of its code.")))
    data = [_read(word) for word in args.papers]
    keys = shipped_and_taken(args.data)
    for path in args.keys:
        keys += from_file(path)
    if args.user is not None:
        with credentials.signed_in(args, t) as desk:
            keys = desk.paper_witness.keys() + keys
    genuine = True
    for word, content in zip(args.papers, data, strict=True):
        answer = check(content, keys)
        genuine = genuine and answer.verdict is Verdict.GENUINE
        print(for_terminal(f"{_short(word)}: {t(NAMES[answer.verdict])}"))
        for sentence in answer.sentences:
            print(f"  {t.show(sentence)}")
        for label, value in answer.said:
            shown = value if isinstance(value, str) else t.show(value)
            print(for_terminal(f"  {t.show(label)}: {shown}"))
    return 0 if genuine else CheckFailed.exit_code


def _read(word: str) -> bytes:
    """The paper itself, where the word is no text of a code; KnownError where it can't be read."""
    if word.startswith(("SRP1:", "SARAPTAMA/1 ")):
        return word.encode("utf-8", "replace")
    path = Path(os.fsdecode(word.encode("utf-8", "surrogateescape")))
    from app.services.paper_check import MOST_BYTES

    try:
        with path.open("rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise KnownError(Text(N_("{path} is no file. Name the file of the paper."), {"path": str(path)}))
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        sentence = N_("The paper can't be read: {path} ({reason}). Check the path and your rights.")
        raise KnownError(Text(sentence, {"path": str(path), "reason": error.strerror or ""})) from None
    if len(data) > MOST_BYTES:
        sentence = N_("{path} is larger than 100 MB: no paper is. Name the file of the paper.")
        raise KnownError(Text(sentence, {"path": str(path)}))
    return data


def _short(word: str) -> str:
    return word if len(word) <= 60 else f"{word[:57]}…"
