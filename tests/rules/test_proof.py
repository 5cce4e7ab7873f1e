"""`pack check` proves the pack, and turns red when any row is broken."""

import itertools
import json

import pytest

from app.cli import main
from app.crypto.pack_signature import write_manifest
from app.rules import proof
from app.rules.coverage import case_findings, coverage
from app.rules.loader import load_pack
from app.rules.proof import check_pack, prove


@pytest.fixture(scope="module")
def checked(pack):
    """What every check says of the shipped pack: seconds of computing."""
    return proof.check_pack(pack)


def first_red(pack):
    """The first test by clause that turns red, if any does."""
    return itertools.islice((finding for finding in case_findings(pack) if not finding.ok), 1)


def by_record(pack):
    """What cases cover of rows and conflicts; moving the boundaries takes seconds and comes after it."""
    return itertools.takewhile(lambda finding: finding.check != "boundary", coverage(pack))


def broken(copy, file, old, new, check=check_pack):
    path = copy / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8", newline="\n")
    write_manifest(copy)
    return [finding for finding in check(load_pack(copy, verify=None, with_cases=True)) if not finding.ok]


def test_the_shipped_pack_holds(checked):
    assert [finding for finding in checked if not finding.ok] == []
    assert sum(finding.check == "case" for finding in checked) >= 150
    assert {finding.check for finding in checked} == {
        "total", "period_total", "no_overlap", "monotone", "decides", "cited", "used", "boundary", "coverage", "status",
        "case",
    }  # fmt: skip


def test_every_conflict_parameter_and_clause_is_named_by_the_check(pack, checked):
    by_check = {}
    for finding in checked:
        by_check.setdefault(finding.check, set()).add(finding.subject)
    assert {conflict.code for conflict in pack.conflicts} <= by_check["decides"]
    assert by_check["used"] == set(pack.parameters)
    assert by_check["coverage"] >= {rule.id for rule in (*pack.levels, *pack.periods, *pack.general)}
    assert by_check["coverage"] >= {f"defect.{defect.id}" for defect in pack.defects}


def test_a_date_without_a_case_on_one_side_is_found(copy):
    found = broken(copy, "cases.toml", "on = 2028-12-31", "on = 2028-12-30")
    assert [(finding.check, finding.subject) for finding in found] == [("boundary", "pension_age.female")]


def test_a_conflict_without_a_case_is_found(copy):
    """Without the cases of a wrong check digit nobody shows the obstacle."""
    text = (copy / "cases.toml").read_text(encoding="utf-8")
    kept = [part for part in text.split("[[case]]") if '"iin_checksum"]' not in part]
    (copy / "cases.toml").write_text("[[case]]".join(kept), encoding="utf-8", newline="\n")
    found = broken(copy, "cases.toml", "[base]", "[base]", by_record)
    assert [(finding.check, finding.subject) for finding in found] == [("decides", "iin_checksum")]


def test_a_clause_that_no_record_has_is_found(copy):
    found = broken(copy, "cases.toml", 'clause = "level.1"', 'clause = "level.9"', by_record)
    assert [(finding.check, finding.subject) for finding in found] == [("coverage", "level.9")]


def test_two_causes_for_one_age_are_found(copy):
    found = broken(copy, "decisions.toml", 'id = "cause.school"\nfrom = "age.school"\n', 'id = "cause.school"\n', prove)
    assert any(finding.check == "no_overlap" and finding.subject == "0–6" for finding in found)


