"""The quick way of canonical JSON writes what RFC 8785 says, byte for byte, or leaves it to the slow one."""

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from app.crypto import digests

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**54), 2**54) | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=20,
)


@given(VALUES)
def test_both_ways_write_the_same(value: object) -> None:
    try:
        expected = rfc8785.dumps(value)
    except ValueError as error:
        with pytest.raises(type(error)):
            digests.canonical(value)
        return
    assert digests.canonical(value) == expected


ODD = (
    '\x00\x1f\x7f\x80\u2028\ud7ff\ue000\ufffe\U0001f600"\\/\b\f\n\r\t',
    {"b": 1, "a": [True, None, -0, "қ"]},
    {"\U0001f600": 1, "\uffff": 2},
    2**53 - 1,
    1.0,
    (1, 2),
    {"a": {"b": 1e21}},
)


@pytest.mark.parametrize("value", ODD)
def test_odd_values_are_written_alike(value: object) -> None:
    assert digests.canonical(value) == rfc8785.dumps(value)


def test_half_a_pair_is_refused_as_before() -> None:
    with pytest.raises(rfc8785.CanonicalizationError):
        digests.canonical({"a": "\ud800"})
