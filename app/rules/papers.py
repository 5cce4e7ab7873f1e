"""What a case says besides its facts, read once for all editions that look at it."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from app.domain import iin as numbers
from app.domain.case_fields import missing
from app.domain.case_file import Document
from app.domain.dates import age, parse_iso

_EMPTY: Final[dict[str, Any]] = {}


class Papers:
    """Person, day and papers of one case; a section that isn't given is empty. `number` is an ИИН that may be wrong."""

    __slots__ = ("age", "birth", "cause", "decision", "document", "examination", "facts", "number", "on", "previous",
                 "referral", "scales", "sex", "signed")  # fmt: skip

    def __init__(self, document: Document) -> None:
        """UserError without a birth date, a sex or a day of examination."""
        given = document.get
        person = given("person") or _EMPTY
        self.examination: Mapping[str, Any] = given("examination") or _EMPTY
        birth, on = parse_iso(person.get("birth_date") or ""), parse_iso(self.examination.get("on") or "")
        sex = person.get("sex")
        if birth is None:
            raise missing("person.birth_date")
        if sex is None:
            raise missing("person.sex")
        if on is None:
            raise missing("examination.on")
        self.document, self.birth, self.on, self.sex, self.age = document, birth, on, sex, age(birth, on)
        self.facts: Mapping[str, Any] = given("facts") or _EMPTY
        self.referral: Mapping[str, Any] = given("referral") or _EMPTY
        self.cause: Mapping[str, Any] = given("cause") or _EMPTY
        self.previous: Mapping[str, Any] = given("previous") or _EMPTY
        self.decision: Mapping[str, Any] = given("decision") or _EMPTY
        self.scales: Mapping[str, Any] = given("scales") or _EMPTY
        self.signed = day_of(self.referral.get("signed_on"))
        digits = person.get("iin")
        self.number: numbers.Iin | None = None
        if isinstance(digits, str) and not numbers.fits(digits, birth, sex):
            self.number = numbers.of_digits(digits)


def day_of(value: Any) -> date | None:
    """The day that a value of a case is, None where it isn't given."""
    return parse_iso(value) if isinstance(value, str) else None
