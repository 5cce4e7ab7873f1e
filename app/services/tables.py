"""A table as a file for other programs: CSV and XLSX. Nothing that somebody typed becomes a formula.

CSV: UTF-8 with its mark and semicolons, because Excel in Kazakhstan opens that with a double click: the comma is the
decimal sign there. It has one sign of caution: a cell that a spreadsheet would take for a formula begins with an
apostrophe. XLSX holds such a cell as text, and dates as dates.
"""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.services.journal_columns import Value

# What Excel, LibreOffice and their likes begin a formula or a command with, also behind blanks.
_FORMULA: Final = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "|", "%")
_DAY: Final = "dd.mm.yyyy"
_WIDEST: Final = 60  # characters


@dataclass(frozen=True, slots=True)
class Table:
    """Heads of the columns, rows of values, and the words of a value. `title` names the sheet."""

    title: str
    heads: Sequence[str]
    rows: Iterable[Sequence[Value]]
    shown: Callable[[Value], str]


def is_formula(text: str) -> bool:
    """Whether a spreadsheet might compute this text instead of showing it."""
    plain = text.lstrip(" \t\r\n\u00a0'\"")
    return plain.startswith(_FORMULA) or text.startswith(("\t", "\r", "\n"))


def as_csv(table: Table) -> bytes:
    """The table as CSV."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(table.heads)
    for row in table.rows:
        writer.writerow([_harmless(table.shown(value)) for value in row])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")


def as_xlsx(table: Table) -> bytes:
    """The table as a workbook of one sheet."""
    import xlsxwriter

    out = io.BytesIO()
    # In memory: the rows are personal data, and must not lie in temporary files.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet("".join("-" if sign in "[]:*?/\\" else sign for sign in table.title)[:31])
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        text, day = book.add_format({"valign": "top"}), book.add_format({"num_format": _DAY, "valign": "top"})
        quoted = book.add_format({"valign": "top", "quote_prefix": True})
        widest = [len(each) for each in table.heads]
        for at, each in enumerate(table.heads):
            sheet.write_string(0, at, each, head)
        number = 0
        for number, row in enumerate(table.rows, start=1):
            for at, value in enumerate(row):
                words = table.shown(value)
                widest[at] = max(widest[at], len(words))
                if isinstance(value, date) and value.year >= 1900:
                    sheet.write_datetime(number, at, value, day)
                elif isinstance(value, int) and not isinstance(value, bool):
                    sheet.write_number(number, at, value, text)
                elif words:
                    sheet.write_string(number, at, words, quoted if is_formula(words) else text)
        for at, width in enumerate(widest):
            sheet.set_column(at, at, min(width, _WIDEST) + 2)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(number, 1), len(table.heads) - 1)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
    return out.getvalue()


def _harmless(text: str) -> str:
    return f"'{text}" if is_formula(text) else text
