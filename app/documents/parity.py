"""What a paper says whatever its language (numbers, codes, dates, clauses, names, ticks), and whether papers agree.

Read off the words that were set, not off the PDF: each text passes `layout.Setter`. So every set that is printed in
several languages is checked, at the price of a walk over its words.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from app.documents.wording import wording
from app.domain.errors import CheckFailed
from app.domain.text import LANGUAGES, N_, LocalText, Text, one_line

# A number with all that belongs to it (a date, a case, a clause, a time), a code of ICD-10, a box.
_FACT: Final = re.compile(r"\b[A-Z]\d\d(?:\.\d+)?\b|\d+(?:[./:\-]\d+)*|[☐☑]")
# Whole groups of hex digits are hashes: one fact each.
_HASH: Final = re.compile(r"\b[0-9a-f]{4}(?: [0-9a-f]{4})+\b")
# A provision of the criteria is a sentence of its own in each language: “degree 2” is “екінші дәрежелі” there.
_SENTENCE: Final = "• "
_LONE: Final = re.compile(r"[0-9]")
_SHOWN: Final = 5


def facts(texts: Iterable[str], names: Mapping[str, str] | None = None) -> Counter[str]:
    """How often each fact stands in the texts. `names`: how persons are called, each with the name that it counts as
    (a declined form counts as the name); of a name it counts whether it is there: only a language that declines it says
    it once more."""
    found: Counter[str] = Counter()
    ordered = sorted((names or {}).items(), key=lambda entry: -len(entry[0]))
    for text in texts:
        left = text
        for form, name in ordered:
            if form and form in left:
                found[name] = 1
                left = left.replace(form, " ")
        found.update(_HASH.findall(left))
        told = _FACT.findall(_HASH.sub(" ", left))
        found.update(one for one in told if not (text.startswith(_SENTENCE) and _LONE.fullmatch(one)))
    return found


def names_of(document: Mapping[str, Any]) -> dict[str, str]:
    """The names of the person and of the commission in a case, as papers write them."""
    person = document.get("person") or {}
    whole = " ".join(filter(None, (person.get(key) for key in ("surname", "given_name", "patronymic"))))
    members = ((document.get("examination") or {}).get("commission")) or ()
    return {name: name for name in map(one_line, (whole, *(member.get("name") or "" for member in members)))}


def differing(one: Counter[str], other: Counter[str]) -> tuple[str, ...]:
    """What stands in one paper more often than in the other."""
    return tuple(sorted(((one - other) | (other - one)).keys()))


def require_same(template: str, languages: Sequence[str], said: Sequence[Counter[str]]) -> None:
    """CheckFailed where a paper says something else in one language than in the first."""
    for language, told in zip(languages[1:], said[1:], strict=True):
        odd = differing(said[0], told)
        if odd:
            sentence = N_(
                "“{title}” says something else in one language ({one}) than in another ({other}): {facts}. It was not"
                " printed. Tell whoever maintains the templates; one language alone can still be printed."
            )
            title = LocalText(**{code: wording(template, code)("form", "title") for code in LANGUAGES})
            shown = ", ".join(odd[:_SHOWN])
            raise CheckFailed(Text(sentence, {"title": title, "one": languages[0], "other": language, "facts": shown}))
