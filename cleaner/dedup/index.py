"""What earlier runs kept, in one duckdb file, so that new texts can be held against it.

Everything a run adds is one transaction, so a run that is killed leaves the file as it was. What a
run added bears its name: where the same run is done again, its own units are not known ones, and
what it adds takes their place.
"""

# mypy: disable-error-code="import-untyped"

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from cleaner.dedup.indexfile import (
    VERSION,
    IndexRefusedError,
    connect,
    make_index,
    make_tables,
    parameters_in,
    refusing,
    shut_in,
)
from cleaner.dedup.scanning import Signed, Terms

# What must be there of each unit.
_REQUIRED = ("text_one", "text_two", "words", "salt", "essence", "cases", "source", "line")


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
        "variants": terms.variants,
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
        if terms is not None and not self.path.exists():
            make_index(self.path, parameters(terms))
        self._base = connect(self.path, memory)
        try:
            with refusing(self.path):
                shut_in(self._base)
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
        wanted = parameters(terms) if terms else None
        held = parameters_in(self._base, self.path)
        for key, value in (wanted or {}).items():
            if held.get(key) != value:
                made, runs = _named(key, held), _named(key, wanted or {})
                raise IndexRefusedError(
                    f"{self.path} was made with {made}, this run has {runs}; use the same settings "
                    "or another index"
                )
        return held

    def lookup(
        self,
        texts: npt.NDArray[np.uint64],
        keys: Sequence[npt.NDArray[np.uint32]],
        own: Sequence[str] = (),
    ) -> Known:
        """Return the known units that share a text hash or a band with new ones.

        `texts`: uint64 (m, 2), hashes of folded texts; `keys`: one uint32 array for each band.
        What the runs `own` added is not known.
        """
        with refusing(self.path):
            return self._known(self._rows(texts, keys, own))

    def _rows(
        self,
        texts: npt.NDArray[np.uint64],
        keys: Sequence[npt.NDArray[np.uint32]],
        own: Sequence[str],
    ) -> Any:
        import pyarrow as pa

        base = self._base
        make_tables(base, self.parameters)
        base.execute("create or replace temp table found (id bigint)")
        base.register("new_texts", pa.table({"one": texts[:, 0], "two": texts[:, 1]}))
        base.execute(
            "insert into found select id from units join new_texts "
            "on text_one = one and text_two = two"
        )
        base.unregister("new_texts")
        for band, band_keys in enumerate(keys):
            base.register("new_keys", pa.table({"key": np.unique(band_keys)}))
            base.execute(
                "insert into found select id from bands semi join new_keys using (key) "
                "where band = ?",
                [band],
            )
            base.unregister("new_keys")
        base.execute("create or replace temp table own (first bigint, beyond bigint)")
        for run in own:
            base.execute("insert into own select first, beyond from runs where run = ?", [run])
        return base.sql(
            "select * from units where id in (select id from found) and not exists "
            "(select 1 from own where id >= first and id < beyond) order by id"
        ).to_arrow_table()

    def add(
        self,
        signed: Signed,
        sources: Sequence[str],
        lines: Sequence[int],
        own: Sequence[str] = (),
    ) -> int:
        """Add the units that a run kept (`Deduplicator.kept`) and where they stand, all or none.

        They take the place of what the runs `own` added, and the last of these names them. Returns
        how many there are.
        """
        with refusing(self.path):
            return self._add(signed, sources, lines, own)

    def _add(
        self,
        signed: Signed,
        sources: Sequence[str],
        lines: Sequence[int],
        own: Sequence[str],
    ) -> int:
        import duckdb
        import pyarrow as pa

        base = self._base
        make_tables(base, self.parameters)
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
                "essence": signed.essences,
                "cases": signed.cases,
                "source": pa.array(sources, pa.string()),
                "line": pa.array(lines, pa.int64()),
                "shingles": shingles,
            }
        )
        base.execute("begin")
        try:
            for run in own:
                for table in ("units", "bands"):
                    base.execute(
                        f"delete from {table} using runs "  # noqa: S608 - a name from above
                        "where run = ? and id >= first and id < beyond",
                        [run],
                    )
                base.execute("delete from runs where run = ?", [run])
            if own:
                base.execute("insert into runs values (?, ?, ?)", [own[-1], first, first + count])
            base.register("new_units", rows)
            base.execute("insert into units select * from new_units")
            base.unregister("new_units")
            for band, band_keys in enumerate(signed.keys):
                base.register("new_keys", pa.table({"key": band_keys, "id": ids[signed.rows]}))
                base.execute("insert into bands select ?, key, id from new_keys", [band])
                base.unregister("new_keys")
            base.execute("commit")
        except BaseException:
            # Where the fault is the disk's, there is nothing left to roll back.
            with suppress(duckdb.Error):
                base.execute("rollback")
            raise
        return count

    def info(self) -> Info:
        """Return what the index holds."""
        with refusing(self.path):
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
        blobs = rows["shingles"].to_pylist()
        if any(rows[name].null_count for name in _REQUIRED) or any(
            blob is not None and (not blob or len(blob) % 4) for blob in blobs
        ):
            raise IndexRefusedError(f"{self.path} is damaged: units lack something")
        numbers = {name: rows[name].to_numpy() for name in _REQUIRED if name != "source"}
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
            numbers["essence"].astype(np.uint64), numbers["cases"].astype(np.uint64), near,
            shingles, places, keys,
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
    from cleaner.dedup.sign_kernel import sign_all

    rows = np.arange(len(places) - 1)
    signatures = np.empty((len(rows), PERMUTATIONS), dtype=np.uint32)
    factors, terms = permutations()
    sign_all(shingles, places, rows, factors, terms, signatures.reshape(-1))
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
    base = connect(old, memory)
    try:
        with refusing(old):
            quoted = str(new).replace("'", "''")
            base.execute(f"attach '{quoted}' as fresh")
            shut_in(base)
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
