"""Official tables of classifiers as files: which table a file is, in which language, and what of it can be taken.

Nothing of a file is trusted: what isn't in the form of the table is refused row by row with its line, and a file that
can't be the table at all is refused as a whole. Reads text with one row a line, cells divided by `;`, `,` or a tab.
"""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from app.domain.errors import Cancelled, UserError
from app.domain.icd10 import has_form, is_heading, normal_code
from app.domain.text import LANGUAGES, N_, Text, for_terminal


class Classifier(StrEnum):
    """The tables that can be imported."""

    ICD10 = "icd10"
    KATO = "kato"


NAMES: Final[Mapping[Classifier, str]] = MappingProxyType(
    {Classifier.ICD10: N_("ICD-10"), Classifier.KATO: N_("КАТО, the classifier of places")}
)
IN_LANGUAGE: Final[Mapping[str, str]] = MappingProxyType(
    {"kk": N_("in Kazakh"), "ru": N_("in Russian"), "en": N_("in English")}
)
LARGEST: Final = 32 * 1024 * 1024
"""Bytes of a file. The official tables have two or three megabytes."""
MOST_ROWS: Final = 200_000
_LONGEST_NAME: Final = 600
_LONG: Final = 100
_SAMPLE: Final = 1_000  # names that tell the language
_EVERY: Final = 500  # rows between two looks at whether to stop

# Names of columns, without blanks, in small letters.
_CODE: Final = {
    Classifier.ICD10: ("mkb_code", "icd10", "icd_code", "code", "код"),
    Classifier.KATO: ("code", "te", "kato", "код"),
}
_ID: Final = ("id",)
_PARENT: Final = ("id_parent", "parent_id", "parent")
_VALID: Final = ("actual",)
_NAME: Final = ("mkb_name", "name", "title", "наименование", "название")
_BY_LANGUAGE: Final[Mapping[str, tuple[str, ...]]] = {
    language: (*short, *(f"{word}_{one}" for word in ("name", "title", "mkb_name") for one in short),
               *(f"{one}_name" for one in short))
    for language, short in {"kk": ("kk", "kz", "kaz"), "ru": ("ru", "rus"), "en": ("en", "eng")}.items()
}  # fmt: skip
_KAZAKH: Final = frozenset("әғқңөұүһі")

Tell = Callable[[Text], None]
Stopped = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Row:
    """One row that can be taken. `names` by language; `valid`: the table itself calls the code in force."""

    code: str
    parent: str
    names: Mapping[str, str]
    valid: bool


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that can't be taken: its line in the file, counted from 1, and why."""

    line: int
    reason: Text


@dataclass(frozen=True, slots=True)
class Table:
    """What a file holds. `languages` those whose names it has; where its columns don't say, the one that its letters
    speak for, and `by_letters` is true."""

    kind: Classifier
    languages: tuple[str, ...]
    by_letters: bool
    rows: tuple[Row, ...]
    refused: tuple[Refusal, ...]

    def named(self, language: str | None) -> "Table":
        """The same for the language that a person chose. UserError where the columns or the letters speak against."""
        if language is None or language in self.languages:
            return self
        known = Text(IN_LANGUAGE[self.languages[0]])
        if not self.by_letters:
            sentence = N_("The columns of this table have names {known}, none {chosen}. Nothing was imported.")
            raise UserError(Text(sentence, {"known": known, "chosen": Text(IN_LANGUAGE[language])}))
        # Kazakh and Russian share most letters: only a long table speaks for one of them beyond doubt.
        if "en" in (language, self.languages[0]) or len(self.rows) >= _LONG:
            sentence = N_("By their letters the names of this table are {known}, not {chosen}. Nothing was imported.")
            raise UserError(Text(sentence, {"known": known, "chosen": Text(IN_LANGUAGE[language])}))
        rows = tuple(Row(r.code, r.parent, {language: r.names[self.languages[0]]}, r.valid) for r in self.rows)
        return Table(self.kind, (language,), True, rows, self.refused)


def read_table(content: bytes, tell: Tell = lambda _: None, stopped: Stopped = lambda: False) -> Table:
    """What the bytes of a file hold. UserError where it can't be one of the tables; Cancelled once `stopped`."""
    lines = _lines(content)
    first = next((at for at, line in enumerate(lines) if line.strip()), None)
    if first is None:
        raise UserError(Text(N_("The file is empty. Nothing was imported.")))
    head, delimiter = _head(lines[first])
    columns = _Columns(head)
    reader = _Reader(columns, delimiter, len(head))
    for at, line in enumerate(lines[first + 1 :], first + 2):
        if at % _EVERY == 0:
            if stopped():
                raise Cancelled
            tell(Text(N_("Reading: line {n} of {of}"), {"n": at, "of": len(lines)}))
        if line.strip():
            reader.take(at, line)
    return reader.table()


