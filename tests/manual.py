"""The methodologist's manual as something that can be followed: its commands, its edits of files, what it shows.

A block of a manual begins with three backticks and says what it is:

    console                commands after `$`, each with what it prints; a line `…` stands for any lines
    toml FILE before       what stands in a file of the edition in work; the next block, `after`, takes its place
    toml FILE append       what is added at the end of a file

`python -m tests.manual` follows each manual and writes into it what the commands print now.
"""

import contextlib
import io
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from unittest import mock

from app import cli
from tests import factories

ROOT: Final = Path(__file__).resolve().parents[1]
FOLDER: Final = ROOT / "docs" / "manual"
LANGUAGES: Final = ("ru", "kk", "en")
WORK: Final = "edition-1.1.0"
ANY: Final = "…"
_LOCALES: Final = {"ru": "ru_RU.UTF-8", "kk": "kk_KZ.UTF-8", "en": "en_GB.UTF-8"}
_BLOCK: Final = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# Commands that ask for a passphrase, beside those of the desk for practice.
_ASK: Final = ("pack key", "pack sign ")


@dataclass(frozen=True, slots=True)
class Block:
    """One block: what it is, its further words, its text, and where the text begins and ends in the manual."""

    kind: str
    words: tuple[str, ...]
    text: str
    first: int
    last: int


def manual(language: str) -> Path:
    return FOLDER / language / "methodologist.md"


def blocks(text: str) -> Iterator[Block]:
    """The blocks in their order."""
    for found in _BLOCK.finditer(text):
        yield Block(found[1], tuple(found[2].split()), found[3], found.start(3), found.end(3))


def commands(block: Block) -> Iterator[tuple[str, str]]:
    """Each command of a console block, and what the manual shows of its output."""
    for part in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
        command, _, shown = part.partition("\n")
        yield command, shown


@dataclass(slots=True)
class Follower:
    """Somebody who follows a manual in a folder, with the files that lie beside it."""

    folder: Path
    language: str
    apart: bool = True
    """Each command in a process of its own, as people start it; else in this one, which costs a third."""

    def __post_init__(self) -> None:
        (self.folder / "passphrase").write_text(factories.PASSPHRASE, encoding="utf-8")
        for name in ("cases.jsonl", "case.json"):
            shutil.copy(FOLDER / name, self.folder)

    def run(self, command: str) -> str:
        """What a command prints, complaints among it."""
        words = _words(command)
        assert words[0] == "saraptama", command
        line = words[1:]
        if "--data practice" in command or command.removeprefix("saraptama ").startswith(_ASK):
            line += ["--passphrase-file", str(self.folder / "passphrase")]
        if words[1:3] == ["pack", "admit-key"]:  # what the methodologist would say on the telephone
            fingerprint = (self.folder / words[3]).read_text(encoding="ascii").splitlines()[0].removeprefix("# ")
            line += ["--fingerprint", fingerprint]
        env = {"LC_ALL": _LOCALES[self.language], "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1",
               "SARAPTAMA_DATA": str(self.folder / "none"), "PYTHONUNBUFFERED": "1"}  # fmt: skip
        printed = self._apart(line, env) if self.apart else self._here(line, env)
        return printed.decode("utf-8").replace("\r\n", "\n")

    def _apart(self, line: list[str], env: dict[str, str]) -> bytes:
        return subprocess.run(
            [sys.executable, "-m", "app.cli", *line], cwd=self.folder, env={**os.environ, **env},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
        ).stdout  # fmt: skip

    def _here(self, line: list[str], env: dict[str, str]) -> bytes:
        output = io.BytesIO()
        stream = io.TextIOWrapper(output, encoding="utf-8", write_through=True)
        with mock.patch.dict(os.environ, env), contextlib.chdir(self.folder), contextlib.redirect_stdout(stream):
            with contextlib.redirect_stderr(stream):
                cli.main(line)
            stream.flush()
        return output.getvalue()

    def edit(self, before: Block, after: Block) -> None:
        """Put what `after` shows in the place of what `before` shows."""
        path = self.folder / WORK / before.words[0]
        text = path.read_text(encoding="utf-8")
        assert text.count(before.text) == 1, f"{path.name} does not hold once:\n{before.text}"
        path.write_text(text.replace(before.text, after.text), encoding="utf-8", newline="\n")

    def append(self, block: Block) -> None:
        with (self.folder / WORK / block.words[0]).open("a", encoding="utf-8", newline="\n") as file:
            file.write("\n" + block.text)


def _words(command: str) -> list[str]:
    """The words of a command; quotation marks hold some together, on Linux and Windows alike."""
    return [word.strip('"') for word in re.findall(r'"[^"]*"|\S+', command)]


def shows(shown: str, printed: str) -> bool:
    """Whether a manual shows truly what was printed; blanks at the ends of lines count for nothing."""
    form = ""
    for line in shown.strip("\n").splitlines():
        form += "(?:.*\n)*?" if line.strip() == ANY else re.escape(line.rstrip()).replace(ANY, ".*?") + "\n"
    plain = "".join(f"{line.rstrip()}\n" for line in printed.strip("\n").splitlines())
    return re.fullmatch(form, plain) is not None


def _lasting(printed: str) -> str:
    """What is printed, without what is another at every try: keys, fingerprints, today."""
    today = time.strftime("%d.%m.%Y")
    return re.sub(rf"\b[0-9a-f]{{64}}\b|\b[0-9a-f]{{4}}(?: [0-9a-f]{{4}}){{3}}\b|{re.escape(today)}", ANY, printed)


def follow(
    language: str, folder: Path, *, skip: tuple[str, ...] = (), apart: bool = True
) -> Iterator[tuple[Block, str, str, str]]:
    """Follow a manual from its beginning: of each command the block, the command, what is shown, what it printed.

    Commands that begin with one of `skip` are left out; `apart`: see `Follower`.
    """
    follower = Follower(folder, language, apart)
    before: Block | None = None
    for block in blocks(manual(language).read_text(encoding="utf-8")):
        match block.kind, block.words[1:]:
            case "toml", ("before",):
                before = block
            case "toml", ("after",):
                assert before is not None
                follower.edit(before, block)
            case "toml", ("append",):
                follower.append(block)
            case "console", _:
                for command, shown in commands(block):
                    if not command.startswith(skip):
                        yield block, command, shown, follower.run(command)


def write(language: str, folder: Path) -> None:
    """Follow a manual and write what its commands print into it; what is shown in part stays where it is true."""
    path = manual(language)
    text, done = path.read_text(encoding="utf-8"), 0
    filled: dict[int, str] = {}
    places: dict[int, Block] = {}
    for block, command, shown, printed in follow(language, folder):
        places[block.first] = block
        said = shown.strip("\n")
        if not shows(said, printed):
            done += 1
            if ANY not in said:
                said = _lasting(printed.rstrip("\n"))
            else:
                sys.stdout.write(f"{language}: {command}\nis shown as\n{said}\nand prints\n{printed}\n")
        filled[block.first] = filled.get(block.first, "") + f"$ {command}\n" + (f"{said}\n" if said else "")
    for first in sorted(filled, reverse=True):
        text = text[:first] + filled[first] + text[places[first].last :]
    path.write_text(text, encoding="utf-8", newline="\n")
    sys.stdout.write(f"{language}: {done} outputs differed\n")


if __name__ == "__main__":
    import tempfile

    for chosen in sys.argv[1:] or LANGUAGES:
        with tempfile.TemporaryDirectory() as place:
            write(chosen, Path(place))
