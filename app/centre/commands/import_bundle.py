"""`saraptama-centre import-bundle`: take in what laptops wrote to a stick."""

import sys
from argparse import Namespace
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from app.centre import bundles
from app.centre.configuration import from_environment
from app.centre.interpreting import Interpreter
from app.centre.opening import centre
from app.centre.sequencing import sequence
from app.domain.errors import UserError
from app.domain.system import refusal
from app.domain.text import N_, Text, for_terminal
from app.i18n import Translator

_UNREADABLE = N_("{path} can't be read: {reason}. Nothing was taken from it.")


def run(args: Namespace, t: Translator) -> int:
    """Try each file and say what came of it: one stick serves several laptops, and brings back what was taken before.

    0 where all that is for this centre is here now, 2 where a file was refused or none was for this centre.
    """
    came: Counter[str] = Counter()
    files = list(dict.fromkeys(args.files))
    with centre(from_environment(), t, connections=2) as opened:

        def take(path: Path) -> None:
            found = bundles.take_in(opened.store, opened.keys, path)
            # Without this the laptop would be told that its records are held, and no more.
            Interpreter(opened.store).run_dry(found.device)
            sequence(opened.store)
            _tell(path, found, t)
            came["taken"] += 1
            came["records"] += found.events

        waiting = files
        while waiting:
            before = came["taken"]
            again: dict[Path, Text] = {}
            for path in waiting:
                try:
                    _each(path, take, came, t)
                except bundles.Behind as behind:
                    again[path] = behind.text
            if came["taken"] == before:  # nothing came that one of them could have waited for
                for sentence in again.values():
                    _refuse(t.show(sentence), came)
                break
            waiting = list(again)
    print(t("Files: {n}. Taken in: {taken}, with {records} new records. Here already: {here}. Not for this centre:"
            " {foreign}. Refused: {refused}.", n=len(files), taken=came["taken"], records=came["records"],
            here=came["here"], foreign=came["foreign"], refused=came["refused"]))  # fmt: skip
    return 2 if came["refused"] or came["foreign"] == len(files) else 0


def _each(path: Path, take: Callable[[Path], None], came: Counter[str], t: Translator) -> None:
    try:
        take(path)
    except bundles.Here as here:
        came["here"] += 1
        print(for_terminal(t.show(here.text)))
    except bundles.NotOurs as foreign:
        came["foreign"] += 1
        print(for_terminal(t.show(foreign.text)))
    except bundles.Behind:
        raise
    except UserError as refused:
        _refuse(t.show(refused.text), came)
    except OSError as error:
        _refuse(t.show(Text(_UNREADABLE, {"path": path.name, "reason": refusal(error)})), came)


def _refuse(sentence: str, came: Counter[str]) -> None:
    came["refused"] += 1
    sys.stdout.flush()  # the sentences stand in the order of the files
    print(for_terminal(sentence), file=sys.stderr)


def _tell(path: Path, found: bundles.Imported, t: Translator) -> None:
    if found.enrolled:
        print(t("{path}: the laptop {device} is enrolled.", path=path, device=found.device))
    print(t("{path}: {new} new records, {known} known ones, {copies} copies of papers are whole.", path=path,
            new=found.events, known=found.known, copies=found.attachments))  # fmt: skip
    if found.forked:
        print(t("{path}: {n} records continue a log that another laptop continued too. They are kept aside"
                " until you decide: saraptama-centre adopt", path=path, n=found.forked))  # fmt: skip
    if found.left_out:
        print(t("{path}: {n} pieces of copies were left out: they fit no record.", path=path,
                n=found.left_out))  # fmt: skip
    print(t("What goes back to the laptop: saraptama-centre export-bundle {device}", device=found.device))
