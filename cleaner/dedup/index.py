"""What earlier runs kept, in one duckdb file, so that new texts can be held against it.

Tables: ``meta`` (key, value), ``units`` (id, hash of the folded text, words, salt, source, line,
shingles as little-endian uint32 in order; none where the text is too short for near-duplicates) and
``bands`` (band, key, id). Everything a run adds is one transaction, so a run that is killed leaves
the file as it was.
"""

# mypy: disable-error-code="import-untyped"

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from cleaner.dedup.scanning import Signed, Terms

if TYPE_CHECKING:
    import duckdb

VERSION = 1
_FEW = 1000
_SCHEMA = """
create table meta (key varchar primary key, value varchar);
create table units (
    id bigint, text_one ubigint, text_two ubigint, words uinteger, salt ubigint,
    source varchar, line bigint, shingles blob
);
create table bands (band utinyint, key uinteger, id bigint);
"""


class IndexRefusedError(ValueError):
    """The file is no index, or one made with other parameters."""


class Known(NamedTuple):
    """Units of the index, ready for `Deduplicator.add` as protected ones, and where they stood."""

    signed: Signed
    sources: list[str]
    lines: list[int]


class Info(NamedTuple):
    """What an index holds: its parameters, units, near-comparable units, sources and bytes."""

    parameters: dict[str, Any]
    units: int
    near: int
    sources: int
    size: int


def parameters(terms: Terms) -> dict[str, Any]:
    """Return what an index and a run must agree on."""
    return {
        "version": VERSION,
        "shingle": terms.shingle,
        "permutations": 128,
        "seed": 1,
        "bands": terms.bands.bands,
        "rows": terms.bands.rows,
        "numbers": terms.numbers,
    }


