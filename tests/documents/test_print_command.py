"""`saraptama print` and `documents`, as a script calls them."""

import json
import os
import stat
from pathlib import Path

import pytest

from app.cli import main
from tests.documents.papers import CASES

CASE = str(next(CASES.glob("01*.case.json")))
OTHER = str(next(CASES.glob("02*.case.json")))


def test_three_languages_unless_some_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["print", CASE, "--out", str(tmp_path)]) == 0
    said = capsys.readouterr().out.split()
    assert said == [str(tmp_path / f"01-stroke-at-home-conclusion-{language}.pdf") for language in ("kk", "ru", "en")]
    assert all(Path(path).read_bytes().startswith(b"%PDF-") for path in said)


def test_the_languages_named_and_no_more(tmp_path: Path) -> None:
    assert (
        main(
            [
                "print",
                CASE,
                "--document",
                "conclusion",
                "--lang",
                "en",
                "--lang",
                "kk",
                "--lang",
                "en",
                "--out",
                str(tmp_path / "new" / "folder"),
            ]
        )
        == 0
    )
    assert sorted(path.name for path in (tmp_path / "new" / "folder").iterdir()) == [
        "01-stroke-at-home-conclusion-en.pdf", "01-stroke-at-home-conclusion-kk.pdf"
    ]  # fmt: skip


def test_two_cases_in_one_folder_keep_apart(tmp_path: Path) -> None:
    for case in (CASE, OTHER):
        assert main(["print", case, "--lang", "kk", "--out", str(tmp_path)]) == 0
    assert len(list(tmp_path.iterdir())) == 2


def test_an_unknown_document_names_those_there_are(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["print", CASE, "--document", "diploma", "--out", str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert "diploma" in said
    assert "conclusion" in said
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_place_of_the_folder_is_said_and_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    there = tmp_path / "out"
    there.write_text("mine")
    assert main(["print", CASE, "--out", str(there)]) == 3
    assert str(there) in capsys.readouterr().err
    assert there.read_text() == "mine"


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="rights of folders are another matter on Windows")
def test_a_folder_that_cannot_be_written_to_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if os.geteuid() == 0:
        folder = Path("/proc/self/task")  # root may write anywhere but here
    else:
        folder = tmp_path / "locked"
        folder.mkdir()
        folder.chmod(stat.S_IRUSR | stat.S_IXUSR)
    assert main(["print", CASE, "--out", str(folder)]) == 3
    said = capsys.readouterr().err
    assert str(folder) in said
    assert "Traceback" not in said


@pytest.mark.parametrize("blocked", ["kk", "ru", "en"])
def test_where_one_paper_cannot_be_put_in_place_none_is_new(
    blocked: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for language in ("kk", "ru", "en"):
        (tmp_path / f"01-stroke-at-home-conclusion-{language}.pdf").write_text("old")
    (tmp_path / f"01-stroke-at-home-conclusion-{blocked}.pdf").unlink()
    (tmp_path / f"01-stroke-at-home-conclusion-{blocked}.pdf").mkdir()
    assert main(["print", CASE, "--out", str(tmp_path)]) == 3
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        f"01-stroke-at-home-conclusion-{language}.pdf" for language in ("en", "kk", "ru")
    ]
    assert {path.read_text() for path in tmp_path.iterdir() if path.is_file()} == {"old"}
    assert capsys.readouterr().err


def test_two_cases_of_one_name_keep_apart_and_a_replaced_paper_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    for name, case in (("x.case.json", CASE), ("x.json", OTHER), ("x", OTHER)):
        (tmp_path / name).write_bytes(Path(case).read_bytes())
        assert main(["print", str(tmp_path / name), "--lang", "kk", "--out", str(out)]) == 0
    names = [path.name for path in sorted(out.iterdir())]
    assert names == ["x-conclusion-kk.pdf", "x.json-conclusion-kk.pdf"]
    assert "x-conclusion-kk.pdf" in capsys.readouterr().err
    assert main(["print", str(tmp_path / "x"), "--lang", "kk", "--out", str(out)]) == 0
    assert capsys.readouterr().err == "", "the same paper again is no loss"


def test_a_broken_case_prints_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text('{"format": "mse-case/1", "person": {"iin": "12"}}')
    assert main(["print", str(broken), "--out", str(tmp_path / "out")]) == 2
    assert capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_documents_lists_ids_with_languages_and_titles(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["documents"]) == 0
    assert "conclusion\tkk\tСараптамалық қорытынды" in capsys.readouterr().out.splitlines()


def test_a_case_without_a_decision_has_no_set_and_leaves_no_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = json.loads(Path(CASE).read_text("utf-8"))
    case.pop("decision", None)
    file = tmp_path / "open.case.json"
    file.write_text(json.dumps(case), "utf-8")
    assert main(["--lang", "ru", "print", str(file), "--form", "set", "--out", str(tmp_path / "out")]) == 2
    assert "комплекта документов нет" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
