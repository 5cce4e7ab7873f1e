"""The help of F1: the same records in three languages, none of them empty, every step and room among them."""

import pytest

from app.domain.text import LANGUAGES
from app.services.guidance import BASES, RECORDS, guidance
from app.services.steps import STEPS
from ui.sections import SECTIONS


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_step_and_every_room_has_help_in_every_language(language: str) -> None:
    told = guidance(language)
    assert tuple(told) == RECORDS
    assert {*STEPS, *(section.name for section in SECTIONS), "settings"} <= set(told)
    for name, record in told.items():
        assert 2 <= len(record.asks) <= 6, name
        assert 2 <= len(record.do) <= 6, name
        assert record.basis in BASES, name
        assert all(sentence.strip() and sentence.endswith(".") for sentence in (*record.asks, *record.do)), name


def test_the_three_languages_say_as_much_and_are_as_sure() -> None:
    for name, record in guidance("en").items():
        for language in ("kk", "ru"):
            other = guidance(language)[name]
            assert (len(other.asks), len(other.do), other.basis) == (len(record.asks), len(record.do), record.basis)
