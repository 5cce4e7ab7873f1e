"""`saraptama-centre check`: everything that is held, from the raw bytes on."""

import json
from argparse import Namespace
from dataclasses import asdict

from app.centre import auditing, reporting
from app.centre.configuration import from_environment
from app.centre.opening import centre
from app.i18n import Translator

_MOST = 50


def run(args: Namespace, t: Translator) -> int:
    """0 where everything holds, 1 where something doesn't."""
    with centre(from_environment(), t, connections=2) as opened:
        found = auditing.check(opened.store, opened.keys)
    if args.json:
        print(json.dumps(asdict(found)))
    else:
        print(t("Laptops: {laptops}. Records: {events}. Receipts: {receipts}. Copies of papers: {copies}. Conclusions:"
                " {conclusions}.", laptops=found.laptops, events=found.events, receipts=found.receipts,
                copies=found.attachments, conclusions=found.conclusions))  # fmt: skip
        for code in found.wrong[:_MOST]:
            print(f"✗ {code}")
        if told := reporting.left_out(found.superseded, t):
            print(told)
        if found.wrong:
            print(t("Not as they were: {n}. Records are never mended here: bring a copy back, or let the laptops send"
                    " again. What was made of them is made anew: saraptama-centre rebuild",
                    n=len(found.wrong)))  # fmt: skip
        else:
            print(t("✓ Everything holds."))
    return 1 if found.wrong else 0
