"""The journal of protocols (хаттамалар журналы): one row a signed case, in the order of signing.

Each row repeats what was signed, is written with the signature and never again. So the journal reads small rows off
an index instead of walking through documents.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection

from app.storage.cases import Document, derived
from app.storage.database import driver

if TYPE_CHECKING:
    from app.storage.chain import Head
    from app.storage.unit_of_work import UnitOfWork

COLUMNS: Final = (
    "seq", "case_id", "year", "entry", "number", "ordinal", "examined_on", "name", "surname_key", "given_key",
    "patronymic_key", "order_key", "iin", "kato", "region", "address", "icd10", "outcome", "period", "due_on",
    "place", "occasion", "commission",
)  # fmt: skip
_ADD: Final = f"INSERT INTO protocols ({', '.join(COLUMNS)}) VALUES ({', '.join(f':{name}' for name in COLUMNS)})"  # noqa: S608
_EVERY: Final = f"SELECT {', '.join(COLUMNS)} FROM protocols ORDER BY seq"  # noqa: S608
_ENTRY: Final = "SELECT coalesce(max(entry), 0) + 1 FROM protocols WHERE year = ?"
_ORDINAL: Final = "SELECT ordinal FROM cases WHERE id = ?"
# Kazakhstan has one time, UTC+5: the year of a protocol doesn't depend on a laptop's zone.
_KAZAKHSTAN: Final = timedelta(hours=5)


def year_of(signed_at: datetime) -> int:
    """In which year's journal a protocol stands; `signed_at` in UTC."""
    return (signed_at + _KAZAKHSTAN).year


def add(work: "UnitOfWork", head: "Head", case_id: str, number: str, document: Document) -> None:
    """Enter the case that is being signed; `head` is the audit row of its signing."""
    year = year_of(work.now)
    entry = driver(work.connection).execute(_ENTRY, (year,)).fetchone()[0]
    ordinal = driver(work.connection).execute(_ORDINAL, (case_id,)).fetchone()[0]
    row = row_of(document, seq=head.seq, case_id=case_id, year=year, entry=entry, number=number, ordinal=ordinal)
    driver(work.connection).execute(_ADD, row)


def row_of(document: Document, **placed: object) -> dict[str, Any]:
    """The row of a signed document; `placed`: what the document doesn't say of itself."""
    columns = derived(document)
    address = (document.get("person") or {}).get("address") or {}
    period = (document.get("decision") or {}).get("period") or {}
    parts = [part for key in ("kind", "value") if (part := period.get(key)) is not None]
    commission = (document.get("examination") or {}).get("commission") or []
    return {
        **{name: columns[name] for name in COLUMNS if name in columns},
        **placed,
        "kato": address.get("kato"),
        "address": address.get("text"),
        "period": ":".join(str(part) for part in parts) or None,
        "commission": ", ".join(member.get("name") or "" for member in commission),
    }


def every(connection: Connection) -> Iterator[dict[str, Any]]:
    """All rows, in order."""
    for row in driver(connection).execute(_EVERY):
        yield dict(zip(COLUMNS, row, strict=True))
