"""A change of a long text kept as an edit is exactly that change, forwards and backwards."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.edits import WORTH, apply, edit_of

LONG = "Шағымдары: бас айналу, әлсіздік, жүргенде тайқу. " * 12


@given(at=st.integers(0, len(LONG)), cut=st.integers(0, 60), put=st.text(max_size=60))
def test_an_edit_leads_from_one_text_to_the_other_and_back(at: int, cut: int, put: str) -> None:
    new = LONG[:at] + put + LONG[at + cut :]
    edit = edit_of(LONG, new)
    assert edit is not None
    assert apply(LONG, *edit) == new
    assert apply(new, edit[1], edit[0]) == LONG
    assert len(edit[0]["text"]) <= cut
    assert len(edit[1]["text"]) <= len(put)


def test_short_texts_and_other_values_are_kept_whole() -> None:
    assert edit_of("бас", "бас айналу") is None
    assert edit_of(None, LONG) is None
    assert edit_of(["a"] * WORTH, ["b"]) is None
    assert edit_of(LONG, "x" * len(LONG)) is None, "where nothing is common, an edit saves nothing"


def test_an_edit_of_another_text_is_refused() -> None:
    edit = edit_of(LONG, LONG.replace("тайқу", "құлау", 1))
    assert edit is not None
    with pytest.raises(ValueError, match="another text"):
        apply("Басқа мәтін. " * 50, *edit)
