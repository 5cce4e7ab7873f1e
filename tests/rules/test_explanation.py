"""What the criteria say of themselves: one short line for each condition, the decisive ones, in three languages."""

import copy
from pathlib import Path

import pytest

from app.crypto.pack_signature import write_manifest
from app.domain.case_file import put, read_case_path
from app.domain.text import LANGUAGES
from app.domain.vocabulary import LABELS, Outcome, PeriodKind, Status
from app.i18n import translator
from app.rules.engine import propose
from app.rules.explanation import explain
from app.rules.loader import load_pack

CASES = Path(__file__).parent.parent / "cases"
NAMES = sorted(path.name.removesuffix(".case.json") for path in CASES.glob("*.case.json"))
STROKE = read_case_path(CASES / "01-stroke-at-home.case.json")


def told(pack, document=STROKE, **changes):
    document = copy.deepcopy(document)
    for path, value in changes.items():
        document = put(document, path.replace("__", "."), value)
    return explain(pack, propose(pack, document))


def lines(reason, language="en"):
    return [(line.held, line.text.of(language)) for line in reason.lines]


def reasons(explanation):
    return {reason.rule: reason for reason in (*explanation.held, *explanation.failed, *explanation.open)}


def test_alternatives_become_one_line_with_the_heaviest_of_them(pack):
    found = reasons(told(pack))
    assert lines(found["level.1"]) == [
        (False, "disorder of functions: degree 4 is needed, the heaviest is 3 (statodynamic functions)"),
        (
            False,
            "limitation of life activity (self-care, independent movement, orientation, communication, control of "
            "behaviour): degree 3 is needed, the heaviest is 2 (self-care, independent movement)",
        ),
    ]
    assert lines(found["level.2"]) == [
        (True, "disorder of functions, degree 3 or heavier: statodynamic functions – 3"),
        (True, "limitation of life activity, degree 2 or heavier: self-care, independent movement, work – 2"),
    ]


def test_degrees_that_hold_are_told_from_the_heaviest(pack):
    found = reasons(told(pack, facts__functions__mental=4))
    assert lines(found["level.2"])[0] == (
        True,
        "disorder of functions, degree 3 or heavier: mental functions – 4; statodynamic functions – 3",
    )


def test_what_was_not_examined_is_named_and_nothing_is_said_to_fail(pack):
    found = reasons(told(pack, facts__functions__statodynamic=None, facts__limitations__movement=None))
    assert lines(found["level.1"])[0] == (
        None,
        "disorder of functions, degree 4: not examined – statodynamic functions",
    )
    functions = {f"facts__functions__{name}": None for name in ("mental", "sensory", "statodynamic", "visceral")}
    found = reasons(told(pack, **functions))
    assert lines(found["level.1"], "ru")[0] == (None, "нарушение функций, степень 4: не исследовано")


def test_nothing_found_is_told_by_the_name_of_degree_0(pack):
    functions = {f"facts__functions__{name}": 0 for name in ("mental", "sensory", "statodynamic", "visceral")}
    found = reasons(told(pack, **functions))
    assert lines(found["level.3"], "ru")[0] == (False, "нарушение функций: нужна степень 2 или тяжелее, нарушений нет")


def test_flags_choices_levels_and_ages_are_told_in_words(pack):
    found = reasons(told(pack))
    assert lines(found["period.favourable"]) == [
        (False, "rehabilitation prognosis: doubtful (needed: favourable)"),
        (False, "active treatment or rehabilitation goes on: yes (needed: no)"),
    ]
    assert lines(found["general_capacity.1"]) == [
        (False, "level of the case: 2 (needed: 1)"),
        (True, "participant of compulsory social insurance: yes"),
        (True, "age: 55 (needed: under 63)"),
    ]
    assert lines(found["period.doubtful.heavy"])[1] == (True, "level of the case: 2")
    assert lines(found["period.defect.adult"])[0] == (False, "level by the anatomical defect: none")
    assert lines(found["cause.from_childhood"], "ru") == [
        (False, "прежняя причина инвалидности: не указано (нужно: 06 инвалидность детей с семи до восемнадцати лет)")
    ]


def test_an_age_limit_in_months_has_the_decimal_mark_of_the_language(pack):
    woman = {"person__sex": "female", "person__birth_date": "1967-03-01", "examination__on": "2028-11-20"}
    reason = reasons(told(pack, **woman))["general_capacity.2"]
    assert "61,5" in lines(reason, "ru")[2][1]
    assert "61.5" in lines(reason, "en")[2][1]


def test_why_not_heavier_says_only_what_decides(pack):
    undecided = told(pack, read_case_path(CASES / "06-not-enough-data.case.json"))
    failed, left_open = undecided.why_not_heavier
    assert [line.held for line in failed.lines] == [False]
    assert [line.held for line in left_open.lines] == [None]
    assert "independent movement, work" in left_open.lines[0].text.en
    assert [line.held for line in told(pack).why_not_lighter.lines] == [True, True]


def test_that_nothing_is_established_is_told_as_what_holds(pack):
    refused = told(pack, read_case_path(CASES / "10-refused.case.json"))
    (reason,) = refused.held
    assert reason.title.en == "disability is not established"
    assert lines(reason) == [(True, "level of the case: none"), (True, "age: 29")]


@pytest.mark.parametrize("name", NAMES)
def test_each_condition_of_a_rule_has_its_line(pack, name):
    proposal = propose(pack, read_case_path(CASES / f"{name}.case.json"))
    found = reasons(explain(pack, proposal))
    rules = {rule.id: rule for rule in (*pack.levels, *pack.periods, *pack.general)}
    for step in proposal.trace:
        if step.rule not in rules or not step.reached:
            continue
        shown = lines(found[step.rule])
        assert len(shown) - len(rules[step.rule].when) in (0, 1)  # one more: what holds for the whole table
        truths = [held for held, _ in shown]
        assert step.held == (False if False in truths else None if None in truths else True)
        for line in found[step.rule].lines:
            for language in LANGUAGES:
                assert line.text.of(language).strip()
                assert not set("{}≥≤") & set(line.text.of(language))


def test_a_pack_without_section_and_short_names_still_names_its_facts(copy):
    words = copy / "words.toml"
    text = words.read_text(encoding="utf-8").split("# Short names")[0]
    words.write_text(
        "\n".join(line for line in text.splitlines() if not line.startswith(("functions = ", "limitations = "))),
        encoding="utf-8",
    )
    write_manifest(copy)
    found = reasons(told(load_pack(copy, verify=None)))
    assert lines(found["level.2"])[1][1].startswith("self-care, independent movement, orientation, ")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pack_has_the_words_of_the_catalogue(pack, language):
    t = translator(language)
    for status in Status:
        assert pack.word("status", status).of(language) == t(LABELS[status])
    for outcome in Outcome:
        assert pack.word("outcome", outcome).of(language) == t(LABELS[outcome])
    assert pack.word("period", PeriodKind.NO_TERM).of(language) == t(LABELS[PeriodKind.NO_TERM])
    for key, msgid in (("unknown", "not examined"), ("not_applicable", "does not apply"), ("not_given", "not given"),
                       ("yes", "yes"), ("no", "no")):  # fmt: skip
        assert pack.word("line", key).of(language) == t(msgid)
