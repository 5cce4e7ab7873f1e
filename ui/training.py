"""The window's way to the training desk and back: band, title, tour."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QObject

from app.domain.errors import Told
from app.domain.text import N_, Text
from app.services import training
from app.services.access import Access
from ui import PRODUCT
from ui.offer import Offer
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
        self.band.tour_button.clicked.connect(self._begin_tour)
        self.is_first = False
        """Whether the desk has just been made: then practising is offered."""
        self.offer = Offer(words)
        self.offer.taken.connect(self._take_offer)
        self.tour.wanted.connect(self._on_key)

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
        self._offer(practised=practised)
        if practised:
            self._words(window, "windowTitle", N_("{product} – {mode}"), product=PRODUCT, mode=Text(TRAINING))
        else:
            self._words.forget(window, "windowTitle")
            window.setWindowTitle(PRODUCT)

    def _offer(self, *, practised: bool) -> None:
        """Once in a folder: the tour on the training desk, practising on a desk that was just made."""
        if self._window.desk is None:
            self.offer.drop()
        elif practised and self._once("tour"):
            self.offer.make(
                "tour",
                N_("A tour of five minutes leads over one invented case, from the list to the signed paper (F8)."),
                N_("Begin the tour"),
            )
        elif not practised and self.is_first and self._once("practice"):
            self.is_first = False
            self.offer.make(
                "practice",
                N_("The desk is ready. Five minutes with invented people, on a desk of their own, show the whole way."),
                N_("Practise first"),
            )

    def _once(self, name: str) -> bool:
        """Whether this was never offered in this folder; from now on it was."""
        access = self._window.access
        kept = access.preferences()
        if name in kept.offered:
            return False
        try:
            access.save_preferences(replace(kept, offered=(*kept.offered, name)))
        except Told:
            return False  # it can't be kept in mind: better not at all than each day
        return True

    def _take_offer(self, name: str) -> None:
        if name == "tour":
            self._begin_tour()
        else:
            self._window.sign_out()
            self.start()

    def _begin_tour(self) -> None:
        self.offer.drop()
        self.tour.begin()

    def _on_key(self) -> None:
        if self.offer.name == "tour":
            self.offer.take()

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
