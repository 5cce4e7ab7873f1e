"""Cases while they are being worked on: list, open, enter field by field, import, discard."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal

from app.domain import case_file, edits, voting
from app.domain.dossier import KEY as DOSSIER
from app.domain.dossier import OF_THE_DECISION
from app.domain.errors import UserError
from app.domain.programme import may_change_after_decision
from app.domain.text import N_, Text
from app.domain.typed import LONGEST_LINE, LONGEST_TEXT, line
from app.domain.vocabulary import CaseState, CorrectionKind, EndingKind, Occasion, Outcome, QueueState
from app.services.signed import read_signed
from app.services.views import CaseRow, CaseView, Document, Related, Relative
from app.services.workplace import Workplace

if TYPE_CHECKING:
    from app.services.history import FieldChange
    from app.services.link_screening import Screening
    from app.storage.case_list import ListedCase
    from app.storage.cases import CaseRecord
    from app.storage.chain import Head
    from app.storage.database import Connection
    from app.storage.unit_of_work import UnitOfWork

# Changes below these paths show in lists and searches; those of the dossier's texts and papers don't.
_LISTED = ("person", "examination", "diagnosis", "decision", "dossier")
_NOT_LISTED = ("dossier.observations.", "dossier.origins.", "dossier.referral.", "dossier.checklist.",
               "dossier.programme")  # fmt: skip


class ExaminationService:
    """Every change is one transaction: the case, its audit row and, where it travels, its event."""

    def __init__(self, place: Workplace, screening: "Screening | None" = None) -> None:
        """`screening`: looked into on the worker, so that the window finds what it says in memory."""
        self._place, self._screening = place, screening

    def create(self, person: str | None = None) -> CaseView:
        """A new draft: numbered, `examination.on` today, the commission of the newest case.

        `person`: the id of somebody who was here before. Then what is known of that person is taken over, and of the
        last decision `previous`, the occasion being a repeated one. UserError where there is no such person.
        """
        from app.services.people import PeopleService
        from app.storage import cases

        with self._place.begin() as work:
            before = cases.newest_document(work.connection)
            commission = case_file.get(before, "examination.commission") if before else None
            today = self._place.clock.today().isoformat()
            document = case_file.put(case_file.new_document(), "examination.on", today)
            if commission:
                document = case_file.put(document, "examination.commission", commission)
            if person is not None:
                known = PeopleService(self._place).known(person)
                if not known:
                    raise UserError(Text(N_("There is no such person any more. Search again.")))
                for path, value in known.items():
                    document = case_file.put(document, path, value)
                if "previous" in known:
                    document = case_file.put(document, "examination.occasion", Occasion.REPEAT.value)
            case_id = self.add(work, document, "case.created", person=person)
            work.commit()
        return self.open(case_id)

    def correct(self, case_id: str, kind: CorrectionKind, reason: str) -> CaseView:
        """A new draft with the content of a signed case, which it will supersede once it is signed itself.

        UserError without a reason (`where`: `dossier.correction.reason`), and where the case isn't signed or is being
        corrected already.
        """
        from app.storage import cases

        where = "dossier.correction"
        told = case_file.check_field(where, {"kind": CorrectionKind(kind).value, "reason": storable(reason)})
        if not isinstance(told, dict) or not told.get("reason"):
            sentence = N_("A reason is needed to correct a signed case: say what is wrong in it.")
            raise UserError(Text(sentence), where=f"{where}.reason")
        with self._place.begin() as work:
            record = self.record(work.connection, case_id)
            if record.state is not CaseState.SIGNED:
                sentence = N_("Case {number} is not signed: change it itself instead of correcting it.")
                raise UserError(Text(sentence, {"number": record.number}))
            if cases.correction_of(work.connection, case_id) is not None:
                sentence = N_("Case {number} is being corrected already: open that case in the list.")
                raise UserError(Text(sentence, {"number": record.number}))
            document = case_file.put(record.document, "decision", None)
            if document.get(DOSSIER):
                kept = {key: value for key, value in document[DOSSIER].items() if key not in OF_THE_DECISION}
                document = case_file.put(document, DOSSIER, kept)
            document = case_file.put(document, where, told)
            new_id = self.add(work, document, "case.created", supersedes=case_id, person=record.person_id)
            work.commit()
        return self.open(new_id)

    def related(self, case_id: str) -> Related:
        """Which case this one corrects, and which one corrects it."""
        from app.storage import cases

        with self._place.database.reading() as connection:
            record = self.record(connection, case_id)
            by = cases.correction_of(connection, case_id)
            corrects, corrected_by = (
                None if found is None else _relative(self.record(connection, found))
                for found in (record.supersedes, by)
            )
        return Related(corrects, corrected_by)

    def numbered(self, number: str) -> CaseView | None:
        """The signed case of this desk with that number, as papers bear it; None where there is none."""
        from app.storage import cases

        with self._place.database.reading() as connection:
            found = cases.by_number(connection, " ".join(number.split()))
            view = None if found is None else self.view(connection, self.record(connection, found))
        return view if view is not None and view.signed is not None else None

    def rows(
        self, query: str = "", states: frozenset[CaseState] = frozenset(), limit: int = 500
    ) -> tuple[CaseRow, ...]:
        """Cases whose names or ИИН begin with the words of `query`, newest change first; or of a number (with its
        slash, highest first, or its last part alone).

        No `states` means all but the discarded ones.
        """
        from app.storage import case_list

        with self._place.database.reading() as connection:
            return tuple(_row(found) for found in case_list.listed(connection, query, states, limit))

    def left_over(self, limit: int = 500) -> tuple[CaseRow, ...]:
        """Unsigned cases whose day of examination is over, the oldest first."""
        from app.storage import case_list

        with self._place.database.reading() as connection:
            return tuple(_row(found) for found in case_list.left_over(connection, self._today().isoformat(), limit))

    def counts(self) -> Mapping[CaseState, int]:
        """How many cases are in each state; every state is there."""
        from app.storage import cases

        with self._place.database.reading() as connection:
            found = cases.counts(connection)
        return {state: found.get(state, 0) for state in CaseState}

    def open(self, case_id: str) -> CaseView:
        """UserError where there is no such case."""
        with self._place.database.reading() as connection:
            view = self.view(connection, self.record(connection, case_id))
        if view.state in (CaseState.DRAFT, CaseState.DECIDED):
            self._look_up(view.document)
        return view

    def _look_up(self, document: Document) -> None:
        if self._screening is not None:
            self._screening.prime(case_file.get(document, "person.iin"))

    def whole(self, case_id: str) -> CaseView:
        """As `open`, with votes that nobody may see yet: for services alone, never for a screen."""
        with self._place.database.reading() as connection:
            record = self.record(connection, case_id)
            return replace(self.view(connection, record), document=record.document)

    def set_field(
        self,
        case_id: str,
        path: str,
        value: object,
        *,
        screen: str = "",
        reason: Literal["field", "undo", "redo"] = "field",
        why: str = "",
    ) -> CaseView:
        """Check one field and save it.

        `reason`: what the audit trail calls the change; one that takes another back is told from it. `why`: for what
        reason something is changed that members have voted on; asked for once anybody has voted, and kept there, too.
        UserError (with the path) for a wrong value, where `why` is missing, and for a case that isn't a draft (the
        programme alone is written in a decided one, too).
        """
        from app.storage import cases

        if path in voting.OWN:
            raise UserError(Text(N_("{path} is written by voting, deciding and signing alone."), {"path": path}))
        checked = case_file.check_field(path, value)
        why = storable(" ".join(why.split()))[:LONGEST_LINE]
        with self._place.begin() as work:
            record = self._open_at(work.connection, case_id, path)
            old = case_file.get(record.document, path)
            if path not in record.unfinished and _same(old, checked):
                return self.view(work.connection, record)
            if path == voting.CLOSED and voting.has_begun(record.document):
                raise UserError(Text(N_("The vote has begun: the proposal stays as it is until the votes are opened.")))
            voted_on = voting.has_begun(record.document) and voting.rests_on(path)
            if voted_on and not why:
                sentence = N_("Members have voted on this: to change it now, say why.")
                raise UserError(Text(sentence), where=path)
            why = why if voted_on else ""
            document = case_file.put(record.document, path, checked)
            unfinished = {key: text for key, text in record.unfinished.items() if key != path}
            if record.queue == QueueState.CALLED:
                # Who was called is in as soon as something is entered.
                record = replace(record, queue=QueueState.IN_EXAMINATION.value)
                cases.set_placed(work, case_id, "queue", record.queue)
            head = audit_change(work, case_id, path, old, checked, screen=screen, reason=reason, why=why)
            cases.save(work, head, case_id, document, unfinished, columns=_is_listed(path))
            work.commit()
            now = work.now
        if path == "person.iin":
            self._look_up(document)
        return _draft_view(record, document, unfinished, now)

    def keep_unfinished(self, case_id: str, path: str, text: str | None, *, screen: str = "") -> CaseView:
        """Keep typed text that isn't a value yet, so that nothing typed is lost; None or a value clears it."""
        from app.storage import cases

        with self._place.begin() as work:
            record = self._open_at(work.connection, case_id, path)
            old = record.unfinished.get(path)
            if old == text:
                return self.view(work.connection, record)
            unfinished = {key: kept for key, kept in record.unfinished.items() if key != path}
            if text is not None:
                text = storable(text)
                if len(text) > LONGEST_TEXT:
                    sentence = N_("The text is longer than {longest} characters. Shorten it.")
                    raise UserError(Text(sentence, {"longest": LONGEST_TEXT}), where=path)
                unfinished[path] = text
            head = work.audit("unfinished", case_id=case_id, path=path, old=old, new=text, screen=screen)
            cases.save(work, head, case_id, record.document, unfinished, columns=False)
            work.commit()
            now = work.now
        return _draft_view(record, record.document, unfinished, now)

    def history(self, case_id: str, path: str) -> "tuple[FieldChange, ...]":
        """Every change of the field at `path` or of what it stands in, newest first. UserError for an unknown case."""
        from app.services.history import changes_of
        from app.storage import users
        from app.storage.chain import AUDIT

        with self._place.database.reading() as connection:
            self.record(connection, case_id)
            names = {user.id: user.name for user in users.everybody(connection)}
            return changes_of(AUDIT.changes_of(connection, case_id), path, names)

    def remember_place(self, case_id: str, step: str, field: str | None) -> None:
        """Where the work was left; no part of the record, so it is neither audited nor shown elsewhere."""
        from app.storage import cases

        with self._place.database.reading() as connection:
            cases.remember_place(connection, case_id, step, field)

    def import_case(self, document: Document) -> CaseView:
        """Put one case document in as a draft; UserError where it isn't a whole case file."""
        return self.import_cases((document,))[0]

    def import_cases(self, documents: Iterable[Document]) -> tuple[CaseView, ...]:
        """Several in one transaction: all or none."""
        checked = tuple(documents)
        for document in checked:
            case_file.check_document(document)
        with self._place.begin() as work:
            ids = [self.add(work, document, "case.imported") for document in checked]
            if ids:
                work.commit()
        return tuple(self.open(case_id) for case_id in ids)

    def discard(self, case_id: str, reason: str) -> None:
        """Take a draft off the list for good; it stays in the database with the reason. UserError without one."""
        from app.storage import cases

        why = line(storable(" ".join(reason.split())), where="reason", longest=LONGEST_LINE)
        if not why:
            raise UserError(Text(N_("A reason is needed to discard a case: say why in a few words.")), where="reason")
        with self._place.begin() as work:
            record = self.draft(work.connection, case_id)
            head = work.audit("case.discarded", case_id=case_id, old=record.state.value, new=why)
            cases.save(work, head, case_id, record.document, record.unfinished, columns=False)
            cases.set_state(work, case_id, CaseState.DISCARDED)
            work.commit()

    def record(self, connection: "Connection", case_id: str) -> "CaseRecord":
        """The case as stored; UserError where there is no such case."""
        from app.storage import cases

        record = cases.find(connection, case_id)
        if record is None:
            raise UserError(Text(N_("There is no such case on this desk: {id}."), {"id": case_id}))
        return record

    def draft(self, connection: "Connection", case_id: str) -> "CaseRecord":
        """The case as stored; UserError where it isn't a draft any more."""
        record = self.record(connection, case_id)
        if record.state is CaseState.DRAFT:
            return record
        if record.state is CaseState.DECIDED:
            sentence = N_("Case {number} is decided. Reopen it to change it.")
        elif record.state is CaseState.ENDED:
            sentence = N_("Case {number} was ended without a decision. Resume it to change it.")
        elif record.state is CaseState.DISCARDED:
            sentence = N_("Case {number} was discarded and can't be changed.")
        else:
            sentence = N_("Case {number} is signed and can't be changed. Make a correction instead.")
        raise UserError(Text(sentence, {"number": record.number}))

    def _open_at(self, connection: "Connection", case_id: str, path: str) -> "CaseRecord":
        """The case as stored, if the field at the path may be written; else UserError, as `draft`."""
        record = self.record(connection, case_id)
        if record.state is CaseState.DECIDED and may_change_after_decision(path):
            return record
        return self.draft(connection, case_id)

    def view(self, connection: "Connection", record: "CaseRecord") -> CaseView:
        """What a screen gets of a stored case."""
        from app.storage import conclusions

        row = conclusions.find(connection, record.id) if record.state in _SIGNED else None
        return CaseView(
            id=record.id,
            number=record.number,
            state=record.state,
            document=voting.without_content(record.document),
            unfinished=record.unfinished,
            place=record.place,
            saved_at=record.changed_at,
            signed=read_signed(row) if row else None,
            supersedes=record.supersedes,
            person_id=record.person_id,
            trip_id=record.trip_id,
            queue=record.queue,
        )

    def add(
        self,
        work: "UnitOfWork",
        document: Document,
        action: str,
        *,
        supersedes: str | None = None,
        person: str | None = None,
    ) -> str:
        """Write a new draft within a unit of work; its id. `person`: the id of a person who is known here; else the
        case is of a new one."""
        from app.services.founding import new_id
        from app.storage import cases, installation

        self._place.require_clock()
        year = self._today().year
        ordinal = cases.next_ordinal(work, year)
        number = f"{installation.department(work.connection).number}/{year}/{ordinal:06}"
        case_id = new_id()
        person_id = person or new_id()
        new = {"number": number, "supersedes": supersedes, "person": person_id, "document": document}
        head = work.audit(action, case_id=case_id, new=new)
        cases.add(
            work,
            head,
            case_id=case_id,
            number=number,
            year=year,
            ordinal=ordinal,
            supersedes=supersedes,
            person_id=person_id,
            document=document,
        )
        return case_id

    def _today(self) -> date:
        return self._place.clock.today()