class Index:
    """An index across runs; a context manager.

    `terms` of ``None`` opens an existing file with whatever parameters it has.

    Raises IndexRefusedError where the file is something else or was made with other parameters.
    """

    def __init__(
        self, path: str | os.PathLike[str], terms: Terms | None = None, *, memory: int = 2**30
    ) -> None:
        self.path = Path(path)
        self._base = _connect(self.path, memory, create=terms is not None)
        try:
            self.parameters = self._agree(terms)
        except BaseException:
            self._base.close()
            raise

    def __enter__(self) -> Index:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._base.close()

    def _agree(self, terms: Terms | None) -> dict[str, Any]:
        tables = {row[0] for row in self._base.execute("show tables").fetchall()}
        wanted = parameters(terms) if terms else None
        if not tables and wanted is not None:
            self._base.execute("begin")
            for statement in _SCHEMA.split(";"):
                if statement.strip():
                    self._base.execute(statement)
            self._base.executemany(
                "insert into meta values (?, ?)",
                [[key, json.dumps(value)] for key, value in wanted.items()],
            )
            self._base.execute("commit")
            return wanted
        if tables != {"meta", "units", "bands"}:
            raise IndexRefusedError(f"{self.path} is a database, but no index of cleaner")
        held = {
            key: json.loads(value)
            for key, value in self._base.execute("select key, value from meta").fetchall()
        }
        if held.get("version") != VERSION:
            raise IndexRefusedError(
                f"{self.path} has index version {held.get('version')}; this is version {VERSION}"
            )
        for key, value in (wanted or {}).items():
            if held.get(key) != value:
                made, runs = _named(key, held), _named(key, wanted or {})
                raise IndexRefusedError(
                    f"{self.path} was made with {made}, this run has {runs}; use the same settings "
                    "or another index"
                )
        return held

    def lookup(
        self, texts: npt.NDArray[np.uint64], keys: Sequence[npt.NDArray[np.uint32]]
    ) -> Known:
        """Return the known units that share a text hash or a band with new ones.

        `texts`: uint64 (m, 2), hashes of folded texts; `keys`: one uint32 array for each band.
        """
        import pyarrow as pa

        base = self._base
        base.execute("create or replace temp table found (id bigint)")
        base.register("new_texts", pa.table({"one": texts[:, 0], "two": texts[:, 1]}))
        base.execute(
            "insert into found select id from units join new_texts "
            "on text_one = one and text_two = two"
        )
        base.unregister("new_texts")
        for band, own in enumerate(keys):
            base.register("new_keys", pa.table({"key": np.unique(own)}))
            base.execute(
                "insert into found select id from bands semi join new_keys using (key) "
                "where band = ?",
                [band],
            )
            base.unregister("new_keys")
        rows = base.sql(
            "select * from units where id in (select id from found) order by id"
        ).to_arrow_table()
        return self._known(rows)

    def add(self, signed: Signed, sources: Sequence[str], lines: Sequence[int]) -> int:
        """Add the units that a run kept (`Deduplicator.kept`) and where they stand, all or none.

        Returns how many were new.
        """
        import pyarrow as pa

        base = self._base
        ((first,),) = base.execute("select coalesce(max(id) + 1, 0) from units").fetchall()
        count = len(signed.texts)
        ids = np.arange(first, first + count, dtype=np.int64)
        near = np.zeros(count, dtype=bool)
        near[signed.rows] = True
        sizes = np.zeros(count, dtype=np.int64)
        sizes[signed.rows] = np.diff(signed.places) * 4
        ends = np.append(0, np.cumsum(sizes))
        shingles = pa.LargeBinaryArray.from_buffers(
            pa.large_binary(),
            count,
            [
                pa.py_buffer(np.packbits(near, bitorder="little").tobytes()),
                pa.py_buffer(ends.astype(np.int64).tobytes()),
                pa.py_buffer(np.ascontiguousarray(signed.shingles, dtype="<u4").tobytes()),
            ],
        )
        rows = pa.table(
            {
                "id": ids,
                "text_one": np.ascontiguousarray(signed.texts[:, 0]),
                "text_two": np.ascontiguousarray(signed.texts[:, 1]),
                "words": signed.counts,
                "salt": signed.salts,
                "source": pa.array(sources, pa.string()),
                "line": pa.array(lines, pa.int64()),
                "shingles": shingles,
            }
        )
        base.execute("begin")
        try:
            base.register("new_units", rows)
            base.execute("insert into units select * from new_units")
            base.unregister("new_units")
            for band, own in enumerate(signed.keys):
                base.register("new_keys", pa.table({"key": own, "id": ids[signed.rows]}))
                base.execute("insert into bands select ?, key, id from new_keys", [band])
                base.unregister("new_keys")
            base.execute("commit")
        except BaseException:
            base.execute("rollback")
            raise
        return count

    def info(self) -> Info:
        """Return what the index holds."""
        (found,) = self._base.execute(
            "select count(*), count(shingles), count(distinct source) from units"
        ).fetchall()
        return Info(self.parameters, found[0], found[1], found[2], self.path.stat().st_size)

    def batches(self, size: int = 10_000) -> Iterator[Known]:
        """Yield all units long enough for near-duplicates, in order, batch by batch."""
        ((last,),) = self._base.execute("select coalesce(max(id), -1) from units").fetchall()
        for first in range(0, last + 1, size):
            rows = self._base.sql(
                "select * from units where id >= ? and id < ? and shingles is not null order by id",
                params=[first, first + size],
            ).to_arrow_table()
            if len(rows):
                yield self._known(rows)

    def _known(self, rows: Any) -> Known:
        from cleaner.dedup.minhash import band_keys

        count = len(rows)
        numbers = {
            name: rows[name].to_numpy()
            for name in ("text_one", "text_two", "words", "salt", "line")
        }
        blobs = rows["shingles"].to_pylist()
        near = np.array([at for at, blob in enumerate(blobs) if blob is not None], dtype=np.int64)
        sets = [blob for blob in blobs if blob is not None]
        places = np.zeros(len(sets) + 1, dtype=np.int64)
        np.cumsum([len(blob) // 4 for blob in sets], out=places[1:])
        shingles = np.frombuffer(b"".join(sets), dtype="<u4").astype(np.uint32)
        texts = np.empty((count, 2), dtype=np.uint64)
        texts[:, 0], texts[:, 1] = numbers["text_one"], numbers["text_two"]
        salts = numbers["salt"].astype(np.uint64)
        signatures = signatures_of(shingles, places)
        keys = band_keys(signatures, salts[near], self.parameters["bands"], self.parameters["rows"])
        signed = Signed(
            np.zeros(count, dtype=np.uint32), texts ^ np.uint64(2**64 - 1),
            np.arange(count, dtype=np.int64), texts, numbers["words"].astype(np.uint32), salts,
            near, shingles, places, keys, signatures,
        )  # fmt: skip
        return Known(signed, rows["source"].to_pylist(), numbers["line"].tolist())


def _named(key: str, values: dict[str, Any]) -> str:
    """Return a parameter as its user knows it: bands and rows follow from the threshold."""
    if key not in ("bands", "rows"):
        return f"{key} = {values.get(key)}"
    return f"the {values.get('bands')} bands of {values.get('rows')} rows of its threshold"


def signatures_of(
    shingles: npt.NDArray[np.uint32], places: npt.NDArray[np.int64]
) -> npt.NDArray[np.uint32]:
    """Return the signature of each run of shingles: uint32, shape (k, 128)."""
    from cleaner.dedup.minhash import PERMUTATIONS, permutations
    from cleaner.dedup.scanning import backend

    count = len(places) - 1
    signatures = np.empty((count, PERMUTATIONS), dtype=np.uint32)
    kernels = backend(count > _FEW)
    kernels.sign_all(shingles, places, np.arange(count), *permutations(), signatures.reshape(-1))
    return signatures


def compact(path: str | os.PathLike[str], *, memory: int = 2**30) -> tuple[int, int]:
    """Rewrite an index without the room that old states took: (bytes before, bytes after).

    The new file replaces the old one in one step, once it is complete.
    """
    old = Path(path)
    with Index(old, memory=memory):
        before = old.stat().st_size
    new = old.with_name(old.name + ".compact")
    new.unlink(missing_ok=True)
    base = _connect(old, memory, create=False)
    try:
        quoted = str(new).replace("'", "''")
        base.execute(f"attach '{quoted}' as fresh")
        ((name,),) = base.execute("select current_database()").fetchall()
        escaped = str(name).replace('"', '""')
        base.execute(f'copy from database "{escaped}" to fresh')
        base.execute("detach fresh")
    finally:
        base.close()
    with new.open("rb") as written:
        os.fsync(written.fileno())
    os.replace(new, old)
    return before, old.stat().st_size


def _connect(path: Path, memory: int, *, create: bool) -> duckdb.DuckDBPyConnection:
    import duckdb

    if not create and not path.is_file():
        raise IndexRefusedError(f"there is no index at {path}")
    try:
        base = duckdb.connect(str(path))
    except duckdb.IOException as error:
        raise IndexRefusedError(f"cannot open {path} as an index: {error}") from error
    base.execute(f"set memory_limit = '{max(memory // 2**20, 64)}MiB'")
    return base
