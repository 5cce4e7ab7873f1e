"""Letters in doubt: taken for another one only where the place and the check digits prove it."""

from collections.abc import Mapping
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain import mrz
from app.domain.mrz import Mrz
from app.domain.mrz_letters import ALPHABET, settled
from tests.unit.test_mrz import CARD, PASSPORT, card

TODAY = date(2026, 11, 30)
Likely = Mapping[str, float]
_BARE = {*((0, at) for at in range(5)), (1, 7), (1, 15), (1, 16), (1, 17)}
HELD = card(iin="710614301212")


def seen(text: str, doubts: Mapping[tuple[int, int], Likely] | None = None, spare: int = 0) -> Mrz | None:
    """What is settled where each letter is sure but for those at (row, place)."""
    lines = []
    for row, line in enumerate(text.split("\n")):
        cells = [[0.0] * len(ALPHABET) + [1.0] for _ in range(spare)]
        for at, letter in enumerate(line):
            likely = (doubts or {}).get((row, at), {letter: 0.99})
            cells.append([likely.get(each, 0.0001) for each in ALPHABET] + [0.0001])
        lines.append(cells + [[0.0] * len(ALPHABET) + [1.0] for _ in range(spare)])
    return settled(lines, TODAY)


def test_sure_letters_are_read_with_cells_to_spare_at_the_ends() -> None:
    for text in (CARD, PASSPORT, HELD):
        for spare in (0, 1, 3):
            assert seen(text, spare=spare) == mrz.read(text, TODAY)


def test_look_alikes_are_set_right_by_their_place() -> None:
    truth = mrz.read(HELD, TODAY)
    # O for 0 and I for 1 in a birth date, which has digits alone; 1 for I in the code, which has letters alone.
    assert seen(HELD, {(1, 2): {"O": 0.9, "0": 0.05}, (1, 1): {"I": 0.9, "1": 0.05}}) == truth
    assert seen(HELD, {(0, 0): {"1": 0.5, "I": 0.45}}) == truth


def test_look_alikes_are_set_right_by_the_check_digits() -> None:
    truth = mrz.read(HELD, TODAY)
    assert HELD.split("\n")[0][5:14] == "012345678"
    assert seen(HELD, {(0, 5): {"O": 0.6, "0": 0.39}}) == truth
    assert seen(HELD, {(0, 13): {"B": 0.55, "8": 0.44}, (0, 10): {"S": 0.6, "5": 0.3}}) == truth


def test_what_does_not_check_is_not_taken() -> None:
    assert seen(HELD.replace("012345678", "012345679")) is None
    assert seen(HELD.replace("710614301212", "710614301213")) is None


def test_what_no_check_digit_covers_has_to_be_sure() -> None:
    for place in ((1, 7), (1, 15), (0, 2), (0, 1)):
        letter = HELD.split("\n")[place[0]][place[1]]
        assert seen(HELD, {place: {letter: 0.6, "<": 0.35}}) is None, place


def test_many_doubts_are_too_many() -> None:
    doubts = {(0, at): {HELD[at]: 0.4, "7": 0.3, "3": 0.29} for at in range(5, 14)}
    assert seen(HELD, doubts) is None


def test_a_number_of_kazakhstan_agrees_with_birth_and_sex_or_is_not_there() -> None:
    assert seen(card(iin="")) is not None
    assert seen(card(sex="F")) is None  # the number tells a man
    assert seen(card(birth="710615")) is None
    assert seen(card(iin="71061430121")) is None  # eleven digits are none


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_whatever_is_doubted_the_truth_is_read_or_nothing(data: st.DataObject) -> None:
    """Any cells whose likeliest letter may be another one: no reading but the true one comes out.

    At places that no check digit covers the truth stays in sight: there is nothing else to go by.
    """
    lines = HELD.split("\n")
    doubts: dict[tuple[int, int], Likely] = {}
    for _ in range(data.draw(st.integers(1, 8))):
        row = data.draw(st.integers(0, 1))
        at = data.draw(st.integers(0, 29))
        bare = (row, at) in _BARE
        share = data.draw(st.floats(0.12 if bare else 0.05, 0.95))
        doubts[row, at] = {data.draw(st.sampled_from(ALPHABET)): 1 - share, lines[row][at]: share}
    assert seen(HELD, doubts) in (None, mrz.read(HELD, TODAY))
