"""What the check says is said to whoever edits a pack by hand: what, where, why, and which case is needed."""

import json
import re

import pytest

from app.cli import main
from app.crypto.pack_signature import write_manifest
from app.domain.errors import UserError
from app.i18n import translator
from app.rules import proof
from app.rules.coverage import coverage, run_cases
from app.rules.library import PackLibrary
from app.rules.loader import load_draft

VALIDITY = 'cite = ["order_260", "unchecked", "seen"]\nvalues = [{ value = 1 }]'
TWO_MONTHS = VALIDITY.replace("{ value = 1 }", "{ until = 2026-12-31, value = 1 }, { from = 2027-01-01, value = 2 }")
CASE = """
[[case]]
id = "new_one"
clause = "referral.validity"
sentence = "A day later it is not."
on = 2027-01-01
born = 1980-05-05
sex = "female"
set = { "referral.signed_on" = "2026-10-31" }
expect = { outcome = "not_established", period = "none", conflicts = ["referral_expired"] }
"""


def edit(folder, file, old, new):
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, old
    path.write_text(text.replace(old, new), encoding="utf-8", newline="\n")
    write_manifest(folder)


def failed(findings):
    return [finding for finding in findings if not finding.ok]


def said(finding, language="en"):
    return translator(language).show(finding.detail)


def test_a_boundary_without_cases_says_value_unit_days_and_the_case_that_is_needed(copy):
    edit(copy, "parameters.toml", VALIDITY, TWO_MONTHS)
    told = [said(finding) for finding in failed(coverage(load_draft(copy)))]
    assert (
        "validity of form No. 031/у: if 3 stood instead of 2 (in months, from 01.01.2027), no case would notice it."
        " A case is needed for referral_expired: months: 2, and one day more; day of examination: from 01.01.2027."
    ) in told
    assert (
        "validity of form No. 031/у: if 2 (in months) held from 02.01.2027 on instead of from 01.01.2027 on, no case"
        " would notice it. A case is needed for referral_expired: 01.01.2027 as the day of examination, and facts for"
        " which 1 (in months) and 2 (in months) give different results."
    ) in told
    assert (
        "validity of form No. 031/у: 1 (in months) becomes 2 (in months) on 01.01.2027. A case is needed with"
        " 01.01.2027 as the day of examination."
    ) in told


def test_one_wrong_expectation_is_told_once(copy):
    """The case stands where it is needed, though it expects what is not so."""
    text = (copy / "cases.toml").read_text(encoding="utf-8")
    case = next(part for part in text.split("[[case]]") if 'id = "referral_expired"' in part)
    assert "referral_expired" in case.partition("expect")[2]
    wrong = re.sub(r"conflicts = \[[^]]*\]", "conflicts = []", case)
    assert wrong != case
    edit(copy, "cases.toml", case, wrong)
    found = [(finding.check, finding.subject) for finding in failed(proof.check_pack(load_draft(copy)))]
    assert [one for one in found if one[0] in ("case", "boundary")] == [("case", "referral_expired")]


