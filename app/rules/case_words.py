"""What a test case of the pack expects, in words of three languages: `years 2`, `[60, 79]`, ids and codes.

An id that stands in the files is kept in brackets beside its words: whoever reads it has to write it.
"""

from collections.abc import Callable, Iterable, Mapping
from string import Formatter
from typing import Any, Final

from app.domain.dates import parse_iso
from app.domain.proposal import Term
from app.domain.text import N_, LocalText, Text
from app.domain.vocabulary import PeriodKind
from app.rules.condition_lines import joined
from app.rules.explanation import term_words
from app.rules.model import Pack
from app.rules.slices import slices_of

Said = Text | LocalText

# What a test can expect, and what each is called.
EXPECTED: Final[Mapping[str, str]] = {
    "outcome": N_("outcome"),
    "level": N_("level by criteria, by defects, of the case"),
    "missing": N_("facts missing for the outcome"),
    "period": N_("period"),
    "until": N_("end of the period"),
    "alternatives": N_("periods that may also be chosen"),
    "candidates": N_("periods with a ground stated only"),
    "period_missing": N_("facts missing for the period"),
    "general_capacity": N_("loss of general working capacity"),
    "general_missing": N_("facts missing for general working capacity"),
    "professional_capacity": N_("loss of professional working capacity"),
    "professional_missing": N_("facts missing for professional working capacity"),
    "cause": N_("proposed cause"),
    "conflicts": N_("contradictions and obstacles"),
    "obstacles": N_("obstacles alone"),
    "scales": N_("bands of scales"),
    "measures": N_("measures"),
    "measures_missing": N_("facts missing for measures"),
    "measures_grounds": N_("indications of measures"),
    "measures_against": N_("contra-indications of measures"),
    "measures_by": N_("who provides the measures"),
    "measures_kind": N_("kinds of measures"),
    "notes": N_("notes on re-examination"),
}
_LISTS: Final = frozenset({"missing", "alternatives", "candidates", "period_missing", "general_missing",
                           "professional_missing", "conflicts", "obstacles", "scales", "notes"})  # fmt: skip
_BY_MEASURE: Final = frozenset({"measures", "measures_missing", "measures_grounds", "measures_against", "measures_by",
                                "measures_kind"})  # fmt: skip
_STATES: Final[Mapping[str, str]] = {
    "proposed": N_("is proposed"),
    "to_confirm": N_("is proposed if a doctor confirms"),
    "open": N_("facts are missing"),
    "contraindicated": N_("is contra-indicated"),
    "not_indicated": N_("is not indicated"),
    "off": N_("is switched off"),
}


def expectation(key: str) -> Text:
    """What a key of `expect` is called."""
    return Text(EXPECTED[key])


class CaseWords:
    """Words the expectations of test cases by one pack; whatever is written wrongly is shown as it is written."""

    def __init__(self, pack: Pack) -> None:
        self._pack = pack
        self._one: Mapping[str, Callable[[Any], LocalText]] = {
            "outcome": lambda value: pack.word("outcome", value),
            "period": self._term, "alternatives": self._term, "candidates": self._term, "until": self._day,
            "general_capacity": self._band, "professional_capacity": self._band, "cause": self._cause,
            "conflicts": self._conflict, "obstacles": self._conflict, "notes": self._note,
            **dict.fromkeys(("missing", "period_missing", "general_missing", "professional_missing",
                             "measures_missing"), self._fact),
        }  # fmt: skip

    def value(self, key: str, value: Any) -> Said:
        """What is expected under a key, or was given instead."""
        try:
            if key in _BY_MEASURE and isinstance(value, dict):
                return _together([self._measure(key, name, of) for name, of in value.items()]) or self._none()
            if key == "level":
                return _plain(", ".join(str(level) for level in value))
            if key in _LISTS:
                return joined((self._said(key, one) for one in value), "; ") if value else self._none()
            return self._said(key, value)
        except (KeyError, ValueError, TypeError, IndexError, AttributeError):
            return _plain(str(value))

    def _said(self, key: str, value: Any) -> LocalText:
        if value == "none":
            return self._none()
        if value == "undetermined":
            return self._pack.word("outcome", "undetermined")
        return self._one[key](value) if key in self._one else _plain(str(value))

    def _none(self) -> LocalText:
        return self._pack.word("line", "none")

    def _measure(self, key: str, name: str, value: Any) -> Said:
        named = _named(name, (record.name for held in slices_of(self._pack) for programme in held.programmes
                              for record in programme.measures if record.id == name))  # fmt: skip
        said: Said
        if value is None:
            said = Text(N_("no such measure on that day"))
        elif key == "measures" and value in _STATES:
            said = Text(_STATES[value])
        elif isinstance(value, list):
            said = joined(self._said(key, one) for one in value) if value else self._none()
        else:
            said = self._said(key, value)
        return Text(N_("{measure}: {state}"), {"measure": named, "state": said})

    def _term(self, value: str) -> LocalText:
        kind, _, number = value.partition(" ")
        return term_words(self._pack, Term(PeriodKind(kind), int(number) if number else None, None))

    @staticmethod
    def _day(value: str) -> LocalText:
        day = parse_iso(value)
        return _plain(value if day is None else f"{day:%d.%m.%Y}")

    @staticmethod
    def _band(value: list[int]) -> LocalText:
        return _plain(f"{value[0]}–{value[1]} %")

    def _cause(self, code: str) -> LocalText:
        return self._pack.word("line", "coded").with_params(code=code, name=self._pack.causes_by_code[code].name)

    def _fact(self, name: str) -> LocalText:
        return self._pack.fact_name(name)

    def _conflict(self, code: str) -> LocalText:
        return _named(code, (conflict.text for held in slices_of(self._pack) for conflict in held.conflicts
                             if conflict.code == code))  # fmt: skip

    def _note(self, name: str) -> LocalText:
        return _named(name, (note.text for held in slices_of(self._pack) for note in held.notes if note.id == name))


def _named(name: str, texts: Iterable[LocalText]) -> LocalText:
    """`“wording” (id)`; what a wording says of one case is left out."""
    text = next(iter(texts), None)
    if text is None:
        return _plain(name)
    holes = {hole for _, hole, _, _ in Formatter().parse(text.en) if hole}
    said = text.with_params(**dict.fromkeys(holes, "…")) if holes else text
    return LocalText(*(f"«{said.of(code).rstrip('.')}» ({name})" if code != "en"
                       else f"“{said.en.rstrip('.')}” ({name})" for code in ("kk", "ru", "en")))  # fmt: skip


def _together(said: list[Said]) -> Text | None:
    """Several sentences as one, in any language."""
    if not said:
        return None
    return Text("; ".join(f"{{part{place}}}" for place in range(len(said))),
                {f"part{place}": one for place, one in enumerate(said)})  # fmt: skip


def _plain(text: str) -> LocalText:
    return LocalText(text, text, text)
