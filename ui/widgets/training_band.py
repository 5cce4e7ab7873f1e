"""The band across the window of a training desk: nothing takes it away while that desk is open."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame

from app.domain.text import N_
from ui.widgets.parts import button, label, row
from ui.widgets.words import Words

TRAINING = N_("Training: invented people")


class TrainingBand(QFrame):
    """Shown and hidden by `set_training` alone: whatever else asks it to hide is not heard."""

    def __init__(self, words: Words) -> None:
        super().__init__()
        self.setProperty("role", "training")
        self._training = False
        self.text = label()
        words(self.text, "text", TRAINING)
        words(self, "accessibleName", TRAINING)
        line = row(self)
        line.setContentsMargins(16, 4, 16, 4)
        self.tour_button = button("quiet")
        words(self.tour_button, "text", N_("Tour"))
        line.addWidget(self.text, 1, Qt.AlignmentFlag.AlignHCenter)
        line.addWidget(self.tour_button)
        super().setVisible(False)

    @property
    def is_training(self) -> bool:
        """Whether a training desk is open or asked for."""
        return self._training

    def set_training(self, training: bool) -> None:
        """Show the band for as long as the desk is one for training."""
        self._training = training
        super().setVisible(training)

    def setVisible(self, visible: bool) -> None:
        super().setVisible(self._training)

    def hide(self) -> None:
        self.setVisible(False)
