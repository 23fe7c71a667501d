"""Columns of texts as other libraries have them: read, and given back as what they were.

No such library is imported here but the one that an object comes from; what speaks only the Arrow
C data interface is given back as an object of pyarrow.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from itertools import accumulate, pairwise
from typing import Any

from cleaner.api.arguments import kind_of
from cleaner.core.errors import UsageError

# Texts, and None where there is none.
Texts = list[str | None]
Clean = Callable[[Texts], Texts]


def cleaned_columns(batch: Any, columns: Iterable[str], clean: Clean) -> Any:
    """Return a batch with the texts of some columns cleaned: see `cleaned_batch`."""
    first, *others = columns
    cleaned = cleaned_batch(batch, first, clean)
    if isinstance(cleaned, Mapping) or hasattr(cleaned, "columns"):
        for column in others:
            cleaned = cleaned_batch(cleaned, column, clean)
    return cleaned


def cleaned_batch(batch: Any, column: str, clean: Clean) -> Any:
    """Return a batch with its texts cleaned: a column as a whole, of a table the one named.

    Raises TypeError where it is none, or holds something else than text, and UsageError where a
    table has no such column.
    """
    library = type(batch).__module__.partition(".")[0]
    if isinstance(batch, Mapping):
        _check_column(column, batch)
        return {**batch, column: cleaned_batch(batch[column], column, clean)}
    if library == "pandas" and hasattr(batch, "columns"):
        _check_column(column, batch.columns)
        frame = batch.copy(deep=False)
        frame[column] = cleaned_batch(batch[column], column, clean)
        return frame
    if library == "polars" and hasattr(batch, "with_columns"):
        if not hasattr(batch, "height"):
            raise TypeError("a LazyFrame has no data yet; collect() it first")
        _check_column(column, batch.columns)
        return batch.with_columns(cleaned_batch(batch[column], column, clean))
    if library == "pyarrow" and hasattr(batch, "set_column"):
        _check_column(column, batch.schema.names)
        place = batch.schema.get_field_index(column)
        cleaned = cleaned_batch(batch.column(place), column, clean)
        return batch.set_column(place, batch.schema.field(place), cleaned)
    if library in _COLUMNS and hasattr(batch, "__len__"):
        return _COLUMNS[library](batch, clean)
    if isinstance(batch, list | tuple):
        return type(batch)(clean(texts_of(batch)))
    if hasattr(batch, "__arrow_c_stream__") or hasattr(batch, "__arrow_c_array__"):
        return cleaned_batch(_by_arrow(batch), column, clean)
    raise TypeError(f"a batch is a column of texts, or a table with one, not a {kind_of(batch)}")


def texts_of(values: Any) -> Texts:
    """Return the texts of any column; TypeError where something in it is no text."""
    if isinstance(values, str | bytes | Mapping) or not isinstance(values, Iterable):
        if not hasattr(values, "__arrow_c_stream__") and not hasattr(values, "__arrow_c_array__"):
            hint = "; clean_text takes a single one" if isinstance(values, str) else ""
            raise TypeError(f"texts are an iterable of str, not a {kind_of(values)}{hint}")
        values = _by_arrow(values)
    library = type(values).__module__.partition(".")[0]
    if library == "pandas":
        values = values.astype(object).where(values.notna(), None).tolist()
    elif library == "pyarrow":
        values = values.to_pylist()
    return [checked_text(value, number) for number, value in enumerate(values)]


def checked_text(value: Any, number: int) -> str | None:
    """Return a text, None for a null; TypeError for anything else."""
    if isinstance(value, str):
        return str(value)
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    hint = "; decode it first" if isinstance(value, bytes) else ""
    raise TypeError(f"text {number} is a {kind_of(value)}, not a str{hint}")


def _check_column(column: str, columns: Iterable[Any]) -> None:
    names = list(columns)
    if column not in names:
        raise UsageError(
            f"the batch has no column {column!r}",
            why=f"it has {', '.join(map(repr, names))}",
            hint="name the one with the texts as `column`",
        )
    if names.count(column) > 1:
        raise UsageError(f"the batch has several columns {column!r}", hint="rename all but one")


def _of_pandas(series: Any, clean: Clean) -> Any:
    texts = clean(texts_of(series))
    # Nulls stay what they were, of which pandas has several.
    values = [old if new is None else new for old, new in zip(series.tolist(), texts, strict=True)]
    # Categories are fixed, and cleaned texts are others.
    dtype = "category" if series.dtype == "category" else series.dtype
    cleaned = type(series)(values, index=series.index, name=series.name, dtype=dtype)
    cleaned.attrs = dict(series.attrs)
    return cleaned


def _of_polars(series: Any, clean: Clean) -> Any:
    if str(series.dtype).startswith("Enum"):
        raise TypeError("an Enum holds no other texts than it has; cast it to String first")
    return type(series)(series.name, clean(texts_of(series)), dtype=series.dtype)


def _of_numpy(array: Any, clean: Clean) -> Any:
    import numpy as np

    if array.ndim != 1:
        raise TypeError(f"a column has one dimension, not {array.ndim}")
    texts = clean(texts_of(array.tolist()))
    return np.array(texts, dtype=array.dtype if array.dtype.kind in "OT" else None)


def _of_pyarrow(array: Any, clean: Clean) -> Any:
    import pyarrow as pa

    kind = array.type
    held = kind.value_type if pa.types.is_dictionary(kind) else kind
    if pa.types.is_null(held):
        return array
    if not (
        pa.types.is_string(held) or pa.types.is_large_string(held) or pa.types.is_string_view(held)
    ):
        raise TypeError(f"the column holds {held}, not text")
    cleaned = pa.array(clean(texts_of(array)), type=held)
    if held is not kind:
        cleaned = cleaned.dictionary_encode().cast(kind)
    if isinstance(array, pa.Array):
        return cleaned
    ends = accumulate(map(len, array.chunks), initial=0)
    pieces = [cleaned[start:end] for start, end in pairwise(ends)]
    return pa.chunked_array(pieces, type=kind)


_COLUMNS: dict[str, Callable[[Any, Clean], Any]] = {
    "pandas": _of_pandas,
    "polars": _of_polars,
    "numpy": _of_numpy,
    "pyarrow": _of_pyarrow,
}


def _by_arrow(batch: Any) -> Any:
    """Return what an object hands over by the Arrow C data interface: a column, or a table."""
    import pyarrow as pa

    if not hasattr(batch, "__arrow_c_stream__"):
        array = pa.array(batch)
        is_table = pa.types.is_struct(array.type)
        return pa.RecordBatch.from_struct_array(array) if is_table else array
    column = pa.chunked_array(batch)
    if not pa.types.is_struct(column.type):
        return column
    schema = pa.schema(list(column.type))
    return pa.Table.from_batches(
        [pa.RecordBatch.from_struct_array(chunk) for chunk in column.chunks], schema=schema
    )
