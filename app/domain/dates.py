"""Calendar arithmetic as the criteria count it, and dates as people type them.

Conventions (criteria, sections 1 and 3): a person reaches an age on the birthday itself; one born on 29 February
reaches it on 1 March in a year without that day; where a sum of months falls on a day that does not exist, the
last day of the month is taken.
"""

import re
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from app.domain.errors import UserError
from app.domain.text import N_, Text

DAYS_KEPT: Final = 65_536  # texts of days and what comes of a day of birth, kept for batches: more than a life has days
_DAYS: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_TODAY: Final = frozenset({"today", "сегодня", "бүгін"})
_TYPED: Final = re.compile(r"(\d{1,2})[.\-/ ](\d{1,2})[.\-/ ](\d{4}|\d{2})|(\d{2})(\d{2})(\d{4}|\d{2})")
_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_SHIFT: Final = re.compile(r"([+-])\s*(\d{1,4})\s*([dдкwнаmйyгж]?)")


def _last_day(year: int, month: int) -> int:
    leap = month == 2 and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 29 if leap else _DAYS[month - 1]


def add_months(day: date, months: int) -> date:
    """`day` moved by whole calendar months; the last day of the month where the day does not exist there."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, _last_day(year, month + 1)))


def birthday(birth: date, years: int) -> date:
    """The day on which a person born on `birth` reaches the age of `years`."""
    year = birth.year + years
    if birth.month == 2 and birth.day == 29 and _last_day(year, 2) == 28:
        return date(year, 3, 1)
    return date(year, birth.month, birth.day)


def reaches(birth: date, months: int) -> date:
    """The day on which a person reaches an age given in months: a birthday for whole years, else calendar months."""
    years, rest = divmod(months, 12)
    return birthday(birth, years) if rest == 0 else add_months(birth, months)


def age(birth: date, on: date) -> int:
    """Full years on the day `on`; negative where `birth` lies after it."""
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))


def first_of_next_month(day: date) -> date:
    """The first day of the month after that of `day`, also when `day` itself is a first."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


@lru_cache(DAYS_KEPT)
def parse_iso(text: str) -> date | None:
    """The date of `YYYY-MM-DD` written in exactly that form; None where it isn't, or where the day doesn't exist."""
    if len(text) != 10 or text[4] != "-" or text[7] != "-" or not text.isascii():
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def parse_typed(text: str, today: date) -> date:
    """A date as it is typed: `18112026`, `18.11.26`, `2026-11-18`, `today`, `-3d` (also `w`, `m`, `y`).

    A year of two digits is taken as the one that lies at most ten years after `today`. UserError for anything else.
    """
    typed = text.strip().casefold()
    if typed in _TODAY:
        return today
    try:
        if shift := _SHIFT.fullmatch(typed):
            return _shifted(today, int(shift[1] + shift[2]), shift[3])
        if iso := _ISO.fullmatch(typed):
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
        if parts := _TYPED.fullmatch(typed):
            day, month, year = [part for part in parts.groups() if part]
            return date(_full_year(year, today), int(month), int(day))
    except (ValueError, OverflowError):
        pass
    raise UserError(
        Text(
            N_("“{text}” is not a date that exists. Write day, month and year, such as 18.11.2026 or 18112026."),
            {"text": text.strip()[:40]},
        )
    )


def _full_year(digits: str, today: date) -> int:
    if len(digits) == 4:
        return int(digits)
    year = 2000 + int(digits)
    return year if year <= today.year + 10 else year - 100


def _shifted(today: date, count: int, unit: str) -> date:
    if unit in ("", "d", "д", "к"):
        return today + timedelta(days=count)
    if unit in ("w", "н", "а"):  # week, неделя, апта
        return today + timedelta(weeks=count)
    return add_months(today, count * (12 if unit in ("y", "г", "ж") else 1))
