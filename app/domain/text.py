"""Sentences that are not yet in a language.

The domain and the services never choose a language: they return a `Text`, and whoever shows it (a screen, the
command line, a paper) renders it with a `Translator` of its own. Law wording does not pass through here: it
comes from the rule pack or a template as a `LocalText`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Final

LANGUAGES: Final = ("kk", "ru", "en")

_NO_PARAMS: Mapping[str, object] = MappingProxyType({})


def N_(msgid: str) -> str:  # noqa: N802 - the name gettext tools know
    """Mark an English sentence for the catalogue and return it unchanged."""
    return msgid


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence of the catalogue with its parameters, for instance `Text(N_("Line {n} is empty."), {"n": 3})`.

    A parameter may itself be a `Text` or a `LocalText`; a `datetime.date` is shown as dd.MM.yyyy.
    """

    msgid: str
    params: Mapping[str, object] = field(default_factory=lambda: _NO_PARAMS)

    def __hash__(self) -> int:
        return hash((self.msgid, tuple(sorted((k, str(v)) for k, v in self.params.items()))))

    def __reduce__(self) -> tuple[type["Text"], tuple[str, dict[str, object]]]:
        """A sentence may come from another process; a read-only mapping can't."""
        return Text, (self.msgid, dict(self.params))


@dataclass(frozen=True, slots=True)
class LocalText:
    """The same statement in Kazakh, Russian and English, as a pack or a template words it."""

    kk: str
    ru: str
    en: str

    def of(self, language: str) -> str:
        """The wording in `language` (`kk`, `ru` or `en`); KeyError for any other."""
        if language not in LANGUAGES:
            raise KeyError(language)
        return str(getattr(self, language))

    def with_params(self, **params: object) -> "LocalText":
        """The same wording with its `{placeholders}` filled in: a LocalText by language, a day as dd.MM.yyyy."""
        # Written out: strftime costs as much as all the rest.
        words = {name: f"{value.day:02}.{value.month:02}.{value.year}" if isinstance(value, date) else value
                 for name, value in params.items()}  # fmt: skip

        def fill(language: str) -> str:
            values = {k: v.of(language) if isinstance(v, LocalText) else v for k, v in words.items()}
            return self.of(language).format(**values)

        return LocalText(kk=fill("kk"), ru=fill("ru"), en=fill("en"))


@cache
def _unseen() -> re.Pattern[str]:
    # Control characters (a terminal obeys them), marks of direction and joiners (they let a line be read as another),
    # halves of a pair; the line break is left.
    return re.compile(
        "[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
    )


def for_terminal(text: str) -> str:
    """Text that does nothing to a terminal: what has no ink but an effect becomes U+FFFD; line breaks stay."""
    return _unseen().sub("\ufffd", text)


def one_line(text: str) -> str:
    """A name or a number for a list or a paper: blanks and line breaks are one space, nothing has a hidden effect."""
    return for_terminal(" ".join(text.split()))
