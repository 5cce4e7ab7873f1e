"""Who issues a paper: the ministry, the committee of the day, the department. No ReportLab here.

The names are dated data (`resources/templates/letterhead.toml`), because the committee was renamed several times;
the regions of КАТО come with the written-out form that a department's name needs, because endings of names can't
be computed (`resources/classifiers/regions.toml`).
"""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from app import paths
from app.domain.errors import UserError
from app.domain.text import LANGUAGES, N_, LocalText, Text, one_line


@dataclass(frozen=True, slots=True)
class Region:
    """A region of КАТО: its nine-digit code, its name, and the form used after the committee's name."""

    code: str
    name: LocalText
    by: LocalText


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The names of the day; `committee_of` is in the genitive (the same as the name in English)."""

    ministry: LocalText
    committee: LocalText
    committee_of: LocalText


@cache
def _toml(*parts: str) -> dict[str, Any]:
    with paths.resource(*parts).open("rb") as file:
        return tomllib.load(file)


def _local(record: dict[str, Any], suffix: str = "") -> LocalText:
    return LocalText(*(str(record.get(f"{lang}{suffix}", record[lang])) for lang in ("kk", "ru", "en")))


@cache
def regions() -> tuple[Region, ...]:
    """The 20 regions, by code."""
    records = _toml("classifiers", "regions.toml")["region"]
    return tuple(Region(r["code"], _local(r), _local(r, "_by")) for r in records)


def region_of(kato: str) -> Region | None:
    """The region that a КАТО code lies in (its first two digits), None for an unknown one."""
    return next((region for region in regions() if region.code[:2] == kato[:2]), None)


def address_of(text: str, kato: str, language: str) -> str:
    """An address as it was entered, after the region that its КАТО code lies in: the region is chosen in a field of its
    own, and seldom written a second time. Empty where neither is known."""
    region, text = region_of(kato), one_line(text)
    named = region is not None and any(region.name.of(known).casefold() in text.casefold() for known in LANGUAGES)
    return ", ".join(filter(None, ("" if region is None or named else region.name.of(language), text)))


def letterhead(on: date) -> Letterhead:
    """The names that stood on the letterhead on that day (before the first known name: the first)."""
    data = _toml("templates", "letterhead.toml")

    def of_the_day(kind: str) -> dict[str, Any]:
        records: list[dict[str, Any]] = data[kind]
        held = [record for record in records if record["from"] <= on]
        return held[-1] if held else records[0]

    committee = of_the_day("committee")
    return Letterhead(_local(of_the_day("ministry")), _local(committee), _local(committee, "_of"))


def department_names(number: str, region_code: str, on: date) -> LocalText:
    """The full name of a territorial department of the day, by the pattern of the domain document, section 10.4.

    `region_code` is the region's nine-digit КАТО code, or any code inside the region; UserError if there is none.
    """
    region = region_of(region_code)
    if region is None or len(region_code) != 9 or not region_code.isdecimal():
        raise UserError(
            Text(
                N_("{code} is not the КАТО code of a region of Kazakhstan. Give nine digits, such as 150000000."),
                {"code": region_code},
            ),
            where="department.region",
        )
    pattern = _local(_toml("templates", "letterhead.toml")["department"])
    return pattern.with_params(committee_of=letterhead(on).committee_of, region_by=region.by, number=number)
