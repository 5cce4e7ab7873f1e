"""The journals show what was signed, issued and ended: every row once, in the order asked for."""

from dataclasses import replace
from datetime import date

import pytest

from app.domain.errors import UserError
from app.domain.vocabulary import EndingKind, Outcome, PaperKind
from app.i18n import translator
from app.services.desk import Desk
from app.services.due import DueAsked
from app.services.journal_columns import COLUMNS, shown
from app.services.journals import Asked, JournalName, JournalPage
from app.storage import cases, journals
from tests.documents.papers import text_of
from tests.factories import FakeClock, case_document, decided_case, signed_case

PEOPLE = (
    ("Әбдірахманова", "2026-11-18", "home"),
    ("Ғалымжанұлы", "2026-11-17", "home"),
    ("Аханов", "2026-11-18", "department"),
)


@pytest.fixture
def worked(full_desk: Desk, clock: FakeClock) -> Desk:
    for surname, on, place in PEOPLE:
        changes: dict[str, object] = {"person.surname": surname, "examination.on": on, "examination.place": place}
        signed_case(full_desk, changes)
    return full_desk


def column(page: JournalPage, name: JournalName, key: str) -> list[str]:
    at = [each.name for each in COLUMNS[name]].index(key)
    t = translator("kk")
    return [shown(t, row.cells[at]).partition(" ")[0] for row in page.rows]


def test_the_journal_of_protocols_is_numbered_in_the_order_of_signing(worked: Desk) -> None:
    page = worked.journals.page("protocols", Asked())
    assert column(page, "protocols", "entry") == ["3", "2", "1"]
    assert column(page, "protocols", "name") == ["Аханов", "Ғалымжанұлы", "Әбдірахманова"]
    assert (page.total, page.end, page.narrow) == (3, None, True)
    whole = [shown(translator("ru"), cell) for cell in page.rows[2].cells]
    assert whole == [
        "1",
        "18.11.2026",
        "Әбдірахманова Ғалымжан Өмірқұлұлы",
        "710614301212",
        "Бестамақ ауылы, Жеңіс көшесі, 12",
        "I69.3",
        "инвалидность второй группы",
        "2 года",
        "01.12.2028",
        "2/2026/000001",
        "",
        "Сейітова Әлия Маратқызы, Ким Андрей Викторович, Өтеген Һадис Ұланұлы",
    ]


def test_rows_are_filtered_searched_and_sorted(worked: Desk) -> None:
    def names(asked: Asked) -> list[str]:
        return column(worked.journals.page("protocols", asked), "protocols", "name")

    by_name = Asked(sort="name", descending=False)
    assert names(by_name) == ["Аханов", "Әбдірахманова", "Ғалымжанұлы"]  # the order of the Kazakh alphabet
    assert names(replace(by_name, place="home")) == ["Әбдірахманова", "Ғалымжанұлы"]
    assert names(replace(by_name, place="home", since=date(2026, 11, 18), until=date(2026, 11, 18))) == [
        "Әбдірахманова"
    ]
    assert names(replace(by_name, query="галымжанулы")) == ["Ғалымжанұлы"]
    assert names(replace(by_name, query="000001")) == ["Әбдірахманова"]
    assert names(replace(by_name, outcome=Outcome.GROUP_1)) == []
    assert names(replace(by_name, region="15", occasion="first")) == names(by_name)
    with pytest.raises(UserError) as refused:
        names(Asked(since=date(2026, 2, 1), until=date(2026, 1, 1)))
    assert refused.value.where == "until"


