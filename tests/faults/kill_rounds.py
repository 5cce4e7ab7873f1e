"""Entering a case until the process is killed, over and over: python -m tests.faults.kill_rounds [ROUNDS] [SEED]

Each round copies a desk, lets a child enter fields that it reports one by one once they are saved, kills it (SIGKILL)
at a random moment, opens the desk again and looks for every reported field. Exit code 1 where one is lost, where the
desk doesn't open, or where its chains don't hold. A program of its own, because a process with threads can't be forked.
"""

import os
import random
import select
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from app.domain.case_file import get
from app.services.desk import Desk
from tests import factories
from tests.factories import HEAD, PASSPHRASE

LONGEST_LIFE_SECONDS: Final = 0.12
# Short and long values, with and without the columns that lists show, and text that isn't a value yet.
PATHS: Final = ("person.surname", "diagnosis.main.text", "examination.on", "referral.organisation", "unfinished")


def value_of(step: int) -> tuple[str, str]:
    """Path and value that the child enters at a step."""
    path = PATHS[step % len(PATHS)]
    if path == "examination.on":
        return path, f"2026-{step // 28 % 12 + 1:02}-{step % 28 + 1:02}"
    return path, f"жазба {step} " + "мәтін " * (step % 7 * 40 if path == "diagnosis.main.text" else 1)


def enter(folder: Path, case_id: str, report: int) -> None:
    """The child: enters fields for ever, and reports the number of each step once it is saved."""
    desk = factories.make_access(folder).sign_in(HEAD, PASSPHRASE)
    step = 0
    while True:
        path, value = value_of(step)
        if path == "unfinished":
            desk.examinations.keep_unfinished(case_id, "person.iin", value)
        else:
            desk.examinations.set_field(case_id, path, value)
        os.write(report, b"%d\n" % step)
        step += 1


def confirmed_before_death(folder: Path, case_id: str, life: float) -> int:
    """Let a child enter fields for `life` seconds; the last step it reported, -1 for none."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            enter(folder, case_id, writing)
        finally:
            os._exit(1)
    os.close(writing)
    reported, deadline = b"", time.monotonic() + life
    while (left := deadline - time.monotonic()) > 0:
        if select.select([reading], [], [], left)[0]:
            reported += os.read(reading, 65536)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if not os.WIFSIGNALED(status):
        raise SystemExit("the child died by itself: it could not enter fields")
    while data := os.read(reading, 65536):
        reported += data
    os.close(reading)
    steps = reported.split(b"\n")[:-1]
    return int(steps[-1]) if steps else -1


def check(desk: Desk, case_id: str, confirmed: int) -> str | None:
    """What is wrong after a kill, None where nothing is. The step after the last reported one may be there too."""
    view = desk.examinations.open(case_id)
    for path in PATHS:
        steps = [step for step in range(confirmed + 2) if PATHS[step % len(PATHS)] == path]
        there = view.unfinished.get("person.iin") if path == "unfinished" else get(view.document, path)
        allowed: set[object] = {value_of(step)[1].strip() for step in steps if step > confirmed}
        known = [step for step in steps if step <= confirmed]
        allowed.add(value_of(known[-1])[1].strip() if known else get(factories.case_document(), path))
        if (there.strip() if isinstance(there, str) else there) not in allowed:
            return f"{path}: {there!r} instead of one of {allowed!r}"
    found = desk.integrity.verify()
    return None if found.ok else repr(found.problem)


def main(rounds: int, seed: int) -> int:
    chance = random.Random(seed)
    print(f"{rounds} rounds, seed {seed}", flush=True)
    with tempfile.TemporaryDirectory() as place:
        template = Path(place) / "template"
        desk = factories.make_desk(template).sign_in(HEAD, PASSPHRASE)
        case_id = desk.examinations.import_case(factories.case_document()).id
        desk.close()
        saved = killed_at_work = 0
        for number in range(rounds):
            folder = Path(place) / f"round-{number}"
            shutil.copytree(template, folder)
            confirmed = confirmed_before_death(folder, case_id, chance.uniform(0, LONGEST_LIFE_SECONDS))
            desk = factories.make_access(folder).sign_in(HEAD, PASSPHRASE)
            problem = check(desk, case_id, confirmed)
            desk.close()
            shutil.rmtree(folder)
            if problem is not None:
                print(f"round {number}, {confirmed + 1} fields confirmed: {problem}")
                return 1
            saved += confirmed + 1
            killed_at_work += confirmed >= 0
    print(f"{rounds} kills, {killed_at_work} of them at work, {saved} confirmed fields, none lost")
    return 0 if killed_at_work else 1


if __name__ == "__main__":
    arguments = [int(word) for word in sys.argv[1:]]
    sys.exit(main(arguments[0] if arguments else 100, arguments[1] if len(arguments) > 1 else random.randrange(10**6)))
