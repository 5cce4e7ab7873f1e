"""A value that is right at a glance is right by the whole check: the glance decides nothing else."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.case_fields import FORMAT, SCHEMA, Doubled, Object
from app.domain.case_file import check_document
from app.domain.errors import UserError
from tests import factories

SAMPLE = factories.case_document({})


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a document, the document itself among them."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, one in inner for place in places(one, (*path, key)))]


ODD = st.one_of(
    st.none(), st.booleans(), st.integers(-2, 10**20), st.floats(), st.text(max_size=5), st.just("n/a"),
    st.sampled_from([0, 1, 1.0, 4, True, "2026-02-30", "2026-2-1", "1700-01-01", "x" * 100_000, "a\nb",
                     "a\x00b", "061211600012", "0612116000 2", [], {}, [{}], [None], ["disability", "disability"],
                     {"kind": "years", "value": 2}, {"kind": "years"}, {"kind": "no_term", "value": 1},
                     Doubled({"number": "1"}, "number")]),
    st.dictionaries(st.sampled_from(["mental", "kind", "value", "text", "icd10", "x"]), st.integers(0, 3), max_size=2),
)  # fmt: skip


@given(st.sampled_from(places(SAMPLE)[1:]), ODD)
def test_what_is_right_at_a_glance_has_no_fault(place: tuple[Any, ...], odd: Any) -> None:
    document = copy.deepcopy(SAMPLE)
    at: Any = document
    for key in place[:-1]:
        at = at[key]
    at[place[-1]] = odd
    if SCHEMA.holds(document):
        SCHEMA.check(document, "")


def kinds(spec: Any) -> list[Any]:
    return (
        [spec, *(kind for inner in spec.fields.values() for kind in kinds(inner))]
        if isinstance(spec, Object)
        else [spec]
    )


@given(st.sampled_from(kinds(SCHEMA)), ODD)
def test_no_kind_of_value_is_taken_for_right_that_is_wrong(spec: Any, odd: Any) -> None:
    if odd is not None and spec.holds(odd):
        spec.check(odd, "")


def test_a_whole_right_case_is_right_at_a_glance() -> None:
    """Else the glance would be no use: every case would be checked twice."""
    assert SCHEMA.holds(SAMPLE)
    check_document(SAMPLE)


def test_a_case_that_is_wrong_at_a_glance_is_told_by_the_whole_check() -> None:
    with pytest.raises(UserError) as told:
        check_document({"format": FORMAT, "person": Doubled({"iin": "1"}, "iin")})
    assert told.value.where == "person.iin"
