"""Reading the facts of a case: section by section, and along the diagrams at the same time.

The facts of a section (functions, limitations, …) have few values, and a batch repeats them: what they mean is kept,
and where they lead from each state of the diagrams. A full case is then a look-up or two a section.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import getitem, itemgetter
from typing import Any, Final, NamedTuple, TypeVar

from app.domain.case_fields import shown
from app.domain.errors import UserError
from app.domain.text import N_, Text
from app.rules.conditions import NOT_APPLICABLE, heavier
from app.rules.diagram import Diagram, Node
from app.rules.model import Pack

KEPT: Final = 20_000  # rows a section, steps a state: a batch of a hundred thousand cases must not fill the memory
TOGETHER: Final = 1_000  # rows of facts looked up at once: few enough that a batch soon has met them all
_NO_SECTION: Final[Mapping[str, Any]] = {}
Key = TypeVar("Key")
Kept = TypeVar("Kept")
Meanings = Mapping[Any, tuple[int | None, Any]]  # by raw value: the variable's value (None: unknown), and what is shown


class Given:
    """The facts of one section in one case: numbers of values (None: unknown), and what a trace shows of them."""

    __slots__ = ("not_applicable", "raws", "values")

    def __init__(self, found: Sequence[tuple[int | None, Any]]) -> None:
        self.values: tuple[int | None, ...] = ()
        self.raws: tuple[Any, ...] = ()
        if found:
            self.values, self.raws = zip(*found, strict=True)
        self.not_applicable = NOT_APPLICABLE in self.raws  # some of them


class State:
    """Where the facts so far lead in each of some diagrams; None where an unknown fact is asked on the way."""

    __slots__ = ("next", "parts")

    def __init__(self, parts: tuple[Diagram | None, ...]) -> None:
        self.parts = parts
        self.next: dict[Given, State] = {}


class Read(NamedTuple):
    """A fact that applies: where it stands in a case file, what its values mean, the levels of a list of defects."""

    section: str
    key: str
    meanings: Meanings
    levels: Mapping[int, int] | None


class Section:
    """Some facts of one section of a case file, in order: variables from `first`, the meaning of each key's values.

    `excluded`: keys that don't apply at this age, each with its fact. A fact of no section is in the section "".
    """

    def __init__(
        self, name: str, first: int, meanings: Mapping[str, Meanings], excluded: Sequence[tuple[str, str]]
    ) -> None:
        self.name, self.first, self.excluded = name, first, excluded
        self.keys, self._meanings = tuple(meanings), meanings
        self.kept: dict[tuple[Any, ...], Given] = {}
        self.pick: Callable[[Mapping[str, Any]], tuple[Any, ...]] = (
            itemgetter(*self.keys) if len(self.keys) > 1 else lambda given: tuple([given[key] for key in self.keys])
        )

    def not_all(self, given: Mapping[str, Any]) -> tuple[Any, ...]:
        """As `pick`, where some key is not given."""
        return tuple([given.get(key) for key in self.keys])

    def read(self, raws: tuple[Any, ...]) -> Given:
        """What raw values mean; UserError for a value that the pack does not have."""
        try:
            found = list(map(getitem, self._meanings.values(), raws))
        except KeyError:
            found = [self._meant(key, raw) for key, raw in zip(self.keys, raws, strict=True)]
        return keep(self.kept, raws, Given(found))

    def _meant(self, key: str, raw: Any) -> tuple[int | None, Any]:
        meanings = self._meanings[key]
        if raw in meanings:
            return meanings[raw]
        path = f"facts.{self.name}.{key}" if self.name else f"facts.{key}"
        values = [shown(value).strip('"') for value in meanings if value not in (None, NOT_APPLICABLE)]
        raise UserError(
            Text(
                N_("{path}: {value} is not one of {values}. Write one of them, or null if it is not known."),
                {"path": path, "value": shown(raw), "values": ", ".join(values)},
            ),
            where=path,
        )


class ListSection(Section):
    """The list of anatomical defects, by the heaviest level of those that are given."""

    def __init__(self, pack: Pack, first: int, read: Read) -> None:
        super().__init__(read.section, first, {read.key: read.meanings}, ())
        self._pack, self._levels, key = pack, read.levels or {}, read.key

        def pick(given: Mapping[str, Any]) -> tuple[Any, ...]:
            raw = given.get(key)
            return (tuple(raw) if raw.__class__ is list else raw,)

        self.pick = pick

    def _meant(self, key: str, raw: Any) -> tuple[int | None, Any]:
        if raw.__class__ is tuple:
            return self._levels[heaviest(self._pack, raw)], raw
        return super()._meant(key, raw)


class Reader:
    """The facts of an age band, in order of their variables, and the `diagrams` that are followed while reading them.

    `excluded`: section, key and id of the facts that don't apply.
    """

    def __init__(
        self, pack: Pack, reads: Sequence[Read], excluded: Sequence[tuple[str, str, str]], diagrams: Sequence[Diagram]
    ) -> None:
        sections: list[Section] = []
        sizes: dict[str, int] = {}
        left: dict[str, list[tuple[str, str]]] = {}
        for section, key, fact in excluded:
            left.setdefault(section, []).append((key, fact))
        first = 0
        for (section, listed), found in groupby(reads, key=lambda read: (read.section, read.levels and read.key)):
            group = list(found)
            if listed:
                sections.append(ListSection(pack, first, group[0]))
            else:
                sizes[section] = sizes.get(section, 0) + len(group)
                start = first
                for together in _together(group):
                    sections.append(Section(section, start, together, left.get(section, ())))
                    start += len(together)
            first += len(group)
        sections += [Section(section, first, {}, keys) for section, keys in left.items() if section not in sizes]
        self._sections = [(one, one.name, one.pick, one.kept, sizes.get(one.name, 0)) for one in sections]
        self._states: dict[tuple[int, ...], State] = {}
        self._start = self._state(tuple(diagrams))

    def read(self, facts: Mapping[str, Any]) -> tuple[list[Given], State, list[str]]:
        """The rows of a case's `facts`, where they lead, and the facts given that don't apply at this age."""
        state, rows, excluded = self._start, [], []
        for section, name, pick, kept, size in self._sections:
            given = (facts.get(name) or _NO_SECTION) if name else facts
            try:
                raws, more = pick(given), len(given) != size
            except KeyError:
                raws, more = section.not_all(given), True
            row = kept.get(raws) or section.read(raws)
            rows.append(row)
            state = state.next.get(row) or self._follow(state, section.first, row)
            if more:  # there may be something else in it
                for key, fact in section.excluded:
                    if given.get(key) not in (None, NOT_APPLICABLE) and fact not in excluded:
                        excluded.append(fact)
        return rows, state, excluded

    def _follow(self, state: State, first: int, row: Given) -> State:
        end = first + len(row.values)
        parts: list[Diagram | None] = []
        for part in state.parts:
            at: Diagram | None = part
            while at.__class__ is Node and at.var < end:
                value = row.values[at.var - first]
                at = None if value is None else at.branches[value]
            parts.append(at)
        return keep(state.next, row, self._state(tuple(parts)))

    def _state(self, parts: tuple[Diagram | None, ...]) -> State:
        key = tuple(map(id, parts))
        found = self._states.get(key)
        if found is None:
            found = self._states[key] = State(parts)
        return found


def _together(reads: Sequence[Read]) -> Iterator[dict[str, Meanings]]:
    """The facts of a section that are looked up at once: as many as have so few rows that they repeat."""
    found: dict[str, Meanings] = {}
    rows = 1
    for read in reads:
        values = len(read.meanings) - 2  # without those for unknown and not applicable
        if found and rows * values > TOGETHER:
            yield found
            found, rows = {}, 1
        found[read.key] = read.meanings
        rows *= values
    yield found


def keep(found: dict[Key, Kept], key: Key, value: Kept, most: int | None = None) -> Kept:
    """Keep a value in a cache that forgets everything when it is full."""
    if len(found) >= (most or KEPT):
        found.clear()
    found[key] = value
    return value


def heaviest(pack: Pack, defects: Iterable[str]) -> int:
    """The heaviest level of some listed defects, 0 for none. UserError for an id that is not in the list."""
    level = 0
    for defect in defects:
        known = pack.defect_by_id.get(defect)
        if known is None:
            raise UserError(
                Text(
                    N_("facts.anatomical_defects: “{id}” is not in the list of the criteria. Choose from it."),
                    {"id": defect},
                ),
                where="facts.anatomical_defects",
            )
        level = heavier(level, known.level)
    return level
