"""The command as the shell starts it: closed streams, full disks, interrupts, pipes and other locales."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from app import cli, paths
from app.domain.errors import Cancelled
from tests import factories

pytestmark = pytest.mark.skipif(os.name == "nt", reason="streams are closed otherwise on Windows")
CASE = str(paths.resource("samples", "01-stroke-at-home.case.json"))
PASSPHRASE = "grey stork over the wide river 41"


def shell(line: str, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `line` in sh, where `saraptama` is the command line in English and $1, $2 … are `words`."""
    begin = f'saraptama() {{ "{sys.executable}" -m app.cli "$@"; }}; '
    env = {**os.environ, "LC_ALL": "C.UTF-8", "PYTHONPATH": str(paths.root()), **environment}
    return subprocess.run(
        ["/bin/sh", "-c", begin + line, "sh", *words],
        env=env, capture_output=True, encoding="utf-8", timeout=30, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("stopped", [KeyboardInterrupt, Cancelled])
def test_what_was_interrupted_is_not_called_done(stopped: type[BaseException], monkeypatch: pytest.MonkeyPatch) -> None:
    from app.commands import documents

    def interrupted(*_: object) -> int:
        raise stopped

    monkeypatch.setattr(documents, "run", interrupted)
    assert cli.main(["documents"]) == cli.INTERRUPTED == 130


def test_ctrl_c_while_a_batch_is_read_ends_with_130(tmp_path: Path) -> None:
    batch = tmp_path / "batch.jsonl"
    batch.write_bytes(b"{}\n" * 400_000)
    program = subprocess.Popen(
        [sys.executable, "-m", "app.cli", "propose", "--jsonl", str(batch)], cwd=paths.root(), stdout=subprocess.PIPE
    )
    with program:
        assert program.stdout is not None
        program.stdout.readline()
        program.send_signal(signal.SIGINT)
        program.stdout.read()
        assert program.wait(timeout=30) == 130


def test_a_reader_that_goes_away_is_not_called_done(tmp_path: Path) -> None:
    batch = tmp_path / "batch.jsonl"
    batch.write_bytes(b"{}\n" * 20_000)
    ended = shell('{ saraptama propose --jsonl "$1"; echo $? >&2; } | head -n 1', str(batch))
    assert ended.stderr.split() == ["141"]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("saraptama propose --jsonl $1 >&-", 3),
        ("saraptama propose $1 >&-", 3),
        ("saraptama propose $1 >/dev/full", 3),
        ("saraptama list --data $2 <&-", 2),
        ("saraptama list --data $2 --user head <&-", 2),
    ],
)
def test_a_closed_stream_is_told_in_a_sentence(line: str, code: int, tmp_path: Path) -> None:
    factories.make_desk(tmp_path)
    ended = shell(line, CASE, str(tmp_path))
    assert (ended.returncode, ended.stdout) == (code, "")
    assert ended.stderr
    assert "mistake" not in ended.stderr


def test_a_closed_error_stream_puts_no_sentence_among_the_answers() -> None:
    ended = shell("saraptama propose /nowhere 2>&-")
    assert (ended.returncode, ended.stdout) == (2, "")


def test_a_desk_is_not_made_where_its_code_could_not_be_shown(tmp_path: Path) -> None:
    (tmp_path / "pw").write_text(PASSPHRASE)
    line = 'saraptama init --data "$1" --user head --name N --passphrase-file "$2"'
    for output in (">/dev/full", ">&-"):
        assert shell(line + output, str(tmp_path / "desk"), str(tmp_path / "pw")).returncode == 3
        assert not (tmp_path / "desk" / "keys.json").exists()


@pytest.mark.parametrize("command", ["propose", "propose --jsonl", "print", "import-cases"])
def test_a_pipe_or_a_device_is_refused_and_not_waited_for(command: str, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (pipe, Path("/dev/zero")):
        ended = shell(f'saraptama {command} "$1"', str(path))
        assert ended.returncode == 2
        assert "pipe or a device" in ended.stderr


def test_letters_survive_a_locale_without_them(tmp_path: Path) -> None:
    (tmp_path / "кілт").write_text(PASSPHRASE)
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    options = '--data "$1" --user айгүл --passphrase-file "$2"'
    words = str(tmp_path / "дом"), str(tmp_path / "кілт")
    assert shell(f'saraptama init {options} --name "Айгүл Серік"', *words, **plain).returncode == 0
    assert shell(f"saraptama list {options}", *words).returncode == 0
    desk = factories.make_access(tmp_path / "дом").sign_in("айгүл", PASSPHRASE)
    assert desk.user.name == "Айгүл Серік"
    desk.close()


def test_bytes_that_are_no_letters_are_refused_as_a_name(tmp_path: Path) -> None:
    ended = shell("saraptama init --data \"$1\" --user head --name $(printf 'A\\377')", str(tmp_path / "desk"))
    assert ended.returncode == 2
    assert "--name" in ended.stderr


@pytest.mark.parametrize("answer", [EOFError, lambda: UnicodeDecodeError("ascii", b"\xff", 0, 1, "")])
def test_an_input_that_ends_at_the_question_is_told(
    answer: Callable[[], Exception], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def ended(*_: object) -> str:
        raise answer()

    factories.make_desk(tmp_path)
    monkeypatch.setattr("builtins.input", ended)
    monkeypatch.setattr("getpass.getpass", ended)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    for options in ([], ["--user", "head"]):
        assert cli.main(["list", "--data", str(tmp_path), *options]) == 2
        assert "mistake" not in capsys.readouterr().err
