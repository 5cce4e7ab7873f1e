"""A file that claims to be an official table: what can be taken is taken, the rest is refused with its line."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app.domain.classifier_table import Classifier, read_table
from app.domain.errors import Cancelled, UserError
from app.domain.text import Text

DATA = Path(__file__).parents[3] / "shared" / "data"
ICD10 = """ID;REC_CODE;MKB_CODE;MKB_NAME;ID_PARENT;ADDL_CODE;ACTUAL;DATE
1;09;"IX";"БОЛЕЗНИ СИСТЕМЫ КРОВООБРАЩЕНИЯ";;;1;
2;0907;"I60-I69";"ЦЕРЕБРОВАСКУЛЯРНЫЕ БОЛЕЗНИ";1;;1;
3;"0907I69";"I69";"Последствия цереброваскулярных болезней";2;;1;
4;"0907I693";"I69.3";"Последствия инфаркта мозга; без уточнения";3;;1;
5;"0907I699";"I69.9";"Устаревшая запись";3;;0;"07.10.2020"
"""
KATO = """id;parent_id;code;name
1;0;150000000;Актюбинская область
2;1;153200000;Алгинский район
3;2;153230100;с.Бестамак
"""


def said(refusal: Text) -> str:
    return refusal.msgid.format(**refusal.params)


def refusals(text: str) -> list[tuple[int, str]]:
    return [(one.line, said(one.reason)) for one in read_table(text.encode()).refused]


def test_a_table_of_icd10_is_known_by_its_columns_and_codes() -> None:
    table = read_table(ICD10.encode())
    assert (table.kind, table.languages, table.by_letters) == (Classifier.ICD10, ("ru",), True)
    assert [row.code for row in table.rows] == ["IX", "I60-I69", "I69", "I69.3", "I69.9"]
    assert [row.parent for row in table.rows] == ["", "IX", "I60-I69", "I69", "I69"]
    assert table.rows[3].names == {"ru": "Последствия инфаркта мозга; без уточнения"}
    assert [row.valid for row in table.rows] == [True, True, True, True, False]
    assert not table.refused


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "windows-1251"])
def test_a_table_of_places_is_read_in_each_encoding_in_which_it_is_given_out(encoding: str) -> None:
    table = read_table(KATO.encode(encoding))
    assert table.kind is Classifier.KATO
    assert [(row.code, row.parent, row.names["ru"]) for row in table.rows][2] == (
        "153230100", "153200000", "с.Бестамак",
    )  # fmt: skip


def test_columns_by_language_are_taken_together_and_parents_are_told_by_the_digits() -> None:
    table = read_table("te;kaz_name;rus_name\n150000000;Ақтөбе облысы;Актюбинская область\n"
                       "153200000;Алға ауданы;Алгинский район\n153230100;Бестамақ а.;с.Бестамак".encode())  # fmt: skip
    assert (table.languages, table.by_letters) == (("kk", "ru"), False)
    assert [row.parent for row in table.rows] == ["", "150000000", "153200000"]
    assert table.rows[1].names == {"kk": "Алға ауданы", "ru": "Алгинский район"}
    with pytest.raises(UserError, match="The columns of this table"):
        table.named("en")


def test_the_letters_tell_the_language_and_speak_against_a_wrong_one() -> None:
    kazakh = "code;name\nI69;Ми тамырлары ауруларының салдары\nI69.3;Ми инфарктісінің салдары\n"
    assert read_table(kazakh.encode()).languages == ("kk",)
    english = read_table(b"code,name\nI69,Sequelae of cerebrovascular disease\nI69.3,Sequelae of infarction\n")
    assert english.languages == ("en",)
    with pytest.raises(UserError, match="By their letters"):
        english.named("ru")
    assert read_table(ICD10.encode()).named("kk").languages == ("kk",), "a short table may be either"
    long = "code;name\n" + "".join(f"I{n:02}.{m};болезнь сердца\n" for n in range(15) for m in range(9))
    with pytest.raises(UserError, match="By their letters"):
        read_table(long.encode()).named("kk")


@pytest.mark.parametrize(
    ("change", "line", "reason"),
    [
        (lambda text: text + '6;x;"I69.8";"Обрез', 7, "cut"),
        (lambda text: text + '6;x;"I69.8"', 7, "3 cells instead of 8"),
        (lambda text: text + "6;x;I69.8;Другие;3;;1;;лишнее;ещё", 7, "10 cells"),
        (lambda text: text + "6;x;I69.3;Ещё раз;3;;1;", 7, "already in line 5"),
        (lambda text: text + "6;x;69I;Неверно;3;;1;", 7, "not a code"),
        (lambda text: text + "6;x;153200000;Место;3;;1;", 7, "not a code of this table"),
        (lambda text: text + "6;x;I69.8;Без родителя;77;;1;", 7, "doesn't have"),
        (lambda text: text + "6;x;I69.8;Сам себе родитель;6;;1;", 7, "doesn't have"),
        (lambda text: text + "6;x;I69.8; ;3;;1;", 7, "no name"),
        (lambda text: text + f"6;x;I69.8;{'а' * 601};3;;1;", 7, "more than 600"),
        (lambda text: text + "6;x;I69.8;Из\u202eнанка;3;;1;", 7, "can't be shown"),
    ],
)
def test_a_row_that_cannot_be_taken_is_named_with_its_line(
    change: Callable[[str], str], line: int, reason: str
) -> None:
    ((found, sentence),) = refusals(change(ICD10))
    assert found == line
    assert reason in sentence
    assert len(read_table(change(ICD10).encode()).rows) == 5, "the others are taken"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        (b"PK\x03\x04 and so on", "not a text file"),
        ("code;name\n".encode("utf-16"), "not a text file"),
        (ICD10.encode("cp866"), "neither UTF-8 nor windows-1251"),
        (ICD10.encode()[:200] + b"\xff\xfe" + ICD10.encode()[200:], "neither UTF-8 nor windows-1251"),
        (ICD10.replace("MKB_CODE", "X").encode(), "has to name the columns"),
        (ICD10.replace("MKB_NAME", "X").encode(), "has to name the columns"),
        (ICD10.replace("REC_CODE", "MKB_CODE").encode(), "stands there twice"),
        (ICD10.splitlines()[0].encode(), "no rows"),
        (b"code;name\n1;a\n2;b\nI69;c\n", "Only 1 of 3"),
        (b'"code;name\nI69;x', "has to name the columns"),
    ],
)
def test_a_file_that_cannot_be_a_table_is_refused_as_a_whole(content: bytes, sentence: str) -> None:
    with pytest.raises(UserError) as refused:
        read_table(content)
    assert sentence in said(refused.value.text)


def test_reading_tells_how_far_it_is_and_can_be_stopped() -> None:
    told: list[Text] = []
    text = "code;name\n" + "".join(f"{n:09};место\n" for n in range(1, 1500))
    read_table(text.encode(), told.append)
    assert [one.params["n"] for one in told] == [500, 1000, 1500]
    with pytest.raises(Cancelled):
        read_table(text.encode(), stopped=lambda: True)


@pytest.mark.parametrize(
    ("name", "kind", "rows"),
    [("mkb10_ru_2.27.csv", Classifier.ICD10, 15_038), ("kato_full_2022-10-17_ru.csv", Classifier.KATO, 16_264)],
)
def test_the_official_tables_are_taken_whole(name: str, kind: Classifier, rows: int) -> None:
    if not (DATA / name).exists():
        pytest.skip("the official table is not on this machine")
    table = read_table((DATA / name).read_bytes())
    assert (table.kind, table.languages, len(table.rows), table.refused) == (kind, ("ru",), rows, ())
