"""How the link works by itself: automatic, a connection paid by volume, a limit of what is sent."""

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QLineEdit, QWidget

from app.domain.text import N_, Text
from app.services.desk import Desk
from app.services.link_views import LinkStatus
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
        self.said = label("hint", wrap=True)
        lines = column(self, margin=12, gap=16)
        for part in (self.automatic, self.metered, self._limit, self.said):
            lines.addWidget(part)
        lines.addStretch(1)
        self.automatic.clicked.connect(self._keep)
        self.metered.clicked.connect(self._keep)
        self.limit.editingFinished.connect(self._keep)
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

        def kept(_: object) -> None:
            self._words(self.said, "text", Text(N_("Kept.")))
            self.changed.emit()

        automatic, metered, most = wanted
        self._tasks.run(
            lambda: self._desk.link.set_switches(automatic=automatic, metered=metered, kilobytes_a_second=most),
            done=kept,
            owner=self,
        )
