"""What `dev.py` promises about its set-up, without a network: the steps it would take are recorded instead."""

import json
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def door(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A fresh `dev` module over an empty tree; `door.steps` records what it does."""
    spec = spec_from_file_location("dev_under_test", ROOT / "dev.py")
    assert spec is not None
    assert spec.loader is not None
    dev = module_from_spec(spec)
    spec.loader.exec_module(dev)
    (tmp_path / "requirements.lock").write_text("one==1 --hash=sha256:00\n")
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "one"\n')
    steps: list[str] = []
    venv = tmp_path / ".venv"
    for name, value in {
        "ROOT": tmp_path,
        "VENV": venv,
        "BIN": venv / "bin",
        "PYTHON": venv / "bin" / "python",
        "STAMP": venv / "saraptama-setup.json",
        "LOCK": tmp_path / "requirements.lock",
        "GATE": tmp_path / "out" / "set-up.lock",
        "steps": steps,
        "installable": True,
    }.items():
        monkeypatch.setattr(dev, name, value, raising=False)

    def make_venv() -> bool:
        steps.append("venv")
        (venv / "bin").mkdir(parents=True)
        (venv / "bin" / "python").symlink_to(sys.executable)
        return True

    def pip(words: list[str], *, own_pip: bool | None = None) -> None:
        steps.append("project" if "--editable" in words else "packages")
        if not dev.installable:
            raise dev.Stop("no network")

    def system(names: list[str]) -> bool:
        steps.append(f"system {' '.join(names)}")
        return bool(dev.installable)

    monkeypatch.setattr(dev, "make_venv", make_venv)
    monkeypatch.setattr(dev, "pip", pip)
    monkeypatch.setattr(dev, "install_system_packages", system)
    monkeypatch.setattr(dev, "compile_bytecode", lambda folders: steps.append("bytecode"))
    monkeypatch.setattr(dev, "must", lambda words: steps.append("catalogues"))
    return dev


def test_the_first_set_up_does_everything_and_the_second_nothing(door: ModuleType) -> None:
    door.set_up(["libgl1"])
    assert door.steps == ["system libgl1", "venv", "packages", "bytecode", "project", "bytecode"]
    door.steps.clear()
    door.set_up(["libgl1"])
    assert door.steps == []


def test_a_set_up_that_failed_half_way_is_made_anew(door: ModuleType) -> None:
    door.installable = False
    with pytest.raises(door.Stop):
        door.set_up([])
    assert not door.STAMP.exists()
    door.installable = True
    door.steps.clear()
    door.set_up([])
    assert door.steps[:2] == ["venv", "packages"]


@pytest.mark.parametrize("torn", ["", "{", "[]", '{"lock": 1}'])
def test_a_torn_stamp_counts_as_none(door: ModuleType, torn: str) -> None:
    door.set_up([])
    door.STAMP.write_text(torn)
    door.steps.clear()
    door.set_up([])
    assert "packages" in door.steps


def test_a_changed_lock_makes_the_environment_anew(door: ModuleType) -> None:
    door.set_up([])
    (door.VENV / "left-over").touch()
    door.LOCK.write_text("one==2 --hash=sha256:00\n")
    door.steps.clear()
    door.set_up([])
    assert "packages" in door.steps
    assert not (door.VENV / "left-over").exists()


def test_a_changed_project_file_installs_the_project_alone(door: ModuleType) -> None:
    door.set_up([])
    (door.ROOT / "pyproject.toml").write_text('[project]\nname = "two"\n')
    door.steps.clear()
    door.set_up([])
    assert door.steps == ["project", "bytecode"]


def test_system_packages_that_could_not_be_installed_are_asked_for_again(door: ModuleType) -> None:
    door.set_up([])
    door.steps.clear()
    door.installable = False
    door.set_up(["libgl1"])
    door.set_up(["libgl1"])
    assert door.steps == ["system libgl1", "system libgl1"]


def test_a_newer_catalogue_is_compiled(door: ModuleType) -> None:
    po = door.ROOT / "resources" / "translations" / "kk" / "LC_MESSAGES" / "saraptama.po"
    po.parent.mkdir(parents=True)
    po.touch()
    door.set_up([])
    assert "catalogues" in door.steps
    po.with_suffix(".mo").touch()
    door.steps.clear()
    door.set_up([])
    assert door.steps == []


def test_without_a_display_the_demo_runs(
    door: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    started: list[list[str]] = []
    monkeypatch.setattr(door, "become", lambda words: started.append(words) or 0)
    monkeypatch.setattr(door, "has_display", lambda: False)
    door.run(["--out", "elsewhere"])
    assert started[0][-3:] == ["demo", "--out", "elsewhere"]
    assert capsys.readouterr().out.count("no display") == 1
    door.run(["list"])
    assert started.pop()[-2:] == ["app.cli", "list"]
    for asked in ("--help", "-h", "--version"):  # of the program, not of the demo
        door.run(["--lang", "ru", asked])
        assert started.pop()[-4:] == ["app.cli", "--lang", "ru", asked]
    assert "no display" not in capsys.readouterr().out
    monkeypatch.setattr(door, "has_display", lambda: True)
    door.run([])
    assert started[1][-1] == "app.cli"


def test_an_unknown_verb_is_told_and_ends_with_three() -> None:
    ran = subprocess.run([sys.executable, "dev.py", "fly"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 3
    assert "fly" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_an_old_python_is_told_so(door: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door.sys, "version_info", (3, 9, 2))
    with pytest.raises(door.Stop, match="or later is needed"):
        door.main(["run"])


def test_the_stamp_is_written_whole(door: ModuleType) -> None:
    door.set_up([])
    assert json.loads(door.STAMP.read_text())["lock"] == door.digest(door.LOCK.read_bytes())
    assert not list(door.VENV.glob("*.new"))


def test_a_second_set_up_waits_for_the_first(door: ModuleType) -> None:
    """Another process holds the gate until it is told to go; only then the set-up begins."""
    door.GATE.parent.mkdir()
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(ROOT / "dev.py"), str(door.GATE)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdin is not None
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    say = door.say

    def said(what: str) -> None:
        door.steps.append(what)
        if "another" in what:
            holder.stdin.close()
        say(what)

    door.say = said
    door.set_up([])
    with holder:  # closes what is still open and waits for the end
        pass
    assert door.steps[0] == "another set-up works here; wait for it"
    assert "venv" in door.steps


HOLDER = """
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

spec = spec_from_file_location("held_dev", sys.argv[1])
dev = module_from_spec(spec)
spec.loader.exec_module(dev)
dev.GATE = Path(sys.argv[2])
with dev.alone():
    print("held", flush=True)
    sys.stdin.read()
"""


def test_who_cannot_write_uses_what_is_set_up(door: ModuleType, tmp_path: Path) -> None:
    door.set_up([])
    door.steps.clear()
    door.GATE = tmp_path / "pyproject.toml" / "no" / "set-up.lock"  # a folder that can't be made, even for root
    door.set_up([])
    assert door.steps == []


def test_the_environment_never_sets_itself_up(door: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "prefix", str(door.VENV))
    monkeypatch.setattr(sys, "base_prefix", "/elsewhere")
    monkeypatch.setattr(sys, "_base_executable", "/elsewhere/python3", raising=False)
    assert door.outer_python() == "/elsewhere/python3"
    monkeypatch.setattr(sys, "prefix", "/elsewhere")
    assert door.outer_python() is None
