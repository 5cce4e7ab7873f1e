"""Starting and memory on a desk after years of work (`population`), against one that has only begun."""

from collections.abc import Iterator
from pathlib import Path

from tests.bench.desk import LOGIN, PASSPHRASE, made, sample
from tests.bench.measure import Line, in_turn, until_said
from tests.bench.population import population

_STARTS = 5


def years(folder: Path) -> Iterator[Line]:
    """From starting the program to the list of cases, sign-in included, in turn; then everything looked at once."""
    full = str(population().data_dir)
    desk = made(folder).sign_in(LOGIN, PASSPHRASE)
    desk.examinations.import_case(sample())
    desk.close()

    def start(data: str) -> float:
        return until_said(["-m", "tests.bench.window", "listed", data])[0]

    mine, new = in_turn(lambda: start(full), lambda: start(str(folder)), _STARTS)
    note = f"{mine:.2f} s against {new:.2f} s with one case, sign-in included, {_STARTS} starts each in turn"
    yield Line("start to the list of 300,000 cases, beyond that of one", mine - new, 0.2, "s", note)
    _, memory = until_said(["-m", "tests.bench.window", "visited", full])
    yield Line("memory of the window with 300,000 cases, all rooms and steps seen", float(memory), 350.0, "MB")
