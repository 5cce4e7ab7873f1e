"""Signing off records of an edition in work: which of them were compared with the official text, by whom, and where."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from app.domain.errors import UserError
from app.domain.proposal import Citation
from app.domain.text import LANGUAGES, N_, LocalText, Text, one_line
from app.services import editions

if TYPE_CHECKING:
    from app.rules.checklist import Topic
    from app.rules.difference import RecordChange
    from app.rules.record_words import Field
    from app.rules.signoffs import SignOff, Standing

_LEDGER_HEAD: Final = (
    "# Who compared which record with the official text. Written by `saraptama pack sign-off`; a record that changes"
    " loses its sign-off.\n"
)


@dataclass(frozen=True, slots=True)
class RecordState:
    """A record of an edition in work, as the list of sign-offs shows it. `key` is its own among records of one id.

    `citation` is the one that holds: of the sign-off where there is one. `said`: a sentence of the ledger, or None.
    `above`: the rows above it, where the first that holds is taken; `moved`: they were others when it was signed off.
    """

    key: str
    id: str
    file: str
    first: date | None
    last: date | None
    days: Text | None
    text: LocalText | None
    fields: "tuple[Field, ...]"
    citation: Citation
    sign_off: "SignOff | None"
    lapsed: "SignOff | None"
    said: Text | None
    above: tuple[str, ...] | None = None
    moved: bool = False


@dataclass(frozen=True, slots=True)
class Work:
    """An edition in work: its topics, its records with what was signed off, and sign-offs whose record is gone.

    `changeable`: it did not come with the program.
    """

    folder: Path
    id: str
    version: str
    name: LocalText
    valid_from: date
    valid_to: date | None
    changeable: bool
    topics: "tuple[Topic, ...]"
    records: tuple[RecordState, ...]
    of_no_record: "tuple[SignOff, ...]"

    def of_topic(self, number: int) -> tuple[RecordState, ...]:
        """The records that a topic covers, by its number."""
        topic = next(topic for topic in self.topics if topic.number == number)
        return tuple(record for record in self.records if topic.covers(record.id))


def changed(
    records: "Iterable[RecordState]", changes: "Iterable[RecordChange]"
) -> tuple[RecordState, ...]:  # fmt: skip
    """Those that differ from an edition before (`changes`), or from what was signed off."""
    differing = {change.id for change in changes}
    return tuple(one for one in records if one.id in differing or one.lapsed is not None or one.moved)


def found(records: "Iterable[RecordState]", words: str) -> tuple[RecordState, ...]:
    """Those in whose name or wording, in any language, each of some words occurs."""
    wanted = words.casefold().split()

    def said(record: RecordState) -> str:
        texts = "" if record.text is None else "\n".join(record.text.of(language) for language in LANGUAGES)
        return f"{record.id}\n{texts}".casefold()

    return tuple(record for record in records if all(word in said(record) for word in wanted))


def work(folder: Path) -> Work:
    """An edition in work with its records by topic. UserError where the loader refuses it."""
    from app.rules import checklist, signoffs
    from app.rules.record_words import RecordWords
    from app.rules.record_words import days as record_days

    edition = editions.read_edition(folder)
    pack, contents = edition.pack, edition.contents
    words: dict[date, RecordWords] = {}

    def said(one: "Standing") -> RecordState:
        record = one.record
        day = max(record.first or pack.valid_from, pack.valid_from)
        if day not in words:
            words[day] = RecordWords(pack.on(day), contents)
        entry, says = one.sign_off, words[day]
        return RecordState(
            key=one.content, id=record.id, file=record.file, first=record.first, last=record.last,
            days=record_days(record.first, record.last) if record.first or record.last else None,
            text=says.title(record), fields=tuple(says.fields(record)),
            citation=says.citation(record, entry.place if entry else None),
            sign_off=entry, lapsed=one.lapsed, said=signoffs.words(one),
            above=one.above, moved=bool(one.moved),
        )  # fmt: skip

    return Work(
        folder, pack.id, pack.version, pack.name, pack.valid_from, pack.valid_to, not editions.is_shipped(folder),
        checklist.topics(contents), tuple(said(one) for one in signoffs.standing(contents)),
        signoffs.of_no_record(contents),
    )  # fmt: skip


def sign_off(folder: Path, records: Iterable[str], *, by: str, on: date, place: LocalText, today: date) -> int:
    """Write into the ledger that somebody compared records with the official text; returns how many.

    `records`: ids, or keys of `RecordState`. An earlier sign-off of the same record is replaced. UserError: an unknown
    record, an empty name or place, a day that is still to come, an edition that came with the program.
    """
    from app.rules.signoffs import SignOff

    name, where = one_line(by), LocalText(**{language: one_line(place.of(language)) for language in LANGUAGES})
    if not name:
        raise UserError(
            Text(N_("The name is missing. Write who compared the record with the official text.")), where="by"
        )
    for language in LANGUAGES:
        if not where.of(language):
            raise UserError(
                Text(
                    N_("The place in the official text is missing in one of the languages. Write it in all three."),
                ),
                where=f"place_{language}",
            )
    if on > today:
        raise UserError(
            Text(N_("The day of signing off, {day}, is still to come. Correct it."), {"day": on}), where="on"
        )
    now = work(folder)
    chosen = _chosen(now, records)
    keys, ids = {record.key for record in chosen}, {record.id for record in chosen}
    others = {record.key for record in now.records if record.id in ids and record.key not in keys and record.sign_off}
    kept = [entry for entry in _entries(now) if entry.record not in ids or entry.content in others]
    _write_ledger(
        folder, [*kept, *(SignOff(record.id, name, on, where, record.key, record.above) for record in chosen)]
    )
    return len(chosen)


def withdraw(folder: Path, records: Iterable[str]) -> int:
    """Take sign-offs of records out of the ledger, valid or lapsed; returns how many. UserError: an unknown record."""
    now, wanted = work(folder), list(records)
    gone = {entry.record for entry in now.of_no_record}
    chosen = _chosen(now, [record for record in wanted if record not in gone])
    keys = {record.key for record in chosen}
    valid = {record.key for record in now.records if record.sign_off and record.key not in keys}
    ids = {record.id for record in chosen} | (gone & set(wanted))
    entries = _entries(now)
    kept = [entry for entry in entries if entry.record not in ids or entry.content in valid]
    if len(kept) == len(entries):
        raise UserError(Text(N_("None of these records has a sign-off. Nothing was changed.")))
    _write_ledger(folder, kept)
    return len(entries) - len(kept)


def _chosen(now: Work, records: Iterable[str]) -> list[RecordState]:
    chosen: list[RecordState] = []
    for wanted in dict.fromkeys(records):
        found = [record for record in now.records if wanted in (record.id, record.key)]
        if not found:
            raise UserError(
                Text(
                    N_(
                        "The edition has no record “{record}”."
                        " Compare it with the list: saraptama pack sign-off {folder}"
                    ),
                    {"record": wanted, "folder": str(now.folder)},
                ),
                where="record",
            )
        chosen += [record for record in found if record not in chosen]
    return chosen


def _entries(now: Work) -> "list[SignOff]":
    from app.rules.signoffs import read
    from app.rules.toml import parse

    path = now.folder / "signoffs.toml"
    return list(read({path.name: parse(path.name, path.read_bytes())})) if path.is_file() else []


def _write_ledger(folder: Path, entries: "list[SignOff]") -> None:
    from app.rules.signoffs import SIGNOFFS, as_toml

    editions.refuse_shipped(folder)
    order = sorted(entries, key=lambda entry: (entry.record, entry.content))
    editions.write(folder, {SIGNOFFS: (_LEDGER_HEAD + as_toml(order)).encode("utf-8")})
