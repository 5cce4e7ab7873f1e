"""What the criteria say otherwise than when the proposal of measures was taken over, with a key to follow."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame

from app.domain.text import N_, LocalText, Text
from app.domain.vocabulary import MeasureState
from app.i18n import Translator
from app.services.programme_words import STATE_HEADINGS
from app.services.programmes import Changes, MeasureList
from ui.widgets.parts import button, column, label


class ChangesPanel(QFrame):
    """Seen only where there is something to tell. `followed`: somebody wants the programme as the criteria have it."""

    followed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "banner")
        self.setProperty("tone", "warning")
        self.text = label(wrap=True)
        self.button = button()
        self.button.clicked.connect(self.followed)
        inside = column(self, margin=12, gap=8)
        inside.addWidget(self.text)
        inside.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)

    def retranslate(self, t: Translator) -> None:
        self.button.setText(t("Follow the criteria"))
        self.button.setAccessibleName(self.button.text())

    def show_changes(self, t: Translator, found: Changes, listed: MeasureList) -> None:
        """These; what is only unsure is told, and there is nothing to follow."""

        def names(ids: tuple[str, ...]) -> str:
            return ", ".join(_named(t, identity, listed) for identity in ids)

        lines = []
        if found.gone:
            lines.append(t("No longer proposed: {list}.", list=names(found.gone)))
        if found.unsure:
            facts = dict.fromkeys(t.show(fact) for identity in found.unsure for fact in missing(listed, identity))
            sentence = N_("Left open now, and kept in the programme: {list}. Missing: {missing}.")
            lines.append(t(sentence, list=names(found.unsure), missing=", ".join(facts)))
        if found.fresh:
            lines.append(t("Newly proposed: {list}.", list=names(found.fresh)))
        heading = t("The criteria say something else than when the proposal was taken over.")
        self.text.setText("\n".join(["⚠ " + heading, *lines]))
        self.button.setVisible(found.any)
        self.setVisible(bool(lines))


def missing(listed: MeasureList, identity: str) -> tuple[LocalText, ...]:
    """The facts that a measure which is left open waits for."""
    measure = listed.find(identity)
    return tuple(measure.told.missing) if measure is not None and measure.told is not None else ()


def _named(t: Translator, identity: str, listed: MeasureList) -> str:
    measure = listed.find(identity)
    if measure is None:
        return identity
    if measure.state in (MeasureState.TO_CONFIRM, MeasureState.CONTRAINDICATED):
        return t("{measure} ({state})", measure=measure.name, state=Text(STATE_HEADINGS[measure.state]))
    return t.show(measure.name)
