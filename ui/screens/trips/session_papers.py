"""All papers of a session in one go, onto a printer or into a folder: how far it is, and on from where it stopped."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QListWidgetItem, QProgressBar, QPushButton, QWidget

from app.domain.papers import PROTOCOL
from app.domain.text import LANGUAGES, N_, Text
from app.i18n import Translator
from app.services.desk import Desk
from app.services.sessions import CaseSet
from app.services.trip_views import Trip
from ui.delivery import Delivery, Item, ToFolder, ToPrinter, Way, said
from ui.language import NAMES, Language
from ui.screens.trips.dialogs import trip_line
from ui.screens.trips.folder_dialog import FolderDialog
from ui.tasks import TaskRunner
from ui.widgets.flow import FlowLayout
from ui.widgets.output import choose_folder, printer_for
from ui.widgets.parts import button, column, fit, label, row
from ui.widgets.tick_box import TickBox
from ui.widgets.words import Words
from ui.widgets.wrapped_list import WrappedList

_BOTH = "kk+ru"


class SessionPapers(QDialog):
    """`produced` after papers went out. Closing it while they do ends it after the paper under way."""

    produced = Signal()

    def __init__(self, desk: Desk, tasks: TaskRunner, language: Language, trip: Trip, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk, self._tasks, self._language, self._trip = desk, tasks, language, trip
        self._words = Words(language, self)
        self._sets: tuple[CaseSet, ...] = ()
        self._final = False
        self._delivery: Delivery | None = None
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._words(self, "windowTitle", N_("Papers of the session"))
        title = label("section", wrap=True)
        title.setText(trip_line(language.t, trip))
        which = QWidget()
        flow = FlowLayout(which, level=True)
        self.choices: dict[str, QPushButton] = {}
        for code in (*LANGUAGES, _BOTH):
            choice = button("chip", checkable=True)
            if code == _BOTH:
                self._words(choice, "text", N_("Kazakh and Russian on one sheet"))
            else:
                choice.setText(NAMES[code])
            choice.setAutoDefault(False)
            choice.setChecked(code == _BOTH)
            choice.clicked.connect(self.refresh)
            flow.addWidget(choice)
            self.choices[code] = choice
        self.left_box, self.strict_box, self.protocol_box = self.boxes = TickBox(), TickBox(), TickBox()
        self.left_box.setChecked(True)
        self.strict_box.setChecked(True)
        self.strict_box.set_words(language.t("With the strict forms: their blanks belong into the printer"))
        self.left_box.set_words(language.t("Only what was not given out yet"))
        self.protocol_box.set_words(language.t("With the protocol of the session"))
        for box in self.boxes:
            box.toggled.connect(self._show)
        self.list = WrappedList()
        self._words(self.list, "accessibleName", N_("Whose papers they are"))
        self.note = label("hint", wrap=True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(8)
        self._words(self.bar, "accessibleName", N_("Work under way"))
        self.bar.hide()
        self.close_button, self.stop_button = button(), button("", "x")
        self.folder_button, self.print_button = button("", "save"), button("primary", "printer")
        for part, words in (
            (self.close_button, N_("Close")),
            (self.stop_button, N_("Stop after this paper")),
            (self.folder_button, N_("Into a folder…")),
            (self.print_button, N_("Print…")),
        ):
            self._words(part, "text", words)
            part.setAutoDefault(False)
        self._words(self.folder_button, "toolTip", N_("To be printed on another computer"))
        self.stop_button.hide()
        self.close_button.clicked.connect(self.reject)
        self.stop_button.clicked.connect(self.stop)
        self.folder_button.clicked.connect(self.ask_where)
        self.print_button.clicked.connect(self.print)
        buttons = row()
        buttons.addWidget(self.stop_button)
        buttons.addStretch(1)
        for part in (self.close_button, self.folder_button, self.print_button):
            buttons.addWidget(part)
        lines = column(self, margin=24, gap=12)
        for line in (title, which, *self.boxes):
            lines.addWidget(line)
        lines.addWidget(self.list, 1)
        lines.addWidget(self.note)
        lines.addWidget(self.bar)
        lines.addLayout(buttons)
        tasks.told.connect(self._on_told)
        self.resize(860, 600)
        fit(self)
        self.print_button.setFocus()
        self._say(Text(N_("The papers are being counted.")))
        self.refresh()

    # --- what there is -----------------------------------------------------------------------------------------
    def languages(self) -> tuple[str, ...]:
        """Those chosen; Kazakh and Russian on one sheet where none is."""
        return tuple(code for code, choice in self.choices.items() if choice.isChecked()) or (_BOTH,)

    def refresh(self) -> None:
        """Ask on the worker which papers there are."""
        asked = self.languages()
        self._set_ready(False)

        def work() -> tuple[tuple[CaseSet, ...], bool]:
            return self._desk.sessions.sets(self._trip.id, asked), self._desk.sessions.session(self._trip.id).final

        def done(found: tuple[tuple[CaseSet, ...], bool]) -> None:
            if asked == self.languages():
                self._take(*found)

        self._tasks.run(work, done=done, failed=self._failed, owner=self)

    def wanted(self) -> list[Item]:
        """What goes out: the protocol first, then each case's set."""
        items: list[Item] = []
        if self._final and self.protocol_box.isChecked():
            spoken = dict.fromkeys(part for code in self.languages() for part in code.split("+"))
            items = [(self._trip.id, PROTOCOL, code) for code in spoken]
        for one in self._sets:
            papers = one.left if self.left_box.isChecked() else one.papers
            strict = self.strict_box.isChecked()
            items += [(paper.case_id, paper.document, paper.language) for paper in papers if strict or not paper.strict]
        return items

    def _take(self, sets: tuple[CaseSet, ...], final: bool) -> None:
        first = not self._sets
        self._sets, self._final = sets, final
        if first:  # the protocol goes out with the first of the papers
            self.protocol_box.setChecked(final and all(len(one.left) == len(one.papers) for one in sets))
        self.protocol_box.setEnabled(final)
        self._set_ready(True)
        self._show()
        if first:
            (self.print_button if sets else self.close_button).setFocus()
        if not sets:
            self._say(Text(N_("No decision of this session is signed yet: there are no papers.")))
        elif first:
            self._say(None)

    def _show(self) -> None:
        t, kept = self._language.t, self.list.currentRow()
        self.list.clear()
        for one in self._sets:
            self.list.addItem(QListWidgetItem(_line(t, one)))
        self.list.setCurrentRow(max(kept, 0))
        ready = bool(self.wanted()) and self._delivery is None
        for part in (self.folder_button, self.print_button):
            part.setEnabled(ready)

    # --- what is done ------------------------------------------------------------------------------------------
    def print(self) -> None:
        """Ask for a printer, with its copies and sides, and print."""
        printer_for(self._language.t, self, lambda printer: self._deliver(ToPrinter(printer)), self._failed)

    def ask_where(self) -> None:
        """Ask for a passphrase and a folder, and write."""
        dialog = FolderDialog(self._language, self)
        dialog.confirmed.connect(self._ask_folder)
        dialog.open()

    def _ask_folder(self, passphrase: str | None) -> None:
        folder = choose_folder(self._language.t, self, self._language.t("Folder for the papers of the session"))
        if folder is not None:
            self.write(folder, passphrase)

    def write(self, folder: Path, passphrase: str | None) -> None:
        """Into a folder: under a passphrase, unless it is None."""
        self._deliver(ToFolder(folder, passphrase))

    def stop(self) -> None:
        """End it after the paper under way."""
        if self._delivery is not None:
            self._delivery.stop.set()
            self._say(Text(N_("It stops after the paper under way.")))

    def reject(self) -> None:
        if self._delivery is not None:
            self.stop()
        else:
            super().reject()

    def _deliver(self, way: Way) -> None:
        wanted = self.wanted()
        delivery = self._delivery = Delivery(self._desk, wanted, way, self._tasks.tell)
        self._set_ready(False)
        self.bar.setRange(0, len(wanted))
        self.bar.setValue(0)
        self.bar.show()
        self.stop_button.show()
        self.stop_button.setFocus()

        def done(count: int) -> None:
            self._delivered()
            self._say(said(way, count, len(wanted)))

        def failed(error: BaseException) -> None:
            self._delivered()
            self._failed(error, delivery.done, len(wanted))

        name = self._language.t("Printing") if way.how == "printed" else self._language.t("Saving")
        self._tasks.run(delivery.run, done=done, failed=failed, name=name, owner=self)

    def _delivered(self) -> None:
        self._delivery = None
        self.bar.hide()
        self.stop_button.hide()
        self.print_button.setFocus()
        self.produced.emit()
        self.protocol_box.setChecked(False)
        self.refresh()

    def _on_told(self, step: object) -> None:
        if self._delivery is not None and isinstance(step, Text):
            self._say(step)
            n = step.params.get("n")
            if isinstance(n, int):
                self.bar.setValue(n - 1)

    def _failed(self, error: BaseException, done: int | None = None, total: int = 0) -> None:
        text = getattr(error, "text", None)
        if not isinstance(text, Text):
            self._tasks.failed.emit(error)
            return
        if done is None:
            self._say(text)
        else:
            sentence = N_("{why} Given out: {n} of {total}. Once that is mended, the rest can go out from here.")
            self._say(Text(sentence, {"why": text, "n": done, "total": total}))

    def _set_ready(self, ready: bool) -> None:
        for part in (self.folder_button, self.print_button, *self.boxes, *self.choices.values()):
            part.setEnabled(ready)
        self.protocol_box.setEnabled(ready and self._final)

    def _say(self, text: Text | None) -> None:
        if text is not None:
            self._words(self.note, "text", text)
        self.note.setVisible(text is not None)


def _line(t: Translator, one: CaseSet) -> str:
    out = len(one.papers) - len(one.left)
    name = one.name or t("name not entered")
    told = t("papers: {n}, given out: {out}", n=len(one.papers), out=out)
    waiting = sum(paper.open for paper in one.left)
    if waiting:
        told += t("; strict forms without a blank: {n}", n=waiting)
    return f"{name} · {one.number}\n{told}"
