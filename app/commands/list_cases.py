"""`saraptama list`: the cases of the database, newest change first."""

import json
from argparse import Namespace

from app.commands import credentials
from app.domain.text import one_line
from app.i18n import Translator
from app.services.views import CaseRow


def run(args: Namespace, t: Translator) -> int:
    """One line a case, or with `--json` one array of objects."""
    with credentials.signed_in(args, t) as desk:
        rows = desk.examinations.rows(limit=-1)
    if args.json:
        print(json.dumps([_as_json(row) for row in rows], ensure_ascii=False, indent=1))
        return 0
    for row in rows:
        outcome = t.show(row.outcome) if row.outcome else "–"
        shown = (row.number, t.show(row.state), row.examined_on or "–", row.name or "–", outcome)
        print("  ".join(map(one_line, shown)))
    print(t.plural("{n} case.", "{n} cases.", len(rows)))
    return 0


def _as_json(row: CaseRow) -> dict[str, str | None]:
    return {
        "id": row.id,
        "number": row.number,
        "state": row.state.value,
        "name": row.name,
        "iin": row.iin,
        "birth_date": row.birth_date,
        "examined_on": row.examined_on,
        "outcome": row.outcome.value if row.outcome else None,
        "changed_at": row.changed_at.isoformat(),
    }