def test_a_failed_case_is_told_in_words_and_with_the_codes_that_stand_in_the_file(copy):
    with (copy / "cases.toml").open("a", encoding="utf-8") as file:
        file.write(CASE.replace('["referral_expired"]', '["referral_too_early"]'))
    (finding,) = failed(run_cases(load_draft(copy)))
    assert re.fullmatch(
        r"A day later it is not\. Expected as contradictions and obstacles: “.*” \(referral_too_early\);"
        r" the criteria give: “Form No\. 031/у was valid until .*” \(referral_expired\)\.",
        said(finding),
    )
    for language in ("kk", "ru"):
        assert "conflicts" not in said(finding, language)
        assert "[" not in said(finding, language)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('["referral_expired"]', '["referral_expire"]', "“referral_expire” is not known as “conflicts”"),
        ('"not_established"', '"group_4"', "“group_4” is not known as “outcome”"),
        ('period = "none"', 'period = "yeers 2"', "“yeers 2” is not known as “period”. Correct it. Known are: years, "),
        ('period = "none"', 'measures = { kane = "open" }', "“kane” is not known as “measures”"),
        ('period = "none"', 'measures = { cane = "yes" }', "“yes” is not known as “measures”"),
        ('period = "none"', 'missing = ["functions.mind"]', "“functions.mind” is not known as “missing”"),
        ('period = "none"', 'until = "01.01.2027"', '"2027-01-01", or "none"'),
        ('period = "none"', 'cause = "7"', "“7” is not known as “cause”"),
        ('sex = "female"', 'sex = "female"\nunset = [[]]', "“unset” holds"),
        ('period = "none"', "conflicts = 3", "“3” is not known as “conflicts”"),
    ],
)
def test_a_mistyped_name_in_an_expectation_is_refused_with_the_known_ones(copy, old, new, words):
    case = CASE.replace('conflicts = ["referral_expired"]', "level = [0, 0, 0]") if "conflicts = 3" in new else CASE
    with (copy / "cases.toml").open("a", encoding="utf-8") as file:
        file.write(case.replace(old, new))
    with pytest.raises(UserError) as caught:
        load_draft(copy)
    told = translator("en").show(caught.value.text)
    assert "cases.toml, case new_one" in told
    assert words in told


def test_the_likest_known_name_comes_first(copy):
    with (copy / "cases.toml").open("a", encoding="utf-8") as file:
        file.write(CASE.replace('["referral_expired"]', '["referral_expire"]'))
    with pytest.raises(UserError) as caught:
        load_draft(copy)
    assert "Known are: referral_expired, " in translator("en").show(caught.value.text)


@pytest.mark.parametrize(
    ("language", "boundary", "case"),
    [("en", "boundary", "test case"), ("ru", "граница", "пример"), ("kk", "шекара", "сынақ ісі")],
)
def test_the_command_shows_what_failed_and_the_sum_and_everything_if_asked(copy, capsys, language, boundary, case):
    edit(copy, "parameters.toml", VALIDITY, TWO_MONTHS)
    assert main(["pack", "check", str(copy), "--lang", language]) == 1
    lines = capsys.readouterr().out.splitlines()
    marked = [line for line in lines if line[0] in "✓✗"]
    assert marked
    assert all(line.startswith("✗ ") for line in marked)
    assert any(line.startswith(f"✗ {boundary}, referral.validity: ") for line in marked)
    assert len(lines) == len(marked) + 2
    assert str(len(marked)) in lines[-2]
    assert "--all" in lines[-1]
    assert main(["pack", "check", str(copy), "--lang", language, "--all"]) == 1
    full = capsys.readouterr().out.splitlines()
    assert sum(line.startswith(f"✓ {case}, ") for line in full) >= 150
    assert [line for line in full if line.startswith("✗")] == marked


def test_for_programs_the_checks_keep_their_names(copy, capsys):
    assert main(["pack", "check", str(copy), "--lang", "kk", "--json"]) in (0, 1)
    told = json.loads(capsys.readouterr().out)
    assert {"boundary", "case", "decides", "total"} <= {check["check"] for check in told["checks"]}
    assert all(set(check) == {"check", "subject", "ok", "detail"} for check in told["checks"])


def test_a_difference_of_cases_is_told_in_words(copy, capsys):
    newest = PackLibrary(verify=None).newest()
    with (copy / "cases.toml").open("a", encoding="utf-8") as file:
        file.write(CASE.replace('period = "none"', "general_capacity = [60, 79]"))
    write_manifest(copy)
    assert main(["pack", "diff", newest.version, str(copy), "--lang", "en"]) == 0
    told = capsys.readouterr().out
    for words in ("+ female", "+ date of signing of form No. 031/у: 31.10.2026",
                  "+ outcome: disability is not established", "+ loss of general working capacity: 60–79 %",
                  "(referral_expired)"):  # fmt: skip
        assert words in told
    assert "conflicts:" not in told
    assert "2026-10-31" not in told
