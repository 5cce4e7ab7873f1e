"""F1: what the law asks where one is and what to do there; then every key, and what this program is."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFrame, QGridLayout, QLabel, QVBoxLayout, QWidget

from app import __version__
from app.domain.text import N_
from app.services.guidance import BASES, guidance
from ui import shortcuts
from ui.language import Language
from ui.sections import SECTIONS
from ui.widgets.parts import button, column, label, read_by_keyboard, row, scrolled
from ui.widgets.words import Words


def title_of(place: str) -> str:
    """The name of a step of a case or of a room, as the window calls it."""
    from ui.screens.examination.step_list import NAMES

    rooms = {section.name: section.words for section in SECTIONS}
    return {**NAMES, **rooms, "link-before": rooms["link"], "settings": N_("Settings")}.get(place, "")


class PlaceHelp(QFrame):
    """The help of one place: its name, what the law asks, what to do, how sure that is. Follows the language."""

    def __init__(self, language: Language, place: str) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self._language, self._place = language, place
        words = Words(language, self)
        lines = column(self, margin=16, gap=8)
        self.title = label("section", wrap=True)
        words(self.title, "text", title_of(place))
        lines.addWidget(self.title)
        sides = row(gap=48)
        self.asks, self.do = column(gap=4), column(gap=4)
        for side, head in ((self.asks, N_("What the law asks here")), (self.do, N_("What to do"))):
            named = label("label", wrap=True)
            words(named, "text", head)
            whole = column(gap=4)
            whole.addWidget(named)
            whole.addLayout(side)
            whole.addStretch(1)
            sides.addLayout(whole, 1)
        lines.addLayout(sides)
        basis = label("hint", wrap=True)
        words(basis, "text", BASES[guidance(language.code)[place].basis])
        lines.addWidget(basis)
        language.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        told = guidance(self._language.code)[self._place]
        for side, sentences in ((self.asks, told.asks), (self.do, told.do)):
            _fill(side, sentences)
        self.setAccessibleName(self.title.text())
        for each in (self, self.title):  # the title has the keyboard in the dialogue
            each.setAccessibleDescription("\n".join((*told.asks, *told.do)))


def _fill(side: QVBoxLayout, sentences: tuple[str, ...]) -> None:
    while side.count() > len(sentences):
        gone = side.takeAt(side.count() - 1)
        spare = gone.widget() if gone is not None else None
        if spare is not None:
            spare.deleteLater()
    while side.count() < len(sentences):
        side.addWidget(label(wrap=True))
    for at, sentence in enumerate(sentences):
        item = side.itemAt(at)
        shown = item.widget() if item is not None else None
        if isinstance(shown, QLabel):
            shown.setText(f"• {sentence}")


class HelpDialog(QDialog):
    """The help of the `place` (a record of `app.services.guidance`; any other has none), then the table of
    `ui.shortcuts`, by group, in two columns."""

    def __init__(self, language: Language, parent: QWidget, place: str = "") -> None:
        super().__init__(parent)
        words = Words(language, self)
        known = place in guidance(language.code)
        head_words = N_("Help") if known else N_("Keys")
        words(self, "windowTitle", head_words)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        lines = column(self, margin=24, gap=16)
        title = label("heading")
        words(title, "text", head_words)
        lines.addWidget(title)
        content = QWidget()
        under = column(content, margin=12, gap=16)
        self.place = PlaceHelp(language, place) if known else None
        if self.place is not None:
            under.addWidget(self.place)
            keys_title = label("section")
            words(keys_title, "text", N_("Keys"))
            under.addWidget(keys_title)
        under.addLayout(_keys(words))
        under.addStretch(1)
        # As large as the window has room for: the table grows with the rooms, and with the size of text.
        self.area = scrolled(content)
        self.head = read_by_keyboard(self.area)
        lines.addWidget(self.area, 1)
        self.resize(min(parent.width() - 64, 1240), parent.height() - 64)
        about = label("hint", wrap=True)
        words(
            about, "text",
            N_("Saraptama {version}. It proposes by the criteria; the commission decides. It works without a network."),
            version=__version__,
        )  # fmt: skip
        lines.addWidget(about)
        close = button("primary")
        words(close, "text", N_("Close"))
        close.clicked.connect(self.accept)
        lines.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)
        self.head.setFocus()


def _keys(words: Words) -> QVBoxLayout:
    whole, sides = column(), row(gap=48)
    groups: dict[str, list[str]] = {}
    for name, key in shortcuts.KEYS.items():
        groups.setdefault(key.group, []).append(name)
    columns = (column(gap=16), column(gap=16))
    for at, (group, names) in enumerate(groups.items()):
        section = QGridLayout()
        section.setHorizontalSpacing(24)
        section.setVerticalSpacing(4)
        head = label("section")
        words(head, "text", group)
        section.addWidget(head, 0, 0, 1, 2)
        for line, name in enumerate(names, start=1):
            what, which = label(wrap=True), label("label")
            words(what, "text", shortcuts.KEYS[name].text)
            which.setText(shortcuts.native(name))
            section.addWidget(which, line, 0)
            section.addWidget(what, line, 1)
        section.setColumnStretch(1, 1)
        columns[at % 2].addLayout(section)
    for side in columns:
        side.addStretch(1)
        sides.addLayout(side, 1)
    whole.addLayout(sides)
    return whole
