"""A rehearsal: who would get what instead under another edition. Real editions, real desks, real processes."""

import csv
import io
import json
import os
import pickle
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest

from app import cli, paths
from app.domain.errors import Cancelled, UserError
from app.domain.rehearsal import Rehearsal
from app.rules.conflict_tables import _PLACEHOLDERS
from app.rules.engine import propose
from app.rules.loader import load_draft
from app.rules.standing import standing_on
from app.services.desk import Desk
from app.services.packs import PackService
from app.services.rehearsal import rehearse_file, trial
from app.services.rehearsal_picture import per_cent
from app.services.rehearsal_words import _OF_MANY
from app.services.rehearsing import BATCH, rehearse
from tests import factories
from tests.bench.rehearsal import LONGER, documents
from tests.editions import BUILT_IN, edition, public_file, put_in

# Group II needs degree 4 of a function.
STRICTER = (
    "decisions.toml",
    'when = [{ some = ["functions"], at_least = 3 }, { some = ["five", "capped"], at_least = 2 }]',
    'when = [{ some = ["functions"], at_least = 4 }, { some = ["five", "capped"], at_least = 2 }]',
)


def batch(path: Path, *changes: dict[str, Any] | str) -> Path:
    """A file of cases, each the sample with changes, or a line as it is."""
    lines = [one if isinstance(one, str) else json.dumps(factories.case_document(one)) for one in changes]
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


# Signed 2 November 2026, so valid until 2 December by the built-in edition.
IN_TIME, LATE, TOO_LATE = ({"examination.on": day} for day in ("2026-11-20", "2026-12-20", "2027-01-20"))


def test_a_change_of_law_shows_who_would_get_what_instead(tmp_path: Path) -> None:
    told, _ = rehearse_file(edition(tmp_path / "new", "1.1.0", "2027-01-01", LONGER, STRICTER),
                            batch(tmp_path / "cases", IN_TIME, LATE, TOO_LATE))  # fmt: skip
    assert told.part.counts.total.cases == 3
    differs = {change.label: change.differs for change in told.part.changes}
    assert "outcome" in differs["1"]
    assert "conflicts" not in differs["1"]
    assert "conflicts" in differs["2"]
    first = told.part.changes[0]
    assert (first.before.outcome, first.after.outcome, first.turn) == ("group_2", "group_3", "lighter")
    assert told.part.counts.outcomes == {("group_2", "group_3"): 3}
    assert told.part.counts.total.lighter == 3
    assert told.part.counts.conflicts["referral_expired", "lost"] == 1


def test_another_level_with_the_same_outcome_is_nothing_that_anybody_gets(tmp_path: Path) -> None:
    """Under seven there are no groups: a child whose level alone is another one keeps what it had."""
    small = {"person.birth_date": "2023-05-05", "person.iin": None, "facts.limitations.learning": None,
             "facts.limitations.work": None}  # fmt: skip
    new = edition(tmp_path / "new", "1.1.0", "2027-01-01", STRICTER)
    told, _ = rehearse_file(new, batch(tmp_path / "cases", small, IN_TIME))
    assert told.part.counts.outcomes == {("child", "child"): 1, ("group_2", "group_3"): 1}
    assert [change.label for change in told.part.changes if change.turn] == ["2"]
    assert all(change.differs for change in told.part.changes)
    total = told.part.counts.total
    assert (total.heavier, total.lighter) == (0, 1)


