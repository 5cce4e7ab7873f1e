"""A journal as a file: whole, harmless to the program that opens it, and recorded."""

import csv
import io
import zipfile
from datetime import date
from pathlib import Path

import pytest
from pypdf import PdfReader

from app.domain.errors import KnownError, UserError
from app.domain.text import LANGUAGES
from app.services import exports, tables
from app.services.desk import Desk
from app.services.due import DueAsked
from app.services.journals import Asked
from app.storage.chain import AUDIT
from tests.factories import signed_case


def recorded(desk: Desk) -> list[dict[str, object]]:
    with desk._place.database.reading() as connection:
        return [record["new"] for _, record in AUDIT.walk(connection) if record["action"] == "journal.exported"]


def test_a_journal_is_saved_as_csv_for_excel_and_that_is_recorded(full_desk: Desk, tmp_path: Path) -> None:
    signed_case(full_desk, {"person.address.text": '=HYPERLINK("x");"2"\nАлға'})
    path = tmp_path / "protocols.csv"
    made = full_desk.exports.save("protocols", Asked(since=date(2026, 11, 1), place="home"), "csv", "ru", path)
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    heads, row = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";")
    assert heads[:4] == ["№", "Дата", "ФИО", "ИИН"]
    assert row[:5] == ["1", "18.11.2026", "Әбдіқадырұлы Ғалымжан Өмірқұлұлы", "710614301212",
                       '\'=HYPERLINK("x");"2"\nАлға']  # fmt: skip
    assert (made.rows, made.file_name) == (1, "protocols-2026-11-18.csv")
    (told,) = recorded(full_desk)
    assert told["asked"] == {"since": "2026-11-01", "place": "home", "descending": True}
    assert {key: told[key] for key in ("journal", "format", "how", "rows")} == {
        "journal": "protocols", "format": "csv", "how": "saved", "rows": 1,
    }  # fmt: skip
    assert full_desk.integrity.verify().problem is None


def test_nothing_is_recorded_where_the_file_cannot_be_written(full_desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(KnownError):
        full_desk.exports.save("protocols", Asked(), "xlsx", "ru", tmp_path / "gone" / "a.xlsx")
    assert recorded(full_desk) == []


@pytest.mark.parametrize("text", ["=1+1", "+7 701", "-2+3", "@SUM(A1)", "\t=1", " =1", "'=1", "＝1", "|calc", "\r=1"])
def test_no_cell_becomes_a_formula(text: str) -> None:
    table = tables.Table("Т", ["А"], [[text], ["Ахметов-Ким"], [date(2026, 11, 18)], [None], [7]],
                         lambda value: "" if value is None else str(value))  # fmt: skip
    assert tables.is_formula(text)
    assert tables.as_csv(table).decode("utf-8-sig").splitlines()[1].lstrip('"').startswith("'")
    with zipfile.ZipFile(io.BytesIO(tables.as_xlsx(table))) as book:
        sheet, styles = (book.read(f"xl/{name}.xml").decode() for name in ("worksheets/sheet1", "styles"))
        assert "<f>" not in sheet
        assert 'quotePrefix="1"' in styles
        assert sheet.count('t="s"') == 3  # the head and both texts; a date and a number are none


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_journal_on_paper_has_department_period_heads_and_pages(full_desk: Desk, language: str) -> None:
    for number in range(3):
        signed_case(full_desk, {"person.surname": f"Ұзынтегібардеген{'ғ' * 60}{number}"})
    asked = Asked(since=date(2026, 11, 1), until=date(2026, 11, 30))
    made = full_desk.exports.make("protocols", asked, "pdf", language)
    assert made.content == full_desk.exports.make("protocols", asked, "pdf", language).content
    (page,) = PdfReader(io.BytesIO(made.content)).pages
    assert page.mediabox.width > page.mediabox.height
    text = page.extract_text()
    for part in ("01.11.2026 – 30.11.2026", full_desk.department.names.of(language), "710614301212", "01.12.2028"):
        assert part in " ".join(text.split())


def test_many_rows_take_several_pages_and_too_many_are_refused(
    full_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed_case(full_desk)
    row = full_desk.journals.page("protocols", Asked()).rows[0]
    monkeypatch.setattr(full_desk.journals, "every", lambda *_: iter([row] * 100))
    pages = PdfReader(io.BytesIO(full_desk.exports.make("protocols", Asked(), "pdf", "ru").content)).pages
    assert len(pages) > 3
    assert all("Диагноз" in page.extract_text() for page in pages)
    assert sum(page.extract_text().count("710614301212") for page in pages) == 100
    monkeypatch.setattr(exports, "MOST_ON_PAPER", 99)
    with pytest.raises(UserError):
        full_desk.exports.make("protocols", Asked(), "pdf", "ru")


def test_an_empty_journal_and_who_is_due_are_exported_too(full_desk: Desk) -> None:
    for form in exports.FORMATS:
        assert full_desk.exports.make("refusals", Asked(), form, "kk").rows == 0
    signed_case(full_desk)
    made = full_desk.exports.make("due", DueAsked(date(2028, 12, 1)), "csv", "en")
    assert made.rows == 1
    assert "01.12.2028" in made.content.decode()
