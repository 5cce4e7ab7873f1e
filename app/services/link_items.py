"""Taking in what the centre publishes, each kind by the door that its like goes through anyway.

An edition passes the acceptance service's own checks, a classifier the importer, the letterhead what the department's
settings pass; a hash that fits is no reason to trust what is inside.
"""

import json
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from app.domain.errors import CheckFailed, NothingToDo, Told, UserError
from app.domain.text import N_, LocalText, Text
from app.services import link_store as store
from app.services.views import Department
from app.services.workplace import Workplace
from app.storage import entries, files, installation, link, users
from app.sync import reference, screening

if TYPE_CHECKING:
    from app.services.acceptance import AcceptanceService
    from app.services.classifier_tables import ClassifierService
    from app.services.examinations import ExaminationService
    from app.services.link_store import Linked
    from app.storage.unit_of_work import UnitOfWork

WAITS: Final = N_("It waits until {name} ({login}) is signed in, who looks after this desk.")
NEW_LETTERHEAD: Final = N_("It stands on new papers from now on.")
UNREADABLE: Final = N_("It is not in the form that this program knows. Install a newer program, or call the centre.")
OLDER: Final = N_("It is older than what is in use here. Nothing was changed.")
UNKNOWN: Final = N_("This program doesn't know what it is for. Install a newer program.")
NOT_TAKEN: Final = N_("{n} of {of} assignments are no case files and were left out: call the centre.")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an item. `done`: nothing more is to be tried with it; `keep`: its bytes are needed further."""

    in_use: bool
    remark: Text | None = None
    done: bool = True
    keep: bool = False


class Items:
    """Takes items in; each in transactions of its own."""

    def __init__(
        self, place: Workplace, acceptance: "AcceptanceService", classifiers: "ClassifierService",
        examinations: "ExaminationService",
    ) -> None:  # fmt: skip
        self._place, self._acceptance = place, acceptance
        self._classifiers, self._examinations = classifiers, examinations

    def apply(self, centre: "Linked", item: reference.Item, content: bytes) -> Outcome:
        """Take one in. What it refuses is told in the outcome; KnownError where the surroundings fail."""
        try:
            match item.kind:
                case reference.PACK:
                    return self._pack(content)
                case reference.CLASSIFIER:
                    return self._classifier(item.name, content)
                case reference.LETTERHEAD:
                    return self._letterhead(content)
                case reference.PAPER_KEYS:
                    return self._paper_keys(centre, content)
                case reference.REVOCATIONS:
                    return self._revocations(content)
                case reference.FILTER:
                    screening.read(content, centre.sign_key)
                    return Outcome(in_use=True, keep=True)
                case reference.ASSIGNMENTS:
                    return self._assignments(content)
                case _:
                    return Outcome(in_use=False, remark=Text(UNKNOWN))
        except NothingToDo as told:
            return Outcome(in_use=True, remark=told.text)
        except (UserError, CheckFailed) as told:
            return Outcome(in_use=False, remark=told.text)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return Outcome(in_use=False, remark=Text(UNREADABLE))

    # --- one way a kind ---------------------------------------------------------------------------------------
    def _pack(self, content: bytes) -> Outcome:
        administrator = self._place.administrator()
        if administrator.id != self._place.user.id:
            told = {"name": administrator.name, "login": administrator.login}
            return Outcome(in_use=False, remark=Text(WAITS, told), done=False, keep=True)
        found = reference.pack_files(content)
        folder = Path(tempfile.mkdtemp(prefix="saraptama-"))
        try:
            for name, data in found.items():
                path = folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
            self._acceptance.install(folder)
        except CheckFailed as told_:
            return Outcome(in_use=False, remark=told_.text)
        except NothingToDo:
            return Outcome(in_use=True)
        except UserError as told_:
            # A key that isn't admitted yet, an edition that comes before the one it follows: it may pass later.
            return Outcome(in_use=False, remark=told_.text, done=False, keep=True)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        return Outcome(in_use=True)

    def _classifier(self, name: str, content: bytes) -> Outcome:
        import hashlib

        from app.domain.classifier_table import read_table
        from app.domain.text import LANGUAGES
        from app.services.classifier_tables import TableFile

        _, *languages = name.split("-")  # a table with names in several languages says itself which is which
        language = languages[0] if len(languages) == 1 and languages[0] in LANGUAGES else None
        self._classifiers.take(TableFile(read_table(content), hashlib.sha256(content).hexdigest()), language)
        return Outcome(in_use=True)

    def _letterhead(self, content: bytes) -> Outcome:
        from app.services.founding import department_row, describe_department

        told = json.loads(content)
        row = department_row(Department(told["number"], told["region"], LocalText(**told["names"])))
        with self._place.begin() as work:
            before = installation.department(work.connection)
            if row == before:
                return Outcome(in_use=True)
            installation.set_department(work, row)
            new = describe_department(row)
            work.audit("department.changed", old=describe_department(before), new=new, screen=store.SCREEN)
            work.emit("department.changed", {"department": new})
            work.commit()
        self._place.department()
        return Outcome(in_use=True, remark=Text(NEW_LETTERHEAD))

    def _paper_keys(self, centre: "Linked", content: bytes) -> Outcome:
        from app.crypto.signing import fingerprint
        from app.services.paper_keys import FOLDER, SUFFIX, read

        if bytes.fromhex(json.loads(content)["key"]) != centre.sign_key:
            return Outcome(in_use=False, remark=Text(UNREADABLE))
        found = read(content, reference.PAPER_KEYS, (centre.sign_key,))
        folder = self._place.keys.path.parent / FOLDER
        kept = folder / f"{fingerprint(centre.sign_key).replace(' ', '')}{SUFFIX}"
        if kept.is_file():
            before = read(kept.read_bytes(), kept.name, (centre.sign_key,))
            days = [desk.told_on for desk in before.desks.values() if desk.told_on]
            now = [desk.told_on for desk in found.desks.values() if desk.told_on]
            if days and (not now or max(now) < max(days)):
                return Outcome(in_use=False, remark=Text(OLDER))
        files.make_private_directory(folder)
        files.write_whole(kept, content)
        return Outcome(in_use=True)

    def _revocations(self, content: bytes) -> Outcome:
        told = reference.revoked(content)
        with self._place.begin() as work:
            device = installation.identity(work.connection).device
            known = {user.id for user in users.everybody(work.connection)}
            here = next((one for one in told["devices"] if one["device"] == device), None)
            record: dict[str, Any] = {
                "users": {one["id"]: str(one.get("reason") or "") for one in told["users"] if one["id"] in known}
            }
            if here is not None:
                record["device"] = str(here.get("reason") or "revoked")
            wanted = record if here is not None or record["users"] else None
            if entries.find(work.connection, link.KIND, store.REVOKED) != wanted:
                store.put_one(work, store.REVOKED, wanted)
                work.commit()
        return Outcome(in_use=True)

    def _assignments(self, content: bytes) -> Outcome:
        """Drafts, once by the referral's id; what was decided earlier of the person is kept beside them."""
        from app.domain import case_file

        listed = json.loads(content)["assignments"]
        wrong = 0
        for one in listed:
            try:
                identity, document = str(one["id"]), one["case"]
                case_file.check_document(document)
            except (Told, KeyError, TypeError, AttributeError, ValueError):
                wrong += 1
                continue
            with self._place.begin() as work:
                if entries.find(work.connection, store.ASSIGNMENT, identity) is None:
                    self._assign(work, identity, document, one.get("earlier") or [])
                    work.commit()
        remark = Text(NOT_TAKEN, {"n": wrong, "of": len(listed)}) if wrong else None
        return Outcome(in_use=True, remark=remark)

    def _assign(self, work: "UnitOfWork", identity: str, document: dict[str, Any], earlier: list[Any]) -> None:
        from app.storage import trips

        iin = (document.get("person") or {}).get("iin")
        known = trips.newest_of(work.connection, iin) if iin else None
        person = self._examinations.record(work.connection, known[0]).person_id if known else None
        case_id = self._examinations.add(work, document, "case.imported", person=person)
        record = {"case": case_id, "earlier": earlier}
        entries.put(work, store.ASSIGNMENT, identity, record, screen=store.SCREEN)


def keep(work: "UnitOfWork", item: reference.Item, content: bytes | None, outcome: Outcome) -> None:
    """Write what became of an item, and keep or let go its bytes."""
    named = store.item_entry(item)
    before = entries.find(work.connection, store.ITEM, named)
    if before is not None and before["sha256"] != item.sha256:
        link.forget_item(work, before["sha256"])
    if outcome.keep and content is not None:
        link.keep_item(work, item.sha256, content)
    elif not outcome.keep:
        link.forget_item(work, item.sha256)
    record: dict[str, Any] = {"sha256": item.sha256, "version": item.version, "in_use": outcome.in_use,
                              "done": outcome.done}  # fmt: skip
    if outcome.remark is not None:
        record["remark"] = store.text_record(outcome.remark)
    entries.put(work, store.ITEM, named, record, screen=store.SCREEN)
