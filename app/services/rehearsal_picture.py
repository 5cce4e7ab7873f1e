"""What a rehearsal's picture shows: the changes, the regions and the chapters as bars."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from app.domain.rehearsal import Tally
from app.i18n import Translator

if TYPE_CHECKING:
    from app.documents.rehearsal_plot import Form, Panel
    from app.services.rehearsal_words import RehearsalWords

_MOST: Final = 8


def picture(words: "RehearsalWords", form: "Form") -> bytes:
    """The page in the words' language."""
    from app.documents.rehearsal_plot import render

    t = words.translator
    title = t("Rehearsal of the criteria {edition}", edition=words.side(words.rehearsal.new))
    unchanged = t("Nothing would differ.")
    first = [
        _counted(t, t("Group: now → then"), words.outcome_rows(), t("No group would be another.")),
        _counted(t, t("Period of disability: now → then"), words.period_rows(), t("No period would be another.")),
    ]
    differs = _counted(t, t("What would differ; a case may be in several lines"), words.aspect_rows(), unchanged)
    legend = (t("heavier"), t("lighter"), t("other differences"))
    regions = _shares(t("By region of residence, in shares of its cases"), words.region_rows(), legend, unchanged)
    chapters = _shares(
        t("By chapter of ICD-10 of the main diagnosis, in shares of its cases"), words.chapter_rows(), legend, unchanged
    )
    return render(title, [*words.head(), *words.totals()], [first, [regions, differs], [chapters]], form)


def _counted(t: Translator, title: str, rows: Sequence[tuple[str, list[int]]], nothing: str) -> "Panel":
    from app.documents.rehearsal_plot import Panel

    most = max((numbers[0] for _, numbers in rows), default=1)
    shown = [(name, (numbers[0],), str(numbers[0])) for name, numbers in rows[:_MOST]]
    if len(rows) > _MOST:
        rest = sum(numbers[0] for _, numbers in rows[_MOST:])
        shown.append((t("others"), (rest,), str(rest)))
        most = max(most, rest)
    return Panel(title, shown, most, nothing)


def _shares(title: str, rows: Sequence[tuple[str, Tally]], legend: Sequence[str], nothing: str) -> "Panel":
    """Bars as shares of a row's own cases, on one scale: the greatest share is the longest bar."""
    from app.documents.rehearsal_plot import Panel

    if not any(tally.changed for _, tally in rows):
        return Panel(title, (), 1.0, nothing)
    shown = []
    for name, tally in rows:
        parts = (tally.heavier, tally.lighter, tally.changed - tally.heavier - tally.lighter)
        shown.append((name, [part / tally.cases for part in parts], f"{tally.changed} / {tally.cases}"))
    return Panel(title, shown, max(sum(parts) for _, parts, _ in shown), nothing, legend)
