"""`saraptama verify`: is what the database holds what was written?"""

from argparse import Namespace

from app.commands import credentials
from app.domain.errors import CheckFailed
from app.i18n import Translator


def run(args: Namespace, t: Translator) -> int:
    """Exit code 0 where everything holds; CheckFailed with the first thing that doesn't, and where."""
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
