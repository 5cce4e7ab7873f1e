"""What a row of decisions.toml gives: outcomes by level, a period with its candidates' ground, a band of per cent."""

from collections.abc import Mapping
from typing import Final

from app.domain.proposal import Band
from app.domain.text import N_
from app.domain.vocabulary import Outcome, PeriodKind
from app.rules.model import Ground, Offer, PeriodResult, Rule
from app.rules.source import Acts, Table

LONGEST_PERIOD: Final = 100


def outcome_list(record: Table, levels: tuple[Rule, ...]) -> tuple[Outcome, ...]:
    """The outcomes of an age, the heaviest level's first. UserError: not one for each level, or one that is none."""
    names = record.take("levels", list)
    if len(names) != max(rule.result for rule in levels):
        raise record.refuse(N_("there must be one outcome for each level. Correct “levels”."))
    try:
        return tuple(Outcome(name) for name in names)
    except ValueError:
        raise record.refuse(
            N_("“levels” names an outcome that does not exist. Known are: {known}."), known=", ".join(Outcome)
        ) from None


def grounds_of(table: Table, acts: Acts) -> dict[str, Ground]:
    """The records `ground` by id: what a person must state to choose a candidate."""
    found = {}
    for record in table.tables("ground", lambda content: content.get("id")):
        ground_id = record.take("id", str)
        found[ground_id] = Ground(ground_id, record.local(), acts.cite(record))
        record.done()
    return found


def period_result(record: Table, grounds: Mapping[str, Ground]) -> PeriodResult:
    """The period of a row, its alternatives, and its candidates with their ground. UserError as `_offer`."""
    candidates = tuple(_offer(record, content) for content in record.take("candidates", list, []))
    return PeriodResult(
        _offer(record, record.take("propose", dict)),
        tuple(_offer(record, content) for content in record.take("also", list, [])),
        candidates,
        grounds[record.one_of("ground", grounds)] if candidates else None,
    )


def _offer(record: Table, content: object) -> Offer:
    """One period; UserError for a kind that is none, months or years without a number, or a number beyond reason."""
    table = Table(record.file, record.record, content)
    kind = PeriodKind(table.one_of("kind", [member.value for member in PeriodKind]))
    value = table.take("value", int, None)
    if value is not None and value > LONGEST_PERIOD:
        raise record.refuse(N_("a period is not longer than {most} months or years. Correct it."), most=LONGEST_PERIOD)
    if (kind in (PeriodKind.MONTHS, PeriodKind.YEARS)) != (isinstance(value, int) and value > 0):
        raise record.refuse(N_("months and years need a value above 0, the other kinds have none. Correct the period."))
    table.done()
    return Offer(kind, value)


def band_of(record: Table) -> Band:
    """The band of a row, in whole per cent. UserError where it isn't two numbers from 0 to 100 in order."""
    band = record.take("band", list)
    if len(band) != 2 or not all(type(part) is int for part in band) or not 0 <= band[0] <= band[1] <= 100:
        raise record.refuse(N_("a band is two whole numbers from 0 to 100, the smaller first. Correct it."))
    return Band(band[0], band[1])
