"""Calendar arithmetic of the criteria, and dates as they are typed."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import dates
from app.domain.errors import UserError

DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))
TODAY = date(2026, 11, 18)


@pytest.mark.parametrize(
    ("day", "months", "result"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 1, 1), 6, date(2026, 7, 1)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 11, 30), -9, date(2026, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
    ],
)
def test_months_are_calendar_months_and_stop_at_the_last_day(day, months, result):
    assert dates.add_months(day, months) == result


@given(DAYS, st.integers(-600, 600))
def test_months_change_the_month_by_exactly_their_number(day, months):
    moved = dates.add_months(day, months)
    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == months
    assert moved.day == day.day or (moved + timedelta(days=1)).day == 1


@given(DAYS)
def test_the_first_of_the_next_month_is_after_the_day_even_on_a_first(day):
    first = dates.first_of_next_month(day)
    assert first.day == 1
    assert first > day
    assert (first - timedelta(days=1)).month == day.month


@given(DAYS, st.integers(0, 99))
def test_an_age_is_reached_on_the_birthday_and_not_the_day_before(birth, years):
    day = dates.birthday(birth, years)
    assert dates.age(birth, day) == years
    assert dates.age(birth, day - timedelta(days=1)) == years - 1


def test_one_born_on_29_february_reaches_an_age_on_1_march_of_a_common_year():
    born = date(2008, 2, 29)
    assert dates.birthday(born, 18) == date(2026, 3, 1)
    assert dates.age(born, date(2026, 2, 28)) == 17
    assert dates.age(born, date(2026, 3, 1)) == 18
    assert dates.birthday(born, 20) == date(2028, 2, 29)


def test_an_age_in_months_is_reached_by_calendar_months():
    assert dates.reaches(date(1967, 3, 31), 738) == date(2028, 9, 30)
    assert dates.reaches(date(1968, 2, 29), 732) == date(2029, 3, 1)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("18112026", date(2026, 11, 18)),
        ("181126", date(2026, 11, 18)),
        ("18.11.26", date(2026, 11, 18)),
        ("18/11/2026", date(2026, 11, 18)),
        ("1.2.1971", date(1971, 2, 1)),
        ("14.06.71", date(1971, 6, 14)),
        ("2026-11-18", date(2026, 11, 18)),
        (" today ", TODAY),
        ("Бүгін", TODAY),
        ("-3d", date(2026, 11, 15)),
        ("+2w", date(2026, 12, 2)),
        ("-4m", date(2026, 7, 18)),
        ("-1y", date(2025, 11, 18)),
        ("-3", date(2026, 11, 15)),
    ],
)
def test_dates_are_understood_as_they_are_typed(typed, meant):
    assert dates.parse_typed(typed, TODAY) == meant


@pytest.mark.parametrize(
    "typed", ["", "x", "31022026", "32.1.2026", "2026-13-01", "1811", "-99999d", "-9999y", "29.02.2026"]
)
def test_what_is_no_date_is_refused(typed):
    with pytest.raises(UserError):
        dates.parse_typed(typed, TODAY)
