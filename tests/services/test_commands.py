"""The desk's commands, as a person at a terminal or a script meets them: words, files, exit codes."""

import getpass
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from app import cli
from app.crypto import recovery
from tests import factories

PASSPHRASE = "grey stork over the wide river 41"


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "passphrase"
    path.write_bytes(b"\xef\xbb\xbf" + PASSPHRASE.encode() + b"\r\nsecond line\r\n")
    return path


@pytest.fixture
def credentials(data_dir: Path, secret: Path) -> list[str]:
    return ["--data", str(data_dir), "--user", "head", "--passphrase-file", str(secret), "--lang", "en"]


@pytest.fixture
def made(credentials: list[str], capsys: pytest.CaptureFixture[str]) -> list[str]:
    assert cli.main(["init", *credentials, "--name", factories.NAMES[factories.HEAD]]) == 0
    capsys.readouterr()
    return credentials


def case_at(path: Path, changes: dict[str, object] | None = None) -> str:
    path.write_text(json.dumps(factories.case_document(changes)), encoding="utf-8")
    return str(path)


def test_init_makes_a_desk_and_prints_the_recovery_code_once(
    credentials: list[str], data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert (
        cli.main(["init", *credentials, "--name", "Әлия Сейітова", "--department", "2", "--region", "150000000"]) == 0
    )
    out = capsys.readouterr().out
    code = next(word for word in out.split() if word.count("-") == 8)
    assert recovery.read_code(code)
    access = factories.make_access(data_dir)
    second = access.recover("head", code, PASSPHRASE)
    assert second != code
    desk = access.sign_in("head", PASSPHRASE)
    assert (desk.user.name, desk.department.number) == ("Әлия Сейітова", "2")
    assert desk.department.names.kk
    desk.close()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--user", "head"], "--name"),
        (["--name", "N"], "--user"),
        (["--user", "head", "--name", "N"], "--passphrase-file"),
        (["--user", "head", "--name", "N", "--region", "999999999"], "999999999"),
    ],
)
def test_init_says_what_is_missing_and_makes_nothing(
    data_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
    words: str,
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    assert cli.main(["init", "--data", str(data_dir), "--lang", "en", *options]) == 2
    assert words in capsys.readouterr().err
    assert not data_dir.exists()


def test_init_refuses_a_desk_that_is_there(made: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["init", *made, "--name", "N"]) == 2
    assert "There is a desk already" in capsys.readouterr().err


def test_cases_go_in_and_are_listed(made: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = [case_at(tmp_path / "a.case.json"), case_at(tmp_path / "b.case.json", {"person.surname": "Ким"})]
    assert cli.main(["import-cases", *made, *files]) == 0
    assert "2 cases imported" in capsys.readouterr().out
    assert cli.main(["list", *made, "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["number"] for row in rows] == [f"1/{rows[0]['number'][2:6]}/00000{n}" for n in (2, 1)]
    assert rows[0]["name"].startswith("Ким ")
    assert rows[0]["state"] == "draft"
    assert set(rows[0]) == {
        "id",
        "number",
        "state",
        "name",
        "iin",
        "birth_date",
        "examined_on",
        "outcome",
        "changed_at",
    }
    assert cli.main(["list", *made]) == 0
    assert "2 cases." in capsys.readouterr().out
    assert cli.main(["verify", *made]) == 0
    assert "whole" in capsys.readouterr().out


def test_one_bad_file_keeps_all_files_out_and_is_named(
    made: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = case_at(tmp_path / "good.json"), case_at(tmp_path / "bad.json", {"person.sex": "neither"})
    for files in ([good, bad], [bad, good], [good, str(tmp_path)], [good, str(tmp_path / "none.json")]):
        assert cli.main(["import-cases", *made, *files]) == 2
        err = capsys.readouterr().err
        assert Path(next(file for file in files if file != good)).name in err
    assert cli.main(["list", *made, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_a_broken_chain_is_exit_code_1(made: list[str], data_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    desk = factories.make_access(data_dir).sign_in("head", PASSPHRASE)
    connection = desk._place.database.connection
    connection.exec_driver_sql("DROP TRIGGER audit_does_not_change")
    connection.exec_driver_sql("UPDATE audit SET record = x'7b7d' WHERE seq = 1")
    desk.close()
    assert cli.main(["verify", *made]) == 1
    assert "record 1 was changed" in capsys.readouterr().err


def test_a_wrong_passphrase_is_bad_input_and_a_second_copy_is_the_surroundings(
    made: list[str], data_dir: Path, tmp_path: Path
) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("wrong")
    changed = [str(wrong) if word.endswith("passphrase") else word for word in made]
    assert cli.main(["list", *changed]) == 2
    changed = [str(tmp_path / "none") if word.endswith("passphrase") else word for word in made]
    assert cli.main(["list", *changed]) == 2
    desk = factories.make_access(data_dir).sign_in("head", PASSPHRASE)
    assert cli.main(["list", *made]) == 3
    desk.close()


def test_without_a_terminal_nobody_is_asked(
    made: list[str], data_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("head\n"))
    assert cli.main(["list", "--data", str(data_dir), "--lang", "en"]) == 2
    assert "--user" in capsys.readouterr().err
    assert cli.main(["list", "--data", str(data_dir), "--lang", "en", "--user", "head"]) == 2
    assert "--passphrase-file" in capsys.readouterr().err


def test_at_a_terminal_login_and_passphrase_are_asked_for(
    made: list[str], data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = io.StringIO("head\n")
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stdin", terminal)
    monkeypatch.setattr(getpass, "getpass", lambda prompt: PASSPHRASE)
    assert cli.main(["list", "--data", str(data_dir)]) == 0


def test_a_new_passphrase_that_was_typed_twice_differently_makes_nothing(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = io.StringIO()
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stdin", terminal)
    typed = iter((PASSPHRASE, f"{PASSPHRASE}2"))
    monkeypatch.setattr(getpass, "getpass", lambda prompt: next(typed))
    assert cli.main(["init", "--data", str(data_dir), "--user", "head", "--name", "N"]) == 2
    assert not data_dir.exists()


def test_a_defect_that_the_criteria_do_not_list_keeps_a_file_out(
    made: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = case_at(tmp_path / "odd.json", {"facts.anatomical_defects": ["three_hands"]})
    for line in (["import-cases", *made, path], ["propose", path], ["print", path, "--out", str(tmp_path / "out")]):
        assert cli.main(line) == 2
        assert "facts.anatomical_defects" in capsys.readouterr().err
    assert cli.main(["list", *made, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_the_twelve_cases_go_in_and_come_out(made: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    files = sorted((Path(__file__).parents[1] / "cases").glob("*.case.json"))
    assert len(files) == 12
    assert cli.main(["import-cases", *made, *map(str, files)]) == 0
    capsys.readouterr()
    assert cli.main(["list", *made, "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    given = [json.loads(file.read_text(encoding="utf-8")) for file in files]
    assert [row["birth_date"] for row in reversed(rows)] == [document["person"]["birth_date"] for document in given]


def test_the_list_obeys_no_name(
    made: list[str], data_dir: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = factories.make_access(data_dir).sign_in("head", PASSPHRASE)
    monkeypatch.setattr("app.domain.case_file.check_document", lambda document: None)
    # As an import of an earlier version may have left it.
    desk.examinations.import_case(factories.case_document({"person.surname": "Ким\n1/2026/000099  \u202e\x9b2KА"}))
    desk.close()
    assert cli.main(["list", *made]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2
    assert "Ким 1/2026/000099 \ufffd\ufffd2KА" in lines[0]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is nothing to turn off")
def test_who_opens_a_desk_leaves_no_core_dump(made: list[str]) -> None:
    told = (
        "import ctypes, resource, sys; from app import cli; code = cli.main(sys.argv[1:]);"
        "print(code, *resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))"
    )
    ended = subprocess.run([sys.executable, "-c", told, "list", *made], capture_output=True, text=True, check=True)
    assert ended.stdout.splitlines()[-1] == "0 0 0 0"


def test_an_official_table_is_imported_with_a_report_and_a_bad_one_is_refused_by_its_line(
    made: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "icd10.csv"
    path.write_text("code;name\nI69;Последствия\nI69.3;Последствия инфаркта\nI69.3;Дважды\n", encoding="utf-8")
    command = ["import-classifier", *made[:-2], str(path)]
    assert cli.main([*command, "--lang", "ru"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("МКБ-10, на русском\nновых: 2\n")
    assert "строка 4: код I69.3 уже стоит в строке 3" in out
    assert cli.main([*command, "--lang", "en"]) == 2
    assert "By their letters the names of this table are in Russian" in capsys.readouterr().err
    path.write_text("code;title of it\nI69;x\n", encoding="utf-8")
    assert cli.main([*command, "--lang", "en"]) == 2
    assert "Line 1 has to name the columns" in capsys.readouterr().err
    assert cli.main(["verify", *made]) == 0
