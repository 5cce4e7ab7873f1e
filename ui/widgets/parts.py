"""Small builders: labels, buttons and panels by role, columns on the 8-pixel grid."""

from typing import TypeVar

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

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
    made = QPushButton()
    if kind:
        made.setProperty("kind", kind)
    made.setCheckable(checkable)
    made.setAutoDefault(True)
    if icon:
        IconKeeper(made, icon, alone=alone)
    return made


class IconKeeper(QObject):
    """Colours a button's icon anew when the look changes."""

    def __init__(self, target: QPushButton, name: str, *, alone: bool = False) -> None:
        super().__init__(target)
        self._target, self._name, self._gap = target, name, 0 if alone else GAP
        target.installEventFilter(self)
        self._draw()

    def set_name(self, name: str) -> None:
        """Show another icon."""
        self._name = name
        self._draw()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.StyleChange:
            self._draw()
        return super().eventFilter(watched, event)

    def _draw(self) -> None:
        look = theme.current()
        kind = self._target.property("kind")
        c = look.colours
        ink = {"primary": c.on_accent, "danger": c.danger}.get(kind, c.text)
        side = round(17 * look.scale)
        self._target.setIcon(_with_gap(look.icon(self._name, ink), side, self._gap))
        self._target.setIconSize(QSize(side + self._gap, side))


def _with_gap(icon: QIcon, side: int, gap: int) -> QIcon:
    """The icon with room at its right, where Qt would set the word close to it."""
    if not gap:
        return icon
    wide = QIcon()
    for mode in (QIcon.Mode.Normal, QIcon.Mode.Disabled):
        drawn = icon.pixmap(QSize(side, side) * _FINE, mode)
        canvas = QPixmap(QSize(side + gap, side) * _FINE)
        canvas.fill(Qt.GlobalColor.transparent)
        painter = QPainter(canvas)
        painter.drawPixmap(0, 0, drawn)
        painter.end()
        wide.addPixmap(canvas, mode)
    return wide


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
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
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
