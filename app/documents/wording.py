"""The wording of a form in one language, from `resources/templates/<form>/<language>.toml`.

Legal wording is not in the gettext catalogues: a paper is the same whatever language the screen speaks, and each
form carries act, edition and status of its own. A key that a template lacks is a defect of ours: KeyError.

A template may name another one in `[form] base`: what stands there (names of outcomes, labels of a person) it doesn't
say again. What it says itself, it says instead; act, edition, status and title are always its own.
"""

import tomllib
from datetime import date, datetime
from functools import cache
from typing import Any, Final

from app import paths
from app.domain.clock import KAZAKHSTAN
from app.domain.text import LANGUAGES

_LOCALES: Final = {"kk": "kk", "ru": "ru", "en": "en_GB"}


class Wording:
    """The words of one form; call it with table and key, and the values of the placeholders."""

    def __init__(self, language: str, tables: dict[str, Any]) -> None:
        self.language = language
        self._tables = tables

    def __call__(self, table: str, key: str, **params: object) -> str:
        """The wording with its placeholders filled in."""
        wording = str(self._tables[table][key])
        return wording.format(**params) if params else wording

    def known(self, table: str, key: object) -> str:
        """The name of a member of a closed list; a value that the form doesn't know is shown as it is."""
        return str(self._tables[table].get(key, key))

    def steps(self, table: str) -> list[str]:
        """The sentences of an instruction, in order."""
        return list(self._tables["steps"][table])

    def count(self, unit: str, n: int) -> str:
        """A number with its unit in the right plural form: `2 года`, `5 лет`."""
        forms = self._tables["count"][unit]
        return str(forms.get(_locale(self.language).plural_form(n), forms["other"])).format(n=n)

    def in_words(self, n: int) -> str:
        """A whole number from 0 to 100 in words: `жетпіс бес`."""
        ones, tens = self._tables["number"]["ones"], self._tables["number"]["tens"]
        if n < len(ones):
            return str(ones[n])
        parts = [tens[n // 10 - 1]] + ([ones[n % 10]] if n % 10 else [])
        return str(self._tables["number"]["between"].join(parts))

    def term(self, kind: str | None, value: int | None) -> str:
        """A period in words: `2 года`, `до достижения восемнадцати лет`."""
        if kind is None:
            return self("phrase", "not_given")
        if kind in ("months", "years"):
            return self.count(kind, value) if value is not None else self("phrase", "not_given")
        return self.known("period", kind)

    def day(self, day: date) -> str:
        """dd.MM.yyyy."""
        return day.strftime("%d.%m.%Y")

    def day_in_words(self, day: date) -> str:
        """The day with its month in words: `2026 ж. 18 қараша`, `18 ноября 2026 г.`, `18 November 2026`."""
        from babel.dates import format_date

        return str(format_date(day, "long", locale=_locale(self.language)))

    def dated(self, day: date) -> str:
        """Both: figures for the archive, words for the person."""
        return self("phrase", "dated", day=self.day(day), words=self.day_in_words(day))

    def moment(self, moment: datetime) -> str:
        """A point in time, in Kazakhstan's time."""
        return moment.astimezone(KAZAKHSTAN).strftime("%d.%m.%Y %H:%M (UTC+5)")


@cache
def wording(form: str, language: str) -> Wording:
    """The wording of a form; KeyError for a language other than kk, ru, en."""
    if language not in LANGUAGES:
        raise KeyError(language)
    return Wording(language, _tables(form, language))


def _tables(form: str, language: str) -> dict[str, Any]:
    with paths.resource("templates", form, f"{language}.toml").open("rb") as file:
        own = tomllib.load(file)
    base = own.get("form", {}).get("base")
    tables = _tables(base, language) if base else {}
    for name, table in own.items():
        tables[name] = {**tables.get(name, {}), **table}
    return tables


@cache
def _locale(language: str) -> Any:
    from babel import Locale

    return Locale.parse(_LOCALES[language])
