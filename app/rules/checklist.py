"""The check-list for whoever has the official texts: `checklist.toml`, topics and the records that each covers."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from app.domain.text import N_, LocalText
from app.rules.records import Contents, Record, cited_records
from app.rules.source import Table

CHECKLIST: Final = "checklist.toml"


@dataclass(frozen=True, slots=True)
class Topic:
    """One question to the official texts. `records`: ids, or beginnings of ids that end in `*`; may be empty."""

    number: int
    text: LocalText
    records: tuple[str, ...]

    def covers(self, record_id: str) -> bool:
        """Whether a record belongs to this topic."""
        return any(fits(pattern, record_id) for pattern in self.records)


def fits(pattern: str, record_id: str) -> bool:
    """Whether a record is meant by an id, or by the beginning of one with `*` after it."""
    return record_id.startswith(pattern[:-1]) if pattern.endswith("*") else record_id == pattern


def topics(contents: Contents) -> tuple[Topic, ...]:
    """The topics in their order; none where the pack has no check-list. UserError where one is malformed."""
    content = contents.get(CHECKLIST)
    if content is None:
        return ()
    table = Table(CHECKLIST, "topic", content)
    found = []
    for number, record in enumerate(table.tables("topic", lambda entry: entry.get("number"), dated=False), start=1):
        if record.take("number", int) != number:
            raise record.refuse(N_("the topics do not count from 1 upwards. Put them in order."))
        patterns = record.take("records", list)
        if not all(isinstance(pattern, str) and pattern for pattern in patterns):
            raise record.refuse(N_("“records” is not a list of ids. Write each in quotes."))
        found.append(Topic(number, record.local(), tuple(patterns)))
        record.done()
    table.done()
    return tuple(found)


def refuse_gaps(contents: Contents) -> None:
    """UserError where a record belongs to no topic, or a topic names a record that is not there."""
    known = topics(contents)
    if not known:
        return
    records = list(cited_records(contents))
    ids = {record.id for record in records}
    for topic in known:
        for pattern in topic.records:
            if pattern not in ids and not any(fits(pattern, record_id) for record_id in ids):
                raise _table(topic).refuse(
                    N_("no record has the id “{record}”. Correct it, or take it out of the topic."), record=pattern
                )
    for record in _of_no_topic(records, known):
        raise Table(record.file, record.id, record.content).refuse(
            N_("no topic of {file} covers this record. Add its id to the topic whose text says it."), file=CHECKLIST
        )


def _of_no_topic(records: Iterable[Record], known: tuple[Topic, ...]) -> Iterable[Record]:
    """As `Topic.covers` of all topics, at once: a pack has hundreds of records, and is loaded at each start."""
    patterns = [pattern for topic in known for pattern in topic.records]
    beginnings = tuple(pattern[:-1] for pattern in patterns if pattern.endswith("*"))
    ids = {pattern for pattern in patterns if not pattern.endswith("*")}
    return (record for record in records if record.id not in ids and not record.id.startswith(beginnings))


def _table(topic: Topic) -> Table:
    return Table(CHECKLIST, f"topic {topic.number}", {})
