"""The window's way to the training desk and back: band, title, tour."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QObject

from app.domain.text import N_, Text
from app.services import training
from app.services.access import Access
from ui import PRODUCT
from ui.tour import Tour
from ui.widgets.training_band import TRAINING, TrainingBand
from ui.widgets.words import Words

if TYPE_CHECKING:
    from ui.main_window import MainWindow


class TrainingMode(QObject):
    """Belongs to the window; `real` is the door that the window was opened with."""

    def __init__(self, window: "MainWindow", words: Words) -> None:
        super().__init__(window)
        self._window, self._words, self._real = window, words, window.access
        self.band, self.tour = TrainingBand(words), Tour(window, words)
        self.band.tour_button.clicked.connect(self.tour.begin)

    def start(self) -> None:
        """The training desk's sign-in; the desk is made where there is none. The real one is not touched."""
        door, language = training.beside(self._real), self._window.language.code
        self._prepare(door, lambda: training.prepare(door, language))

    def ask_to_begin_anew(self) -> None:
        """Throw the training desk away and make it again, once that was asked."""
        from ui.widgets.question import Question

        door, language = self._window.access, self._window.language.code
        asked = Question(
            self._window.language,
            N_("Begin the training anew?"),
            Text(N_("Everything that was practised is thrown away, and the invented cases are as at the beginning.")),
            N_("Keep it"),
            N_("Begin anew"),
            self._window,
        )
        asked.confirmed.connect(lambda: self._prepare(door, lambda: training.begin_anew(door, language)))
        asked.open()

    def leave(self) -> None:
        """Back to the real desk's sign-in."""
        self._window.access = self._real
        self._window.begin()

    def show(self) -> None:
        """Band and title, by the folder before sign-in, by the database after it; the tour only on an open desk."""
        window = self._window
        practised = training.is_training(window.access) or (window.desk is not None and window.desk.is_training)
        self.band.set_training(practised)
        self.band.tour_button.setVisible(practised and window.desk is not None)
        if not practised or window.desk is None:
            self.tour.hide()
        if practised:
            self._words(window, "windowTitle", N_("{product} – {mode}"), product=PRODUCT, mode=Text(TRAINING))
        else:
            self._words.forget(window, "windowTitle")
            window.setWindowTitle(PRODUCT)

    def _prepare(self, door: Access, work: Callable[[], None]) -> None:
        window, before = self._window, self._window.screens.currentWidget()
        if before is not None:
            before.setEnabled(False)

        def made(_: object) -> None:
            window.access = door
            window.begin()

        def failed(error: BaseException) -> None:
            if before is not None and shiboken6.isValid(before):
                before.setEnabled(True)
            window.tasks.failed.emit(error)

        window.tasks.run(work, done=made, failed=failed, name=window.language.t("Making the training desk"))
