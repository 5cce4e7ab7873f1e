"""Journals that leave the program: as CSV, XLSX or PDF into a file that the user names, or onto paper.

They hold personal data. So each time is written into the audit trail: which journal, which rows were asked for, how
many there were, in which form.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, Literal

from app.domain.errors import UserError
from app.domain.text import N_, Text
from app.i18n import Translator, translator
from app.services.due import DueAsked, DueService
from app.services.journal_columns import COLUMNS, TITLES, Name, Value, region_name, shown
from app.services.journals import Asked, JournalService
from app.services.workplace import Workplace

Format = Literal["csv", "xlsx", "pdf"]
FORMATS: Final[tuple[Format, ...]] = ("xlsx", "csv", "pdf")
MOST_ON_PAPER: Final = 5_000
"""Rows: some two hundred pages; a longer journal goes onto paper period by period."""


@dataclass(frozen=True, slots=True)
class Export:
    """A journal as bytes, how many rows it holds, and a name for its file without personal data."""

    content: bytes
    rows: int
    file_name: str


class ExportService:
    """Makes files of what the journals show, and records that they were made."""

    def __init__(self, place: Workplace, journals: JournalService, due: DueService) -> None:
        self._place = place
        self._journals = journals
        self._due = due

    def make(self, name: Name, asked: Asked | DueAsked, form: Format, language: str) -> Export:
        """All rows that `asked` finds. UserError for more than `MOST_ON_PAPER` rows as PDF."""
        from app.services import tables

        t = translator(language)
        heads = [t(column.title) for column in COLUMNS[name]]
        wanted = asked
        if form == "pdf" and name != "due" and isinstance(asked, Asked):
            wanted = self._journals.on_paper(name, asked)
        rows = list(self._rows(name, wanted, MOST_ON_PAPER if form == "pdf" else None))
        today = self._place.clock.today()
        file_name = f"{name}-{today.isoformat()}.{form}"
        if form == "pdf":
            return Export(self._pdf(name, asked, heads, rows, t), len(rows), file_name)
        table = tables.Table(t(TITLES[name]), heads, rows, lambda value: shown(t, value))
        content = tables.as_csv(table) if form == "csv" else tables.as_xlsx(table)
        return Export(content, len(rows), file_name)

    def save(self, name: Name, asked: Asked | DueAsked, form: Format, language: str, path: Path) -> Export:
        """Write the file and record it: both, or neither. UserError as `make`; KnownError where it can't be written."""
        from app.services.output import write_files

        made = self.make(name, asked, form, language)
        with self._place.begin() as work:
            work.audit("journal.exported", new=_told(name, asked, form, "saved", made.rows), screen="journals")
            write_files({path: made.content})
            work.commit()
        return made

    def record_print(self, name: Name, asked: Asked | DueAsked, rows: int) -> None:
        """Note that a journal went onto paper."""
        with self._place.begin() as work:
            work.audit("journal.exported", new=_told(name, asked, "pdf", "printed", rows), screen="journals")
            work.commit()

    def _rows(self, name: Name, asked: Asked | DueAsked, most: int | None) -> Iterator[tuple[Value, ...]]:
        found: Iterator[tuple[Value, ...]]
        if isinstance(asked, DueAsked):
            found = (person.cells for person in self._due.every(asked))
        elif name != "due":
            found = (row.cells for row in self._journals.every(name, asked))
        else:
            raise TypeError(name)
        for number, cells in enumerate(found):
            if number == most:
                sentence = N_("These are more than {most} rows, too many for paper. Choose a shorter period.")
                raise UserError(Text(sentence, {"most": most}), where="since")
            yield cells

    def _pdf(
        self, name: Name, asked: Asked | DueAsked, heads: list[str], rows: list[tuple[Value, ...]], t: Translator
    ) -> bytes:
        from app.documents.journal import Journal, render_journal

        today = self._place.clock.today()
        about = [*described(t, asked), t("Printed on {day}", day=today), t.plural("{n} row", "{n} rows", len(rows))]
        return render_journal(
            Journal(
                title=t(TITLES[name]),
                department=self._place.department().names.of(t.language),
                about=[", ".join(about)],
                heads=heads,
                shares=[column.width for column in COLUMNS[name]],
                rows=[[shown(t, value) for value in row] for row in rows],
                nothing=t("Nothing was found."),
                page=t("Page {page} of {pages}", page="{page}", pages="{pages}"),
                language=t.language,
                sample=self._place.is_training(),
            )
        )


def described(t: Translator, asked: Asked | DueAsked) -> list[str]:
    """What was asked for, in words: the period and each filter."""
    from app.domain.vocabulary import LABELS, Occasion, Outcome, PaperKind, PaperState, Place

    words: list[str] = []
    if isinstance(asked, DueAsked):
        words.append(f"{asked.month:%m.%Y}")
        if asked.overdue:
            words.append(t("with those overdue"))
        if asked.village:
            words.append(asked.village)
    else:
        if asked.since or asked.until:
            ends = [t.show(day) if day else "…" for day in (asked.since, asked.until)]
            words.append(" – ".join(ends))
        kinds = {"outcome": Outcome, "place": Place, "occasion": Occasion, "kind": PaperKind, "state": PaperState}
        words += [t(LABELS[kind(value)]) for key, kind in kinds.items() if (value := getattr(asked, key))]
        if asked.query.split():
            words.append(f"“{' '.join(asked.query.split())}”")
    region = region_name(asked.region)
    return [*words, *([t.show(region)] if region is not None else [])]


def _told(name: Name, asked: Asked | DueAsked, form: Format, how: str, rows: int) -> dict[str, Any]:
    wanted = {key: value.isoformat() if isinstance(value, date) else value for key, value in asdict(asked).items()}
    given = {key: value for key, value in wanted.items() if value not in (None, "")}
    return {"journal": name, "format": form, "how": how, "rows": rows, "asked": given}
