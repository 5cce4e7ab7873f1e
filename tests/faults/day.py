"""Whole days until the process is killed: python -m tests.faults.day [--rounds N] [--seed N]

A child works on a desk as a commission does (tests/faults/day_script.py): trips, people, observations, votes,
decisions, signatures, blanks, corrections. It tells each step before it begins and once the service says that it is
done; it is killed (SIGKILL) at a random moment, now and then while it still opens the desk. Then the desk is opened:
every fact of every step that was done must stand there (only the one step under way may be there as well), no blank is
used twice or passed over, the chains hold. The next child goes on with the same desk where this one was killed. Exit
code 1 where not, with the round and the seed.
"""

import argparse
import json
import os
import random
import select
import signal
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from app.domain import voting
from app.domain.case_file import get
from app.domain.programme import PATH
from app.services.desk import Desk
from app.services.journals import Asked
from tests import factories, once
from tests.factories import HEAD, PASSPHRASE
from tests.faults.day_papers import printed_journals, used_blanks
from tests.faults.day_script import signed_as, work_for_ever
from tests.faults.day_telling import BLANKS, SERIES, UNKNOWN, Facts

LONGEST_LIFE_SECONDS: Final = 120
# How far a child comes: so many lines (two a step; a day has about 520), then a moment more. Counted, not timed, so
# that a slow machine gets as far.
MOST_LINES: Final = 400
MOMENT_SECONDS: Final = 0.02
KILLED_AT_START: Final = 0.1
# A desk's log is read whole after each kill, so a longer life of one desk costs the square of it.
KILLS_OF_A_DESK: Final = 10
LAST_BLANK: Final = 99_999


def clock_of(number: int) -> factories.FakeClock:
    """Each time the desk is opened it is a little later on the same day."""
    return factories.FakeClock(datetime(2026, 11, 18, 5, 0, tzinfo=UTC) + timedelta(minutes=number))


def open_desk(folder: Path, number: int) -> Desk:
    return factories.make_access(folder, clock_of(number)).sign_in(HEAD, PASSPHRASE)


def lines_before_death(folder: Path, number: int, chance: random.Random) -> list[Facts]:
    """Let a child come as far as chance will have it; what it told."""
    at_start = chance.random() < KILLED_AT_START
    lines, moment, start = chance.randint(1, MOST_LINES), chance.uniform(0, MOMENT_SECONDS), chance.uniform(0, 0.5)
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            work_for_ever(open_desk(folder, number), writing)
        except BaseException:
            import traceback

            traceback.print_exc()
        finally:
            os._exit(1)
    os.close(writing)
    told, deadline = b"", time.monotonic() + LONGEST_LIFE_SECONDS
    while not at_start and told.count(b"\n") < lines and time.monotonic() < deadline:
        if select.select([reading], [], [], LONGEST_LIFE_SECONDS)[0]:
            data = os.read(reading, 65536)
            told += data
            if not data:
                break
    time.sleep(start if at_start else moment)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if not os.WIFSIGNALED(status):
        raise SystemExit("the child died by itself: it could not go on with the day")
    while data := os.read(reading, 65536):
        told += data
    os.close(reading)
    return [json.loads(line) for line in told.split(b"\n")[:-1]]


class Day:
    """What was confirmed of a desk, and the one step that was under way when its child was killed."""

    def __init__(self) -> None:
        self.confirmed: Facts = {}
        self.under_way: Facts = {}
        self.steps = 0
        self.kinds: Counter[str] = Counter()

    def hear(self, lines: list[Facts]) -> str | None:
        """Take in what a child told. A sentence where it was given a blank that was used before."""
        self.under_way = {}
        for line in lines:
            if "begun" in line:
                self.under_way = line["begun"]
                continue
            self.under_way = {}
            for key, value in line["done"].items():
                if key.startswith("paper|") and value[1] == "issued" and key in self.confirmed:
                    return f"{key} was given a second time"
                self.confirmed[key] = value
            self.steps += 1
            self.kinds.update({key.partition("|")[0] for key in line["done"]})
        return None

    def problem_of(self, desk: Desk) -> str | None:
        """What is wrong on the desk that was opened again; None where nothing is."""
        seen = Seen(desk)
        for key, value in self.confirmed.items():
            there = seen.fact(key)
            if not same(there, value) and not (key in self.under_way and same(there, self.under_way[key])):
                return f"{key}: {there!r} instead of {value!r}; under way: {self.under_way!r}"
        # What was under way is there, or is not, and may be done anew: later kills compare with what stands now.
        self.confirmed |= {key: seen.fact(key) for key in self.under_way if key in self.confirmed}
        for kind in BLANKS:
            numbers = sorted(row.number for row in used_blanks(desk) if row.kind == kind)
            if numbers != list(range(1, len(numbers) + 1)):
                return f"numbers that are not 1, 2, 3 …: {numbers}"
            if desk.papers.left(kind) != LAST_BLANK - len(numbers):
                return f"{desk.papers.left(kind)} blanks left after {len(numbers)}"
        found = desk.integrity.verify()
        return None if found.ok else repr(found.problem)


