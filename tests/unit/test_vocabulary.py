"""The closed lists and their words."""

from enum import StrEnum

import pytest

from app.domain import vocabulary
from app.domain.vocabulary import LABELS, PaperKind, Purpose
from app.i18n import translator

LISTS = [each for each in vars(vocabulary).values() if isinstance(each, type) and issubclass(each, StrEnum)]


@pytest.mark.parametrize("members", [each for each in LISTS if each is not StrEnum], ids=lambda each: each.__name__)
def test_each_member_of_a_list_has_words_of_its_own_or_none_has(members: type[StrEnum]) -> None:
    """Two lists may share a value; a literal would lose the words of one of them."""
    labelled = [member for member in members if member in LABELS]
    assert labelled in ([], list(members))
    assert len({LABELS[member] for member in labelled}) == len(labelled)


def test_equal_values_of_two_lists_have_their_own_words() -> None:
    t = translator("en")
    assert Purpose.GENERAL_CAPACITY == PaperKind.GENERAL_CAPACITY
    assert [t.show(member) for member in (Purpose.GENERAL_CAPACITY, PaperKind.GENERAL_CAPACITY)] == [
        "loss of general working capacity", "certificate of loss of general capacity",
    ]  # fmt: skip
    assert "draft" not in LABELS
