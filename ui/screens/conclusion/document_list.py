"""The papers that a case has: one is chosen to be seen, all that belong to the decision are printed together."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QListWidgetItem, QWidget

from app.domain.text import N_
from app.domain.vocabulary import LABELS, Status
from app.i18n import Translator
from app.services.documents import CasePaper
from ui.language import Language
from ui.widgets.parts import button, column, label
from ui.widgets.words import Words
from ui.widgets.wrapped_list import WrappedList

_WIDTH = 30  # characters
_AUDIENCE = {
    "person": N_("for the person"),
    "department": N_("stays at the department"),
    "payer": N_("for the body that pays"),
    "both": N_("for the department and for the person"),
    "organisation": N_("for the medical organisation"),
    "employer": N_("for the employer"),
}


class DocumentList(QWidget):
    """`picked(id)` when another paper is chosen; `print_set` and `save_set` ask for all that belong together."""

    picked = Signal(str)
    print_set = Signal()
    save_set = Signal()

    def __init__(self, language: Language) -> None:
        super().__init__()
        self._language = language
        words = Words(language, self)
        self._papers: tuple[CasePaper, ...] = ()
        self._chosen, self._status = "", Status.MEMORY
        self._filling = False
        self.list = WrappedList()
        words(self.list, "accessibleName", N_("Documents of this case"))
        self.list.currentItemChanged.connect(self._on_current)
        self.print_button, self.save_button = button("", "printer"), button("quiet", "save")
        words(self.print_button, "text", N_("Print the set"))
        words(self.save_button, "text", N_("Save the set"))
        self.print_button.clicked.connect(self.print_set)
        self.save_button.clicked.connect(self.save_set)
        self.hint = label("hint", wrap=True)
        lines = column(self, gap=4)
        lines.addWidget(self.list, 1)
        for part in (self.hint, self.print_button, self.save_button):
            lines.addWidget(part)
        self._fit()
        language.changed.connect(self._fill)

    def show_papers(self, papers: Sequence[CasePaper], chosen: str, status: Status) -> None:
        """What the case has; `chosen` is the one that is shown. `status`: how sure it is which belong together."""
        self._papers, self._chosen, self._status = tuple(papers), chosen, status
        self._fill()

    def paper(self, document_id: str) -> CasePaper | None:
        """What is known of a document of the case."""
        return next((paper for paper in self._papers if paper.id == document_id), None)

    def languages(self, document_id: str, asked: tuple[str, ...]) -> tuple[str, ...]:
        """In which of the languages asked for a document is shown: one that isn't printed in two on one sheet is
        shown in each of the two."""
        paper = self.paper(document_id)
        parts = [[one] if paper is None or one in paper.languages else one.split("+") for one in asked]
        return tuple(code for part in parts for code in part)

    def wanted(self, asked: tuple[str, ...]) -> list[tuple[str, str]]:
        """The papers that belong to the decision, each with its languages."""
        return [(paper.id, code) for paper in self._papers if paper.in_set for code in self.languages(paper.id, asked)]

    def set_busy(self, busy: bool) -> None:
        """While a set is on its way no other one is begun."""
        for part in (self.print_button, self.save_button):
            part.setEnabled(not busy)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.setFixedWidth(self.fontMetrics().averageCharWidth() * _WIDTH)

    def _fill(self) -> None:
        if not self._papers:
            return
        t = self._language.t
        self._filling = True
        self.list.clear()
        for paper in self._papers:
            if paper.lacks is None:
                item = QListWidgetItem(f"{t.show(paper.title)}\n{_details(t, paper)}")
                item.setData(Qt.ItemDataRole.UserRole, paper.id)
                item.setToolTip(t(_AUDIENCE[paper.audience]))
                item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, t(_AUDIENCE[paper.audience]))
                self.list.addItem(item)
                if paper.id == self._chosen:
                    self.list.setCurrentItem(item)
        self._filling = False
        names = [t.show(paper.title) for paper in self._papers if paper.in_set]
        for part in (self.print_button, self.save_button, self.hint):
            part.setVisible(bool(names))
        if names:
            told = t.plural("{n} paper belongs to this decision", "{n} papers belong to this decision", len(names))
            self.hint.setText(f"{told}: {t(LABELS[self._status])}")
            self.hint.setToolTip("\n".join(names))
            self.print_button.setToolTip("\n".join(names))

    def _on_current(self, item: QListWidgetItem | None) -> None:
        if item is not None and not self._filling:
            self._chosen = str(item.data(Qt.ItemDataRole.UserRole))
            self.picked.emit(self._chosen)


def _details(t: Translator, paper: CasePaper) -> str:
    """Size, blank, how often it was given out."""
    parts = [paper.size]
    if paper.large:
        parts.append(t("large type"))
    if paper.strict is not None:
        parts.append(paper.blank or t("no blank was issued"))
    if paper.printed:
        parts.append(t.plural("given out once", "given out {n} times", paper.printed))
    for code, n in paper.signatures.items():
        told = t("ЭЦП {language}: {n} of {total}", language=code, n=n, total=paper.members)
        parts.append(told)
    return " · ".join(parts)
