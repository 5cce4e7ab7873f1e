"""The official tables of classifiers: what is loaded, from when, and importing a newer one."""

import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QListWidget, QProgressBar, QWidget

from app.domain.classifier_table import IN_LANGUAGE, NAMES, Classifier
from app.domain.errors import Cancelled, Told, UserError
from app.domain.text import LANGUAGES, N_, Text
from app.i18n import Translator
from app.services.classifier_tables import ImportReport, LoadedTable, TableFile
from app.services.classifier_words import lines
from app.services.desk import Desk
from ui.language import Language
from ui.tasks import TaskRunner
from ui.theme import restyle
from ui.widgets.choice import Combo
from ui.widgets.labelled import Labelled
from ui.widgets.output import choose_file
from ui.widgets.parts import button, column, label, row
from ui.widgets.words import Words
from ui.widgets.wrapped_list import WrappedList

Read = tuple[TableFile, dict[str, ImportReport]]


class ClassifiersPage(QWidget):
    """Reads a file, shows what importing it would change, imports it; can be stopped until it is done."""

    title = N_("Classifiers")

    def __init__(self, desk: Desk, tasks: TaskRunner, language: Language) -> None:
        super().__init__()
        self._desk, self._tasks, self._language = desk, tasks, language
        self._stop: threading.Event | None = None
        self._loaded: tuple[LoadedTable, ...] = ()
        self._report: ImportReport | None = None
        words = self._words = Words(language, self)
        about, heading = label("hint", wrap=True), label("section", wrap=True)
        words(
            about, "text",
            N_("Official tables of ICD-10 and of the КАТО give their names to the fields that search them. The titles"
               " of ICD-10 in English come with the program, and the regions. What is signed keeps its words."),
        )  # fmt: skip
        words(heading, "text", N_("Imported tables"))
        self.list = WrappedList()
        words(self.list, "accessibleName", N_("Imported tables"))
        self.import_button = button("primary", "upload")
        words(self.import_button, "text", N_("Import a table…"))
        self.import_button.clicked.connect(self._on_import)
        self.step = label(wrap=True)
        self.bar = QProgressBar()
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(8)
        words(self.bar, "accessibleName", N_("Work under way"))
        self.stop_button = button("quiet", "x")
        words(self.stop_button, "text", N_("Stop the import"))
        self.stop_button.clicked.connect(self.stop)
        self.verdict = label(wrap=True)
        self.verdict.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.refused = WrappedList()
        words(self.refused, "accessibleName", N_("Rows that were refused"))
        buttons = row()
        buttons.addWidget(self.import_button)
        buttons.addStretch(1)
        self.at_work = QWidget()
        under_way = column(self.at_work, gap=4)
        under_way.addWidget(self.step)
        bar = row()
        bar.addWidget(self.bar, 1)
        bar.addWidget(self.stop_button)
        under_way.addLayout(bar)
        whole = column(self, gap=12)
        for part in (about, heading, self.list):
            whole.addWidget(part)
        whole.addLayout(buttons)
        hidden: tuple[QWidget, ...] = (self.at_work, self.verdict, self.refused)
        for shown_later in hidden:
            whole.addWidget(shown_later)
            shown_later.hide()
        whole.addStretch(1)
        tasks.told.connect(self._on_told)
        language.changed.connect(self.retranslate)
        self.retranslate()
        self.refresh()

    def first_field(self) -> QWidget:
        return self.import_button

    def refresh(self) -> None:
        """Ask what is loaded."""
        self._tasks.run(self._desk.classifiers.loaded, done=self._show, owner=self)

    def retranslate(self) -> None:
        """Every word that isn't bound."""
        t = self._language.t
        found = {(one.kind, one.language): one for one in self._loaded}
        self.list.clear()
        for kind in Classifier:
            for language in LANGUAGES:
                self.list.addItem(_loaded_line(t, kind, language, found.get((kind, language))))
        self.list.setFixedHeight((self.fontMetrics().lineSpacing() + 12) * self.list.count() + 12)
        self._show_report()

    # --- importing --------------------------------------------------------------------------------------------
    def _on_import(self) -> None:
        t = self._language.t
        path = choose_file(t, self, t("The official table"), t("Table (*.csv *.txt)"))
        if path is not None:
            self.read(path)

    def read(self, path: Path) -> None:
        """Read and check a file, then ask whether what it would change is meant."""
        service = self._desk.classifiers

        def work(stop: threading.Event) -> Read:
            file = service.read(path, self._tasks.tell, stop.is_set)
            previews: dict[str, ImportReport] = {}
            for language in LANGUAGES:
                try:
                    previews[language] = service.preview(file, language)
                except UserError:
                    continue  # this language is ruled out by the file itself
            return file, previews

        self._begin(work, self._ask, self._language.t("Reading the table"))

    def take(self, file: TableFile, language: str) -> None:
        """Import it."""
        service = self._desk.classifiers

        def work(stop: threading.Event) -> ImportReport:
            return service.take(file, language, tell=self._tasks.tell, stopped=stop.is_set)

        self._begin(work, self._taken, self._language.t("Importing the table"))

    def stop(self) -> None:
        """Leave it; nothing is changed then."""
        if self._stop is not None:
            self._stop.set()

    def leave(self, then: Callable[[], None]) -> None:
        """Do `then`; an import under way is stopped, and nothing is half imported."""
        self.stop()
        then()

    def _begin(self, work: Callable[[threading.Event], object], done: Callable[..., object], name: str) -> None:
        if self._stop is not None:
            return
        stop = self._stop = threading.Event()
        self._report = None
        self._show_report()
        self._say(None)
        self.step.clear()
        self.at_work.show()
        self.import_button.setEnabled(False)
        self.stop_button.setFocus()

        def run() -> object:
            try:
                return work(stop)
            except Cancelled:
                return None

        self._tasks.run(run, done=partial(self._ended, done), failed=self._refused_whole, name=name, owner=self)

    def _ended(self, done: Callable[..., object], found: object) -> None:
        self._idle()
        if found is None:
            self._say(Text(N_("The import was stopped. Nothing was changed.")))
        else:
            done(found)

    def _refused_whole(self, error: BaseException) -> None:
        self._idle()
        if isinstance(error, Told):
            self._say(Text(N_("✗ {reason}"), {"reason": error.text}), error=True)
        else:
            self._tasks.failed.emit(error)

    def _idle(self) -> None:
        self._stop = None
        self.at_work.hide()
        self.import_button.setEnabled(True)
        if self.isVisible():  # behind the lock the keyboard is the lock's
            self.import_button.setFocus()

    def _ask(self, read: Read) -> None:
        file, previews = read
        if not self.isVisible():
            return  # left or locked meanwhile: nothing is taken unasked
        asked = ImportDialog(self._language, file, previews, self)
        asked.confirmed.connect(partial(self.take, file))
        asked.open()

    def _taken(self, report: ImportReport) -> None:
        self._report = report
        self._say(Text(N_("✓ The table was imported: {table}."), {"table": Text(NAMES[report.kind])}))
        self._show_report()
        self.refresh()

    # --- inside -----------------------------------------------------------------------------------------------
    def _on_told(self, step: Text) -> None:
        if self._stop is None:
            return
        n, of = step.params.get("n"), step.params.get("of")
        if isinstance(n, int) and isinstance(of, int):
            self.bar.setRange(0, of)
            self.bar.setValue(n)
        else:
            self.bar.setRange(0, 0)
        self._words(self.step, "text", step)

    def _show(self, loaded: tuple[LoadedTable, ...]) -> None:
        self._loaded = loaded
        self.retranslate()

    def _show_report(self) -> None:
        self.refused.clear()
        if self._report is not None:
            self.refused.addItems(lines(self._language.t, self._report))
            self.refused.setMinimumHeight(self.fontMetrics().lineSpacing() * 9)
        self.refused.setVisible(self._report is not None)

    def _say(self, text: Text | None, *, error: bool = False) -> None:
        if text is None:
            self._words.forget(self.verdict)
            self.verdict.clear()
        else:
            self._words(self.verdict, "text", text)
        self.verdict.setProperty("role", "error" if error else "")
        restyle(self.verdict)
        self.verdict.setVisible(text is not None)


