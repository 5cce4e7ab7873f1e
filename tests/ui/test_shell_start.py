"""Starting: fast because nothing heavy is imported, one line where there is no screen."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ui.__main__ import has_display

HEAVY = ("sqlalchemy", "alembic", "sqlcipher3", "cryptography", "reportlab", "babel", "PySide6.QtPdf",
         "PySide6.QtPrintSupport", "PySide6.QtPdfWidgets", "zxingcpp", "PIL", "cbor2")  # fmt: skip


def run(code: str, *args: str, **environment: str) -> subprocess.CompletedProcess[str]:
    env = {
        key: value for key, value in os.environ.items() if key not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    }
    return subprocess.run(
        [sys.executable, "-c", code, *args],
        env={**env, **environment},
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_the_sign_in_window_imports_nothing_heavy(access: object, data_dir: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from ui.__main__ import start; w = start(Path(sys.argv[1])); "
        "from PySide6.QtWidgets import QApplication; QApplication.processEvents(); "
        "print(type(w.screens.currentWidget()).__name__); print(*sys.modules); w.close()"
    )
    ended = run(code, str(data_dir), QT_QPA_PLATFORM="offscreen")
    screen, modules = ended.stdout.split("\n", 1)
    assert screen == "SignInScreen", ended.stderr
    assert [name for name in HEAVY if name in modules.split()] == []


@pytest.mark.skipif(sys.platform != "linux", reason="other systems always have a screen")
def test_without_a_screen_one_line_says_so(tmp_path: Path) -> None:
    ended = run(
        "import sys; from app.cli import main; sys.exit(main(sys.argv[1:]))",
        "--data",
        str(tmp_path / "d"),
        "--lang",
        "en",
    )
    assert ended.returncode == 3
    assert len(ended.stderr.strip().splitlines()) == 1
    assert "screen" in ended.stderr
    assert ended.stdout == ""


@pytest.mark.parametrize(
    ("environment", "platform", "expected"),
    [
        ({}, "linux", False),
        ({"QT_QPA_PLATFORM": "offscreen"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({"DISPLAY": ":4711"}, "linux", False),
        ({"DISPLAY": "far.example:0"}, "linux", True),
        ({}, "win32", True),
    ],
)
def test_a_screen_is_asked_for_before_qt(environment: dict[str, str], platform: str, expected: bool) -> None:
    assert has_display(environment, platform) is expected


def test_the_bench_hook_tells_time_and_memory(access: object, data_dir: Path) -> None:
    ended = run("import sys; from app.cli import main; sys.exit(main(sys.argv[1:]))", "--data", str(data_dir),
                QT_QPA_PLATFORM="offscreen", SARAPTAMA_BENCH_EXIT="1")  # fmt: skip
    seconds, _, megabytes, _ = ended.stdout.split()
    assert ended.returncode == 0, ended.stderr
    assert 0 < float(seconds) < 30
    assert 0 < float(megabytes) < 150


def test_none_outlives_a_long_session() -> None:
    """PySide6 6.12 on Python 3.11 takes a reference to None with each call and would abort the interpreter."""
    code = (
        "import ui; from PySide6.QtCore import QCoreApplication, QObject; app = QCoreApplication([]); o = QObject()\n"
        "for _ in range(60000): app.processEvents(); o.setProperty('a', 1); o.parent()"
    )
    ended = run(code)
    assert ended.returncode == 0, ended.stderr
