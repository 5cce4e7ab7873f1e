"""The conclusion of one case: preview in each language and side by side, print, save."""

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QPushButton, QWidget

from app.domain.text import LANGUAGES, N_
from app.services.desk import Desk
from app.services.views import CaseView, Rendered
from ui import shortcuts
from ui.language import NAMES, Language
from ui.tasks import TaskRunner
from ui.widgets.flow import FlowLayout
from ui.widgets.output import ask_file, ask_folder, ask_printer, print_pdf, write_file
from ui.widgets.parts import button, column, label, row
from ui.widgets.words import Words

if TYPE_CHECKING:
    from ui.screens.conclusion.preview import Preview

_DOCUMENT = "conclusion"
_BOTH = "all"


class ConclusionPanel(QWidget):
    """Shows a case's conclusion. `produced(how)` after a paper was printed or saved and that was recorded."""

    produced = Signal(str)

    def __init__(self, desk: Desk, tasks: TaskRunner, language: Language) -> None:
        super().__init__()
        self._desk, self._tasks, self._language = desk, tasks, language
        words = self._words = Words(language, self)
        self._case: CaseView | None = None
        self.previews: dict[str, Preview] = {}
        self.choices: dict[str, QPushButton] = {}
        group = QButtonGroup(self)
        which = QWidget()
        flow = FlowLayout(which)
        for code in (*LANGUAGES, _BOTH):
            choice = button("chip", checkable=True)
            if code == _BOTH:
                words(choice, "text", N_("Side by side"))
            else:
                choice.setText(NAMES[code])
            choice.setAutoDefault(False)
            choice.clicked.connect(self.refresh)
            group.addButton(choice)
            flow.addWidget(choice)
            self.choices[code] = choice
        self.choices[language.code].setChecked(True)
        self.back_button = self._small("chevron-left", N_("Page back"), lambda: self._each_go(-1))
        self.on_button = self._small("chevron-right", N_("Page on"), lambda: self._each_go(1))
        self.page = label()
        self.percent = label()
        self.smaller_button = self._small("zoom-out", N_("Smaller"), lambda: self._each_zoom(-1))
        self.larger_button = self._small("zoom-in", N_("Larger"), lambda: self._each_zoom(1))
        self.fit_button = button("quiet")
        self.fit_button.setAutoDefault(False)
        words(self.fit_button, "text", N_("Whole width"))
        self.fit_button.clicked.connect(lambda: self._each_zoom(0))
        self.print_button = button("primary", "printer")
        self.print_button.clicked.connect(self.print_paper)
        self.save_button = button("", "save")
        self.save_button.clicked.connect(self.save_paper)
        self.said = label("hint", wrap=True)
        self.said.hide()
        for parts in (
            (self.print_button, self.save_button),
            (self.back_button, self.page, self.on_button),
            (self.smaller_button, self.percent, self.larger_button, self.fit_button),
        ):
            together = QWidget()
            line = row(together, gap=4)
            for part in parts:
                line.addWidget(part)
            flow.addWidget(together)
        self.papers = row(gap=8)
        lines = column(self, gap=8)
        lines.addWidget(which)
        lines.addWidget(self.said)
        lines.addLayout(self.papers, 1)
        shortcuts.bind(self, "print", self.print_paper)
        shortcuts.bind(self, "save", self.save_paper)
        language.changed.connect(self.retranslate)
        self.retranslate()

    def first_field(self) -> QWidget:
        """Where the keyboard begins."""
        return self.print_button

    def show_case(self, view: CaseView) -> None:
        """Take a case as it stands now; papers are rendered once the panel is on the screen."""
        if self._case is not None and self._case.id != view.id:
            for preview in self.previews.values():
                preview.clear()
            self._words.forget(self.said)
            self.said.clear()
            self.said.hide()
        self._case = view
        if self.isVisible():
            self.refresh()

    def chosen(self) -> tuple[str, ...]:
        """The languages on the screen."""
        one = next(code for code, choice in self.choices.items() if choice.isChecked())
        return LANGUAGES if one == _BOTH else (one,)

    def showEvent(self, event: object) -> None:
        self.refresh()

    def refresh(self) -> None:
        """Render what is chosen on the worker and show it."""
        shown = self.chosen()
        for code, preview in self.previews.items():
            preview.setVisible(code in shown)
        self.retranslate()
        case = self._case
        if case is None:
            return
        for code in shown:
            self._preview(code).setVisible(True)
            self._preview(code).title.setVisible(len(shown) > 1)
            self._render(case.id, code)

    def _render(self, case_id: str, code: str) -> None:
        self._tasks.run(
            lambda: self._desk.conclusions.render(case_id, _DOCUMENT, code),
            done=lambda paper: self._take(case_id, code, paper),
            name=self._language.t("Writing the conclusion"),
            cancellable=True,
            owner=self,
        )

    def print_paper(self) -> None:
        """Print what is on the screen. What the printer refuses is said in the bar of the window, and stays."""
        try:
            printer = ask_printer(self._language.t, self)
            if printer is None:
                return
            for paper in self._ready():
                print_pdf(paper[1].pdf, printer, self)
                self._record(*paper, "printed")
        except Exception as error:
            self._tasks.failed.emit(error)

    def save_paper(self) -> None:
        """Save what is on the screen: one paper where one is asked, three into one folder."""
        ready = self._ready()
        if not ready:
            return
        if len(ready) == 1:
            target = ask_file(self._language.t, self, ready[0][1].file_name)
            targets = [target] if target is not None else []
        else:
            folder = ask_folder(self._language.t, self)
            targets = [folder / paper.file_name for _, paper in ready] if folder is not None else []
        self.save_to(targets)

    def save_to(self, targets: list[Path]) -> None:
        """Write the papers on the screen to `targets`, one each, and record that."""
        try:
            for target, (code, paper) in zip(targets, self._ready(), strict=False):
                write_file(target, paper.pdf)
                self._record(code, paper, "saved")
        except Exception as error:
            self._tasks.failed.emit(error)
            return
        if targets:
            names = ", ".join(target.name for target in targets)
            self._say(N_("Saved as {name}."), name=names)

    def retranslate(self) -> None:
        """Every word again; the languages of the papers stay as chosen."""
        several = len(self.chosen()) > 1
        self._words(self.print_button, "text", N_("Print all three") if several else N_("Print"))
        self._words(self.save_button, "text", N_("Save all three") if several else N_("Save as PDF"))
        self._show_page()

    def _take(self, case_id: str, code: str, paper: Rendered) -> None:
        if self._case is not None and self._case.id == case_id:
            self._preview(code).show_paper(paper)
            self._show_page()

    def _ready(self) -> list[tuple[str, Rendered]]:
        found = ((code, self.previews[code].rendered) for code in self.chosen() if code in self.previews)
        return [(code, paper) for code, paper in found if paper is not None]

    def _record(self, code: str, paper: Rendered, how: Literal["printed", "saved"]) -> None:
        case = self._case
        if case is None:
            return
        if how == "printed":
            self._say(N_("Sent to the printer."))
        self._tasks.run(
            lambda: self._desk.conclusions.record_output(case.id, _DOCUMENT, code, paper.digest, how),
            done=lambda _: self.produced.emit(how),
            owner=self,
        )

    def _say(self, msgid: str, **params: object) -> None:
        self._words(self.said, "text", msgid, **params)
        self.said.show()

    def _preview(self, code: str) -> "Preview":
        if code not in self.previews:
            from ui.screens.conclusion.preview import Preview

            made = Preview(code)
            made.moved.connect(lambda *_: self._show_page())
            self.previews[code] = made
            place = sum(1 for other in self.previews if LANGUAGES.index(other) < LANGUAGES.index(code))
            self.papers.insertWidget(place, made, 1)
        return self.previews[code]

    def _show_page(self) -> None:
        shown = [self.previews[code] for code in self.chosen() if code in self.previews]
        pages = max((preview.pages() for preview in shown), default=0)
        for part in (self.print_button, self.save_button):
            part.setEnabled(bool(self._ready()) and len(self._ready()) == len(self.chosen()))
        for part in (self.back_button, self.on_button):
            part.setEnabled(pages > 1)
        number = shown[0].page() if shown else 0
        self._words(self.page, "text", N_("Page {n} of {total}"), n=number if pages else 0, total=pages)
        self.percent.setText(f"{round(shown[0].factor() * 100)} %" if pages else "")

    def _each_go(self, step: int) -> None:
        for code in self.chosen():
            if code in self.previews:
                self.previews[code].go(step)

    def _each_zoom(self, step: int) -> None:
        for code in self.chosen():
            if code in self.previews:
                self.previews[code].zoom(step)
        self._show_page()

    def _small(self, icon: str, msgid: str, slot: object) -> QPushButton:
        made = button("quiet", icon, alone=True)
        made.setAutoDefault(False)
        # The words stand between the two arrows: "Page 1 of 3", "80 %".
        self._words(made, "accessibleName", msgid)
        self._words(made, "toolTip", msgid)
        made.clicked.connect(slot)
        return made