@pytest.mark.parametrize("narrow", [0, 1_500])
def test_pages_hold_every_row_once_in_every_order(worked: Desk, narrow: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also as on a desk with more rows than are sorted at once: then an order without an index gives way."""
    monkeypatch.setattr(journals, "NARROW", narrow)
    worked.papers.add_range(PaperKind.CERTIFICATE_EXTRACT, "АА", "1", "9")
    for row in worked.examinations.rows():
        worked.papers.issue(row.id, PaperKind.CERTIFICATE_EXTRACT)
    worked.papers.spoil(PaperKind.CERTIFICATE_EXTRACT, "АА", "7", "бұзылды")
    for name, rows in (("protocols", 3), ("papers", 4), ("refusals", 0)):
        for key in ("", *(each.name for each in COLUMNS[name] if each.sorted)):  # type: ignore[index]
            for descending in (True, False):
                for filters in ({}, {"since": date(2026, 11, 1), "until": date(2026, 12, 1)}, {"query": "ғ"}):
                    asked = Asked(sort=key, descending=descending, **filters)  # type: ignore[arg-type]
                    whole = worked.journals.page(name, asked).rows  # type: ignore[arg-type]
                    after, seen = None, []
                    while True:
                        page = worked.journals.page(name, asked, after, 1)  # type: ignore[arg-type]
                        asked = replace(asked, sort=page.sort, descending=page.descending)
                        seen += page.rows
                        after = page.end
                        if after is None:
                            break
                    assert tuple(seen) == whole
                    if "query" not in filters:
                        assert len(seen) == rows
                    assert page.sort == key or not key or key not in page.sortable
    assert (worked.journals.page("protocols", Asked(sort="icd10")).sort == "icd10") == bool(narrow)


def test_issued_papers_and_the_certificate_of_a_protocol(worked: Desk) -> None:
    worked.papers.add_range(PaperKind.DISABILITY_CERTIFICATE, "АА", "0009", "0020")
    case = worked.journals.page("protocols", Asked()).rows[0].case_id
    assert case is not None
    worked.papers.issue(case, PaperKind.DISABILITY_CERTIFICATE)
    worked.papers.spoil(PaperKind.DISABILITY_CERTIFICATE, "АА", "0009", "сия төгілді")
    worked.papers.issue(case, PaperKind.DISABILITY_CERTIFICATE)
    page = worked.journals.page("papers", Asked())
    assert column(page, "papers", "number") == ["0010", "0009"]
    assert column(page, "papers", "reason")[1:] == ["сия"]
    assert column(worked.journals.page("papers", Asked(state="spoiled")), "papers", "number") == ["0009"]
    assert column(worked.journals.page("papers", Asked(query="0010")), "papers", "name") == ["Аханов"]
    assert [shown(translator("en"), row.cells[10]) for row in worked.journals.page("protocols", Asked()).rows] == [
        "АА № 0010",
        "",
        "",
    ]


def test_a_decided_case_is_in_no_journal_until_it_is_signed(full_desk: Desk) -> None:
    decided_case(full_desk)
    assert full_desk.journals.page("protocols", Asked()).rows == ()
    assert full_desk.journals.page("refusals", Asked()).rows == ()


def ended(desk: Desk, ending: dict[str, str], person: str | None = None) -> None:
    """A case that ended without a decision, perhaps of somebody who is known."""
    view = desk.examinations.import_case(case_document({"person.surname": "Аяқталған"}))
    if person is not None:
        with desk._place.begin() as work:
            cases.set_placed(work, view.id, "person_id", person)
            work.commit()
    desk.endings.end(view.id, {"head": "Сейітова Әлия Маратқызы", **ending})


def test_a_case_that_ended_stands_among_the_refusals_and_who_died_is_not_due(full_desk: Desk) -> None:
    person = signed_case(full_desk).person_id
    month = DueAsked(date(2028, 12, 1))
    assert len(full_desk.due.page(month).rows) == 1
    ended(
        full_desk,
        {"kind": EndingKind.REFUSED.value, "ground": "expired_documents", "text": "031/у", "on": "2026-11-17"},
    )
    ended(full_desk, {"kind": EndingKind.DIED.value, "on": "2026-11-18", "source": "туыстары"}, person)
    page = full_desk.journals.page("refusals", Asked())
    t = translator("en")
    assert [shown(t, cell) for cell in page.rows[1].cells] == [
        "17.11.2026", "Аяқталған Ғалымжан Өмірқұлұлы", "710614301212", "2/2026/000002", "examination refused",
        "the documents have expired. 031/у", "at home", "first examination",
    ]  # fmt: skip
    assert [len(full_desk.journals.page("refusals", asked).rows) for asked in (
        Asked(query="аяк"), Asked(query="жок"), Asked(place="home"), Asked(place="department"), Asked(region="15"),
        Asked(since=date(2026, 11, 18), until=date(2026, 11, 18)), Asked(until=date(2026, 11, 17)),
    )] == [2, 0, 2, 0, 2, 2, 0]  # fmt: skip
    assert full_desk.due.page(month).rows == ()
    assert full_desk.due.month(month).days == {}
    assert full_desk.integrity.verify().problem is None


def test_on_paper_a_journal_begins_with_its_oldest_row_and_counts_one_row_as_one(worked: Desk) -> None:
    def printed(asked: Asked) -> str:
        return text_of(worked.exports.make("protocols", asked, "pdf", "en").content)

    found = worked.journals.page("protocols", Asked()).rows
    assert len(found) > 1
    numbers = [shown(translator("en"), row.cells[-3]) for row in found]
    whole = printed(Asked())
    places = [whole.index(number) for number in numbers]
    assert places == sorted(places, reverse=True), "the screen begins with the newest"
    assert f"{len(found)} rows" in whole
    by_name = worked.journals.page("protocols", Asked(sort="name")).rows
    chosen = printed(Asked(sort="name"))
    places = [chosen.index(shown(translator("en"), row.cells[-3])) for row in by_name]
    assert places == sorted(places), "an order that somebody chose is kept"
    one = printed(Asked(query=numbers[0]))
    assert "1 row" in one
    assert "1 rows" not in one
