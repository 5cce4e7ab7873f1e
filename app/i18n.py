"""Words on screen, on the command line and in messages: gettext catalogues behind `Translator` objects.

There is no current language anywhere: a Russian screen prints a Kazakh form. The English sentence is the
message id. In code a translator is called `t`, so that the extraction (`dev.py i18n`) finds `t("…")`,
`t.plural("…", "…", n)` and `N_("…")`.
"""

import gettext
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum

from app import paths
from app.domain.text import LANGUAGES, LocalText, Text
from app.domain.vocabulary import LABELS

DOMAIN = "saraptama"


class Translator:
    """Renders catalogue messages in one language. Cheap to make, safe to share between threads."""

    def __init__(self, language: str, catalogue: gettext.NullTranslations) -> None:
        self.language = language
        self._catalogue = catalogue

    def __call__(self, msgid: str, **params: object) -> str:
        """The sentence in this language with its `{placeholders}` filled in."""
        return self._fill(self._catalogue.gettext(msgid), params)

    def plural(self, singular: str, plural: str, n: int, **params: object) -> str:
        """The form of the sentence that fits `n`; `{n}` is filled in."""
        return self._fill(self._catalogue.ngettext(singular, plural, n), {"n": n, **params})

    def show(self, value: Text | LocalText | StrEnum | date | object) -> str:
        """Any value that a person reads: a sentence, a wording, a member of a closed list, a date, a number."""
        match value:
            case Text():
                return self(value.msgid, **value.params)
            case LocalText():
                return value.of(self.language)
            case StrEnum() if value in LABELS:
                return self(LABELS[value])
            case datetime():
                return value.strftime("%d.%m.%Y %H:%M")
            case date():
                return value.strftime("%d.%m.%Y")
            case _:
                return str(value)

    def _fill(self, sentence: str, params: Mapping[str, object]) -> str:
        if not params:
            return sentence
        return sentence.format(**{name: self.show(value) for name, value in params.items()})


def translator(language: str) -> Translator:
    """A translator for `kk`, `ru` or `en`; KeyError for any other. A missing catalogue shows English."""
    if language not in LANGUAGES:
        raise KeyError(language)
    catalogue = gettext.translation(
        DOMAIN, localedir=paths.resource("translations"), languages=[language], fallback=True
    )
    return Translator(language, catalogue)
