"""The duckdb file of an index: opened, and checked to be one, whoever made it.

Tables: ``meta`` (key, value), ``units`` (id, hash of the folded text, words, salt, source, line,
shingles as little-endian uint32 in order; none where the text is too short for near-duplicates),
``bands`` (band, key, id) and ``runs`` (the name of a run, and which ids its units have; older
indexes lack it).
"""

# mypy: disable-error-code="import-untyped"

from __future__ import annotations

import json
import os
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb

VERSION = 2

_META = {"key": "VARCHAR", "value": "VARCHAR"}
_UNITS = {
    "id": "BIGINT",
    "text_one": "UBIGINT",
    "text_two": "UBIGINT",
    "words": "UINTEGER",
    "salt": "UBIGINT",
    "essence": "UBIGINT",
    "cases": "UBIGINT",
    "source": "VARCHAR",
    "line": "BIGINT",
    "shingles": "BLOB",
}
_BANDS = {"band": "UTINYINT", "key": "UINTEGER", "id": "BIGINT"}
_RUNS = {"run": "VARCHAR", "first": "BIGINT", "beyond": "BIGINT"}
_TABLES = {"meta": _META, "units": _UNITS, "bands": _BANDS, "runs": _RUNS}

_PERMUTATIONS = 128

# How often a file that another process holds is tried, and after how many seconds each time.
_PATIENCE = 100
_PAUSE = 0.1


class IndexRefusedError(ValueError):
    """The file is no index, a damaged one, or one made with other parameters."""


def connect(path: Path, memory: int) -> duckdb.DuckDBPyConnection:
    """Open a database; IndexRefusedError where there is none that can be opened."""
    import duckdb

    if not path.is_file():
        raise IndexRefusedError(f"there is no index at {path}")
    with refusing(path):
        for patience in reversed(range(_PATIENCE)):
            try:
                base = duckdb.connect(str(path))
                break
            except duckdb.IOException as error:
                # Another run holds it, which takes as long as it reads or writes.
                if not patience or "lock" not in str(error):
                    raise
                time.sleep(_PAUSE)
        base.execute(f"set memory_limit = '{max(memory // 2**20, 64)}MiB'")
    return base


def make_index(path: Path, values: Mapping[str, Any]) -> None:
    """Make an empty index with these parameters, whole or not at all."""
    import duckdb

    unnamed = path.with_name(f"{path.name}.{secrets.token_hex(8)}.part")
    try:
        with refusing(path):
            with duckdb.connect(str(unnamed)) as base:
                make_tables(base, values)
            with unnamed.open("rb") as written:
                os.fsync(written.fileno())
            os.replace(unnamed, path)
    except BaseException:
        for left in (unnamed, unnamed.with_name(f"{unnamed.name}.wal")):
            left.unlink(missing_ok=True)
        raise


def shut_in(base: duckdb.DuckDBPyConnection) -> None:
    """Let what the database holds (views, computed columns) reach no other file."""
    base.execute("set enable_external_access = false")


@contextmanager
def refusing(path: Path) -> Iterator[None]:
    """Raise IndexRefusedError where duckdb finds fault with the file at `path`."""
    import duckdb

    try:
        yield
    except (duckdb.Error, OSError) as error:
        said = (str(error).splitlines() or [type(error).__name__])[0]
        raise IndexRefusedError(f"cannot use {path} as an index: {said}") from error


def make_tables(base: duckdb.DuckDBPyConnection, values: Mapping[str, Any]) -> None:
    """Make the tables that are missing; `values` stand in the table ``meta`` if that is new."""
    held = _tables_of(base)
    base.execute("begin")
    for name, columns in _TABLES.items():
        if name not in held:
            typed = ", ".join(f"{column} {kind}" for column, kind in columns.items())
            base.execute(f"create table {name} ({typed})")
    if "meta" not in held:
        rows = [[key, json.dumps(value)] for key, value in values.items()]
        base.executemany("insert into meta values (?, ?)", rows)
    base.execute("commit")


def parameters_in(base: duckdb.DuckDBPyConnection, path: Path) -> dict[str, Any]:
    """Return the parameters of the index; IndexRefusedError where the database is none."""
    held = _tables_of(base)
    if held not in (_TABLES, {name: _TABLES[name] for name in ("meta", "units", "bands")}):
        raise IndexRefusedError(f"{path} is a database, but no index of cleaner")
    try:
        rows = base.execute("select key, value from meta").fetchall()
        found: dict[str, Any] = {key: json.loads(value) for key, value in rows}
    except (ValueError, TypeError, RecursionError) as error:
        raise IndexRefusedError(f"{path} is damaged: its parameters cannot be read") from error
    if found.get("version") != VERSION:
        raise IndexRefusedError(
            f"{path} has index version {found.get('version')}; this is version {VERSION}"
        )
    counts = [found.get(key) for key in ("shingle", "bands", "rows")]
    if (
        any(type(count) is not int or not 0 < count <= _PERMUTATIONS for count in counts)
        or found["bands"] * found["rows"] > _PERMUTATIONS
        or (found.get("permutations"), found.get("seed")) != (_PERMUTATIONS, 1)
    ):
        raise IndexRefusedError(f"{path} is damaged: its parameters cannot be")
    return found


def _tables_of(base: duckdb.DuckDBPyConnection) -> dict[str, dict[str, str]]:
    """Return the columns of each table, with their types; of a view, none."""
    found: dict[str, dict[str, str]] = {}
    names = base.execute(
        "select table_name, table_type from information_schema.tables "
        "where table_catalog = current_database()"
    ).fetchall()
    for name, kind in names:
        found[name] = {}
        if kind == "BASE TABLE":
            columns = base.execute(
                "select column_name, data_type from information_schema.columns "
                "where table_catalog = current_database() and table_name = ? "
                "order by ordinal_position",
                [name],
            ).fetchall()
            found[name] = dict(columns)
    return found
