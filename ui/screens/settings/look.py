"""Language, colours, size of text, time until the lock."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.domain.text import LANGUAGES, N_
from app.services.access import Access
from app.services.views import Preferences
from ui.language import NAMES, Language
from ui.tasks import TaskRunner
from ui.theme import Appearance
from ui.widgets.labelled import Labelled
from ui.widgets.parts import column
from ui.widgets.whole_list import WholeList
from ui.widgets.words import Words

_SCALES = (1.0, 1.1, 1.25, 1.5)
_MINUTES = (1, 2, 5, 10, 15, 30, 60, 0)


class LookPage(QWidget):
    """Each choice takes effect and is saved at once; `changed(preferences)`."""

    title = N_("Language and look")
    changed = Signal(object)

    def __init__(self, access: Access, tasks: TaskRunner, language: Language, appearance: Appearance) -> None:
        super().__init__()
        self._access, self._tasks, self._language, self._appearance = access, tasks, language, appearance
        words = Words(language, self)
        kept = access.preferences()
        self.language, self.colours, self.scale, self.minutes = (WholeList() for _ in range(4))
        for code in LANGUAGES:
            self.language.addItem(NAMES[code], code)
        for choice in ("system", "light", "dark"):
            self.colours.addItem("", choice)
        for scale in _SCALES:
            self.scale.addItem(f"{round(scale * 100)} %", scale)
        for minutes in _MINUTES:
            self.minutes.addItem("", minutes)
        if self.minutes.findData(kept.lock_after_minutes) < 0:
            self.minutes.addItem("", kept.lock_after_minutes)
        self.minutes.setCurrentIndex(self.minutes.findData(kept.lock_after_minutes))
        lines = column(self, gap=16)
        for msgid, box in (
            (N_("Language of the window"), self.language),
            (N_("Colours"), self.colours),
            (N_("Size of text"), self.scale),
            (N_("Lock the screen after"), self.minutes),
        ):
            field = Labelled(words, msgid, box)
            field.setMaximumWidth(420)
            lines.addWidget(field)
        lines.addStretch(1)
        language.changed.connect(self.retranslate)
        appearance.changed.connect(self._follow)
        self.retranslate()
        self._follow()
        for box in (self.language, self.colours, self.scale, self.minutes):
            box.activated.connect(self._chosen)

    def first_field(self) -> QWidget:
        return self.language

    def retranslate(self) -> None:
        """Every word again."""
        t = self._language.t
        names = {"system": t("as the system"), "light": t("light"), "dark": t("dark")}
        for at in range(self.colours.count()):
            self.colours.setItemText(at, names[self.colours.itemData(at)])
        for at in range(self.minutes.count()):
            n = int(self.minutes.itemData(at))
            self.minutes.setItemText(at, t.plural("{n} minute", "{n} minutes", n) if n else t("never"))
        self.language.setCurrentIndex(LANGUAGES.index(self._language.code))

    def _follow(self) -> None:
        self.colours.setCurrentIndex(self.colours.findData(self._appearance.choice))
        nearest = min(range(len(_SCALES)), key=lambda at: abs(_SCALES[at] - self._appearance.scale))
        self.scale.setCurrentIndex(nearest)

    def _chosen(self) -> None:
        chosen = Preferences(
            self.language.currentData(),
            self.colours.currentData(),
            self.scale.currentData(),
            self.minutes.currentData(),
            self._access.preferences().offered,
        )
        self._language.set(chosen.language)
        self._appearance.set(chosen.theme, chosen.text_scale)
        try:
            self._access.save_preferences(chosen)
        except Exception as error:
            self._tasks.failed.emit(error)
            return
        self.changed.emit(chosen)
