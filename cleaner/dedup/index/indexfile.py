"""The SQLite file of an index: opened, and checked to be one, whoever made it.

Tables: ``meta`` (parameters, as JSON); ``parts``, some thousands of units each, by the run that
added them: `UNIT` of each, `NEAR` of those long enough for near-duplicates, and the shingles of
these; ``bands``, their band keys, a blob a band, to be looked through without reading the rest.
"""

from __future__ import annotations

import json
import os
import secrets
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import numpy as np

VERSION = 3

_TABLES = {
    "meta": "CREATE TABLE meta (key TEXT, value TEXT)",
    "parts": (
        "CREATE TABLE parts (id INTEGER PRIMARY KEY, run TEXT, sources TEXT, units BLOB, "
        "near BLOB, shingles BLOB)"
    ),
    "bands": (
        "CREATE TABLE bands (part INTEGER, band INTEGER, keys BLOB, PRIMARY KEY (part, band))"
    ),
}

UNIT = np.dtype(
    [
        ("text", "<u8", 2),
        ("words", "<u4"),
        ("source", "<u4"),  # its place in the part's list
        ("salt", "<u8"),
        ("essence", "<u8"),
        ("cases", "<u8"),
        ("line", "<i8"),
    ]
)
NEAR = np.dtype([("row", "<u4"), ("size", "<u4")])  # which unit, and how many shingles it has
HASH = np.dtype("<u4")  # a shingle, or a band's key

_PERMUTATIONS = 128

# For how many seconds a file is waited for that another run reads from or writes into.
_PATIENCE = 10


class IndexRefusedError(ValueError):
    """The file is no index, a damaged one, or one made with other parameters."""


def connect(path: Path) -> sqlite3.Connection:
    """Open a database; IndexRefusedError where there is none that can be opened.

    What it has beyond tables (views, triggers) is refused by `parameters_in`, before it is used.
    """
    if not path.is_file():
        raise IndexRefusedError(f"there is no index at {path}")
    with refusing(path):
        address = f"{path.absolute().as_uri()}?mode=rw"
        base = sqlite3.connect(address, _PATIENCE, isolation_level=None, uri=True)
        base.execute("pragma trusted_schema = off")
    return base


def make_index(path: Path, values: Mapping[str, Any]) -> None:
    """Make an empty index with these parameters, whole or not at all; keep one that stands there.

    Another run may have made it just now, and filled it since.
    """
    unnamed = path.with_name(f"{path.name}.{secrets.token_hex(8)}.part")
    try:
        with refusing(path):
            with closing(sqlite3.connect(unnamed, isolation_level=None)) as base:
                base.execute("begin")
                for statement in _TABLES.values():
                    base.execute(statement)
                rows = [(key, json.dumps(value)) for key, value in values.items()]
                base.executemany("insert into meta values (?, ?)", rows)
                base.execute("commit")
            with unnamed.open("rb") as written:
                os.fsync(written.fileno())
            _name(unnamed, path)
    finally:
        for left in (unnamed, unnamed.with_name(f"{unnamed.name}-journal")):
            left.unlink(missing_ok=True)


def _name(unnamed: Path, path: Path) -> None:
    """Give a whole file its name, unless another one has it."""
    try:
        os.link(unnamed, path)
    except FileExistsError:
        pass
    except OSError:  # there are file systems without links
        if not path.exists():
            os.replace(unnamed, path)


@contextmanager
def refusing(path: Path) -> Iterator[None]:
    """Raise IndexRefusedError where SQLite finds fault with the file at `path`."""
    try:
        yield
    except (sqlite3.Error, OverflowError, OSError) as error:
        said = (str(error).splitlines() or [type(error).__name__])[0]
        raise IndexRefusedError(f"cannot use {path} as an index: {said}") from error


def parameters_in(base: sqlite3.Connection, path: Path) -> dict[str, Any]:
    """Return the parameters of the index; IndexRefusedError where the database is none."""
    held = base.execute("select name, sql from sqlite_master where sql is not null").fetchall()
    if dict(held) != _TABLES or len(held) != len(_TABLES):
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
