"""What a row group of a Parquet file would grow to, read from the headers of its pages.

A page of a few bytes may declare any size, and values that refer to others may repeat them without
end; readers make room for both before they look. So row groups are looked at first, and those that
no journal has are refused.
"""

from __future__ import annotations

import os
from collections.abc import Collection

import pyarrow.parquet as pq

# Row groups of several rows come to a fourth of this; a row that is larger has one for itself.
MOST_BYTES = 64 << 20

# No header is longer.
_HEADER = 1 << 14

# Numbers of the format: kinds of pages, and encodings of values.
_DATA, _DICTIONARY = 0, 2
_PLAIN, _PLAIN_DICTIONARY, _RLE, _RLE_DICTIONARY = 0, 2, 3, 8
# Fields of a page's header, and of what it holds of data.
_KIND, _GROWN, _PACKED, _OF_DATA = 1, 2, 3, 5
_ENCODING = 2


def check_group(descriptor: int, group: pq.RowGroupMetaData, short: Collection[str]) -> None:
    """Raise ValueError where reading a row group would take more memory than one ever has.

    The file is open by its `descriptor`. Values of the columns `short` may be numbers in a
    dictionary.
    """
    grown = 0
    for number in range(group.num_columns):
        column = group.column(number)
        at = column.data_page_offset
        if column.has_dictionary_page:
            at = min(at, column.dictionary_page_offset)
        end = at + column.total_compressed_size
        allowed = {_PLAIN, _RLE}
        if column.path_in_schema in short:
            allowed = {_PLAIN, _PLAIN_DICTIONARY, _RLE_DICTIONARY}
        while at < end:
            header, size = _struct(os.pread(descriptor, _HEADER, at), 0)
            if header.get((_KIND,)) == _DATA:
                sound = header.get((_OF_DATA, _ENCODING)) in allowed
            else:
                sound = header.get((_KIND,)) == _DICTIONARY and column.path_in_schema in short
            sizes = header.get((_PACKED,), -1), header.get((_GROWN,), -1)
            if not sound or min(sizes) < 0:
                raise ValueError(f"a page of {column.path_in_schema!r} that no journal has")
            at += size + sizes[0]
            grown += sizes[1]
        if grown > MOST_BYTES and group.num_rows > 1:
            raise ValueError("a row group that is larger than any is")


def _struct(data: bytes, at: int) -> tuple[dict[tuple[int, ...], int], int]:
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
                size, at = _varint(data, at)
                at += size
            elif kind == 12:
                inner, at = _struct(data, at)
                fields.update({(number, *path): value for path, value in inner.items()})
            elif kind not in (1, 2):
                raise ValueError("the header of a page is broken")
    except IndexError:
        raise ValueError("the header of a page is cut short") from None
    return fields, at + 1


def _integer(data: bytes, at: int) -> tuple[int, int]:
    value, at = _varint(data, at)
    return value >> 1 ^ -(value & 1), at


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at
