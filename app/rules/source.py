"""Tables of a pack's files whose every key is accounted for, and the acts and places that records cite."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, Final

from app.domain.case_fields import shown
from app.domain.errors import UserError
from app.domain.proposal import Citation
from app.domain.text import LANGUAGES, N_, LocalText, Text
from app.domain.vocabulary import Status

RECORD_LIMIT, NAME_LIMIT, NAMES_SHOWN = 5_000, 120, 40
_PLACEHOLDER: Final = re.compile(r"\{[a-z_]+\}")  # nothing else of Python's formats: those reach far
_CONTROLS: Final = frozenset(chr(code) for code in (*range(32), *range(127, 160)))


def refuse(file: str, record: str | None, msgid: str, /, **params: object) -> UserError:
    """A refusal that names file and record; the sentence itself says how to mend it."""
    where = f"{file}, {record}" if record else file
    return UserError(Text(N_("Rule pack, {where}: {what}"), {"where": where, "what": Text(msgid, params)}), where=where)


def names_known(name: object, known: Iterable[str]) -> str:
    """The names that may stand where an unknown one stands, the likest first; a long list is cut short."""
    from difflib import SequenceMatcher

    like = sorted(known, key=lambda other: (-SequenceMatcher(None, str(name)[:NAME_LIMIT], other).quick_ratio(), other))
    return ", ".join(like[:NAMES_SHOWN]) + (", …" if len(like) > NAMES_SHOWN else "") or "–"


_KINDS: Final[Mapping[type, str]] = {
    int: N_("a whole number"), str: N_("a text in quotes"), bool: N_("true or false"),
    list: N_("a list in square brackets"), dict: N_("a table of key = value"),
    date: N_("a day as 2027-01-01, without quotes"), float: N_("a number"),
}  # fmt: skip


def _kind_named(kind: type[Any] | tuple[type[Any], ...]) -> Text:
    """The types that a value may have, in words."""
    kinds = kind if isinstance(kind, tuple) else (kind,)
    named = [Text(_KINDS[each], {}) for each in kinds if each is not int or float not in kinds]
    found = named[0]
    for other in named[1:]:
        found = Text(N_("{one} or {other}"), {"one": found, "other": other})
    return found


class Table:
    """One table of a file. Each key is taken once; what is left over when it is `done` is refused."""

    def __init__(self, file: str, record: str, content: object) -> None:
        self.file, self.record = file, record
        if not isinstance(content, dict):
            raise self.refuse(N_("a table was expected here. Write it as key = value."))
        self._content = content
        self._taken: set[str] = set()

    def refuse(self, msgid: str, /, **params: object) -> UserError:
        """A refusal of this very record."""
        return refuse(self.file, self.record, msgid, **params)

    def take(self, key: str, kind: type[Any] | tuple[type[Any], ...], default: Any = ...) -> Any:
        """The value of a key, of a given type; `default` (if one is given) where it is absent."""
        self._taken.add(key)
        value = self._content.get(key, default)
        if value is ...:
            raise self.refuse(N_("the key “{key}” is missing. Add it."), key=key)
        if value is default and key not in self._content:
            return default
        if not isinstance(value, kind) or (isinstance(value, bool) and kind in (int, (int, float))):
            raise self.refuse(
                N_("“{key}” is {value}, but {kind} is needed there. Correct it."),
                key=key, value=shown(value), kind=_kind_named(kind),
            )  # fmt: skip
        return value

    def list_of(self, key: str, kind: type[Any], default: Any = ...) -> list[Any]:
        """A list whose every entry is of one type."""
        found: list[Any] = self.take(key, list, default)
        for entry in found:
            if type(entry) is not kind:
                raise self.refuse(
                    N_("“{key}” holds {value}, but each entry must be {kind}. Correct it."),
                    key=key, value=shown(entry), kind=_kind_named(kind),
                )  # fmt: skip
        return found

    def number(self, key: str, least: int, most: int) -> int:
        """A whole number within bounds, both included."""
        found: int = self.take(key, int)
        if not least <= found <= most:
            raise self.refuse(
                N_("“{key}” must be a whole number from {least} to {most}. Correct it."),
                key=key, least=least, most=most,
            )  # fmt: skip
        return found

    def one_of(self, key: str, allowed: Iterable[str], default: Any = ...) -> Any:
        """A text out of a closed list."""
        value, known = self.take(key, str, default), list(allowed)
        if value is not default and value not in known:
            raise self.refuse(
                N_("“{value}” is not known as “{key}”. Known are: {known}. Correct it."),
                value=value,
                key=key,
                known=", ".join(known),
            )
        return value

    def local(self) -> LocalText:
        """The wording in three languages, of this very table."""
        found = {language: self.take(language, str) for language in LANGUAGES}
        for language, words in found.items():
            if not _CONTROLS.isdisjoint(words):
                raise self.refuse(
                    N_(
                        "the wording in “{language}” holds a control character. Take it out: a text stands on one line."
                    ),
                    language=language,
                )
            if not {"{", "}"}.isdisjoint(_PLACEHOLDER.sub("", words)):
                raise self.refuse(
                    N_("the wording in “{language}” has a curly bracket without a placeholder in it."
                       " Write placeholders as other records do, or take the bracket out."), language=language,
                )  # fmt: skip
        return LocalText(**found)

    def tables(self, key: str, name: Callable[[dict[str, Any]], Any], *, dated: bool = True) -> "list[Table]":
        """The records of an array of tables, each named by `name` or by its place; doubled names are refused.

        `dated`: each may have `valid_from` and `valid_to`; `app.rules.slices` has read them, and left out the others.
        """
        records, seen = [], set()
        if len(self.take(key, list, [])) > RECORD_LIMIT:
            raise self.refuse(N_("it has more than {most} records “{key}”. Check that it is the right file."),
                              key=key, most=RECORD_LIMIT)  # fmt: skip
        for position, content in enumerate(self.take(key, list, []), start=1):
            named = name(content) if isinstance(content, dict) else None
            if isinstance(named, str) and not (named.isprintable() and 0 < len(named) <= NAME_LIMIT):
                raise refuse(self.file, f"{key} {position}", N_(
                    "its id is empty, too long, or holds a character that can't be seen. Correct it."))  # fmt: skip
            record = f"{key} {named or position}"
            if named and record in seen:
                raise refuse(
                    self.file, record,
                    N_("this record stands twice on the same days. Keep one of them, or let the first end (valid_to)"
                       " before the second begins (valid_from).")
                    if dated else N_("this record stands twice. Keep one of them."),
                )  # fmt: skip
            seen.add(record)
            table = Table(self.file, record, content)
            if dated:
                table.take("valid_from", object, None)
                table.take("valid_to", object, None)
            records.append(table)
        return records

    def names(self) -> list[str]:
        """The keys of this table, in their order; none of them counts as taken."""
        return list(self._content)

    def has(self, key: str) -> bool:
        """Whether a key stands here; it does not count as taken."""
        return key in self._content

    def done(self) -> None:
        """Refuse whatever nobody took."""
        for key in self._content:
            if key not in self._taken:
                raise self.refuse(
                    N_("the key “{key}” is not known. Known here: {known}. Take it out or correct it."),
                    key=key,
                    known=", ".join(sorted(self._taken)),
                )


class Acts:
    """The acts and places that records cite. Remembers what was cited, so that the unused can be refused."""

    def __init__(self, table: Table) -> None:
        self._acts: dict[str, tuple[LocalText, str]] = {}
        self._places: dict[str, LocalText] = {}
        self._used: set[str] = set()
        self.citations: list[Citation] = []
        self._made: dict[tuple[str, str | LocalText, str], Citation] = {}
        self._table = table
        for act_id, content in table.take("act", dict).items():
            act = Table(table.file, f"act {act_id}", content)
            self._acts[act_id] = (act.local(), act.take("edition", str))
            act.done()
        for place_id, content in table.take("place", dict).items():
            place = Table(table.file, f"place {place_id}", content)
            self._places[place_id] = place.local()
            place.done()

    def cite(self, record: Table) -> Citation:
        """The citation of a record: `cite = [act, place, status]`. UserError where it is missing or leads nowhere."""
        if not record.has("cite"):
            raise record.refuse(N_('the record is not cited. Add cite = ["act", "place", "status"].'))
        parts = record.take("cite", list)
        found = parts[3] if len(parts) == 4 and isinstance(parts[3], LocalText) else None  # a sign-off: see `signoffs`
        act, place, status = parts[:3] if found or len(parts) == 3 else ("", "", None)
        if not all(isinstance(part, str) for part in (act, place, status)):
            raise record.refuse(N_('the citation is not ["act", "place", "status"]. Write all three.'))
        if act not in self._acts:
            raise record.refuse(
                N_("the act “{act}” is not in pack.toml. Add it there or correct the citation. Known are: {known}."),
                act=act,
                known=names_known(act, self._acts),
            )
        if place not in self._places:
            raise record.refuse(
                N_(
                    "the place “{place}” is not in pack.toml. Add it there or correct the citation. Known are: {known}."
                ),
                place=place,
                known=names_known(place, self._places),
            )
        if status not in set(Status):
            raise record.refuse(N_("the status “{status}” is not known. Write seen or memory."), status=status)
        if status == Status.VERIFIED and found is None:
            raise record.refuse(
                N_(
                    "a record can't call itself verified. Write seen or memory, then sign it off"
                    " with the command: saraptama pack sign-off."
                )
            )
        self._used |= {f"act {act}", f"place {place}"}
        key = (act, found or place, status)
        if key not in self._made:
            name, edition = self._acts[act]
            self._made[key] = Citation(name, found or self._places[place], edition, Status(status))
            self.citations.append(self._made[key])
        return self._made[key]

    def refuse_unused(self) -> None:
        """Refuse an act or a place that no record cites."""
        for name in [*(f"act {act}" for act in self._acts), *(f"place {place}" for place in self._places)]:
            if name not in self._used:
                raise refuse(self._table.file, name, N_("no record cites it. Take it out or cite it."))


def optional_date(table: Table, key: str) -> date | None:
    """The day of a key, None where it is absent; UserError for anything else, a time of day too."""
    value = table.take(key, date, None)
    return value if value is None or type(value) is date else _not_a_day(table, key)


def _not_a_day(table: Table, key: str) -> date:
    raise table.refuse(N_("the value of “{key}” is not a day. Write it as YYYY-MM-DD without a time."), key=key)
