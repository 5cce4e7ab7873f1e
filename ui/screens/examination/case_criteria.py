"""What the criteria in force say for one case: its questions, scales, causes, and what may be decided."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial

from app.domain.criteria import CauseInfo, DefectInfo, FactInfo, ScaleInfo
from app.domain.proposal import Band
from app.domain.text import N_, LocalText, Text
from app.domain.vocabulary import Outcome, PeriodKind
from app.services.packs import PackService
from ui.widgets.options import Option


@dataclass(frozen=True, slots=True)
class CaseCriteria:
    """For the day of the examination and the person's age on it.

    `scales` come with whether each is meant for the age; `band_of` gives the band of general capacity of a group.
    """

    on: date
    birth: date | None
    facts: tuple[FactInfo, ...]
    defects: tuple[DefectInfo, ...]
    scales: tuple[tuple[ScaleInfo, bool], ...]
    causes: tuple[CauseInfo, ...]
    band_of: Callable[[Outcome], Band | None]
    outcomes: frozenset[Outcome]
    periods: frozenset[PeriodKind]

    def name_of(self, path: str) -> LocalText | None:
        """How the criteria call the question at the path; None for what they don't ask."""
        return next((fact.name for fact in self.facts if path == f"facts.{fact.id}"), None)

    def cause_options(self) -> list[Option]:
        """The causes as answers."""
        return [
            Option(cause.code, Text(N_("{code} {cause}"), {"code": cause.code, "cause": cause.name}))
            for cause in self.causes
        ]


def criteria_of(packs: PackService, on: date, birth: date | None) -> CaseCriteria:
    """Those in force on the day, for a person born on `birth`."""
    pack = packs.for_date(on)
    return CaseCriteria(
        on,
        birth,
        packs.facts(on, birth),
        tuple(pack.defects),
        packs.scales(on, birth),
        tuple(pack.causes),
        partial(packs.general_band, on),
        *packs.offered(on, birth),
    )
