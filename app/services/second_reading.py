"""The second reading: what the department of methodology and control says to a decision that differs (adr/0024)."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from app.domain import case_file, voting
from app.domain.errors import UserError
from app.domain.text import N_, Text
from app.domain.typed import LONGEST_NAME, line
from app.domain.vocabulary import CaseState
from app.services.examinations import ExaminationService, storable
from app.services.views import CaseView, User
from app.services.workplace import Workplace

if TYPE_CHECKING:
    from app.storage.cases import CaseRecord


class SecondReadingService:
    """The only writer of `dossier.second_reading`; of decided cases, before they are signed."""

    def __init__(self, place: Workplace, examinations: ExaminationService) -> None:
        self._place = place
        self._examinations = examinations

    def readers(self, document: case_file.Document) -> tuple[User, ...]:
        """The users of this laptop who are not of the commission."""
        from app.storage import users

        with self._place.database.reading() as connection:
            everybody = [User(user.id, user.login, user.name) for user in users.everybody(connection)]
        return readers_among(everybody, document)

    def confirm(self, case_id: str, login: str, passphrase: str, *, agreed: bool, text: str = "") -> CaseView:
        """By a user of this laptop, with that user's own passphrase. UserError: a member of the commission, a wrong
        passphrase, a refusal without words, a case that isn't decided."""
        from app.services.signing import confirm_as

        record = self._decided(case_id)
        reader = next((user for user in self.readers(record.document) if user.login == login), None)
        if reader is None:
            sentence = N_("Who decides can't read the decision a second time: choose a user outside of the commission.")
            raise UserError(Text(sentence), where="login")
        confirm_as(self._place, login, passphrase, reader.name, "passphrase")
        today = self._place.clock.today().isoformat()
        return self._keep(case_id, {"by": reader.name, "on": today, "login": reader.login, "paper": None}, agreed, text)

    def by_paper(
        self, case_id: str, *, by: str, number: str, on: date | None, agreed: bool, text: str = ""
    ) -> CaseView:
        """By a paper of that department, where it is elsewhere. UserError where who, number or day is missing, or the
        day lies ahead."""
        by, number = (_line(value, where) for value, where in ((by, "by"), (number, "number")))
        for value, where, sentence in (
            (by, "by", N_("Write who read the decision.")),
            (number, "number", N_("Write the number of the paper.")),
            (on, "on", N_("Write the date of the paper.")),
        ):
            if not value:
                raise UserError(Text(sentence), where=where)
        if on is not None and on > self._place.clock.today():
            raise UserError(Text(N_("The date of the paper lies ahead. Check it.")), where="on")
        given = {"by": by, "on": on and on.isoformat(), "login": None, "paper": {"number": number}}
        return self._keep(case_id, given, agreed, text)

    def take_back(self, case_id: str) -> CaseView:
        """Take the reading out again: it was entered wrongly. It stays in the audit trail."""
        return self._write(case_id, None)

    def _decided(self, case_id: str) -> "CaseRecord":
        with self._place.database.reading() as connection:
            return self._require(self._examinations.record(connection, case_id))

    def _require(self, record: "CaseRecord") -> "CaseRecord":
        if record.state is not CaseState.DECIDED:
            sentence = N_(
                "Case {number}: a decision is read a second time once it is recorded, and before it is signed."
            )
            raise UserError(Text(sentence, {"number": record.number}))
        return record

    def _keep(self, case_id: str, given: dict[str, Any], agreed: bool, text: str) -> CaseView:
        words = storable(text).strip() or None
        if not agreed and words is None:
            raise UserError(Text(N_("Write why the department does not agree.")), where="text")
        return self._write(case_id, {**given, "agreed": agreed, "text": words})

    def _write(self, case_id: str, reading: dict[str, Any] | None) -> CaseView:
        from app.storage import cases

        checked = case_file.check_field(voting.SECOND_READING, reading)
        with self._place.begin() as work:
            record = self._require(self._examinations.record(work.connection, case_id))
            old = case_file.get(record.document, voting.SECOND_READING)
            head = work.audit("second_reading", case_id=case_id, path=voting.SECOND_READING, old=old, new=checked,
                              screen="decision")  # fmt: skip
            document = case_file.put(record.document, voting.SECOND_READING, checked)
            cases.save(work, head, case_id, document, record.unfinished, columns=False)
            work.commit()
        return self._examinations.open(case_id)


def readers_among(users: Iterable[User], document: case_file.Document) -> tuple[User, ...]:
    """Who of these users is not of the commission."""
    from app.domain.names import same_name

    names = [member.get("name") or "" for member in voting.commission(document)]
    return tuple(user for user in users if not any(same_name(user.name, name) for name in names))


def _line(value: str, where: str) -> str:
    return line(storable(value), where=where, longest=LONGEST_NAME)
