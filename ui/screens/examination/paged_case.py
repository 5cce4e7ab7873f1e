"""The pages of one case: makes each when it is needed, and tells it what is known."""

from datetime import date
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from app.domain import observations
from app.domain.clock import SystemClock
from app.domain.dates import parse_iso
from app.domain.programme import PATH as PROGRAMME
from app.domain.text import N_, Text
from app.services.desk import Desk
from app.services.snippets import Snippet
from app.services.steps import path_of, step_of
from app.services.views import User
from ui.language import Language
from ui.screens.examination.case_criteria import CaseCriteria, criteria_of
from ui.screens.examination.case_pages import Ahead, CasePages, HasPages, Made
from ui.screens.examination.closed_page import ClosedPage
from ui.screens.examination.conclusion_page import ConclusionPage
from ui.screens.examination.copy_desk import CopyDesk
from ui.screens.examination.decision_page import DecisionPage
from ui.screens.examination.diagnosis_page import DiagnosisPage
from ui.screens.examination.doubles import DoublesNote
from ui.screens.examination.examination_page import ExaminationPage
from ui.screens.examination.form import Form
from ui.screens.examination.functions_page import FunctionsPage
from ui.screens.examination.observations_page import ObservationsPage
from ui.screens.examination.person_page import PersonPage
from ui.screens.examination.programme_page import ProgrammePage
from ui.screens.examination.record import CaseRecord
from ui.screens.examination.referral_page import ReferralPage
from ui.screens.examination.second_reading import SecondReadingPanel
from ui.screens.examination.signing import SigningPanel, ask_account
from ui.screens.examination.step_page import StepPage, wanted
from ui.screens.examination.style import RULES
from ui.screens.examination.vote_page import VotePage
from ui.screens.proposal.page import ProposalPage
from ui.tasks import TaskRunner
from ui.widgets.copy_list import CopiesField
from ui.widgets.field import Words

PROGRAMME_ROWS = f"{PROGRAMME}.rows"


