"""What a record of a pack says, field by field, in words of three languages: for comparing and for signing off.

What is known by kind (conditions, periods, values with dates) is worded; any other field is shown as it is written.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from app.domain.proposal import Citation, Term
from app.domain.text import LANGUAGES, N_, LocalText, Text
from app.domain.vocabulary import PeriodKind, Status
from app.rules.case_lines import CaseLines
from app.rules.condition_lines import ConditionLines
from app.rules.explanation import term_words
from app.rules.facts import grounds
from app.rules.measure_lines import asked
from app.rules.model import Pack
from app.rules.records import Contents, Record
from app.rules.scale_words import band_lines, item_lines, local

Said = Text | LocalText

_LABELS: Final[Mapping[str, str]] = {
    "kk": N_("wording in Kazakh"),
    "ru": N_("wording in Russian"),
    "en": N_("wording in English"),
    "cite": N_("source"),
    "edition": N_("edition of the act"),
    "version": N_("version"),
    "valid_from": N_("in force from"),
    "valid_to": N_("in force until"),
    "in_force": N_("in force"),
    "values": N_("value"),
    "from": N_("from the age in"),
    "below": N_("below the age in"),
    "when": N_("holds when"),
    "propose": N_("period proposed"),
    "also": N_("may also be chosen"),
    "candidates": N_("only with a ground stated"),
    "band": N_("per cent"),
    "parts": N_("counted from"),
    "levels": N_("outcome of levels 1, 2, 3"),
    "level": N_("level"),
    "covers": N_("what the fact covers"),
    "clause": N_("record tested"),
    "sentence": N_("sentence"),
    "on": N_("day of examination"),
    "born": N_("birth date"),
    "sex": N_("sex"),
    "set": N_("facts"),
    "unset": N_("not given"),
    "expect": N_("expected"),
    "records": N_("records covered"),
    "kind": N_("kind"),
    "fact": N_("fact"),
    "value": N_("value"),
    "scale": N_("scale"),
    "paper": N_("paper needed"),
    "carriers": N_("who provides it"),
    "confirm": N_("what a doctor must confirm"),
    "ground": N_("ground to be stated"),
    "switch": N_("switched by"),
    "said_when": N_("said while it is switched"),
    "check": N_("what the program checks"),
    "with": N_("tried with"),
    "scale.band": N_("bands"),
    "scale.items": N_("entries"),
    "scale.licence": N_("licence"),
    "scale.result": N_("result in words"),
}
# The values of parameters that are no numbers.
_OPTIONS: Final[Mapping[Any, str]] = {
    "examination": N_("from the day of examination"),
    "registration": N_("from the day of registration of the application"),
    "first_of_next_month": N_("with the first day of the next month"),
    "day_itself": N_("with the day itself"),
    True: N_("on"),
    False: N_("off"),
}
_UNITS: Final[Mapping[str, str]] = {
    "years": N_("years: {value}"),
    "months": N_("months: {value}"),
    "persons": N_("persons: {value}"),
    "degrees": N_("degrees: {value}"),
}
_NAMES: Final = ("id", "code", "unit")  # the heading says them, the unit each value


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a record: its key in the file, what it is called, and what it says, a line for each part."""

    key: str
    label: Said
    lines: tuple[Said, ...]


