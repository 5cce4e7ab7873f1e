"""Issuing numbered blanks until the process is killed: python -m tests.faults.paper_rounds [ROUNDS] [SEED]

Each round a child issues and writes off blanks of one desk, one after another, and reports each once the service says
that it is done; it is killed (SIGKILL) at a random moment. Then the desk is opened: every reported number must stand
in it, none twice, none passed over, and the next child goes on where this one was killed. Exit code 1 where not.
"""

import os
import random
import select
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from app.domain.vocabulary import PaperKind
from app.services.desk import Desk
from tests import factories
from tests.factories import HEAD, PASSPHRASE

EXTRACT: Final = PaperKind.CERTIFICATE_EXTRACT
LAST: Final = 99_999
SLOWEST_START_SECONDS: Final = 60
LONGEST_LIFE_SECONDS: Final = 0.1


def issue_for_ever(folder: Path, case_id: str, report: int) -> None:
    """The child. Every fifth blank is written off again."""
    desk = factories.make_access(folder).sign_in(HEAD, PASSPHRASE)
    while True:
        number = desk.papers.issue(case_id, EXTRACT).number
        os.write(report, f"{number}\n".encode())
        if int(number) % 5 == 0:
            desk.papers.spoil(EXTRACT, "АА", number, "бұзылды")


def reported_before_death(folder: Path, case_id: str, life: float) -> list[int]:
    """Numbers that a child reported before it was killed, `life` seconds after its first one."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            issue_for_ever(folder, case_id, writing)
        finally:
            os._exit(1)
    os.close(writing)
    select.select([reading], [], [], SLOWEST_START_SECONDS)
    time.sleep(life)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if not os.WIFSIGNALED(status):
        raise SystemExit("the child died by itself: it could not issue blanks")
    reported = b""
    while data := os.read(reading, 65536):
        reported += data
    os.close(reading)
    return [int(line) for line in reported.split(b"\n")[:-1]]


def problem_of(desk: Desk, case_id: str, reported: list[int]) -> str | None:
    """What is wrong after a kill; None where nothing is."""
    numbers = [int(paper.number) for paper in desk.papers.of_case(case_id).issued]
    if numbers != list(range(1, len(numbers) + 1)):
        return f"numbers that are not 1, 2, 3 …: {numbers}"
    if len(set(reported)) != len(reported) or not set(reported) <= set(numbers):
        return f"reported but not there, or twice: {reported}"
    found = desk.integrity.verify()
    return None if found.ok else repr(found.problem)


def main(rounds: int, seed: int) -> int:
    chance = random.Random(seed)
    print(f"{rounds} rounds, seed {seed}", flush=True)
    reported: list[int] = []
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "desk"
        desk = factories.with_commission(factories.make_desk(folder).sign_in(HEAD, PASSPHRASE))
        case_id = factories.signed_case(desk).id
        desk.papers.add_range(EXTRACT, "АА", "00001", str(LAST))
        desk.close()
        for number in range(rounds):
            reported += reported_before_death(folder, case_id, chance.uniform(0, LONGEST_LIFE_SECONDS))
            desk = factories.make_access(folder).sign_in(HEAD, PASSPHRASE)
            problem = problem_of(desk, case_id, reported)
            desk.close()
            if problem is not None:
                print(f"round {number}: {problem}")
                return 1
    print(f"{rounds} kills, {len(reported)} numbers reported, none twice, none passed over")
    return 0 if reported else 1


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    sys.exit(main(given[0] if given else 40, given[1] if len(given) > 1 else random.randrange(10**6)))
