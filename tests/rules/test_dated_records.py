"""Records with days: the day of examination chooses, each day is checked as a pack of its own, old answers stay."""

import json
import shutil
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

import pytest

from app.cli import main
from app.crypto.pack_signature import write_manifest
from app.domain.case_file import FORMAT
from app.domain.errors import KnownError, UserError
from app.i18n import translator
from app.rules.coverage import Finding
from app.rules.dated_coverage import dated_coverage
from app.rules.engine import propose
from app.rules.explanation import explain, to_document
from app.rules.library import PackLibrary
from app.rules.loader import load_draft, load_pack
from app.rules.model import Pack
from app.rules.proof import check_pack, prove
from app.rules.slices import slices_of
from app.services.packs import PackService

T = translator("en")
LAST, FIRST = date(2026, 12, 31), date(2027, 1, 1)
LEVEL = '[[level]]\nid = "level.3"'
HARDER = ('["functions"], at_least = 2', '["functions"], at_least = 3')


def record(folder: Path, file: str, start: str) -> str:
    """The text of one record, up to the next."""
    text = (folder / file).read_text(encoding="utf-8")
    at = text.index(start)
    end = text.find("\n[[", at + 1)
    return text[at : len(text) if end < 0 else end + 1]


def change(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text, old
    path.write_text(text.replace(old, new, 1), encoding="utf-8", newline="\n")


def split(folder: Path, file: str, start: str, *then: tuple[str, str], until: str = "valid_to = 2026-12-31",
          since: str = "valid_from = 2027-01-01") -> None:  # fmt: skip
    """One record becomes two: as it is until a day, and changed from a day on."""
    whole = record(folder, file, start)
    head, rest = whole.split("\n", 1)
    later = whole
    for old, new in then:
        assert old in later, old
        later = later.replace(old, new, 1)
    later_head, later_rest = later.split("\n", 1)
    change(folder, file, whole, f"{head}\n{until}\n{rest}\n{later_head}\n{since}\n{later_rest}")


def case(on: str, function: int = 2, limitation: int = 1, **more: object) -> dict[str, object]:
    limitations = dict.fromkeys(("self_care", "orientation", "communication", "behaviour", "work"), 0)
    return {
        "format": FORMAT,
        "person": {"birth_date": "1980-05-05", "sex": "male"},
        "examination": {"on": on},
        "facts": {
            "functions": {"mental": function, "sensory": 0, "statodynamic": 0, "visceral": 0},
            "limitations": {**limitations, "learning": "n/a", "movement": limitation},
            "anatomical_defects": [], "prognosis": "doubtful", "insured": True, **more,
        },
    }  # fmt: skip


def refused(folder: Path) -> str:
    with pytest.raises(UserError) as caught:
        load_draft(folder)
    return T.show(caught.value.text)


def told(folder: Path, check: Callable[[Pack], Iterable[Finding]] = check_pack) -> list[tuple[str, str]]:
    return [(finding.check, finding.subject) for finding in check(load_draft(folder)) if not finding.ok]


@pytest.fixture
def dated(copy: Path) -> Path:
    """From 2027 on the third level asks for a pronounced disorder."""
    split(copy, "decisions.toml", LEVEL, HARDER)
    return copy


def test_the_day_of_examination_chooses_the_record_on_both_sides_of_its_day(dated):
    pack = load_draft(dated)
    assert [(held.holds_from, held.holds_to) for held in slices_of(pack)] == [(date(2023, 7, 1), LAST), (FIRST, None)]
    for start in slices_of(pack):  # whichever slice somebody holds
        assert propose(start, case("2026-12-31")).outcome == "group_3"
        assert propose(start, case("2027-01-01")).outcome == "not_established"
        assert propose(start, case("2027-01-01", function=3)).outcome == "group_3"


def test_the_words_of_an_explanation_are_those_of_the_day(copy):
    split(copy, "decisions.toml", LEVEL, ("level of group III: moderate", "level of group III: at least moderate"))
    pack = load_draft(copy)
    for on, words in (("2026-12-31", "III: moderate"), ("2027-01-01", "III: at least moderate")):
        held = explain(pack, propose(pack, case(on))).held
        assert [words in reason.title.en for reason in held if reason.rule == "level.3"] == [True], on


def test_a_fact_that_is_missing_is_named_as_on_the_day(copy):
    split(copy, "facts.toml", '[[fact]]\nid = "functions.mental"', ("mental functions", "functions of the mind"))
    pack = load_draft(copy)
    for on, name in (("2026-12-31", "mental functions"), ("2027-01-01", "functions of the mind")):
        missing = explain(pack, propose(pack, case(on, function=None))).missing
        assert [fact.en for fact in missing] == [name]


def test_a_record_may_hold_on_a_single_day(copy):
    with (copy / "defects.toml").open("a", encoding="utf-8") as file:
        file.write('\n[[defect]]\nid = "new"\nlevel = 1\nvalid_from = 2027-01-01\nvalid_to = 2027-01-01\n'
                   'kk = "к"\nru = "к"\nen = "d"\ncite = ["rules_44", "annex_5", "memory"]\n')  # fmt: skip
    pack = load_draft(copy)
    for on, there in ((LAST, False), (FIRST, True), (date(2027, 1, 2), False)):
        assert ("new" in pack.on(on).defect_by_id) == there
    change(copy, "defects.toml", "valid_to = 2027-01-01", "valid_to = 9999-12-31")
    assert "new" in load_draft(copy).on(date(2090, 1, 1)).defect_by_id


def test_a_pack_without_dated_records_is_one_slice(pack):
    assert pack.slices == ()
    assert pack.on(date(2040, 1, 1)) is pack


def test_screens_get_facts_defects_and_causes_of_the_day(copy, tmp_path):
    split(copy, "defects.toml", '[[defect]]\nid = "jaw_defect"', ("level = 3", "level = 2"))
    split(copy, "facts.toml", '[[fact]]\nid = "functions.mental"', ("mental functions", "functions of the mind"))
    shutil.copytree(copy, tmp_path / "packs" / "kz-mse" / "1.0.0")
    write_manifest(tmp_path / "packs" / "kz-mse" / "1.0.0")
    packs = PackService(PackLibrary(tmp_path / "packs"))
    for on, level, name in ((LAST, 3, "mental functions"), (FIRST, 2, "functions of the mind")):
        assert next(d.level for d in packs.for_date(on).defects if d.id == "jaw_defect") == level
        fact = next(fact for fact in packs.facts(on, date(1980, 5, 5)) if fact.id == "functions.mental")
        assert fact.name.en == name
    for on, level in ((LAST, 3), (FIRST, 2)):
        assert PackLibrary(tmp_path / "packs").for_date(on).defect_by_id["jaw_defect"].level == level
    pack = load_draft(copy)
    assert next(fact.name.en for fact in pack.facts(30, LAST)) == "mental functions"
    for on, outcome in (("2026-12-31", "group_3"), ("2027-01-01", "group_2")):
        found = propose(pack, case(on, 0, 0, anatomical_defects=["jaw_defect"], defect_complication=False))
        assert found.outcome == outcome


def test_the_list_of_records_tells_the_days_of_each(dated):
    pack = load_draft(dated)
    level = [(record.valid_from, record.valid_to) for record in pack.records() if record.id == "level.3"]
    assert level == [(None, LAST), (FIRST, None)]
    assert all(r.valid_from is None and r.valid_to is None for r in pack.records() if r.id != "level.3")
    assert pack.records() == slices_of(pack)[0].records()


def test_a_record_that_comes_back_stands_twice_in_the_list(copy):
    defect = '[[defect]]\nid = "jaw_defect"'
    first = record(copy, "defects.toml", defect)
    split(
        copy, "defects.toml", defect, ("level = 3", "level = 2"), since="valid_from = 2027-01-01\nvalid_to = 2027-12-31"
    )
    with (copy / "defects.toml").open("a", encoding="utf-8") as file:
        file.write("\n" + first.replace("[[defect]]", "[[defect]]\nvalid_from = 2028-01-01"))
    days = [(r.valid_from, r.valid_to) for r in load_draft(copy).records() if r.id == "defect.jaw_defect"]
    assert days == [(None, LAST), (FIRST, date(2027, 12, 31)), (date(2028, 1, 1), None)]


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_pack_show_prints_the_days_of_a_record(dated, capsys, monkeypatch, language):
    split(dated, "defects.toml", '[[defect]]\nid = "jaw_defect"', ("level = 3", "level = 2"),
          until="valid_from = 2026-01-01\nvalid_to = 2026-12-31")  # fmt: skip
    write_manifest(dated)
    monkeypatch.setattr("app.commands.pack.verify_shipped", None)
    assert main(["pack", "show", str(dated), "--lang", language]) == 0
    shown = capsys.readouterr().out
    assert shown.count("31.12.2026") == 2
    assert shown.count("01.01.2027") == 2
    assert main(["pack", "show", str(dated), "--json", "--lang", language]) == 0
    records = json.loads(capsys.readouterr().out)["records"]
    days = [(one["valid_from"], one["valid_to"]) for one in records if one["id"] == "defect.jaw_defect"]
    assert days == [("2026-01-01", "2026-12-31"), ("2027-01-01", None)]


# --- refused ------------------------------------------------------------------------------------------------------
def test_an_end_before_the_beginning_is_refused(copy):
    change(copy, "decisions.toml", LEVEL, f"{LEVEL}\nvalid_from = 2027-01-02\nvalid_to = 2027-01-01")
    assert "level level.3: valid_to lies before valid_from. Correct the dates." in refused(copy)


def test_one_id_on_overlapping_days_is_refused_with_the_days(copy):
    split(copy, "decisions.toml", LEVEL, HARDER, until="valid_to = 2027-01-31")
    said = refused(copy)
    assert "level level.3: this record stands twice on the same days" in said
    assert "from 01.01.2027 to 31.01.2027" in said


def test_a_record_that_is_missing_from_a_day_on_is_told_with_the_day(copy):
    change(copy, "parameters.toml", 'id = "age.work"', 'valid_to = 2027-06-30\nid = "age.work"')
    said = refused(copy)
    assert "“age.work” is no parameter in years" in said
    assert "from 01.07.2027 on" in said


def test_a_parameter_that_is_unused_until_a_day_is_told_with_the_day(copy):
    change(copy, "parameters.toml", '[[parameter]]\nid = "age.work"',
           '[[parameter]]\nid = "referral.later"\nkk = "х"\nru = "х"\nen = "x"\n'
           'unit = "months"\ncite = ["order_260", "unchecked", "memory"]\n'
           'values = [{ value = 2 }]\n\n[[parameter]]\nid = "age.work"')  # fmt: skip
    split(
        copy, "conflicts.toml", '[[conflict]]\ncode = "referral_expired"', ('"referral.validity"', '"referral.later"')
    )
    said = refused(copy)
    assert "parameter referral.later: nothing uses it. Take it out." in said
    assert "until 31.12.2026" in said
    change(copy, "parameters.toml", 'id = "referral.later"', 'id = "referral.later"\nvalid_from = 2027-01-01')
    assert "parameter referral.validity: nothing uses it" in refused(copy)
    change(copy, "parameters.toml", 'id = "referral.validity"', 'id = "referral.validity"\nvalid_to = 2026-12-31')
    pack = load_draft(copy)
    late = {"referral": {"signed_on": "2026-11-25"}}
    for on, reported in (("2026-12-31", ["referral_expired"]), ("2027-01-01", [])):
        conflicts = propose(pack, {**case(on), **late}).conflicts
        assert [c.code for c in conflicts if c.code == "referral_expired"] == reported


WAIT = '[[parameter]]\nid = "referral.wait"'


def test_a_parameter_has_a_value_on_every_day_on_which_its_record_holds(copy):
    split(copy, "parameters.toml", WAIT)
    whole = (copy / "parameters.toml").read_text(encoding="utf-8")
    change(copy, "parameters.toml", "values = [{ value = 4 }]", "values = [{ until = 2026-12-31, value = 4 }]")
    load_draft(copy)  # it ends with its record, and the next record has a value of its own
    change(copy, "parameters.toml", "{ until = 2026-12-31,", "{ until = 2026-12-30,")
    said = refused(copy)
    assert "referral.wait: its last value ends on 30.12.2026, but the criteria use it until 31.12.2026. Leave" in said
    assert said.endswith("This is so until 31.12.2026, as long as records with days hold that end then.")
    before, later = whole.rsplit("values = [{ value = 4 }]", 1)
    (copy / "parameters.toml").write_text(f"{before}values = [{{ from = 2027-01-02, value = 4 }}]{later}",
                                          encoding="utf-8")  # fmt: skip
    assert "referral.wait: no value holds from 01.01.2027 to 01.01.2027" in refused(copy)


def test_an_edition_that_ends_needs_values_until_its_last_day_and_no_longer(copy):
    change(copy, "pack.toml", "valid_from = 2023-07-01", "valid_from = 2023-07-01\nvalid_to = 2035-12-31")
    change(copy, "parameters.toml", "values = [{ value = 4 }]", "values = [{ until = 2035-12-31, value = 4 }]")
    assert load_draft(copy).valid_to == date(2035, 12, 31)
    change(copy, "parameters.toml", "{ until = 2035-12-31,", "{ until = 2035-12-30,")
    assert "its last value ends on 30.12.2035, but the criteria use it until 31.12.2035" in refused(copy)


def test_days_outside_of_the_edition_are_refused(copy):
    change(copy, "decisions.toml", LEVEL, f"{LEVEL}\nvalid_to = 2023-06-30")
    assert "level level.3: it never holds" in refused(copy)
    change(copy, "decisions.toml", "valid_to = 2023-06-30", "valid_from = 2030-01-01")
    change(copy, "pack.toml", "valid_from = 2023-07-01", "valid_from = 2023-07-01\nvalid_to = 2029-12-31")
    assert "level level.3: it never holds" in refused(copy)


def test_a_time_is_no_day_of_a_record(copy):
    change(copy, "decisions.toml", LEVEL, f"{LEVEL}\nvalid_from = 2027-01-01T00:00:00")
    assert "“valid_from” is not a day" in refused(copy)


def test_a_test_case_has_no_days_of_its_own(copy):
    change(copy, "cases.toml", '[[case]]\nid = "level_1"', '[[case]]\nvalid_from = 2027-01-01\nid = "level_1"')
    assert "“valid_from” is not known" in refused(copy)


def test_a_gap_in_the_days_of_a_record_is_a_slice_without_it(copy):
    """Between the two nobody gives level 3, though defects of that level are listed: refused, with the days."""
    split(copy, "decisions.toml", LEVEL, HARDER, until="valid_to = 2026-11-30")
    said = refused(copy)
    assert "from 01.12.2026 to 31.12.2026" in said


def test_too_many_days_of_change_are_refused(copy):
    record = 'level = 3\nkk = "к"\nru = "к"\nen = "d"\ncite = ["rules_44", "annex_5", "memory"]\n'
    many = "".join(f'\n[[defect]]\nid = "d{n}"\nvalid_from = {2030 + n}-01-01\n{record}' for n in range(60))
    with (copy / "defects.toml").open("a", encoding="utf-8") as file:
        file.write(many)
    assert "its records change on 60 different days" in refused(copy)


# --- proof --------------------------------------------------------------------------------------------------------
def with_cases_on_both_sides(folder: Path) -> None:
    for number, (on, outcome) in enumerate(((LAST, "group_3"), (FIRST, "not_established"))):
        with (folder / "cases.toml").open("a", encoding="utf-8") as file:
            file.write(
                f'\n[[case]]\nid = "dated_{number}"\nclause = "level.3"\nsentence = "From 2027 on: pronounced."\n'
                f'on = {on}\nborn = 1980-05-05\nsex = "male"\nset = {{ "facts.limitations.work" = 0,'
                ' "facts.limitations.learning" = "n/a", "facts.functions.mental" = 2,'
                f' "facts.limitations.movement" = 1 }}\nexpect = {{ outcome = "{outcome}" }}\n'
            )


def test_cases_must_stand_on_both_sides_of_the_day_of_a_record(dated):
    assert ("boundary", "level.3") in told(dated, dated_coverage)
    with_cases_on_both_sides(dated)
    assert ("boundary", "level.3") not in told(dated, dated_coverage)


def test_a_pack_with_a_dated_record_and_its_cases_holds(copy):
    """What doesn't change needs no other cases than before: those of all days count for it."""
    split(copy, "defects.toml", '[[defect]]\nid = "jaw_defect"', ("level = 3", "level = 2"))
    for number, (on, level) in enumerate(((LAST, 3), (FIRST, 2))):
        with (copy / "cases.toml").open("a", encoding="utf-8") as file:
            file.write(
                f'\n[[case]]\nid = "dated_{number}"\nclause = "defect.jaw_defect"\nsentence = "Level 2 from 2027 on."\n'
                f'on = {on}\nborn = 1980-05-05\nsex = "male"\nset = {{ "facts.anatomical_defects" = ["jaw_defect"] }}\n'
                f"expect = {{ level = [0, {level}, {level}] }}\n"
            )
    assert told(copy) == []


def test_a_day_of_a_record_that_no_case_notices_is_found(copy):
    """Both records say the same of every case that stands beside the day: moving it turns nothing red."""
    split(copy, "defects.toml", '[[defect]]\nid = "jaw_defect"', ("level = 3", "level = 2"))
    moved = [finding for finding in check_pack(load_draft(copy)) if not finding.ok and finding.check == "boundary"]
    assert {finding.subject for finding in moved} == {"defect.jaw_defect"}
    assert len(moved) == 3  # no cases on the two days, and nobody notices either move


@pytest.mark.parametrize(("day", "later"), [("2027-01-01", True), ("2023-07-01", False)])
def test_each_slice_is_proved_for_itself(copy, day, later):
    """On some days a row that comes too late never decides; on the others it does."""
    row = '[[level]]\nid = "level.2"'
    dead = ('{ some = ["functions"], at_least = 3 }',
            '{ some = ["functions"], at_least = 4 }, { some = ["five"], at_least = 3 }')  # fmt: skip
    if not later:
        change(copy, "decisions.toml", *dead)
        dead = dead[1], dead[0]
    split(copy, "decisions.toml", row, dead)
    failed = [(f.check, f.subject) for f in prove(load_draft(copy)) if not f.ok]
    assert failed == [("decides", f"level.2 {date.fromisoformat(day):%d.%m.%Y}")]


# --- editions side by side ----------------------------------------------------------------------------------------
@pytest.fixture
def two_editions(tmp_path):
    """1.0.0 as shipped, and 2.0.0 with another third level, in force from 2027 on."""
    from tests.rules.conftest import PACK

    for version in ("1.0.0", "2.0.0"):
        write_manifest(shutil.copytree(PACK, tmp_path / "packs" / "kz-mse" / version))
    later = tmp_path / "packs" / "kz-mse" / "2.0.0"
    change(later, "pack.toml", 'version = "1.0.0"', 'version = "2.0.0"')
    change(later, "pack.toml", "valid_from = 2023-07-01", "valid_from = 2027-01-01")
    level = record(later, "decisions.toml", LEVEL)
    change(later, "decisions.toml", level, level.replace(*HARDER))
    write_manifest(later)
    return tmp_path / "packs"


def said(packs: PackService, document: dict[str, object], language: str) -> bytes:
    pack = packs.for_date(date.fromisoformat(document["examination"]["on"]))
    return json.dumps(to_document(propose(pack, document), language), ensure_ascii=False).encode()


def test_an_earlier_edition_gives_the_same_bytes_again_beside_a_later_one(two_editions, tmp_path):
    both, alone = PackService(PackLibrary(two_editions)), tmp_path / "alone"
    shutil.copytree(two_editions / "kz-mse" / "1.0.0", alone / "kz-mse" / "1.0.0")
    before = PackService(PackLibrary(alone))
    for language in ("kk", "ru", "en"):
        for on in ("2023-07-01", "2026-12-31"):
            for function in (1, 2, 3):
                document = case(on, function)
                assert said(both, document, language) == said(before, document, language)
        assert said(both, case("2027-01-01"), language) != said(before, case("2027-01-01"), language)
    for on, version in ((LAST, "1.0.0"), (FIRST, "2.0.0")):
        assert both.identity(on).version == version
    with pytest.raises(KnownError):
        both.for_date(date(2023, 6, 30))


def test_a_dated_pack_gives_the_same_answers_as_two_editions(two_editions, dated):
    one, two = load_draft(dated), PackService(PackLibrary(two_editions))
    for on in ("2026-12-31", "2027-01-01"):
        for function in range(5):
            document = case(on, function, 2)
            mine, theirs = propose(one, document), propose(two.for_date(date.fromisoformat(on)), document)
            assert (mine.outcome, mine.level, mine.period, mine.general_capacity) == (
                theirs.outcome, theirs.level, theirs.period, theirs.general_capacity)  # fmt: skip


def test_a_signed_pack_with_dated_records_is_read_like_the_draft(dated):
    write_manifest(dated)
    assert load_pack(dated, verify=None).slices == load_pack(dated, verify=None, with_cases=False).slices
    assert load_pack(dated, verify=None).digest == load_draft(dated).digest
