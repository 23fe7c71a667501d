"""A digest of the values of a table, whatever pieces and forms they come in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


class ValuesDigest:
    """The SHA-256 digest of a table's columns, types, metadata and values.

    Where row groups end, and how values are stored, is no part of it; nor is what stands where
    there is no value. Each column has digests of its own, so that pieces of any size can follow
    each other.
    """

    def __init__(self, schema: pa.Schema) -> None:
        self._schema = schema
        self._digests: dict[tuple[int | str, ...], hashlib._Hash] = {}

    def add(self, rows: pa.RecordBatch) -> None:
        """Take note of some rows."""
        for number, column in enumerate(rows.columns):
            self._add((number,), column)

    def hexdigest(self) -> str:
        """Return the digest of all that was added."""
        whole = hashlib.sha256(_described(self._schema))
        for path, digest in sorted(self._digests.items(), key=lambda one: tuple(map(str, one[0]))):
            whole.update(repr(path).encode())
            whole.update(digest.digest())
        return whole.hexdigest()

    def _add(self, path: tuple[int | str, ...], values: pa.Array) -> None:
        kind = values.type
        if pa.types.is_string_view(kind):
            self._add(path, values.cast(pa.large_string()))
            return
        if pa.types.is_binary_view(kind):
            self._add(path, values.cast(pa.large_binary()))
            return
        if isinstance(values, pa.ExtensionArray):
            self._add(path, values.storage)
            return
        if pa.types.is_dictionary(kind):
            known = values.dictionary
            if pa.types.is_string_view(known.type):  # for which little is written
                known = known.cast(pa.large_string())
            plain = pa.DictionaryArray.from_arrays(values.indices, known)
            self._add(path, plain.dictionary_decode())
            return
        if pa.types.is_run_end_encoded(kind):
            self._add(path, pc.run_end_decode(values))
            return
        self._note((*path, "valid"), np.asarray(values.is_valid()).astype(np.uint8))
        if pa.types.is_null(kind):
            return
        if pa.types.is_struct(kind):
            # With the nulls of the structs in their fields.
            for number, field in enumerate(values.flatten()):
                self._add((*path, number), field)
            return
        values = values.drop_null()
        if pa.types.is_map(kind):
            self._note((*path, "lengths"), _lengths(values))
            first, end = values.offsets[0].as_py(), values.offsets[-1].as_py()
            for number, field in enumerate((values.keys, values.items)):
                self._add((*path, number), field.slice(first, end - first))
        elif _is_list(kind):
            if not pa.types.is_fixed_size_list(kind):
                self._note((*path, "lengths"), _lengths(values))
            self._add((*path, 0), values.flatten())
        elif pa.types.is_union(kind):
            self._digest((*path, "values")).update(repr(values.to_pylist()).encode())
        else:
            self._add_plain(path, values)

    def _add_plain(self, path: tuple[int | str, ...], values: pa.Array) -> None:
        """Take note of values, all of which there are, that hold no others."""
        kind = values.type
        if pa.types.is_string(kind):
            values = values.cast(pa.large_string())
        elif pa.types.is_binary(kind):
            values = values.cast(pa.large_binary())
        elif pa.types.is_boolean(kind):
            values = values.cast(pa.uint8())
        if pa.types.is_large_string(values.type) or pa.types.is_large_binary(values.type):
            offsets = np.frombuffer(values.buffers()[1], np.int64) if len(values) else np.zeros(1)
            ends = offsets[values.offset : values.offset + len(values) + 1].astype(np.int64)
            self._note((*path, "lengths"), np.diff(ends))
            if len(values) and values.buffers()[2] is not None:
                data = memoryview(values.buffers()[2])[int(ends[0]) : int(ends[-1])]
                self._digest((*path, "values")).update(data)
            return
        width = values.type.bit_width // 8
        start = values.offset * width
        if len(values):
            data = memoryview(values.buffers()[1])[start : start + len(values) * width]
            self._digest((*path, "values")).update(data)

    def _note(self, path: tuple[int | str, ...], numbers: np.ndarray) -> None:
        self._digest(path).update(np.ascontiguousarray(numbers).data)

    def _digest(self, path: tuple[int | str, ...]) -> hashlib._Hash:
        return self._digests.setdefault(path, hashlib.sha256())


def _is_list(kind: pa.DataType) -> bool:
    kinds: Iterable[bool] = (
        pa.types.is_list(kind),
        pa.types.is_large_list(kind),
        pa.types.is_fixed_size_list(kind),
        pa.types.is_list_view(kind),
        pa.types.is_large_list_view(kind),
    )
    return any(kinds)


def _lengths(values: pa.Array) -> np.ndarray:
    if pa.types.is_map(values.type):
        return np.diff(np.asarray(values.offsets).astype(np.int64))
    return np.asarray(pc.list_value_length(values)).astype(np.int64)


def _described(schema: pa.Schema) -> bytes:
    """Return what a schema says, in a form of its own."""
    said = [repr(sorted((schema.metadata or {}).items()))]
    said += [
        repr((f.name, str(f.type), f.nullable, sorted((f.metadata or {}).items()))) for f in schema
    ]
    return "\n".join(said).encode()
