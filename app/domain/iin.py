"""The individual identification number (ЖСН, ИИН): twelve digits, what they say, and whether they fit.

Digits 1 to 6 are the birth date as YYMMDD; digit 7 tells century and sex (1, 2: 1800s, 3, 4: 1900s, 5, 6: 2000s; odd
male, even female); digits 8 to 11 are a serial number, digit 12 a check digit. Source: domain document, section 10.1.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from operator import mul
from typing import Final

from app.domain.dates import DAYS_KEPT, parse_iso
from app.domain.errors import UserError
from app.domain.text import N_, Text
from app.domain.vocabulary import Sex

_ZERO: Final = ord("0")
_FIRST_WEIGHTS: Final = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
_SECOND_WEIGHTS: Final = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)


@dataclass(frozen=True, slots=True)
class Iin:
    """A number of twelve digits and what it tells; `birth_date` and `sex` are None where it tells nothing valid."""

    digits: str
    birth_date: date | None
    sex: Sex | None
    checksum_ok: bool


def is_form(text: str) -> bool:
    """Whether `text` is exactly twelve ASCII digits."""
    return len(text) == 12 and text.isascii() and text.isdigit()


def read(text: str) -> Iin:
    """What the number says. UserError where it isn't twelve digits; a wrong check digit is told, not refused."""
    digits = "".join(text.split())
    iin = of_digits(digits)
    if iin is None:
        raise UserError(
            Text(
                N_("This is not an ИИН of 12 digits: it has {n} characters. Compare it with the document."),
                {"n": len(digits)},
            ),
            where="person.iin",
        )
    return iin


def of_digits(digits: str) -> Iin | None:
    """What twelve ASCII digits say; None for anything else."""
    if not is_form(digits):
        return None
    seventh = int(digits[6])
    birth_date, sex = None, None
    if 1 <= seventh <= 6:
        century = 18 + (seventh - 1) // 2
        birth_date = parse_iso(f"{century}{digits[:2]}-{digits[2:4]}-{digits[4:6]}")
        sex = Sex.MALE if seventh % 2 else Sex.FEMALE
    return Iin(digits, birth_date, sex, _checksum_fits(digits))


def fits(digits: str, birth: date, sex: str) -> bool:
    """Whether nothing speaks against the number: form, check digit, birth date, century and sex. `read` tells what."""
    beginning, first, second = _beginning(birth, sex)
    if digits[:7] != beginning or not is_form(digits):
        return False
    a, b, c, d, last = digits[7:].encode("ascii")
    control = (first + 8 * a + 9 * b + 10 * c + 11 * d) % 11
    if control == 10:
        control = (second + 10 * a + 11 * b + c + 2 * d) % 11
    return control == last - _ZERO


@lru_cache(DAYS_KEPT)
def _beginning(birth: date, sex: str) -> tuple[str, int, int]:
    """The first seven digits of a person's number, and what they give to both sums of the check digit.

    The sums are over the codes of the digits: each is greater by 48, and 48 times the sum of the weights divides by 11.
    """
    century = birth.year // 100 * 2 - (35 if sex == Sex.MALE else 34)
    if not 1 <= century <= 6:
        return "", 0, 0
    beginning = f"{birth.year % 100:02}{birth.month:02}{birth.day:02}{century}"
    codes = beginning.encode("ascii")
    return beginning, sum(map(mul, _FIRST_WEIGHTS, codes)), sum(map(mul, _SECOND_WEIGHTS, codes))


def birth_date_disagrees(iin: Iin, birth: date) -> bool:
    """Whether the number contradicts `birth`. A seventh digit of 0 is silent about the century, 7 to 9 fit nobody."""
    if iin.digits[6] in "789":
        return True
    if iin.digits[6] == "0":
        return iin.digits[:6] != birth.strftime("%y%m%d")
    return iin.birth_date != birth


def sex_disagrees(iin: Iin, sex: str) -> bool:
    """Whether the number contradicts `sex`. A seventh digit of 0 is silent about it, 7 to 9 are no number."""
    if iin.digits[6] in "789":
        return True
    return iin.sex is not None and iin.sex != sex


def _checksum_fits(digits: str) -> bool:
    # Over the codes of the digits: each is greater by 48, and 48 times the sum of the weights divides by 11.
    codes = digits.encode("ascii")
    control: int = sum(map(mul, _FIRST_WEIGHTS, codes)) % 11
    if control == 10:
        control = sum(map(mul, _SECOND_WEIGHTS, codes)) % 11
    return codes[11] - _ZERO == control  # a control of 10 twice is never issued, and never equals a digit
