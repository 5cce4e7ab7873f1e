"""A value that is right at a glance is right by the whole check: the glance decides nothing else."""

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.case_fields import FORMAT, SCHEMA, Doubled, Object
from app.domain.case_file import check_document, parse, read_case
from app.domain.case_glance import holds, read
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
    if holds(document):
        SCHEMA.check(document, "")


def kinds(spec: Any) -> list[Any]:
    return (
        [spec, *(kind for inner in spec.fields.values() for kind in kinds(inner))]
        if isinstance(spec, Object)
        else [spec]
    )


@given(st.sampled_from(kinds(SCHEMA)), ODD)
def test_no_kind_of_value_is_taken_for_right_that_is_wrong(spec: Any, odd: Any) -> None:
    if odd is not None and holds(odd, spec):
        spec.check(odd, "")


def test_a_whole_right_case_is_right_at_a_glance() -> None:
    """Else the glance would be no use: every case would be checked twice."""
    assert holds(SAMPLE)
    check_document(SAMPLE)


def test_a_case_that_is_wrong_at_a_glance_is_told_by_the_whole_check() -> None:
    with pytest.raises(UserError) as told:
        check_document({"format": FORMAT, "person": Doubled({"iin": "1"}, "iin")})
    assert told.value.where == "person.iin"


LINE = json.dumps(SAMPLE, ensure_ascii=False)


@pytest.mark.parametrize(
    "line",
    [LINE, json.dumps(SAMPLE, separators=(",", ":")), json.dumps(SAMPLE),
     LINE.replace('"organisation": "', '"organisation": "Report: 1:2 ')],
)  # fmt: skip
def test_a_right_case_is_read_at_a_glance_however_it_is_laid_out(line: str) -> None:
    """Else the glance would be no use, and a batch of such cases slow."""
    assert read(line.encode()) == parse(line.encode())


@pytest.mark.parametrize("place", [place for place in places(SAMPLE) if place and isinstance(place[-1], str)])
@pytest.mark.parametrize("between", [":", ": ", " : ", "\t:\n", "\r\n :"])
def test_no_key_that_stands_twice_passes_at_a_glance(place: tuple[Any, ...], between: str) -> None:
    """Also where blanks part keys from their colons, and where as many colons stand in texts."""
    twice = copy.deepcopy(SAMPLE)
    twice["referral"]["organisation"] = 'a":b'
    at: Any = twice
    for key in place[:-1]:
        at = at[key]
    at["\x00"] = at[place[-1]]
    line = json.dumps(twice, ensure_ascii=False).replace('": ', f'"{between}')
    double = line.replace('"\\u0000"', f'"{place[-1]}"').encode()
    assert read(double) is None
    with pytest.raises(UserError, match="stands twice"):
        read_case(double)


@pytest.mark.parametrize(
    "wrong",
    [LINE.replace('": ', '": NaN, "', 1), "\ufeff" + LINE, LINE[:-1], LINE + LINE, "[]", "null", "9" * 5_000,
     '{"a":' * 100_000, "", LINE.replace('"format"', '"formats"')],
)  # fmt: skip
def test_what_is_no_right_case_is_left_to_the_whole_check(wrong: str) -> None:
    assert read(wrong.encode()) is None
    assert read(wrong.encode("utf-16")) is None


@pytest.mark.parametrize("blank", [" ", "\t", "\n", "\r"])
def test_a_key_parted_from_its_colon_does_not_make_up_for_one_that_stands_twice(blank: str) -> None:
    parted = LINE.replace('"format":', f'"format"{blank}:')
    assert read(parted.encode()) == SAMPLE
    assert read(parted.replace('"sex":', '"sex": "male", "sex":').encode()) is None
