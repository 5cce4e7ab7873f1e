"""Electronic signatures under a paper: who has signed it, and signing it by key file or NCALayer."""

from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QHideEvent, QShowEvent
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QDialog, QLineEdit, QRadioButton, QWidget

from app.domain.errors import Told, UserError
from app.domain.names import same_name
from app.domain.text import N_, LocalText, Text
from app.services.desk import Desk
from app.services.electronic import Begun, Order, PaperSignatures
from app.services.ncalayer import NcaLayer
from app.services.signature_rules import DOUBT
from app.services.signers import ByNcaLayer
from app.services.views import Rendered
from ui.language import NAMES, Language
from ui.screens.conclusion.signature_list import SignatureList
from ui.tasks import TaskRunner
from ui.theme import current
from ui.waiting import Waiting
from ui.widgets.choice import Combo
from ui.widgets.flow import FlowLayout
from ui.widgets.labelled import Labelled
from ui.widgets.output import ask_file, choose_unnoted, write_file
from ui.widgets.parts import button, column, label, row, scrolled
from ui.widgets.passphrase import PassphraseEdit
from ui.widgets.words import Words

_WIDTH: Final = 760
_ROOM: Final = 60  # pixels of the screen that a title and a bar of the system take


class SignatureDialog(QDialog):
    """`signed` after a signature was kept."""

    signed = Signal()

    def __init__(
        self,
        desk: Desk,
        tasks: TaskRunner,
        language: Language,
        paper: tuple[str, str, str, LocalText],
        parent: QWidget,
        layer: NcaLayer | None = None,
    ) -> None:
        """`paper`: case, document, language of the paper, title. `layer`: another NCALayer than the one here."""
        super().__init__(parent)
        self._desk, self._tasks, self._language = desk, tasks, language
        self._case, self._document, self._code, self._title = paper
        self._layer = layer or NcaLayer()
        self._told: PaperSignatures | None = None
        self._wait: Waiting | None = None
        words = self._words = Words(language, self)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(min(round(_WIDTH * current().scale), self.screen().availableGeometry().width() - _ROOM))
        words(self, "windowTitle", N_("Electronic signatures"))
        heading, self.state = label("section", wrap=True), label("hint", wrap=True)
        spoken = " + ".join(NAMES[one] for one in self._code.split("+"))
        words(heading, "text", N_("{title} ({language})"), title=self._title, language=spoken)
        self.given = SignatureList(language)
        self.form = QWidget()
        self.member = Combo()
        self._member = Labelled(words, N_("Member who signs"), self.member)
        self.by_file, self.by_layer = QRadioButton(), QRadioButton()
        words(self.by_file, "text", N_("By key file (PKCS#12: RSA or EC)"))
        words(self.by_layer, "text", N_("By NCALayer: it asks for the key itself"))
        ways = QButtonGroup(self)
        for way in (self.by_file, self.by_layer):
            ways.addButton(way)
            way.toggled.connect(self._show_way)
        self.file = QLineEdit()
        self.choose_button = button("", "search")
        words(self.choose_button, "text", N_("Choose…"))
        self.choose_button.clicked.connect(self._on_choose)
        self._file = Labelled(words, N_("Key file"), self.file, beside=self.choose_button)
        self.passphrase = PassphraseEdit(words)
        self._passphrase = Labelled(
            words, N_("Passphrase of the key file"), self.passphrase,
            N_("It is neither kept nor written down anywhere."), buddy=self.passphrase.edit,
        )  # fmt: skip
        self.sure = QCheckBox()
        words(self.sure, "text", N_("The certificate is this member's all the same"))
        self.error = label("error", wrap=True)
        self.waiting = label(wrap=True)
        words(
            self.waiting, "text",
            N_("Choose the key for signatures in the window of NCALayer and type its passphrase there. Until then"
               " nothing is signed; the rest of the program can be used."),
        )  # fmt: skip
        inner, both = column(self.form, gap=12), QWidget()
        flow = FlowLayout(both, spacing=24)
        flow.addWidget(self.by_file)
        flow.addWidget(self.by_layer)
        inner.addWidget(self._member)
        inner.addWidget(both)
        inner.addWidget(self._file)
        inner.addWidget(self._passphrase)
        self.save_button, self.close_button = button("", "save"), button()
        self.stop_button, self.sign_button = button("", "x"), button("primary", "signature")
        words(self.save_button, "text", N_("Save the signed file…"))
        words(self.close_button, "text", N_("Close"))
        words(self.stop_button, "text", N_("Stop waiting"))
        words(self.sign_button, "text", N_("Sign electronically"))
        self.save_button.clicked.connect(self._on_save)
        self.close_button.clicked.connect(self.reject)
        self.stop_button.clicked.connect(self._on_stop)
        self.sign_button.clicked.connect(self.sign)
        self.file.returnPressed.connect(self.passphrase.edit.setFocus)
        self.passphrase.submitted.connect(self.sign)
        buttons = row()
        buttons.addWidget(self.save_button)
        buttons.addStretch(1)
        for each in (self.stop_button, self.close_button, self.sign_button):
            buttons.addWidget(each)
        for each in (self.choose_button, self.save_button, self.close_button, self.stop_button, self.sign_button):
            each.setAutoDefault(False)
        self._content = QWidget()
        lines = column(self._content, gap=12)
        lines.addWidget(heading)
        lines.addWidget(self.state)
        lines.addWidget(self.given)
        below: tuple[QWidget, ...] = (self.form, self.error, self.sure, self.waiting)
        for part in below:
            lines.addWidget(part)
        lines.addStretch(1)
        whole = column(self, margin=24, gap=12)
        self._area = scrolled(self._content)
        whole.addWidget(self._area, 1)
        whole.addLayout(buttons)
        for part in (*below, self.stop_button, self.save_button, self.sign_button):
            part.hide()
        self.by_file.setChecked(True)
        language.changed.connect(self._fill)
        self.refresh()

    def refresh(self) -> None:
        """Ask again who has signed."""
        case, document, code = self._case, self._document, self._code
        self._tasks.run(
            lambda: self._desk.electronic.of_paper(case, document, code),
            done=self._show,
            failed=self._failed,
            owner=self,
        )

    def sign(self) -> None:
        """Sign in the chosen way. What was typed stays where it is refused, but for the passphrase."""
        if not self.sign_button.isEnabled() or self._told is None:
            return
        self._say(None)
        order = Order(
            self._case, self._document, self._code, int(self.member.currentData()),
            sure=self.sure.isVisible() and self.sure.isChecked(),
        )  # fmt: skip
        if self.by_layer.isChecked():
            self._by_layer(order)
        else:
            self._by_file(order)

    def _by_file(self, order: Order) -> None:
        named, passphrase = self.file.text().strip(), self.passphrase.text()
        if not named:
            self._file.set_error(Text(N_("Choose the key file of the member.")))
            self.choose_button.setFocus()
        if named and not passphrase:
            self._passphrase.set_error(Text(N_("Type the passphrase of the key file.")))
            self.passphrase.edit.setFocus()
        if not named or not passphrase:
            self._fit()
            return
        self.passphrase.clear()
        self._busy(True)
        path = Path(named).expanduser()
        self._tasks.run(
            lambda: self._desk.electronic.sign(order, path, passphrase), done=self._signed, failed=self._failed,
            name=self._language.t("Signing electronically"), owner=self,
        )  # fmt: skip

    def _by_layer(self, order: Order) -> None:
        signer, code = ByNcaLayer(self._layer), self._language.code
        self._busy(True)

        def complete(begun: Begun, cms: object) -> None:
            self._waited()
            if isinstance(cms, bytes):
                self._tasks.run(
                    lambda: self._desk.electronic.complete(begun, cms), done=self._signed, failed=self._failed,
                    name=self._language.t("Signing electronically"), owner=self,
                )  # fmt: skip

        def answered(begun: Begun, cms: object, error: object) -> None:
            if isinstance(error, BaseException):
                self._waited()
                self._failed(error)
            else:
                complete(begun, cms)

        def wait(begun: Begun) -> None:
            self._wait = Waiting(lambda stop: signer.cms(begun.prepared, code, stop), self)
            self._wait.answered.connect(lambda cms, error: answered(begun, cms, error))
            self.waiting.show()
            self.stop_button.show()
            self.stop_button.setFocus()
            self._fit()

        self._tasks.run(
            lambda: self._desk.electronic.begin(order, signer), done=wait, failed=self._failed, owner=self
        )  # fmt: skip

    def _on_stop(self) -> None:
        """The window of NCALayer stays; what it gives later is not taken."""
        self._waited()
        self._busy(False)
        self._fit()

    def _waited(self) -> None:
        if self._wait is not None:
            self._wait.stop()
            self._wait = None
        self.waiting.hide()
        self.stop_button.hide()

    def _signed(self, told: PaperSignatures) -> None:
        self._busy(False)
        self.sure.setChecked(False)
        self.sure.hide()
        self.file.clear()
        self._show(told)
        (self.member if told.missing else self.close_button).setFocus()
        self.signed.emit()

    def _failed(self, error: BaseException) -> None:
        self._busy(False)
        if not isinstance(error, Told):
            self._tasks.failed.emit(error)
        elif error.where == "passphrase":
            self._passphrase.set_error(error.text)
            self.passphrase.edit.setFocus()
        elif error.where == "file":
            self._file.set_error(error.text)
            self.file.setFocus()
        else:
            self._say(error.text)
            doubted = isinstance(error, UserError) and error.where == DOUBT
            self.sure.setVisible(doubted)
            (self.sure if doubted else self.sign_button).setFocus()
        self._fit()
        for line in (self._file.error, self._passphrase.error, self.error, self.sure):
            if line.isVisible():
                self._area.ensureWidgetVisible(line)

    def _busy(self, busy: bool) -> None:
        for part in (self.form, self.sign_button, self.save_button, self.sure):
            part.setEnabled(not busy)

    def _say(self, text: Text | None) -> None:
        for field in (self._file, self._passphrase):
            field.set_error(None)
        if text is None:
            self._words.forget(self.error)
        else:
            self._words(self.error, "text", text)
        self.error.setVisible(text is not None)

    def _show(self, told: PaperSignatures) -> None:
        self._told = told
        self._fill()
        self._fit()

    def _fill(self) -> None:
        told = self._told
        if told is None:
            return
        self.given.show_signatures(told.signatures)
        can = told.lacks is None and bool(told.missing)
        told_so = {"n": len(told.signatures), "total": len(told.members)}
        state = told.lacks or Text(N_("Signed electronically by {n} of {total} members."), told_so)
        self._words(self.state, "text", state)
        chosen = self.member.currentData()
        self.member.clear()
        for member in told.missing:
            self.member.addItem(told.members[member], member)
        own = [n for n in told.missing if same_name(told.members[n], self._desk.user.name)]
        wanted = chosen if chosen in told.missing else next(iter(own), None)
        if wanted is not None:
            self.member.setCurrentIndex(told.missing.index(wanted))
        self.form.setVisible(can)
        self.sign_button.setVisible(can)
        self.save_button.setVisible(bool(told.signatures))

    def _show_way(self) -> None:
        by_file = self.by_file.isChecked()
        self._file.setVisible(by_file)
        self._passphrase.setVisible(by_file)
        self._say(None)
        self.sure.hide()
        self._fit()

    def _on_choose(self) -> None:
        t = self._language.t
        kinds = t("Key files ({endings})", endings="*.p12 *.pfx *.P12 *.PFX")
        path = choose_unnoted(t, self, t("Key file"), kinds)
        if path is not None:
            self.file.setText(str(path))
            self._file.set_error(None)
            self.passphrase.edit.setFocus()

    def _on_save(self) -> None:
        case, document, code = self._case, self._document, self._code

        def save(paper: Rendered) -> None:
            target = ask_file(self._language.t, self, paper.file_name)
            if target is None:
                return

            def work() -> str:
                write_file(target, paper.pdf)
                self._desk.documents.record(case, document, code, paper.digest, "saved", target=target.name)
                return target.name

            self._tasks.run(
                work, done=lambda name: self._words(self.state, "text", N_("Saved as {name}."), name=name), owner=self
            )

        self._tasks.run(lambda: self._desk.electronic.file(case, document, code), done=save, owner=self)

    def _fit(self) -> None:
        """As high as what it says, as far as the screen allows; the rest scrolls."""
        layout, whole = self._content.layout(), self.layout()
        if layout is None or whole is None:
            return
        layout.activate()
        whole.activate()
        margins = whole.contentsMargins()
        inner = self.width() - margins.left() - margins.right()
        beside = self.sign_button.sizeHint().height() + margins.top() + margins.bottom() + whole.spacing()
        wanted = layout.totalHeightForWidth(inner) + beside
        self.resize(self.width(), min(wanted, self.screen().availableGeometry().height() - _ROOM))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit()

    def reject(self) -> None:
        self._waited()
        self.passphrase.clear()
        super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._waited()
        super().closeEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing of a passphrase stays behind a locked screen."""
        self.passphrase.clear()
        super().hideEvent(event)
