"""No character is dropped: what a face lacks comes from DejaVu Sans, and what that lacks is shown and remembered."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.documents import fonts
from app.documents.fonts import FALLBACK, REPLACEMENT, SERIF, Typesetter
from tests.documents.papers import KAZAKH, ROOT

FACES = (fonts.SERIF, fonts.SERIF_BOLD, fonts.SERIF_ITALIC, fonts.SANS, fonts.SANS_BOLD)


@pytest.mark.parametrize("face", FACES)
def test_each_face_has_the_kazakh_letters(face: str) -> None:
    assert fonts.coverage(face).issuperset(KAZAKH)


def strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return [text for item in items for text in strings(item)]


@pytest.mark.parametrize(
    "path",
    [
        path
        for part in ("templates", "rulepacks", "classifiers")
        for path in (ROOT / "resources" / part).rglob("*.toml")
    ],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_every_word_of_templates_and_packs_has_its_glyphs(path: Path) -> None:
    for face in FACES:
        setter = Typesetter()
        for text in strings(tomllib.loads(path.read_text(encoding="utf-8"))):
            setter.runs(text, face)
        assert setter.missing <= {REPLACEMENT}


def test_a_sign_that_the_face_lacks_comes_from_the_fallback() -> None:
    runs = Typesetter().runs("5 ₸ ☑ иә", SERIF)
    assert runs == [(SERIF, "5 "), (FALLBACK, "₸"), (SERIF, " "), (FALLBACK, "☑"), (SERIF, " иә")]


def test_what_no_face_has_is_shown_and_remembered() -> None:
    setter = Typesetter()
    assert setter.runs("а\U0001f9ff\ud800\x00б", SERIF) == [(SERIF, "а"), (FALLBACK, REPLACEMENT * 3), (SERIF, "б")]
    assert setter.missing == {"\U0001f9ff", "\ud800", "\x00"}


def test_letters_typed_in_two_parts_are_composed() -> None:
    assert Typesetter().runs("и\u0306 е\u0308", SERIF) == [(SERIF, "й ё")]


@given(st.text(st.characters(exclude_categories=["Cf"], exclude_characters="\r\t\u2009\u202f"), max_size=60))
def test_nothing_is_lost_from_any_text(text: str) -> None:
    import unicodedata

    composed = unicodedata.normalize("NFC", text)
    setter = Typesetter()
    shown = "".join(run for _, run in setter.runs(text, SERIF))
    assert len(shown) == len(composed)
    for was, now in zip(composed, shown, strict=True):
        assert now == was or (now == REPLACEMENT and was in setter.missing)


def test_asking_which_papers_there_are_loads_no_reportlab() -> None:
    code = (
        "import sys, app.documents, app.documents.letterhead, app.commands.documents, app.commands.print_documents;"
        "sys.exit(any(name.split('.')[0] in ('reportlab', 'babel', 'zxingcpp') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, timeout=60, check=False).returncode == 0
