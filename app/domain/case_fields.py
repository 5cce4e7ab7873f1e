"""The table of the case file's fields, and the few kinds of value that stand in it.

`SCHEMA` is the one declaration: `app.domain.case_file` checks whole files and single fields with it. Lists are
those of `case-file.md`; what a rule pack decides (defect ids, degrees' meaning) is not here.
"""

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Protocol

from app.domain.dates import parse_iso
from app.domain.errors import UserError
from app.domain.scales import FORMS, Allowed
from app.domain.text import N_, Text
from app.domain.typed import IN_NO_LINE, IN_NO_TEXT, LONGEST_LINE, LONGEST_TEXT
from app.domain.vocabulary import (
    IdentityKind,
    InjuryCapacity,
    Occasion,
    Outcome,
    PeriodKind,
    Place,
    Prognosis,
    Purpose,
    ReferralException,
    RepresentativeKind,
    Role,
    Sex,
)

FORMAT: Final = "mse-case/1"
NOT_APPLICABLE: Final = "n/a"
FIRST_DAY, LAST_DAY = date(1800, 1, 1), date(2199, 12, 31)

# The codes of causes in the interchange format; what they mean and whom they fit is the pack's.
CAUSE_CODES: Final = ("01", "02", "03", "04", "05", "06", "07.1", "07.2", "07.3", "07.4", "07.5", "08")
_DECIDED: Final = tuple(outcome.value for outcome in Outcome if outcome is not Outcome.UNDETERMINED)


class Doubled(dict[str, Any]):
    """A JSON object in which a key stood twice; found again, with its path, when the table is applied."""

    def __init__(self, found: Mapping[str, Any], key: str) -> None:
        super().__init__(found)
        self.key = key


class Spec(Protocol):
    """One kind of value. `check` raises UserError with the path; null is dealt with by the object around it."""

    def check(self, value: object, path: str) -> None: ...


def refuse(path: str, msgid: str, **params: object) -> UserError:
    """A refusal whose sentence begins with the path."""
    return UserError(Text(msgid, {"path": path or "–", **params}), where=path or None)


def missing(path: str) -> UserError:
    """The refusal of a case without a field that every case needs."""
    return refuse(path, N_("{path}: this field is missing, and no proposal can be made without it. Fill it in."))


def shown(value: object) -> str:
    """A value as it stood in the file, short enough for a sentence."""
    if isinstance(value, dict):
        return "{…}"
    if isinstance(value, list):
        return "[…]"
    text = json.dumps(value, ensure_ascii=False, default=str).encode("utf-8", "replace").decode("utf-8")
    return text if len(text) <= 60 else text[:57] + "…"


@dataclass(frozen=True, slots=True)
class Constant:
    """Exactly one text."""

    text: str

    def check(self, value: object, path: str) -> None:
        if value != self.text:
            raise refuse(
                path,
                N_("{path}: {value} is not “{text}”. This program reads that format only."),
                value=shown(value),
                text=self.text,
            )


@dataclass(frozen=True, slots=True)
class Words:
    """One line, a text of several `lines`, or a line of a form that `pattern` describes and `form` names."""

    pattern: re.Pattern[str] | None = None
    form: str = ""
    longest: int = LONGEST_LINE
    lines: bool = False

    def check(self, value: object, path: str) -> None:
        if not isinstance(value, str):
            raise refuse(
                path, N_("{path}: {value} is not text. Write it in quotation marks, or null."), value=shown(value)
            )
        # What is printable holds none of them, and is told so much faster.
        if not value.isprintable() and (IN_NO_TEXT if self.lines else IN_NO_LINE).search(value):
            raise refuse(path, N_("{path}: the text holds a character that can't be printed. Take it out."))
        if len(value) > self.longest:
            raise refuse(
                path, N_("{path}: the text is longer than {longest} characters. Shorten it."), longest=self.longest
            )
        if self.pattern is not None and not self.pattern.fullmatch(value):
            raise refuse(
                path,
                N_("{path}: {value} is not {form}. Compare it with the document."),
                value=shown(value),
                form=Text(self.form),
            )


@dataclass(frozen=True, slots=True)
class Day:
    """A calendar day, `YYYY-MM-DD`."""

    def check(self, value: object, path: str) -> None:
        if not isinstance(value, str):
            raise refuse(path, N_('{path}: {value} is not a date. Write it as "YYYY-MM-DD".'), value=shown(value))
        day = parse_iso(value)
        if day is None:
            raise refuse(
                path, N_("{path}: {value} is not a date that exists. Write it as YYYY-MM-DD."), value=shown(value)
            )
        if not FIRST_DAY <= day <= LAST_DAY:
            raise refuse(
                path, N_("{path}: {value} lies outside the years 1800 to 2199. Check the year."), value=shown(value)
            )


