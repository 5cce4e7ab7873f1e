"""How the link works by itself: automatic, a connection paid by volume, a limit, where the centre is reached."""

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QLineEdit, QWidget

from app.domain.errors import Told
from app.domain.text import N_, Text
from app.services.desk import Desk
from app.services.link_views import LinkStatus
from app.services.views import User
from ui.language import Language
from ui.tasks import TaskRunner
from ui.widgets.labelled import Labelled
from ui.widgets.parts import column, label
from ui.widgets.tick_box import TickBox
from ui.widgets.words import Words

_MOST: Final = 999_999


class Switches(QWidget):
    """`changed` once a switch was kept."""

    changed = Signal()

    def __init__(self, desk: Desk, tasks: TaskRunner, language: Language, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk, self._tasks, self._language = desk, tasks, language
        words = self._words = Words(language, self)
        self.automatic, self.metered = TickBox(), TickBox()
        self.limit = QLineEdit()
        self.limit.setValidator(QIntValidator(1, _MOST, self))
        self.limit.setMaximumWidth(self.fontMetrics().averageCharWidth() * 16)
        hint = N_("Empty: as fast as it goes. Where others need the same line, 50 is a beginning.")
        self._limit = Labelled(words, N_("Send at most so many kilobytes a second"), self.limit, hint)
        self.urls = QLineEdit()
        self.urls.setMaximumWidth(self.fontMetrics().averageCharWidth() * 72)
        hint = N_(
            "As the centre tells it, such as https://centre.example.kz; several with blanks between. Empty: by stick"
            " alone."
        )
        self._address = Labelled(words, N_("Network address of the centre"), self.urls, hint)
        self.who = label("hint", wrap=True)
        self.said = label("hint", wrap=True)
        lines = column(self, margin=12, gap=16)
        for part in (self.automatic, self.metered, self._limit, self._address, self.who, self.said):
            lines.addWidget(part)
        lines.addStretch(1)
        self.automatic.clicked.connect(self._keep)
        self.metered.clicked.connect(self._keep)
        self.limit.editingFinished.connect(self._keep)
        self.urls.editingFinished.connect(self._keep_address)
        self._urls: str | None = None
        self._kept: tuple[bool, bool, int | None] | None = None
        language.changed.connect(self.retranslate)
        self.retranslate()

    def show_status(self, status: LinkStatus) -> None:
        """How they stand now; a number that is being typed stays."""
        self._kept = (status.automatic, status.metered, status.kilobytes_a_second)
        self.automatic.setChecked(status.automatic)
        self.metered.setChecked(status.metered)
        if not self.limit.hasFocus():
            limit = status.kilobytes_a_second
            self.limit.setText("" if limit is None else str(limit))

        urls = " ".join(status.centre.urls) if status.centre is not None else ""
        if urls != self._urls and not (self.urls.hasFocus() and self.urls.isModified()):
            self.urls.setText(urls)
            self._address.set_error(None)
        self._urls = urls

    def show_administrator(self, administrator: User) -> None:
        """Who may say where the centre is reached; the others read it."""
        may = administrator.id == self._desk.user.id
        self.urls.setReadOnly(not may)
        told = {"name": administrator.name, "login": administrator.login}
        self._words(
            self.who, "text", Text(N_("Only {name} ({login}), who set this desk up, changes this address."), told)
        )
        self.who.setVisible(not may)

    def ask_for_address(self) -> None:
        """The keyboard goes to the address."""
        self.urls.setFocus()

    def retranslate(self) -> None:
        """Every word again."""
        t = self._language.t
        self.automatic.set_words(
            t("Exchange by itself while this program runs and there is a network; never while it is locked")
        )
        self.metered.set_words(
            t("The connection is paid by volume: send records only, copies of papers wait for another one")
        )

    def _keep(self) -> None:
        typed = self.limit.text().strip()
        limit = int(typed) if typed.isdigit() and 0 < int(typed) <= _MOST else None
        wanted = (self.automatic.isChecked(), self.metered.isChecked(), limit)
        if self._kept is None or wanted == self._kept:
            return
        self._kept = wanted

        automatic, metered, most = wanted
        self._tasks.run(
            lambda: self._desk.link.set_switches(automatic=automatic, metered=metered, kilobytes_a_second=most),
            done=self._on_kept,
            owner=self,
        )

    def _keep_address(self) -> None:
        typed = " ".join(self.urls.text().split())
        if self.urls.isReadOnly() or self._urls is None or typed == self._urls:
            self._address.set_error(None)
            return

        def kept(_: object) -> None:
            self.urls.setModified(False)
            self._on_kept()

        self._tasks.run(lambda: self._desk.link.set_addresses(typed), done=kept, failed=self._refused, owner=self)

    def _on_kept(self, _: object = None) -> None:
        self._address.set_error(None)
        self._words(self.said, "text", Text(N_("Kept.")))
        self.changed.emit()

    def _refused(self, error: BaseException) -> None:
        if isinstance(error, Told):
            self._address.set_error(error.text)
        else:
            self._tasks.failed.emit(error)
