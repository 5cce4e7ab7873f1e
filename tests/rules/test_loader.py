"""A pack that cannot answer for itself is refused, with file, record and what to do. One broken pack a message."""

import json
import re

import pytest

from app.cli import main
from app.crypto.pack_signature import (
    public_half,
    public_keys,
    read_public_key,
    revoked_keys,
    sign_directory,
    verify,
    write_manifest,
)
from app.crypto.signing import fingerprint
from app.domain.errors import KnownError, UserError
from app.i18n import translator
from app.rules.library import PackLibrary
from app.rules.loader import load_pack

T = translator("en")
CITE = 'cite = ["order_260", "unchecked", "memory"]'


def refused(folder, *, sign=True):
    if sign:
        write_manifest(folder)
    with pytest.raises(UserError) as caught:
        load_pack(folder, verify=None, with_cases=True)
    return T.show(caught.value.text)


def edit(folder, file, old, new, count=1):
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text, old
    path.write_text(text.replace(old, new, count), encoding="utf-8", newline="\n")


LEVEL_1 = '{ some = ["functions"], at_least = 4 }'
BROKEN = {
    "not TOML": ("facts.toml", 'id = "function"', 'id = "function', "facts.toml", "a text is not closed there"),
    "unknown key": ("decisions.toml", "level = 1\n", "level = 1\nlevle = 1\n", "level level.1", "“levle” is not known"),
    "missing key": ("decisions.toml", "level = 1\n", "", "level level.1", "“level” is missing"),
    "wrong type": ("decisions.toml", "level = 1\n", 'level = "1"\n', "level.1", 'is "1", but a whole number'),
    "true for a number": ("decisions.toml", "level = 1\n", "level = true\n", "level.1", "“level” is true, but a whole"),
    "uncited": (
        "defects.toml",
        'cite = ["rules_44", "annex_5", "memory"]\n',
        "",
        "defect arms_both_stumps",
        "not cited",
    ),
    "half a citation": (
        "defects.toml",
        '["rules_44", "annex_5", "memory"]',
        '["rules_44", "memory"]',
        "defect arms_both_stumps",
        "citation is not",
    ),
    "unknown act": ("defects.toml", '"rules_44"', '"rules_45"', "defect arms_both_stumps", "act “rules_45”"),
    "unknown place": ("defects.toml", '"annex_5"', '"annex_6"', "defect arms_both_stumps", "place “annex_6”"),
    "unknown status": ("defects.toml", '"memory"', '"sure"', "defect arms_both_stumps", "status “sure”"),
    "unused act": (
        "pack.toml",
        "[place.unchecked]",
        '[act.idle]\nkk = "a"\nru = "a"\nen = "a"\nedition = ""\n[place.unchecked]',
        "act idle",
        "no record cites",
    ),
    "unknown format": ("pack.toml", "mse-pack/1", "mse-pack/2", "pack.toml", "mse-pack/1"),
    "ends before it begins": (
        "pack.toml",
        "valid_from = 2023-07-01",
        "valid_from = 2023-07-01\nvalid_to = 2022-01-01",
        "pack",
        "valid_to",
    ),
    "doubled record": ("defects.toml", 'id = "tetraplegia"', 'id = "paraplegia"', "defect paraplegia", "twice"),
    "overlapping dates": (
        "parameters.toml",
        "from = 2029-01-01",
        "from = 2028-06-01",
        "pension_age.female",
        "overlap or are out of order",
    ),
    "dates out of order": (
        "parameters.toml",
        "from = 2030-01-01",
        "from = 2026-01-01",
        "pension_age.female",
        "overlap or are out of order",
    ),
    "value ends before it begins": (
        "parameters.toml",
        "until = 2029-12-31",
        "until = 2028-12-31",
        "pension_age.female",
        "before it begins",
    ),
    "a time for a day": (
        "parameters.toml",
        "until = 2027-12-31",
        "until = 2027-12-31T10:00:00",
        "pension_age.female",
        "not a day",
    ),
    "unused parameter": (
        "parameters.toml",
        "[[parameter]]",
        '[[parameter]]\nid = "idle"\nkk = "х"\nru = "х"\nen = "x"\nunit = "years"\n'
        f"{CITE}\nvalues = [{{ value = 1 }}]\n\n[[parameter]]",
        "parameter idle",
        "nothing uses it",
    ),
    "parameter without value": ("parameters.toml", "values = [{ value = 14 }]", "values = []", "age.work", "no value"),
    "unknown rule of end dates": (
        "parameters.toml",
        '"first_of_next_month"',
        '"some_day"',
        "period.end",
        "not a known way to count a period",
    ),
    "unknown parameter": (
        "decisions.toml",
        'below = "age.school"',
        'below = "age.scholl"',
        "outcome outcome.small",
        "age.scholl",
    ),
    "unknown fact in a group": (
        "decisions.toml",
        '"functions.mental", ',
        '"functions.mentall", ',
        "group functions",
        "functions.mentall",
    ),
    "unknown fact in a condition": (
        "decisions.toml",
        'fact = "prognosis"',
        'fact = "prognose"',
        "period.favourable.treatment",
        "prognose",
    ),
    "unknown value in a condition": (
        "decisions.toml",
        'is = "favourable"',
        'is = "good"',
        "period.favourable.treatment",
        "“good” is no value",
    ),
    "unknown group": (
        "decisions.toml",
        LEVEL_1,
        '{ some = ["all"], at_least = 4 }',
        "level level.1",
        "“all” is no group. Correct the name. Known are: capped, five, functions",
    ),
    "unknown condition": (
        "decisions.toml",
        LEVEL_1,
        '{ eval = "1" }',
        "level level.1",
        "not a known kind of condition",
    ),
    "a level on a level": (
        "decisions.toml",
        LEVEL_1,
        '{ level = "by_criteria", in = [1] }',
        "level level.1",
        "a level can't rest on a level",
    ),
    "a level on an injury": (
        "decisions.toml",
        LEVEL_1,
        '{ fact = "work_injury.capacity", is = "reduced" }',
        "level level.1",
        "the work injury decides about professional",
    ),
    "condition with more": (
        "decisions.toml",
        LEVEL_1,
        '{ some = ["functions"], at_least = 4, or = 3 }',
        "level level.1",
        "“or” is not known",
    ),
    "levels out of order": ("decisions.toml", "level = 1\n", "level = 3\n", "level", "out of order"),
    "overlapping outcomes": (
        "decisions.toml",
        'id = "outcome.small"\nbelow = "age.school"',
        'id = "outcome.small"\nbelow = "age.adult"',
        "outcome outcome.small",
        "overlaps",
    ),
    "ages out of order": (
        "decisions.toml",
        'from = "age.school"\nbelow = "age.adult"',
        'from = "age.adult"\nbelow = "age.school"',
        "outcome outcome.school",
        "no age lies between",
    ),
    "doubled conditions": (
        "decisions.toml",
        '{ fact = "active_treatment", is = false }',
        '{ fact = "active_treatment", is = true }',
        "period.favourable",
        "overlap",
    ),
    "unknown outcome": (
        "decisions.toml",
        '"group_1", "group_2"',
        '"group_0", "group_2"',
        "outcome.adult",
        "names an outcome that does not exist",
    ),
    "a period without value": (
        "decisions.toml",
        '{ kind = "years", value = 2 }',
        '{ kind = "years" }',
        "period.doubtful",
        "above 0",
    ),
    "a band upside down": (
        "decisions.toml",
        "band = [80, 100]",
        "band = [100, 80]",
        "general_capacity.1",
        "smaller first",
    ),
    "a falling measure": (
        "decisions.toml",
        "values = [0, 1, 2, 2]",
        "values = [0, 2, 1, 2]",
        "measure.limitations",
        "never fall",
    ),
    "unused group": (
        "decisions.toml",
        "[group]",
        '[group]\nidle = ["limitations.play"]',
        "group idle",
        "nothing uses it",
    ),
    "unknown check": ("conflicts.toml", 'check = "iin_sex"', 'check = "iin_gender"', "conflict iin_sex", "iin_gender"),
    "unknown placeholder": (
        "conflicts.toml",
        "{signed}, earlier",
        "{day}, earlier",
        "referral_too_early",
        "placeholder",
    ),
    "a defect of no level": ("defects.toml", "level = 1", "level = 5", "defect arms_both_stumps", "level 5"),
    "a definition of nothing": (
        "facts.toml",
        'fact = "limitations.self_care"\nvalue = 3',
        'fact = "limitations.self_care"\nvalue = 5',
        "limitations.self_care",
        "does not have",
    ),
    "a definition of no fact": (
        "facts.toml",
        'fact = "limitations.self_care"\nvalue = 3',
        'fact = "limitations.other"\nvalue = 3',
        "limitations.other",
        "no such fact",
    ),
    "a missing word": ("words.toml", "headline =", "head =", "words.toml", "headline"),
    "a strange expectation": ("cases.toml", "expect = { outcome", "expect = { result", "case level_1", "“result”"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_it_is_refused_and_told_where_and_how_to_mend(copy, what):
    file, old, new, record, sentence = BROKEN[what]
    edit(copy, file, old, new)
    told = refused(copy)
    assert file in told or record in told
    assert record in told
    assert sentence in told
    assert re.search(r"\. [A-Z].*\.$", told), f"no mend: {told}"


def test_the_shipped_pack_is_taken(pack):
    assert (pack.id, pack.version, pack.status) == ("kz-mse", "1.0.0", "memory")
    assert pack.digest.startswith("sha256:")
    assert len(pack.defects) == 33
    assert len(pack.cases) >= 150


@pytest.mark.parametrize("file", ["facts.toml", "cases.toml"])
def test_a_changed_file_is_refused(copy, file):
    with (copy / file).open("ab") as changed:
        changed.write(b"\n")
    assert f"{file}: the file was changed after signing" in refused(copy, sign=False)


def test_a_missing_and_an_additional_file_are_refused(copy):
    (copy / "extra.txt").write_text("x")
    assert "extra.txt: the file is not in the manifest" in refused(copy, sign=False)
    (copy / "extra.txt").unlink()
    (copy / "defects.toml").unlink()
    assert "defects.toml: the file is missing" in refused(copy, sign=False)


def test_a_broken_manifest_is_refused(copy):
    (copy / "manifest.json").write_text("[]")
    assert "manifest.json" in refused(copy, sign=False)


def test_a_signature_that_does_not_hold_is_refused_with_its_reason(copy):
    key, other = bytes(range(32)), bytes(range(1, 33))
    ours, foreign = public_half(key), public_half(other)
    sign_directory(copy, key)
    assert load_pack(copy, verify=verify([foreign, ours])).id == "kz-mse"

    def told(check):
        with pytest.raises(UserError) as caught:
            load_pack(copy, verify=check)
        assert caught.value.where == "manifest.sig"
        return T.show(caught.value.text)

    for check in (verify([foreign]), verify([])):
        assert f"the key {fingerprint(ours)}, which is not known here" in told(check)
    # a revoked key counts for nothing, though it is among the known ones and its signature fits
    assert f"the key {fingerprint(ours)}, which was revoked" in told(verify([ours], [ours]))
    signed = json.loads((copy / "manifest.sig").read_text())
    # the known key's name over another's signature
    (copy / "manifest.sig").write_text(json.dumps({**signed, "key": foreign.hex()}))
    assert f"the signature of the key {fingerprint(foreign)} does not fit" in told(verify([ours, foreign]))
    for broken in (
        "zz",
        "[]",
        "{}",
        '{"key": 1, "signature": 2}',
        json.dumps({**signed, "signature": "00"}),
        "[" * 9999,
    ):
        (copy / "manifest.sig").write_text(broken)
        assert "this is not a signature of a rule pack" in told(verify([ours]))
    (copy / "manifest.sig").unlink()
    assert "the file is missing" in told(verify([ours]))


def test_keys_are_read_with_remarks_and_nothing_else_counts_as_a_key(tmp_path):
    key = public_half(bytes(range(32)))
    (tmp_path / "one.pub").write_text(
        f"# of Aigerim\n{key.hex()}  # fingerprint {fingerprint(key)}\n", encoding="utf-8"
    )
    (tmp_path / "two.pub").write_bytes(b"\xff\xfe")
    (tmp_path / "three.pub").write_text("00ff")
    assert public_keys(tmp_path) == (key,)
    assert revoked_keys(tmp_path) == ()
    (tmp_path / "revoked").write_text(f"# none before\n{key.hex()} # lost in Oral\n")
    assert revoked_keys(tmp_path) == (key,)
    assert read_public_key((tmp_path / "one.pub").read_text()) == key
    assert read_public_key("nothing") is None


def test_a_pack_in_work_cannot_be_proposed_with(copy, capsys):
    edit(copy, "decisions.toml", LEVEL_1, LEVEL_1.replace("4", "3"))
    write_manifest(copy)
    case = "tests/cases/01-stroke-at-home.case.json"
    assert main(["propose", case, "--pack", str(copy), "--lang", "en"]) == 2
    assert "manifest.sig" in capsys.readouterr().err


def test_a_library_without_packs_or_with_a_damaged_one_says_so(copy, tmp_path):
    with pytest.raises(KnownError, match="no rule pack"):
        PackLibrary(tmp_path / "nothing").newest()
    folder = tmp_path / "packs" / "kz-mse" / "1.0.0"
    folder.parent.mkdir(parents=True)
    copy.rename(folder)
    assert PackLibrary(tmp_path / "packs").newest().version == "1.0.0"
    (folder / "facts.toml").unlink()
    with pytest.raises(KnownError):
        PackLibrary(tmp_path / "packs").newest()
