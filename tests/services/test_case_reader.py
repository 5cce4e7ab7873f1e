"""A value that is right at a glance is right by the whole check: the glance decides nothing else."""

import copy
import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.domain import case_file
from app.domain.case_fields import FORMAT, Doubled
from app.domain.case_file import check_document, parse
from app.domain.errors import UserError
from app.services.case_reader import at_a_glance, read_case
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


# As they may stand in a file though no document has them.
WRITTEN = st.sampled_from(["1.0", "1e0", "-0", "1E2", "0.5", "0.505", "100000000000000000000", "1e400", "NaN",
                           '"\\u0041"', '"\\ud800"', '"\\n"', "[1.0]", "true", '{"kind": "years", "value": 2.0}',
                           '{"kind": "no_term"}', '{"better_eye": 0.333}', '{"better_eye": 1}'])  # fmt: skip


def outcome(read: Any, data: bytes) -> Any:
    """What a reading gives: the case, to the type of each value, or the refusal."""
    try:
        return repr(read(data))
    except UserError as error:
        return error.where, error.text


@given(
    st.sampled_from(places(SAMPLE)[1:]), st.one_of(ODD.map(lambda odd: json.dumps(odd, ensure_ascii=False)), WRITTEN)
)
@example(("person", "surname"), json.dumps("x" * 501))
@example(("diagnosis", "main", "text"), json.dumps("x" * 100_000))
@example(("facts", "anatomical_defects"), '["both_hands", "both_hands"]')
@example(("facts", "functions", "mental"), "1.0")
@example(("facts", "insured"), "1")
def test_a_case_of_a_batch_is_read_as_one_alone_is(place: tuple[Any, ...], odd: str) -> None:
    """Right or wrong, with whatever value in whatever place: the same case, or the same words."""
    document = copy.deepcopy(SAMPLE)
    at: Any = document
    for key in place[:-1]:
        at = at[key]
    at[place[-1]] = "here it is"
    data = json.dumps(document, ensure_ascii=False).replace('"here it is"', odd).encode("utf-8", "surrogatepass")
    assert outcome(read_case, data) == outcome(case_file.read_case, data)


@pytest.mark.parametrize("scale", ["visual_acuity", "barthel", "mmse"])
@given(entries=st.dictionaries(st.sampled_from(["better_eye", "total", "feeding", "x"]),
                               st.one_of(st.integers(-1, 40), st.floats(0, 3), st.none(), st.just(0.25)),
                               max_size=3))  # fmt: skip
def test_scales_of_a_batch_are_read_as_those_of_one_alone(scale: str, entries: dict[str, Any]) -> None:
    data = json.dumps({**SAMPLE, "scales": {scale: entries}}).encode()
    assert outcome(read_case, data) == outcome(case_file.read_case, data)


def test_a_case_that_is_wrong_at_a_glance_is_told_by_the_whole_check() -> None:
    with pytest.raises(UserError) as told:
        check_document({"format": FORMAT, "person": Doubled({"iin": "1"}, "iin")})
    assert told.value.where == "person.iin"


LINE = json.dumps(SAMPLE, ensure_ascii=False)


@pytest.mark.parametrize(
    "line",
    [LINE, json.dumps(SAMPLE, ensure_ascii=False, separators=(",", ":")),
     LINE.replace('"organisation": "', '"organisation": "Report: 1:2 ')],
)  # fmt: skip
def test_a_right_case_is_read_at_a_glance_however_it_is_laid_out(line: str) -> None:
    """Else the glance would be no use, and a batch of such cases slow."""
    assert at_a_glance(line.encode()) == parse(line.encode())


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
    assert at_a_glance(double) is None
    with pytest.raises(UserError, match="stands twice"):
        read_case(double)


@pytest.mark.parametrize(
    "wrong",
    [LINE.replace('": ', '": NaN, "', 1), "\ufeff" + LINE, LINE[:-1], LINE + LINE, "[]", "null", "9" * 5_000,
     '{"a":' * 100_000, "", LINE.replace('"format"', '"formats"')],
)  # fmt: skip
def test_what_is_no_right_case_is_left_to_the_whole_check(wrong: str) -> None:
    assert at_a_glance(wrong.encode()) is None
    assert at_a_glance(wrong.encode("utf-16")) is None


@pytest.mark.parametrize("blank", [" ", "\t", "\n", "\r"])
def test_a_key_parted_from_its_colon_does_not_make_up_for_one_that_stands_twice(blank: str) -> None:
    parted = LINE.replace('"format":', f'"format"{blank}:')
    assert at_a_glance(parted.encode()) in (SAMPLE, None)
    assert at_a_glance(parted.replace('"sex":', '"sex": "male", "sex":').encode()) is None