class PagedCase(HasPages):
    """What of the case window knows pages. Every case has a window and pages of its own, and they go with it."""

    signed = Signal()
    told = Signal(object)
    """A sentence for the status line: what was just done."""

    person, referral, examination = Made(PersonPage), Made(ReferralPage), Made(ExaminationPage)
    observations, diagnosis, functions = Made(ObservationsPage), Made(DiagnosisPage), Made(FunctionsPage)
    vote, proposal, decision = Made(VotePage), Made(ProposalPage), Made(DecisionPage)
    programme, conclusion = Made(ProgrammePage), Made(ConclusionPage)

    def __init__(
        self, desk: Desk, tasks: TaskRunner, language: Language, case_id: str, parent: QWidget | None = None
    ) -> None:
        """With its `parent` from the beginning: Qt styles everything anew that is put into another widget later."""
        super().__init__(parent)
        self._desk, self._tasks, self._language = desk, tasks, language
        self.case_id = case_id
        self.setStyleSheet(RULES)
        self.record = CaseRecord(desk, tasks, case_id, self)
        self._lists = desk.classifiers.lists
        self.form = Form(self.record, language, self._lists, self._today)
        self._users: tuple[User, ...] = ()
        self._phrases: tuple[Snippet, ...] = ()
        self._criteria: CaseCriteria | None = None
        self._copy_desk: CopyDesk | None = None
        self.stack = QStackedWidget(self)
        self.closed_page = ClosedPage(self.stack)
        self.stack.addWidget(self.closed_page)
        self.pages = CasePages(
            self.stack,
            {
                "person": self._make_person,
                "referral": self._make_referral,
                "examination": partial(ExaminationPage, self.form, desk.user.name),
                "observations": self._make_observations,
                "diagnosis": partial(DiagnosisPage, self.form),
                "functions": partial(FunctionsPage, self.form),
                "vote": self._make_vote,
                "proposal": partial(ProposalPage, self.record, self.name_of),
                "decision": self._make_decision,
                "programme": partial(ProgrammePage, self.form, language),
                "conclusion": partial(ConclusionPage, desk, tasks, language),
            },
            self._furnish,
        )
        self.ahead = Ahead(self.pages, self)
        self.form.wanted = self._provide
        self.form.is_made = lambda step: step in self.pages.made and self.pages[step].is_whole

    # --- pages -----------------------------------------------------------------------------------------------
    @property
    def doubles(self) -> DoublesNote:
        """The note that the person may be here already."""
        return self.person.doubles

    @property
    def signing(self) -> SigningPanel:
        """Where the members sign."""
        return self.decision.signing

    @property
    def second_reading(self) -> SecondReadingPanel:
        """Where a second look at the decision is recorded."""
        return self.decision.second_reading

    @property
    def copy_desk(self) -> CopyDesk:
        """What serves the list of copies."""
        self.referral.make_whole()
        return wanted(self._copy_desk)

    def _make_person(self, parent: QWidget) -> StepPage:
        doubles = DoublesNote(self._desk, self._tasks, self._language, self.record, self.name_of, self._today)
        return PersonPage(self.form, doubles, self._tasks, parent)

    def _make_referral(self, parent: QWidget) -> StepPage:
        page = ReferralPage(self.form, parent)

        def serve(field: CopiesField) -> None:
            self._copy_desk = CopyDesk(self._desk, self._tasks, self._language, self.record, field, self.told.emit)

        page.completed = serve
        return page

    def _make_observations(self, parent: QWidget) -> StepPage:
        page = ObservationsPage(self.form, parent)
        page.phrases, page.phrase_dialog = self._phrases, self.show_phrases
        return page

    def _make_vote(self, parent: QWidget) -> StepPage:
        return VotePage(self._desk, self._tasks, self._language, self.record, self.name_of, parent)

    def _make_decision(self, parent: QWidget) -> StepPage:
        reading = partial(SecondReadingPanel, self._desk, self._language, self.record)
        return DecisionPage(self.form, self._make_signing, reading, parent)

    def _make_signing(self) -> SigningPanel:
        made = SigningPanel(self._desk, self._tasks, self._language, self.record)
        made.users_wanted.connect(self._ask_users)
        made.signed.connect(self.signed)
        return made

    def _furnish(self, page: StepPage) -> None:
        """Show on a page that was just made what is known already."""
        t, loaded = self._language.t, self.record.is_loaded
        if self._criteria is not None:
            page.take_criteria(self._criteria)
        page.take_users(self._users)
        self.form.begin_new()
        page.retranslate(t)
        self._join(page)
        page.grown.connect(partial(self._grow, page))
        if loaded:
            page.set_read_only(not self.record.editable)
            page.show_record()
            self.form.show_notices()

    def _grow(self, page: StepPage) -> None:
        """Show on the newest part of a page what is known."""
        if self._criteria is not None:
            page.take_criteria(self._criteria)
        page.take_users(self._users)
        self.form.begin_new()
        if self.record.is_loaded:
            page.show_part()
            self.form.show_notices()

    def _join(self, page: StepPage) -> None:
        """A page is new: see to what is asked for there."""

    def _provide(self, path: str) -> StepPage:
        """The page that asks for `path`, with the field there."""
        page = self.pages[step_of(path)]
        page.provide(path)
        while not page.is_whole and self.form.asked_as(path_of(path)) not in self.form.fields:
            page.make_part()
        page.show_made()
        return page

    # --- what pages are told ---------------------------------------------------------------------------------
    def _take_criteria(self) -> None:
        """The questions and causes of the criteria in force on the day, for the person's age."""
        on = parse_iso(str(self.record.get("examination.on") or "")) or self._today()
        birth = parse_iso(str(self.record.get("person.birth_date") or ""))
        if birth is not None and birth > on:
            birth = None
        if self._criteria is None or (on, birth) != (self._criteria.on, self._criteria.birth):
            self._criteria = criteria_of(self._desk.packs, on, birth)
            for page in self.pages.made.values():
                page.take_criteria(self._criteria)

    def _ask_users(self) -> None:
        self._tasks.run(self._desk.users.all, done=self._take_users, owner=self)

    def _take_users(self, users: tuple[User, ...]) -> None:
        self._users = users
        for page in self.pages.made.values():
            page.take_users(users)

    def _make_account(self, name: str) -> None:
        """A member gets an account on this laptop."""
        ask_account(self._desk, self._tasks, self._language, name, self.window()).made.connect(self._ask_users)

    def show_phrases(self, draft: Snippet | None) -> None:
        """Look after the phrases; `draft` is to be kept as one."""
        from ui.screens.examination.phrase_dialog import PhraseDialog

        dialog = PhraseDialog(self._desk, self._tasks, self._language, self._phrases, draft, self.window())
        dialog.changed.connect(self._take_phrases)
        dialog.open()

    def _take_phrases(self, phrases: tuple[Snippet, ...]) -> None:
        self._phrases = phrases
        if "observations" in self.pages.made:
            self.observations.phrases = phrases

    def _show_below(self, path: str) -> None:
        """Every field at the path or below it, as the record has it."""
        for known in list(self.form.fields):
            if known == path or known.startswith(f"{path}."):
                self.form.show_field(known)

    def _today(self) -> date:
        return SystemClock().today()

    def name_of(self, path: str) -> Words:
        """How the question at `path` is called on screen."""
        if path == PROGRAMME or path.startswith(PROGRAMME_ROWS):
            return N_("Measures of the programme")
        asked = None if self._criteria is None else self._criteria.name_of(path_of(path))
        if asked is not None:
            return asked
        field = self.form.asking(path_of(path))
        if field is None:
            return Text(N_("{path}"), {"path": path})
        if field.path.startswith(f"{observations.ROOT}."):
            return observations.named(field.path)
        return field.label_words
