"""From how likely each letter is in each cell of a picture to a machine readable zone that its check digits prove.

A letter that looks like another one (O and 0, I and 1, B and 8, S and 5) may be taken for it, but only where the place
allows it (ICAO Doc 9303, parts 4 and 5) and all check digits fit then; of two readings that both fit one must be far
likelier. What no check digit covers, and what the ИИН must agree with, is held against both. The rest is refused.
"""

import heapq
import math
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Final

from app.domain import iin, mrz
from app.domain.errors import UserError
from app.domain.mrz import Mrz

ALPHABET: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<"
_LETTERS: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ<")
_DIGITS: Final = frozenset("0123456789")
_DATE: Final = frozenset("0123456789<")
_ANY: Final = frozenset(ALPHABET)
_SEX: Final = frozenset("MF<")

# What may stand where: (how many places, which letters), line by line.
_CARD: Final = (
    ((1, frozenset("IAC")), (4, _LETTERS), (9, _ANY), (1, _DATE), (15, _ANY)),
    ((6, _DATE), (1, _DIGITS), (1, _SEX), (6, _DATE), (1, _DIGITS), (3, _LETTERS), (11, _ANY), (1, _DIGITS)),
    ((30, _LETTERS),),
)
_PASSPORT: Final = (
    ((1, frozenset("P")), (43, _LETTERS)),
    ((9, _ANY), (1, _DIGITS), (3, _LETTERS), (6, _DATE), (1, _DIGITS), (1, _SEX), (6, _DATE), (1, _DIGITS), (14, _ANY),
     (1, _DATE), (1, _DIGITS)),
)  # fmt: skip
_FORMS: Final = {3: _CARD, 2: _PASSPORT}
# The places that no check digit covers but that fill a field: kind and issuer, sex, nationality. The name fills none.
_BARE: Final = {3: (*range(5), 37, 45, 46, 47), 2: (*range(5), 54, 55, 56, 64)}
_NAMES: Final = {3: range(60, 90), 2: range(5, 44)}
_SURE: Final = 0.9  # of a letter that nothing proves
_POSSIBLE: Final = 0.02  # below this a letter is no candidate
_LIKELIER: Final = 20.0  # than any other reading that fits: for check digits U is 0, as K and A are
_DOUBTS: Final = 4  # letters more likely wrong than right; with more of them chance could make check digits fit
_LEAST: Final = -7.0  # logarithm of how likely a reading must be as a whole
_VARIED: Final = 10  # places at which a second letter is tried
_TRIES: Final = 400

Cell = Sequence[float]


def settled(lines: Sequence[Sequence[Cell]], today: date) -> Mrz | None:
    """What the cells say, proved; None where they can't be read for sure.

    `lines`: three of 30 cells or two of 44, each cell the likelihood of each letter of `ALPHABET` and last of none;
    there may be cells to spare at both ends, so that a zone found some letters beside its place is still read.
    """
    form = _FORMS.get(len(lines))
    if form is None:
        return None
    places = [place for line, parts in zip(lines, form, strict=True) for place in _placed(line, parts)]
    names = _NAMES[len(lines)]
    if any(places[at][0][1] < _SURE for at in _BARE[len(lines)]):
        return None
    if sum(1 for at, place in enumerate(places) if at not in names and place[0][1] < 0.5) > _DOUBTS:
        return None
    found: Mrz | None = None
    least = _LEAST
    for likelihood, text in _readings(places, {*names, *_BARE[len(lines)]}):
        if likelihood < least:
            break
        proved = _proved(text, today)
        if proved is not None:
            if found is not None:
                return None  # two readings fit, and neither is far likelier
            found, least = proved, likelihood - math.log(_LIKELIER)
    return found


Place = list[tuple[str, float]]  # letters that may stand there, the likeliest first


def _placed(line: Sequence[Cell], parts: tuple[tuple[int, frozenset[str]], ...]) -> list[Place]:
    """The letters of a line, from the cell at which most of them are letters that may stand there."""
    allowed = [letters for count, letters in parts for _ in range(count)]
    shifts = range(len(line) - len(allowed) + 1)
    rows = [[_place(line[at + shift], letters) for at, letters in enumerate(allowed)] for shift in shifts]
    return max(rows, key=lambda row: sum(math.log(place[0][1]) for place in row))


def _place(cell: Cell, allowed: frozenset[str]) -> Place:
    found = sorted(
        ((letter, max(cell[at], 1e-6)) for at, letter in enumerate(ALPHABET) if letter in allowed),
        key=lambda each: -each[1],
    )
    # “No letter” stays in the balance: a smudge isn't sure of anything.
    total = sum(chance for _, chance in found) + cell[len(ALPHABET)]
    return [(letter, chance / total) for letter, chance in found]


def _readings(places: list[Place], fixed: set[int]) -> Iterator[tuple[float, str]]:
    """Readings, the likeliest first, with the logarithm of how likely each is, names left aside.

    At `fixed` places the likeliest letter stands alone: no check digit would prove another.
    """
    open_places = sorted(
        (at for at, place in enumerate(places) if at not in fixed and place[1:] and place[1][1] >= _POSSIBLE),
        key=lambda at: places[at][0][1],
    )[:_VARIED]
    best = [place[0][0] for place in places]
    choices = [[each for each in places[at] if each[1] >= _POSSIBLE][:3] or places[at][:1] for at in open_places]
    likelihood: Callable[[tuple[int, ...]], float] = lambda chosen: sum(  # noqa: E731
        math.log(choices[n][pick][1]) for n, pick in enumerate(chosen)
    )
    base = sum(math.log(place[0][1]) for at, place in enumerate(places) if at not in fixed and at not in open_places)
    first = (0,) * len(choices)
    heap, seen = [(-likelihood(first), first)], {first}
    for _ in range(_TRIES):
        if not heap:
            return
        cost, chosen = heapq.heappop(heap)
        letters = best.copy()
        for n, pick in enumerate(chosen):
            letters[open_places[n]] = choices[n][pick][0]
        yield base - cost, "".join(letters)
        for n, pick in enumerate(chosen):
            following = (*chosen[:n], pick + 1, *chosen[n + 1 :])
            if pick + 1 < len(choices[n]) and following not in seen:
                seen.add(following)
                heapq.heappush(heap, (-likelihood(following), following))


def _proved(text: str, today: date) -> Mrz | None:
    try:
        found = mrz.read(text, today)
    except UserError:
        return None
    if found.birth_date is None or found.expires_on is None or not found.number:
        return None
    return found if _agrees(text, found) else None


def _agrees(text: str, found: Mrz) -> bool:
    """In papers of Kazakhstan the ИИН fits its own check digit, the birth date and the sex, or there is none at all."""
    if text[2:5] != "KAZ":
        return True
    if found.iin is None:
        optional = text[15:30] + text[48:59] if found.form == mrz.TD1 else text[72:86]
        return not optional.strip("<")
    told = iin.of_digits(found.iin)
    return told is not None and (found.sex is None or told.sex is found.sex)