class RecordWords:
    """Words the records of one pack, on one of its days. `contents`: its parsed files."""

    def __init__(self, pack: Pack, contents: Contents) -> None:
        self._pack, self._head, self._conditions = pack, contents["pack.toml"], ConditionLines(pack, None)
        cases = CaseLines(pack, self._conditions)
        self._known: Mapping[str, Callable[[Any, Record], Iterator[Said]]] = {
            "cite": self._cited, "values": self._values, "when": self._when, "propose": self._periods,
            "also": self._periods, "candidates": self._periods, "band": self._band, "levels": self._outcomes,
            "from": self._parameter, "below": self._parameter, "set": cases.facts, "group": self._group,
            "parts": self._parts, "expect": cases.expected, "sex": cases.sex, "unset": cases.not_given,
            "with": self._tried,
            "ground": self._ground, "said_when": self._said_when,
            "scale.band": lambda bands, _: band_lines(pack, bands), "scale.items": lambda items, _: item_lines(items),
            **dict.fromkeys(("scale.licence", "scale.result"), lambda words, _: iter((local(words),))),
        }  # fmt: skip

    def fields(self, record: Record) -> Iterator[Field]:
        """Each field once, in the order of the file; the days of a record as one field."""
        if record.file != "pack.toml" and (record.first or record.last):
            yield Field("in_force", Text(_LABELS["in_force"]), (days(record.first, record.last),))
        for key, value in record.own.items():
            if (key in _NAMES and record.table) or (key in ("valid_from", "valid_to") and record.file != "pack.toml"):
                continue
            of_scale = f"scale.{key}"
            named = of_scale if record.file == "scales.toml" and of_scale in self._known else key
            kind = "group" if record.table == "group" else named
            label: Said = Text(_LABELS[named]) if named in _LABELS else plain(key)
            try:
                lines = tuple(self._known[kind](value, record)) if kind in self._known else tuple(self._raw(value))
            except (KeyError, ValueError, TypeError, IndexError, AttributeError, RuntimeError):
                lines = tuple(self._raw(value))  # another field by this name: as it is written
            yield Field(key, label, lines)

    def title(self, record: Record) -> LocalText | None:
        """The wording of a record in three languages, the sentence of a test case; None where it has neither."""
        if isinstance(record.content.get("sentence"), str):
            return plain(record.content["sentence"])
        try:
            return _local(record.content)
        except KeyError:
            return None

    def citation(self, record: Record, found: LocalText | None) -> Citation:
        """The source of a cited record; `found`: the place by which it was signed off, if it was."""
        act, place, status = record.content["cite"][:3]
        table = self._head["act"][act]
        return Citation(_local(table), found or _local(self._head["place"][place]), str(table["edition"]),
                        Status.VERIFIED if found else Status(status))  # fmt: skip

    # --- fields that are known -------------------------------------------------------------------------------------
    def _cited(self, cite: list[str], _: Record) -> Iterator[Said]:
        act, place = (_local(self._head[key][name]) for key, name in (("act", cite[0]), ("place", cite[1])))
        status = self._pack.word("status", Status(cite[2]))
        yield Text(N_("{act}, {place} ({status})") if place.en else N_("{act} ({status})"),
                   {"act": act, "place": place, "status": status})  # fmt: skip

    def _values(self, values: list[dict[str, Any]], record: Record) -> Iterator[Said]:
        unit = str(record.content["unit"])
        for value in values:
            said = value["value"]
            text: Said = Text(_UNITS[unit], {"value": said}) if unit in _UNITS else _option(said)
            first, last = value.get("from"), value.get("until")
            yield text if first is None and last is None else Text(
                N_("{days}: {value}"), {"days": days(first, last), "value": text})  # fmt: skip

    def _when(self, conditions: list[dict[str, Any]], record: Record) -> Iterator[Said]:
        for condition in conditions:
            of_measure = record.file in ("measures.toml", "help.toml")
            yield self._of_measure(condition) if of_measure else self.condition(condition)

    def _of_measure(self, condition: Mapping[str, Any]) -> Said:
        if "at_least" in condition:  # the file may leave the heaviest degree out
            fact = next(fact for fact in self._pack.fact_list if fact.id == condition["fact"])
            condition = {"at_most": fact.values[-1], **condition}
        if "below_age" in condition:
            return self.condition(condition)
        return asked(self._pack, condition)

    def condition(self, condition: Mapping[str, Any]) -> Said:
        """One condition of the closed language, whatever the case."""
        said = self._conditions.asked(condition) if {"some", "fact", "in"} & set(condition) else None
        if said is not None:
            return said
        if "not_lighter_than" in condition:
            one, other = (self._pack.fact_name(f"level.{condition[key]}") for key in ("level", "not_lighter_than"))
            return Text(N_("{one}: not lighter than {other}"), {"one": one, "other": other})
        by_sex = condition["below_age"]
        return Text(N_("has not reached the age in {male} (men), {female} (women)"),
                    {sex: by_sex[sex] for sex in ("male", "female")})  # fmt: skip

    def _periods(self, offers: Any, _: Record) -> Iterator[Said]:
        for offer in offers if isinstance(offers, list) else [offers]:
            yield term_words(self._pack, Term(PeriodKind(offer["kind"]), offer.get("value"), None))

    def _band(self, band: list[int], _: Record) -> Iterator[Said]:
        yield plain(f"{band[0]}–{band[1]} %")

    def _outcomes(self, levels: list[str], _: Record) -> Iterator[Said]:
        for level in levels:
            yield self._pack.word("outcome", level)

    def _parameter(self, name: str, _: Record) -> Iterator[Said]:
        parameter = self._pack.parameters[name]
        value = Text(_UNITS[parameter.unit], {"value": parameter.values[-1].value})
        yield Text(N_("{parameter} ({value})"), {"parameter": parameter.name, "value": value})

    def _tried(self, values: dict[str, Any], _: Record) -> Iterator[Said]:
        for name, value in values.items():
            parameter = self._pack.parameters[name]
            said = Text(_UNITS[parameter.unit], {"value": value}) if parameter.unit in _UNITS else _option(value)
            yield Text(N_("{what}: {value}"), {"what": parameter.name, "value": said})

    def _ground(self, name: str, _: Record) -> Iterator[Said]:
        yield {ground.id: ground.text for ground in grounds(self._pack)}[name]

    def _said_when(self, state: str, _: Record) -> Iterator[Said]:
        yield Text(_OPTIONS[{"on": True, "off": False}[state]])

    def _parts(self, parts: list[dict[str, Any]], _: Record) -> Iterator[Said]:
        for part in parts:
            about = self._conditions.about({"some": [part["group"]]})
            values = ", ".join(str(value) for value in part["values"])
            yield Text(N_("{facts}: degrees from 0 upwards count as {values}"), {"facts": about, "values": values})

    def _group(self, members: list[str], _: Record) -> Iterator[Said]:
        for member in members:
            yield self._pack.fact_name(member)

    # --- any other -------------------------------------------------------------------------------------------------
    def _raw(self, value: Any) -> Iterator[Said]:
        if isinstance(value, dict) and value:
            for key, inner in value.items():
                yield plain(f"{key}: {inner if isinstance(inner, str) else written(inner)}")
        elif isinstance(value, list) and any(isinstance(inner, dict) for inner in value):
            for inner in value:
                yield LocalText(**{language: _nested(inner, language) for language in LANGUAGES})
        elif isinstance(value, date):
            yield plain(f"{value:%d.%m.%Y}" if type(value) is date else str(value))
        else:
            yield plain(value if isinstance(value, str) else written(value))


