"""Small builders: labels, buttons and panels by role, columns on the 8-pixel grid."""

from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap, QShowEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.text import N_
from ui import theme

L = TypeVar("L", bound=QBoxLayout)
GAP = theme.GRID // 2
_FINE = 2  # icons are drawn for screens of up to twice the density


def label(role: str = "", *, wrap: bool = False) -> QLabel:
    """A label of a role of the style sheet (`title`, `heading`, `section`, `label`, `hint`, `error`, …)."""
    made = QLabel()
    made.setTextFormat(Qt.TextFormat.PlainText)
    if role:
        made.setProperty("role", role)
    made.setWordWrap(wrap)
    return made


def button(kind: str = "", icon: str = "", *, checkable: bool = False, alone: bool = False) -> QPushButton:
    """A push button of a kind (`primary`, `quiet`, `danger`, `chip`, `link`); its icon follows the theme.

    `alone`: the icon's word stands beside the button, not in it.
    """
    made = IconButton(icon, alone=alone) if icon else QPushButton()
    if kind:
        made.setProperty("kind", kind)
    made.setCheckable(checkable)
    made.setAutoDefault(True)
    return made


class IconButton(QPushButton):
    """A button whose icon follows the theme. Drawn when it is seen: a hidden one costs nothing at start-up.

    Event types are not looked at: naming one makes Python build Qt's enumeration of two hundred of them (8 ms).
    """

    def __init__(self, name: str, *, alone: bool = False) -> None:
        super().__init__()
        self._name, self._gap = name, 0 if alone else GAP
        self._drawn: tuple[object, ...] = ()

    def set_icon_name(self, name: str) -> None:
        """Show another icon."""
        self._name = name
        self._draw()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._draw()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        self._draw()

    def _draw(self) -> None:
        if not self.isVisible():
            return
        look = theme.current()
        kind = self.property("kind")
        ink = {"primary": look.colours.on_accent, "danger": look.colours.danger}.get(kind, look.colours.text)
        if not self.isEnabled():
            ink = look.colours.muted if kind == "primary" else look.colours.edge  # as the word beside it
        wanted = (look, self._name, ink)
        if wanted != self._drawn:
            self._drawn = wanted
            side = round(17 * look.scale)
            self.setIcon(_with_gap(look, self._name, ink, side, self._gap))
            self.setIconSize(QSize(side + self._gap, side))


@lru_cache(maxsize=128)
def _with_gap(look: theme.Theme, name: str, ink: str, side: int, gap: int) -> QIcon:
    """The icon with room at its right, where Qt would set the word close to it."""
    icon = look.icon(name, ink)
    canvas = QPixmap(QSize(side + gap, side) * _FINE)
    canvas.fill(Qt.GlobalColor.transparent)
    painter = QPainter(canvas)
    painter.drawPixmap(0, 0, icon.pixmap(QSize(side, side) * _FINE))
    painter.end()
    made = QIcon(canvas)
    made.addPixmap(canvas, QIcon.Mode.Disabled)  # the ink is chosen already: Qt would pale it once more
    return made


def set_shown(widget: QWidget, wanted: bool) -> None:
    """As `setVisible`; but what nobody has hidden yet comes into sight with its parent by itself, and isn't told so
    beforehand: Qt would style and lay out all of it at once for that."""
    if widget.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide):
        changes = widget.isHidden() == wanted
    else:
        parent = widget.parentWidget()
        changes = not wanted or (parent is not None and parent.isVisible())
    if changes:
        QWidget.setVisible(widget, wanted)


def is_asked(widget: QWidget, within: QWidget) -> bool:
    """Whether nobody has hidden the widget, nor anything around it within `within`; in sight or not yet."""
    part: QWidget | None = widget
    while part is not None and part is not within:
        if part.isHidden() and part.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide):
            return False
        part = part.parentWidget()
    return True


def panel(role: str = "panel") -> QFrame:
    """A surface with a thin border."""
    made = QFrame()
    made.setProperty("role", role)
    return made


