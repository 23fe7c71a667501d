"""What earlier runs kept, in one SQLite file, so that new texts can be held against it.

Everything a run adds is one transaction, so a run that is killed leaves the file as it was. What a
run added bears its name: where the same run is done again, its own units are not known ones, and
what it adds takes their place.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from cleaner.dedup.index.indexfile import (
    HASH,
    NEAR,
    UNIT,
    VERSION,
    IndexRefusedError,
    connect,
    make_index,
    parameters_in,
    refusing,
)
from cleaner.dedup.signing.sign import DedupConfig, Signed

# A part is read as a whole where one of its units is wanted, so it has few, and few bytes.
_UNITS_A_PART = 1 << 14
_SHINGLES_A_PART = 1 << 24


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


def parameters(config: DedupConfig) -> dict[str, Any]:
    """Return what an index and a run must agree on."""
    return {
        "version": VERSION,
        "shingle": config.shingle,
        "permutations": 128,
        "seed": 1,
        "bands": config.bands.bands,
        "rows": config.bands.rows,
        "numbers": config.numbers,
        "variants": config.variants,
    }


class Index:
    """An index across runs; a context manager.

    `config` of ``None`` opens an existing file with whatever parameters it has.

    Raises IndexRefusedError where the file is something else or was made with other parameters.
    """

    def __init__(self, path: str | os.PathLike[str], config: DedupConfig | None = None) -> None:
        self.path = Path(path)
        if config is not None and not self.path.exists():
            make_index(self.path, parameters(config))
        self._base = connect(self.path)
        try:
            with refusing(self.path):
                self.parameters = self._agree(config)
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

    def _agree(self, config: DedupConfig | None) -> dict[str, Any]:
        wanted = parameters(config) if config else None
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
        with self._transaction("deferred"):
            rows = self._base.execute("select id, run from parts order by id").fetchall()
            parts = [part for part, run in rows if run not in own]
            among = _Among(texts[:, 0])
            wanted, near = {}, {}
            for part in parts:
                units, near[part] = self._part(part)
                wanted[part] = np.zeros(len(units), dtype=bool)
                wanted[part][among.places(units["text"][:, 0])] = True
            for band, new_keys in enumerate(keys):
                among = _Among(new_keys)
                for part in parts:
                    held = self._numbers(
                        "select keys from bands where part = ? and band = ?", HASH, part, band
                    )
                    if len(held) != len(near[part]):
                        raise self._damaged()
                    wanted[part][near[part]["row"][among.places(held)]] = True
            return self._known({part: which for part, which in wanted.items() if which.any()})

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
        with self._transaction("immediate"):
            for run in own:
                for table, key in (("bands", "part"), ("parts", "id")):
                    self._base.execute(
                        f"delete from {table} where {key} in "  # noqa: S608 - named above
                        "(select id from parts where run = ?)",
                        [run],
                    )
            for units, near in _cuts(signed):
                self._add_part(signed, units, near, sources, lines, own[-1] if own else "")
        return len(signed.texts)

    def _add_part(
        self,
        signed: Signed,
        units: slice,
        near: slice,
        sources: Sequence[str],
        lines: Sequence[int],
        run: str,
    ) -> None:
        numbers: dict[str, int] = {}
        held = np.empty(units.stop - units.start, dtype=UNIT)
        held["source"] = [numbers.setdefault(name, len(numbers)) for name in sources[units]]
        held["line"] = lines[units]
        for name, column in (
            ("text", signed.texts), ("words", signed.counts), ("salt", signed.salts),
            ("essence", signed.essences), ("cases", signed.cases),
        ):  # fmt: skip
            held[name] = column[units]
        places = signed.places[near.start : near.stop + 1]
        long = np.empty(near.stop - near.start, dtype=NEAR)
        long["row"], long["size"] = signed.rows[near] - units.start, np.diff(places)
        shingles = signed.shingles[places[0] : places[-1]].astype(HASH)
        part = self._base.execute(
            "insert into parts values (null, ?, ?, ?, ?, ?)",
            [run, json.dumps(list(numbers)), *(one.tobytes() for one in (held, long, shingles))],
        ).lastrowid
        self._base.executemany(
            "insert into bands values (?, ?, ?)",
            [
                (part, band, keys[near].astype(HASH).tobytes())
                for band, keys in enumerate(signed.keys)
            ],
        )

    def info(self) -> Info:
        """Return what the index holds."""
        with self._transaction("deferred"):
            units = near = 0
            sources: set[str] = set()
            for part in self._parts():
                held, long = self._part(part)
                units += len(held)
                near += len(long)
                sources.update(self._sources(part))
        return Info(self.parameters, units, near, len(sources), self.path.stat().st_size)

    def batches(self) -> Iterator[Known]:
        """Yield all units long enough for near-duplicates, in order, batch by batch."""
        for part in self._parts():
            with refusing(self.path):
                units, near = self._part(part)
                wanted = np.zeros(len(units), dtype=bool)
                wanted[near["row"]] = True
                known = self._known({part: wanted})
            yield known

    @contextmanager
    def _transaction(self, kind: str) -> Iterator[None]:
        """Read one state of the file, whoever else writes, or write all or nothing."""
        with refusing(self.path):
            self._base.execute(f"begin {kind}")
            try:
                yield
                self._base.execute("commit")
            except BaseException:
                if self._base.in_transaction:  # where the fault is the disk's, there may be none
                    self._base.execute("rollback")
                raise

    def _known(self, wanted: dict[int, npt.NDArray[np.bool_]]) -> Known:
        """Return the units that are wanted of each part."""
        from cleaner.dedup.signing.minhash import band_keys

        units, sizes = [np.empty(0, dtype=UNIT)], [np.empty(0, dtype=np.int64)]
        near, shingles = [np.empty(0, dtype=bool)], [np.empty(0, dtype=np.uint32)]
        sources: list[str] = []
        for part, which in wanted.items():
            held, long = self._part(part)
            found = self._numbers("select shingles from parts where id = ?", HASH, part)
            names = np.array(self._sources(part), dtype=object)
            if len(found) != long["size"].sum(dtype=np.int64) or held["source"].max() >= len(names):
                raise self._damaged()
            chosen = which[long["row"]]
            units.append(held[which])
            sizes.append(long["size"][chosen])
            near.append(np.isin(np.flatnonzero(which), long["row"]))
            shingles.append(found[np.repeat(chosen, long["size"])])
            sources += names[held["source"][which]].tolist()
        found, rows = np.concatenate(units), np.flatnonzero(np.concatenate(near))
        places = np.append(0, np.cumsum(np.concatenate(sizes), dtype=np.int64))
        hashes = np.concatenate(shingles, dtype=np.uint32)
        texts, salts = found["text"].astype(np.uint64), found["salt"].astype(np.uint64)
        keys = band_keys(
            signatures_of(hashes, places), salts[rows],
            self.parameters["bands"], self.parameters["rows"],
        )  # fmt: skip
        signed = Signed(
            np.zeros(len(found), dtype=np.uint32), texts ^ np.uint64(2**64 - 1),
            np.arange(len(found), dtype=np.int64), texts, found["words"].astype(np.uint32), salts,
            found["essence"].astype(np.uint64), found["cases"].astype(np.uint64), rows,
            hashes, places, keys,
        )  # fmt: skip
        return Known(signed, sources, found["line"].tolist())

    def _parts(self) -> list[int]:
        return [part for (part,) in self._base.execute("select id from parts order by id")]

    def _part(self, part: int) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
        """Return the units of a part (`UNIT`) and what there is of the long ones (`NEAR`)."""
        units = self._numbers("select units from parts where id = ?", UNIT, part)
        near = self._numbers("select near from parts where id = ?", NEAR, part)
        rows = near["row"]
        if not len(units) or not near["size"].all() or (rows >= len(units)).any():
            raise self._damaged()
        if not (rows[:-1] < rows[1:]).all():
            raise self._damaged()
        return units, near

    def _numbers(self, query: str, kind: np.dtype[Any], *values: int) -> npt.NDArray[Any]:
        """Return what a query finds, which is to be one blob of numbers."""
        row = self._base.execute(query, values).fetchone()
        if row is None or not isinstance(row[0], bytes) or len(row[0]) % kind.itemsize:
            raise self._damaged()
        return np.frombuffer(row[0], dtype=kind)

    def _sources(self, part: int) -> list[str]:
        """Return the names of the sources that the units of a part came from."""
        ((found,),) = self._base.execute("select sources from parts where id = ?", [part])
        try:
            names = json.loads(found)
        except (ValueError, TypeError, RecursionError) as error:
            raise self._damaged() from error
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise self._damaged()
        return names

    def _damaged(self) -> IndexRefusedError:
        return IndexRefusedError(f"{self.path} is damaged: units lack something")


class _Among:
    """Finds those of many numbers that are among given ones."""

    def __init__(self, given: npt.NDArray[Any]) -> None:
        self._sorted = np.unique(given)
        # A mark for the last bits of each; few others share them, so few are searched for.
        self._last_bits = given.dtype.type((1 << max(8, (8 * len(given)).bit_length())) - 1)
        self._marks = np.zeros(int(self._last_bits) + 1, dtype=bool)
        self._marks[self._sorted & self._last_bits] = True

    def places(self, numbers: npt.NDArray[Any]) -> npt.NDArray[np.intp]:
        """Return where in `numbers` the given ones stand."""
        if not len(self._sorted):
            return np.empty(0, dtype=np.intp)
        maybe = np.flatnonzero(self._marks[numbers & self._last_bits])
        searched = numbers[maybe]
        at = np.searchsorted(self._sorted, searched)
        same = self._sorted[np.minimum(at, len(self._sorted) - 1)] == searched
        found: npt.NDArray[np.intp] = maybe[same]
        return found


def _cuts(signed: Signed) -> Iterator[tuple[slice, slice]]:
    """Yield the parts to cut units into: which units, and which of those with shingles.

    A part has some units at most, and some shingles unless one unit alone has more.
    """
    count = len(signed.texts)
    before = np.zeros(count + 1, dtype=np.int64)  # shingles before each unit
    before[signed.rows + 1] = np.diff(signed.places)
    np.cumsum(before, out=before)
    start = 0
    while start < count:
        full = int(np.searchsorted(before, before[start] + _SHINGLES_A_PART, "right")) - 1
        stop = max(start + 1, min(count, start + _UNITS_A_PART, full))
        first, beyond = np.searchsorted(signed.rows, [start, stop]).tolist()
        yield slice(start, stop), slice(first, beyond)
        start = stop


def _named(key: str, values: dict[str, Any]) -> str:
    """Return a parameter as its user knows it: bands and rows follow from the threshold."""
    if key not in ("bands", "rows"):
        return f"{key} = {values.get(key)}"
    return f"the {values.get('bands')} bands of {values.get('rows')} rows of its threshold"


def signatures_of(
    shingles: npt.NDArray[np.uint32], places: npt.NDArray[np.int64]
) -> npt.NDArray[np.uint32]:
    """Return the signature of each run of shingles: uint32, shape (k, 128)."""
    from cleaner.dedup.signing.minhash import PERMUTATIONS, permutations
    from cleaner.dedup.signing.sign_kernel import sign_all

    rows = np.arange(len(places) - 1)
    signatures = np.empty((len(rows), PERMUTATIONS), dtype=np.uint32)
    factors, addends = permutations()
    sign_all(shingles, places, rows, factors, addends, signatures.reshape(-1))
    return signatures


def compact(path: str | os.PathLike[str]) -> tuple[int, int]:
    """Rewrite an index without the room that old states took: (bytes before, bytes after).

    Runs that use it at the same time wait for that; what is killed meanwhile has changed nothing.
    """
    old = Path(path)
    with Index(old):
        before = old.stat().st_size
    with refusing(old), closing(connect(old)) as base:
        base.execute("vacuum")
    return before, old.stat().st_size
