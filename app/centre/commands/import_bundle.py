"""`saraptama-centre import-bundle`: take in what a laptop wrote to a stick."""

from argparse import Namespace

from app.centre import bundles
from app.centre.configuration import from_environment
from app.centre.interpreting import Interpreter
from app.centre.opening import centre
from app.centre.sequencing import sequence
from app.i18n import Translator


def run(args: Namespace, t: Translator) -> int:
    """Take in each file, print what it brought."""
    with centre(from_environment(), t, connections=2) as opened:
        for path in args.files:
            found = bundles.take_in(opened.store, opened.keys, path)
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
            # Without this the laptop would be told that its records are held, and no more.
            Interpreter(opened.store).run_dry(found.device)
            sequence(opened.store)
            print(t("What goes back to the laptop: saraptama-centre export-bundle {device}", device=found.device))
    return 0
