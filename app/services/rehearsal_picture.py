"""What a rehearsal's picture shows: what would differ, where, and for which diseases, as bars of shares."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from app.domain.rehearsal import Tally

if TYPE_CHECKING:
    from app.documents.rehearsal_plot import Form, Panel
    from app.services.rehearsal_words import RehearsalWords

_MOST: Final = 8


def picture(words: "RehearsalWords", form: "Form") -> bytes:
    """The page in the words' language. What has no bars is a line at its head."""
    from app.documents.rehearsal_plot import render

    t = words.translator
    title = t("Rehearsal of the criteria {edition}", edition=words.side(words.rehearsal.new))
    lines = [*words.head(), *words.totals()]
    if words.rehearsal.part.counts.total.changed == 0:
        return render(title, [*lines, t("Nothing would differ.")], (), form)
    panels = []
    for name, rows, nothing in (
        (t("What would differ; a case may be in several lines"), words.aspect_rows(), ""),
        (t("Contradictions and obstacles"), words.conflict_turns(), ""),
        (t("Group: by the former edition → by the new one"), words.outcome_rows(), t("No group would be another.")),
        (
            t("Period of disability: by the former edition → by the new one"),
            words.period_rows(),
            t("No period would be another."),
        ),
    ):
        if rows:
            panels.append(_counted(words, name, rows))
        elif nothing:
            lines.append(nothing)
    legend = (t("heavier"), t("lighter"), t("other differences"))
    beside = []
    for name, rows_of, known, nothing in (
        (
            t("By region of residence, in shares of its cases"),
            words.region_rows(),
            words.rehearsal.part.counts.regions,
            t("No case names the region of residence."),
        ),
        (
            t("By chapter of ICD-10 of the main diagnosis, in shares of its cases"),
            words.chapter_rows(),
            words.rehearsal.part.counts.chapters,
            t("No case names a main diagnosis of ICD-10."),
        ),
    ):
        if any(known):
            beside.append([_shares(name, rows_of, legend)])
        else:
            lines.append(nothing)
    # Without regions and chapters the others have two columns to themselves.
    columns = [panels, *beside] if beside else [panels[::2], panels[1::2]]
    return render(title, lines, [column for column in columns if column], form)


def _counted(words: "RehearsalWords", title: str, rows: Sequence[tuple[str, list[int]]]) -> "Panel":
    """Bars as shares of all cases decided."""
    from app.documents.rehearsal_plot import Panel

    cases = words.rehearsal.part.counts.total.cases
    shown = [(name, numbers[0]) for name, numbers in rows[:_MOST]]
    if len(rows) > _MOST:
        shown.append((words.translator("others"), sum(numbers[0] for _, numbers in rows[_MOST:])))
    return Panel(title, [(name, (count / cases,), f"{count} ({per_cent(count, cases)})") for name, count in shown])


def _shares(title: str, rows: Sequence[tuple[str, Tally]], legend: Sequence[str]) -> "Panel":
    """Bars as shares of a row's own cases."""
    from app.documents.rehearsal_plot import Panel

    shown = []
    for name, tally in rows:
        parts = (tally.heavier, tally.lighter, tally.changed - tally.heavier - tally.lighter)
        figure = f"{tally.changed} / {tally.cases} ({per_cent(tally.changed, tally.cases)})"
        shown.append((name, [part / tally.cases for part in parts], figure))
    return Panel(title, shown, legend)


def per_cent(part: int, whole: int) -> str:
    """A share in whole per cent, which says 0 and 100 only where it is exactly that."""
    rounded = round(100 * part / whole)
    if part > 0 and rounded == 0:
        return "< 1 %"
    return "> 99 %" if part < whole and rounded == 100 else f"{rounded} %"
