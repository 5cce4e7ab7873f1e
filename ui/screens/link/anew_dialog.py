"""What to do where two laptops have gone on with one log: said in plain words, then done with a reason."""

from PySide6.QtWidgets import QWidget

from app.domain.text import N_
from ui.language import Language
from ui.screens.examination.reason import ReasonDialog


class AnewDialog(ReasonDialog):
    """`confirmed(reason)`."""

    def __init__(self, language: Language, parent: QWidget) -> None:
        super().__init__(
            language,
            N_("This laptop begins a log of its own"),
            N_("The records of this laptop were copied, or put back from a backup, and another laptop goes on with them"
               " too. The centre overwrites nothing: it keeps both and asks a person. Nothing is lost here either."
               " Find out which laptop is the copy and lay it aside, or give it to other work. Then begin a log of its"
               " own here: what waits goes under a new number, the cases stay as they are."),
            N_("Why: what happened to the laptop or its backup"),
            N_("Begin a log of its own"),
            N_("Leave it as it is"),
            parent,
        )  # fmt: skip
