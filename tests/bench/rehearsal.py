"""A rehearsal of 100,000 cases from a file: reading, checking, two editions, several processes, counts."""

import json
import os
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any, Final

from app.domain.case_lines import lines
from app.rules.loader import load_draft
from app.services.classifiers import Classifiers, chapters
from app.services.packs import PackService
from app.services.rehearsing import rehearse
from app.services.trial import Trial
from tests.bench.desk import sample
from tests.bench.measure import Line, took
from tests.editions import edition

CASES: Final = 100_000
SEED: Final = 20261122
# The referral is valid for two months from 2027 on.
LONGER: Final = (
    "parameters.toml",
    'cite = ["order_260", "unchecked", "seen"]\nvalues = [{ value = 1 }]',
    'cite = ["order_260", "unchecked", "seen"]\n'
    "values = [{ until = 2026-12-31, value = 1 }, { from = 2027-01-01, value = 2 }]",
)


def documents(number: int, chance: Random) -> Iterator[dict[str, Any]]:
    """Cases as they may stand in a region: all ages, regions and chapters, a tenth with something not yet known."""
    regions = [region.code for region in Classifiers().regions()]
    categories = [chapter.first for chapter in chapters()]
    defects = list(PackService().for_date(date(2026, 11, 18)).defect_by_id)
    for _ in range(number):
        document = sample()
        on = date(2026, 1, 1) + timedelta(days=chance.randrange(365))
        born = on - timedelta(days=chance.randrange(365, 80 * 365))
        document["person"] |= {"iin": None, "birth_date": born.isoformat(), "sex": chance.choice(["male", "female"])}
        document["person"]["address"] = {"kato": chance.choice(regions), "text": "–"}
        document["examination"]["on"] = on.isoformat()
        signed = on - timedelta(days=chance.randrange(75))
        document["referral"] |= {
            "signed_on": signed.isoformat(),
            "incapacity_since": (signed - timedelta(days=130)).isoformat(),
            "diagnosed_on": (signed - timedelta(days=140)).isoformat(),
        }
        document["diagnosis"]["main"]["icd10"] = chance.choice(categories)
        heaviest = chance.choice([0, 1, 2, 2, 2, 3, 3, 4])
        most = max(0, heaviest - 1)
        limited = {
            name: chance.randint(0, most)
            for name in ("self_care", "movement", "orientation", "communication", "behaviour")
        }
        limited[chance.choice(list(limited))] = most
        years = (on - born).days // 365.25
        if years < 18:
            limited |= {name: chance.randint(0, most) for name in ("play", "motor")}
        if 7 <= years < 18:
            limited["learning"] = chance.randint(0, most)
        if years >= 18:
            limited |= {name: chance.randint(0, most) for name in ("learning", "work")}
        functions = {name: chance.randint(0, heaviest) for name in ("mental", "sensory", "statodynamic", "visceral")}
        functions[chance.choice(list(functions))] = heaviest
        document["facts"] = {
            "functions": functions,
            "limitations": limited,
            "anatomical_defects": chance.choice([[], [], [], [], [chance.choice(defects)]]),
            "defect_complication": chance.random() < 0.2,
            "prognosis": chance.choice(["favourable", "doubtful", "unfavourable"]),
            "active_treatment": chance.random() < 0.5,
            "insured": chance.random() < 0.5 if years >= 18 else None,
        }
        if chance.random() < 0.1:
            document["facts"]["limitations"][chance.choice(list(limited))] = None
        yield document


def rehearsals(folder: Path) -> Iterator[Line]:
    """The row of the table, and how many of the cases would get something else."""
    batch = folder / "cases.jsonl"
    chance = Random(SEED)
    with batch.open("w", encoding="utf-8") as file:
        some = [json.dumps(document, ensure_ascii=False) for document in documents(10_000, chance)]
        file.writelines(f"{line}\n" for line in islice(_again(some), CASES))
    pack = edition(folder / "pack", "1.1.0", "2027-01-01", LONGER, key=None)
    trial = Trial(load_draft(pack), (PackService().for_date(date(2027, 1, 1)),))
    found = []

    def run() -> None:
        cases = ((str(number), line) for number, line in lines(batch))
        found.append(rehearse(trial, cases))

    before = _cpu()
    seconds = took(run)
    each = (_cpu() - before) / CASES * 1e6
    total = found[0].part.counts.total
    if total.cases != CASES:
        raise RuntimeError(f"{CASES} cases were given, {total.cases} decided")
    note = f"{total.changed} would get something else, {len(found[0].part.refused)} refused"
    if os.name == "posix":  # elsewhere nobody tells what the further processes used
        note += f"; {each:.0f} µs of CPU a case, all processes together"
    yield Line(f"rehearsal of {CASES:,} cases from a file", seconds, 10.0, "s", note)


def _cpu() -> float:
    """Seconds of CPU that this process and those that it has ended used."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def _again(lines_: list[str]) -> Iterator[str]:
    while True:
        yield from lines_
