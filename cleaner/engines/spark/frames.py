"""DataFrames: a column of texts mapped batch by batch, or looked at and merged.

Nothing here needs more than DataFrames, so it works through Spark Connect where that serves them.
"""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import pyarrow as pa

from cleaner.core.errors import UsageError

if TYPE_CHECKING:
    from pyspark.sql import DataFrame as DataFrame  # noqa: PLC0414 - who calls these names it, too

R = TypeVar("R")
Batches = Iterator[pa.RecordBatch]

# Partial results are merged by so many tasks at most, and theirs by one.
_MERGING_TASKS = 32
_SHUFFLE_TASKS = "spark.sql.shuffle.partitions"

_PARTIAL = pa.schema([("partial", pa.binary())])


def check_column(frame: DataFrame, column: str) -> None:
    """Raise UsageError where a DataFrame has no column of texts by this name."""
    from pyspark.sql.types import StringType

    names = frame.columns
    if names.count(column) != 1:
        raise UsageError(
            f"the DataFrame has {names.count(column) or 'no'} columns {column!r}",
            why=f"it has {', '.join(map(repr, names))}",
            hint="name the one with the texts as `text`",
        )
    kind = frame.schema[column].dataType
    if not isinstance(kind, StringType):
        raise UsageError(f"the column {column!r} holds {kind.simpleString()}, not text")


def mapped(
    frame: DataFrame,
    function: Callable[[Batches], Batches],
    more: tuple[str, str] | None = None,
) -> DataFrame:
    """Return a DataFrame with its batches mapped; `more` is a column they get, and its type."""
    from pyspark.sql.types import StructField, StructType, _parse_datatype_string

    fields = list(frame.schema.fields)
    if more is not None:
        name, kind = more
        if name in frame.columns:
            raise UsageError(f"the DataFrame has a column {name!r} already", hint="name another")
        fields.append(StructField(name, _parse_datatype_string(kind)))
    return frame.mapInArrow(function, StructType(fields))


def looked_at(
    frame: DataFrame,
    column: str,
    look: Callable[[list[str]], R],
    merge: Callable[[R, R], R],
) -> R | None:
    """Return what looks at the texts of a column come to, merged by tasks; None of no text."""
    merging = _Merging(merge)
    looks = frame.select(frame[column]).mapInArrow(_Looking(look, merge), "partial binary")
    usual = int(frame.sparkSession.conf.get(_SHUFFLE_TASKS) or _MERGING_TASKS)
    for tasks in (min(usual, _MERGING_TASKS), 1):
        looks = looks.repartition(tasks).mapInArrow(merging, "partial binary")
    rows = looks.collect()
    return _unpacked(rows[0][0]) if rows else None


@dataclass(frozen=True)
class _Looking(Generic[R]):
    """What the texts of a partition come to, in one row."""

    look: Callable[[list[str]], R]
    merge: Callable[[R, R], R]

    def __call__(self, batches: Batches) -> Batches:
        found: list[R] = []
        for batch in batches:
            texts = [text for text in batch.column(0).to_pylist() if text is not None]
            if texts:
                _add(found, self.look(texts), self.merge)
        yield from map(_packed, found)


@dataclass(frozen=True)
class _Merging(Generic[R]):
    """What the rows of a partition come to, in one row."""

    merge: Callable[[R, R], R]

    def __call__(self, batches: Batches) -> Batches:
        found: list[R] = []
        for batch in batches:
            for partial in batch.column(0):
                _add(found, _unpacked(partial.as_py()), self.merge)
        yield from map(_packed, found)


def _add(found: list[R], value: R, merge: Callable[[R, R], R]) -> None:
    found[:] = [merge(found[0], value)] if found else [value]


def _packed(value: Any) -> pa.RecordBatch:
    return pa.record_batch([[zlib.compress(pickle.dumps(value), 1)]], schema=_PARTIAL)


def _unpacked(data: bytes) -> Any:
    return pickle.loads(zlib.decompress(data))  # noqa: S301 - made by a task of this job
