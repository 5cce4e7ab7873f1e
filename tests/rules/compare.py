"""`python -m tests.rules.compare [N] [--of built-in|mutants|packs] [--seed S]`: the engine against other evaluators.

Outside the normal suite for its time. `built-in` (as given): N random partial cases of the built-in pack, one half by
the evaluator written from `criteria.md` for this pack alone (up to five unknown facts, any age, any day of 2023 to
2034; ages and days near the borders are drawn more often), the other with papers and a decision by the evaluator for
any pack. `mutants`: every change of `tests.rules.mutation` that loads. `packs`: packs by chance. N cases in all there.
Prints counts, time and the first case that disagrees; exit code 1 then.
"""

import argparse
import multiprocessing
import random
import sys
import time
from datetime import date, timedelta

from app.domain.errors import Told
from app.rules.loader import pack_of
from tests.rules import agreement, drawn, generated, mutation, oracle
from tests.rules.test_second_evaluator import compare

BORDERS = [date(year, 1, 1) for year in (2028, 2029, 2030, 2031)]
AGES = (0, 3, 6, 7, 10, 13, 14, 16, 17, 18, 30, 59, 60, 61, 62, 63, 64, 80)
CHUNK, PER_PACK = 2_000, 25
_BUILT_IN = {}


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


def built_in():
    """The parsed pack, read once: others may be working on it while this runs."""
    if not _BUILT_IN:
        _BUILT_IN.update(mutation.contents())
    return _BUILT_IN


def run(job):
    """(cases compared, the first that disagrees or None): one chunk of cases of the built-in pack."""
    seed, count = job
    chance = random.Random(seed)
    pack = pack_of(built_in(), "sha256:0")
    for done in range(count):
        if done % 2:
            drawn_case = drawn.document(chance, built_in(), unknown=6)
            difference = agreement.disagreement(built_in(), pack, drawn_case)
        else:
            drawn_case, difference = case(chance), None
            try:
                compare(pack, *drawn_case)
            except AssertionError as error:
                difference = str(error)
        if difference:
            return done, (drawn_case, difference)
    return count, None


def run_pack(job):
    """The same for one other pack, named by a mutant or by a seed; nothing is compared where it doesn't load."""
    what, count, seed = job
    chance = random.Random(f"{seed} {what}")
    contents = generated.contents(chance, built_in()) if isinstance(what, int) else mutation.mutated(built_in(), *what)
    try:
        pack = pack_of(contents, "sha256:0")
    except Told:
        return 0, None
    for done in range(count):
        document = drawn.document(chance, contents, unknown=4)
        difference = agreement.disagreement(contents, pack, document)
        if difference:
            return done, (what, document, difference)
    return count, None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("n", nargs="?", type=int, default=100_000)
    parser.add_argument("--of", choices=("built-in", "mutants", "packs"), default="built-in")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    if args.of == "built-in":
        jobs = [(f"{args.seed}.{start}", min(CHUNK, args.n - start)) for start in range(0, args.n, CHUNK)]
    elif args.of == "mutants":
        mutants = [mutant[1:] for mutant in mutation.mutants(built_in())]
        jobs = [(mutant, max(1, args.n // len(mutants)), args.seed) for mutant in mutants]
    else:
        jobs = [(number, PER_PACK, args.seed) for number in range(args.n // PER_PACK)]
    began = time.perf_counter()
    built_in()
    with multiprocessing.Pool() as pool:
        found = list(pool.imap_unordered(run if args.of == "built-in" else run_pack, jobs))
    seconds, compared = time.perf_counter() - began, sum(done for done, _ in found)
    bad = [one for _, one in found if one]
    packs = "" if args.of == "built-in" else f" of {sum(done > 0 for done, _ in found)} packs ({len(jobs)} tried)"
    print(f"{compared} partial cases{packs}, {len(bad)} disagreements, {seconds:.0f} s")
    for one in bad[:1]:
        print(*one, sep="\n")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
