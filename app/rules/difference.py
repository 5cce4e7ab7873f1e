"""What changes from one edition of the criteria to another, record by record, in words of three languages."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from app.domain.text import LANGUAGES, N_, LocalText, Text
from app.rules import signoffs
from app.rules.model import Pack
from app.rules.record_words import Field, RecordWords, Said, plain, written
from app.rules.records import Contents, Record, all_records
from app.rules.signoffs import SignOff, Standing

# Tables of decisions.toml of which the first row that holds is taken: their order says something.
_ORDERED: Final = ("level", "period", "general_capacity")

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
    """Tables whose rows stand in another order: the first row that holds is taken."""
    for table in _ORDERED:
        was, now = (list(dict.fromkeys(record.id for key, records in side.records.items() if key[0] == "decisions.toml"
                                       for record in records if record.table == table))
                    for side in (old, new))  # fmt: skip
        both = set(was) & set(now)
        first, second = ([record for record in rows if record in both] for rows in (was, now))
        if first != second:
            label = Text(N_("order of the rows: the first that holds is taken"))
            change = FieldChange("order", label, tuple(map(plain, first)), tuple(map(plain, second)))
            yield RecordChange("changed", table, "decisions.toml", None, None, (change,))
