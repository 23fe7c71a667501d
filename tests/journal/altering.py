"""A journal as rows, to be changed and written again by somebody who wishes its reader ill."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from cleaner.journal.tables import EDITS, FILES, RECORDS, Table

TABLES = {"edits": EDITS, "records": RECORDS, "files": FILES}

Rows = list[dict[str, Any]]


def run_of(out: Path) -> dict[str, str]:
    """Return what describes the run."""
    metadata = pq.read_metadata(out / EDITS.path).metadata or {}
    return {key.decode(): value.decode() for key, value in metadata.items()}


def rows_of(out: Path) -> dict[str, Rows]:
    """Return the rows of each table."""
    return {name: pq.read_table(out / table.path).to_pylist() for name, table in TABLES.items()}


def rewrite(out: Path, rows: dict[str, Rows], run: dict[str, str] | None = None) -> None:
    """Write the tables again; a value of another type changes the type of its column."""
    run = run_of(out) if run is None else run
    for name, table in TABLES.items():
        write_columns(out, table, [*columns_of(rows[name], table).items()], run)


def columns_of(rows: Rows, table: Table) -> dict[str, pa.Array]:
    """Return the columns of rows; one that no row has is missing."""
    names = dict.fromkeys(name for row in rows for name in row) if rows else table.schema.names
    return {name: _column([row.get(name) for row in rows], name, table) for name in names}


def _column(values: list[Any], name: str, table: Table) -> pa.Array:
    kind = table.schema.field(name).type if name in table.schema.names else None
    for attempt in (
        lambda: pa.array(values, kind),
        lambda: pa.array(values),
        lambda: pa.array(
            [None if v is None else str(v).encode("utf-8", "replace") for v in values]
        ),
    ):
        try:
            return attempt()
        except (pa.ArrowException, TypeError, ValueError, OverflowError):
            continue
    raise AssertionError(values)


def write_columns(
    out: Path,
    table: Table,
    columns: list[tuple[str, pa.Array]],
    run: dict[str, str],
    **options: Any,
) -> None:
    """Write a table of any columns, of which several may have one name."""
    fields = []
    for name, column in columns:
        nullable = column.null_count > 0
        if name in table.schema.names:
            nullable |= table.schema.field(name).nullable
        fields.append(pa.field(name, column.type, nullable=nullable))
    schema = pa.schema(fields)
    given = {
        "use_dictionary": [name for name in table.short if name in schema.names],
        "compression": "zstd",
        "store_schema": False,
        **options,
    }
    with pq.ParquetWriter(out / table.path, schema, **given) as writer:
        writer.write_table(pa.Table.from_arrays([column for _, column in columns], schema=schema))
        writer.add_key_value_metadata(run)
