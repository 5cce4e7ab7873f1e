"""Two persons found to be one, by an act of somebody that can be taken back by another; never by the program itself.

All cases of the one become the other's. What was merged is kept as an entry by the id of who was merged, so that it
can be separated again: the same cases, and what was made as their correction since.
"""

from typing import TYPE_CHECKING, Final

from app.domain.errors import UserError
from app.domain.text import N_, Text
from app.domain.typed import LONGEST_LINE, line
from app.services.person_views import MergedPerson
from app.services.workplace import Workplace

if TYPE_CHECKING:
    from app.storage.database import Connection

KIND: Final = "merged-person"


class Merging:
    """Each act is one transaction: the cases, the audit rows, the entry and the event, which travels."""

    def __init__(self, place: Workplace) -> None:
        self._place = place

    def merge(self, kept: str, merged: str, reason: str) -> None:
        """All cases of `merged` are of `kept` from now on. UserError without a reason, for one person twice, or where
        one of them isn't there any more."""
        from app.storage import cases, entries, persons
        from app.storage.unit_of_work import written_time

        why = _reason(reason)
        if kept == merged:
            raise UserError(Text(N_("This is the same record. Choose another person.")))
        with self._place.begin() as work:
            rows = [persons.find(work.connection, person_id) for person_id in (kept, merged)]
            if rows[0] is None or rows[1] is None:
                raise UserError(Text(N_("There is no such person any more. Search again.")))
            moved = sorted(cases.of_person(work.connection, merged))
            told = {"kept": kept, "merged": merged, "cases": moved, "reason": why}
            work.audit("person.merged", new=told)
            record = {
                "kept": kept, "cases": moved, "reason": why, "name": rows[1].name,
                "by": self._place.user.id, "at": written_time(work.now),
            }  # fmt: skip
            entries.put(work, KIND, merged, record)
            for case_id in moved:
                cases.set_placed(work, case_id, "person_id", kept)
            work.emit("person.merged", told, subject=kept)
            work.commit()

    def separate(self, merged: str, reason: str) -> None:
        """Take a merging back: the cases that came with `merged`, and their corrections, are of that person again.

        UserError without a reason, or where nobody of that id is merged with a person who is there.
        """
        from app.storage import cases, entries

        why = _reason(reason)
        with self._place.begin() as work:
            record = entries.find(work.connection, KIND, merged)
            if record is None:
                raise UserError(Text(N_("These persons are separate already. Search again.")))
            kept, waiting, moved = record["kept"], list(record["cases"]), []
            while waiting:
                case_id = waiting.pop()
                case = cases.find(work.connection, case_id)
                # One that somebody has since said to be of a third person stays there.
                if case is not None and case.person_id == kept:
                    moved.append(case_id)
                waiting += cases.corrections_of(work.connection, case_id)
            if not moved:
                sentence = N_("None of these cases is this person's any more. Separate the later merging first.")
                raise UserError(Text(sentence))
            told = {"kept": kept, "merged": merged, "cases": sorted(moved), "reason": why}
            work.audit("person.separated", new=told)
            entries.put(work, KIND, merged, None)
            for case_id in sorted(moved):
                cases.set_placed(work, case_id, "person_id", merged)
            work.emit("person.separated", told, subject=kept)
            work.commit()

    def of(self, connection: "Connection", person_id: str, names: dict[str, str]) -> tuple[MergedPerson, ...]:
        """Who was merged with a person, newest first. `names` of users by id."""
        from app.storage import entries
        from app.storage.unit_of_work import read_time

        found = [
            MergedPerson(
                id=merged,
                name=record["name"],
                cases=len(record["cases"]),
                at=read_time(record["at"]),
                by=names.get(record["by"], ""),
                reason=record["reason"],
            )
            for merged, record in entries.of_kind(connection, KIND).items()
            if record["kept"] == person_id
        ]
        return tuple(sorted(found, key=lambda one: one.at, reverse=True))


def _reason(reason: str) -> str:
    why = line(" ".join(reason.split()), where="reason", longest=LONGEST_LINE)
    if not why:
        raise UserError(Text(N_("A reason is needed: say in a few words how it is known.")), where="reason")
    return why