def test_counts_agree_with_the_proposals_themselves(tmp_path: Path) -> None:
    """Counted anew from two whole proposals a case, with nothing of the rehearsal's."""
    heaviness = {"group_1": 1, "group_2": 2, "group_3": 3, "not_established": 4}
    heaviness |= {f"child_{group}": place for group, place in heaviness.items() if group != "not_established"}
    new = edition(tmp_path / "new", "1.1.0", "2027-01-01", STRICTER)
    lines = [json.dumps(document).encode() for document in documents(400, Random(7))]
    (tmp_path / "cases").write_bytes(b"".join(line + b"\n" for line in lines))
    told, _ = rehearse_file(new, tmp_path / "cases", own_day=True)
    old, after = load_draft(BUILT_IN), load_draft(new)
    differ, heavier, lighter = set(), 0, 0
    for number, line in enumerate(lines, 1):
        document = json.loads(line)
        document["decision"] = None
        one, other = (propose(pack, document) for pack in (old, after))
        seen = [
            (said.outcome, said.period, said.general_capacity, said.professional_capacity, said.cause_proposed,
             said.missing, [conflict.code for conflict in said.conflicts])
            for said in (one, other)
        ]  # fmt: skip
        if seen[0] != seen[1]:
            differ.add(str(number))
        places = [heaviness.get(said.outcome) for said in (one, other)]
        if one.outcome != other.outcome and None not in places:
            heavier, lighter = heavier + (places[1] < places[0]), lighter + (places[1] > places[0])
    total = told.part.counts.total
    assert {change.label for change in told.part.changes} == differ
    assert (total.heavier, total.lighter) == (heavier, lighter)
    assert lighter > 5


def test_a_case_from_before_the_edition_meets_the_law_of_its_first_day_with_its_own_age_and_papers(
    tmp_path: Path,
) -> None:
    # The values begin with the edition: on the case's own day both editions say the same.
    new, cases = edition(tmp_path / "new", "1.1.0", "2027-01-01", LONGER), batch(tmp_path / "cases", LATE, IN_TIME)
    told, _ = rehearse_file(new, cases)
    assert [(change.label, change.differs) for change in told.part.changes] == [("1", ("conflicts",))]
    assert (told.law_of, told.earlier_only) == (date(2027, 1, 1), True)
    # No paper grew old meanwhile: the case in time is in time under both.
    assert not any("referral_expired" in change.after.conflicts for change in told.part.changes)
    told, _ = rehearse_file(new, cases, own_day=True)
    assert told.part.changes == []
    assert (told.law_of, told.earlier_only) == (None, False)


def test_the_day_asked_for_is_one_on_which_the_new_edition_holds(tmp_path: Path) -> None:
    new = edition(tmp_path / "new", "1.1.0", "2027-01-01", LONGER, more="valid_to = 2027-12-31")
    cases = batch(tmp_path / "cases", LATE)
    assert len(rehearse_file(new, cases, law_of=date(2027, 6, 1))[0].part.changes) == 1
    for day in (date(2026, 12, 31), date(2028, 1, 1)):
        with pytest.raises(UserError, match="do not hold on"):
            rehearse_file(new, cases, law_of=day)
    with pytest.raises(UserError):
        rehearse_file(new, cases, law_of=date(2027, 6, 1), own_day=True)


def test_the_edition_that_holds_on_the_day_is_the_other_side(tmp_path: Path) -> None:
    first = edition(tmp_path / "first", "1.1.0", "2027-01-01", LONGER)
    second = edition(tmp_path / "second", "1.2.0", "2028-01-01", LONGER, STRICTER)

    class AtHand:
        version = "1.1.0"

        def days(self) -> tuple[date, date | None]:
            return date(2027, 1, 1), None

        def pack(self) -> Any:
            return load_draft(first)

    found, _ = trial(second, (AtHand(), *PackService().at_hand()), against=None, law_of=None, own_day=False)
    assert [pack.version for pack in found.others] == ["1.1.0", "1.0.0"]
    assert [side.version for side in found.sides(date(2028, 5, 1))] == ["1.1.0", "1.2.0"]
    found, _ = trial(second, (AtHand(), *PackService().at_hand()), against=None, law_of=None, own_day=True)
    assert [side.version for side in found.sides(date(2026, 5, 1))] == ["1.0.0", "1.2.0"]
    found, _ = trial(second, PackService().at_hand(), against=first, law_of=None, own_day=False)
    assert [side.version for side in found.sides(date(2026, 5, 1))] == ["1.1.0", "1.2.0"]