@dataclass(frozen=True, slots=True)
class OneOf:
    """One value of a closed list, of exactly the type in the list (true is not 1)."""

    values: tuple[object, ...]
    _known: frozenset[tuple[type, object]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_known", frozenset((type(value), value) for value in self.values))

    def check(self, value: object, path: str) -> None:
        if isinstance(value, list | dict) or (type(value), value) not in self._known:
            raise refuse(
                path,
                N_("{path}: {value} is not one of {values}. Write one of them, or null if it is not known."),
                value=shown(value),
                values=", ".join(shown(known).strip('"') for known in self.values),
            )


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number within bounds."""

    first: int
    last: int

    def check(self, value: object, path: str) -> None:
        if isinstance(value, bool) or not isinstance(value, int) or not self.first <= value <= self.last:
            raise refuse(
                path,
                N_("{path}: {value} is not a whole number from {first} to {last}."),
                value=shown(value),
                first=self.first,
                last=self.last,
            )


@dataclass(frozen=True, slots=True)
class Hundredths:
    """A number from 0 to `last` with at most two decimals, such as a visual acuity."""

    last: float

    def check(self, value: object, path: str) -> None:
        number = value if isinstance(value, int | float) and not isinstance(value, bool) else -1
        if 0 <= number <= self.last and round(number, 2) == number:
            return
        raise refuse(
            path,
            N_("{path}: {value} is not a number from 0 to {last} with at most two decimals."),
            value=shown(value),
            last=self.last,
        )


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of values of one kind; `distinct`: none may stand in it twice."""

    item: Spec
    distinct: bool = False

    def check(self, value: object, path: str) -> None:
        if not isinstance(value, list):
            raise refuse(path, N_("{path}: {value} is not a list. Write it in square brackets."), value=shown(value))
        for position, item in enumerate(value):
            self.item.check(item, f"{path}[{position}]")
            if self.distinct and item in value[:position]:
                raise refuse(
                    f"{path}[{position}]", N_("{path}: {value} is named twice. Name it once."), value=shown(item)
                )


@dataclass(frozen=True, slots=True)
class Object:
    """An object with known keys, each of which may be absent or null."""

    fields: Mapping[str, Spec]

    def check(self, value: object, path: str) -> None:
        if not isinstance(value, dict):
            raise refuse(
                path,
                N_("{path}: {value} is not an object with named fields. Write it in curly brackets."),
                value=shown(value),
            )
        if isinstance(value, Doubled):
            raise refuse(_join(path, value.key), N_("{path}: this key stands twice. Keep one of them."))
        before = f"{path}." if path else ""
        for key, inner in value.items():
            spec = self.fields.get(key)
            if spec is None:
                raise refuse(
                    before + shown(key).strip('"'),
                    N_("{path}: this key is not known. Known here: {known}."),
                    known=", ".join(self.fields),
                )
            if inner is not None:
                spec.check(inner, before + key)


@dataclass(frozen=True, slots=True)
class MapOf:
    """An object whose keys are ids of a list kept elsewhere; each stands for a value of one kind."""

    keys: re.Pattern[str]
    value: Spec

    def check(self, value: object, path: str) -> None:
        if not isinstance(value, dict):
            raise refuse(
                path,
                N_("{path}: {value} is not an object with named fields. Write it in curly brackets."),
                value=shown(value),
            )
        for key, inner in value.items():
            if not self.keys.fullmatch(key):
                raise refuse(path, N_("{path}: {value} is not an id. Use small Latin letters."), value=shown(key))
            if inner is not None:
                self.value.check(inner, f"{path}.{key}")


@dataclass(frozen=True, slots=True)
class PeriodOf:
    """A period `{kind, value}`: months and years count, the other kinds have no value."""

    inner: Object

    def check(self, value: object, path: str) -> None:
        self.inner.check(value, path)
        assert isinstance(value, dict)  # noqa: S101 - the object has just said so
        kind, count = value.get("kind"), value.get("value")
        if kind in (PeriodKind.MONTHS, PeriodKind.YEARS):
            if count is None:
                raise refuse(
                    _join(path, "value"),
                    N_("{path}: the number of months or years is missing. Write a whole number above 0."),
                )
        elif count is not None:
            raise refuse(
                _join(path, "value"),
                N_("{path}: only a period of months or of years has a number. Write null, or correct the kind."),
            )


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _scale_entry(allowed: Allowed) -> Spec:
    """What one entry of a scale may be."""
    if allowed.values is None:
        return Hundredths(allowed.hundredths_to)
    if isinstance(allowed.values, range) and allowed.values.step == 1:
        return Whole(allowed.values[0], allowed.values[-1])
    return OneOf(tuple(allowed.values))


def _of(enumeration: type[Any]) -> OneOf:
    return OneOf(tuple(member.value for member in enumeration))


_WORDS = Words()
_TEXT = Words(longest=LONGEST_TEXT, lines=True)
_DAY = Day()
_IIN = Words(re.compile(r"[0-9]{12}"), N_("an ИИН of 12 digits"))
_KATO = Words(re.compile(r"[0-9]{9}"), N_("a КАТО code of 9 digits"))
_ICD10 = Words(re.compile(r"[A-Z][0-9]{2}(\.[0-9]{1,2}[0-9A-Z]?)?[*+†]?"), N_("an ICD-10 code such as I69.3"))
_DEFECT = Words(re.compile(r"[a-z][a-z0-9_]{0,63}"), N_("the id of an anatomical defect"))
_FUNCTION = OneOf((0, 1, 2, 3, 4))
_LIMITATION = OneOf((0, 1, 2, 3))
_LIMITATION_OR_NONE = OneOf((0, 1, 2, 3, NOT_APPLICABLE))
_FLAG = OneOf((True, False))
_PERIOD = PeriodOf(Object({"kind": _of(PeriodKind), "value": Whole(1, 999)}))
_PAPER = Object({"number": _WORDS, "date": _DAY, "issuer": _WORDS})
_CODED = Object({"icd10": _ICD10, "text": _TEXT})
_PERCENT = Whole(0, 100)
_OUTCOME = OneOf(_DECIDED)
_CAUSE = OneOf(CAUSE_CODES)

SCHEMA: Final = Object({
    "format": Constant(FORMAT),
    "person": Object({
        "iin": _IIN, "surname": _WORDS, "given_name": _WORDS, "patronymic": _WORDS,
        "birth_date": _DAY, "sex": _of(Sex), "citizenship": _WORDS,
        "address": Object({"kato": _KATO, "text": _TEXT}),
        "identity": Object({"kind": _of(IdentityKind), "number": _WORDS, "issued_on": _DAY, "issued_by": _WORDS}),
        "representative": Object({
            "kind": _of(RepresentativeKind), "name": _WORDS, "iin": _IIN,
            "basis": Object({"kind": _WORDS, "number": _WORDS, "date": _DAY, "issuer": _WORDS}),
        }),
    }),
    "referral": Object({
        "number": _WORDS, "signed_on": _DAY, "organisation": _WORDS, "purpose": ListOf(_of(Purpose)),
        "incapacity_since": _DAY, "diagnosed_on": _DAY, "exception": _of(ReferralException), "registered_on": _DAY,
    }),
    "examination": Object({
        "on": _DAY, "place": _of(Place), "occasion": _of(Occasion),
        "commission": ListOf(Object({"name": _WORDS, "role": _of(Role)})),
    }),
    "diagnosis": Object({"main": _CODED, "accompanying": ListOf(_CODED), "complications": ListOf(_CODED)}),
    "facts": Object({
        "functions": Object(dict.fromkeys(("mental", "sensory", "statodynamic", "visceral"), _FUNCTION)),
        "limitations": Object({
            **dict.fromkeys(("self_care", "movement", "orientation", "communication", "behaviour"), _LIMITATION),
            **dict.fromkeys(("learning", "work", "play", "motor"), _LIMITATION_OR_NONE),
        }),
        "anatomical_defects": ListOf(_DEFECT, distinct=True), "defect_complication": _FLAG,
        "prognosis": _of(Prognosis), "active_treatment": _FLAG, "insured": OneOf((True, False, NOT_APPLICABLE)),
        "work_injury": Object({"capacity": _of(InjuryCapacity)}),
    }),
    "scales": Object({
        scale: Object({key: _scale_entry(allowed) for key, allowed in form.entries.items()})
        for scale, form in FORMS.items()
    }),
    "cause": Object({"code": _CAUSE, "paper": _PAPER}),
    "previous": Object({"on": _DAY, "outcome": _OUTCOME, "period": _PERIOD, "cause": _CAUSE, "good_reason": _FLAG}),
    "decision": Object({
        "outcome": _OUTCOME, "period": _PERIOD, "cause": _CAUSE,
        "general_capacity": _PERCENT, "professional_capacity": _PERCENT,
        "reasons": ListOf(Object({"code": _WORDS, "text": _TEXT, "citation": _TEXT})),
    }),
})  # fmt: skip


def spec_of(path: str, within: Spec = SCHEMA) -> Spec:
    """The kind of value that stands at a dotted path; KeyError where no case has such a field."""
    spec = within
    for key in path.split("."):
        if isinstance(spec, PeriodOf):
            spec = spec.inner
        if isinstance(spec, MapOf) and spec.keys.fullmatch(key):
            spec = spec.value
            continue
        if not isinstance(spec, Object) or key not in spec.fields:
            raise KeyError(path)
        spec = spec.fields[key]
    return spec


def tidy(value: object) -> object:
    """A value as it is stored: dates in ISO form, text composed (NFC) and without outer blanks, empty text as None,
    tuples as lists."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value).strip() or None
    if isinstance(value, date):
        return value.isoformat()[:10]
    if isinstance(value, list | tuple):
        return [tidy(item) for item in value]
    if isinstance(value, dict):
        return {key: tidy(inner) for key, inner in value.items()}
    return value
