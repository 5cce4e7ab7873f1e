"""What a name is in the case that papers ask for: proposals, which somebody confirms or writes anew (adr/0034)."""

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from app.domain.declension import full_name, in_kazakh
from app.domain.vocabulary import Sex

if TYPE_CHECKING:
    from pytrovich.maker import PetrovichDeclinationMaker

# “Son of”, “daughter of” in Turkic patronymics and surnames: Russian papers leave them as they are.
_UNCHANGED: Final = ("ұлы", "улы", "оглы", "оғлы", "қызы", "кызы", "гызы")


def proposed(person: Mapping[str, Any] | None, language: str) -> str | None:
    """The name in the dative, for papers in `kk` or `ru`; None where it can't be told (in Russian without the sex).

    The first call in Russian reads the library's rules (60 ms): not for the thread of the window.
    """
    told = person or {}
    if language == "kk":
        return in_kazakh(full_name(told))
    if language != "ru" or told.get("sex") not in (Sex.MALE, Sex.FEMALE):
        return None
    return _in_russian(told) or None


def _in_russian(person: Mapping[str, Any]) -> str:
    from pytrovich.enums import Case, Gender, NamePart

    gender = Gender.MALE if person["sex"] == Sex.MALE else Gender.FEMALE
    parts = (
        (NamePart.LASTNAME, person.get("surname")),
        (NamePart.FIRSTNAME, person.get("given_name")),
        (NamePart.MIDDLENAME, person.get("patronymic")),
    )

    def declined(part: NamePart, word: str) -> str:
        if word.lower().endswith(_UNCHANGED):
            return word
        made = str(_maker().make(part, gender, Case.DATIVE, word))
        return made.upper() if len(word) > 1 and word.isupper() else made

    return " ".join(declined(part, word) for part, words in parts for word in str(words or "").split())


@cache
def _maker() -> "PetrovichDeclinationMaker":
    from pytrovich.maker import PetrovichDeclinationMaker

    return PetrovichDeclinationMaker()