def test_an_edition_against_itself_is_refused(tmp_path: Path) -> None:
    shipped = paths.resource("rulepacks", "kz-mse", "1.0.0")
    cases = batch(tmp_path / "cases", IN_TIME)
    for against in (None, Path(shutil.copytree(shipped, tmp_path / "same"))):
        with pytest.raises(UserError, match="same edition"):
            rehearse_file(shipped, cases, against=against)


def test_a_folder_in_work_is_tried_and_told(tmp_path: Path) -> None:
    cases = batch(tmp_path / "cases", IN_TIME)
    signed = edition(tmp_path / "signed", "1.1.0", "2027-01-01", LONGER)
    assert rehearse_file(signed, cases)[0].in_work is False
    (signed / "pack.toml").write_text((signed / "pack.toml").read_text("utf-8") + "# touched\n", "utf-8")
    assert rehearse_file(signed, cases)[0].in_work is True
    assert rehearse_file(edition(tmp_path / "work", "1.1.0", "2027-01-01", LONGER, key=None), cases)[0].in_work is True


def test_what_the_commission_had_decided_is_no_contradiction_to_the_new_law(tmp_path: Path) -> None:
    decided = {**IN_TIME, "decision": factories.DECISION}
    told, _ = rehearse_file(edition(tmp_path / "new", "1.1.0", "2027-01-01", STRICTER), batch(tmp_path / "c", decided))
    assert "outcome" in told.part.changes[0].differs
    assert "decision_differs" not in told.part.changes[0].after.conflicts


def printed(capsys: pytest.CaptureFixture[str], language: str, *line: str) -> str:
    assert cli.main(["pack", "rehearse", *line, "--lang", language]) == 0
    return capsys.readouterr().out


def test_a_contradiction_is_told_with_the_days_of_the_case_and_of_many_cases_without_holes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new = str(edition(tmp_path / "new", "1.1.0", "2027-01-01", LONGER))
    cases = str(batch(tmp_path / "cases", LATE))
    for language, day in (("kk", "[күн]"), ("ru", "[день]"), ("en", "[day]")):
        out = printed(capsys, language, new, "--jsonl", cases)
        of_many, of_one = [line for line in out.splitlines() if "031/" in line]
        assert of_many.count(day) == 2
        assert "02.12.2026" in of_one
        assert "20.12.2026" in of_one.split(":", 1)[1]
        assert "…" not in out


def test_every_placeholder_of_a_contradiction_has_a_word_for_many_cases() -> None:
    assert set(_OF_MANY) == set(_PLACEHOLDERS)


