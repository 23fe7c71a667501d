"""Arrow arrays from values and from numpy's arrays.

``pyarrow.array`` does the same, but looks whether it was given something of pandas, and for that
loads it wherever it is installed: a tenth of a second of each run.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from cleaner.core.errors import InputError

# So many bytes cannot stand in one value of Parquet, nor in one of our arrays.
LARGEST = 2**31

_ZEROS: dict[pa.DataType, Any] = {
    pa.string(): "",
    pa.binary(): b"",
    pa.int64(): 0,
    pa.float64(): 0.0,
    pa.bool_(): False,
}

_READ = {
    pa.int32(): np.int32,
    pa.int64(): np.int64,
    pa.float64(): np.float64,
    pa.bool_(): np.bool_,
}

_NUMPY = {pa.int64(): np.int64, pa.float64(): np.float64, pa.bool_(): np.bool_}


def too_large() -> InputError:
    """Return the error on a record that Parquet cannot hold."""
    return InputError("a record of 2 GB or more", hint="lower --max-document-size to refuse it")


def from_values(values: Sequence[Any], type: pa.DataType) -> pa.Array:
    """Return an array of values, None where there is none.

    Raises UnicodeEncodeError for a text that cannot stand in UTF-8.

    >>> from_values(["a", None, "é"], pa.string()).to_pylist()
    ['a', None, 'é']
    """
    valid = None
    if None in values:
        present = np.fromiter((value is not None for value in values), bool, len(values))
        if not present.any():
            return pa.nulls(len(values), type)
        valid = _bits(present)
        zero = _ZEROS[type]
        values = [zero if value is None else value for value in values]
    if type not in (pa.string(), pa.binary()):
        return _numbers(np.array(values, dtype=_NUMPY[type]), type, valid)
    parts = [value.encode() for value in values] if type == pa.string() else values
    ends = np.zeros(len(parts) + 1, dtype=np.int64)
    np.cumsum([len(part) for part in parts], out=ends[1:])
    if ends[-1] >= LARGEST:
        raise too_large()
    offsets = pa.py_buffer(ends.astype(np.int32))
    return pa.Array.from_buffers(type, len(parts), [valid, offsets, pa.py_buffer(b"".join(parts))])


def from_numpy(values: npt.NDArray[Any]) -> pa.Array:
    """Return an array of truth values, whole numbers or floating ones.

    >>> from_numpy(np.array([True, False, True])).to_pylist()
    [True, False, True]
    """
    type = pa.bool_() if values.dtype == bool else pa.int64()
    if values.dtype.kind == "f":
        type = pa.float64()
    return _numbers(values, type, None)


def to_numpy(values: pa.Array | pa.ChunkedArray, missing: float = 0) -> npt.NDArray[Any]:
    """Return truth values, whole numbers or floating ones, `missing` in place of none.

    >>> to_numpy(from_values([5, None, 7], pa.int64()), -1).tolist()
    [5, -1, 7]
    >>> to_numpy(from_values([True, None, True], pa.bool_())[1:]).tolist()
    [False, True]
    """
    chunks = values.chunks if isinstance(values, pa.ChunkedArray) else [values]
    arrays = [_of_chunk(chunk, missing) for chunk in chunks]
    return arrays[0] if len(arrays) == 1 else np.concatenate([np.zeros(0, bool), *arrays])


def _of_chunk(values: pa.Array, missing: float) -> npt.NDArray[Any]:
    valid, data = values.buffers()
    start, end = values.offset, values.offset + len(values)
    kind = _READ[values.type]
    if data is None:
        return np.full(len(values), missing, dtype=kind)
    found = _bits_of(data, end) if kind is np.bool_ else np.frombuffer(data, kind, count=end)
    found = found[start:end]
    if not values.null_count:
        return found
    return np.where(_bits_of(valid, end)[start:end], found, np.array(missing, dtype=kind))


def _bits_of(data: pa.Buffer, count: int) -> npt.NDArray[np.bool_]:
    packed = np.frombuffer(data, np.uint8)
    return np.unpackbits(packed, count=count, bitorder="little").astype(np.bool_)


def lengths(texts: pa.Array) -> npt.NDArray[np.int32]:
    """Return how many bytes each of some texts has; what is none has none.

    >>> lengths(from_values(["a", None, "é"], pa.string())).tolist()
    [1, 0, 2]
    """
    if texts.null_count == len(texts):
        return np.zeros(len(texts), dtype=np.int32)
    offsets = np.frombuffer(texts.buffers()[1], dtype=np.int32)
    return np.diff(offsets[texts.offset : texts.offset + len(texts) + 1])


def chosen(values: pa.Array, numbers: npt.NDArray[Any]) -> pa.Array:
    """Return the values of these numbers.

    >>> chosen(from_values(["a", "b"], pa.string()), np.array([1, 1, 0])).to_pylist()
    ['b', 'b', 'a']
    """
    return values.take(from_numpy(numbers))


def _numbers(values: npt.NDArray[Any], type: pa.DataType, valid: pa.Buffer | None) -> pa.Array:
    if type == pa.bool_():
        return pa.Array.from_buffers(type, len(values), [valid, _bits(values)])
    wide: npt.NDArray[Any] = np.ascontiguousarray(values, dtype=_NUMPY[type])
    return pa.Array.from_buffers(type, len(wide), [valid, pa.py_buffer(wide)])


def _bits(values: npt.NDArray[np.bool_]) -> pa.Buffer:
    return pa.py_buffer(np.packbits(values, bitorder="little"))
