"""Importing official tables: in one transaction, kept for older cases, noticed when somebody changes them."""

from pathlib import Path
from typing import Any

import pytest

from app.domain.classifier_table import LARGEST, Classifier
from app.domain.errors import Cancelled, KnownError, UserError
from app.services.classifier_tables import ImportReport
from app.services.desk import Desk
from tests.factories import case_document, signed_case
from tests.unit.test_classifier_table import ICD10, KATO

KAZAKH = "code;kk\nI69;Ми тамырлары ауруларының салдары\nI69.3;Ми инфарктісінің салдары\n"


def imported(desk: Desk, folder: Path, text: str, language: str | None = None, **how: Any) -> ImportReport:
    path = folder / "table.csv"
    path.write_text(text, encoding="utf-8")
    return desk.classifiers.take(desk.classifiers.read(path), language, **how)


def counts(report: ImportReport) -> tuple[int, int, int, int]:
    return report.new, report.changed, report.unchanged, report.gone


def run(desk: Desk, statement: str) -> Any:
    with desk._place.database.lock:
        return desk._place.database.connection.exec_driver_sql(statement)


def test_a_newer_table_replaces_names_and_keeps_what_left_it(desk: Desk, tmp_path: Path) -> None:
    assert counts(imported(desk, tmp_path, ICD10)) == (5, 0, 0, 0)
    lists = desk.classifiers.lists
    assert lists.icd10_title("I69.3", "ru") == "Последствия инфаркта мозга; без уточнения"
    assert lists.languages == ("ru", "en")
    old = '5;"0907I699";"I69.9";"Устаревшая запись";3;;0;"07.10.2020"'
    newer = ICD10.replace("; без уточнения", "").replace(old, '6;"U500";"U50.0";"Новая запись";3;;1;')
    preview = desk.classifiers.preview(desk.classifiers.read(_written(tmp_path, newer)))
    assert counts(preview) == counts(imported(desk, tmp_path, newer)) == (1, 1, 3, 0)
    assert [hit.code for hit in lists.search_icd10("новая", 12, "ru")] == ["U50.0"]
    assert counts(imported(desk, tmp_path, ICD10)) == (0, 1, 4, 1)
    found = lists.icd10("U50.0", "ru")
    assert found is not None
    assert (found.title, found.gone) == ("Новая запись", True), "an old case keeps its title"
    assert [hit.code for hit in lists.search_icd10("U50.0", 12, "ru")] == ["U50.0"], "its own code still finds it"
    assert lists.search_icd10("U50", 12, "ru") == lists.search_icd10("новая", 12, "ru") == ()
    assert desk.integrity.verify().problem is None


def _written(folder: Path, text: str) -> Path:
    path = folder / "newer.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_languages_stand_beside_each_other(desk: Desk, tmp_path: Path) -> None:
    imported(desk, tmp_path, ICD10)
    assert counts(imported(desk, tmp_path, KAZAKH)) == (0, 2, 0, 0)
    lists = desk.classifiers.lists
    assert [lists.icd10_title("I69.3", language) for language in ("kk", "ru", "en")] == [
        "Ми инфарктісінің салдары", "Последствия инфаркта мозга; без уточнения", "Sequelae of cerebral infarction",
    ]  # fmt: skip
    assert lists.search_icd10("ми инфаркт", 12, "ru")[0].code == "I69.3", "words of each language find it"
    hit = lists.icd10("I69.9", "kk")
    assert hit is not None
    assert (hit.title, hit.language) == ("Устаревшая запись", "ru"), "and it is said in which language the title is"
    assert [(one.kind, one.language, one.rows) for one in desk.classifiers.loaded()] == [
        (Classifier.ICD10, "ru", 5), (Classifier.ICD10, "kk", 2),
    ]  # fmt: skip
    assert all(one.by == desk.user.name for one in desk.classifiers.loaded())


def test_a_stopped_import_leaves_everything_as_it_was(desk: Desk, tmp_path: Path) -> None:
    imported(desk, tmp_path, ICD10)
    before = run(desk, "SELECT * FROM classified").all(), desk.integrity.verify()
    answers = iter([False, True])
    with pytest.raises(Cancelled):
        imported(desk, tmp_path, KAZAKH, stopped=lambda: next(answers))
    assert (run(desk, "SELECT * FROM classified").all(), desk.integrity.verify()) == before
    assert desk.classifiers.lists.icd10_title("I69.3", "kk") == "Последствия инфаркта мозга; без уточнения"


def test_places_are_found_by_their_words_and_those_above_them(desk: Desk, tmp_path: Path) -> None:
    lists = desk.classifiers.lists
    assert not lists.has_places
    imported(desk, tmp_path, KATO)
    assert lists.has_places
    for query in ("бест", "алг бест", "бестамак актю", "153230"):
        (hit,) = lists.search_places(query, 12, "ru")
        assert hit.path == "Актюбинская область, Алгинский район, с.Бестамак"
    (hit,) = lists.search_places("алға бест", 12, "kk")
    assert hit.path == "Ақтөбе облысы, Алға ауданы, с.Бестамак", (
        "districts have Kazakh names, villages what the table has"
    )
    imported(desk, tmp_path, KATO.replace("153230100;с.Бестамак", "153230300;с.Есет"))
    gone = lists.place("153230100", "ru")
    assert gone is not None
    assert (gone.name, gone.gone) == ("с.Бестамак", True)
    assert lists.search_places("бест", 12, "ru") == ()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE classified SET ru = 'Здоров' WHERE code = 'I69.3'",
        "UPDATE classified SET valid = 0 WHERE code = 'I69'",
        "DELETE FROM classified WHERE code = 'I69.3'",
        "INSERT INTO classified VALUES ('icd10', 'I69.4', 'I69', '', 'Другое', '', 2)",
        "INSERT INTO classified VALUES ('kato', '150000000', '', '', 'Другое', '', 2)",
    ],
)
def test_verify_notices_a_table_that_was_changed_beside_the_import(desk: Desk, tmp_path: Path, statement: str) -> None:
    imported(desk, tmp_path, ICD10)
    assert desk.integrity.verify().problem is None
    run(desk, statement)
    problem = desk.integrity.verify().problem
    assert problem is not None
    assert "classifier" in problem.msgid


def test_a_file_that_is_too_large_or_not_there_is_refused_before_it_is_read(desk: Desk, tmp_path: Path) -> None:
    large = tmp_path / "large.csv"
    with large.open("wb") as file:
        file.truncate(LARGEST + 1)
    with pytest.raises(UserError, match="MB"):
        desk.classifiers.read(large)
    with pytest.raises(KnownError, match="can't be read"):
        desk.classifiers.read(tmp_path / "nowhere.csv")


def test_a_signed_conclusion_keeps_its_bytes_whatever_is_imported_later(full_desk: Desk, tmp_path: Path) -> None:
    desk = full_desk
    case = signed_case(desk, case_document())
    before = {language: desk.conclusions.render(case.id, "conclusion", language).pdf for language in ("kk", "ru", "en")}
    imported(desk, tmp_path, ICD10)
    imported(desk, tmp_path, KAZAKH)
    imported(desk, tmp_path, KATO)
    after = {language: desk.conclusions.render(case.id, "conclusion", language).pdf for language in ("kk", "ru", "en")}
    assert after == before
    assert desk.integrity.verify().problem is None
