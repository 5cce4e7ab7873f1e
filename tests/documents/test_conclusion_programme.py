"""The programme on the expert opinion: what, how much, until when, who; refused ones marked; absent without one."""

import copy
from typing import Any

import pytest

from app.documents import conclusion_programme, render
from app.documents.wording import wording
from tests.documents import papers
from tests.documents.papers import DECISION, LANGUAGES, case, content, text_of

ROWS: list[dict[str, Any]] = [
    {"measure": "cane", "part": "social", "quantity": 1, "unit": "piece", "months": 24, "carrier": "local",
     "state": "included", "origin": "proposed"},
    {"measure": "crutches", "part": "social", "quantity": 1, "unit": "pair", "with_programme": True,
     "state": "refused_by_person", "reason": "ТРОСТИ ДОСТАТОЧНО", "signed": True, "origin": "proposed"},
    {"name": "төсек МАТРАС", "part": "medical", "state": "included", "origin": "added", "note": "ПРИМЕЧАНИЕ К НЕМУ",
     "carrier": "ЦЕНТР ЗАНЯТОСТИ"},
]  # fmt: skip
NAMES = {
    "kk": ("Таяқ", "Балдақтар", "1 дана", "24 ай", "1 жұп"),
    "ru": ("Трость", "Костыли", "1 штука", "24 месяца", "1 пара"),
    "en": ("Cane", "Crutches", "1 piece", "24 months", "1 pair"),
}


def document(programme: dict[str, Any] | None, **decision: Any) -> dict[str, Any]:
    dossier = {} if programme is None else {"dossier": {"programme": programme}}
    return {**case("01"), "decision": {**DECISION, **decision}, **dossier}


def paper(programme: dict[str, Any] | None, language: str, **decision: Any) -> str:
    return text_of(render("conclusion", content(document(programme, **decision), with_record=True), language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_table_says_what_how_much_until_when_and_who_and_marks_what_is_refused(language: str) -> None:
    words = wording("conclusion", language)
    consent = {"answer": "agreed", "by": "representative", "on": "2026-11-18"}
    programme = {"rows": copy.deepcopy(ROWS), "consent": consent}
    text = paper(programme, language)
    head, _, table = text.partition(words("section", "programme"))
    assert words("section", "decision") in head, "after the decision"
    table, _, _rest = table.partition(words("section", "relation"))
    for word in (*NAMES[language], "Төсек МАТРАС", "ЦЕНТР ЗАНЯТОСТИ", "ПРИМЕЧАНИЕ К НЕМУ"):
        assert word in table, word
    assert f"{words('phrase', 'refused')} ТРОСТИ ДОСТАТОЧНО" in table
    assert words("phrase", "refusal")[:20] in table
    assert "01.12.2028" in table, "for the term of the programme: its end"
    assert words("consent", "agreed_representative") in table
    assert "18.11.2026" in table
    assert words("consent", "signature_representative") in table
    # The parts in their order, the rows within them in theirs.
    medical, social = (table.index(words("programme_part", part)) for part in ("medical", "social"))
    assert medical < table.index("МАТРАС") < social < table.index(NAMES[language][0]) < table.index(NAMES[language][1])
    assert words("programme_part", "professional") not in table


@pytest.mark.parametrize("language", LANGUAGES)
def test_refusing_the_whole_and_not_signing_are_said(language: str) -> None:
    words = wording("conclusion", language)
    rows = copy.deepcopy(ROWS)
    rows[1]["signed"] = False
    text = paper({"rows": rows, "consent": {"answer": "refused_whole", "by": "person"}, "plan": False}, language)
    assert words("consent", "refused_whole_person") in text
    assert text.count(words("phrase", "not_signed")) == 2
    assert words("consent", "signature_person") not in text.partition(words("section", "programme"))[2]


def test_no_measures_needed_stands_with_its_reason() -> None:
    text = paper({"none": "ВСЁ УЖЕ ЕСТЬ"}, "ru")
    assert "Мероприятия не требуются ВСЁ УЖЕ ЕСТЬ" in text


def test_without_a_disability_no_programme_is_printed() -> None:
    text = paper({"rows": ROWS}, "ru", outcome="not_established", period=None, cause=None)
    assert "Индивидуальная программа" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_paper_without_a_programme_is_the_same_to_the_byte(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = document(None)
    before = render("conclusion", content(plain, with_record=True), language)
    monkeypatch.setattr(conclusion_programme, "programme", lambda _page: [])
    assert render("conclusion", content(plain, with_record=True), language) == before


def test_long_texts_break_over_pages_and_are_printed_whole() -> None:
    rows = [
        {"name": "слово " * 80 + "КОНЕЦНАЗВАНИЯ", "note": "ещё " * 900 + "КОНЕЦПРИМЕЧАНИЯ", "part": "medical"},
        {"measure": "gone_from_the_criteria", "carrier": "кто-то " * 60 + "КОНЕЦИСПОЛНИТЕЛЯ"},
    ]
    data = render("conclusion", content(document({"rows": rows}), with_record=True), "ru")
    text = text_of(data)
    for word in ("КОНЕЦНАЗВАНИЯ", "КОНЕЦПРИМЕЧАНИЯ", "КОНЕЦИСПОЛНИТЕЛЯ", "Gone_from_the_criteria"):
        assert word in text, word
    assert papers.pages(data) > 2
