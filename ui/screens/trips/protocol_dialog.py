"""The protocol of a session on the screen: the real PDF in each language, printed, saved."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.domain.papers import PROTOCOL
from app.domain.text import N_, Text
from app.services.desk import Desk
from app.services.trip_views import Trip
from app.services.views import Rendered
from ui.delivery import Delivery, ToFiles, ToPrinter, Way, said
from ui.language import Language
from ui.screens.conclusion.paper_dialog import PaperDialog
from ui.screens.trips.dialogs import trip_line
from ui.tasks import TaskRunner
from ui.widgets.output import ask_file, printer_for
from ui.widgets.parts import label


class ProtocolDialog(PaperDialog):
    """`produced` after it was printed or saved and that was recorded."""

    produced = Signal()

    def __init__(self, desk: Desk, tasks: TaskRunner, language: Language, trip: Trip, parent: QWidget) -> None:
        self._trip = trip
        head = label("section", wrap=True)
        head.setText(trip_line(language.t, trip))
        super().__init__(desk, tasks, language, parent, title=N_("Protocol of the session"), head=head, wide=980)
        self.refresh()

    def render_paper(self, code: str) -> Rendered:
        return self._desk.sessions.render(self._trip.id, code)

    def print(self) -> None:
        if self.print_button.isEnabled():
            printer_for(self._language.t, self, lambda printer: self._deliver(ToPrinter(printer)), self.fail)

    def save(self) -> None:
        if not self.save_button.isEnabled() or self.preview.rendered is None:
            return
        target = ask_file(self._language.t, self, self.preview.rendered.file_name)
        if target is not None:
            self._deliver(ToFiles(target.parent, {(PROTOCOL, self.code): target}))

    def tell_of(self, paper: Rendered) -> None:
        sentence = N_("A draft: it is final once the trip is closed and every decision in it is signed.")
        self.say(Text(sentence) if paper.draft else None)

    def _deliver(self, way: Way) -> None:
        delivery = Delivery(self._desk, [(self._trip.id, PROTOCOL, self.code)], way, self._tasks.tell)

        def done(count: int) -> None:
            self.say(said(way, count, 1))
            self.produced.emit()

        self._tasks.run(delivery.run, done=done, failed=self.fail, name=self._language.t("Printing"), owner=self)
