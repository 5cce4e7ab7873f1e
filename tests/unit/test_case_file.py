"""The case file's contract: each wrong value is a sentence with its path; what is optional may be absent or null."""

import copy
import json
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.case_file import (
    check_document,
    check_field,
    facts_of,
    get,
    new_document,
    problems,
    put,
    read_case,
    read_case_path,
)
from app.domain.errors import UserError
from app.domain.typed import IN_NO_LINE, IN_NO_TEXT
from app.i18n import translator

CASES = sorted((Path(__file__).parent.parent / "cases").glob("*.case.json"))
STROKE = json.loads(CASES[0].read_text(encoding="utf-8"))
T = translator("en")


def refusal(call, *arguments):
    with pytest.raises(UserError) as caught:
        call(*arguments)
    return caught.value.where, T.show(caught.value.text)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.name)
def test_the_sample_cases_are_taken(path):
    assert read_case_path(path)["format"] == "mse-case/1"


WRONG = [
    ("facts.limitations.movement", 4, "facts.limitations.movement: 4 is not one of 0, 1, 2, 3."),
    ("facts.limitations.movement", True, "true is not one of"),
    ("facts.limitations.movement", "2", '"2" is not one of'),
    ("facts.limitations.movement", 2.0, "2.0 is not one of"),
    ("facts.limitations.movement", "n/a", '"n/a" is not one of'),
    ("facts.functions.mental", 5, "5 is not one of"),
    ("facts.insured", 1, "1 is not one of"),
    ("facts.prognosis", "good", "favourable, doubtful, unfavourable"),
    ("facts.anatomical_defects", "shin_stump", "not a list"),
    ("facts.work_injury", True, "not an object"),
    ("facts.work_injury", {"capacity": "half"}, "full_loss"),
    ("person.iin", "71061430121", "12 digits"),
    ("person.iin", "71061430121２", "12 digits"),
    ("person.iin", 710614301212, "is not text"),
    ("person.sex", "Male", "male, female"),
    ("person.birth_date", "1971-02-29", "is not a date that exists"),
    ("person.birth_date", "14.06.1971", "is not a date that exists"),
    ("person.birth_date", "19710614", "is not a date that exists"),
    ("person.birth_date", 1971, "is not a date"),
    ("person.identity.kind", "driving_licence", "id_card"),
    ("person.representative", {"kind": "friend"}, "parent, guardian"),
    ("person.surname", "a\u0000b", "can't be printed"),
    ("referral.purpose", ["pension"], "disability"),
    ("referral.purpose", "disability", "not a list"),
    ("referral.exception", "old_age", "anatomical_defect"),
    ("examination.place", "street", "in_absentia_proactive"),
    ("examination.occasion", "second", "first, repeat"),
    ("examination.commission", [{"name": "A", "role": "chief"}], "head, member"),
    ("examination.commission", [{"name": "A", "title": "x"}], "not known"),
    ("diagnosis.main", {"icd10": "I69,3"}, "ICD-10"),
    ("diagnosis.accompanying", [{"icd10": "69"}], "ICD-10"),
    ("cause.code", "07", "07.1"),
    ("cause.code", 1, "01, 02"),
    ("cause.paper", {"date": "2026-13-01"}, "cause.paper.date"),
    ("previous.outcome", "undetermined", "group_1"),
    ("previous.period", {"kind": "years", "value": 0}, "whole number"),
    ("decision.general_capacity", 60.5, "whole number"),
    ("decision.general_capacity", 101, "whole number"),
    ("decision.general_capacity", True, "whole number"),
    ("decision.period", {"kind": "years"}, "Write a whole number above 0"),
    ("decision.period", {"kind": "no_term", "value": 1}, "only a period of months or of years has a number"),
    ("decision.period", {"kind": "forever"}, "until_18"),
    ("decision.reasons", [{"code": 5}], "is not text"),
]


@pytest.mark.parametrize(("path", "value", "says"), WRONG)
def test_a_wrong_value_is_refused_alike_in_a_file_and_in_a_field(path, value, says):
    where, told = refusal(check_field, path, value)
    assert where.startswith(path)
    assert says in told
    assert told.startswith(path)
    assert refusal(check_document, put(STROKE, path, value)) == (where, told)


def test_unknown_keys_are_refused_at_every_depth():
    for path in (
        "extra",
        "person.extra",
        "person.address.extra",
        "facts.functions.extra",
        "facts.extra",
        "decision.extra",
    ):
        where, told = refusal(check_document, put(STROKE, path, None))
        assert where == path
        assert "not known" in told


def test_a_path_that_no_case_has_is_our_mistake():
    with pytest.raises(KeyError):
        check_field("person.extra", 1)


@pytest.mark.parametrize("path", ["format", "person.birth_date", "person.sex", "examination.on"])
def test_what_a_proposal_needs_must_be_there(path):
    assert refusal(check_document, put(STROKE, path, None))[0] == path


def all_paths(value, prefix=""):
    for key, inner in value.items():
        path = f"{prefix}.{key}" if prefix else key
        yield path
        if isinstance(inner, dict):
            yield from all_paths(inner, path)


@pytest.mark.parametrize(
    "path",
    [
        path
        for path in all_paths(STROKE)
        if path not in ("format", "person", "person.birth_date", "person.sex", "examination", "examination.on")
    ],
)
def test_everything_else_may_be_null_or_absent(path):
    check_document(put(STROKE, path, None))
    bare = copy.deepcopy(STROKE)
    parent, _, key = path.rpartition(".")
    del (get(bare, parent) if parent else bare)[key]
    check_document(bare)


