"""Habits of the engine's room: every public name says what it is for, and modules stay of a size that one can read."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOM = sorted((ROOT / "app" / "rules").glob("*.py"))
PUBLIC = [*ROOM, ROOT / "app" / "domain" / "proposal.py", ROOT / "app" / "domain" / "criteria.py"]
MOST_LINES = 330


def undocumented(body: list[ast.stmt], before: str = "") -> Iterator[str]:
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            if not ast.get_docstring(node):
                yield before + node.name
            if isinstance(node, ast.ClassDef):
                yield from undocumented(node.body, f"{before}{node.name}.")


@pytest.mark.parametrize("path", PUBLIC, ids=lambda path: path.stem)
def test_every_public_name_says_what_it_is_for(path: Path) -> None:
    module = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(module)
    assert list(undocumented(module.body)) == []


@pytest.mark.parametrize("path", ROOM, ids=lambda path: path.stem)
def test_a_module_is_read_in_one_sitting(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MOST_LINES


def test_an_undocumented_name_is_found() -> None:
    code = 'class Known:\n    """Said."""\n\n    def told(self): ...\n\n\ndef _hidden(): ...\n\n\ndef bare(): ...\n'
    assert list(undocumented(ast.parse(code).body)) == ["Known.told", "bare"]
