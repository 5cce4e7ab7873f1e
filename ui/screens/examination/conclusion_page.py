"""The last step: the conclusion as it will be printed. Made when it is first opened."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app.domain.text import N_
from app.i18n import Translator
from app.services.desk import Desk
from app.services.views import CaseView
from ui.language import Language
from ui.screens.examination.step_page import StepPage
from ui.tasks import TaskRunner
from ui.widgets.parts import label

if TYPE_CHECKING:
    from ui.screens.conclusion import ConclusionPanel
    from ui.screens.conclusion.papers import CasePapersBar


class ConclusionPage(StepPage):
    """Embeds the panel that previews, prints and saves; loading Qt's PDF part waits until somebody comes here."""

    def __init__(self, desk: Desk, tasks: TaskRunner, language: Language, parent: QWidget) -> None:
        super().__init__("conclusion", N_("Conclusion"), parent)
        self._desk, self._tasks, self._language = desk, tasks, language
        self.hint = label("hint", wrap=True)
        self.add(self.hint)
        self.panel: ConclusionPanel | None = None
        self.papers: CasePapersBar | None = None
        self._signed = False

    def show_case(self, view: CaseView) -> None:
        """The papers of the case as it stands."""
        from ui.screens.conclusion import ConclusionPanel
        from ui.screens.conclusion.papers import CasePapersBar

        if self.panel is None:
            self.papers = CasePapersBar(self._desk, self._tasks, self._language)
            self.column.addWidget(self.papers)
            self.panel = ConclusionPanel(self._desk, self._tasks, self._language)
            self.column.addWidget(self.panel, 1)
            self.papers.changed.connect(self.panel.refresh)
        self._signed = view.signed is not None
        self._say(self._language.t)
        if self.papers is not None:
            self.papers.show_case(view)
        self.panel.show_case(view)

    def retranslate(self, t: Translator) -> None:
        super().retranslate(t)
        self._say(t)

    def _say(self, t: Translator) -> None:
        # Of what is practised every paper is a sample, signed or not.
        practised = self._desk.is_training
        self.hint.setVisible(practised or not self._signed)
        if practised:
            self.hint.setText(t("Everything here is invented: each page is marked “SAMPLE”, also once it is signed."))
        else:
            self.hint.setText(t("Until the members have signed, the document is marked “DRAFT”."))
