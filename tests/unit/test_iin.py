"""The ИИН: form, check digit, and what it says of birth date and sex."""

from datetime import date

import pytest

from app.domain import iin
from app.domain.errors import UserError


def with_check_digit(first_eleven):
    for digit in "0123456789":
        if iin.read(first_eleven + digit).checksum_ok:
            return first_eleven + digit
    return None


def test_the_known_number_says_what_it_says():
    number = iin.read("061211600012")
    assert (number.birth_date, number.sex, number.checksum_ok) == (date(2006, 12, 11), "female", True)


@pytest.mark.parametrize("last", "013456789")
def test_any_other_last_digit_is_wrong(last):
    assert not iin.read(f"06121160001{last}").checksum_ok


def test_the_second_weights_are_used_where_the_first_give_ten():
    found = 0
    for serial in range(400):
        eleven = f"0612116{serial:04d}"
        first = sum(w * int(d) for w, d in zip(range(1, 12), eleven, strict=True)) % 11
        if first == 10:
            second = sum(w * int(d) for w, d in zip((3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2), eleven, strict=True)) % 11
            assert with_check_digit(eleven) == (None if second == 10 else eleven + str(second))
            fitting = [d for d in "0123456789" if iin.fits(eleven + d, date(2006, 12, 11), "female")]
            assert fitting == ([] if second == 10 else [str(second)])
            found += 1
    assert found > 10


@pytest.mark.parametrize("text", ["", "06121160001", "0612116000122", "06121160001a", "０６１２１１６０００１２"])
def test_what_is_not_twelve_digits_is_refused(text):
    with pytest.raises(UserError):
        iin.read(text)


@pytest.mark.parametrize(
    ("seventh", "year", "sex"),
    [
        ("1", 1806, "male"),
        ("2", 1806, "female"),
        ("3", 1906, "male"),
        ("4", 1906, "female"),
        ("5", 2006, "male"),
        ("6", 2006, "female"),
    ],
)
def test_the_seventh_digit_tells_century_and_sex(seventh, year, sex):
    number = iin.read(f"061211{seventh}00012")
    assert (number.birth_date, number.sex) == (date(year, 12, 11), sex)
    assert not iin.birth_date_disagrees(number, date(year, 12, 11))
    assert iin.birth_date_disagrees(number, date(year, 12, 12))
    assert not iin.sex_disagrees(number, sex)


def test_a_seventh_digit_of_zero_is_silent_about_century_and_sex_but_not_about_the_day():
    number = iin.read("061211000012")
    for year in (1906, 2006):
        assert not iin.birth_date_disagrees(number, date(year, 12, 11))
    assert iin.birth_date_disagrees(number, date(2006, 12, 12))
    assert not iin.sex_disagrees(number, "male")
    assert not iin.sex_disagrees(number, "female")


@pytest.mark.parametrize("seventh", ["7", "8", "9"])
def test_seven_to_nine_disagree_with_everything(seventh):
    number = iin.read(f"061211{seventh}00012")
    assert iin.birth_date_disagrees(number, date(2006, 12, 11))
    assert iin.sex_disagrees(number, "male")
    assert iin.sex_disagrees(number, "female")


def test_an_impossible_day_disagrees_with_every_birth():
    assert iin.read("061341600012").birth_date is None
    assert iin.birth_date_disagrees(iin.read("061341600012"), date(2006, 12, 11))


def test_a_number_fits_exactly_where_nothing_disagrees():
    for digits in (
        "710614301212",
        "710614301213",
        "710614001212",
        "71061430121x",
        with_check_digit("00022950123"),
        with_check_digit("00010170000"),
    ):
        read = iin.of_digits(digits)
        for birth in (date(1871, 6, 14), date(1971, 6, 14), date(2000, 2, 29), date(2071, 6, 14), date(2100, 1, 1)):
            for sex in ("male", "female"):
                wrong = (
                    read is None
                    or not read.checksum_ok
                    or iin.birth_date_disagrees(read, birth)
                    or iin.sex_disagrees(read, sex)
                )
                assert not (iin.fits(digits, birth, sex) and wrong), (digits, birth, sex)
    assert iin.fits("710614301212", date(1971, 6, 14), "male")