class _Columns:
    """Where in a row code, parent and names stand."""

    def __init__(self, head: Sequence[str]) -> None:
        plain = ["".join(cell.split()).casefold() for cell in head]
        doubled = next((cell for cell in plain if cell and plain.count(cell) > 1), None)
        if doubled is not None:
            sentence = N_("Line 1: the column “{name}” stands there twice. Nothing was imported.")
            raise UserError(Text(sentence, {"name": for_terminal(doubled[:40])}))

        def place(names: Iterable[str]) -> int | None:
            return next((plain.index(name) for name in names if name in plain), None)

        self.names = {lang: at for lang in LANGUAGES if (at := place(_BY_LANGUAGE[lang])) is not None}
        self.plain_name = None if self.names else place(_NAME)
        self.id, self.parent, self.valid = place(_ID), place(_PARENT), place(_VALID)
        medical = place(("mkb_code", "icd10", "icd_code"))
        code = place(_CODE[Classifier.ICD10]) if medical is not None else place(_CODE[Classifier.KATO])
        if code is None or (self.plain_name is None and not self.names):
            missing = N_("a code (MKB_CODE, code)") if code is None else N_("a name (MKB_NAME, name, kk, ru, en)")
            found = ", ".join(for_terminal(cell)[:30] for cell in head[:12])
            sentence = N_(
                "Line 1 has to name the columns, and {missing} is not among them: {found}. This is not the table of"
                " ICD-10 or of the КАТО. Nothing was imported."
            )
            raise UserError(Text(sentence, {"missing": Text(missing), "found": found}))
        self.code = code


