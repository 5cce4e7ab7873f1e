"""The records of measures.toml: the programme of rehabilitation measures, and the closed language of its conditions.

- { fact = "limitations.movement", at_least = 2, at_most = 3 }   a degree; `at_most` may be left out
- { fact = "prognosis", is = "favourable" }                      a choice, or yes and no
- { level = "of_case", in = [1, 2] }                             the level by_criteria, by_defects or of_case
- { defects = ["shin_stump"] }                                   one of these listed defects
- { diagnosis = ["G80", "I6"] }                                  a diagnosis whose code begins so
- { below_age = { male = "…", female = "…" } }                   the age of that sex's parameter is not reached
- { injured = true }                                             a work injury is given
"""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from app.domain.case_fields import shown
from app.domain.text import N_
from app.domain.vocabulary import Sex
from app.rules.model import Condition, Fact, Parameter
from app.rules.programme import Carrier, Ground, Kind, Programme, RehabilitationMeasure
from app.rules.references import Used, ages_of, parameter, switch_of
from app.rules.source import Acts, Table, names_known, refuse
from app.rules.tables import LEVELS

_CODE: Final = re.compile(r"[A-Z]([0-9]([0-9](\.[0-9][0-9A-Z]{0,2})?)?)?")
KINDS: Final = "fact, level, defects, diagnosis, below_age, injured"


