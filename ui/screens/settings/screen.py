"""The settings: sections on the left, one page on the right."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QListWidget, QStackedWidget, QWidget

from app.domain.text import N_
from app.services.access import Access
from app.services.desk import Desk
from ui import shortcuts
from ui.language import Language
from ui.screens.settings.classifiers import ClassifiersPage
from ui.screens.settings.criteria import CriteriaPage
from ui.screens.settings.desk import ChecksPage, DepartmentSettings
from ui.screens.settings.look import LookPage
from ui.screens.settings.papers import PapersPage
from ui.screens.settings.people import PassphrasePage, UsersPage
from ui.screens.settings.sheet import SheetPage
from ui.screens.settings.terms import TermsPage
from ui.screens.settings.witness import WitnessPage
from ui.screens.settings.working import WorkingPage
from ui.tasks import TaskRunner
from ui.theme import Appearance
from ui.widgets.parts import button, column, label, panel, row, scrolled
from ui.widgets.words import Words


class SettingsScreen(QWidget):
    """`closed` to go back to the list; `preferences_changed(preferences)`; `department_changed`;
    `criteria_changed`; `edition_wanted` to prepare a new edition of the criteria; `control_wanted` to see how the
    department decides."""

    closed = Signal()
    preferences_changed = Signal(object)
    department_changed = Signal()
    criteria_changed = Signal()
    edition_wanted = Signal()
    control_wanted = Signal()

    def __init__(
        self, desk: Desk, access: Access, tasks: TaskRunner, language: Language, appearance: Appearance
    ) -> None:
        super().__init__()
        self._language = language
        words = self._words = Words(language, self)
        self.look = LookPage(access, tasks, language, appearance)
        self.look.changed.connect(self.preferences_changed)
        self.department = DepartmentSettings(desk, tasks, language)
        self.department.changed.connect(self.department_changed)
        self.working = WorkingPage(desk, tasks, language)
        self.working.control_wanted.connect(self.control_wanted)
        self.terms = TermsPage(desk, tasks, language)
        self.papers = PapersPage(desk, tasks, language)
        self.users = UsersPage(desk, tasks, language)
        self.passphrase = PassphrasePage(desk, tasks, language)
        self.sheet = SheetPage(desk, tasks, language)
        self.criteria = CriteriaPage(desk, tasks, language)
        self.criteria.changed.connect(self.criteria_changed)
        self.criteria.edition_wanted.connect(self.edition_wanted)
        self.classifiers = ClassifiersPage(desk, tasks, language)
        self.witness = WitnessPage(desk, tasks, language)
        self.checks = ChecksPage(desk, tasks, language)
        self.pages: tuple[
            LookPage
            | DepartmentSettings
            | WorkingPage
            | TermsPage
            | PapersPage
            | UsersPage
            | PassphrasePage
            | SheetPage
            | CriteriaPage
            | ClassifiersPage
            | WitnessPage
            | ChecksPage,
            ...,
        ] = (
            self.look,
            self.department,
            self.working,
            self.terms,
            self.papers,
            self.users,
            self.passphrase,
            self.sheet,
            self.criteria,
            self.classifiers,
            self.witness,
            self.checks,
        )
        self.sections = QListWidget()
        words(self.sections, "accessibleName", N_("Sections of the settings"))
        self.sections.addItems([""] * len(self.pages))
        self.title = label("heading", wrap=True)
        self.stack = QStackedWidget()
        for page in self.pages:
            sheet = panel()
            column(sheet, margin=24).addWidget(page)
            self.stack.addWidget(scrolled(sheet))
        self.back_button = button("", "chevron-left")
        words(self.back_button, "text", N_("Back to the list"))
        self.back_button.clicked.connect(self.closed)
        left = column(gap=12)
        left.addWidget(self.sections, 1)
        left.addWidget(self.back_button)
        right = column(gap=12)
        right.addWidget(self.title)
        right.addWidget(self.stack, 1)
        line = row(self, margin=16, gap=16)
        line.addLayout(left)
        line.addLayout(right, 1)
        self.sections.currentRowChanged.connect(self._go)
        shortcuts.bind(self, "back", self.closed.emit)
        language.changed.connect(self.retranslate)
        appearance.changed.connect(self._fit)
        self.retranslate()
        self.sections.setCurrentRow(0)

    def first_field(self) -> QWidget:
        """Where the keyboard begins."""
        return self.sections

    def leave(self, then: Callable[[], None]) -> None:
        """Do `then` once nothing under way is lost by it."""
        self.criteria.leave(lambda: self.classifiers.leave(then))

    def retranslate(self) -> None:
        """Every word again."""
        for at, page in enumerate(self.pages):
            self.sections.item(at).setText(self._language.t(page.title))
        self._fit()

    def _fit(self) -> None:
        self.sections.setFixedWidth(self.sections.sizeHintForColumn(0) + 32)

    def _go(self, at: int) -> None:
        self.stack.setCurrentIndex(at)
        self._words(self.title, "text", self.pages[at].title)
