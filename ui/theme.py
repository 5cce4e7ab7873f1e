"""The look of every widget: tokens in one place, and the palette, style sheet and icons made of them.

Widgets choose by role, never by colour: `label.setProperty("role", "hint")`, `button.setProperty("kind",
"primary")`; `theme.current()` serves those that paint themselves. Contrast of each pair is tested at WCAG 2.2 AA.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Final, Literal

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QIcon, QImage, QPalette, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from app import paths
from ui.style_sheet import style_sheet

Mode = Literal["light", "dark"]
Choice = Literal["system", "light", "dark"]

GRID: Final = 8  # px: margins and gaps are whole or half multiples of it
SIZES: Final[Mapping[str, int]] = MappingProxyType({"body": 11, "section": 13, "heading": 16, "title": 22})  # pt
MIN_SCALE, MAX_SCALE = 1.0, 1.5


@dataclass(frozen=True, slots=True)
class Colours:
    """One scheme, as `#rrggbb`. `*_soft` are backgrounds for `text` and for the colour they are named after."""

    window: str
    surface: str
    sunken: str
    text: str
    muted: str
    line: str  # thin borders that only separate
    edge: str  # borders that show where a control is (3:1)
    accent: str
    on_accent: str
    accent_strong: str
    accent_soft: str
    warning: str
    warning_soft: str
    danger: str
    on_danger: str
    danger_soft: str


LIGHT: Final = Colours(
    window="#f4f6f7", surface="#ffffff", sunken="#e9edef", text="#1b2125", muted="#525c65",
    line="#d3d9de", edge="#79838d",
    accent="#00677a", on_accent="#ffffff", accent_strong="#004f5e", accent_soft="#ddf0f3",
    warning="#7d4e00", warning_soft="#fdf1d8", danger="#ae1f1a", on_danger="#ffffff", danger_soft="#fce9e7",
)  # fmt: skip
DARK: Final = Colours(
    window="#16191c", surface="#1e2226", sunken="#262b30", text="#e6e9ec", muted="#a9b1b9",
    line="#353b42", edge="#7f8994",
    accent="#5cc6d8", on_accent="#05262d", accent_strong="#8bdae7", accent_soft="#16363d",
    warning="#efb85c", warning_soft="#352a14", danger="#ff958b", on_danger="#3a0b08", danger_soft="#40201e",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Theme:
    """The look chosen: a scheme and how large words are (1.0 to 1.5)."""

    mode: Mode
    scale: float

    @property
    def colours(self) -> Colours:
        return DARK if self.mode == "dark" else LIGHT

    def points(self, size: str) -> float:
        """Type size in points of `body`, `section`, `heading` or `title`."""
        return SIZES[size] * self.scale

    def font(self, size: str = "body", *, bold: bool = False) -> QFont:
        """The bundled face; DejaVu Sans fills in what it lacks (₸ ☐ ☑ ✓)."""
        font = QFont()
        font.setFamilies(["PT Sans", "DejaVu Sans"])
        font.setPointSizeF(self.points(size))
        font.setBold(bold)
        return font

    def icon(self, name: str, colour: str | None = None) -> QIcon:
        """An icon of `resources/icons` in `colour` (`#rrggbb`, else the text's), for light or dark alike."""
        return _icon(name, colour or self.colours.text)


@lru_cache(maxsize=128)
def _icon(name: str, colour: str) -> QIcon:
    drawing = paths.resource("icons", f"{name}.svg").read_bytes()
    sized = drawing.replace(b"currentColor", colour.encode()).replace(b'width="24"', b'width="64"', 1)
    sized = sized.replace(b'height="24"', b'height="64"', 1)
    return QIcon(QPixmap.fromImage(QImage.fromData(sized)))


class Appearance(QObject):
    """The application's look: applies a theme to everything and tells when it changed."""

    changed = Signal()

    def __init__(self, app: QApplication, choice: Choice = "system", scale: float = 1.0) -> None:
        super().__init__()
        self._app = app
        self._choice: Choice = choice
        self._scale = scale
        _load_faces()
        app.setStyle("Fusion")
        app.styleHints().colorSchemeChanged.connect(self._system_changed)
        self._apply()

    @property
    def choice(self) -> Choice:
        return self._choice

    @property
    def scale(self) -> float:
        return self._scale

    def set(self, choice: Choice, scale: float) -> None:
        """Take another look at once; `scale` is held between 1.0 and 1.5."""
        scale = min(max(scale, MIN_SCALE), MAX_SCALE)
        if (choice, scale) != (self._choice, self._scale):
            self._choice, self._scale = choice, scale
            self._apply()

    def _system_changed(self) -> None:
        if self._choice == "system":
            self._apply()

    def _apply(self) -> None:
        global _current  # noqa: PLW0603 - one look per process, like Qt's own palette
        dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
        mode: Mode = ("dark" if dark else "light") if self._choice == "system" else self._choice
        _current = Theme(mode, self._scale)
        self._app.setPalette(palette(_current.colours))
        self._app.setFont(_current.font())
        self._app.setStyleSheet(style_sheet(_current.colours, _current.points))
        self.changed.emit()


@cache
def _load_faces() -> None:
    for face in ("PTSans-Regular.ttf", "PTSans-Bold.ttf", "DejaVuSans.ttf"):
        QFontDatabase.addApplicationFont(str(paths.resource("fonts", face)))


_current = Theme("light", 1.0)


def current() -> Theme:
    """The theme in force, for widgets that paint or choose icons; listen to `Appearance.changed` or `StyleChange`."""
    return _current


def palette(c: Colours) -> QPalette:
    """Qt's palette of one scheme: what the style sheet leaves to Fusion follows it."""
    result = QPalette()
    role = QPalette.ColorRole
    for key, colour in (
        (role.Window, c.window), (role.WindowText, c.text), (role.Base, c.surface), (role.AlternateBase, c.window),
        (role.Text, c.text), (role.Button, c.surface), (role.ButtonText, c.text), (role.BrightText, c.danger),
        (role.PlaceholderText, c.muted), (role.Highlight, c.accent), (role.HighlightedText, c.on_accent),
        (role.Accent, c.accent), (role.Link, c.accent), (role.LinkVisited, c.accent), (role.ToolTipBase, c.text),
        (role.ToolTipText, c.surface), (role.Light, c.surface), (role.Midlight, c.sunken), (role.Mid, c.line),
        (role.Dark, c.edge), (role.Shadow, c.line),
    ):  # fmt: skip
        result.setColor(key, QColor(colour))
    for key in (role.WindowText, role.Text, role.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, key, QColor(c.edge))
    return result


def restyle(widget: QWidget) -> None:
    """Make Qt read a widget's changed dynamic properties (`role`, `kind`, `tone`) again."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()