def test_the_table_says_what_would_disappear_and_appear_and_writes_days_as_the_screen_does(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    longer, table = edition(tmp_path / "new", "1.1.0", "2027-01-01", LONGER), tmp_path / "table.csv"
    cases = str(batch(tmp_path / "cases", LATE))
    # The other way round the older edition is the one that is tried, on a day on which it holds as well.
    for line, gone in (([str(longer)], True), (["1.0.0", "--against", str(longer), "--as-of", "2027-01-01"], False)):
        printed(capsys, "en", *line, "--jsonl", cases, "--csv", str(table))
        heading, row = csv.reader(io.StringIO(table.read_text("utf-8-sig")), delimiter=";")
        said = dict(zip(heading, row, strict=True))
        assert said["day of examination"] == "20.12.2026"
        assert ("02.12.2026" in said["contradictions and obstacles: would disappear"]) is gone
        assert ("02.12.2026" in said["contradictions and obstacles: would appear"]) is not gone
        assert "group: by the former edition" in heading
        assert "…" not in "".join(row)


def shown(picture: Path) -> str:
    text = subprocess.run(["pdftotext", "-layout", str(picture), "-"], capture_output=True, check=True)
    return " ".join(text.stdout.decode().split())


def test_the_picture_shows_what_differs_in_shares_of_all_cases(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new, picture = str(edition(tmp_path / "new", "1.1.0", "2027-01-01", LONGER)), tmp_path / "picture.pdf"
    cases = str(batch(tmp_path / "cases", LATE, IN_TIME, IN_TIME, IN_TIME, IN_TIME))
    printed(capsys, "en", new, "--jsonl", cases, "--plot", str(picture))
    words = shown(picture)
    assert "would disappear: Form No. 031/у was valid" in words
    assert "1 (20 %)" in words
    assert "No group would be another." in words
    assert "100 %" in words


def test_the_picture_has_no_bars_for_regions_and_diseases_that_no_case_names(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new, picture = str(edition(tmp_path / "new", "1.1.0", "2027-01-01", LONGER)), tmp_path / "picture.pdf"
    nowhere = {**LATE, "person.address.kato": None, "diagnosis.main.icd10": None}
    printed(capsys, "en", new, "--jsonl", str(batch(tmp_path / "cases", nowhere)), "--plot", str(picture))
    words = shown(picture)
    assert "No case names the region of residence." in words
    assert "No case names a main diagnosis" in words
    assert "not given" not in words
    assert "in shares of its cases" not in words


def bars(picture: Path, colour: str) -> list[float]:
    found = re.findall(rf'<rect [^>]*width="([\d.]+)"[^>]*fill="{colour}"', picture.read_text("utf-8"))
    return [float(width) for width in found]


def test_a_full_bar_is_all_cases_or_a_tenth_of_them_where_nothing_is_more(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new, picture = str(edition(tmp_path / "new", "1.1.0", "2027-01-01", LONGER)), tmp_path / "picture.svg"
    bare = {"person.address.kato": None, "diagnosis.main.icd10": None}
    for others, share, mark in ((4, 0.2, "100\xa0%"), (19, 0.5, "10\xa0%")):
        cases = [{**LATE, **bare}, *[{**IN_TIME, **bare}] * others]
        printed(capsys, "en", new, "--jsonl", str(batch(tmp_path / "cases", *cases)), "--plot", str(picture))
        assert f">{mark}</text>" in picture.read_text("utf-8")
        for filled, whole in zip(bars(picture, "#16324f"), bars(picture, "#eef1f4"), strict=True):
            assert filled == pytest.approx(whole * share, abs=0.02)


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [(0, 5, "0 %"), (1, 2000, "< 1 %"), (356, 2000, "18 %"), (1999, 2000, "> 99 %"), (5, 5, "100 %")],
)
def test_a_share_says_nothing_and_all_only_where_it_is_so(part: int, whole: int, said: str) -> None:
    assert per_cent(part, whole) == said


def test_every_answer_says_what_is_not_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    new, picture = str(edition(tmp_path / "new", "1.1.0", "2027-01-01", LONGER)), tmp_path / "picture.pdf"
    cases = str(batch(tmp_path / "cases", IN_TIME))
    sentence = "measures, extra help and notes are not"
    assert sentence in printed(capsys, "en", new, "--jsonl", cases, "--plot", str(picture))
    assert sentence in shown(picture)
    document = json.loads(printed(capsys, "en", new, "--jsonl", cases, "--json"))
    assert document["not_compared"] == ["measures", "extra_help", "notes"]


def test_a_desk_or_a_file_without_cases_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    new = str(edition(tmp_path / "new", "1.1.0", "2027-01-01", LONGER))
    secret = tmp_path / "passphrase"
    secret.write_text(factories.PASSPHRASE, encoding="utf-8")
    factories.make_desk(tmp_path / "desk")
    signed_in = ("--data", str(tmp_path / "desk"), "--user", "head", "--passphrase-file", str(secret))
    out = printed(capsys, "en", new, *signed_in)
    assert "There are no cases on this desk" in out
    assert "holds no cases" in printed(capsys, "en", new, "--jsonl", str(batch(tmp_path / "cases")))


def test_a_line_that_is_no_case_is_told_and_harms_nothing(tmp_path: Path) -> None:
    cases = batch(tmp_path / "cases", IN_TIME, "{", "", {**IN_TIME, "facts.anatomical_defects": ["three_hands"]}, LATE)
    told, _ = rehearse_file(edition(tmp_path / "new", "1.1.0", "2027-01-01", LONGER), cases)
    assert told.part.counts.total.cases == 2
    assert [label for label, _ in told.part.refused] == ["2", "4"]
    assert [change.label for change in told.part.changes] == ["5"]


def many(number: int) -> Iterator[tuple[str, bytes]]:
    for position, document in enumerate(documents(number, Random(5)), start=1):
        yield str(position), json.dumps(document).encode()


def test_several_processes_give_what_one_gives(tmp_path: Path) -> None:
    def told(processes: int) -> Rehearsal:
        new = edition(tmp_path / f"new{processes}", "1.1.0", "2027-01-01", LONGER, STRICTER)
        found, in_work = trial(new, PackService().at_hand(), against=None, law_of=None, own_day=False)
        lines = list(many(2 * BATCH + 7))
        lines[5] = ("6", b"{")
        return rehearse(found, lines, in_work=in_work, processes=processes)

    one, two = told(1), told(2)
    assert one.part.changes == two.part.changes
    assert one.part.counts == two.part.counts
    assert one.part.refused == two.part.refused
    assert [label for label, _ in two.part.refused] == ["6"]
    assert one.part.against == two.part.against


@pytest.mark.parametrize("processes", [1, 2])
def test_a_rehearsal_stops_where_it_is_cancelled(tmp_path: Path, processes: int) -> None:
    new = edition(tmp_path / "new", "1.1.0", "2027-01-01", LONGER)
    found, _ = trial(new, PackService().at_hand(), against=None, law_of=None, own_day=False)
    seen: list[int] = []
    with pytest.raises(Cancelled):
        rehearse(found, many(4 * BATCH), processes=processes, progress=seen.append, cancelled=lambda: bool(seen))
    assert seen == [BATCH]


def test_standing_on_a_day_changes_nothing_for_cases_of_that_day(tmp_path: Path) -> None:
    pack, day = load_draft(edition(tmp_path / "new", "1.1.0", "2027-01-01", LONGER)), date(2028, 3, 1)
    standing = standing_on(pack, day)
    for document in documents(300, Random(3)):
        document["examination"]["on"] = day.isoformat()
        assert propose(standing, document) == propose(pack, document)


def test_values_of_the_day_hold_on_other_days(tmp_path: Path) -> None:
    pack = load_draft(edition(tmp_path / "new", "1.1.0", "2027-01-01", LONGER))
    late = factories.case_document(LATE)
    codes = [
        [conflict.code for conflict in propose(standing_on(pack, day), late).conflicts]
        for day in (date(2026, 12, 31), date(2027, 1, 1))
    ]
    assert "referral_expired" in codes[0]
    assert "referral_expired" not in codes[1]


@pytest.fixture
def stored(desk: Desk) -> Desk:
    """A desk with a draft, one without a day, one discarded."""
    desk.examinations.import_case(factories.case_document(LATE))
    unfinished = desk.examinations.import_case(factories.case_document(LATE))
    desk.examinations.set_field(unfinished.id, "examination.on", None)
    discarded = desk.examinations.import_case(factories.case_document(LATE))
    desk.examinations.discard(discarded.id, "a double")
    return desk


def test_the_desks_own_cases_are_rehearsed_by_number_and_nothing_is_changed(stored: Desk, tmp_path: Path) -> None:
    new = edition(tmp_path / "new", "1.1.0", "2027-01-01", LONGER)
    before = [stored.examinations.open(row.id).document for row in stored.examinations.rows()]
    told, packs = stored.rehearsals.rehearse(new)
    assert told.part.counts.total.cases == 1
    assert [change.label for change in told.part.changes] == ["2/2026/000001"]
    assert [label for label, _ in told.part.refused] == ["2/2026/000002"]
    assert [pack.version for pack in packs] == ["1.1.0", "1.0.0"]
    assert [stored.examinations.open(row.id).document for row in stored.examinations.rows()] == before
    assert stored.integrity.verify().problem is None


def test_the_audit_trail_tells_of_a_rehearsal_and_names_nobody(stored: Desk, tmp_path: Path) -> None:
    stored.rehearsals.rehearse(edition(tmp_path / "new", "1.1.0", "2027-01-01", LONGER))
    with stored._place.database.reading() as connection:
        rows = connection.exec_driver_sql("SELECT record FROM audit ORDER BY seq DESC LIMIT 1").fetchall()
    record = json.loads(rows[0][0])
    assert record["action"] == "cases.rehearsed"
    assert set(record["new"]) == {"pack", "version", "digest", "cases"}
    assert record["new"]["cases"] == 2


def test_the_command_speaks_three_languages_and_writes_table_picture_and_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new = str(edition(tmp_path / "new", "1.1.0", "2027-01-01", LONGER, STRICTER, key=None))
    cases = str(batch(tmp_path / "cases", IN_TIME, LATE, "{"))
    for language, words in (
        ("kk", "Ештеңе өзгертілген жоқ"),
        ("ru", "Ничего не изменено"),
        ("en", "Nothing was changed"),
    ):
        table, picture = tmp_path / f"{language}.csv", tmp_path / f"{language}.svg"
        line = [
            "pack",
            "rehearse",
            new,
            "--jsonl",
            cases,
            "--lang",
            language,
            "--csv",
            str(table),
            "--plot",
            str(picture),
        ]
        assert cli.main(line) == 0
        assert words in capsys.readouterr().out
        rows = list(csv.reader(io.StringIO(table.read_text("utf-8-sig")), delimiter=";"))
        assert [row[0] for row in rows[1:]] == ["1", "2", "3"]
        assert len({len(row) for row in rows}) == 1
        assert picture.read_text("utf-8").startswith("<svg ")
    assert cli.main(["pack", "rehearse", new, "--jsonl", cases, "--json", "--lang", "en"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["format"] == "mse-rehearsal/1"
    assert document["total"] == {"cases": 2, "changed": 2, "heavier": 0, "lighter": 2, "not_decided": 1}
    assert document["cases"][0]["now"]["outcome"] == "group_2"
    assert document["new"]["in_work"] is True


def test_the_picture_is_a_pdf_where_its_name_says_so_and_the_same_bytes_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new = str(edition(tmp_path / "new", "1.1.0", "2027-01-01", STRICTER))
    cases, picture = str(batch(tmp_path / "cases", IN_TIME)), tmp_path / "picture.pdf"
    seen = []
    for _ in range(2):
        assert cli.main(["pack", "rehearse", new, "--jsonl", cases, "--lang", "kk", "--plot", str(picture)]) == 0
        seen.append(picture.read_bytes())
    assert seen[0] == seen[1]
    words = subprocess.run(["pdftotext", str(picture), "-"], capture_output=True, check=True).stdout.decode()
    assert "мүгедектік" in words
    assert cli.main(["pack", "rehearse", new, "--jsonl", cases, "--lang", "en", "--plot", "picture.png"]) == 2
    assert "picture.png" in capsys.readouterr().err


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_nothing_is_left_running_after_an_interruption_and_nothing_is_complained_of(tmp_path: Path) -> None:
    assert interrupted(tmp_path, signal.SIGINT) == (130, b"")


def interrupted(tmp_path: Path, by: signal.Signals) -> tuple[int, bytes]:
    """Exit code and complaints of a rehearsal that gets a signal, once every process of it has ended."""
    new = edition(tmp_path / "new", "1.1.0", "2027-01-01", LONGER)
    cases = tmp_path / "cases.jsonl"
    some = [line for _, line in many(1_000)]
    cases.write_bytes(b"".join(line + b"\n" for line in some) * 400)
    line = [sys.executable, "-m", "app.cli", "pack", "rehearse", str(new), "--jsonl", str(cases), "--lang", "en"]
    with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True) as child:
        group = child.pid
        children: list[str] = []
        while len(children) < 3 and child.poll() is None:  # the two that decide, and what counts their locks
            found = subprocess.run(["pgrep", "-g", str(group)], capture_output=True, text=True, check=False)
            children = found.stdout.split()
        (os.killpg if by is signal.SIGINT else os.kill)(group, by)
        _, said = child.communicate(timeout=60)
    until = time.monotonic() + 60
    while subprocess.run(["pgrep", "-g", str(group)], capture_output=True, check=False).stdout:
        assert time.monotonic() < until
    return child.returncode, said


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_further_processes_end_with_the_first_however_it_ends(tmp_path: Path) -> None:
    assert interrupted(tmp_path, signal.SIGKILL)[0] == -signal.SIGKILL


def test_an_edition_whose_records_have_days_travels_whole(tmp_path: Path) -> None:
    row = ("decisions.toml", 'id = "level.3"\n', 'id = "level.3"\nvalid_from = 2027-06-01\n')
    earlier = (
        '[[level]]\nid = "level.3"\nlevel = 3\nvalid_to = 2027-05-31\n'
        'when = [{ some = ["functions"], at_least = 2 }, { some = ["five"], at_least = 1 }]\n'
        'cite = ["rules_44", "unchecked", "memory"]\nkk = "–"\nru = "–"\nen = "–"\n\n'
    )
    outcome = '[[outcome]]\nid = "outcome.adult"'
    before = ("decisions.toml", outcome, earlier + outcome)
    pack = load_draft(edition(tmp_path / "new", "1.1.0", "2027-01-01", row, before))
    assert len(pack.slices) == 2
    propose(pack, factories.case_document(IN_TIME))
    again = pickle.loads(pickle.dumps(pack))  # noqa: S301 - our own bytes
    assert again.compiled == {}
    for day in ("2027-05-31", "2027-06-01"):
        document = factories.case_document({"examination.on": day})
        assert propose(again, document) == propose(pack, document)
    assert again.on(date(2027, 5, 31)) is again.slices[0]


def test_cases_of_a_file_meet_the_editions_that_the_desk_has_accepted(
    desk: Desk, data_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    accepted = edition(tmp_path / "accepted", "1.1.0", "2027-01-01", LONGER)
    desk.acceptance.admit_key(public_file(tmp_path / "key.pub"), "X")
    put_in(desk, accepted)
    desk.close()
    (tmp_path / "secret").write_text(factories.PASSPHRASE, encoding="utf-8")
    new = str(edition(tmp_path / "new", "1.2.0", "2027-07-01", LONGER))
    cases = str(batch(tmp_path / "cases", LATE))
    assert "against kz-mse 1.0.0" in printed(capsys, "en", new, "--jsonl", cases)
    who = ("--data", str(data_dir), "--user", "head", "--passphrase-file", str(tmp_path / "secret"))
    out = printed(capsys, "en", new, "--jsonl", cases, *who)
    assert "against kz-mse 1.1.0" in out
    assert "different: 0" in out


def test_whose_cases_are_meant_has_to_be_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["pack", "rehearse", "1.0.0", "--lang", "en"]) == 2
    said = capsys.readouterr().err
    assert "--user" in said
    assert "--jsonl" in said
