"""One paper in a dialogue of its own: the real PDF in each language, printed, saved. A kind of paper is a subclass."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QDialog, QLabel, QPushButton, QWidget

from app.domain.text import LANGUAGES, N_, Text
from app.services.desk import Desk
from app.services.views import Rendered
from ui import shortcuts
from ui.language import NAMES, Language
from ui.screens.conclusion.preview import Preview
from ui.screens.conclusion.zoom_bar import ZoomBar
from ui.tasks import TaskRunner
from ui.widgets.flow import FlowLayout
from ui.widgets.parts import button, column, fit, label, row
from ui.widgets.words import Words


class PaperDialog(QDialog):
    """`head` stands above the preview; it is the subclass's. It calls `refresh` once all of its own is there."""

    def __init__(
        self, desk: Desk, tasks: TaskRunner, language: Language, parent: QWidget, *, title: str, head: QLabel, wide: int
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._desk, self._tasks, self._language = desk, tasks, language
        words = self._words = Words(language, self)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        words(self, "windowTitle", title)
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
        buttons = row()
        buttons.addStretch(1)
        for each, msgid, act in (
            (self.close_button, N_("Close"), self.reject),
            (self.save_button, N_("Save as PDF"), self.save),
            (self.print_button, N_("Print"), self.print),
        ):
            words(each, "text", msgid)
            each.clicked.connect(act)
            each.setAutoDefault(False)
            buttons.addWidget(each)
        lines = column(self, margin=16, gap=8)
        for part in (head, which, self.note):
            lines.addWidget(part)
        lines.addWidget(self.preview, 1)
        lines.addLayout(buttons)
        shortcuts.bind(self, "print", self.print)
        shortcuts.bind(self, "save", self.save)
        self.resize(wide, 700)
        fit(self)
        self._shown = False

    # --- of each kind -----------------------------------------------------------------------------------------
    def render_paper(self, code: str) -> Rendered:
        """The paper in a language; on the worker."""
        raise NotImplementedError

    def print(self) -> None:
        """Ask for a printer, and print on the worker."""
        raise NotImplementedError

    def save(self) -> None:
        """Ask for a file, and write it on the worker."""
        raise NotImplementedError

    def tell_of(self, paper: Rendered) -> None:
        """What is to be said of a paper that came."""

    # --- of all -----------------------------------------------------------------------------------------------
    @property
    def code(self) -> str:
        """The language on the screen."""
        return next(code for code, choice in self.choices.items() if choice.isChecked())

    def refresh(self) -> None:
        """Render on the worker what is chosen, and show it."""
        code = self.code
        self._set_ready(False)
        self._tasks.run(
            lambda: self.render_paper(code), done=lambda paper: self._take(code, paper), failed=self.fail,
            name=self._language.t("Writing the document"), cancellable=True, owner=self,
        )  # fmt: skip

    def _take(self, code: str, paper: Rendered) -> None:
        if code != self.code:
            return
        self.preview.name_after(code)
        self.preview.show_paper(paper)
        self.zoom_bar.refresh()
        self._set_ready(True)
        if self.focusWidget() in (None, self.close_button) or not self._shown:
            self.print_button.setFocus()
        self._shown = True
        self.tell_of(paper)

    def _set_ready(self, ready: bool) -> None:
        for part in (self.print_button, self.save_button):
            part.setEnabled(ready)

    def fail(self, error: BaseException) -> None:
        """A sentence stands above the paper; anything else is a defect and told as one."""
        text = getattr(error, "text", None)
        if isinstance(text, Text):
            self.say(text)
        else:
            self._tasks.failed.emit(error)

    def say(self, text: Text | None) -> None:
        """Above the paper; None: nothing."""
        if text is not None:
            self._words(self.note, "text", text)
        self.note.setVisible(text is not None)
