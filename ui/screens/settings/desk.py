"""The department, copies of the database, and the check of the log."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QListWidget, QWidget

from app.domain.text import N_, Text
from app.services.desk import Desk
from app.services.views import Verification
from ui.language import Language
from ui.screens.welcome.pages import DepartmentPage
from ui.tasks import TaskRunner
from ui.theme import restyle
from ui.widgets.parts import button, column, label, row
from ui.widgets.words import Words


class DepartmentSettings(QWidget):
    """Change the letterhead; signed conclusions keep what they were signed with."""

    title = N_("Department")
    changed = Signal()

    def __init__(self, desk: Desk, tasks: TaskRunner, language: Language) -> None:
        super().__init__()
        self._desk, self._tasks = desk, tasks
        words = self._words = Words(language, self)
        self.page = DepartmentPage(words, language, desk.department)
        self.page.submitted.connect(self.save)
        self.button = button("primary", "save")
        words(self.button, "text", N_("Save the department"))
        self.button.clicked.connect(self.save)
        self.said = label("hint", wrap=True)
        words(self.said, "text", N_("What is signed keeps the names it was signed with."))
        buttons = row()
        buttons.addWidget(self.button)
        buttons.addWidget(self.said, 1)
        lines = column(self, gap=16)
        lines.addWidget(self.page)
        lines.addLayout(buttons)
        lines.addStretch(1)

    def first_field(self) -> QWidget:
        return self.page.first_field()

    def save(self) -> None:
        """Save what was entered."""
        if not self.page.complete():
            return
        fresh = self.page.department()

        def saved(_: object) -> None:
            self._words(self.said, "text", N_("The department was saved."))
            self.changed.emit()

        self._tasks.run(lambda: self._desk.set_department(fresh), done=saved, owner=self)


class ChecksPage(QWidget):
    """Copies of the database, and whether its log is whole."""

    title = N_("Copies and checks")

    def __init__(self, desk: Desk, tasks: TaskRunner, language: Language) -> None:
        super().__init__()
        self._desk, self._tasks, self._language = desk, tasks, language
        words = self._words = Words(language, self)
        copies, check = label("section", wrap=True), label("section", wrap=True)
        words(copies, "text", N_("Copies of the database"))
        words(check, "text", N_("Check of the log"))
        about = label("hint", wrap=True)
        words(about, "text", N_("A copy is encrypted like the database and opens with the same passphrases."))
        self.list = QListWidget()
        self.list.setMaximumHeight(self.fontMetrics().lineSpacing() * 7)
        words(self.list, "accessibleName", N_("Copies of the database"))
        self.copy_button = button("", "copy")
        words(self.copy_button, "text", N_("Make a copy now"))
        self.copy_button.clicked.connect(self.copy)
        what = label("hint", wrap=True)
        words(
            what, "text",
            N_("Every change is chained to the one before. The check reads everything and finds what was altered."),
        )  # fmt: skip
        self.verify_button = button("", "shield-check")
        words(self.verify_button, "text", N_("Check the log"))
        self.verify_button.clicked.connect(self.verify)
        self.verdict = label(wrap=True)
        lines = column(self, gap=12)
        for part in (copies, about, self.list):
            lines.addWidget(part)
        first, second = row(), row()
        first.addWidget(self.copy_button)
        first.addStretch(1)
        second.addWidget(self.verify_button)
        second.addStretch(1)
        lines.addLayout(first)
        lines.addSpacing(16)
        lines.addWidget(check)
        lines.addWidget(what)
        lines.addLayout(second)
        lines.addWidget(self.verdict)
        lines.addStretch(1)
        self.refresh()

    def first_field(self) -> QWidget:
        return self.copy_button

    def refresh(self) -> None:
        """Ask for the copies again."""
        self._tasks.run(self._desk.backups.all, done=self._show, owner=self)

    def copy(self) -> None:
        """Make a copy."""
        self._tasks.run(
            self._desk.backups.make,
            done=lambda _: self.refresh(),
            name=self._language.t("Copying the database"),
            owner=self,
        )

    def verify(self) -> None:
        """Check both chains."""
        self._tasks.run(
            self._desk.integrity.verify,
            done=self._judge,
            name=self._language.t("Checking the log"),
            cancellable=True,
            owner=self,
        )

    def _show(self, paths: tuple[Path, ...]) -> None:
        self.list.clear()
        self.list.addItems([path.name for path in reversed(paths)])

    def _judge(self, found: Verification) -> None:
        if found.ok:
            told = Text(N_("✓ The log is whole: {events} events and {audit} audit records, all in their chain."),
                        {"events": found.events, "audit": found.audit})  # fmt: skip
        else:
            broken = N_(
                "✗ The log is broken. {problem} Keep this laptop as it is and tell whoever looks after the program."
            )
            told = Text(broken,
                        {"problem": found.problem or ""})  # fmt: skip
        self.verdict.setProperty("role", "" if found.ok else "error")
        restyle(self.verdict)
        self._words(self.verdict, "text", told)