class ImportDialog(QDialog):
    """What a table is and what importing it changes; `confirmed(language)`."""

    confirmed = Signal(str)

    def __init__(self, language: Language, file: TableFile, previews: dict[str, ImportReport], parent: QWidget) -> None:
        super().__init__(parent)
        self._language, self._previews = language, previews
        self._offered = [one for one in (*file.table.languages, *LANGUAGES) if one in previews]
        self._offered = list(dict.fromkeys(self._offered))
        words = Words(language, self)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumSize(640, 420)
        title = N_("Import this table?")
        words(self, "windowTitle", title)
        head, what = label("section", wrap=True), label(wrap=True)
        words(head, "text", title)
        told = [Text(IN_LANGUAGE[one]) for one in file.table.languages]
        named = Text(", ".join(f"{{f{at}}}" for at in range(len(told))), {f"f{at}": one for at, one in enumerate(told)})
        words(what, "text", Text(N_("{table}, {language}"), {"table": Text(NAMES[file.table.kind]), "language": named}))
        self.language = Combo()
        asked = Labelled(words, N_("The names of this table are"), self.language)
        # Where columns say it, one import takes every language that they have.
        asked.setVisible(file.table.by_letters and len(self._offered) > 1)
        self.list: QListWidget = WrappedList()
        words(self.list, "accessibleName", N_("What the import changes"))
        self.cancel_button, self.done_button = button(), button("primary", "upload")
        words(self.cancel_button, "text", N_("Don't import"))
        words(self.done_button, "text", N_("Import"))
        self.cancel_button.clicked.connect(self.reject)
        self.cancel_button.setAutoDefault(False)
        self.done_button.clicked.connect(self._confirm)
        buttons = row()
        buttons.addStretch(1)
        buttons.addWidget(self.cancel_button)
        buttons.addWidget(self.done_button)
        whole = column(self, margin=24, gap=12)
        for part in (head, what, asked):
            whole.addWidget(part)
        whole.addWidget(self.list, 1)
        whole.addLayout(buttons)
        self.language.currentIndexChanged.connect(lambda _at: self._show())
        language.changed.connect(self._fill)
        self._fill()
        self.done_button.setFocus()

    def _fill(self) -> None:
        at = max(self.language.currentIndex(), 0)
        self.language.clear()
        self.language.addItems([self._language.t(IN_LANGUAGE[one]) for one in self._offered])
        self.language.setCurrentIndex(at)

    def _show(self) -> None:
        at = self.language.currentIndex()
        if at >= 0:
            self.list.clear()
            self.list.addItems(lines(self._language.t, self._previews[self._offered[at]]))

    def _confirm(self) -> None:
        self.accept()
        self.confirmed.emit(self._offered[max(self.language.currentIndex(), 0)])


def _loaded_line(t: Translator, kind: Classifier, language: str, one: LoadedTable | None) -> str:
    named = t("{table}, {language}", table=t(NAMES[kind]), language=t(IN_LANGUAGE[language]))
    if one is not None:
        count = t.plural("{n} row", "{n} rows", one.rows)
        return t("{table}: {rows}, imported on {date} by {name}", table=named, rows=count,
                 date=one.at.astimezone().date(), name=one.by)  # fmt: skip
    if kind is Classifier.ICD10 and language == "en":
        return t("{table}: the titles that come with the program", table=named)
    if kind is Classifier.KATO:
        return t("{table}: only the regions, which come with the program", table=named)
    return t("{table}: not loaded", table=named)
