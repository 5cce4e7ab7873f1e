"""Is a paper genuine? A file or picture is checked, and the answer stands in words; keys are given and taken."""

from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.domain.text import N_, Text
from app.services.desk import Desk
from app.services.paper_check import NAMES, Answer, Verdict
from app.services.paper_keys import SUFFIX
from app.services.paper_keys import Desk as Signer
from ui.language import Language
from ui.tasks import TaskRunner
from ui.widgets.output import ask_file, choose_file
from ui.widgets.parts import button, column, label, row, rule
from ui.widgets.words import Words

_SIGNS: Final = {Verdict.GENUINE: "✓", Verdict.ALTERED: "✕", Verdict.REVOKED: "✕"}
_ROW: Final = N_("{name}: {value}")


class WitnessPage(QWidget):
    """Nothing that is checked is kept."""

    title = N_("Check a paper")

    def __init__(self, desk: Desk, tasks: TaskRunner, language: Language) -> None:
        super().__init__()
        self._desk, self._tasks, self._language = desk, tasks, language
        words = self._words = Words(language, self)
        about, keys_about, heading = label("hint", wrap=True), label("hint", wrap=True), label("section", wrap=True)
        words(
            about, "text",
            N_("The PDF of a paper, or a photograph of its square code: genuine, altered, superseded? It is read on"
               " this laptop alone."),
        )  # fmt: skip
        words(heading, "text", N_("Keys of desks"))
        words(
            keys_about, "text",
            N_("Whoever checks the papers of this desk needs its file of keys: its key, and which papers hold no more."
               " Give out a new one after a correction. Papers of other desks are checked by the files that they give"
               " out: compare the fingerprint with the department by telephone."),
        )  # fmt: skip
        self.check_button = button("primary", "shield-check")
        words(self.check_button, "text", N_("Choose a file or picture…"))
        self.check_button.clicked.connect(self._on_check)
        self.save_button = button("", "download")
        words(self.save_button, "text", N_("Save the file of keys…"))
        self.save_button.clicked.connect(self._on_save)
        self.take_button = button("", "upload")
        words(self.take_button, "text", N_("Take in a file of keys…"))
        self.take_button.clicked.connect(self._on_take)
        self.verdict = label("heading", wrap=True)
        self.said = label("hint", wrap=True)
        self._answer = QWidget()
        self.rows = column(self._answer, gap=6)
        self.rows.addWidget(self.verdict)
        self._answer.hide()
        self.said.hide()
        lines = column(self, gap=12)
        lines.addWidget(about)
        lines.addLayout(_left(self.check_button))
        lines.addWidget(self._answer)
        for part in (rule(), heading, keys_about):
            lines.addWidget(part)
        lines.addLayout(_left(self.save_button, self.take_button))
        lines.addWidget(self.said)
        lines.addStretch(1)

    def first_field(self) -> QWidget:
        return self.check_button

    def check(self, path: Path) -> None:
        """Say whether this paper is genuine."""
        self.check_button.setEnabled(False)
        self._answer.hide()
        self._tasks.run(
            lambda: self._desk.paper_witness.check_file(path),
            done=self._show,
            failed=self._failed,
            name=self._language.t("Checking a paper"),
            owner=self,
        )

    def save_keys(self, path: Path) -> None:
        """Write the file for others."""

        def work() -> str:
            self._desk.paper_witness.export_to(path)
            return self._desk.paper_witness.fingerprint()

        def saved(fingerprint: str) -> None:
            self._say(N_("Saved. Read the fingerprint out to whoever asks: {fingerprint}"), fingerprint=fingerprint)

        self._tasks.run(work, done=saved, owner=self)

    def take_keys(self, path: Path) -> None:
        """Keep a file of others."""

        def taken(desks: tuple[Signer, ...]) -> None:
            if desks:
                told = N_("Taken in: {department}, key {fingerprint}. Compare it with the department by telephone.")
                self._say(told, department=desks[0].names, fingerprint=desks[0].fingerprint)

        self._tasks.run(lambda: self._desk.paper_witness.take_in(path), done=taken, owner=self)

    def _say(self, sentence: str, **params: object) -> None:
        self._words(self.said, "text", sentence, **params)
        self.said.show()

    def _show(self, answer: Answer) -> None:
        self.check_button.setEnabled(True)
        while self.rows.count() > 1:
            item = self.rows.takeAt(1)
            old = item.widget() if item is not None else None
            if old is not None:
                old.hide()
                old.deleteLater()
        sign = _SIGNS.get(answer.verdict, "!")
        self._words(self.verdict, "text", N_("{sign} {name}"), sign=sign, name=Text(NAMES[answer.verdict]))
        told = [Text(_ROW, {"name": name, "value": value}) for name, value in answer.said]
        for text in (*answer.sentences, *told):
            line = label(wrap=True)
            self._words(line, "text", text)
            self.rows.addWidget(line)
        self._answer.show()

    def _failed(self, error: BaseException) -> None:
        self.check_button.setEnabled(True)
        self._tasks.failed.emit(error)

    def _on_check(self) -> None:
        t = self._language.t
        kinds = t("Papers ({endings})", endings="*.pdf *.png *.jpg *.jpeg *.bmp *.tif *.tiff *.webp *.txt")
        path = choose_file(t, self, t("Check a paper"), kinds)
        if path is not None:
            self.check(path)

    def _on_save(self) -> None:
        t = self._language.t
        path = ask_file(t, self, f"{self._desk.department.region}{SUFFIX}", title=t("Save the file of keys"))
        if path is not None:
            self.save_keys(path)

    def _on_take(self) -> None:
        t = self._language.t
        path = choose_file(t, self, t("Take in a file of keys"), t("Files of keys ({endings})", endings=f"*{SUFFIX}"))
        if path is not None:
            self.take_keys(path)


def _left(*parts: QWidget) -> QHBoxLayout:
    line = row(gap=8)
    for part in parts:
        line.addWidget(part)
    line.addStretch(1)
    return line
