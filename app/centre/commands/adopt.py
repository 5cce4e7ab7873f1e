"""`saraptama-centre adopt`: a person decides about a log that two laptops continued."""

import json
from argparse import Namespace

from sqlalchemy import text

from app.centre import audit, lines
from app.centre.configuration import from_environment
from app.centre.opening import store_of
from app.centre.store import now
from app.domain.errors import UserError
from app.domain.text import N_, Text
from app.i18n import Translator


def run(args: Namespace, t: Translator) -> int:
    """Without words: list what is kept aside. With an incarnation and a line: take it as a line that counts."""
    with store_of(from_environment(), connections=1) as store, store.begin(write=True) as connection:
        if args.incarnation is None:
            rows = connection.execute(
                text(
                    "SELECT incarnation, line, device, first_seq, last_seq, begun_at FROM incarnations WHERE aside <> 0"
                    " ORDER BY begun_at, incarnation, line"
                )
            ).mappings()
            found = [dict(row) for row in rows]
            for row in found:
                print(json.dumps(row) if args.json else t(
                    "{incarnation} line {line}: records {first} to {last} of laptop {device}, since {since}",
                    incarnation=row["incarnation"], line=row["line"], first=row["first_seq"], last=row["last_seq"],
                    device=row["device"], since=row["begun_at"]))  # fmt: skip
            if not found and not args.json:
                print(t("Nothing is kept aside."))
            return 0
        done = lines.adopt(connection, args.incarnation, args.line)
        if not done:
            sentence = N_(
                "No line {line} of {incarnation} is kept aside. “saraptama-centre adopt” lists those that are."
            )
            raise UserError(Text(sentence, {"line": args.line, "incarnation": args.incarnation}))
        for incarnation, line in done:
            audit.by_command(connection, "line.adopted", f"{incarnation}/{line}")
            connection.execute(
                text("UPDATE alarms SET answered_at = :now, answer = 'adopted' WHERE name = :name"),
                {"now": now(), "name": f"fork/{incarnation}/{line}"},
            )
            print(t("Line {line} of {incarnation} counts from now on. The laptop gets its receipt when it sends again.",
                    line=line, incarnation=incarnation))  # fmt: skip
    return 0