def rule() -> QFrame:
    """A thin line."""
    made = QFrame()
    made.setProperty("role", "rule")
    return made


def column(parent: QWidget | None = None, *, margin: int = 0, gap: int = theme.GRID) -> QVBoxLayout:
    """A column; `margin` and `gap` in pixels, multiples of half the grid."""
    return _laid(QVBoxLayout(parent) if parent else QVBoxLayout(), margin, gap)


def row(parent: QWidget | None = None, *, margin: int = 0, gap: int = theme.GRID) -> QHBoxLayout:
    """A row; `margin` and `gap` in pixels, multiples of half the grid."""
    return _laid(QHBoxLayout(parent) if parent else QHBoxLayout(), margin, gap)


def _laid(layout: L, margin: int, gap: int) -> L:
    layout.setContentsMargins(margin, margin, margin, margin)
    layout.setSpacing(gap)
    return layout


def scrolled(content: QWidget) -> QScrollArea:
    """`content` in an area that scrolls up and down when it is higher than the window."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(content)
    return area


def clearable(edit: QLineEdit, words: Callable[[QWidget, str, str], object]) -> None:
    """A line with a button that empties it; `words` is the screen's `Words`."""
    edit.setClearButtonEnabled(True)
    words(edit.findChildren(QToolButton)[0], "accessibleName", N_("Empty the line"))


def read_by_keyboard(area: QScrollArea, said: str = "") -> QLabel:
    """Let arrows and Page Down read the labels in the area. Its first label, which is returned, takes the keyboard for
    that: a scrolled area has no role for a screen reader. `said`: everything else that stands there."""
    head = area.findChildren(QLabel)[0]
    head.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    head.setProperty("reads", True)
    if said:
        head.setAccessibleDescription(said)
    return head


def fit(window: QWidget) -> None:
    """Make a dialogue as high as its lines, once an error has come below one of them; never lower than it is."""
    layout = window.layout()
    if layout is not None:
        layout.activate()
        window.resize(window.width(), max(window.height(), layout.totalHeightForWidth(window.width())))


class Snug(QDialog):
    """A dialogue that comes as high as its lines are at its width. Qt goes by what lines that wrap would like to have,
    and leaves gaps between them."""

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        layout = self.layout()
        if layout is not None:
            layout.activate()
            self.resize(self.width(), layout.totalHeightForWidth(self.width()))


class Centred(QWidget):
    """`content` in the middle of what room there is, at most `width` pixels wide (at 100 % text, more at more)."""

    def __init__(self, content: QWidget, width: int) -> None:
        super().__init__()
        self._content, self._width = content, width
        line = row(self)
        line.addStretch(1)
        line.addWidget(content, 1000)
        line.addStretch(1)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self._content.setMaximumWidth(round(self._width * theme.current().scale))


class Pages(QWidget):
    """One of several pages, as high as that page. (A QStackedWidget is as high as the highest of them.)"""

    def __init__(self) -> None:
        super().__init__()
        self._lines = column(self)
        self._pages: list[QWidget] = []
        self._current = 0

    def addWidget(self, page: QWidget) -> None:
        """Add a page; the first is shown at once."""
        self._pages.append(page)
        self._lines.addWidget(page)
        page.setVisible(len(self._pages) == 1)

    def setCurrentIndex(self, index: int) -> None:
        """Show the page with this number, from 0."""
        self._current = index
        for at, page in enumerate(self._pages):
            page.setVisible(at == index)

    def currentIndex(self) -> int:
        """The number of the page shown."""
        return self._current

    def currentWidget(self) -> QWidget:
        """The page shown."""
        return self._pages[self._current]


class Lines(QPlainTextEdit):
    """A text of a few lines, as high as those lines are at the size of text in force. Tab goes on."""

    def __init__(self, lines: int) -> None:
        super().__init__()
        self._lines = lines
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        around = 2 * (GAP + self.frameWidth()) + round(2 * self.document().documentMargin())
        return QSize(super().sizeHint().width(), self.fontMetrics().lineSpacing() * self._lines + around)

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), self.sizeHint().height())
