"""A name in the case in which papers say to whom something is given: барыс септік in Kazakh, the dative in Russian.

Kazakh is made here, by rule: the case suffix stands at the last word of the name alone. It is a proposal for somebody
to read, never a fact. The Russian one needs a library (`app.services.declension`). Forms that somebody confirmed stand
in the dossier with the name they were confirmed for: a name that changed since has no confirmed form any more.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from app.domain.names import same_name

KEY: Final = "dossier.name_forms"
"""Where the confirmed forms stand: by language, `{"text": …, "of": the name it was confirmed for}`."""
LANGUAGES: Final = ("kk", "ru")
"""Languages whose papers decline a name."""

_PARTS: Final = ("surname", "given_name", "patronymic")

_BACK: Final = "аоұыя"
_NEUTRAL: Final = "иую"
_VOWELS: Final = f"{_BACK}әөүіеёэ{_NEUTRAL}"
# After these the suffix begins hard. Of б, в, г, ғ and д the orthography asks the same: Ахметовқа, Олегке, Мурадқа.
_HARD: Final = "пткқсшщчцфхһбвгғд"
# “Son of”, “daughter of” are possessives: they take н. Also as Russian and Azerbaijani documents spell them.
_POSSESSIVE: Final = re.compile(r"(?:ұлы|улы|оғлы|оглы|қызы|кызы|гызы)$")
_WORD: Final = re.compile(r"[А-Яа-яЁёӘәҒғҚқҢңӨөҰұҮүҺһІіЬьЪъ'’ʼ-]+")


def full_name(person: Mapping[str, Any] | None) -> str:
    """Surname, given name, patronymic: what is known of them, in one line."""
    told = person or {}
    return " ".join(" ".join(str(told.get(part) or "") for part in _PARTS).split())


def confirmed(document: Mapping[str, Any], language: str) -> str | None:
    """The form that was confirmed for the name as the case has it now; None where there is none."""
    form = _kept(document, language)
    if not form.get("text") or not same_name(str(form.get("of") or ""), full_name(document.get("person"))):
        return None
    return str(form["text"])


def is_stale(document: Mapping[str, Any], language: str) -> bool:
    """Whether a form was confirmed for another name than the case has now."""
    return bool(_kept(document, language).get("text")) and confirmed(document, language) is None


def in_kazakh(name: str) -> str | None:
    """The name in барыс септік: `Ахметов Ержан` → `Ахметов Ержанға`. None where its last word can't tell."""
    word = (name.rsplit(maxsplit=1) or [""])[-1]
    lowered = word.lower()
    if not _WORD.fullmatch(word) or not any(letter in _VOWELS for letter in lowered):
        return None
    suffix = _suffix(lowered)
    return name.strip() + (suffix.upper() if len(word) > 1 and word.isupper() else suffix)


def _suffix(word: str) -> str:
    if _POSSESSIVE.search(word):
        return "на"
    back = _is_back(word)
    last = word.rstrip("ьъ'’ʼ-")[-1]
    if last in _HARD:
        return "қа" if back else "ке"
    return "ға" if back else "ге"


def _is_back(word: str) -> bool:
    """Whether the last syllable is a back one (жуан). и, у and ю go with either: what decides is said below."""
    if word[-1] == "ь":
        return False  # soft at the end: Айгульге, Гогольге
    vowels = [letter for letter in word if letter in _VOWELS]
    last = vowels[-1]
    if last not in _NEUTRAL:
        return last in _BACK
    if last == "и" and word[-1] != "и":
        return False  # closed: Пушкинге, Ивановичке, Юрийге, Ғабитке
    before = next((letter for letter in reversed(vowels[:-1]) if letter not in _NEUTRAL), None)
    if before is None:
        return last != "и"  # Лиге, Тимурға
    if last != "и" and word[-1] != last:
        return True  # closed у, ю stand for ұ in names as Russian documents spell them: Айнурға
    return before in _BACK  # Ғаниға, Әлиге, Айсұлуға


def _kept(document: Mapping[str, Any], language: str) -> Mapping[str, Any]:
    forms = (document.get("dossier") or {}).get("name_forms") or {}
    return forms.get(language) or {}