class MeasureTables:
    """Reads measures.toml. What its conditions may name: facts, levels and defects of the same pack."""

    def __init__(
        self, acts: Acts, parameters: Mapping[str, Parameter], facts: tuple[Fact, ...], levels: Collection[int],
        defects: Collection[str], used: Used,
    ) -> None:  # fmt: skip
        self._acts, self._parameters, self._levels, self._defects = acts, parameters, levels, defects
        self._facts = {fact.id: fact for fact in facts}
        self._used = used

    def programme(self, table: Table) -> Programme:
        """The programme of the whole file; UserError naming the record and what is wrong with it."""
        heads = table.tables("programme", lambda content: content.get("id"))
        if len(heads) != 1:
            raise refuse(table.file, "programme", N_("there must be one record “programme”. Leave one."))
        head = heads[0]
        kinds: dict[str, Kind] = {}
        for record in self._done(table.tables("kind", lambda content: content.get("id"))):
            name = record.take("id", str)
            kinds[name] = Kind(name, record.local(), self._acts.cite(record))
        carriers: dict[str, Carrier] = {}
        for record in self._done(table.tables("carrier", lambda content: content.get("id"))):
            name = record.take("id", str)
            carriers[name] = Carrier(name, record.local(), record.take("injured", bool, False), self._acts.cite(record))
        grounds = {key: self._grounds(table, key) for key in ("indication", "contraindication")}
        records = self._done(table.tables("rehabilitation", lambda content: content.get("id")))
        measures = [self._measure(record, kinds, carriers, grounds) for record in records]
        for key, rest in grounds.items():
            for ground in (ground for grounds_of in rest.values() for ground in grounds_of):
                raise refuse(
                    table.file,
                    f"{key} {ground.id}",
                    N_("no record “rehabilitation” has the id before the dot. Correct the id."),
                )
        for key, known, used in (
            ("kind", kinds, {measure.kind for measure in measures}),
            ("carrier", carriers, {carrier for measure in measures for carrier in measure.carriers}),
        ):
            for name in known:
                if name not in used:
                    raise refuse(table.file, f"{key} {name}", N_("nothing uses it. Take it out."))
        found = Programme(
            head.take("id", str), head.local(), self._conditions(head, "when"), kinds,
            carriers, tuple(measures), self._acts.cite(head), switch_of(head, self._parameters, self._used),
        )  # fmt: skip
        head.done()
        table.done()
        return found

    @staticmethod
    def _done(records: list[Table]) -> Iterator[Table]:
        """The records one by one; each must be used up before the next is asked for."""
        for record in records:
            yield record
            record.done()

    def _grounds(self, table: Table, key: str) -> dict[str, list[Ground]]:
        """Indications or contra-indications by the measure whose id stands before the dot of theirs."""
        found: dict[str, list[Ground]] = {}
        for record in self._done(table.tables(key, lambda content: content.get("id"))):
            name, confirm = record.take("id", str), record.take("confirm", dict, None)
            words = None
            if confirm is not None:
                inner = Table(record.file, record.record, confirm)
                words = inner.local()
                inner.done()
            ground = Ground(name, self._conditions(record, "when", []), words, self._acts.cite(record))
            if not ground.when and words is None:
                raise record.refuse(
                    N_("it says neither when it holds nor what a doctor must confirm. Add one of them.")
                )
            found.setdefault(name.partition(".")[0], []).append(ground)
        return found

    def _measure(
        self, record: Table, kinds: Mapping[str, Kind], carriers: Mapping[str, Carrier],
        grounds: Mapping[str, dict[str, list[Ground]]],
    ) -> RehabilitationMeasure:  # fmt: skip
        name = record.take("id", str)
        indications = tuple(grounds["indication"].pop(name, ()))
        if not indications:
            raise record.refuse(N_("the measure has no indication. Add one."))
        providers = record.list_of("carriers", str, [])
        for carrier in providers:
            if carrier not in carriers:
                raise record.refuse(N_("“{name}” is no carrier. Correct the name. Known are: {known}."),
                                    name=carrier, known=names_known(carrier, carriers))  # fmt: skip
        return RehabilitationMeasure(
            name, record.one_of("kind", kinds), record.local(), ages_of(record, self._parameters, self._used),
            self._conditions(record, "requires", []), _count(record, "quantity"), _count(record, "months"),
            record.one_of("term", ("programme",), None) is not None, tuple(providers),
            indications, tuple(grounds["contraindication"].pop(name, ())), self._acts.cite(record),
        )  # fmt: skip

    # --- conditions -----------------------------------------------------------------------------------------------
    def _conditions(self, record: Table, key: str, default: Any = ...) -> tuple[Condition, ...]:
        return tuple(self._condition(record, content) for content in record.take(key, list, default))

    def _condition(self, record: Table, content: object) -> Condition:
        table = Table(record.file, record.record, content)
        for kind, read in (("fact", self._fact), ("level", self._level), ("defects", self._listed),
                           ("diagnosis", _diagnosis), ("below_age", self._below_age),
                           ("injured", _injured)):  # fmt: skip
            if table.has(kind):
                found = read(table)
                table.done()
                return found
        raise record.refuse(N_("this is not a known kind of condition. Known are: {known}."), known=KINDS)

    def _fact(self, table: Table) -> Condition:
        name = table.take("fact", str)
        fact = self._facts.get(name)
        if fact is None or fact.present_if or fact.kind == "set":
            raise table.refuse(N_("“{name}” is no fact of facts.toml. Correct the name. Known are: {known}."),
                               name=name, known=names_known(name, self._asked()))  # fmt: skip
        if fact.kind == "degree":
            heaviest = fact.values[-1]
            least, most = table.take("at_least", int), table.take("at_most", int, heaviest)
            if not 1 <= least <= most <= heaviest:
                raise table.refuse(
                    N_("the degrees from {least} to {most} are none of {fact}: it has 1 to {heaviest}. Correct them."),
                    least=least, most=most, fact=name, heaviest=heaviest)  # fmt: skip
            return {"fact": name, "at_least": least, "at_most": most}
        wanted = table.take("is", (str, int, bool))
        if not any(wanted == value and type(wanted) is type(value) for value in fact.values):
            raise table.refuse(N_("“{value}” is no value of {fact}. Correct it. Known are: {known}."),
                               value=wanted, fact=name, known=", ".join(map(shown, fact.values)))  # fmt: skip
        return {"fact": name, "is": wanted}

    def _asked(self) -> list[str]:
        """The facts that a condition may ask for."""
        return [fact.id for fact in self._facts.values() if not fact.present_if and fact.kind != "set"]

    def _level(self, table: Table) -> Condition:
        which, wanted = table.one_of("level", LEVELS), table.list_of("in", int)
        if not wanted or not all(type(level) is int and level in self._levels for level in wanted):
            raise table.refuse(N_("“in” names a level that no row of decisions.toml gives. Correct it."))
        return {"level": which, "in": tuple(wanted)}

    def _listed(self, table: Table) -> Condition:
        wanted = table.list_of("defects", str)
        for defect in wanted:
            if defect not in self._defects:
                raise table.refuse(N_("“{name}” is not in defects.toml. Correct the name. Known are: {known}."),
                                   name=defect, known=names_known(defect, self._defects))  # fmt: skip
        if not wanted:
            raise table.refuse(N_("the list of “{key}” is empty. Fill it."), key="defects")
        return {"defects": tuple(wanted)}

    def _below_age(self, table: Table) -> Condition:
        by_sex = Table(table.file, table.record, table.take("below_age", dict))
        names = {sex.value: by_sex.take(sex.value, str) for sex in Sex}
        by_sex.done()
        return {"below_age": tuple(
            (sex, parameter(table, name, "months", self._parameters, self._used)) for sex, name in names.items()
        )}  # fmt: skip


def _injured(table: Table) -> Condition:
    if table.take("injured", bool) is not True:
        raise table.refuse(N_("a condition asks whether there is a work injury: write injured = true."))
    return {"injured": True}


def _diagnosis(table: Table) -> Condition:
    wanted = table.list_of("diagnosis", str)
    if not wanted:
        raise table.refuse(N_("the list of “{key}” is empty. Fill it."), key="diagnosis")
    for code in wanted:
        if not isinstance(code, str) or not _CODE.fullmatch(code):
            raise table.refuse(
                N_("“{code}” is no beginning of a code of ICD-10, such as I, I6, I69 or I69.3. Correct it."), code=code
            )
    return {"diagnosis": tuple(wanted)}


def _count(record: Table, key: str) -> int | None:
    value: int | None = record.take(key, int, None)
    if value is not None and value < 1:
        raise record.refuse(N_("“{key}” must be above 0. Leave it out where it is not known."), key=key)
    return value
