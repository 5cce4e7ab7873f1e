"""Refusals keep their sentence, their place and their kind on the way from another process."""

import pickle

import pytest

from app.domain.errors import CheckFailed, KnownError, UserError
from app.domain.text import Text
from app.services.edition_keys import HasGaps


@pytest.mark.parametrize("kind", [CheckFailed, KnownError, UserError])
def test_a_refusal_comes_whole_from_another_process(kind):
    refusal = kind(Text("Line {n} is empty.", {"n": 3}), where="person.iin")
    again = pickle.loads(pickle.dumps(refusal))  # noqa: S301 - our own bytes
    assert type(again) is kind
    assert str(again) == str(refusal)
    assert (again.text, again.where) == (refusal.text, "person.iin")


def test_so_does_one_that_carries_more():
    refusal = HasGaps(Text("No.", {}), ())
    again = pickle.loads(pickle.dumps(refusal))  # noqa: S301 - our own bytes
    assert (again.text, again.findings) == (refusal.text, ())
