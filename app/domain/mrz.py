"""The machine readable zone (MRZ) of an identity card (TD1, three lines of 30) or a passport (TD3, two lines of 44).

Source: ICAO Doc 9303, parts 3 to 5. Every check digit is checked: what is read wrong is refused, never guessed. The
zone has Latin letters only, so the name in it is a hint and goes into no field. Cards and passports of Kazakhstan carry
the ИИН among the optional data. Text comes typed, pasted, or from a reader that types as a keyboard does.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from app.domain import iin
from app.domain.errors import UserError
from app.domain.text import N_, Text
from app.domain.vocabulary import IdentityKind, Sex

TD1, TD3 = "TD1", "TD3"
_LENGTHS: Final = {90: TD1, 88: TD3}
_LINE: Final = {TD1: 30, TD3: 44}
_FILLER: Final = "<"
_WEIGHTS: Final = (7, 3, 1)
_FORM: Final = re.compile(r"[A-Z0-9<]*")
# A reader types keys, not letters: with a Cyrillic layout left on they come as these. Digits of the row above the
# letters are letters in the Kazakh layout. A wrong guess is found by the check digits.
_KEYS: Final = str.maketrans(
    'ЙЦУКЕНГШЩЗФЫВАПРОЛДЯЧСМИТЬБ"ӘІҢҒ,.ҮҰҚ',
    "QWERTYUIOPASDFGHJKLZXCVBNM<1234567890",
)
_CYRILLIC: Final = re.compile("[Ѐ-ӿ]")
# Codes of the zone that are no country: stateless persons and refugees; Germany writes one letter.
_NATIONALITIES: Final = {"D": "DEU"}
_NO_NATIONALITY: Final = re.compile("X[A-Z]{2}|")


@dataclass(frozen=True, slots=True)
class Mrz:
    """What the zone says; None for what it leaves open. `surname` and `given_names` are in Latin letters."""

    form: str
    kind: IdentityKind | None
    number: str
    birth_date: date | None
    sex: Sex | None
    expires_on: date | None
    citizenship: str | None
    iin: str | None
    surname: str
    given_names: str

    def fields(self) -> dict[str, Any]:
        """The fields of a case that the zone tells, by path; the name is not among them."""
        told = {
            "person.iin": self.iin,
            "person.birth_date": self.birth_date.isoformat() if self.birth_date else None,
            "person.sex": self.sex.value if self.sex else None,
            "person.citizenship": self.citizenship,
            "person.identity.kind": self.kind.value if self.kind else None,
            "person.identity.number": self.number or None,
        }
        return {path: value for path, value in told.items() if value is not None}


def is_begun(text: str) -> bool:
    """Whether this is a zone or the beginning of one, and no ИИН."""
    zone = _zone(text)
    return len(zone) > 12 and zone[:1] in ("I", "A", "C", "P", "V") and _FORM.fullmatch(zone) is not None


def is_whole(text: str) -> bool:
    """Whether no further line follows: a reader ends each line with Enter."""
    zone = _zone(text)
    return len(zone) >= (2 * _LINE[TD3] if zone[:1] in ("P", "V") else 3 * _LINE[TD1])


def read(text: str, today: date) -> Mrz:
    """What the zone says. UserError where it isn't one, or where a check digit does not fit (the sentence names which).

    `today` tells the century of a birth date where no ИИН does: nobody is born later.
    """
    zone = _zone(text)
    form = _LENGTHS.get(len(zone))
    if form is None or _FORM.fullmatch(zone) is None:
        sentence = N_(
            "This is not a machine readable zone: it has {n} characters instead of 3 lines of 30 (identity card) or"
            " 2 lines of 44 (passport). Read it once more."
        )
        raise UserError(Text(sentence, {"n": len(zone)}))
    return _card(zone, today) if form == TD1 else _passport(zone, today)


def _zone(text: str) -> str:
    joined = "".join(text.split()).upper()
    return joined.translate(_KEYS) if _CYRILLIC.search(joined) else joined


def _card(zone: str, today: date) -> Mrz:
    first, second, third = zone[:30], zone[30:60], zone[60:]
    number, check, optional = first[5:14], first[14], first[15:30]
    if check == _FILLER and optional.strip(_FILLER):
        # A number of more than nine characters goes on in the optional data and has its check digit at its end.
        rest, _, optional = optional.partition(_FILLER)
        number, check = number + rest[:-1], rest[-1:]
    _require(
        (N_("document number"), number, check),
        (N_("birth date"), second[:6], second[6]),
        (N_("day of expiry"), second[8:14], second[14]),
        (N_("whole zone"), first[5:] + second[:7] + second[8:15] + second[18:29], second[29]),
    )
    return _told(
        TD1, code=first[:2], issuer=first[2:5], number=number, birth=second[:6], sex=second[7], expiry=second[8:14],
        nationality=second[15:18], optional=(optional, second[18:29]), names=third, today=today,
    )  # fmt: skip


def _passport(zone: str, today: date) -> Mrz:
    first, second = zone[:44], zone[44:]
    optional, check = second[28:42], second[42]
    _require(
        (N_("document number"), second[:9], second[9]),
        (N_("birth date"), second[13:19], second[19]),
        (N_("day of expiry"), second[21:27], second[27]),
        # Where there is no personal number its check digit may be left out.
        (N_("personal number"), optional, check if optional.strip(_FILLER) or check != _FILLER else "0"),
        (N_("whole zone"), second[:10] + second[13:20] + second[21:43], second[43]),
    )
    return _told(
        TD3, code=first[:2], issuer=first[2:5], number=second[:9], birth=second[13:19], sex=second[20],
        expiry=second[21:27], nationality=second[10:13], optional=(optional,), names=first[5:], today=today,
    )  # fmt: skip


def check_digit(text: str) -> str:
    """The check digit of a part of the zone: weights 7, 3, 1; letters count from A = 10, the filler is 0."""
    return str(sum(_WEIGHTS[at % 3] * _worth(sign) for at, sign in enumerate(text)) % 10)


def _worth(sign: str) -> int:
    return 0 if sign == _FILLER else int(sign, 36)


def _require(*parts: tuple[str, str, str]) -> None:
    wrong = [name for name, text, check in parts if check_digit(text) != check]
    if wrong:
        # A digit read wrong in a part spoils the whole, too: the part is named.
        sentence = N_(
            "The check digit of the {part} does not fit: a character was read wrong. Read the zone once more."
        )
        raise UserError(Text(sentence, {"part": Text(wrong[0])}))


def _told(
    form: str, *, code: str, issuer: str, number: str, birth: str, sex: str, expiry: str, nationality: str,
    optional: tuple[str, ...], names: str, today: date,
) -> Mrz:  # fmt: skip
    known = next(_numbers(optional), None) if issuer == "KAZ" else None
    born = _day(birth, latest=today)
    if known is not None and known.birth_date is not None and known.digits[:6] == birth:
        born = known.birth_date
    elif known is not None:
        known = None  # twelve digits that tell another birth date are no ИИН of this person
    surname, _, given = names.partition(2 * _FILLER)
    citizenship = nationality.strip(_FILLER)
    return Mrz(
        form=form,
        kind=_kind(code, issuer),
        number=number.strip(_FILLER),
        birth_date=born,
        sex={"M": Sex.MALE, "F": Sex.FEMALE}.get(sex),
        expires_on=_day(expiry, latest=None),
        citizenship=None if _NO_NATIONALITY.fullmatch(citizenship) else _NATIONALITIES.get(citizenship, citizenship),
        iin=known.digits if known is not None else None,
        surname=_words(surname),
        given_names=_words(given),
    )


def _kind(code: str, issuer: str) -> IdentityKind | None:
    if code[0] == "P":
        return IdentityKind.PASSPORT
    # Other cards of this size are residence permits and certificates: which, the letters don't tell for sure.
    return IdentityKind.ID_CARD if code == "ID" and issuer == "KAZ" else None


def _numbers(optional: tuple[str, ...]) -> Iterator[iin.Iin]:
    for part in optional:
        found = iin.of_digits(part.strip(_FILLER))
        if found is not None and found.checksum_ok:
            yield found


def _day(digits: str, *, latest: date | None) -> date | None:
    """The day of YYMMDD; None where it is left open or doesn't exist. Without `latest` the century is this one."""
    if not digits.isdigit():
        return None
    for century in ("20", "19"):
        try:
            day = date(int(century + digits[:2]), int(digits[2:4]), int(digits[4:]))
        except ValueError:
            continue
        if latest is None or day <= latest:
            return day
    return None


def _words(part: str) -> str:
    return " ".join(part.replace(_FILLER, " ").split())
