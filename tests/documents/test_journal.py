"""A journal on paper: every name whole, words broken as people break them, tall rows going on."""

import re

import pytest

from app.documents.journal import Journal, _broken, _syllables, render_journal
from tests.documents.papers import pages, text_of

WIDTH = 50.0


def journal(rows: list[list[str]]) -> bytes:
    return render_journal(
        Journal(
            title="Journal", department="Department", about=["all"],
            heads=["Date", "Name", "Words"], shares=[9, 14, 14],
            rows=rows, nothing="Nothing", page="Page {page} of {pages}", language="en",
        )
    )  # fmt: skip


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("Құдайбергенмұхамбетқызы", "Құ-дай-бер-ген-мұ-хам-бет-қы-зы"),
        ("Мұхаммедрахымқұлова", "Мұ-хам-мед-ра-хым-құ-ло-ва"),
        ("переосвидетельствование", "пе-реос-ви-де-тельст-во-ва-ние"),
        ("examination", "exa-mi-na-tion"),
        ("0000123/45", "0000123/|45"),
        ("ТОО", "ТОО"),
    ],
)
def test_words_are_broken_between_syllables_alone(word: str, parts: str) -> None:
    found, last = "", 0
    for at in sorted(_syllables(word)):
        found += word[last:at] + ("|" if word[at - 1] in "-/" else "-")
        last = at
    assert found + word[last:] == parts


def test_a_word_that_is_too_wide_has_a_hyphen_where_it_is_broken_and_a_number_has_none() -> None:
    assert re.fullmatch(r"(\w{2,}-\n)+\w{2,}", _broken("Құдайбергенмұхамбетқызы", WIDTH, 8))
    assert _broken("0" * 40, WIDTH, 8).replace("\n", "") == "0" * 40
    assert _broken("Гүлнұр", WIDTH, 8) == "Гүлнұр"


def test_the_longest_names_are_whole_and_a_row_higher_than_a_page_goes_on() -> None:
    name = " ".join(f"ұзын{n:03}атау" for n in range(400))
    data = journal([["17.11.2026", name, "қысқа"], ["18.11.2026", "Әлия", "соңғы"]])
    shown = text_of(data)
    assert pages(data) > 1
    assert [word for word in name.split() if word not in shown] == []
    assert "…" not in shown
    assert shown.index("соңғы") > shown.index("ұзын399атау")
    assert shown.count("Name Words") == pages(data), "the heads of the columns stand on each page"
