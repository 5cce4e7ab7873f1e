"""`python -m tests.rules.compare [N] [--seed S]`: the engine against the second evaluator on N random partial cases.

Outside the normal suite for its time. Each case has up to five unknown facts, any age, any day of 2023 to 2034; ages
and days near the borders are drawn more often. Prints count, time and the first case that disagrees; exit code 1 then.
"""

import argparse
import multiprocessing
import random
import sys
import time
from datetime import date, timedelta

from app import paths
from app.crypto.pack_signature import verify_shipped
from app.rules.loader import load_pack
from tests.rules import oracle
from tests.rules.test_second_evaluator import compare

BORDERS = [date(year, 1, 1) for year in (2028, 2029, 2030, 2031)]
AGES = (0, 3, 6, 7, 10, 13, 14, 16, 17, 18, 30, 59, 60, 61, 62, 63, 64, 80)
CHUNK = 2_000


def person(chance):
    on = date(2023, 7, 1) + timedelta(chance.randrange(4200))
    if chance.random() < 0.3:
        on = chance.choice(BORDERS) + timedelta(chance.randint(-2, 2))
    birthday = oracle.plus_months(on, -12 * chance.choice(AGES) - chance.choice((0, 0, 6)))
    return min(birthday - timedelta(chance.choice((-1, 0, 0, 1, 2, 30, 100, 180, 200, 364))), on), on


def case(chance):
    born, on = person(chance)
    age = oracle.age_on(born, on)
    space = oracle.variables(age)
    unknown = set(chance.sample(sorted(space), chance.choice((1, 1, 2, 2, 3, 3, 4, 5))))
    facts = {name: chance.choice(values) for name, values in space.items() if name not in unknown}
    if 14 <= age < 18 and chance.random() < 0.5:
        facts["limitations.work"] = chance.choice((0, 1, 2, 3, "n/a"))
    if age >= 18 and chance.random() < 0.5:
        facts["limitations.learning"] = "n/a"
    return facts, born, chance.choice(("male", "female")), on


def run(job):
    seed, count = job
    chance = random.Random(seed)
    pack = load_pack(paths.resource("rulepacks", "kz-mse", "1.0.0"), verify=verify_shipped)
    for _ in range(count):
        drawn = case(chance)
        try:
            compare(pack, *drawn)
        except AssertionError as error:
            return drawn, str(error)
    return None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("n", nargs="?", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    jobs = [(f"{args.seed}.{start}", min(CHUNK, args.n - start)) for start in range(0, args.n, CHUNK)]
    began = time.perf_counter()
    with multiprocessing.Pool() as pool:
        bad = [found for found in pool.imap_unordered(run, jobs) if found]
    seconds = time.perf_counter() - began
    print(f"{args.n} partial cases, {len(bad)} disagreements, {seconds:.0f} s")
    for drawn, error in bad[:1]:
        print(drawn, error)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
