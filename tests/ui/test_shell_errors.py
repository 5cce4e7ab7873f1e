"""Failures: a sentence for what is known, a report without personal data for our own mistakes."""

import faulthandler
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from app.domain.errors import Cancelled, KnownError
from app.domain.text import Text
from ui.errors import CRASH_FILE, Failures, report, watch
from ui.language import Language


def mistake(name: str) -> None:
    raise KeyError(name)


def caught(name: str) -> KeyError:
    try:
        mistake(name)
    except KeyError as error:
        return error
    raise AssertionError


def test_a_report_names_places_and_no_person(qapp: object) -> None:
    text = report(caught("Әбдірахманова Гүлжан"))
    assert "KeyError" in text
    assert "test_shell_errors.py" in text
    assert "mistake" in text
    assert "Гүлжан" not in text


def test_a_known_failure_is_a_sentence(qtbot: QtBot) -> None:
    failures = Failures(Language("en"))
    said: list[str] = []
    failures.told.connect(said.append)
    failures.take(KnownError(Text("The disk is full: {path}.", {"path": "D:"})))
    assert said == ["The disk is full: D:."]
    assert failures.dialog is None


def test_a_change_of_mind_says_nothing(qtbot: QtBot) -> None:
    failures = Failures(Language("en"))
    with qtbot.assertNotEmitted(failures.told):
        failures.take(Cancelled())
    assert failures.dialog is None


def test_a_defect_shows_one_window_with_its_report(qtbot: QtBot, capsys: pytest.CaptureFixture[str]) -> None:
    failures = Failures(Language("en"))
    failures.take(caught("a"))
    failures.take(caught("b"))
    dialog = failures.dialog
    assert dialog is not None
    assert "KeyError" in dialog.text.toPlainText()
    dialog.copy_button.click()
    assert QGuiApplication.clipboard().text() == dialog.text.toPlainText()
    dialog.close_button.click()
    assert failures.dialog is None
    assert "KeyError" in capsys.readouterr().err


def test_a_hard_crash_is_told_at_the_next_start(tmp_path: Path) -> None:
    crash = (
        "from pathlib import Path; import sys, ctypes; from ui.errors import watch; "
        "watch(Path(sys.argv[1])); ctypes.string_at(0)"
    )
    ended = subprocess.run([sys.executable, "-c", crash, str(tmp_path)], check=False, capture_output=True)
    assert ended.returncode != 0
    left, stop = watch(tmp_path)
    stop()
    faulthandler.enable()
    assert left is not None
    assert "string_at" in left
    assert not (tmp_path / CRASH_FILE).exists()


def test_a_clean_end_leaves_nothing_to_tell(tmp_path: Path) -> None:
    for _ in range(2):
        left, stop = watch(tmp_path)
        stop()
        faulthandler.enable()
        assert left is None
