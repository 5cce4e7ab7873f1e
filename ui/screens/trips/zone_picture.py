"""The machine readable zone out of a picture: from a file, the clipboard or a drop. Read in memory, and dropped.

No copy of an identity paper may be kept: the picture is held by the task that reads it and by nobody else.
"""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from app.domain.errors import UserError
from app.domain.mrz import Mrz
from app.domain.text import N_, Text
from app.services.desk import Desk
from ui import grey
from ui.language import Language
from ui.tasks import Task, TaskRunner
from ui.widgets.given import files_or_picture
from ui.widgets.output import choose_unnoted


class ZonePicture(QObject):
    """`began` when a picture is being read; then `told(Mrz)`, or `refused(error)`."""

    began = Signal()
    told = Signal(object)
    refused = Signal(object)

    def __init__(self, desk: Desk, tasks: TaskRunner, language: Language, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk, self._tasks, self._language, self._widget = desk, tasks, language, parent
        self._asked: Task | None = None

    def choose(self) -> None:
        """Let the person choose a file."""
        t = self._language.t
        words = t("Pictures")
        kinds = f"{words} (*.png *.jpg *.jpeg *.bmp *.PNG *.JPG *.JPEG *.BMP)"
        file = choose_unnoted(t, self._widget.window(), t("Read a card or passport from a picture"), kinds)
        if file is not None:
            self._read(lambda: self._of_file(file))

    def take(self, data: QMimeData | None) -> None:
        """What was pasted or dropped: one picture, or one file with it."""
        found = files_or_picture(data)
        if isinstance(found, QImage):
            self._read(lambda: grey.of_image(found))
        elif len(found) == 1:
            self._read(lambda: self._of_file(found[0]))
        else:
            self.refused.emit(UserError(Text(N_("One picture is read at a time: copy one, or drop one file."))))

    def cancel(self) -> None:
        """What is being read is no longer wanted."""
        if self._asked is not None:
            self._asked.cancel()
            self._asked = None

    def _of_file(self, file: Path) -> grey.Grey:
        return grey.of_file(self._desk.registration.picture_file(file))

    def _read(self, pixels: Callable[[], grey.Grey]) -> None:
        self.cancel()
        registration = self._desk.registration

        def work() -> Mrz:
            if not registration.can_read_pictures():
                raise UserError(Text(MISSING))
            seen = pixels()
            return registration.read_picture(seen.width, seen.height, seen.pixels)

        self._asked = self._tasks.run(
            work,
            done=self._done,
            failed=self._failed,
            owner=self,
            name=self._language.t("Reading the picture"),
        )
        self.began.emit()

    def _done(self, zone: Mrz) -> None:
        self._asked = None
        self.told.emit(zone)

    def _failed(self, error: BaseException) -> None:
        self._asked = None
        self.refused.emit(error)


MISSING = N_("Reading from a picture is not installed here. Type the number, or read the lines with a reader.")
