"""F1: every key in one view, and what this program is."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QWidget

from app import __version__
from app.domain.text import N_
from ui import shortcuts
from ui.language import Language
from ui.widgets.parts import button, column, label, row, scrolled
from ui.widgets.words import Words


class HelpDialog(QDialog):
    """The table of `ui.shortcuts`, by group, in two columns."""

    def __init__(self, language: Language, parent: QWidget) -> None:
        super().__init__(parent)
        words = Words(language, self)
        words(self, "windowTitle", N_("Keys"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        lines = column(self, margin=24, gap=16)
        title = label("heading")
        words(title, "text", N_("Keys"))
        lines.addWidget(title)
        keys = QWidget()
        sides = row(keys, gap=48)
        # As large as the window has room for: the table grows with the rooms, and with the size of text.
        lines.addWidget(scrolled(keys), 1)
        self.resize(min(parent.width() - 64, 1240), parent.height() - 64)
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