class _Reader:
    """Takes line after line, then says what the table is."""

    def __init__(self, columns: _Columns, delimiter: str, cells: int) -> None:
        self._columns, self._delimiter, self._cells = columns, delimiter, cells
        self._kind: Classifier | None = None
        self._rows: list[tuple[int, str, str, dict[str, str], bool]] = []
        self._lines: dict[str, int] = {}
        self._codes_by_id: dict[str, str] = {}
        self._refused: list[Refusal] = []

    def take(self, number: int, line: str) -> None:
        try:
            (cells,) = csv.reader([line], delimiter=self._delimiter, strict=True)
        except (csv.Error, ValueError):
            self._refuse(number, N_("the line is cut, or a quotation mark is not closed"))
            return
        if len(cells) != self._cells:
            sentence = N_("the line has {n} cells instead of {of}: it is cut, or a divider stands in a name")
            self._refuse(number, sentence, n=len(cells), of=self._cells)
            return
        code = "".join(cells[self._columns.code].split())
        kind = _kind_of(code)
        code = normal_code(code).rstrip("+*†") if kind is Classifier.ICD10 else code
        if kind is None or self._kind not in (None, kind):
            self._refuse(number, N_("“{code}” is not a code of this table"), code=for_terminal(code[:20]))
            return
        names = self._names(cells)
        wrong = _wrong_name(names)
        if wrong is not None:
            self._refuse(number, wrong, code=code, n=_LONGEST_NAME)
            return
        self._kind = kind
        if self._columns.id is not None:
            self._codes_by_id.setdefault(cells[self._columns.id].strip(), code)
        if code in self._lines:
            self._refuse(
                number, N_("the code {code} stands already in line {other}"), code=code, other=self._lines[code]
            )
            return
        if len(self._rows) >= MOST_ROWS:
            raise UserError(Text(N_("The file has more than {n} rows: it is not the table."), {"n": MOST_ROWS}))
        self._lines[code] = number
        parent = cells[self._columns.parent].strip() if self._columns.parent is not None else ""
        valid = self._columns.valid is None or cells[self._columns.valid].strip() != "0"
        self._rows.append((number, code, parent if parent != "0" else "", names, valid))

    def table(self) -> Table:
        if self._kind is None or len(self._rows) <= len(self._refused):
            first = self._refused[0] if self._refused else None
            sentence = N_(
                "Only {n} of {of} rows can be taken: this is not the table, or the file is damaged. The first refusal:"
                " line {line}: {reason}. Nothing was imported."
            )
            if first is None:
                raise UserError(Text(N_("The file has no rows below its first line. Nothing was imported.")))
            told = {"n": len(self._rows), "of": len(self._rows) + len(self._refused), "line": first.line,
                    "reason": first.reason}  # fmt: skip
            raise UserError(Text(sentence, told))
        rows = tuple(self._with_parents(self._kind))
        languages = tuple(self._columns.names)
        if not languages:
            language = _language_of(row.names[""] for row in rows[:: max(1, len(rows) // _SAMPLE)])
            rows = tuple(Row(row.code, row.parent, {language: row.names[""]}, row.valid) for row in rows)
            return Table(self._kind, (language,), True, rows, self._sorted())
        return Table(self._kind, languages, False, rows, self._sorted())

    def _sorted(self) -> tuple[Refusal, ...]:
        return tuple(sorted(self._refused, key=lambda refusal: refusal.line))

    def _with_parents(self, kind: Classifier) -> Iterator[Row]:
        """Rows with their parents' codes; a row whose parents lead nowhere, or round in a circle, is refused."""
        parents: dict[str, str] = {}
        for _, code, parent, _, _ in self._rows:
            if self._columns.parent is None:
                parents[code] = _parent_by_digits(code, self._lines) if kind is Classifier.KATO else ""
            elif self._columns.id is not None:
                parents[code] = self._codes_by_id.get(parent, "?") if parent else ""
            else:
                parents[code] = normal_code(parent) if kind is Classifier.ICD10 else parent
        whole: dict[str, bool] = {"": True}
        for number, code, parent, names, valid in self._rows:
            if _leads_up(code, parents, whole):
                yield Row(code, parents[code], names, valid)
            else:
                sentence = N_("{code} stands below “{parent}”, which the table doesn't have")
                self._refuse(number, sentence, code=code, parent=for_terminal(parent[:20]))

    def _names(self, cells: list[str]) -> dict[str, str]:
        columns = self._columns.names or {"": self._columns.plain_name or 0}
        return {language: " ".join(cells[at].split()) for language, at in columns.items()}

    def _refuse(self, line: int, reason: str, **params: object) -> None:
        self._refused.append(Refusal(line, Text(reason, params)))


def _leads_up(code: str, parents: Mapping[str, str], whole: dict[str, bool]) -> bool:
    way: list[str] = []
    at = code
    while at not in whole and at in parents and at not in way and len(way) < 12:
        way.append(at)
        at = parents[at]
    found = whole.get(at, False)
    whole.update(dict.fromkeys(way, found))
    return found


def _parent_by_digits(code: str, known: Mapping[str, int]) -> str:
    """A КАТО code without its last digits, where the table has such a place."""
    for kept in range(8, 1, -1):
        above = code[:kept].ljust(9, "0")
        if above != code and above in known:
            return above
    return ""


def _kind_of(code: str) -> Classifier | None:
    if code.isascii() and code.isdecimal():
        return Classifier.KATO if len(code) == 9 else None
    normal = normal_code(code)
    return Classifier.ICD10 if has_form(normal) or is_heading(normal) else None


def _wrong_name(names: Mapping[str, str]) -> str | None:
    if not any(names.values()):
        return N_("{code} has no name")
    if any(len(name) > _LONGEST_NAME for name in names.values()):
        return N_("the name of {code} has more than {n} letters: a quotation mark may be missing")
    if any(name != for_terminal(name) or "\ufffd" in name for name in names.values()):
        return N_("the name of {code} holds signs that can't be shown")
    return None


def _language_of(names: Iterable[str]) -> str:
    """The language that the letters of most names speak for."""
    latin = cyrillic = kazakh = 0
    for name in names:
        for letter in name.casefold():
            latin += "a" <= letter <= "z"
            cyrillic += "а" <= letter <= "ӿ"
            kazakh += letter in _KAZAKH
    if latin > cyrillic:
        return "en"
    # In Kazakh texts every tenth letter is one that Russian doesn't have; in Russian lists they come in names alone.
    return "kk" if kazakh * 25 > cyrillic else "ru"


def _head(line: str) -> tuple[list[str], str]:
    delimiter = max(";,\t", key=line.count)
    try:
        (head,) = csv.reader([line], delimiter=delimiter, strict=True)
    except (csv.Error, ValueError) as error:
        raise UserError(
            Text(N_("Line 1 has to name the columns. This file is not a table of a classifier."))
        ) from error
    return head, delimiter


def _lines(content: bytes) -> list[str]:
    """The lines of the file: UTF-8, else windows-1251 (with the Kazakh letters of KZ-1048). UserError for others."""
    if b"\x00" in content[:4096] or content[:2] in (b"PK", b"\xd0\xcf"):
        sentence = N_(
            "This is not a text file. Save the table as CSV in UTF-8 (in Excel: “CSV UTF-8”), then try again."
        )
        raise UserError(Text(sentence))
    try:
        return content.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        return _old_lines(content, 1 + content.count(b"\n", 0, error.start))


def _old_lines(content: bytes, line: int) -> list[str]:
    sample = content[:400_000]
    high = [byte for byte in sample if byte >= 0x80]
    # Letters А to я; a text in UTF-8 or in the old DOS encoding has half of its bytes outside of them.
    if high and sum(byte >= 0xC0 for byte in high) < 0.85 * len(high):
        sentence = N_(
            "Line {n}: the letters are neither UTF-8 nor windows-1251, or the file is damaged there. Save the table as"
            " CSV in UTF-8, then try again. Nothing was imported."
        )
        raise UserError(Text(sentence, {"n": line}))
    return content.decode("kz1048", errors="replace").splitlines()
