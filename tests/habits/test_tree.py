"""Habits of the tree: what may be imported where, what must not be committed, what stands once."""

import ast
import re
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest

import app

ROOT = Path(__file__).resolve().parents[2]
TEXT = {".py", ".toml", ".md", ".po", ".pot", ".json", ".lock", ".spec", ".csv", ".txt", ".svg", ".sql", ".mako", ""}


@cache
def tracked() -> tuple[Path, ...]:
    """Every committed file."""
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode()
    return tuple(path for name in names.split("\0") if name and (path := ROOT / name).is_file())


def texts() -> list[tuple[str, str]]:
    return [
        (path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8"))
        for path in tracked()
        if path.suffix in TEXT
    ]


def imported(path: Path) -> set[str]:
    """Absolute names of the modules a file imports, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            if node.module == "app":
                names |= {f"app.{alias.name}" for alias in node.names}
            else:
                names.add(node.module or "")
    return names


def outside(path: Path, ours: tuple[str, ...]) -> set[str]:
    """What a file imports beyond the standard library and our modules named."""
    return {
        name
        for name in imported(path)
        if name.partition(".")[0] not in sys.stdlib_module_names
        and not any(name == one or name.startswith(one + ".") for one in ours)
    }


def test_domain_and_rules_import_the_standard_library_alone() -> None:
    # `paths` says where the packs lie; nothing else of ours but the domain's words and values.
    for room, ours in (("domain", ("app.domain",)), ("rules", ("app.domain", "app.rules", "app.paths"))):
        for path in (ROOT / "app" / room).rglob("*.py"):
            assert outside(path, ours) == set(), path


def test_a_migration_imports_nothing_of_ours() -> None:
    paths = [*(ROOT / "db").rglob("*.py")]
    assert paths
    for path in paths:
        assert not {name for name in imported(path) if name.partition(".")[0] in ("app", "ui")}, path


def test_the_door_imports_the_standard_library_alone() -> None:
    assert outside(ROOT / "dev.py", ()) == set()


def test_every_folder_with_modules_is_a_package() -> None:
    # A folder without __init__ would be invisible to the import contracts.
    for room in ("app", "ui"):
        folders = {path.parent for path in (ROOT / room).rglob("*.py")}
        assert {folder for folder in folders if not (folder / "__init__.py").exists()} == set()


def test_the_import_contracts_hold() -> None:
    command = "import sys; from importlinter.cli import lint_imports_command as c; sys.exit(c())"
    ran = subprocess.run([sys.executable, "-c", command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout


def test_every_package_is_pinned_with_hashes_and_without_addresses() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    entries = [entry for entry in re.split(r"\n(?=\S)", lock) if not entry.startswith("#")]
    assert len(entries) > 20
    for entry in entries:
        assert re.match(r"[a-z0-9-]+==\S+", entry), entry
        assert "--hash=sha256:" in entry, entry
    assert not re.search(r"https?:|file:|--(extra-)?index|--find-links| @ ", lock)


def test_every_dependency_named_is_in_the_lock() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = [*project["dependencies"], *(one for extra in project["optional-dependencies"].values() for one in extra)]
    locked = set(re.findall(r"^([a-z0-9-]+)==", (ROOT / "requirements.lock").read_text(encoding="utf-8"), re.MULTILINE))
    plain = {re.sub(r"[_.]", "-", re.split(r"[<>=~!; \[]", one)[0]).lower() for one in named}
    assert plain - locked == set()


def test_no_private_key_is_committed() -> None:
    marker = re.compile("-----BEGIN [A-Z ]*" + "PRIVATE KEY")
    assert [name for name, text in texts() if marker.search(text)] == []
    assert [path for path in tracked() if path.suffix in {".pem", ".p12", ".pfx"}] == []


def test_no_path_of_a_machine_and_no_package_address_is_committed() -> None:
    place = re.compile("/(?:work|root|home)/[a-z]" + r"|py" + r"pi\.|python" + "hosted")
    assert [name for name, text in texts() if place.search(text)] == []


def test_the_version_stands_in_one_place() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert "version" in project["dynamic"]
    assert "version" not in project
    definition = re.compile(r"(?i)version.{0,4}[=:]\s*[\"']" + re.escape(app.__version__))
    holders = [name for name, text in texts() if name.endswith((".py", ".toml", ".spec")) and definition.search(text)]
    assert [name for name in holders if not name.startswith("resources/")] == ["app/__init__.py"]


def test_every_icon_named_is_there() -> None:
    there = {path.stem for path in (ROOT / "resources" / "icons").glob("*.svg")}
    named = {
        node.args[0].value
        for path in (ROOT / "ui").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "icon"
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }
    assert named - there == set()


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("app.cli", {"PySide6", "sqlalchemy", "alembic", "sqlcipher3", "cryptography", "reportlab", "babel"}),
        ("app.services.access", {"PySide6", "sqlalchemy", "alembic", "sqlcipher3", "cryptography", "reportlab"}),
        ("app.services.opening", {"pyhanko", "asn1crypto", "aiohttp", "websockets", "reportlab"}),
        ("app.commands.propose", {"PySide6", "sqlalchemy", "alembic", "sqlcipher3", "reportlab", "babel"}),
        (
            "ui.main_window",
            {
                "sqlalchemy",
                "alembic",
                "sqlcipher3",
                "cryptography",
                "reportlab",
                "babel",
                "pyhanko",
                "aiohttp",
                "websockets",
            },
        ),
    ],
)
def test_start_up_imports_nothing_heavy(module: str, heavy: set[str]) -> None:
    code = f"import sys, {module}; print(' '.join(sorted(set(name.partition('.')[0] for name in sys.modules))))"
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert set(ran.stdout.split()) & heavy == set()


def test_every_verb_of_the_door_is_in_the_readme_or_listed() -> None:
    listed = subprocess.run([sys.executable, "dev.py"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for verb in ("run", "test", "check", "bench", "i18n", "pack", "build"):
        assert re.search(rf"^  {verb} ", listed, re.MULTILINE)