def test_an_empty_draft_is_a_draft_but_no_case():
    check_document(new_document(), draft=True)
    assert problems(new_document()) == ()
    with pytest.raises(UserError):
        check_document(new_document())


@pytest.mark.parametrize(
    "path",
    [
        "person.birth_date",
        "referral.signed_on",
        "referral.incapacity_since",
        "referral.diagnosed_on",
        "cause.paper.date",
        "previous.on",
    ],
)
def test_a_date_may_be_the_day_of_examination_but_not_after_it(path):
    case = put(put(STROKE, path, "2026-11-18"), "facts.limitations", {})
    check_document(case)
    late = put(case, path, "2026-11-19")
    assert refusal(check_document, late)[0] == path
    assert [problem.path for problem in problems(late)] == [path]


def test_a_defect_named_twice_is_refused():
    case = put(STROKE, "facts.anatomical_defects", ["shin_stump", "eye_absent", "shin_stump"])
    assert refusal(check_document, case)[0] == "facts.anatomical_defects[2]"


# born so that the person has the age on 2026-11-18
@pytest.mark.parametrize(
    ("field", "refused_from", "refused_to"),
    [
        ("facts.limitations.learning", 7, 17),
        ("facts.limitations.work", 18, 99),
        ("facts.limitations.play", 0, 17),
        ("facts.limitations.motor", 0, 17),
        ("facts.insured", 18, 99),
    ],
)
@pytest.mark.parametrize("age", [0, 6, 7, 13, 14, 17, 18, 70])
def test_not_applicable_is_taken_only_at_its_ages(field, refused_from, refused_to, age):
    case = put(put(STROKE, "facts", {}), "person.birth_date", f"{2026 - age}-11-18" if age else "2026-01-01")
    case = put(put(case, field, "n/a"), "referral", {})
    if refused_from <= age <= refused_to:
        assert refusal(check_document, case)[0] == field
    else:
        check_document(case)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "line 1, column 1"),
        (b"{", "line 1"),
        (b'{"a": 1,}', "line 1"),
        (b"[]", "not an object"),
        (b"null", "not an object"),
        (b"\xef\xbb\xbf{}", "byte order mark"),
        (b'{"a": "\xff"}', "not UTF-8"),
        (b'{"format": NaN}', "NaN"),
        (b'{"format": -Infinity}', "-Infinity"),
        (b"[" * 200_000, "nested too deeply"),
        (b'{"format": ' + b"1" * 10_000 + b"}", "format"),
        (b'{"facts": {"functions": {"mental": 1e999}}}', "facts.functions.mental"),
        (b'{"person": {"sex": "male", "sex": "female"}}', "person.sex: this key stands twice"),
        (b'{"format": "mse-case/2"}', "mse-case/1"),
    ],
)
def test_broken_bytes_are_refused_in_a_sentence(data, says):
    assert says in refusal(read_case, data)[1]


def test_a_file_that_is_no_file_is_refused(tmp_path):
    assert "no file" in refusal(read_case_path, tmp_path / "none.json")[1]
    assert "is a folder" in refusal(read_case_path, tmp_path)[1]
    huge = tmp_path / "huge.json"
    with huge.open("wb") as file:
        file.truncate(40 * 1024 * 1024)
    assert "40.0 MB" in refusal(read_case_path, huge)[1]


def test_a_field_is_stored_tidy():
    from datetime import date

    assert check_field("person.birth_date", date(2006, 12, 11)) == "2006-12-11"
    assert check_field("person.surname", "  Ким ") == "Ким"
    assert check_field("person.surname", "   ") is None
    assert check_field("facts.anatomical_defects", ("eye_absent",)) == ["eye_absent"]
    assert check_field("facts.limitations.movement", None) is None


def test_put_leaves_the_given_document_as_it_is_and_makes_parents():
    before = new_document()
    after = put(before, "decision.period.kind", "years")
    assert get(after, "decision.period.kind") == "years"
    assert before == new_document()
    assert get(before, "decision.period.kind") is None


def test_facts_are_flat_and_only_what_is_given():
    case = put(put(STROKE, "facts.work_injury", {"capacity": "reduced"}), "facts.limitations.movement", None)
    facts = facts_of(case)
    assert facts["functions.statodynamic"] == 3
    assert facts["anatomical_defects"] == ()
    assert facts["work_injury"] is True
    assert facts["work_injury.capacity"] == "reduced"
    assert "limitations.movement" not in facts
    assert "work_injury" not in facts_of(STROKE)


@settings(max_examples=300, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["format", "person", "facts", "functions", "mental", "iin", "decision", "period", "kind", "x"]
                ),
                inner,
                max_size=4,
            )
        ),
        max_leaves=12,
    )
)
def test_nothing_but_a_sentence_comes_out_of_any_json(value):
    try:
        check_document(value)
    except UserError as error:
        T.show(error.text)


def test_what_is_printable_holds_nothing_that_no_text_may_hold() -> None:
    # `Words` asks for the first, which is faster, before it looks for the second.
    printable = "".join(sign for sign in map(chr, range(sys.maxunicode + 1)) if sign.isprintable())
    assert not IN_NO_TEXT.search(printable)
    assert not IN_NO_LINE.search(printable)
