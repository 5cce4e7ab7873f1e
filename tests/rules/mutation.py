"""`python -m tests.rules.mutation [--sample N]`: breaks the pack one thing at a time and tells who notices.

Each row is taken out and exchanged with the next, each threshold, band, list and parameter is moved, each age border,
condition, group member, option and reference taken away or replaced; beginnings of codes of ICD-10 are made shorter and
longer. A change is killed by the loader, which refuses the pack, by a test case by clause, by the proof over the whole
space of facts, or by what is proved of the measures. Survivors are named; `EQUIVALENT` says why.
"""

import argparse
import copy
import multiprocessing
import random
import sys
import time
from collections import Counter
from datetime import date, timedelta

from app import paths
from app.domain.errors import Told
from app.rules.coverage import case_findings
from app.rules.files import read_draft
from app.rules.loader import pack_of
from app.rules.measure_coverage import measure_coverage
from app.rules.note_tables import CHECKS
from app.rules.proof import prove
from app.rules.toml import parse

FILES = ("decisions.toml", "parameters.toml", "defects.toml", "conflicts.toml", "facts.toml", "scales.toml",
         "measures.toml", "notes.toml", "help.toml")  # fmt: skip
BESIDE = ("measures.toml", "notes.toml", "help.toml")  # what stands beside the group: only cases that name it notice it
WORDS = frozenset(("kk", "ru", "en", "cite", "covers", "licence", "items", "result", "pair"))
IDS = frozenset(("id", "code", "fact", "scale"))
_SAME_LEVEL = "a period is asked for only where something is established: a defect not lighter is then the case's level"
_NOT_INSURED = "insurance is no fact under 18, so the row can't hold there"
_LEFT_OVER = "the rows above have taken every defect that is not lighter, so the level of the case is that by criteria"
# A survivor whose name holds the key changes nothing that anybody could observe, and why.
EQUIVALENT = {
    "exchange with the next": "the two rows never hold together, so their order decides nothing",
    "parameter pension_age.female values 2 from -1": "nobody reaches 61 and a half on a 31 December: no 31 June",
    "parameter pension_age.female values 4 from -1": "nobody reaches 62 and a half on a 31 December: no 31 June",
    "limitations.learning not_applicable_from": "the case file already refuses “n/a” of learning under 18",
    **{f"general_capacity.{level} from": _NOT_INSURED for level in (1, 2, 3)},
    "period.defect.school below taken out": "adults are taken by the row above",
    "period.defect.small below": "older persons are taken by the rows above",
    "period.unfavourable.school below taken out": "adults are taken by the row above",
    "period.unfavourable.small below": "older persons are taken by the rows above",
    **{f"period.defect.{who} when {what}": _SAME_LEVEL for who in ("adult", "school", "small")
       for what in ("0 level = of_case", "0 taken out", "2 not_lighter_than = of_case")},
    "period.doubtful.heavy when 1 level = by_criteria": _LEFT_OVER,
    "period.doubtful.light when 1 level = by_criteria": _LEFT_OVER,
    "period.doubtful.light when 1 taken out": "the row above has taken levels 1 and 2",
    "period.favourable when 1 taken out": "the row above has taken active treatment",
    "note note.missed_switched_off years =": "it fills the sentence alone, which is read by who signs the record off",
    "indication workplace.lighter when 0 at_most = 1": "degree 2 gives the workplace by the indication before it",
    **{f"period.unfavourable.{who} when taken out": "the rows above have taken the other prognoses"
       for who in ("adult", "school", "small")},
}  # fmt: skip


def contents():
    """The parsed pack, without what is said of its records: a list that misses a record would notice every removal."""
    files, _ = read_draft(paths.resource("rulepacks", "kz-mse", "1.0.0"))
    return {name: parse(name, data) for name, data in files.items() if name not in ("checklist.toml", "signoffs.toml")}


