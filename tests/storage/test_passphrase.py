"""What counts as enough, and what a guesser has at once."""

import pytest

from app.crypto.passphrase import MINIMUM_SCORE, strength

OWN = ("aigul", "Айгүл Серік")


@pytest.mark.parametrize(
    "guessed",
    ["1q2w3e4r5t", "1qaz2wsx3edc", "q1w2e3r4t5y6", "qazwsxedcrfv", "zaq1@WSXcde3", "passw0rd2026", "P@ssw0rd123",
     "sunshine2024", "medicine2026", "Saraptama2026", "комиссия2026", "Астана2026!", "liverpool1892", "йцукен123456",
     "1й2ц3у4к5е6н", "gfhjkm2026", "пароль2026", "aigul-1990-2026"],
)  # fmt: skip
def test_walks_over_the_keyboard_and_words_with_a_year_are_not_enough(guessed: str) -> None:
    assert strength(guessed, OWN).score < MINIMUM_SCORE


@pytest.mark.parametrize(
    "words",
    ["үш дәрігер бір ноутбук қар", "басқа төрт сөз керек болды", "тау өзен көпір шам", "алма есік бұлт қасық",
     "синий трактор едет рекой", "correct horse battery staple", "new words for the door"],
)  # fmt: skip
def test_four_words_that_do_not_belong_together_are_enough_in_each_language(words: str) -> None:
    assert strength(words, OWN).score >= MINIMUM_SCORE


def test_a_very_long_passphrase_is_judged_in_bounded_time_and_strong() -> None:
    assert strength("үш дәрігер бір ноутбук қар " * 40 + "соңы басқаша аяқталады", OWN).score >= MINIMUM_SCORE
