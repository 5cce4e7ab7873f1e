"""The engine beside others on the same table of decisions, in turn and in one run.

Ours decides whole documents (papers, ИИН, ages, percentages, causes and every contradiction included). The others get
flat facts and only find level and period (`contenders`), so every advantage is theirs. All must agree on every case of
the sample before anything is timed.

openfisca-core comes last, in an environment and a process of its own (`openfisca`).
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from random import Random
from statistics import median
from time import process_time
from typing import Any

from app.domain.case_file import check_document
from app.domain.iin import of_digits
from app.domain.proposal import Period
from app.rules.conditions import heavier
from app.rules.engine import propose
from app.rules.model import Pack
from app.rules.reading import heaviest
from app.services.packs import PackService
from tests.bench import openfisca
from tests.bench.contenders import CAPPED, FIVE, FUNCTIONS, Closures, Found, by_hand, zen_graph
from tests.bench.desk import sample
from tests.bench.measure import Line

DAY = date(2026, 11, 18)
CASES, ROUNDS, SEED, EMPTY = 200, 60, 20261122, 60


def engines() -> Iterator[Line]:
    """Rows of the table: both ratios to zen-engine, the limits beside it, and the wholly empty case."""
    import zen

    pack = PackService().for_date(DAY)
    documents = full_documents(Random(SEED), coherent=True)
    facts = [flat(pack, document) for document in documents]
    texts = [json.dumps(one) for one in facts]
    closures = Closures()
    engine = zen.ZenEngine({"loader": {"type": "static", "content": {"case": zen_graph()}}})  # type: ignore[typeddict-item]

    def asked(context: Any, options: Any = None) -> Found:
        found = engine.evaluate("case", context, options)["result"]
        return found["case"], found["period"]

    for document in documents + full_documents(Random(SEED), coherent=False):
        mine, one = ours_found(pack, document), flat(pack, document)
        for theirs in (by_hand(one), closures.decide(one)[0], asked(one), asked(json.dumps(one), {"trace": True})):
            if mine != theirs:
                raise RuntimeError(f"another engine says {theirs}, this one {mine} of {document['facts']}")

    traced = {"trace": True}
    seconds = in_turns({
        "ours": (lambda one: propose(pack, one), documents),
        "ours, no trace": (lambda one: propose(pack, one, trace=False), documents),
        "zen": (lambda one: engine.evaluate("case", one, traced), facts),
        "zen, JSON": (lambda one: engine.evaluate("case", one, traced), texts),
        "zen, no trace": (lambda one: engine.evaluate("case", one), facts),
        "zen, no trace, JSON": (lambda one: engine.evaluate("case", one), texts),
        "hand": (by_hand, facts),
        "closures": (closures.decide, facts),
    })  # fmt: skip
    rate = {name: CASES / value for name, value in seconds.items()}
    for name, suffix in (("with its whole trace", ""), ("without a trace", ", no trace")):
        mine, theirs = rate["ours" + suffix], {way: rate["zen" + suffix + way] for way in ("", ", JSON")}
        best = max(theirs.values())
        note = (
            f"{mine:,.0f}/s against {best:,.0f}/s (zen-engine, static loader; facts as a dict {theirs['']:,.0f}/s, "
            f"as JSON {theirs[', JSON']:,.0f}/s)"
        )
        yield Line(f"full case {name}, against zen-engine so", best / mine, 1.0, "x", note)
    yield Line("the same table by hand, in Python", rate["hand"] / 1000, None, "k/s", "no trace, no pack")
    yield Line("the same table as closures, with a trace", rate["closures"] / 1000, None, "k/s")
    yield from openfisca.beside(facts, [by_hand(one) for one in facts])

    empty = {name: documents[0][name] for name in ("format", "examination")}
    empty["person"] = {key: documents[0]["person"][key] for key in ("birth_date", "sex")}
    empty["examination"] = {"on": empty["examination"]["on"]}
    propose(pack, empty)
    each = median(cpu(lambda: propose(pack, empty)) for _ in range(EMPTY))
    yield Line("wholly empty case with its whole trace", each * 1000, 5.0, "ms", f"CPU, median of {EMPTY}")


def cpu(work: Callable[[], object]) -> float:
    """CPU seconds that one call takes."""
    start = process_time()
    work()
    return process_time() - start


def in_turns(works: Mapping[str, tuple[Callable[[Any], object], Sequence[Any]]]) -> dict[str, float]:
    """CPU seconds of each over its cases, in its fastest round; all take their turn in every round.

    CPU time and the fastest round, because whatever else the machine does only adds to both sides, by chance.
    """

    def through(decide: Callable[[Any], object], cases: Sequence[Any]) -> None:
        for case in cases:
            decide(case)

    taken: dict[str, list[float]] = {name: [] for name in works}
    for counted in range(-1, ROUNDS):
        for name, work in works.items():
            seconds = cpu(lambda work=work: through(*work))  # type: ignore[misc]
            if counted >= 0:
                taken[name].append(seconds)
    return {name: min(found) for name, found in taken.items()}


def full_documents(chance: Random, *, coherent: bool) -> list[dict[str, Any]]:
    """Adults with all papers, every fact given; born and examined on many days.

    `coherent`: limitations fit the functions, as in a case that an expert has filled in; else each is drawn alone.
    """
    defects = list(PackService().for_date(DAY).defect_by_id)
    documents = []
    for _ in range(CASES):
        document = sample()
        born = date(chance.randint(1945, 1999), chance.randint(1, 12), chance.randint(1, 28))
        document["person"]["birth_date"], document["person"]["iin"] = born.isoformat(), male_number(born, chance)
        document["examination"]["on"] = DAY.replace(day=chance.randint(3, 30)).isoformat()
        heaviest_function = chance.randint(0, 4)
        most = max(0, heaviest_function - 1) if coherent else 3
        limitations = {name: chance.randint(0, most) for name in FIVE}
        limitations[chance.choice(FIVE)] = most
        document["facts"] = {
            "functions": {name: chance.randint(0, heaviest_function) for name in FUNCTIONS}
            | {chance.choice(FUNCTIONS): heaviest_function},
            "limitations": limitations | {name: chance.randint(0, most) for name in CAPPED},
            "anatomical_defects": chance.choice([[], [], [], chance.sample(defects, 1), chance.sample(defects, 2)]),
            "defect_complication": chance.random() < 0.5,
            "prognosis": chance.choice(["favourable", "doubtful", "unfavourable"]),
            "active_treatment": chance.random() < 0.5,
            "insured": chance.random() < 0.5,
        }
        check_document(document)
        documents.append(document)
    return documents


def male_number(born: date, chance: Random) -> str:
    """An ИИН that fits a man born in the 1900s, its check digit right."""
    while True:
        start = f"{born:%y%m%d}3{chance.randint(0, 9999):04}"
        for last in "0123456789":
            number = of_digits(start + last)
            if number is not None and number.checksum_ok:
                return number.digits


def flat(pack: Pack, document: dict[str, Any]) -> dict[str, Any]:
    """What the others are given: the facts without sections, the heaviest level of the listed defects."""
    facts = document["facts"]
    return {
        **facts["functions"],
        **facts["limitations"],
        "listed": heaviest(pack, facts["anatomical_defects"]),
        **{key: facts[key] for key in ("defect_complication", "prognosis", "active_treatment")},
    }


def ours_found(pack: Pack, document: dict[str, Any]) -> Found:
    """Level and row of the period, as the trace tells them."""
    proposal = propose(pack, document)
    level = heavier(proposal.level.by_criteria or 0, proposal.level.by_defects or 0)
    held = [step.rule for step in proposal.trace if step.held and step.rule.startswith("period.")]
    if (proposal.level.of_case or 0) != level or isinstance(proposal.period, Period) != bool(held):
        raise RuntimeError(f"the proposal contradicts itself: {proposal}")
    return level, held[0] if held else ""
