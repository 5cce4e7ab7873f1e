"""Conclusions as a table for statistics, without persons: CSV, or Parquet with types.

A row is a conclusion. Of the person stand the year of birth, sex and the first two digits of the КАТО code alone; there
is no number, name, day of birth or text in it. In small places rare diagnoses can still point to somebody: the table is
for those who may see single conclusions.
"""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, text

_COLUMNS: Final[dict[str, tuple[str, type]]] = {
    "region": ("c.region", str),
    "department": ("c.department", str),
    "organisation": ("c.organisation", str),
    "examined_on": ("c.examined_on", str),
    "place": ("c.place", str),
    "occasion": ("c.occasion", str),
    "birth_year": ("substr(c.birth_date, 1, 4)", str),
    "sex": ("c.sex", str),
    "home_region": ("substr(c.kato, 1, 2)", str),
    "icd10": ("c.icd10", str),
    "outcome": ("c.outcome", str),
    "period_kind": ("c.period_kind", str),
    "period_value": ("c.period_value", int),
    "general_capacity": ("c.general", int),
    "professional_capacity": ("c.professional", int),
    "cause": ("c.cause", str),
    "proposed_outcome": ("c.proposed_outcome", str),
    "overridden": ("c.overridden", int),
    "criteria": ("c.pack_version", str),
}


def rows(connection: Connection) -> Iterator[tuple[Any, ...]]:
    """Conclusions that stand, by day and place; no order tells who was first on a day."""
    columns = ", ".join(column for column, _ in _COLUMNS.values())
    found = connection.execute(
        text(
            f"SELECT {columns} FROM conclusions c WHERE NOT EXISTS (SELECT 1 FROM signings s WHERE s.device = c.device"  # noqa: S608
            " AND s.supersedes = c.case_id AND s.state <> 'quarantined')"
            " ORDER BY c.examined_on, c.region, c.department, c.outcome, c.icd10, c.digest"
        )
    )
    for row in found:
        yield tuple(row)


def as_csv(connection: Connection) -> bytes:
    """UTF-8, commas, a head; no cell begins as a formula would."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for row in rows(connection):
        cells = ["" if cell is None else str(cell) for cell in row]
        writer.writerow([f"'{cell}" if cell[:1] in tuple("=+-@\t\r") else cell for cell in cells])
    return out.getvalue().encode()


def write_parquet(connection: Connection, path: Path) -> int:
    """Write the file; how many rows."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    kinds: dict[type, Any] = {str: pa.string(), int: pa.int32()}
    schema = pa.schema([(name, kinds[kind]) for name, (_, kind) in _COLUMNS.items()])
    found = list(rows(connection))
    columns = [pa.array([row[at] for row in found], type=schema.field(at).type) for at in range(len(_COLUMNS))]
    pq.write_table(pa.Table.from_arrays(columns, schema=schema), path, compression="zstd")
    return len(found)
