"""What the system refuses is said in the user's language, whatever language the system speaks."""

import errno
import os
import re
from pathlib import Path

import pytest

from app.cli import main
from app.domain.errors import Told
from app.domain.system import refusal
from app.i18n import translator
from app.services.paper_check import read_paper

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("code", [errno.ENOENT, errno.EACCES, errno.EROFS, errno.ENOSPC, errno.EISDIR, errno.ENOTDIR])
def test_each_kind_of_refusal_has_words_in_three_languages(code: int) -> None:
    said = [translator(language).show(refusal(OSError(code, os.strerror(code)))) for language in ("kk", "ru", "en")]
    assert len(set(said)) == 3
    assert os.strerror(code) not in said
    assert not any(re.search(r"[A-Za-z]{3}", one) for one in said[:2]), said


def test_what_is_not_known_is_told_by_its_number() -> None:
    assert "5" in translator("ru").show(refusal(OSError(errno.EIO, "Input/output error")))
    assert "Input" not in translator("ru").show(refusal(OSError(errno.EIO, "Input/output error")))
    assert translator("en").show(refusal(ValueError("embedded null byte"))) == "the name can't be used"
    assert "UTF-8" in translator("en").show(refusal(UnicodeDecodeError("utf-8", b"\xff", 0, 1, "x")))


def test_refusals_about_files_hold_nothing_of_the_system_s_language(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = tmp_path / "жоқ.json"
    for path, words in (
        (gone, ("мұндай файл", "такого файла", "no such file or folder")),
        (tmp_path, ("бұл – қалта", "это папка", "it is a folder")),
    ):
        with pytest.raises(Told) as told:
            read_paper(path)
        for language, said in zip(("kk", "ru", "en"), words, strict=True):
            assert said in translator(language).show(told.value.text)
    assert main(["verify", "--lang", "ru", "--data", str(tmp_path), str(gone)]) != 0
    shown = capsys.readouterr()
    assert "No such file" not in shown.out + shown.err


def test_nobody_shows_the_system_s_own_text() -> None:
    for folder in ("app", "ui"):
        for path in (ROOT / folder).rglob("*.py"):
            found = re.findall(r"\w+\.strerror|\"strerror\"", path.read_text("utf-8"))
            assert [one for one in found if one != "os.strerror"] == [], path
