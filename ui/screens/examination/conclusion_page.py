"""The last step: the conclusion as it will be printed. Made when it is first opened."""

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.domain.text import N_
from app.domain.vocabulary import CaseState
from app.i18n import Translator
from app.services.desk import Desk
from app.services.views import CaseView
from ui.language import Language
from ui.screens.examination.step_page import StepPage
from ui.tasks import TaskRunner
from ui.widgets.icon_label import IconLabel
from ui.widgets.parts import label, row

if TYPE_CHECKING:
    from app.services.link_views import CaseOnItsWay
    from ui.screens.conclusion import ConclusionPanel
    from ui.screens.conclusion.papers import CasePapersBar


_CLOSED: Final = (CaseState.SIGNED, CaseState.SUPERSEDED, CaseState.ENDED)


class ConclusionPage(StepPage):
    """Embeds the panel that previews, prints and saves; loading Qt's PDF part waits until somebody comes here."""

    def __init__(self, desk: Desk, tasks: TaskRunner, language: Language, parent: QWidget) -> None:
        super().__init__("conclusion", N_("Conclusion"), parent)
        self._desk, self._tasks, self._language = desk, tasks, language
        self.hint = label("hint", wrap=True)
        self.add(self.hint)
        self._way: CaseOnItsWay | None = None
        self.on_its_way, self.way_sign, self.way = QWidget(self), IconLabel(16), label("hint", wrap=True)
        line = row(self.on_its_way)
        line.addWidget(self.way_sign, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self.way, 1)
        self.add(self.on_its_way)
        self.on_its_way.hide()
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
        self._ask_way(view)

    def _ask_way(self, view: CaseView) -> None:
        """Where the records of a closed case are on their way to the centre."""
        if view.state not in _CLOSED or self._desk.is_training:
            self._show_way(None)
        else:
            link = self._desk.link
            self._tasks.run(lambda: link.case(view.id) if link.is_linked() else None, done=self._show_way, owner=self)

    def _show_way(self, way: "CaseOnItsWay | None") -> None:
        from ui.screens.link.words import SIGNS

        self._way = way
        if way is not None:
            self.way_sign.show_icon(SIGNS[way.place], "muted")
        self._say(self._language.t)

    def retranslate(self, t: Translator) -> None:
        super().retranslate(t)
        self._say(t)

    def _say(self, t: Translator) -> None:
        # Of what is practised every paper is a sample, signed or not.
        if self._way is not None:
            from ui.screens.link.words import of_case

            self.way.setText(t.show(of_case(self._way)))
        self.on_its_way.setVisible(self._way is not None)
        practised = self._desk.is_training
        self.hint.setVisible(practised or not self._signed)
        if practised:
            self.hint.setText(t("Everything here is invented: each page is marked “SAMPLE”, also once it is signed."))
        else:
            self.hint.setText(t("Until the members have signed, the document is marked “DRAFT”."))
