"""The twelve invented people: their proposals are what the criteria fix, through the engine and the command line."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from app.cli import main
from app.domain.case_file import read_case_path
from app.rules.engine import propose
from app.rules.explanation import explain, to_document

CASES = Path(__file__).parent.parent / "cases"
NAMES = sorted(path.name.removesuffix(".case.json") for path in CASES.glob("*.case.json"))


def expected(name):
    return json.loads((CASES / f"{name}.expect.json").read_text(encoding="utf-8"))["expect"]


def agrees(found, wanted):
    for key, value in wanted.items():
        if key == "conflicts":
            assert [conflict["code"] for conflict in found["conflicts"]] == value
        elif isinstance(value, dict) and isinstance(found[key], dict):
            agrees(found[key], value)
        else:
            assert found[key] == value, key


def test_there_are_twelve():
    assert len(NAMES) == 12


@pytest.mark.parametrize("name", NAMES)
def test_the_proposal_is_the_expected_one(pack, name):
    proposal = propose(pack, read_case_path(CASES / f"{name}.case.json"))
    document = to_document(proposal, "en")
    agrees(document, expected(name))
    assert list(document) == [
        "format",
        "pack",
        "on",
        "age",
        "outcome",
        "level",
        "missing",
        "period",
        "general_capacity",
        "professional_capacity",
        "cause",
        "conflicts",
        "trace",
    ]
    assert {tuple(step) for step in document["trace"]} == {("rule", "held", "because", "citation")}


@pytest.mark.parametrize("name", NAMES)
def test_without_a_trace_the_answer_is_the_same(pack, name):
    document = read_case_path(CASES / f"{name}.case.json")
    full, bare = propose(pack, document), propose(pack, document, trace=False)
    assert not bare.trace
    for part in ("outcome", "level", "missing", "period", "general_capacity", "professional_capacity", "conflicts"):
        assert getattr(full, part) == getattr(bare, part)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_explanation_is_whole_in_each_language(pack, name, language):
    explanation = explain(pack, propose(pack, read_case_path(CASES / f"{name}.case.json")))
    texts = [
        explanation.headline,
        explanation.criteria,
        *explanation.missing,
        *(reason.title for reason in explanation.held),
        *(line.text for reason in explanation.failed for line in reason.lines),
        *(text for why in explanation.why_not_heavier for text in (why.text, *(line.text for line in why.lines))),
    ]
    assert explanation.held or name == "10-refused"
    for text in texts:
        assert text.of(language).strip()
        assert "{" not in text.of(language)


def test_the_command_prints_the_same_bytes_twice(capsysbinary):
    path = str(CASES / "09-mismatch.case.json")
    runs = []
    for _ in range(2):
        assert main(["propose", path, "--json", "--lang", "kk"]) == 0
        runs.append(capsysbinary.readouterr().out)
    assert runs[0] == runs[1]
    agrees(json.loads(runs[0]), expected("09-mismatch"))


def test_in_words_the_command_names_outcome_end_and_what_is_missing(capsys):
    assert main(["propose", str(CASES / "01-stroke-at-home.case.json"), "--lang", "ru"]) == 0
    told = capsys.readouterr().out
    assert "инвалидность второй группы" in told
    assert "01.12.2028" in told
    assert main(["propose", str(CASES / "06-not-enough-data.case.json"), "--lang", "en"]) == 0
    told = capsys.readouterr().out
    assert "not enough data" in told
    assert "independent movement" in told


def test_a_batch_answers_each_line_and_names_the_bad_ones(tmp_path, capsys):
    good = json.dumps(json.loads((CASES / "01-stroke-at-home.case.json").read_text(encoding="utf-8")))
    batch = tmp_path / "batch.jsonl"
    batch.write_bytes(
        b"\n".join([good.encode(), b"{broken", b"", b'{"format": "mse-case/1", "facts": 1}', b"\xff", good.encode()])
    )
    assert main(["propose", "--jsonl", str(batch), "--lang", "en"]) == 2
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line.get("line") for line in lines] == [None, 2, 4, 5, None]
    assert lines[0] == lines[-1]
    assert lines[0]["outcome"] == "group_2"
    assert "facts" in lines[2]["error"]


@pytest.mark.parametrize(
    ("content", "says"),
    [(None, "There is no file"), (b"{", "line 1"), (b'{"format":"mse-case/1"}', "person.birth_date")],
)
def test_a_bad_file_is_a_sentence_and_exit_code_2(tmp_path, capsys, content, says):
    path = tmp_path / "case.json"
    if content is not None:
        path.write_bytes(content)
    assert main(["propose", str(path), "--lang", "en"]) == 2
    assert says in capsys.readouterr().err


def test_a_folder_and_a_huge_file_are_refused(tmp_path, capsys):
    assert main(["propose", str(tmp_path), "--lang", "en"]) == 2
    huge = tmp_path / "huge.json"
    with huge.open("wb") as file:
        file.truncate(40 * 1024 * 1024)
    assert main(["propose", str(huge), "--lang", "en"]) == 2
    assert "40.0 MB" in capsys.readouterr().err


def test_a_defect_that_no_list_has_is_refused_with_its_path(tmp_path, capsys):
    case = json.loads((CASES / "02-shin-amputation.case.json").read_text(encoding="utf-8"))
    case["facts"]["anatomical_defects"] = ["third_arm"]
    path = tmp_path / "case.json"
    path.write_text(json.dumps(case), encoding="utf-8")
    assert main(["propose", str(path), "--lang", "en"]) == 2
    assert "facts.anatomical_defects" in capsys.readouterr().err


def test_a_day_before_the_criteria_is_told(tmp_path, capsys):
    path = tmp_path / "case.json"
    path.write_text(
        '{"format":"mse-case/1","person":{"birth_date":"1980-01-01","sex":"male"},"examination":{"on":"2020-01-01"}}'
    )
    assert main(["propose", str(path), "--lang", "en"]) == 3
    assert "01.01.2020 are not on this laptop" in capsys.readouterr().err


def test_proposing_imports_neither_window_nor_database():
    code = (
        "import sys; from app.cli import main; main(['propose', sys.argv[1], '--json']); "
        "heavy = {'PySide6', 'sqlalchemy', 'alembic', 'sqlcipher3', 'reportlab', 'babel'} & set(sys.modules); "
        "sys.exit(repr(heavy) if heavy else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(CASES / "01-stroke-at-home.case.json")],
        capture_output=True,
        cwd=Path(__file__).parent.parent.parent,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()


def test_the_command_prints_the_whole_explanation_as_json(capsys):
    path = str(CASES / "01-stroke-at-home.case.json")
    assert main(["propose", path, "--explanation", "--lang", "ru"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["format"], told["language"]) == ("mse-explanation/1", "ru")
    assert told["nearest"][1]["changes"] == ["статодинамические функции: 2, а не 3"]
    assert main(["propose", path, "--explanation", "--json", "--lang", "en"]) == 2
    assert main(["propose", "--jsonl", path, "--explanation", "--lang", "en"]) == 2


def test_in_words_the_command_tells_neighbours_other_periods_and_notes(tmp_path, capsys):
    document = json.loads((CASES / "01-stroke-at-home.case.json").read_text(encoding="utf-8"))
    document["examination"]["occasion"] = "repeat"
    document["previous"] = {"on": "2024-09-10", "period": {"kind": "years", "value": 2}}
    path = tmp_path / "case.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    assert main(["propose", str(path), "--lang", "en"]) == 0
    told = capsys.readouterr().out
    for part in ("What other facts would give:", "Other periods and their grounds:", "Beside the group:"):
        assert part in told
    assert "the term was missed" in told
