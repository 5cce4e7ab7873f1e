"""Who compared which record of a pack with the official text: the ledger `signoffs.toml`.

A sign-off names a record and the SHA-256 of what the record says. It makes the record's status `verified` and its
place the place that was found in the official text. As soon as the record says something else the sign-off lapses:
the status is again the one of its `cite`. No record can call itself verified.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from app.domain.text import LANGUAGES, N_, LocalText, Text
from app.domain.vocabulary import Status
from app.rules.records import UNCITED, Contents, Record, cited_records, rows_above
from app.rules.source import Table, optional_date

SIGNOFFS: Final = "signoffs.toml"
_NAMING: Final = ("outcome", "period", "name", "short")  # sections of words.toml that name what records refer to


@dataclass(frozen=True, slots=True)
class SignOff:
    """One entry of the ledger. `content`: 64 hex digits, see `digest`; `place` in the official text.

    `above`: the rows that stood above it, where the first row that holds is taken; None in other tables.
    """

    record: str
    by: str
    on: date
    place: LocalText
    content: str
    above: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """A record and what the ledger says of it: a sign-off that holds, one that lapsed since the record changed, none.

    `content`, `above`: what a sign-off of the record as it is now would name.
    """

    record: Record
    content: str
    sign_off: SignOff | None
    lapsed: SignOff | None
    above: tuple[str, ...] | None = None

    @property
    def moved(self) -> tuple[str, ...]:
        """Rows that came above it since it was signed off (+), and those that stand there no more (−)."""
        then = self.sign_off.above if self.sign_off else None
        if then is None or self.above is None:
            return ()
        return (*(f"+{row}" for row in self.above if row not in then),
                *(f"−{row}" for row in then if row not in self.above))  # fmt: skip


def digest(record: Record, contents: Contents) -> str:
    """SHA-256 in hex of what a record says: every value of it except how sure its citation is.

    To it belongs what it refers to and what has no sign-off of its own: the act that it cites with its names and its
    edition, the facts of the groups that it names, the words for outcomes, periods and things. When these change, the
    record says something else. Parameters, facts and degrees are records with sign-offs of their own.
    """
    head, facts = contents.get("pack.toml", {}), contents.get("facts.toml", {})
    cite = record.content.get("cite")
    known = contents.get("decisions.toml", {}).get("group", {})
    strings = set(_strings(record.content))
    said = {
        "record": record.id, "says": _plain(record.content),
        "act": _get(head, "act", cite[0] if isinstance(cite, list) and cite else ""),
        "groups": {name: known[name] for name in _named_groups(record.content) if name in known}
        if isinstance(known, dict) else {},
        "words": {section: _named_words(_get(contents, "words.toml", section), strings) for section in _NAMING},
        # Its wording of “nothing found” stands for degree 0 of every scale.
        "none": facts.get("generic_none") if record.table == "generic" else None,
    }  # fmt: skip
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)


def _named_words(words: Any, strings: set[str]) -> dict[str, Any]:
    """The words of a section that some strings name: `years` those of one and of five years too (`years_5`)."""
    if not isinstance(words, dict):
        return {}
    named = {word for word in words if word in strings or word.removeprefix("level.") in strings}
    return {word: text for word, text in words.items() if word in named or word.rpartition("_")[0] in named}


def _get(table: Any, *keys: Any) -> Any:
    for key in keys:
        table = table.get(key) if isinstance(table, Mapping) and isinstance(key, str) else None
    return table


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: inner[:2] if key == "cite" and isinstance(inner, list) else _plain(inner)
                for key, inner in value.items()}  # fmt: skip
    return [_plain(inner) for inner in value] if isinstance(value, list) else value


def _named_groups(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "group" and isinstance(inner, str):
                yield inner
            elif key == "some" and isinstance(inner, list):
                yield from (name for name in inner if isinstance(name, str))
            else:
                yield from _named_groups(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _named_groups(inner)


def read(contents: Contents) -> tuple[SignOff, ...]:
    """The ledger of a pack, in its order; empty where it has none. UserError for an entry that is not whole."""
    content = contents.get(SIGNOFFS)
    if content is None:
        return ()
    table = Table(SIGNOFFS, "sign_off", content)
    entries: list[SignOff] = []
    for record in table.tables("sign_off", lambda entry: f"{entry.get('record')} {entry.get('content')}", dated=False):
        on = optional_date(record, "on")
        place = Table(SIGNOFFS, record.record, record.take("place", dict))
        entry = SignOff(record.take("record", str), record.take("by", str), on or date.min, place.local(),
                        record.take("content", str),
                        tuple(record.list_of("above", str)) if record.has("above") else None)  # fmt: skip
        place.done()
        if on is None:
            raise record.refuse(N_("the key “{key}” is missing. Add it."), key="on")
        if not entry.by.strip() or not all(text.strip() for text in (entry.place.kk, entry.place.ru, entry.place.en)):
            raise record.refuse(
                N_("the name or a place is empty. Withdraw this sign-off and sign the record off again.")
            )
        if len(entry.content) != 64 or set(entry.content) - set("0123456789abcdef"):
            raise record.refuse(N_("“content” is no SHA-256. Withdraw this sign-off and sign the record off again."))
        record.done()
        entries.append(entry)
    table.done()
    return tuple(entries)


def words(standing: Standing) -> Text | None:
    """What the ledger says of a record, in a sentence; None where it says nothing."""
    entry = standing.sign_off or standing.lapsed
    if entry is None:
        return None
    sentence = (N_("verified by {by} on {on}: {place}") if standing.sign_off
                else N_("changed since its sign-off by {by} on {on}: {place}"))  # fmt: skip
    said = Text(sentence, {"by": entry.by, "on": entry.on, "place": entry.place})
    if not standing.moved:
        return said
    return Text(
        N_("{said}. Other rows stand above it since then ({rows}); the first that holds is taken. Compare it again."),
        {"said": said, "rows": ", ".join(standing.moved)},
    )


def as_toml(entries: Iterable[SignOff]) -> str:
    """The ledger as it stands in its file."""
    lines = []
    for entry in entries:
        place = ", ".join(f"{language} = {_quoted(entry.place.of(language))}" for language in LANGUAGES)
        lines += ["", "[[sign_off]]", f"record = {_quoted(entry.record)}", f"by = {_quoted(entry.by)}"]
        lines += [f"on = {entry.on.isoformat()}", f"place = {{ {place} }}", f"content = {_quoted(entry.content)}"]
        if entry.above is not None:
            lines.append(f"above = [{', '.join(map(_quoted, entry.above))}]")
    return "".join(f"{line}\n" for line in lines)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # TOML's strings are JSON's, once control characters are out


def standing(contents: Contents) -> tuple[Standing, ...]:
    """Each cited record of a pack, in the order of the files, with its sign-off, or with the one that has lapsed."""
    entries = read(contents)
    records = [(record, digest(record, contents)) for record in cited_records(contents)]
    known = {(record.id, content) for record, content in records}
    valid = {(entry.record, entry.content): entry for entry in entries}
    lapsed = {entry.record: entry for entry in entries if (entry.record, entry.content) not in known}
    above = rows_above([record for record, _ in records])
    return tuple(Standing(record, content, found := valid.get((record.id, content)),
                          None if found else lapsed.get(record.id), above.get(id(record.content)))
                 for record, content in records)  # fmt: skip


def of_no_record(contents: Contents) -> tuple[SignOff, ...]:
    """Entries of the ledger whose record is no more in the pack."""
    ids = {record.id for record in cited_records(contents)}
    return tuple(entry for entry in read(contents) if entry.record not in ids)


def applied(contents: Contents) -> Contents:
    """The same pack with each record that has a valid sign-off cited as verified, at the place that was found."""
    entries = {(entry.record, entry.content): entry for entry in read(contents)}
    if not entries:
        return contents
    fresh = {file: content if file in UNCITED else _copied(content) for file, content in contents.items()}
    named = {record for record, _ in entries}
    for record in cited_records(fresh):
        entry = entries.get((record.id, digest(record, contents))) if record.id in named else None
        cite = record.content["cite"]
        if entry is not None and isinstance(cite, list) and len(cite) == 3:
            # A wording where a pack can only have text: `Acts.cite` takes it for a sign-off, and no file can feign it.
            record.content["cite"] = [cite[0], cite[1], Status.VERIFIED.value, entry.place]
    return fresh


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copied(inner) for key, inner in value.items()}
    return [_copied(inner) for inner in value] if isinstance(value, list) else value
