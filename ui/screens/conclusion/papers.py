"""The numbered papers of a signed case: issued with the next blank, written off where one was spoiled."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from app.domain.errors import UserError
from app.domain.text import N_, Text
from app.domain.vocabulary import LABELS, PaperState
from app.services.desk import Desk
from app.services.papers import CasePapers, Offer, Paper
from app.services.views import CaseView
from ui.language import Language
from ui.tasks import TaskRunner
from ui.widgets.flow import FlowLayout
from ui.widgets.labelled import Labelled
from ui.widgets.parts import Snug, button, column, label, row
from ui.widgets.tick_box import TickBox
from ui.widgets.words import Words

_REASONS = (N_("spoiled in printing"), N_("damaged"), N_("lost by the person"))


class IssueDialog(Snug):
    """Names the number that comes next, so that it is compared with the blank; `confirmed(duplicate)` to take it.
    `replaces`: the paper that was written off before, which may have been lost after it was handed out."""

    confirmed = Signal(bool)

    def __init__(self, language: Language, offer: Offer, parent: QWidget, replaces: Paper | None = None) -> None:
        super().__init__(parent)
        words = Words(language, self)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(480)
        words(self, "windowTitle", N_("Issue a paper"))
        kind, number, text = label("section", wrap=True), label("code"), label(wrap=True)
        kind.setText(_capital(language.t(LABELS[offer.kind])))
        number.setText(offer.name)
        words(text, "text",
              N_("Compare this number with the blank in your hand. A number that is taken can't be given back: a"
                 " spoiled blank is written off, and the next one is taken."))  # fmt: skip
        self.duplicate = TickBox()
        self.duplicate.setVisible(replaces is not None)
        if replaces is not None:
            sentence = N_("A duplicate: {paper} was handed out and lost. The new paper says so.")
            self.duplicate.set_words(language.t(sentence, paper=replaces.name))
        self.stay_button, self.issue_button = button(), button("primary")
        words(self.stay_button, "text", N_("Not now"))
        words(self.issue_button, "text", N_("The numbers agree: issue"))
        self.stay_button.clicked.connect(self.reject)
        self.issue_button.clicked.connect(self._issue)
        self.stay_button.setAutoDefault(False)
        self.issue_button.setDefault(True)
        buttons = row()
        buttons.addStretch(1)
        buttons.addWidget(self.stay_button)
        buttons.addWidget(self.issue_button)
        lines = column(self, margin=24, gap=16)
        for part in (kind, number, text, self.duplicate):
            lines.addWidget(part)
        lines.addLayout(buttons)
        self.issue_button.setFocus()

    def _issue(self) -> None:
        again = self.duplicate.isChecked()
        self.accept()
        self.confirmed.emit(again)


class SpoilDialog(Snug):
    """Asks why a paper is written off; `confirmed(reason)`."""

    confirmed = Signal(str)

    def __init__(self, language: Language, paper: Paper, parent: QWidget) -> None:
        super().__init__(parent)
        words = Words(language, self)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(480)
        words(self, "windowTitle", N_("Write off a paper"))
        title, text = label("section", wrap=True), label(wrap=True)
        words(title, "text", N_("Write off {paper}?"), paper=paper.name)
        words(text, "text", N_("The number stays in the journal with the reason and is never used again."))
        self.reason = QLineEdit()
        self._reason = Labelled(words, N_("Why it is written off"), self.reason)
        chips = QWidget()
        flow = FlowLayout(chips)
        for msgid in _REASONS:
            chip = button("chip")
            chip.setAutoDefault(False)
            words(chip, "text", msgid)
            chip.clicked.connect(lambda _=False, chip=chip: self.reason.setText(chip.text()))
            flow.addWidget(chip)
        self.keep_button, self.spoil_button = button(), button("danger", "ban")
        words(self.keep_button, "text", N_("Keep it"))
        words(self.spoil_button, "text", N_("Write it off"))
        self.keep_button.clicked.connect(self.reject)
        self.spoil_button.clicked.connect(self._confirm)
        self.reason.returnPressed.connect(self._confirm)
        for each in (self.keep_button, self.spoil_button):
            each.setAutoDefault(False)
        buttons = row()
        buttons.addStretch(1)
        buttons.addWidget(self.keep_button)
        buttons.addWidget(self.spoil_button)
        lines = column(self, margin=24, gap=16)
        for part in (title, text, self._reason, chips):
            lines.addWidget(part)
        lines.addLayout(buttons)
        self.reason.setFocus()

    def _confirm(self) -> None:
        reason = " ".join(self.reason.text().split())
        if not reason:
            self._reason.set_error(Text(N_("Type why it is written off.")))
            self.reason.setFocus()
            return
        self.accept()
        self.confirmed.emit(reason)


class CasePapersBar(QWidget):
    """What was issued with the case and what can be; hidden for a case without either. `changed` after one was issued
    or written off."""

    changed = Signal()

    def __init__(self, desk: Desk, tasks: TaskRunner, language: Language) -> None:
        super().__init__()
        self._desk, self._tasks, self._language = desk, tasks, language
        self._words = Words(language, self)
        self._case_id = ""
        self._papers = CasePapers((), ())
        self.issue_buttons: list[QWidget] = []
        self.spoil_buttons: list[QWidget] = []
        self._holder: QWidget | None = None
        self.said = label("hint", wrap=True)
        self.said.hide()
        self._lines = column(self, gap=4)
        self._lines.addWidget(self.said)
        language.changed.connect(self._fill)
        self.hide()

    def show_case(self, view: CaseView) -> None:
        """Take a case as it stands now."""
        if view.id != self._case_id:
            self._say(None)
        self._case_id = view.id
        if view.signed is None:
            self._show(CasePapers((), ()))
        else:
            self.refresh()

    def refresh(self) -> None:
        """Ask for the case's papers again."""
        case_id = self._case_id

        def show(papers: CasePapers) -> None:
            if case_id == self._case_id:
                self._show(papers)

        self._tasks.run(lambda: self._desk.papers.of_case(case_id), done=show, owner=self)

    def issue(self, offer: Offer) -> None:
        """Show the number that comes next, and take it once it was compared."""
        gone = [one for one in self._papers.issued if one.kind == offer.kind and one.state is PaperState.SPOILED]
        dialog = IssueDialog(self._language, offer, self, gone[-1] if gone else None)
        dialog.confirmed.connect(lambda duplicate: self._issue(offer, duplicate=duplicate))
        dialog.open()

    def write_off(self, paper: Paper) -> None:
        """Ask why, and write the paper off."""
        dialog = SpoilDialog(self._language, paper, self)
        dialog.confirmed.connect(lambda reason: self._write_off(paper, reason))
        dialog.open()

    def _issue(self, offer: Offer, *, duplicate: bool = False) -> None:
        case_id = self._case_id

        def done(paper: Paper) -> None:
            self._say(Text(N_("Issued: {paper}. It stands in the journal of issued papers."), {"paper": paper.name}))
            self.refresh()
            self.changed.emit()

        self._tasks.run(
            lambda: self._desk.papers.issue(case_id, offer.kind, expected=offer.number, duplicate=duplicate),
            done=done, failed=self._failed, owner=self,
        )  # fmt: skip

    def _write_off(self, paper: Paper, reason: str) -> None:
        def done(_: object) -> None:
            self._say(Text(N_("Written off: {paper}."), {"paper": paper.name}))
            self.refresh()
            self.changed.emit()

        self._tasks.run(
            lambda: self._desk.papers.spoil(paper.kind, paper.series, paper.number, reason), done=done,
            failed=self._failed, owner=self,
        )  # fmt: skip

    def _failed(self, error: BaseException) -> None:
        if isinstance(error, UserError):
            self._say(error.text)
            self.refresh()
        else:
            self._tasks.failed.emit(error)

    def _say(self, text: Text | None) -> None:
        if text is None:
            self._words.forget(self.said)
            self.said.clear()
        else:
            self._words(self.said, "text", text)
        self.said.setVisible(text is not None)

    def _show(self, papers: CasePapers) -> None:
        self._papers = papers
        self._fill()

    def _fill(self) -> None:
        t, papers = self._language.t, self._papers
        if self._holder is not None:
            self._lines.removeWidget(self._holder)
            self._holder.hide()
            self._holder.deleteLater()
        self._holder = QWidget()
        flow = FlowLayout(self._holder, spacing=12)
        self.issue_buttons, self.spoil_buttons = [], []
        for paper in papers.issued:
            if paper.state is PaperState.ISSUED:
                flow.addWidget(self._issued(paper))
        for offer in papers.offers:
            if offer.refusal is None:
                flow.addWidget(self._offered(offer))
        spoiled = [paper.name for paper in papers.issued if paper.state is PaperState.SPOILED]
        if spoiled:
            gone = label("hint", wrap=True)
            gone.setText(t("Written off: {papers}", papers=", ".join(spoiled)))
            flow.addWidget(gone)
        self._lines.insertWidget(0, self._holder)
        self.setVisible(bool(papers.issued or papers.offers))

    def _issued(self, paper: Paper) -> QWidget:
        t, box = self._language.t, QWidget()
        line = row(box, gap=4)
        words = label()
        words.setText(t("{kind}: {paper}", kind=_capital(t(LABELS[paper.kind])), paper=paper.name))
        spoil = button("quiet", "ban")
        spoil.setText(t("Write off"))
        spoil.setAccessibleName(t("Write off {paper}", paper=paper.name))
        spoil.clicked.connect(lambda: self.write_off(paper))
        self.spoil_buttons.append(spoil)
        line.addWidget(words)
        line.addWidget(spoil)
        return box

    def _offered(self, offer: Offer) -> QWidget:
        t, box = self._language.t, QWidget()
        line = row(box, gap=8)
        kind = t(LABELS[offer.kind])
        if offer.number is None:
            none = label("warning")
            none.setText(t("{kind}: no blank is left", kind=_capital(kind)))
            none.setToolTip(t("Enter the range that the department received: settings, numbered blanks."))
            line.addWidget(none)
            return box
        issue = button("", "file-plus")
        issue.setText(t("Issue {kind} {paper}", kind=kind, paper=offer.name))
        issue.clicked.connect(lambda: self.issue(offer))
        self.issue_buttons.append(issue)
        line.addWidget(issue)
        if offer.low:
            low = label("warning")
            low.setText(t.plural("{n} blank left", "{n} blanks left", offer.left))
            line.addWidget(low)
        return box


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