def _of_scales(pack):
    """What no result and no degree could show: the span reaches within the tolerance of the end."""
    for scale in pack["scales.toml"]["scale"]:
        for number, band in enumerate(scale["band"]):
            if scale["id"] == "barthel":
                yield f"scale barthel band {number} from = {band['from'] + 1}", "the index comes in fives"
                yield f"scale barthel band {number} from = {band['from'] - 1}", "the index comes in fives"
            for fact, (least, most) in band["degrees"].items():
                top = 4 if fact.startswith("functions.") else 3
                name = f"scale {scale['id']} band {number} degrees {fact}"
                if least <= 1:
                    yield f"{name} 0 = {1 - least}", "no degree lies so far below"
                if most >= top - 1:
                    yield f"{name} 1 = {2 * top - 1 - most}", "no degree lies so far above"


EQUIVALENT.update(_of_scales(contents()))


def mutants(pack):
    """(name, file, path, replacement): a path of keys and positions; `DELETE` takes away, `EXCHANGE` with the next."""
    for file in FILES:
        for key, records in pack[file].items():
            if not isinstance(records, list):
                yield from _inside(pack, file, (key,), records, key)
                continue
            for place, record in enumerate(records):
                name = f"{key} {record.get('id') or record.get('code') or record.get('fact') or record.get('scale')}"
                words_of_degrees = key in ("definition", "generic", "choice") or (file, key) == ("facts.toml", "scale")
                if not words_of_degrees:  # but rows of a decision
                    yield f"{name} taken out", file, (key, place), DELETE
                    if place + 1 < len(records) and key in ORDERED:
                        yield f"{name} exchange with the next", file, (key, place), EXCHANGE
                    yield from _inside(pack, file, (key, place), record, name)


ORDERED = ("outcome", "clip", "level", "period", "general_capacity", "professional_capacity", "proposed_cause")
DELETE, EXCHANGE = "delete", "exchange"


def _inside(pack, file, path, value, name):
    if isinstance(value, dict):
        if len(path) == 4 and path[-2] == "values":
            yield from _dated(file, path, value, name)
        for key, inner in value.items():
            if key in WORDS or (len(path) == 2 and key in IDS):
                continue
            if key in ("from", "until") and isinstance(inner, date):
                continue
            if len(path) > 1 and key != "value":
                yield f"{name} {key} taken out", file, (*path, key), DELETE
            yield from _inside(pack, file, (*path, key), inner, f"{name} {key}")
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            if len(value) > 1:
                yield f"{name} {place} taken out", file, (*path, place), DELETE
            if place + 1 < len(value) and path[-1] == "carriers":  # the first that fits provides
                yield f"{name} {place} exchange with the next", file, (*path, place), EXCHANGE
            yield from _inside(pack, file, (*path, place), inner, f"{name} {place}")
    elif isinstance(value, bool):
        yield f"{name} = {not value}", file, path, not value
    elif isinstance(value, int):
        for step in (-1, 1):
            yield f"{name} = {value + step}", file, path, value + step
    elif isinstance(value, str):
        of_codes = path[-2] == "diagnosis"
        for other in sorted(_codes(value) if of_codes else _others(pack, path[-1], value)):
            yield f"{name} = {other}", file, path, other


def _codes(code):
    """Beginnings of codes beside one: shorter, two that are longer, and its neighbour."""
    longer = code + "." if len(code) == 3 else code
    found = {f"{longer}0", f"{longer}1"} if len(code) < 6 else set()
    if len(code) > 1:
        found |= {code[:-1].rstrip("."), f"{code[:-1]}{(int(code[-1]) + 1) % 10}"}
    return found


def _dated(file, path, value, name):
    """The border between two dated values, moved a day either way; the one before it moves along."""
    if path[-1] and "from" in value:
        for step in (-1, 1):
            yield f"{name} from {step:+}", file, path, step