_SIGNED = frozenset({CaseState.SIGNED, CaseState.SUPERSEDED})
_DECIDED = _SIGNED | {CaseState.DECIDED}


def _draft_view(
    record: "CaseRecord", document: Document, unfinished: Mapping[str, str], saved_at: datetime
) -> CaseView:
    """What a screen gets of a draft that was just saved, without reading it again."""
    return CaseView(
        id=record.id,
        number=record.number,
        state=record.state,
        document=voting.without_content(document),
        unfinished=unfinished,
        place=record.place,
        saved_at=saved_at,
        signed=None,
        supersedes=record.supersedes,
        person_id=record.person_id,
        trip_id=record.trip_id,
        queue=record.queue,
    )


def _relative(record: "CaseRecord") -> Relative:
    return Relative(record.id, record.number, record.state, record.document)


def audit_change(
    work: "UnitOfWork",
    case_id: str,
    path: str,
    old: object,
    new: object,
    *,
    screen: str,
    reason: str = "field",
    why: str = "",
) -> "Head":
    """The audit row of a changed field: both values, or of a long text what was cut out and put in (action `text`)."""
    edit = edits.edit_of(old, new) if reason == "field" else None
    if edit is not None:
        return work.audit("text", case_id=case_id, path=path, old=edit[0], new=edit[1], screen=screen, reason=why)
    return work.audit(reason, case_id=case_id, path=path, old=old, new=new, screen=screen, reason=why)


def _is_listed(path: str) -> bool:
    return path.partition(".")[0] in _LISTED and not path.startswith(_NOT_LISTED)


def _row(found: "ListedCase") -> CaseRow:
    return CaseRow(
        id=found.id,
        number=found.number,
        state=found.state,
        name=found.name,
        iin=found.iin,
        birth_date=found.birth_date,
        examined_on=found.examined_on,
        outcome=Outcome(found.outcome) if found.outcome and found.state in _DECIDED else None,
        changed_at=found.changed_at,
        postponed_to=found.postponed_to if found.state is CaseState.DRAFT else None,
        ending=EndingKind(found.ending) if found.ending and found.state is CaseState.ENDED else None,
    )


def storable(text: str) -> str:
    """The text with “?” for half characters, which a faulty keyboard driver may send and no file can hold."""
    return text.encode("utf-8", "replace").decode()


def _same(old: object, new: object) -> bool:
    """Equal, and of equal kind: True is not 1."""
    return repr(old) == repr(new)
