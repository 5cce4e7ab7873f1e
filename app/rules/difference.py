"""What changes from one edition of the criteria to another, record by record, in words of three languages."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from app.domain.text import LANGUAGES, N_, LocalText, Text
from app.rules import signoffs
from app.rules.model import Pack
from app.rules.record_words import Field, RecordWords, Said, plain, written
from app.rules.records import FIRST_HOLDS, Contents, Record, all_records
from app.rules.signoffs import SignOff, Standing

# Test cases run in any order, topics have numbers, the tables of the others have names and no order.
_UNORDERED: Final = frozenset({"cases.toml", "checklist.toml", "pack.toml", "words.toml"})

Key = tuple[str, str]  # file, id of a record
Kind = Literal["added", "removed", "changed"]


@dataclass(frozen=True, slots=True)
class Edition:
    """A pack with its parsed files."""

    pack: Pack
    contents: Contents


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field of a record: the lines that only the edition before has, and those that only the edition after has."""

    key: str
    label: Said
    before: tuple[Said, ...]
    after: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class RecordChange:
    """One record that differs. `since`: where a record begins to hold on a day, that day; `title`: its wording."""

    kind: Kind
    id: str
    file: str
    title: LocalText | None
    since: date | None
    fields: tuple[FieldChange, ...]


def difference(before: Edition, after: Edition) -> tuple[RecordChange, ...]:
    """Everything that differs, in the order of the later edition; what is no more comes last."""
    old, new = _Side(before), _Side(after)
    changes = [change for key, records in new.records.items() for change in _of_one(old, new, key, records)]
    changes += [_removed(old, record) for key, records in old.records.items() if key not in new.records
                for record in records]  # fmt: skip
    return (*changes, *_orders(old, new))


class _Side:
    def __init__(self, edition: Edition) -> None:
        self._pack, self._contents = edition.pack, edition.contents
        self.records: dict[Key, list[Record]] = {}
        for record in all_records(edition.contents):
            self.records.setdefault((record.file, record.id), []).append(record)
        self._standing: dict[int, Standing] = {
            id(one.record.content): one for one in signoffs.standing(edition.contents)
        }
        self._words: dict[int, RecordWords] = {}
        self._listed = [record for record in all_records(edition.contents) if record.file not in _UNORDERED]
        self._lists: dict[date, dict[tuple[str, str, str], list[str]]] = {}

    def fields(self, record: Record) -> list[Field]:
        """What a record says, and what the ledger says of it."""
        return [*self.words(record).fields(record), *self._sign_off(record)]

    def words(self, record: Record) -> RecordWords:
        """Words of a day on which the record holds."""
        first, last = self._pack.valid_from, self._pack.valid_to
        day = max(record.first or first, first)
        pack = self._pack.on(min(day, last) if last else day)
        if id(pack) not in self._words:
            self._words[id(pack)] = RecordWords(pack, self._contents)
        return self._words[id(pack)]

    def lists(self, day: date) -> dict[tuple[str, str, str], list[str]]:
        """The ids of the records that hold on a day, by file, record that they stand in, and table."""
        if day not in self._lists:
            found = self._lists[day] = {}
            for record in self._listed:
                if (record.first or date.min) <= day <= (record.last or date.max):
                    found.setdefault((record.file, record.parent, record.table), []).append(record.id)
        return self._lists[day]

    def ledger(self, record: Record) -> tuple[SignOff | None, SignOff | None]:
        """The sign-off of a record that holds, and the one that lapsed."""
        one = self._standing.get(id(record.content))
        return (None, None) if one is None else (one.sign_off, one.lapsed)

    def _sign_off(self, record: Record) -> Iterator[Field]:
        one = self._standing.get(id(record.content))
        if one and (said := signoffs.words(one)):
            yield Field("sign_off", Text(N_("sign-off")), (said,))


def _of_one(old: _Side, new: _Side, key: Key, records: Sequence[Record]) -> Iterator[RecordChange]:
    """The changes of one id. A record with days is compared with the one that held on its first day."""
    earlier = old.records.get(key, [])
    taken: list[Record] = []
    for record in records:
        before = _held_on(earlier, record.first)
        if before is None:
            fields = tuple(FieldChange(field.key, field.label, (), field.lines) for field in new.fields(record))
            yield _change("added", new, record, fields)
            continue
        taken.append(before)
        if before.content == record.content and old.ledger(before) == new.ledger(record):
            continue
        fields = tuple(_fields(old.fields(before), new.fields(record), before, record))
        if fields:
            yield _change("changed", new, record, fields)
    for record in earlier:
        if not any(record is one for one in taken):
            yield _removed(old, record)


