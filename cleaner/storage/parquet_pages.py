"""What the pages of a Parquet file would grow to, read from their headers.

A page of a few bytes may declare any size, and readers make room for it before they look. So pages
are looked at first.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from cleaner.storage.parquet_footer import Column

# No header is longer.
_HEADER = 1 << 14

# Numbers of the format: kinds of pages, and fields of a page's header.
DATA, DICTIONARY = 0, 2
_KIND, _GROWN, _PACKED = 1, 2, 3


class Page(NamedTuple):
    """A page of a column: its kind, its size once unpacked, and its header by paths of fields."""

    kind: int
    grown: int
    header: Mapping[tuple[int, ...], int]


def pages_of(descriptor: int, column: Column) -> Iterator[Page]:
    """Yield the pages of a column of a row group in the file that is open by its `descriptor`.

    Raises ValueError where a header is none.
    """
    at = column.data_at
    if column.dictionary_at:  # some writers say 0 where there is none
        at = min(at, column.dictionary_at)
    end = at + column.size
    while at < end:
        header, size = read_struct(os.pread(descriptor, _HEADER, at), 0)
        sizes = header.get((_PACKED,), -1), header.get((_GROWN,), -1)
        if min(sizes) < 0:
            raise ValueError("the header of a page tells no size")
        yield Page(header.get((_KIND,), -1), sizes[1], header)
        at += size + sizes[0]


def read_struct(data: bytes, at: int) -> tuple[dict[tuple[int, ...], int], int]:
    """Return the numbers in a structure of Thrift's compact protocol, and its end.

    They go by the numbers of the fields that lead to them.
    """
    fields: dict[tuple[int, ...], int] = {}
    number = 0
    try:
        while head := data[at]:
            at += 1
            kind = head & 15
            if head >> 4:
                number += head >> 4
            else:
                number, at = _integer(data, at)
            if kind == 3:
                at += 1
            elif kind in (4, 5, 6):
                fields[number,], at = _integer(data, at)
            elif kind == 7:
                at += 8
            elif kind == 8:
                size, at = varint(data, at)
                at += size
            elif kind == 12:
                inner, at = read_struct(data, at)
                fields.update({(number, *path): value for path, value in inner.items()})
            elif kind not in (1, 2):
                raise ValueError("the header of a page is broken")
    except IndexError:
        raise ValueError("the header of a page is cut short") from None
    return fields, at + 1


def _integer(data: bytes, at: int) -> tuple[int, int]:
    value, at = varint(data, at)
    return value >> 1 ^ -(value & 1), at


def varint(data: bytes, at: int) -> tuple[int, int]:
    """Return the number of any length that stands at a place, and its end."""
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at
