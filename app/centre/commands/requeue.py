"""`saraptama-centre requeue`: have records that were set aside interpreted again."""

import re
from argparse import Namespace
from typing import Any, Final

from app.centre import audit, interpreting
from app.centre.configuration import from_environment
from app.centre.opening import store_of
from app.domain.errors import NothingToDo, UserError
from app.domain.text import N_, Text
from app.i18n import Translator
from app.sync import reasons
from app.sync.wire import is_id

_NUMBER: Final = re.compile("[0-9]{1,9}")


def run(args: Namespace, t: Translator) -> int:
    """All of them, those of one reason, those of one log, or one record."""
    if args.reason is not None and args.reason not in reasons.QUARANTINED:
        sentence = N_("There is no reason “{reason}”. Reasons are: {known}.")
        raise UserError(Text(sentence, {"reason": args.reason, "known": ", ".join(reasons.QUARANTINED)}))
    which = {"incarnation": args.log, **(_record(args.record) if args.record is not None else {})}
    subject = args.record or args.log or args.reason or "*"
    with store_of(from_environment(), connections=1) as store:
        logs = interpreting.requeue(store, reason=args.reason, **which)
        if logs:
            with store.begin(write=True) as connection:
                audit.by_command(connection, "records.requeued", subject, after={"logs": logs})
    if not logs:
        raise NothingToDo(Text(N_("Nothing of that is set aside.")))
    print(t("Logs whose records are interpreted again: {n}. Whoever works does it: saraptama-centre work", n=logs))
    return 0


def _record(named: str) -> dict[str, Any]:
    """Which record: its log, the line of it where the log has several, its number; UserError otherwise."""
    incarnation, *numbers = named.split("/")
    if not (is_id(incarnation) and 1 <= len(numbers) <= 2 and all(_NUMBER.fullmatch(one) for one in numbers)):
        raise UserError(Text(N_("“{record}” names no record. It is LOG/NUMBER, as the console shows it."),
                             {"record": named}))  # fmt: skip
    *line, seq = map(int, numbers)
    return {"incarnation": incarnation, "line": line[0] if line else None, "seq": seq}
