"""Linking the laptop: the invitation of a centre is read, its fingerprint compared by telephone, then it is linked."""

from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QWidget

from app.domain.errors import Told
from app.domain.text import N_, Text
from app.services.desk import Desk
from app.services.invitations import read_file
from app.services.link_views import CentreView
from ui.language import Language
from ui.screens.link.words import groups
from ui.tasks import TaskRunner
from ui.widgets.flow import FlowLayout
from ui.widgets.labelled import Labelled
from ui.widgets.output import choose_file
from ui.widgets.parts import Lines, Pages, button, column, label, row
from ui.widgets.tick_box import TickBox
from ui.widgets.words import Words

_PICTURES: Final = "*.png *.jpg *.jpeg *.bmp *.tif *.tiff *.webp"


class EnrolDialog(QDialog):
    """`linked(status)` once the laptop is linked."""

    linked = Signal(object)

    def __init__(self, desk: Desk, tasks: TaskRunner, language: Language, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk, self._tasks, self._language = desk, tasks, language
        self._invitation: bytes | None = None
        self._centre: CentreView | None = None
        words = self._words = Words(language, self)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(self.fontMetrics().averageCharWidth() * 80)
        words(self, "windowTitle", N_("Link this laptop with the centre"))
        head = label("section", wrap=True)
        words(head, "text", N_("Link this laptop with the centre"))
        self.pages = Pages()
        self.pages.addWidget(self._ask_page())
        self.pages.addWidget(self._compare_page())
        self.said = label("error", wrap=True)
        self.said.hide()
        self.close_button, self.back_button = button(), button("", "chevron-left")
        self.act_button = button("primary", "link-2")
        words(self.close_button, "text", N_("Don't link"))
        words(self.back_button, "text", N_("Another invitation"))
        words(self.act_button, "text", N_("Link this laptop"))
        self.close_button.clicked.connect(self.reject)
        self.back_button.clicked.connect(self.ask_again)
        self.act_button.clicked.connect(self.link)
        self.compared.toggled.connect(self.act_button.setEnabled)
        buttons = row()
        buttons.addWidget(self.back_button)
        buttons.addStretch(1)
        buttons.addWidget(self.close_button)
        buttons.addWidget(self.act_button)
        for each in (self.close_button, self.back_button, self.act_button, self.file_button, self.picture_button):
            each.setAutoDefault(False)
        lines = column(self, margin=24, gap=16)
        lines.addWidget(head)
        lines.addWidget(self.pages)
        lines.addWidget(self.said)
        lines.addLayout(buttons)
        language.changed.connect(self._retranslate)
        self._retranslate()
        self.back_button.hide()
        self.act_button.hide()
        self.file_button.setFocus()
        self._fit()

    # --- the invitation ---------------------------------------------------------------------------------------
    def _ask_page(self) -> QWidget:
        words, page = self._words, QWidget()
        about = label(wrap=True)
        words(
            about, "text",
            N_("The centre gives out an invitation for each laptop: a file, a text, or a square code on paper. It holds"
               " once. Take it in any of these ways."),
        )  # fmt: skip
        self.file_button, self.picture_button = button("", "file-text"), button("", "image")
        words(self.file_button, "text", N_("From a file…"))
        words(self.picture_button, "text", N_("From a picture of the square code…"))
        self.file_button.clicked.connect(self.choose_file)
        self.picture_button.clicked.connect(self.choose_picture)
        ways = QWidget()
        flow = FlowLayout(ways)
        flow.addWidget(self.file_button)
        flow.addWidget(self.picture_button)
        self.text = Lines(4)
        self._text = Labelled(words, N_("Or paste its text here"), self.text)
        self.read_button = button("primary")
        self.text.textChanged.connect(lambda: self.read_button.setEnabled(bool(self.text.toPlainText().strip())))
        self.read_button.setAutoDefault(False)
        self.read_button.setEnabled(False)
        words(self.read_button, "text", N_("Read the text"))
        self.read_button.clicked.connect(lambda: self.read(self.text.toPlainText().strip().encode()))
        lines = column(page, gap=12)
        for part in (about, ways, self._text):
            lines.addWidget(part)
        lines.addWidget(self.read_button, 0, Qt.AlignmentFlag.AlignLeft)
        return page

    def choose_file(self) -> None:
        """Ask for the file of the invitation."""
        t = self._language.t
        path = choose_file(t, self, t("The invitation of the centre"), t("All files (*)"))
        if path is not None:
            self.read(path)

    def choose_picture(self) -> None:
        """Ask for the picture of its code."""
        t = self._language.t
        kinds = t("Pictures ({endings})", endings=_PICTURES)
        path = choose_file(t, self, t("A picture of the square code"), kinds)
        if path is not None:
            self.read(path)

    def read(self, given: Path | bytes) -> None:
        """Read an invitation on the worker: a file, a picture, or what was pasted."""
        self._say(None)

        def work() -> tuple[CentreView, bytes]:
            return self._desk.link.read_invitation(read_file(given) if isinstance(given, Path) else given)

        self._tasks.run(work, done=lambda found: self._show(*found), failed=self._failed,
                        name=self._language.t("Reading the invitation"), owner=self)  # fmt: skip

    # --- comparing --------------------------------------------------------------------------------------------
    def _compare_page(self) -> QWidget:
        words, page = self._words, QWidget()
        self.name, self.fingerprint = label("heading", wrap=True), label("code", wrap=True)
        self.fingerprint.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        words(self.fingerprint, "accessibleName", N_("Fingerprint of the centre's key"))
        named, self.reached, about = label("label", wrap=True), label("hint", wrap=True), label(wrap=True)
        words(named, "text", N_("Fingerprint of the centre's key"))
        words(
            about, "text",
            N_("Call the centre on a number that you know from elsewhere, not from the invitation. Let them read their"
               " fingerprint out and compare every group. Whoever links with a false centre sends it everything."),
        )  # fmt: skip
        self.compared = TickBox()
        lines = column(page, gap=12)
        for part in (self.name, self.reached, named, self.fingerprint, about, self.compared):
            lines.addWidget(part)
        return page

    def ask_again(self) -> None:
        """Back to the ways of taking in an invitation."""
        self._invitation = self._centre = None
        self._say(None)
        self.back_button.hide()
        self.act_button.hide()
        self.pages.setCurrentIndex(0)
        self.file_button.setFocus()
        self._fit()

    def link(self) -> None:
        """Link with the centre whose fingerprint was compared."""
        invitation = self._invitation
        if invitation is None or not self.compared.isChecked():
            return
        self._say(None)
        self.act_button.setEnabled(False)
        self._tasks.run(lambda: self._desk.link.enrol(invitation), done=self._linked, failed=self._failed,
                        name=self._language.t("Linking this laptop"), owner=self)  # fmt: skip

    def _show(self, centre: CentreView, invitation: bytes) -> None:
        self._invitation, self._centre = invitation, centre
        self.compared.setChecked(False)
        self.act_button.setEnabled(False)
        self.back_button.show()
        self.act_button.show()
        self.pages.setCurrentIndex(1)
        self._retranslate()
        self.compared.setFocus()
        self._fit()

    def _linked(self, status: object) -> None:
        self.accept()
        self.linked.emit(status)

    def _failed(self, error: BaseException) -> None:
        self.act_button.setEnabled(self.compared.isChecked())
        if isinstance(error, Told):
            self._say(error.text)
        else:
            self._tasks.failed.emit(error)

    def _say(self, text: Text | None) -> None:
        if text is None:
            self._words.forget(self.said)
            self.said.clear()
        else:
            self._words(self.said, "text", Text(N_("✗ {reason}"), {"reason": text}))
        self.said.setVisible(text is not None)
        self._fit()

    def _fit(self) -> None:
        """As high as the page that is shown: they differ."""
        layout = self.layout()
        if layout is not None:
            layout.activate()
            self.resize(self.width(), layout.totalHeightForWidth(self.width()))

    def _retranslate(self) -> None:
        t, centre = self._language.t, self._centre
        self.compared.set_words(t("I have compared the fingerprint by telephone: it is the same"))
        if centre is not None:
            self.name.setText(t.show(centre.name))
            self.fingerprint.setText(groups(centre.fingerprint))
            reached = ", ".join(centre.urls)
            self.reached.setText(t("It is reached at {urls} and by stick.", urls=reached) if reached
                                 else t("It is reached by stick alone."))  # fmt: skip
