"""The desk after sign-in: every service a screen may ask for, on one open database."""

from typing import TYPE_CHECKING

from app.domain.errors import UserError
from app.domain.text import N_, Text
from app.services.absences import AbsenceService
from app.services.acceptance import AcceptanceService
from app.services.attachments import AttachmentService
from app.services.backups import BackupService
from app.services.changes import Changes
from app.services.classifier_tables import ClassifierService
from app.services.conclusions import ConclusionService
from app.services.control import ControlService
from app.services.deadlines import DeadlineService
from app.services.documents import DocumentService
from app.services.due import DueService
from app.services.electronic import ElectronicService
from app.services.endings import EndingService
from app.services.examinations import ExaminationService
from app.services.exports import ExportService
from app.services.integrity import IntegrityService
from app.services.journals import JournalService
from app.services.link import LinkService
from app.services.origins import OriginService
from app.services.packs import PackService
from app.services.paper_witness import PaperWitnessService
from app.services.papers import PaperService
from app.services.people import PeopleService
from app.services.preferences import PreferenceService
from app.services.programmes import ProgrammeService
from app.services.registration import RegistrationService
from app.services.rehearsal import RehearsalService
from app.services.second_reading import SecondReadingService
from app.services.sessions import SessionService
from app.services.snippets import SnippetService
from app.services.trip_planning import TripPlanning
from app.services.trips import TripService
from app.services.users import UserService
from app.services.views import Department, User
from app.services.votes import VoteService
from app.services.workplace import Workplace

if TYPE_CHECKING:
    from app.storage.lock import DataLock


class Desk:
    """Made by `Access.sign_in`; used on one worker thread; `close()` releases the lock and forgets the keys."""

    def __init__(
        self,
        place: Workplace,
        lock: "DataLock",
        *,
        examinations: ExaminationService,
        endings: EndingService,
        deadlines: DeadlineService,
        conclusions: ConclusionService,
        documents: DocumentService,
        sessions: SessionService,
        electronic: ElectronicService,
        trips: TripService,
        registration: RegistrationService,
        absences: AbsenceService,
        trip_planning: TripPlanning,
        packs: PackService,
        programmes: ProgrammeService,
        people: PeopleService,
        acceptance: AcceptanceService,
        rehearsals: RehearsalService,
        users: UserService,
        integrity: IntegrityService,
        backups: BackupService,
        preferences: PreferenceService,
        votes: VoteService,
        second_readings: SecondReadingService,
        control: ControlService,
        attachments: AttachmentService,
        snippets: SnippetService,
        origins: OriginService,
        papers: PaperService,
        journals: JournalService,
        due: DueService,
        exports: ExportService,
        classifiers: ClassifierService,
        paper_witness: PaperWitnessService,
        link: LinkService,
    ) -> None:
        self.user = User(place.user.id, place.user.login, place.user.name)
        self.is_training = place.is_training()
        self.examinations = examinations
        self.endings = endings
        self.deadlines = deadlines
        self.conclusions = conclusions
        self.documents = documents
        self.sessions = sessions
        self.electronic = electronic
        self.trips = trips
        self.registration = registration
        self.absences = absences
        self.trip_planning = trip_planning
        self.packs = packs
        self.programmes = programmes
        self.people = people
        self.acceptance = acceptance
        self.rehearsals = rehearsals
        self.users = users
        self.integrity = integrity
        self.backups = backups
        self.preferences = preferences
        self.votes = votes
        self.second_readings = second_readings
        self.control = control
        self.attachments = attachments
        self.snippets = snippets
        self.origins = origins
        self.changes = Changes()
        self.papers = papers
        self.journals = journals
        self.due = due
        self.exports = exports
        self.classifiers = classifiers
        self.paper_witness = paper_witness
        self.link = link
        self._place = place
        self._lock = lock
        place.department()  # read here, for the window asks for it and must not wait

    def unlock(self, passphrase: str) -> None:
        """Check the signed-in user's passphrase, for the screen lock; UserError where it is wrong."""
        from app.services.keyring import is_of

        bundle = self._place.keys.read().open(self.user.login, "passphrase", passphrase)
        if bundle is None or not is_of(bundle, self._place.user):
            raise UserError(Text(N_("The passphrase is wrong. Check the keyboard's language, then try again.")))

    @property
    def department(self) -> Department:
        """The department that works here; from memory."""
        return self._place.known_department()

    def set_department(self, department: Department) -> None:
        """Change the letterhead, number or region; signed conclusions keep what they were signed with.

        UserError where the number or the region can't be one.
        """
        from app.services.founding import department_row, describe_department
        from app.storage import installation

        row = department_row(department)
        with self._place.begin() as work:
            old = describe_department(installation.department(work.connection))
            installation.set_department(work, row)
            work.audit("department.changed", old=old, new=describe_department(row))
            work.emit("department.changed", {"department": describe_department(row)})
            work.commit()
        self._place.department()

    def close(self) -> None:
        """Harmless when called twice."""
        self._place.database.close()
        self._lock.release()
