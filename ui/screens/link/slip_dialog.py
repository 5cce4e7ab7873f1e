"""The slip of an exchange on the screen: the real PDF in each language, printed, saved. It goes with the stick."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QDialog, QPushButton, QWidget

from app.domain.text import LANGUAGES, N_, Text
from app.services.desk import Desk
from app.services.views import Rendered
from ui import shortcuts
from ui.delivery import ToPrinter
from ui.language import NAMES, Language
from ui.screens.conclusion.preview import Preview
from ui.screens.conclusion.zoom_bar import ZoomBar
from ui.tasks import TaskRunner
from ui.widgets.flow import FlowLayout
from ui.widgets.output import ask_file, ask_printer, write_file
from ui.widgets.parts import button, column, fit, label, row
from ui.widgets.words import Words


class SlipDialog(QDialog):
    """Of one exchange, by its id."""

    def __init__(self, desk: Desk, tasks: TaskRunner, language: Language, exchange: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk, self._tasks, self._language, self._exchange = desk, tasks, language, exchange
        words = self._words = Words(language, self)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        words(self, "windowTitle", N_("Slip of the exchange"))
        about = label(wrap=True)
        words(
            about, "text",
            N_("What this laptop sent, in numbers, without names. It goes with the stick, or is read out by telephone,"
               " and the centre compares it with what it holds."),
        )  # fmt: skip
        self.note = label("hint", wrap=True)
        self.note.hide()
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
        for each, msgid, act in (
            (self.close_button, N_("Close"), self.reject),
            (self.save_button, N_("Save as PDF"), self.save),
            (self.print_button, N_("Print"), self.print),
        ):
            words(each, "text", msgid)
            each.clicked.connect(act)
            each.setAutoDefault(False)
        buttons = row()
        buttons.addStretch(1)
        for each in (self.close_button, self.save_button, self.print_button):
            buttons.addWidget(each)
        lines = column(self, margin=16, gap=8)
        for part in (about, which, self.note):
            lines.addWidget(part)
        lines.addWidget(self.preview, 1)
        lines.addLayout(buttons)
        shortcuts.bind(self, "print", self.print)
        shortcuts.bind(self, "save", self.save)
        self.resize(860, 700)
        fit(self)
        self.close_button.setFocus()
        self._shown = False
        self.refresh()

    @property
    def code(self) -> str:
        """The language on the screen."""
        return next(code for code, choice in self.choices.items() if choice.isChecked())

    def refresh(self) -> None:
        """Render on the worker what is chosen, and show it."""
        code = self.code
        self._set_ready(False)
        self._tasks.run(
            lambda: self._desk.link.slip(self._exchange, code), done=lambda paper: self._take(code, paper),
            failed=self._failed, name=self._language.t("Writing the document"), cancellable=True, owner=self,
        )  # fmt: skip

    def print(self) -> None:
        """Ask for a printer, and print on the worker."""
        paper = self.preview.rendered
        if paper is None or not self.print_button.isEnabled():
            return
        try:
            printer = ask_printer(self._language.t, self)
        except Exception as error:
            self._failed(error)
            return
        if printer is None:
            return
        way = ToPrinter(printer)

        def out() -> None:
            try:
                way.put("", self.code, paper)
            finally:
                way.close()

        self._do(out, Text(N_("Sent to the printer.")), self._language.t("Printing"))

    def save(self) -> None:
        """Ask for a file, and write it on the worker."""
        paper = self.preview.rendered
        if paper is None or not self.save_button.isEnabled():
            return
        target = ask_file(self._language.t, self, paper.file_name)
        if target is not None:
            said = Text(N_("Saved as {name}."), {"name": target.name})
            self._do(lambda: write_file(target, paper.pdf), said, self._language.t("Saving"))

    def _do(self, work: Callable[[], object], said: Text, name: str) -> None:
        self._tasks.run(work, done=lambda _: self._say(said), failed=self._failed, name=name, owner=self)

    def _take(self, code: str, paper: Rendered) -> None:
        if code != self.code:
            return
        self.preview.name_after(code)
        self.preview.show_paper(paper)
        self.zoom_bar.refresh()
        self._set_ready(True)
        if not self._shown:
            self.print_button.setFocus()
        self._shown = True

    def _set_ready(self, ready: bool) -> None:
        for part in (self.print_button, self.save_button):
            part.setEnabled(ready)

    def _failed(self, error: BaseException) -> None:
        text = getattr(error, "text", None)
        if isinstance(text, Text):
            self._say(text)
        else:
            self._tasks.failed.emit(error)

    def _say(self, text: Text) -> None:
        self._words(self.note, "text", text)
        self.note.show()
