"""`saraptama-centre requeue`: have records that were set aside interpreted again."""

from argparse import Namespace

from app.centre import audit, interpreting
from app.centre.configuration import from_environment
from app.centre.opening import store_of
from app.domain.errors import NothingToDo, UserError
from app.domain.text import N_, Text
from app.i18n import Translator
from app.sync import reasons


def run(args: Namespace, t: Translator) -> int:
    """All of them, those of one reason, or those of one log."""
    if args.reason is not None and args.reason not in reasons.QUARANTINED:
        sentence = N_("There is no reason “{reason}”. Reasons are: {known}.")
        raise UserError(Text(sentence, {"reason": args.reason, "known": ", ".join(reasons.QUARANTINED)}))
    with store_of(from_environment(), connections=1) as store:
        logs = interpreting.requeue(store, reason=args.reason, incarnation=args.log)
        if logs:
            with store.begin(write=True) as connection:
                audit.by_command(connection, "records.requeued", args.log or args.reason or "*", after={"logs": logs})
    if not logs:
        raise NothingToDo(Text(N_("Nothing of that is set aside.")))
    print(t("Logs whose records are interpreted again: {n}. Whoever works does it: saraptama-centre work", n=logs))
    return 0