def same(there: Any, told: Any) -> bool:
    if isinstance(told, list) and UNKNOWN in told and isinstance(there, list):
        return len(there) == len(told) and all(b in (a, UNKNOWN) for a, b in zip(there, told, strict=True))
    return bool(there == told)


class Seen:
    """What stands on a desk, by the names that facts have."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._cases: dict[str, Any] = {}
        self._trips = {row.trip.id: desk.trips.worklist(row.trip.id) for row in desk.trips.rows()}
        self._queue = {turn.case_id: turn.queue.value for list_ in self._trips.values() for turn in list_.turns}
        self._blanks = {(row.kind, row.number): row for row in used_blanks(desk)}
        self._protocols = {row.case_id for row in desk.journals.every("protocols", Asked())}
        self._refusals = {row.case_id for row in desk.journals.every("refusals", Asked())}
        self._printed = printed_journals(desk)
        self._snippets = {snippet.name: snippet.text for snippet in desk.snippets.all()}

    def case(self, case_id: str) -> Any:
        if case_id not in self._cases:
            self._cases[case_id] = self._desk.examinations.whole(case_id)
        return self._cases[case_id]

    def fact(self, key: str) -> Any:
        """None for what isn't there."""
        name, of, *rest = key.split("|")
        match name:
            case "field":
                return get(self.case(of).document, rest[0])
            case "programme":
                return get(self.case(of).document, PATH)
            case "state":
                return self.case(of).state.value
            case "signed":
                return signed_as(self.case(of))
            case "corrects":
                return self.case(of).supersedes
            case "person":
                return self.case(of).person_id
            case "protocol":
                return of in self._protocols
            case "refusal":
                return of in self._refusals
            case "printed":
                return self._printed.get(of)
            case "vote":
                vote = voting.vote_of(self.case(of).document, int(rest[0]))
                return vote and vote["outcome"]
            case "opened":
                return voting.is_opened(self.case(of).document)
            case "attachment":
                listed = get(self.case(of).document, "dossier.attachments") or []
                title = next((entry["title"] for entry in listed if entry["digest"] == rest[0]), None)
                return title if title and self._desk.attachments.content(rest[0]) else None
            case "queue":
                return self._queue.get(of)
            case "order":
                return [turn.case_id for turn in self._trips[of].turns]
            case "settlement":
                return self._trips[of].trip.fields.get("settlement")
            case "closed":
                return not self._trips[of].trip.is_open
            case "paper":
                row = self._blanks.get((of, int(rest[0])))
                return row and [row.case_id, row.state]
            case "setting":
                return self._desk.preferences.get(of)
            case "snippet":
                return self._snippets.get(of)
            case _:
                raise AssertionError(key)


def begin_desk(folder: Path) -> None:
    desk = factories.with_commission(factories.make_desk(folder, clock_of(0)).sign_in(HEAD, PASSPHRASE))
    desk.preferences.set("blind_vote", "required")
    for kind in BLANKS:
        desk.papers.add_range(kind, SERIES, "00001", str(LAST_BLANK))
    desk.close()


def main(rounds: int, seed: int) -> int:
    chance = random.Random(seed)
    print(f"{rounds} rounds, seed {seed}", flush=True)
    steps = under_way = at_start = blanks = desks = 0
    kinds: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as place, once.reading_once():
        for number in range(rounds):
            if number % KILLS_OF_A_DESK == 0:
                folder, day, desks = Path(place) / f"desk-{desks}", Day(), desks + 1
                begin_desk(folder)
            before = day.steps
            lines = lines_before_death(folder, 2 * (number % KILLS_OF_A_DESK) + 1, chance)
            problem = day.hear(lines)
            desk = open_desk(folder, 2 * (number % KILLS_OF_A_DESK) + 2)
            problem = problem or day.problem_of(desk)
            if problem is not None:
                print(f"round {number}, seed {seed}, {day.steps} steps confirmed: {problem}")
                return 1
            at_start += not lines
            under_way += bool(day.under_way)
            steps += day.steps - before
            kinds, day.kinds = kinds + day.kinds, Counter()
            if number % KILLS_OF_A_DESK == KILLS_OF_A_DESK - 1 or number == rounds - 1:
                blanks += len(used_blanks(desk))
                print(f"{number + 1} kills, {steps} steps confirmed, {sum(kinds.values())} facts", flush=True)
            desk.close()
    print("facts by what they tell: " + ", ".join(f"{name} {count}" for name, count in sorted(kinds.items())))
    print(
        f"{rounds} kills on {desks} desks ({at_start} before the first step, {under_way} with a step under way);"
        f" {steps} confirmed steps, none lost; {blanks} blanks used, none twice,"
        " none passed over; the log whole each time"
    )
    return 0 if steps else 1


if __name__ == "__main__":
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--rounds", type=int, default=100)
    arguments.add_argument("--seed", type=int, default=None)
    given = arguments.parse_args()
    sys.exit(main(given.rounds, random.randrange(10**6) if given.seed is None else given.seed))
