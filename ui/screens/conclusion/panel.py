"""The papers of one case: which there are, preview in each language and side by side, print, save, the whole set."""

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QPushButton, QWidget

from app.domain.text import LANGUAGES, N_, Text
from app.services.desk import Desk
from app.services.documents import CasePaper
from app.services.views import CaseView, Rendered
from ui import shortcuts
from ui.delivery import Delivery, ToFiles, ToPrinter, Way, said
from ui.language import NAMES, Language
from ui.screens.conclusion.document_list import DocumentList
from ui.screens.conclusion.zoom_bar import ZoomBar
from ui.tasks import TaskRunner
from ui.widgets.flow import FlowLayout
from ui.widgets.output import ask_file, ask_folder, printer_for
from ui.widgets.parts import button, column, label, row
from ui.widgets.words import Words

if TYPE_CHECKING:
    from ui.screens.conclusion.preview import Preview

_CONCLUSION: Final = "conclusion"
_BOTH: Final = "kk+ru"
_ASIDE: Final = "all"
_ORDER: Final = (*LANGUAGES, _BOTH)


class ConclusionPanel(QWidget):
    """Shows a case's papers. `produced(how)` after papers were printed or saved and that was recorded."""

    produced = Signal(str)

    def __init__(self, desk: Desk, tasks: TaskRunner, language: Language) -> None:
        super().__init__()
        self._desk, self._tasks, self._language = desk, tasks, language
        words = self._words = Words(language, self)
        self._case: CaseView | None = None
        self._delivery: Delivery | None = None
        self.document = _CONCLUSION
        self.previews: dict[str, Preview] = {}
        self.choices: dict[str, QPushButton] = {}
        group = QButtonGroup(self)
        which = QWidget()
        flow = FlowLayout(which, level=True)
        for code in (*_ORDER, _ASIDE):
            choice = button("chip", checkable=True)
            if code == _ASIDE:
                words(choice, "text", N_("Side by side"))
            elif code == _BOTH:
                words(choice, "text", N_("Kazakh and Russian on one sheet"))
            else:
                choice.setText(NAMES[code])
            choice.setAutoDefault(False)
            choice.clicked.connect(self._show_chosen)
            group.addButton(choice)
            flow.addWidget(choice)
            self.choices[code] = choice
        self.choices[language.code].setChecked(True)
        self.zoom_bar = ZoomBar(language, self._shown, self)
        self.print_button = button("primary", "printer")
        self.print_button.clicked.connect(self.print_paper)
        self.save_button = button("", "save")
        self.save_button.clicked.connect(self.save_paper)
        self.sign_button = button("", "signature")
        words(self.sign_button, "text", N_("Electronic signatures…"))
        self.sign_button.clicked.connect(self.sign_paper)
        self.said = label("hint", wrap=True)
        self.said.hide()
        together = QWidget()
        line = row(together, gap=8)
        for part in (self.print_button, self.save_button, self.sign_button):
            line.addWidget(part)
        for group_of in (together, self.zoom_bar.pages, self.zoom_bar.sizes):
            flow.addWidget(group_of)
        self.stop_button = button("", "x")
        words(self.stop_button, "text", N_("Stop after this paper"))
        self.stop_button.clicked.connect(self._stop)
        self.stop_button.hide()
        self.list = DocumentList(language)
        self.list.picked.connect(self.show_document)
        self.list.print_set.connect(self.print_set)
        self.list.save_set.connect(self.save_set)
        self.papers = row(gap=8)
        across = row(self, gap=12)
        across.addWidget(self.list)
        lines = column(gap=8)
        across.addLayout(lines, 1)
        said = row(gap=8)
        said.addWidget(self.said, 1)
        said.addWidget(self.stop_button)
        lines.addWidget(which)
        lines.addLayout(said)
        lines.addLayout(self.papers, 1)
        tasks.told.connect(self._on_told)
        shortcuts.bind(self, "print", self.print_paper)
        shortcuts.bind(self, "save", self.save_paper)
        language.changed.connect(self.retranslate)
        self.retranslate()

    def first_field(self) -> QWidget:
        """Where the keyboard begins."""
        return self.print_button

    def show_case(self, view: CaseView) -> None:
        """Take a case as it stands now; papers are rendered once the panel is on the screen."""
        if self._case is None or self._case.id != view.id:
            for preview in self.previews.values():
                preview.clear()
            self.document = ""
            self._words.forget(self.said)
            self.said.clear()
            self.said.hide()
        self._case = view
        if self.isVisible():
            self.refresh()

    def chosen(self) -> tuple[str, ...]:
        """The languages on the screen."""
        return self.list.languages(self.document, self._languages())

    def _languages(self) -> tuple[str, ...]:
        one = next(code for code, choice in self.choices.items() if choice.isChecked())
        return LANGUAGES if one == _ASIDE else (one,)

    def showEvent(self, event: object) -> None:
        self.refresh()

    def refresh(self) -> None:
        """Ask which papers the case has, render on the worker what is chosen, and show it."""
        case = self._case
        self.retranslate()
        if case is None:
            return
        case_id = case.id

        def show(papers: tuple[CasePaper, ...]) -> None:
            if self._case is not None and self._case.id == case_id:
                self._show_papers(papers)

        self._tasks.run(lambda: self._desk.documents.of_case(case_id), done=show, owner=self)

    def show_document(self, document_id: str) -> None:
        """Another paper of the case."""
        if document_id != self.document:
            self.document = document_id
            for preview in self.previews.values():
                preview.clear()
            self._show_chosen()

    def _show_papers(self, papers: tuple[CasePaper, ...]) -> None:
        has = [paper.id for paper in papers if paper.lacks is None]
        if self.document not in has:
            # What the case is about: the refusal of one that was refused.
            wanted = [paper.id for paper in papers if paper.in_set]
            self.document = _CONCLUSION if _CONCLUSION in wanted or not wanted else wanted[0]
        self.list.show_papers(papers, self.document, self._desk.documents.set_status)
        self._show_chosen()

    def _show_chosen(self) -> None:
        """Render what is chosen on the worker and show it."""
        paper, case = self.list.paper(self.document), self._case
        self.choices[_BOTH].setVisible(paper is not None and _BOTH in paper.languages)
        self.sign_button.setVisible(paper is not None and (paper.signable or bool(paper.signatures)))
        shown = self.chosen()
        for code, preview in self.previews.items():
            preview.setVisible(code in shown)
        self.retranslate()
        if case is None or paper is None:
            return
        for code in shown:
            self._preview(code).setVisible(True)
            self._render(case.id, self.document, code)

    def _render(self, case_id: str, document: str, code: str) -> None:
        self._tasks.run(
            lambda: self._desk.documents.render(case_id, document, code),
            done=lambda paper: self._take(case_id, document, code, paper),
            name=self._language.t("Writing the document"),
            cancellable=True,
            owner=self,
        )

    def print_paper(self) -> None:
        """Print what is on the screen. What the printer refuses is said in the bar of the window, and stays."""
        self._print([(self.document, code) for code, _ in self._ready()])

    def sign_paper(self) -> None:
        """Who has signed the paper electronically; signing it. Of several languages the first one shown."""
        case, paper = self._case, self.list.paper(self.document)
        if case is None or paper is None or not self.sign_button.isEnabled():
            return
        from ui.screens.conclusion.signature_dialog import SignatureDialog

        which = (case.id, paper.id, self.chosen()[0], paper.title)
        dialog = SignatureDialog(self._desk, self._tasks, self._language, which, self)
        dialog.signed.connect(self.refresh)
        dialog.open()

    def print_set(self) -> None:
        """Print every paper that belongs to the decision, in the languages on the screen."""
        self._print(self.list.wanted(self._languages()))

    def save_paper(self) -> None:
        """Save what is on the screen: one paper where one is asked, three into one folder."""
        ready = self._ready()
        if not ready:
            return
        wanted = [(self.document, code) for code, _ in ready]
        if len(ready) == 1:
            target = ask_file(self._language.t, self, ready[0][1].file_name)
            if target is not None:
                self._deliver(wanted, ToFiles(target.parent, {wanted[0]: target}))
        else:
            self._save(wanted)

    def save_set(self) -> None:
        """Save every paper that belongs to the decision into one folder, in the languages on the screen."""
        self._save(self.list.wanted(self._languages()))

    def _print(self, wanted: list[tuple[str, str]]) -> None:
        if wanted:
            printer_for(
                self._language.t, self, lambda printer: self._deliver(wanted, ToPrinter(printer)),
                self._tasks.failed.emit,
            )  # fmt: skip

    def _save(self, wanted: list[tuple[str, str]]) -> None:
        folder = ask_folder(self._language.t, self) if wanted else None
        if folder is not None:
            self._deliver(wanted, ToFiles(folder))

    def _deliver(self, wanted: list[tuple[str, str]], way: Way) -> None:
        """Put papers out on the worker; what went out is said and recorded."""
        case = self._case
        if case is None:
            return
        items = [(case.id, *paper) for paper in wanted]
        delivery = Delivery(self._desk, items, way, self._tasks.tell)
        self._delivery = delivery
        self.list.set_busy(True)
        self.stop_button.setVisible(len(wanted) > 1)

        def done(count: int) -> None:
            self._delivered()
            self._say(said(way, count, len(wanted)))
            self.produced.emit(way.how)

        def failed(error: BaseException) -> None:
            self._delivered()
            self._tasks.failed.emit(error)

        name = self._language.t("Printing") if way.how == "printed" else self._language.t("Saving")
        self._tasks.run(delivery.run, done=done, failed=failed, name=name, owner=self)

    def _delivered(self) -> None:
        self._delivery = None
        self.list.set_busy(False)
        self.stop_button.hide()
        self.refresh()

    def _stop(self) -> None:
        if self._delivery is not None:
            self._delivery.stop.set()

    def _on_told(self, step: object) -> None:
        if self._delivery is not None and isinstance(step, Text):
            self._say(step)

    def retranslate(self) -> None:
        """Every word again; the languages of the papers stay as chosen."""
        at = len(self.chosen()) - 1
        self._words(self.print_button, "text", (N_("Print"), N_("Print both"), N_("Print all three"))[at])
        self._words(self.save_button, "text", (N_("Save as PDF"), N_("Save both"), N_("Save all three"))[at])
        self._show_page()

    def _take(self, case_id: str, document: str, code: str, paper: Rendered) -> None:
        if self._case is not None and (self._case.id, self.document) == (case_id, document):
            self._preview(code).show_paper(paper)
            self._show_page()

    def _ready(self) -> list[tuple[str, Rendered]]:
        found = ((code, self.previews[code].rendered) for code in self.chosen() if code in self.previews)
        return [(code, paper) for code, paper in found if paper is not None]

    def _say(self, text: Text) -> None:
        self._words(self.said, "text", text)
        self.said.show()

    def _preview(self, code: str) -> "Preview":
        if code not in self.previews:
            from ui.screens.conclusion.preview import Preview

            made = Preview(code)
            made.moved.connect(lambda *_: self._show_page())
            self.previews[code] = made
            place = sum(1 for other in self.previews if _ORDER.index(other) < _ORDER.index(code))
            self.papers.insertWidget(place, made, 1)
        return self.previews[code]

    def _shown(self) -> "list[Preview]":
        return [self.previews[code] for code in self.chosen() if code in self.previews]

    def _show_page(self) -> None:
        for part in (self.print_button, self.save_button):
            part.setEnabled(bool(self._ready()) and len(self._ready()) == len(self.chosen()))
        self.zoom_bar.refresh()
