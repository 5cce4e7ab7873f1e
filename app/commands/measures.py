"""Rehabilitation measures in lines, as `propose` prints them."""

from collections.abc import Iterator

from app.commands.citations import cited
from app.domain.proposal import TRUTH_SIGNS
from app.domain.text import N_
from app.domain.vocabulary import MeasureState
from app.i18n import Translator
from app.rules.measure_lines import ProgrammeTold
from app.rules.model import Pack
from app.services.programme_words import (
    STATE_HEADINGS,
    STATE_SIGNS,
    Measure,
    by_state,
    circumstances,
    nothing_proposed,
    reasons,
)

MEASURES, EXTRA_HELP = N_("Rehabilitation measures:"), N_("Extra help and care:")


def measures_in_words(pack: Pack, told: ProgrammeTold, t: Translator, heading: str = MEASURES) -> Iterator[str]:
    """The programme's name, then the measures by state, each with its grounds, sources and what is not known."""
    yield t(heading)
    yield f"  {t.show(told.name)} [{cited(pack, told.citation, t)}]"
    nothing = nothing_proposed(told)
    if nothing is not None:
        yield f"  {t.show(nothing)}"
    for state, measures in by_state(told):
        yield f"  {STATE_SIGNS[state]} {t(STATE_HEADINGS[state])}"
        for measure in measures:
            yield from _measure(pack, measure, t)


def _measure(pack: Pack, measure: Measure, t: Translator) -> Iterator[str]:
    name = f"    – {t.show(measure.name)} ({t.show(measure.kind)})"
    if measure.state is MeasureState.OPEN:
        yield f"{name}: {', '.join(t.show(fact) for fact in measure.missing)}"
        return
    yield name
    told = reasons(measure)
    for number, reason in enumerate(told):
        for line in reason.lines:
            yield f"        {TRUTH_SIGNS[line.held]} {t.show(line.text)}"
        if reason.asked is not None:
            yield f"        {t.show(reason.asked)}"
        if number + 1 == len(told) or told[number + 1].citation != reason.citation:
            yield f"        [{cited(pack, reason.citation, t)}]"
    yield f"        {'. '.join(t.show(text) for text in circumstances(measure))}"
