"""From an opened key slot to a desk: database, migrations, services."""

from pathlib import Path

from app.crypto.slots import Bundle
from app.domain.clock import Clock
from app.domain.errors import KnownError
from app.domain.text import N_, Text
from app.services import incarnations
from app.services.absences import AbsenceService
from app.services.acceptance import AcceptanceService
from app.services.access import BACKUPS, DATABASE
from app.services.attachments import AttachmentService
from app.services.backups import BackupService
from app.services.classifier_tables import ClassifierService
from app.services.conclusions import ConclusionService
from app.services.control import ControlService
from app.services.deadlines import DeadlineService
from app.services.desk import Desk
from app.services.documents import DocumentService
from app.services.due import DueService
from app.services.electronic import ElectronicService
from app.services.endings import EndingService
from app.services.examinations import ExaminationService
from app.services.exports import ExportService
from app.services.integrity import IntegrityService
from app.services.journals import JournalService
from app.services.keyring import KeyRing, is_of, is_void
from app.services.link import LinkService
from app.services.link_items import Items
from app.services.link_screening import Screening
from app.services.open_work import OpenWork
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
from app.services.votes import VoteService
from app.services.workplace import Workplace
from app.storage import migrations, users
from app.storage.database import Database
from app.storage.lock import DataLock


def open_desk(data_dir: Path, lock: DataLock, keys: KeyRing, bundle: Bundle, clock: Clock) -> Desk:
    """Open the database, bring it up to date, and put the services together. The desk takes over the lock."""
    database = Database(data_dir / DATABASE, bundle.database_key)
    try:
        backups = BackupService(database, keys, data_dir / BACKUPS, clock)
        migrations.bring_up_to_date(database, backups.make)
        with database.reading() as connection:
            user = next((row for row in users.everybody(connection) if row.id == bundle.user_id), None)
        if user is None:
            # The key file is newer than the database: somebody put an older copy in its place.
            sentence = N_("The database doesn't know this user: {path}. It is older than the key file beside it.")
            raise KnownError(Text(sentence, {"path": str(database.path)}))
        if not is_of(bundle, user):
            sentence = N_("The key file is not the one of this database: {path}. It holds another key of this user.")
            raise KnownError(Text(sentence, {"path": str(keys.path)}))
        with database.reading() as connection:
            void = is_void(connection, bundle)
        if void:
            sentence = N_(
                "The key file is an old copy: {path}. What was typed has been replaced since. Put the newest copy back."
            )
            raise KnownError(Text(sentence, {"path": str(keys.path)}))
        place = Workplace(database, clock, keys, bundle, user)
        _begin_anew_after_a_copy(place)
        with place.begin() as work:
            work.audit("user.signed_in")
            work.commit()
        packs = PackService(today=clock.today)
        acceptance = AcceptanceService(place, packs)
        screening = Screening(place)
        examinations = ExaminationService(place, screening)
        classifiers = ClassifierService(place)
        integrity, preferences = IntegrityService(place), PreferenceService(place)
        journals, due = JournalService(place), DueService(place)
        conclusions = ConclusionService(place, packs, examinations, preferences, screening)
        papers = PaperService(place, examinations)
        deadlines = DeadlineService(place, packs, integrity, preferences)
        documents = DocumentService(place, conclusions, papers, deadlines)
        trips = TripService(place, examinations, OpenWork(place, packs, conclusions))
        documents = DocumentService(place, conclusions, papers, deadlines)
        registration = RegistrationService(place, examinations, trips)
        return Desk(
            place,
            lock,
            examinations=examinations,
            endings=EndingService(place, examinations),
            deadlines=deadlines,
            conclusions=conclusions,
            documents=documents,
            sessions=SessionService(place, trips, examinations, packs, documents),
            electronic=ElectronicService(place, documents),
            trips=trips,
            registration=registration,
            absences=AbsenceService(place, trips, examinations, conclusions),
            trip_planning=TripPlanning(place, trips, registration),
            packs=packs,
            programmes=ProgrammeService(packs),
            people=PeopleService(place),
            acceptance=acceptance,
            rehearsals=RehearsalService(place, packs),
            users=UserService(place),
            integrity=integrity,
            backups=backups,
            preferences=preferences,
            votes=VoteService(place, examinations, preferences),
            second_readings=SecondReadingService(place, examinations),
            control=ControlService(place),
            attachments=AttachmentService(place, examinations),
            snippets=SnippetService(place),
            origins=OriginService(place, examinations),
            papers=papers,
            journals=journals,
            due=due,
            exports=ExportService(place, journals, due),
            classifiers=classifiers,
            paper_witness=PaperWitnessService(place),
            link=LinkService(place, Items(place, acceptance, classifiers, examinations), screening),
        )
    except BaseException:
        database.close()
        raise


def _begin_anew_after_a_copy(place: Workplace) -> None:
    """Give the log a new incarnation where a copy was put in the database's place: the records that were written
    after the copy may have travelled, and two records must never go by one name."""
    database = place.database
    if not database.is_copy() and database.set_aside is None:
        return
    with place.begin() as work:
        incarnations.begin(work, log_set_aside=database.set_aside is not None)
        database.is_copy_no_more()
        work.commit()
