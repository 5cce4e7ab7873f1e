"""The machine readable zone: the examples of ICAO Doc 9303, cards of Kazakhstan, every wrong character noticed."""

from datetime import date

import pytest

from app.domain import mrz
from app.domain.errors import UserError
from app.domain.vocabulary import IdentityKind, Sex
from app.i18n import translator

TODAY = date(2026, 11, 18)
PASSPORT = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
CARD = "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<"
IIN = "710614301212"


def card(
    *, number: str = "012345678", iin: str = IIN, birth: str = "710614", sex: str = "M", nation: str = "KAZ"
) -> str:
    """A card of Kazakhstan with right check digits."""
    digit = mrz.check_digit
    first = f"IDKAZ{number}{digit(number)}{iin:<15}".replace(" ", "<")
    second = f"{birth}{digit(birth)}{sex}300101{digit('300101')}{nation:<3}".replace(" ", "<") + "<" * 11
    whole = digit(first[5:] + second[:7] + second[8:15] + second[18:29])
    return "\n".join((first, second + whole, "ABDIKADYRULY<<GALYMZHAN".ljust(30, "<")))


def test_the_examples_of_the_standard_are_read() -> None:
    for text, form, number in ((PASSPORT, "TD3", "L898902C3"), (CARD, "TD1", "D23145890")):
        found = mrz.read(text, TODAY)
        assert (found.form, found.number) == (form, number)
        assert (found.birth_date, found.sex, found.expires_on) == (date(1974, 8, 12), Sex.FEMALE, date(2012, 4, 15))
        assert (found.surname, found.given_names) == ("ERIKSSON", "ANNA MARIA")


def test_a_card_of_kazakhstan_tells_the_number_and_no_name_goes_into_a_field() -> None:
    found = mrz.read(card(), TODAY)
    assert found.fields() == {
        "person.iin": IIN,
        "person.birth_date": "1971-06-14",
        "person.sex": "male",
        "person.citizenship": "KAZ",
        "person.identity.kind": IdentityKind.ID_CARD,
        "person.identity.number": "012345678",
    }
    assert (found.surname, found.given_names) == ("ABDIKADYRULY", "GALYMZHAN")


def test_twelve_digits_that_fit_nobody_are_no_number() -> None:
    assert mrz.read(card(iin="710614301213"), TODAY).iin is None  # its own check digit is wrong
    assert mrz.read(card(birth="710615"), TODAY).iin is None  # it tells another birth date


@pytest.mark.parametrize("text", [PASSPORT, CARD, card()])
def test_every_digit_read_wrong_is_noticed(text: str) -> None:
    lines = text.split("\n")
    held = [(row, at) for row, line in enumerate(lines) for at, sign in enumerate(line) if sign.isdigit()]
    assert len(held) > 20
    for row, at in held:
        wrong = str((int(lines[row][at]) + 1) % 10)
        spoiled = [line if n != row else line[:at] + wrong + line[at + 1 :] for n, line in enumerate(lines)]
        with pytest.raises(UserError):
            mrz.read("\n".join(spoiled), TODAY)


def test_the_refusal_names_the_part() -> None:
    with pytest.raises(UserError) as caught:
        mrz.read(card().replace("710614", "710613"), TODAY)
    assert "birth date" in translator("en").show(caught.value.text)
    with pytest.raises(UserError) as caught:
        mrz.read(CARD[:-4], TODAY)
    assert "86 characters" in translator("en").show(caught.value.text)


def test_a_reader_that_types_with_a_cyrillic_layout_left_on_is_understood() -> None:
    keys = str.maketrans("QWERTYUIOPASDFGHJKLZXCVBNM<", "ЙЦУКЕНГШЩЗФЫВАПРОЛДЯЧСМИТЬБ")
    for text in (CARD, card(), PASSPORT):
        assert mrz.read(text.translate(keys), TODAY) == mrz.read(text, TODAY)
    digits = str.maketrans("1234567890", '"ӘІҢҒ,.ҮҰҚ')
    assert mrz.read(card().translate(keys).translate(digits), TODAY) == mrz.read(card(), TODAY)


def test_the_birth_year_lies_in_the_past_and_open_parts_stay_open() -> None:
    assert mrz.read(card(iin="", birth="270101"), TODAY).birth_date == date(1927, 1, 1)
    assert mrz.read(card(iin="", birth="260101"), TODAY).birth_date == date(2026, 1, 1)
    assert mrz.read(card(iin="", birth="71<<<<"), TODAY).birth_date is None
    assert mrz.read(card(iin="", birth="710230"), TODAY).birth_date is None
    assert mrz.read(card(sex="<"), TODAY).sex is None


def test_nationalities_are_codes_of_countries() -> None:
    assert mrz.read(card(nation="D"), TODAY).citizenship == "DEU"
    assert mrz.read(card(nation="XXA"), TODAY).citizenship is None


def test_a_number_longer_than_nine_goes_on_in_the_optional_data() -> None:
    number, digit = "D23145890734", mrz.check_digit
    first = f"I<UTO{number[:9]}<{number[9:]}{digit(number)}".ljust(30, "<")
    second = f"740812{digit('740812')}F120415{digit('120415')}UTO" + "<" * 11
    second += digit(first[5:] + second[:7] + second[8:15] + second[18:29])
    found = mrz.read(first + second + "ERIKSSON<<ANNA<MARIA".ljust(30, "<"), TODAY)
    assert found.number == number


def test_lines_come_one_by_one_and_a_number_is_no_zone() -> None:
    first, second, third = card().split("\n")
    assert mrz.is_begun(first)
    assert not mrz.is_whole(first + second)
    assert mrz.is_whole(first + second + third)
    assert not mrz.is_begun(IIN)
    assert not mrz.is_begun("")
    top, bottom = PASSPORT.split("\n")
    assert mrz.is_begun(top)
    assert not mrz.is_whole(top)
    assert mrz.is_whole(top + bottom)