def _option(value: Any) -> Said:
    """The value of a parameter that is no number."""
    return Text(_OPTIONS[value]) if isinstance(value, bool | str) and value in _OPTIONS else plain(f"“{value}”")


def _nested(value: Any, language: str) -> str:
    """A value inside another, in one language where it has wordings."""
    if isinstance(value, dict):
        parts = [_nested(inner, language) if key == language else f"{key}: {_nested(inner, language)}"
                 for key, inner in value.items() if key == language or key not in LANGUAGES]  # fmt: skip
        return "; ".join(part for part in parts if part)
    if isinstance(value, list):
        return ", ".join(_nested(inner, language) for inner in value)
    return value if isinstance(value, str) else written(value)


def days(first: date | None, last: date | None) -> Text:
    """From one day to another, both included; None: without an end."""
    if last is None:
        return Text(N_("from {first}"), {"first": first or "–"})
    if first is None:
        return Text(N_("until {last}"), {"last": last})
    return Text(N_("from {first} to {last}"), {"first": first, "last": last})


def plain(text: str) -> LocalText:
    """What is the same in every language."""
    return LocalText(text, text, text)


def _local(content: Mapping[str, Any]) -> LocalText:
    return LocalText(**{language: str(content[language]) for language in LANGUAGES})


def written(value: Any) -> str:
    """A value nearly as the file has it."""
    return json.dumps(value, ensure_ascii=False, default=str)
