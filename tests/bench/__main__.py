"""Measures everything in one run, prints a table and writes out/bench.json. Ends with 1 where a limit is not held."""

import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from statistics import median

from tests.bench.bundles import bundle
from tests.bench.desk import LOGIN, PASSPHRASE, SAMPLE, made, sample, samples
from tests.bench.engines import engines
from tests.bench.frames import frames
from tests.bench.journals import journals
from tests.bench.link import link
from tests.bench.link_fleet import count_of, fleet
from tests.bench.measure import ROOT, Line, in_turn, process, took, until_said
from tests.bench.papers import papers
from tests.bench.people import people
from tests.bench.rehearsal import rehearsals
from tests.bench.sessions import sessions
from tests.bench.years import years

STARTS, SAVES, DECISIONS, PRINTS = 9, 300, 300, 15


def start(folder: Path) -> Iterator[Line]:
    """From nothing to the sign-in window, against a bare window."""
    made(folder)
    said: list[float] = []

    def ours() -> float:
        seconds, memory = until_said(["-m", "tests.bench.window", "ours", str(folder)])
        said.append(float(memory))
        return seconds

    mine, bare = in_turn(ours, lambda: until_said(["-m", "tests.bench.window", "bare"])[0], STARTS)
    note = f"{mine * 1000:.0f} ms against {bare * 1000:.0f} ms, {STARTS} starts each in turn"
    yield Line("start to the sign-in window, against a bare window", mine / bare, 2.0, "x", note)
    yield Line("memory at the sign-in window", median(said), 150.0, "MB")


def saving(folder: Path) -> Iterator[Line]:
    """One field at the service, against one bare commit of 1 KB in the same folder; both fsync each time."""
    from sqlcipher3 import dbapi2

    desk = made(folder).sign_in(LOGIN, PASSPHRASE)
    case = desk.examinations.import_case(sample())
    bare = dbapi2.connect(str(folder / "bare.db"), isolation_level=None)
    bare.execute(f"PRAGMA key = \"x'{'5a' * 32}'\"")
    bare.execute("PRAGMA journal_mode = WAL")
    bare.execute("PRAGMA synchronous = FULL")
    bare.execute("CREATE TABLE record (id INTEGER PRIMARY KEY, body BLOB)")
    numbers = count()

    def field() -> float:
        text = f"ул. Абая, {next(numbers)}"
        return took(lambda: desk.examinations.set_field(case.id, "person.address.text", text))

    def commit() -> float:
        body = (b"%08d" % next(numbers)) * 128

        def work() -> None:
            bare.execute("BEGIN IMMEDIATE")
            bare.execute("INSERT INTO record (body) VALUES (?)", (body,))
            bare.execute("COMMIT")

        return took(work)

    mine, theirs = in_turn(field, commit, SAVES)
    bare.close()
    desk.close()
    note = f"{mine * 1000:.2f} ms against {theirs * 1000:.2f} ms, {SAVES} each in turn"
    yield Line("saved field at the service, against a bare SQLCipher commit of 1 KB", mine / theirs, 3.0, "x", note)


def deciding(folder: Path) -> Iterator[Line]:
    """The engine alone, with the full trace, over the sample cases."""
    from datetime import date

    from app.domain.case_file import read_case_path
    from app.services.packs import PackService

    documents = [read_case_path(path) for path in samples()]
    packs = PackService()
    from app.rules.engine import propose

    each = []
    for document in documents:
        pack = packs.for_date(date.fromisoformat(document["examination"]["on"]))
        propose(pack, document)
        each.append(median(took(lambda p=pack, d=document: propose(p, d)) for _ in range(DECISIONS)))  # type: ignore[misc]
    note = f"slowest of {len(each)} cases {max(each) * 1000:.2f} ms"
    yield Line("proposal, engine with full trace", median(each) * 1000, 1.0, "ms", note)


def beside_others(_: Path) -> Iterator[Line]:
    """The engine against other engines on the same table of decisions."""
    yield from engines()


def printing(folder: Path) -> Iterator[Line]:
    """The conclusion of one case in three languages, once the fonts are loaded."""
    desk = made(folder).sign_in(LOGIN, PASSPHRASE)
    case = desk.examinations.import_case(sample())

    def three() -> None:
        for language in ("kk", "ru", "en"):
            desk.conclusions.render(case.id, "conclusion", language)

    three()
    seconds = median(took(three) for _ in range(PRINTS))
    desk.close()
    yield Line("conclusion of one case in three languages, warm", seconds * 1000, 250.0, "ms")


def command_line(folder: Path) -> Iterator[Line]:
    """`saraptama propose` as a process, against an interpreter that imports sqlite3."""
    case = str(SAMPLE)
    program = shutil.which("saraptama", path=str(Path(sys.executable).parent))
    if program is None:
        raise RuntimeError("the project is not installed: call dev.py")
    mine, bare = in_turn(
        lambda: process([program, "propose", case]), lambda: process([sys.executable, "-c", "import sqlite3"]), STARTS
    )
    note = f"limit: 2 x {bare * 1000:.0f} ms + 150 ms"
    yield Line("saraptama propose on one case, as a process", mine * 1000, 2000 * bare + 150, "ms", note)


def main(names: list[str]) -> int:
    """All parts, or those named; `fleet` only where it is named, with a number of laptops where one is given."""

    def of_so_many(folder: Path) -> Iterator[Line]:
        return fleet(folder, count_of(names))

    of_so_many.__name__ = "fleet"
    parts = (
        start, saving, deciding, beside_others, printing, command_line, rehearsals, people, journals, years, frames,
        sessions, papers, bundle, link,
    )  # fmt: skip
    lines: list[Line] = []
    with tempfile.TemporaryDirectory(prefix="saraptama-bench-", dir=ROOT / "out") as place:
        chosen = [part for part in (*parts, of_so_many) if part.__name__ in names] if names else list(parts)
        for part in chosen:
            folder = Path(place) / part.__name__
            folder.mkdir()
            for line in part(folder):
                lines.append(line)
                verdict = "" if line.limit is None else "held" if line.held else "OVER"
                limit = "" if line.limit is None else f"limit {line.limit:7.2f} {line.unit:3}"
                figures = f"{line.figure:9.2f} {line.unit:3}  {limit:17}"
                print(f"{line.name:70} {figures}  {verdict:4}  {line.note}", flush=True)
    rows = [
        {"name": x.name, "figure": x.figure, "limit": x.limit, "unit": x.unit, "held": x.held, "note": x.note}
        for x in lines
    ]
    (ROOT / "out" / "bench.json").write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 0 if all(line.held for line in lines) else 1


if __name__ == "__main__":
    (ROOT / "out").mkdir(exist_ok=True)
    sys.exit(main(sys.argv[1:]))