def _others(pack, key, value):
    """What else of its kind could stand for a word: one of each list that has it."""
    parameters = {record["id"]: record["unit"] for record in pack["parameters.toml"]["parameter"]}
    if value in parameters:  # those of its unit first: others are refused
        others = [other for other in parameters if other != value]
        return sorted(others, key=lambda other: parameters[other] != parameters[value])[:2]
    lists = [
        ["favourable", "doubtful", "unfavourable"],
        ["full_loss", "special_conditions", "lower_qualification", "reduced", "none"],
        ["months", "years", "no_term", "until_7", "until_18"],
        ["by_criteria", "by_defects", "of_case"],
        ["none", "competent_body", "childhood"],
        ["conflict", "obstacle"],
        ["first_of_next_month", "day_itself"],
        ["group_1", "group_2", "group_3", "child_group_1", "child_group_2", "child_group_3", "child"],
        list(pack["decisions.toml"]["group"]),
        [record["code"] for record in pack["decisions.toml"]["cause"]],
        ["on", "off"],
        [check for check, takes in CHECKS.items() if takes == CHECKS.get(value)],
        [record["id"] for record in pack["defects.toml"]["defect"]],
        *([record["id"] for record in pack[file][key]] for file, key in (
            ("measures.toml", "carrier"), ("measures.toml", "kind"), ("help.toml", "kind"))),
        *([fact["id"] for fact in pack["facts.toml"]["fact"] if fact["id"].startswith(group)]
          for group in ("limitations.", "functions.")),
    ]  # fmt: skip
    found = [other for known in lists if value in known for other in known if other != value]
    return found[:2] if key != "kind" else found[:3]


def mutated(pack, file, path, replacement):
    pack = {**pack, file: copy.deepcopy(pack[file])}
    inner = pack[file]
    for step in path[:-1]:
        inner = inner[step]
    last = path[-1]
    if replacement == DELETE:
        del inner[last]
    elif replacement == EXCHANGE:
        inner[last], inner[last + 1] = inner[last + 1], inner[last]
    elif isinstance(inner[last], dict):  # a dated value
        inner[last]["from"] += timedelta(replacement)
        inner[last - 1]["until"] += timedelta(replacement)
    else:
        inner[last] = replacement
    return pack


def killer(changed, file=None):
    """Who notices: `loader`, `case`, the name of a check; None for a survivor. `file`: the one that was changed."""
    checks = (case_findings, prove)
    if file in BESIDE:
        checks, cases = (case_findings, measure_coverage), changed["cases.toml"]
        naming = [case for case in cases["case"] if any(key[:5] in ("measu", "notes") for key in case["expect"])]
        changed = {**changed, "cases.toml": {**cases, "case": naming}}
    try:
        pack = pack_of(changed, "sha256:0")
        for findings in checks:
            for finding in findings(pack):
                if not finding.ok:
                    return finding.check
    except Told:
        return "loader"
    return None


def explained(name):
    return next((why for key, why in EQUIVALENT.items() if key in name), None)


_PACK = {}


def run(mutant):
    if not _PACK:
        _PACK.update(contents())
    name, file, path, replacement = mutant
    return name, killer(mutated(_PACK, file, path, replacement), file)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--sample", type=int)
    parser.add_argument("--files", nargs="+", choices=FILES, default=FILES)
    parser.add_argument("--processes", type=int)
    args = parser.parse_args()
    jobs = [mutant for mutant in mutants(contents()) if mutant[1] in args.files]
    if args.sample:
        jobs = random.Random(1).sample(jobs, args.sample)
    began = time.perf_counter()
    with multiprocessing.Pool(args.processes) as pool:
        found = list(pool.imap_unordered(run, jobs, chunksize=8))
    seconds = time.perf_counter() - began
    counts = Counter(by for _, by in found if by)
    survivors = sorted(name for name, by in found if by is None)
    open_ones = [name for name in survivors if explained(name) is None]
    killed = sum(counts.values())
    print(f"{len(found)} changes, {killed} killed ({100 * killed / len(found):.1f} %), {len(survivors)} survive,")
    print(f"{len(open_ones)} of them not explained; {seconds:.0f} s")
    print(", ".join(f"{by} {count}" for by, count in counts.most_common()))
    for name in survivors:
        print(f"survives: {name}: {explained(name) or 'NOT EXPLAINED'}")
    return 1 if open_ones else 0


if __name__ == "__main__":
    sys.exit(main())