def _held_on(records: Sequence[Record], first: date | None) -> Record | None:
    day = first or date.min
    for record in records:
        if (record.first or date.min) <= day <= (record.last or date.max):
            return record
    return records[0] if len(records) == 1 else None


def _fields(before: list[Field], after: list[Field], old: Record, new: Record) -> Iterator[FieldChange]:
    were, are = {field.key: field for field in before}, {field.key: field for field in after}
    for key in dict.fromkeys([*are, *were]):
        was, now = (side[key].lines if key in side else () for side in (were, are))
        if was == now and old.content.get(key) != new.content.get(key):  # words that don't show it: as it is written
            was, now = (
                (plain(written(record.content[key])),) if key in record.content else () for record in (old, new)
            )
        if was != now:
            gone, come = _told_apart(*(tuple(line for line in lines if line not in others)
                                       for lines, others in ((was, now), (now, was))))  # fmt: skip
            yield FieldChange(key, (are.get(key) or were[key]).label, gone or (was if not come else ()),
                              come or (now if not gone else ()))  # fmt: skip


def _told_apart(gone: tuple[Said, ...], come: tuple[Said, ...]) -> tuple[tuple[Said, ...], tuple[Said, ...]]:
    """Lines of which some language doesn't show the difference: those of the languages that do, each named."""
    if len(gone) != len(come) or not all(isinstance(line, LocalText) for line in (*gone, *come)):
        return gone, come
    texts = [tuple(line.of(language) for line in lines if isinstance(line, LocalText))
             for lines in (gone, come) for language in LANGUAGES]  # fmt: skip
    before, after = texts[: len(LANGUAGES)], texts[len(LANGUAGES) :]
    differ = [at for at in range(len(LANGUAGES)) if before[at] != after[at]]
    if not gone or len(differ) == len(LANGUAGES):
        return gone, come
    named = (tuple(plain(f"{LANGUAGES[at]}: {text}") for at in differ for text in side[at]) for side in (before, after))
    return next(named), next(named)


def _removed(side: _Side, record: Record) -> RecordChange:
    fields = tuple(FieldChange(field.key, field.label, field.lines, ()) for field in side.fields(record))
    return _change("removed", side, record, fields)


def _change(kind: Kind, side: _Side, record: Record, fields: tuple[FieldChange, ...]) -> RecordChange:
    return RecordChange(kind, record.id, record.file, side.words(record).title(record), record.first, fields)


def _orders(old: _Side, new: _Side) -> Iterator[RecordChange]:
    """Lists whose records stand in another order on some day: each with the stretch of it that differs.

    Of some tables the first row that holds is taken, there the place of a new row is told too. The order of all others
    is the one in which people read them, and by which the nearest of several changes is chosen.
    """
    days = {record.first or date.min for side in (old, new) for records in side.records.values() for record in records}
    days |= {record.last + timedelta(1) for side in (old, new) for records in side.records.values()
             for record in records if record.last and record.last < date.max}  # fmt: skip
    seen = set()
    for day in sorted(days):
        before = old.lists(day)
        for key, after in new.lists(day).items():
            file, parent, table = key
            decides = file == "decisions.toml" and table in FIRST_HOLDS
            was = [row for row in before.get(key, ()) if row in after]
            now = [row for row in after if decides or row in was]
            told = (key, tuple(was), tuple(now))
            if was == now or not was or told in seen:
                continue
            seen.add(told)
            label = N_("order of the rows: the first that holds is taken") if decides else N_("order of the records")
            gone, come = _stretch(was, now)
            change = FieldChange("order", Text(label), tuple(map(plain, gone)), tuple(map(plain, come)))
            yield RecordChange("changed", parent or table, file, None, day if day > date.min else None, (change,))


def _stretch(was: list[str], now: list[str]) -> tuple[list[str], list[str]]:
    """Two lists without what they begin and end with alike, but for one row on either side, which shows the place."""
    shorter = min(len(was), len(now))
    begin = next((at for at in range(shorter) if was[at] != now[at]), shorter)
    end = next((at for at in range(shorter - begin) if was[-1 - at] != now[-1 - at]), shorter - begin)
    first, last = max(begin - 1, 0), max(end - 1, 0)
    return was[first : len(was) - last], now[first : len(now) - last]
