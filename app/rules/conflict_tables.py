"""The records of conflicts.toml, and the documents of the pack's test cases."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from app.domain.case_file import FORMAT as CASE_FORMAT
from app.domain.case_file import put
from app.domain.text import N_, LocalText
from app.domain.vocabulary import Place
from app.rules.model import ConflictRule, Measure, Parameter
from app.rules.references import Used, parameter
from app.rules.source import Acts, Table

CHECKS: Final[Mapping[str, Mapping[str, str]]] = {
    "measures_differ": {"measures": "measures"},
    "excluded_by_age": {},
    "referral_too_early": {"months": "months"},
    "referral_expired": {"months": "months"},
    "iin_checksum": {},
    "iin_birth_date": {},
    "iin_sex": {},
    "commission": {"members": "persons", "head_not_needed": "places"},
    "cause_age": {},
    "cause_paper_missing": {},
    "percentage_outside_band": {},
    "decision_differs": {},
    "scale_differs": {"degrees": "degrees", "pair": "pair"},
}
_PLACEHOLDERS: Final = dict.fromkeys(
    ("age", "facts", "signed", "since", "months", "until", "on", "members", "count", "code", "pairs"), ""
)


def conflicts(
    table: Table, acts: Acts, parameters: Mapping[str, Parameter], measures: Mapping[str, Measure], used: Used
) -> tuple[ConflictRule, ...]:
    """The conflicts and obstacles: a check of the engine, its arguments, and the sentence."""
    found = []
    for record in table.tables("conflict", lambda content: content.get("code")):
        check = record.one_of("check", CHECKS)
        arguments: dict[str, Any] = {}
        for key, kind in CHECKS[check].items():
            if kind == "measures":
                arguments[key] = tuple(record.list_of(key, str))
                if len(arguments[key]) != 2 or not set(arguments[key]) <= set(measures):
                    raise record.refuse(N_("“{key}” must name two measures of decisions.toml. Correct it."), key=key)
                used.measures.update(arguments[key])
            elif kind == "places":
                arguments[key] = tuple(record.list_of(key, str))
                if not set(arguments[key]) <= {place.value for place in Place}:
                    raise record.refuse(
                        N_("“{key}” names a place of examination that does not exist. Known are: {known}."),
                        key=key,
                        known=", ".join(Place),
                    )
            elif kind == "pair":
                arguments[key] = _pair(record, key)
            else:
                arguments[key] = parameter(record, record.take(key, str), kind, parameters, used)
        text = record.local()
        try:
            text.with_params(**_PLACEHOLDERS)
        except (KeyError, IndexError, ValueError):
            raise record.refuse(
                N_("the sentence has a placeholder that is not known. Known are: {known}."),
                known=", ".join(_PLACEHOLDERS),
            ) from None
        found.append(ConflictRule(record.take("code", str), record.one_of("kind", ("conflict", "obstacle")),
                                  check, arguments, text, acts.cite(record)))  # fmt: skip
        record.done()
    table.done()
    return tuple(found)


def _pair(record: Table, key: str) -> LocalText:
    """The words for one scale and one degree that are far apart."""
    table = Table(record.file, record.record, record.take(key, dict))
    text = table.local()
    table.done()
    known = ("scale", "result", "fact", "degree")
    try:
        text.with_params(**dict.fromkeys(known, ""))
    except (KeyError, IndexError, ValueError):
        raise record.refuse(
            N_("the sentence has a placeholder that is not known. Known are: {known}."), known=", ".join(known)
        ) from None
    return text


def test_document(
    base: Mapping[str, Any],
    on: date | None,
    born: date | None,
    sex: str,
    changes: Mapping[str, Any],
    removed: Iterable[str],
) -> dict[str, Any]:
    """The case file of a test: the base, then its own fields by dotted path; `removed` paths are not given."""
    document: dict[str, Any] = {"format": CASE_FORMAT}
    values = {**base, "examination.on": on and on.isoformat(), "person.birth_date": born and born.isoformat(),
              "person.sex": sex, **changes, **dict.fromkeys(removed)}  # fmt: skip
    for path, value in values.items():
        document = put(document, path, value.isoformat() if isinstance(value, date) else value)
    return document
