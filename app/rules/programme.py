"""The programme of rehabilitation measures (ИПАР) of a pack in memory: the records of measures.toml as values.

Made by `app.rules.measure_tables` alone, which has checked them. What is not known of a measure is None: how many,
for how long, who provides it. Nothing of this takes part in outcome, period or percentages.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from app.domain.proposal import Citation
from app.domain.text import LocalText
from app.rules.model import Ages, Condition


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of measures: orthopaedic, hearing, sight, wheelchairs, hygiene, people, services."""

    id: str
    name: LocalText
    citation: Citation


@dataclass(frozen=True, slots=True)
class Carrier:
    """Who provides a measure (орындаушы, исполнитель). `injured`: only to a person with a work injury."""

    id: str
    name: LocalText
    injured: bool
    citation: Citation


@dataclass(frozen=True, slots=True)
class Ground:
    """An indication (айғақ, показание) or a contra-indication (қарсы айғақ, противопоказание) of a measure.

    It holds if all of `when` hold. `confirm`: what a doctor must answer besides, in words, because no fact says it.
    """

    id: str
    when: tuple[Condition, ...]
    confirm: LocalText | None
    citation: Citation


@dataclass(frozen=True, slots=True)
class RehabilitationMeasure:
    """One measure. `requires`: what must hold whatever the indication; one indication is enough.

    `quantity` counts pieces, `months` the term of replacement; `with_programme`: for the term of the programme.
    `kind` and `carriers` are ids; of the carriers the first that fits the person counts.
    """

    id: str
    kind: str
    name: LocalText
    ages: Ages
    requires: tuple[Condition, ...]
    quantity: int | None
    months: int | None
    with_programme: bool
    carriers: tuple[str, ...]
    indications: tuple[Ground, ...]
    contraindications: tuple[Ground, ...]
    citation: Citation


@dataclass(frozen=True, slots=True)
class Programme:
    """The programme: its full name, for whom it is made (`when`), and the measures it may hold.

    `switch`: the parameter that switches it on and off; None: always on.
    """

    id: str
    name: LocalText
    when: tuple[Condition, ...]
    kinds: Mapping[str, Kind]
    carriers: Mapping[str, Carrier]
    measures: tuple[RehabilitationMeasure, ...]
    citation: Citation
    switch: str | None = None

    def records(self) -> "dict[str, Programme | Kind | Carrier | Ground | RehabilitationMeasure]":
        """Every record by the id under which people name it, in the order of the file, each without those of others."""
        found: dict[str, Programme | Kind | Carrier | Ground | RehabilitationMeasure] = {}
        found[f"programme.{self.id}"] = replace(self, kinds={}, carriers={}, measures=())
        found |= {f"kind.{kind.id}": kind for kind in self.kinds.values()}
        found |= {f"carrier.{carrier.id}": carrier for carrier in self.carriers.values()}
        for measure in self.measures:
            found[f"rehabilitation.{measure.id}"] = replace(measure, indications=(), contraindications=())
            found |= {f"indication.{ground.id}": ground for ground in measure.indications}
            found |= {f"contraindication.{ground.id}": ground for ground in measure.contraindications}
        return found
