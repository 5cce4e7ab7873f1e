"""Colours that everybody can read, and letters for every language."""

import itertools

import pytest
from PySide6.QtGui import QFontDatabase, QFontMetrics, QRawFont
from PySide6.QtWidgets import QApplication

from app import paths
from ui import theme
from ui.theme import DARK, LIGHT, Appearance, Colours, Theme

TEXT_PAIRS = [
    *itertools.product(("text", "muted"), ("window", "surface", "sunken")),
    *itertools.product(("text",), ("accent_soft", "warning_soft", "danger_soft")),
    *itertools.product(("accent", "danger", "warning"), ("window", "surface")),
    ("on_accent", "accent"), ("on_accent", "accent_strong"), ("on_danger", "danger"),
    ("accent_strong", "accent_soft"), ("warning", "warning_soft"), ("danger", "danger_soft"), ("surface", "text"),
]  # fmt: skip
PART_PAIRS = [*itertools.product(("edge", "accent", "danger", "warning"), ("window", "surface"))]


def luminance(colour: str) -> float:
    """Relative luminance of WCAG 2.2."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXT_PAIRS)
def test_words_have_a_contrast_of_at_least_four_and_a_half(scheme: Colours, ink: str, ground: str) -> None:
    assert contrast(getattr(scheme, ink), getattr(scheme, ground)) >= 4.5


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("line", "ground"), PART_PAIRS)
def test_edges_of_controls_have_a_contrast_of_at_least_three(scheme: Colours, line: str, ground: str) -> None:
    assert contrast(getattr(scheme, line), getattr(scheme, ground)) >= 3


def test_the_measure_of_contrast_knows_black_on_white() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("face", ["PTSans-Regular.ttf", "PTSans-Bold.ttf"])
def test_the_bundled_face_has_every_kazakh_letter(qapp: QApplication, face: str) -> None:
    font = QRawFont(str(paths.resource("fonts", face)), 12)
    letters = "ӘәҒғҚқҢңӨөҰұҮүҺһІі«»№–—…·"
    assert [letter for letter in letters if not font.supportsCharacter(ord(letter))] == []


def test_the_window_is_set_in_the_bundled_face(qapp: QApplication) -> None:
    Appearance(qapp, "light")
    assert qapp.font().families() == ["PT Sans", "DejaVu Sans"]
    assert "PT Sans" in QFontDatabase.families()


def test_all_sizes_grow_together(qapp: QApplication) -> None:
    appearance = Appearance(qapp, "light")
    before = QFontMetrics(qapp.font()).lineSpacing()
    appearance.set("light", 1.5)
    assert QFontMetrics(qapp.font()).lineSpacing() >= 1.4 * before
    assert [Theme("light", 1.5).points(size) for size in ("body", "section", "heading", "title")] == [
        16.5,
        19.5,
        24,
        33,
    ]
    appearance.set("light", 1.0)


def test_a_size_beyond_the_range_is_held(qapp: QApplication) -> None:
    appearance = Appearance(qapp, "light")
    appearance.set("light", 9.0)
    assert appearance.scale == 1.5
    appearance.set("light", 1.0)


def test_the_palette_follows_the_choice_of_colours(qapp: QApplication) -> None:
    appearance = Appearance(qapp, "light")
    appearance.set("dark", 1.0)
    assert qapp.palette().window().color().name() == DARK.window
    assert theme.current().mode == "dark"
    appearance.set("light", 1.0)
    assert qapp.palette().window().color().name() == LIGHT.window


def test_an_icon_is_drawn_in_the_ink_asked_for(qapp: QApplication) -> None:
    image = Theme("dark", 1.0).icon("lock", "#ff0000").pixmap(32, 32).toImage()
    inks = {
        image.pixelColor(x, y).name() for x in range(32) for y in range(32) if image.pixelColor(x, y).alpha() == 255
    }
    assert inks == {"#ff0000"}
