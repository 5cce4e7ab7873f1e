"""Walking through ICD-10: chapters, blocks, categories, codes; by arrow keys or the mouse."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from app.domain.text import N_
from app.services.classifiers import Classifiers, Code, blocks, chapter_of, chapters
from ui.language import Language
from ui.widgets.parts import button, column, label, row
from ui.widgets.words import Words

_CODE = Qt.ItemDataRole.UserRole
_HEADING = Qt.ItemDataRole.UserRole + 1


class BrowseDialog(QDialog):
    """`chosen(code)`: a category or a code below it. Right and Left open and close, Enter chooses."""

    chosen = Signal(str)

    def __init__(
        self, lists: Classifiers, language: Language, code: str, said: Callable[[Code], str], parent: QWidget
    ) -> None:
        """Opens at `code` where the classification has it. `said` gives a title as it is shown."""
        super().__init__(parent)
        self._lists, self._language, self._said = lists, language, said
        words = Words(language, self)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumSize(860, 560)
        title = N_("Find a code of ICD-10")
        words(self, "windowTitle", title)
        head, hint = label("section", wrap=True), label("hint", wrap=True)
        words(head, "text", title)
        words(
            hint, "text",
            N_("Right and Left open and close a line, Enter chooses a code. Chapters and blocks have short names of"
               " this program."),
        )  # fmt: skip
        self.tree = QTreeWidget()
        self.tree.setColumnCount(2)
        self.tree.setHeaderHidden(True)
        self.tree.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        self.tree.header().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        words(self.tree, "accessibleName", title)
        self.tree.itemExpanded.connect(self._fill)
        self.tree.itemActivated.connect(lambda item, _column: self._on_activated(item))
        self.tree.currentItemChanged.connect(lambda item, _before: self._show(item))
        # What is elided in the tree stands here in full.
        self.full = label(wrap=True)
        self.full.setMinimumHeight(self.fontMetrics().lineSpacing() * 2)
        self.cancel_button, self.choose_button = button(), button("primary")
        words(self.cancel_button, "text", N_("Cancel"))
        words(self.choose_button, "text", N_("Choose this code"))
        self.cancel_button.setAutoDefault(False)
        self.choose_button.setAutoDefault(False)
        self.cancel_button.clicked.connect(self.reject)
        self.choose_button.clicked.connect(self._choose)
        buttons = row()
        buttons.addStretch(1)
        buttons.addWidget(self.cancel_button)
        buttons.addWidget(self.choose_button)
        lines = column(self, margin=24, gap=12)
        lines.addWidget(head)
        lines.addWidget(hint)
        lines.addWidget(self.tree, 1)
        lines.addWidget(self.full)
        lines.addLayout(buttons)
        self.tree.setUniformRowHeights(True)
        self.tree.ensurePolished()  # heights are asked for before the dialogue is shown
        for chapter in chapters():
            self._add(None, chapter.number, language.t.show(chapter.name), heading=True)
        self.go_to(code)
        self.tree.setFocus()

    def go_to(self, code: str) -> None:
        """Open the way to a code and stand on it, or on the nearest thing above it; on the first chapter for none."""
        block = next((block.code for block in blocks() if block.first <= code[:3] <= block.last), "")
        at: QTreeWidgetItem | None = None
        for wanted in (chapter_of(code), block, code[:3], code.rstrip("+*†")) if code else ():
            known = self._children(at)
            found = next((item for item in known if item.data(0, _CODE) == wanted), None)
            if found is None:
                break
            at = found
            if wanted != code:
                at.setExpanded(True)
        stand = at or self._children(None)[0]
        self.tree.setCurrentItem(stand)
        self.tree.scrollToItem(stand, QTreeWidget.ScrollHint.PositionAtCenter)

    def _children(self, item: QTreeWidgetItem | None) -> list[QTreeWidgetItem]:
        above = self.tree.invisibleRootItem() if item is None else item
        found = (above.child(at) for at in range(above.childCount()))
        return [child for child in found if child is not None]

    def _add(self, above: QTreeWidgetItem | None, code: str, title: str, *, heading: bool, opens: bool = True) -> None:
        item = QTreeWidgetItem([code, title])
        item.setData(0, _CODE, code)
        item.setData(0, _HEADING, heading)
        item.setToolTip(1, title)
        if opens:
            item.setChildIndicatorPolicy(QTreeWidgetItem.ChildIndicatorPolicy.ShowIndicator)
        if above is None:
            self.tree.addTopLevelItem(item)
        else:
            above.addChild(item)

    def _fill(self, item: QTreeWidgetItem) -> None:
        if item.childCount():
            return
        code, t = str(item.data(0, _CODE)), self._language.t
        chapter = next((chapter for chapter in chapters() if chapter.number == code), None)
        if chapter is not None:
            for block in blocks():
                if chapter.first <= block.first <= chapter.last:
                    self._add(item, block.code, t.show(block.name), heading=True)
            return
        for hit in self._lists.below(code, self._language.code):
            opens = len(hit.code) == 3 and bool(self._lists.below(hit.code, self._language.code))
            self._add(item, hit.code, self._said(hit), heading=False, opens=opens)

    def _show(self, item: QTreeWidgetItem | None) -> None:
        self.full.setText(f"{item.text(0)}   {item.text(1)}" if item is not None else "")
        self.choose_button.setEnabled(item is not None and not item.data(0, _HEADING))

    def _on_activated(self, item: QTreeWidgetItem) -> None:
        if item.data(0, _HEADING):
            item.setExpanded(not item.isExpanded())
        else:
            self._choose()

    def _choose(self) -> None:
        item = self.tree.currentItem()
        if item is not None and not item.data(0, _HEADING):
            self.accept()
            self.chosen.emit(str(item.data(0, _CODE)))
