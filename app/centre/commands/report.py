"""`saraptama-centre report`: conclusions by region, commission or clinic, as text or as a table for spreadsheets."""

import sys
from argparse import Namespace

from app.centre import reporting
from app.centre.configuration import from_environment
from app.centre.opening import store_of
from app.domain.dates import parse_iso
from app.domain.errors import UserError
from app.domain.text import N_, Text, for_terminal
from app.i18n import Translator


def run(args: Namespace, t: Translator) -> int:
    """Print it, or write it where `--csv` says."""
    for day in (args.first, args.last):
        if day is not None and parse_iso(day) is None:
            raise UserError(Text(N_("“{text}” is not a day. Write it as 2027-01-01."), {"text": day}))
    by = reporting.By(args.by)
    with store_of(from_environment(), connections=1) as store, store.begin() as connection:
        rows = reporting.report(connection, by, args.first or "", args.last or "")
        passed_over = reporting.superseded(connection, args.first or "", args.last or "")
    if args.csv is not None:
        args.csv.write_bytes(reporting.as_csv(rows, by, t))
        print(args.csv)
    else:
        for line in reporting.as_text(rows, by, t):
            print(for_terminal(line), file=sys.stdout)
    if told := reporting.left_out(passed_over, t):
        print(told)
    return 0
