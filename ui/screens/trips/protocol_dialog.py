"""The protocol of a session on the screen: the real PDF in each language, printed, saved."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QDialog, QPushButton, QWidget

from app.domain.papers import PROTOCOL
from app.domain.text import LANGUAGES, N_, Text
from app.services.desk import Desk
from app.services.trip_views import Trip
from app.services.views import Rendered
from ui import shortcuts
from ui.delivery import Delivery, ToFiles, ToPrinter, Way, said
from ui.language import NAMES, Language
from ui.screens.conclusion.preview import Preview
from ui.screens.conclusion.zoom_bar import ZoomBar
from ui.screens.trips.dialogs import trip_line
from ui.tasks import TaskRunner
from ui.widgets.flow import FlowLayout
from ui.widgets.output import ask_file, printer_for
from ui.widgets.parts import button, column, fit, label, row
from ui.widgets.words import Words


class ProtocolDialog(QDialog):
    """`produced` after it was printed or saved and that was recorded."""

    produced = Signal()

    def __init__(self, desk: Desk, tasks: TaskRunner, language: Language, trip: Trip, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk, self._tasks, self._language, self._trip = desk, tasks, language, trip
        words = self._words = Words(language, self)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        words(self, "windowTitle", N_("Protocol of the session"))
        title = label("section", wrap=True)
        title.setText(trip_line(language.t, trip))
        self.note = label("hint", wrap=True)
        self.choices: dict[str, QPushButton] = {}
        group, which = QButtonGroup(self), QWidget()
        flow = FlowLayout(which, level=True)
        for code in LANGUAGES:
            choice = button("chip", checkable=True)
            choice.setText(NAMES[code])
            choice.setAutoDefault(False)
            choice.clicked.connect(self.refresh)
            group.addButton(choice)
            flow.addWidget(choice)
            self.choices[code] = choice
        self.choices[language.code].setChecked(True)
        self.preview = Preview(self.code)
        self.preview.moved.connect(lambda *_: self.zoom_bar.refresh())
        self.zoom_bar: ZoomBar = ZoomBar(language, lambda: [self.preview], self)
        flow.addWidget(self.zoom_bar.pages)
        flow.addWidget(self.zoom_bar.sizes)
        self.close_button, self.save_button = button(), button("", "save")
        self.print_button = button("primary", "printer")
        words(self.close_button, "text", N_("Close"))
        words(self.save_button, "text", N_("Save as PDF"))
        words(self.print_button, "text", N_("Print"))
        self.close_button.clicked.connect(self.reject)
        self.save_button.clicked.connect(self.save)
        self.print_button.clicked.connect(self.print)
        buttons = row()
        buttons.addStretch(1)
        for each in (self.close_button, self.save_button, self.print_button):
            each.setAutoDefault(False)
            buttons.addWidget(each)
        lines = column(self, margin=16, gap=8)
        for part in (title, which, self.note):
            lines.addWidget(part)
        lines.addWidget(self.preview, 1)
        lines.addLayout(buttons)
        shortcuts.bind(self, "print", self.print)
        shortcuts.bind(self, "save", self.save)
        self.resize(980, 700)
        fit(self)
        self._shown = False
        self.refresh()

    @property
    def code(self) -> str:
        """The language on the screen."""
        return next(code for code, choice in self.choices.items() if choice.isChecked())

    def refresh(self) -> None:
        """Render on the worker what is chosen, and show it."""
        code = self.code
        for part in (self.print_button, self.save_button):
            part.setEnabled(False)
        self._tasks.run(
            lambda: self._desk.sessions.render(self._trip.id, code), done=lambda paper: self._take(code, paper),
            name=self._language.t("Writing the document"), cancellable=True, owner=self,
        )  # fmt: skip

    def print(self) -> None:
        """Ask for a printer, and print on the worker."""
        if not self.print_button.isEnabled():
            return
        printer_for(self._language.t, self, lambda printer: self._deliver(ToPrinter(printer)), self._failed)

    def save(self) -> None:
        """Ask for a file, and write it on the worker."""
        if not self.save_button.isEnabled() or self.preview.rendered is None:
            return
        target = ask_file(self._language.t, self, self.preview.rendered.file_name)
        if target is not None:
            self._deliver(ToFiles(target.parent, {(PROTOCOL, self.code): target}))

    def _take(self, code: str, paper: Rendered) -> None:
        if code != self.code:
            return
        self.preview.name_after(code)
        self.preview.show_paper(paper)
        self.zoom_bar.refresh()
        for part in (self.print_button, self.save_button):
            part.setEnabled(True)
        if self.focusWidget() in (None, self.close_button) or not self._shown:
            self.print_button.setFocus()
        self._shown = True
        self._say(
            Text(N_("A draft: it is final once the trip is closed and every decision in it is signed.")) if paper.draft
            else None
        )  # fmt: skip

    def _deliver(self, way: Way) -> None:
        delivery = Delivery(self._desk, [(self._trip.id, PROTOCOL, self.code)], way, self._tasks.tell)

        def done(count: int) -> None:
            self._say(said(way, count, 1))
            self.produced.emit()

        self._tasks.run(delivery.run, done=done, failed=self._failed, name=self._language.t("Printing"), owner=self)

    def _failed(self, error: BaseException) -> None:
        text = getattr(error, "text", None)
        if isinstance(text, Text):
            self._say(text)
        else:
            self._tasks.failed.emit(error)

    def _say(self, text: Text | None) -> None:
        if text is not None:
            self._words(self.note, "text", text)
        self.note.setVisible(text is not None)
