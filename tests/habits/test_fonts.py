"""Every bundled face shows every word of ours; a sign that a face lacks is a declared one and DejaVu Sans has it."""

import tomllib
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from fontTools.ttLib import TTFont

ROOT = Path(__file__).resolve().parents[2]
FONTS = sorted((ROOT / "resources" / "fonts").glob("*.ttf"))
FALLBACK = "DejaVuSans.ttf"
KAZAKH = "әғқңөұүһі" + "ӘҒҚҢӨҰҮҺІ"
# Signs, not letters: they may come from the fallback face without looking odd in a line.
SIGNS = frozenset("₸☐☑✓✗✕⚠ⓘ→↑↓←≥≤≠●○◦▪…−\N{REPLACEMENT CHARACTER}")


@cache
def covered(path: Path) -> frozenset[str]:
    with TTFont(path, lazy=True) as font:
        return frozenset(map(chr, font.getBestCmap()))


def strings(value: object) -> list[str]:
    """Every string of a TOML document."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for one in value.values() for text in strings(one)]
    if isinstance(value, list):
        return [text for one in value for text in strings(one)]
    return []


@cache
def our_characters() -> frozenset[str]:
    """What stands in catalogues, rule packs, templates and classifiers."""
    texts: list[str] = []
    for path in (ROOT / "resources").rglob("*.po"):
        with path.open("rb") as file:
            for message in read_po(file):
                for one in (message.id, message.string):
                    texts += one if isinstance(one, list | tuple) else [one or ""]
    for path in (ROOT / "resources").rglob("*.toml"):
        with path.open("rb") as file:
            texts += strings(tomllib.load(file))
    return frozenset(
        character for text in texts for character in text if character.isprintable() or character == "\u00a0"
    )


def test_the_words_are_read_at_all() -> None:
    assert frozenset(KAZAKH[:7]) <= our_characters()


@pytest.mark.parametrize("font", FONTS, ids=lambda path: path.name)
def test_a_face_has_all_kazakh_letters(font: Path) -> None:
    assert frozenset(KAZAKH) - covered(font) == frozenset()


@pytest.mark.parametrize("font", FONTS, ids=lambda path: path.name)
def test_a_face_has_every_character_of_our_words(font: Path) -> None:
    missing = our_characters() - covered(font)
    assert missing - SIGNS == frozenset()
    assert missing - covered(font.with_name(FALLBACK)) == frozenset()


def test_each_family_of_faces_has_its_licence() -> None:
    licences = {path.name for path in (ROOT / "resources" / "fonts").glob("LICENSE*")}
    assert len(licences) >= 2
