"""Memory while the papers of a session go into a folder: 6, 60 and 120 sets, each in a process of its own."""

import sys
from collections.abc import Iterator
from pathlib import Path

from tests import factories, trips
from tests.bench.measure import Line, until_said

SETS = (6, 60, 120)
SECRET = "жаңбыр тас қалам түйе"


def sessions(folder: Path) -> Iterator[Line]:
    """The peak may grow by 20 MB from the smallest session to the largest, whose papers are 200 MB."""
    peaks = []
    for sets in SETS:
        seconds, said = until_said(["-m", "tests.bench.sessions", str(folder / str(sets)), str(sets)])
        peak, papers, spent = said.split()
        peaks.append(float(peak))
        note = f"{papers} papers, {spent} s of processor time, {seconds:.0f} s with making the session"
        yield Line(f"peak memory, {sets} sets of a session into a folder", peaks[-1], None, "MB", note)
    yield Line(f"the same, {SETS[-1]} sets against {SETS[0]}", peaks[-1] - peaks[0], 20.0, "MB")


def peak() -> float:
    """The most memory that this process ever had, in MB."""
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (2**20 if sys.platform == "darwin" else 2**10)


def deliver(folder: Path, sets: int) -> str:
    """Make a session, write all its papers under a passphrase; the peak, the number of papers, processor time."""
    import time

    from ui.delivery import Delivery, ToFolder

    desk = factories.with_commission(factories.make_desk(folder / "data").sign_in(factories.HEAD, factories.PASSPHRASE))
    trip, _ = trips.heard_trip(desk, sets)
    out = folder / "out"
    out.mkdir()
    wanted = [(paper.case_id, paper.document, paper.language)
              for one in desk.sessions.sets(trip.id, ("kk+ru",)) for paper in one.papers]  # fmt: skip
    begun = time.process_time()
    done = Delivery(desk, wanted, ToFolder(out, SECRET), lambda _: None).run()
    spent = time.process_time() - begun
    desk.close()
    return f"{peak():.1f} {done} {spent:.0f}"


if __name__ == "__main__":
    print(deliver(Path(sys.argv[1]), int(sys.argv[2])), flush=True)
