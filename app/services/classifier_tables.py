"""Importing official tables of classifiers, and the lists that come of them."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from app.domain.classifier_table import LARGEST, Classifier, Refusal, Stopped, Table, Tell, read_table
from app.domain.errors import Cancelled, CheckFailed, KnownError, UserError
from app.domain.system import refusal
from app.domain.text import LANGUAGES, N_, LocalText, Text
from app.services.classifiers import Classifiers, Imported
from app.services.workplace import Workplace

if TYPE_CHECKING:
    from app.services.replay import Replay
    from app.storage.classified import Classified
    from app.storage.database import Connection

KIND: Final = "classifier"
"""Entries: one a classifier, of which languages, rows and digest are kept, so that `verify` notices a change."""


@dataclass(frozen=True, slots=True)
class TableFile:
    """A table that was read and not yet imported. `digest`: SHA-256 of the file, in hex."""

    table: Table
    digest: str


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import does, or did, to the codes of a language. `gone`: codes that left the table and stay known."""

    kind: Classifier
    languages: tuple[str, ...]
    new: int
    changed: int
    unchanged: int
    gone: int
    refused: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True)
class LoadedTable:
    """What is loaded of a classifier in one language."""

    kind: Classifier
    language: str
    rows: int
    at: datetime
    by: str


class ClassifierService:
    """`lists` is what screens look up; loaded on the worker, and anew after each import."""

    def __init__(self, place: Workplace) -> None:
        from app.storage import entries

        self._place = place
        with place.database.reading() as connection:
            places = entries.find(connection, KIND, Classifier.KATO) is not None
        self.lists = Classifiers(self._imported, has_places=places)

    def loaded(self) -> tuple[LoadedTable, ...]:
        """The tables that were imported, by classifier and language."""
        from app.storage import entries, users
        from app.storage.unit_of_work import read_time

        with self._place.database.reading() as connection:
            found = entries.of_kind(connection, KIND)
            names = {row.id: row.name for row in users.everybody(connection)}
        return tuple(
            LoadedTable(Classifier(kind), language, one["rows"], read_time(one["at"]), names.get(one["by"], ""))
            for kind, record in found.items()
            for language, one in record["languages"].items()
        )

    def read(self, path: Path, tell: Tell = lambda _: None, stopped: Stopped = lambda: False) -> TableFile:
        """Read and check a file; nothing is written. UserError for what can't be a table; Cancelled once `stopped`."""
        try:
            size = path.stat().st_size
            if size > LARGEST:
                sentence = N_("The file has {n} MB: the official tables have a few. Nothing was imported.")
                raise UserError(Text(sentence, {"n": size // (1024 * 1024)}))
            with path.open("rb") as file:
                content = file.read(LARGEST + 1)
        except OSError as error:
            sentence = N_("The file can't be read: {reason}. Check that it is there and may be read.")
            raise KnownError(Text(sentence, {"reason": refusal(error)})) from error
        if len(content) > LARGEST:  # it grew, or is no plain file
            raise UserError(Text(N_("The file is larger than any official table. Nothing was imported.")))
        return TableFile(read_table(content, tell, stopped), hashlib.sha256(content).hexdigest())

    def preview(self, file: TableFile, language: str | None = None) -> ImportReport:
        """What importing it would do. UserError where the table speaks against the language."""
        table = file.table.named(language)
        with self._place.database.reading() as connection:
            return _compare(connection, table)[0]

    def take(
        self, file: TableFile, language: str | None = None, *, tell: Tell = lambda _: None,
        stopped: Stopped = lambda: False,
    ) -> ImportReport:  # fmt: skip
        """Import it in one transaction, then load the lists anew. Cancelled once `stopped`: all is as it was."""
        from app.storage import classified, entries
        from app.storage.unit_of_work import written_time

        table = file.table.named(language)
        tell(Text(N_("Writing the names")))
        with self._place.begin() as work:
            report, rows = _compare(work.connection, table)
            classified.put(work, table.kind, rows)
            if stopped():
                raise Cancelled
            total, digest = classified.digest(work.connection, table.kind)
            before = entries.find(work.connection, KIND, table.kind) or {"languages": {}}
            one = {"rows": len(table.rows), "source": file.digest, "at": written_time(work.now),
                   "by": self._place.user.id}  # fmt: skip
            languages = {**before["languages"], **dict.fromkeys(table.languages, one)}
            record = {"languages": languages, "rows": total, "digest": digest}
            entries.put(work, KIND, table.kind, record, screen="classifiers")
            if stopped():
                raise Cancelled
            work.commit()
        tell(Text(N_("Making the lists to search in")))
        self.lists.load(anew=True)
        return report

    def _imported(self) -> Imported:
        from app.storage import classified

        with self._place.database.reading() as connection:
            found = {
                kind: {
                    row.code: (LocalText(kk=row.kk, ru=row.ru, en=row.en), row.parent, bool(row.valid))
                    for row in classified.of_kind(connection, kind)
                }
                for kind in Classifier
            }
        return Imported(icd10=found[Classifier.ICD10], places=found[Classifier.KATO])


def _compare(connection: "Connection", table: Table) -> tuple[ImportReport, list["Classified"]]:
    """What the table changes, and the rows to write for it."""
    from app.storage import classified

    bits = sum(classified.BITS[language] for language in table.languages)
    stored = {row.code: row for row in classified.of_kind(connection, table.kind)}
    new = changed = unchanged = gone = 0
    rows: list[Classified] = []
    for row in table.rows:
        old = stored.pop(row.code, None)
        base = old or classified.Classified(row.code, "", "", "", "", 0)
        valid = base.valid | bits if row.valid else base.valid & ~bits
        names = {lang: row.names.get(lang) or getattr(base, lang) for lang in LANGUAGES}
        fresh = base._replace(parent=row.parent or base.parent, valid=valid, **names)
        if old is None:
            new += 1
        elif fresh == old:
            unchanged += 1
            continue
        else:
            changed += 1
        rows.append(fresh)
    for old in stored.values():
        if old.valid & bits:
            gone += 1
            rows.append(old._replace(valid=old.valid & ~bits))
    return ImportReport(table.kind, table.languages, new, changed, unchanged, gone, table.refused), rows


def check_classified(connection: "Connection", told: "Replay") -> None:
    """The codes of each classifier are those of the last import that the audit trail tells of."""
    from app.storage import classified

    imported: Mapping[str, dict[str, Any]] = {
        path.partition("/")[2]: record for path, (record, _) in told.entries.items() if path.startswith(f"{KIND}/")
    }
    for kind in sorted({*imported, *classified.kinds(connection)}):
        record = imported.get(kind)
        if record is None or (record["rows"], record["digest"]) != classified.digest(connection, kind):
            sentence = N_("The classifier {kind} was changed after it was imported. Import the official table again.")
            raise CheckFailed(Text(sentence, {"kind": kind}))
