"""The methodologist's manual holds: whoever follows it gets what it shows, in each language."""

import re
import sys
from pathlib import Path

import pytest

from app.rules.files import FILES, MANIFEST, OPTIONAL, SIGNATURE
from tests.manual import LANGUAGES, ROOT, Block, blocks, commands, follow, manual, shows

sys.path.insert(0, str(ROOT / "build"))

# Each proves the whole edition; once in all languages together is enough, and so is a process for each command.
SLOW = tuple(f"saraptama pack {name} " for name in ("check", "sign", "admit-key", "install", "list"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_follows_the_manual_gets_what_it_shows(language: str, tmp_path: Path) -> None:
    followed = 0
    whole = language == "ru"
    for _, command, shown, printed in follow(language, tmp_path, skip=() if whole else SLOW, apart=whole):
        assert shows(shown, printed), f"{command}\nshows\n{shown}\nand prints\n{printed}"
        followed += 1
    assert followed >= 6
    assert (tmp_path / "changes.csv").is_file()
    assert (tmp_path / "changes.pdf").read_bytes().startswith(b"%PDF")


def told(language: str) -> list[Block]:
    return list(blocks(manual(language).read_text(encoding="utf-8")))


@pytest.mark.parametrize("language", ["kk", "en"])
def test_the_manuals_say_the_same_in_every_language(language: str) -> None:
    mine, theirs = told(language), told("ru")
    assert [(block.kind, block.words) for block in mine] == [(block.kind, block.words) for block in theirs]
    for one, other in zip(mine, theirs, strict=True):
        if one.kind == "toml":
            assert one.text == other.text
        else:
            assert [command for command, _ in commands(one)] == [command for command, _ in commands(other)]
    headings = [re.findall(r"^#+ ([\d.]*)", manual(each).read_text(encoding="utf-8"), re.MULTILINE)
                for each in (language, "ru")]  # fmt: skip
    assert headings[0] == headings[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_manual_names_every_file_of_a_pack(language: str) -> None:
    text = manual(language).read_text(encoding="utf-8")
    for name in (*FILES, *OPTIONAL, MANIFEST, SIGNATURE):
        assert f"`{name}`" in text


def said(language: str) -> set[str]:
    """Every sentence of the program in a language, `…` in the place of what it fills in."""
    import catalogues

    catalogue = catalogues.read(catalogues.POT if language == "en" else catalogues.po_path(language), language)
    return {re.sub(r"\{\w+\}", "…", message.id if language == "en" else message.string)
            for message in catalogue if isinstance(message.id, str)}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_button_that_the_manual_names_is_in_the_window(language: str) -> None:
    section = manual(language).read_text(encoding="utf-8").split("\n### 4.10")[1].split("\n## 5")[0]
    named = re.findall("[«“]([^»”]+)[»”]", " ".join(section.split()))
    assert len(named) >= 12
    assert set(named) <= said(language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_refusal_in_the_manual_is_said_by_the_program(language: str) -> None:
    section = manual(language).read_text(encoding="utf-8").split("\n## 6")[1].split("\n## 7")[0]
    rows = [line.split(" | ")[0].removeprefix("| ") for line in section.splitlines() if line.startswith("| ")][2:]
    assert len(rows) >= 15
    assert set(rows) <= said(language)