def test_the_command_exits_with_0_and_tells_each_check(capsys):
    assert main(["pack", "check", "--json", "--lang", "kk"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["ok"] is True
    assert all(check["ok"] for check in told["checks"])


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_records_are_shown_with_source_and_status(capsys, language):
    assert main(["pack", "show", "--json", "--lang", language]) == 0
    records = json.loads(capsys.readouterr().out)["records"]
    assert len(records) > 150
    assert all(record["citation"]["act"] and record["citation"]["status"] for record in records)


def test_a_lighter_outcome_for_a_heavier_fact_is_found(copy):
    # level 1 only for exactly degree 3 of a function: degree 4 would be lighter
    found = broken(
        copy, "decisions.toml", '{ some = ["functions"], at_least = 4 }', '{ fact = "functions.mental", is = 3 }', prove
    )
    assert any(finding.check == "monotone" for finding in found)


def test_a_gap_in_the_periods_is_found(copy):
    found = broken(copy, "decisions.toml", '{ level = "of_case", in = [3] }', '{ level = "of_case", in = [2] }', prove)
    assert any(finding.check == "period_total" for finding in found)


def test_a_row_that_never_decides_is_found(copy):
    found = broken(
        copy,
        "decisions.toml",
        '{ some = ["functions"], at_least = 3 }, { some = ["five", "capped"], at_least = 2 }',
        '{ some = ["functions"], at_least = 4 }, { some = ["five"], at_least = 3 }, { some = ["five"], at_least = 2 }',
        prove,
    )
    assert any(finding.check == "decides" and finding.subject == "level.2" for finding in found)


NUMBERS = [
    ("decisions.toml", 'some = ["functions"], at_least = 4', 'some = ["functions"], at_least = 3'),
    ("decisions.toml", 'some = ["five"], at_least = 3', 'some = ["five"], at_least = 2'),
    ("decisions.toml", 'some = ["functions"], at_least = 3', 'some = ["functions"], at_least = 2'),
    ("decisions.toml", 'some = ["five", "capped"], at_least = 2', 'some = ["five", "capped"], at_least = 3'),
    ("decisions.toml", 'some = ["functions"], at_least = 2', 'some = ["functions"], at_least = 1'),
    ("decisions.toml", 'some = ["five", "capped"], at_least = 1', 'some = ["five", "capped"], at_least = 2'),
    ("decisions.toml", "band = [80, 100]", "band = [81, 100]"),
    ("decisions.toml", "band = [60, 79]", "band = [60, 80]"),
    ("decisions.toml", "band = [30, 59]", "band = [30, 60]"),
    ("decisions.toml", "band = [90, 100]", "band = [89, 100]"),
    ("decisions.toml", "band = [5, 29]", "band = [6, 29]"),
    ("decisions.toml", "values = [0, 0, 1, 2, 3]", "values = [0, 1, 1, 2, 3]"),
    ("decisions.toml", "values = [0, 1, 2, 2]", "values = [0, 1, 2, 3]"),
    ("parameters.toml", "values = [{ value = 7 }]", "values = [{ value = 8 }]"),
    ("parameters.toml", "values = [{ value = 14 }]", "values = [{ value = 15 }]"),
    ("parameters.toml", "values = [{ value = 18 }]", "values = [{ value = 19 }]"),
    ("parameters.toml", "values = [{ value = 756 }]", "values = [{ value = 757 }]"),
    ("parameters.toml", "value = 732", "value = 733"),
    ("parameters.toml", "value = 738", "value = 739"),
    ("parameters.toml", "values = [{ value = 4 }]", "values = [{ value = 5 }]"),
    ("parameters.toml", "values = [{ value = 1 }]", "values = [{ value = 2 }]"),
    ("parameters.toml", '"first_of_next_month"', '"day_itself"'),
    ("defects.toml", 'id = "shin_stump"\nlevel = 3', 'id = "shin_stump"\nlevel = 2'),
]


@pytest.mark.parametrize(("file", "old", "new"), NUMBERS)
def test_a_changed_number_of_the_law_turns_some_test_by_clause_red(copy, file, old, new):
    assert broken(copy, file, old, new, first_red)


def test_a_case_that_fails_anyway_hides_no_boundary_without_cases(copy):
    cite = 'cite = ["order_260", "unchecked", "seen"]\n'
    dated = "values = [{ until = 2026-12-31, value = 1 }, { from = 2027-01-01, value = 2 }]"
    broken(copy, "cases.toml", 'expect = { period = "years 5"', 'expect = { period = "years 4"', check=first_red)
    failed = broken(copy, "parameters.toml", f"{cite}values = [{{ value = 1 }}]", cite + dated, check=coverage)
    assert [finding.subject for finding in failed] == ["referral.validity"] * 5
