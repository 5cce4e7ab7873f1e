"""Names of the issuer follow the day of the examination, and are never put together by guessing endings."""

from datetime import date

import pytest

from app.documents.letterhead import department_names, letterhead, region_of, regions
from app.domain.errors import UserError


def test_there_are_twenty_regions_with_names_in_three_languages() -> None:
    assert len(regions()) == 20
    assert len({region.code for region in regions()}) == 20
    for region in regions():
        assert len(region.code) == 9
        for language in ("kk", "ru", "en"):
            assert region.name.of(language)
            assert region.by.of(language) != region.name.of(language)


def test_a_place_lies_in_its_region() -> None:
    region = region_of("153200000")
    assert region is not None
    assert region.name.ru == "Актюбинская область"
    assert region_of("990000000") is None


@pytest.mark.parametrize(
    ("day", "committee"),
    [
        (date(2022, 12, 31), "Комитет труда, социальной защиты и миграции"),
        (date(2023, 1, 1), "Комитет труда и социальной защиты"),
        (date(2024, 12, 31), "Комитет труда и социальной защиты"),
        (date(2025, 1, 1), "Комитет регулирования и контроля в сфере социальной защиты населения"),
    ],
)
def test_the_committee_bears_the_name_of_the_day(day: date, committee: str) -> None:
    assert letterhead(day).committee.ru == committee


def test_a_department_is_named_by_the_pattern_seen() -> None:
    names = department_names("2", "150000000", date(2026, 11, 20))
    assert names.kk == (
        "Халықты әлеуметтік қорғау саласындағы реттеу және бақылау комитетінің Ақтөбе облысы бойынша "
        "департаментінің № 2 медициналық-әлеуметтік сараптама бөлімі"
    )
    assert names.ru == (
        "Отдел медико-социальной экспертизы № 2 Департамента Комитета регулирования и контроля в сфере "
        "социальной защиты населения по Актюбинской области"
    )
    assert names.en.startswith("Medical and Social Examination Department No. 2 ")
    assert "Aktobe Region" in names.en


@pytest.mark.parametrize("code", ["", "15", "990000000", "15000000x", "1500000000"])
def test_an_unknown_region_is_refused(code: str) -> None:
    with pytest.raises(UserError):
        department_names("2", code, date(2026, 11, 20))
