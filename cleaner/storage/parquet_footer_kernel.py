# mypy: ignore-errors
"""Where the columns of a Parquet file stand, read from its footer.

The footer is a structure of Thrift's compact protocol, see
https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md and
https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift, which has the
numbers of the fields.
"""

from __future__ import annotations

import cython

from cleaner.core.kernels import takes_arrays

# What is written of each column of a row group, in this order.
FIELDS = 10
_GROUP = cython.declare(cython.Py_ssize_t, 0)
_CODEC = cython.declare(cython.Py_ssize_t, 1)
_SIZE = cython.declare(cython.Py_ssize_t, 2)
_DATA_AT = cython.declare(cython.Py_ssize_t, 3)
_DICTIONARY_AT = cython.declare(cython.Py_ssize_t, 4)
_HAS_STATISTICS = cython.declare(cython.Py_ssize_t, 5)
_HAS_INDEX = cython.declare(cython.Py_ssize_t, 6)
_PATH_AT = cython.declare(cython.Py_ssize_t, 7)
_PATH_NAMES = cython.declare(cython.Py_ssize_t, 8)
# Which fields that every column has were read, as bits.
_READ = cython.declare(cython.Py_ssize_t, 9)
_COMPLETE = cython.declare(cython.longlong, 15)

# No structure is nested as deep.
_DEEPEST = cython.declare(cython.int, 40)

# Places in what is known while reading: where it reads, whether it is broken, and the field it is
# at, with its kind.
_AT = cython.declare(cython.Py_ssize_t, 0)
_BROKEN = cython.declare(cython.Py_ssize_t, 1)
_NUMBER = cython.declare(cython.Py_ssize_t, 2)
_KIND = cython.declare(cython.Py_ssize_t, 3)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def read_byte(
    data: cython.const[cython.uchar][::1], state: cython.longlong[::1]
) -> cython.longlong:
    at: cython.longlong = state[_AT]
    if at >= data.shape[0]:
        state[_BROKEN] = 1
        return 0
    state[_AT] = at + 1
    return data[at]


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def read_varint(
    data: cython.const[cython.uchar][::1], state: cython.longlong[::1]
) -> cython.ulonglong:
    value: cython.ulonglong = 0
    shift: cython.int = 0
    byte: cython.ulonglong = 128
    while byte >= 128:
        byte = cython.cast(cython.ulonglong, read_byte(data, state))
        if state[_BROKEN] or shift > 63:
            state[_BROKEN] = 1
            return 0
        if shift == 63:
            byte &= 129  # there is room for one bit
        value |= (byte & 127) << shift
        shift += 7
    return value


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def read_number(
    data: cython.const[cython.uchar][::1], state: cython.longlong[::1]
) -> cython.longlong:
    """Return a number that may not be below zero; it is broken where it is."""
    value: cython.ulonglong = read_varint(data, state)
    if value & 1:
        state[_BROKEN] = 1
        return 0
    return cython.cast(cython.longlong, value >> 1)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def step_over(
    data: cython.const[cython.uchar][::1], state: cython.longlong[::1], size: cython.ulonglong
) -> cython.void:
    if size > cython.cast(cython.ulonglong, data.shape[0] - state[_AT]):
        state[_BROKEN] = 1
    else:
        state[_AT] += cython.cast(cython.longlong, size)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def next_field(data: cython.const[cython.uchar][::1], state: cython.longlong[::1]) -> cython.bint:
    """Go to the next field of a structure; whether there is one."""
    head: cython.longlong = read_byte(data, state)
    if state[_BROKEN] or head == 0:
        return False
    state[_KIND] = head & 15
    if head >> 4:
        state[_NUMBER] += head >> 4
    else:
        state[_NUMBER] = read_number(data, state)
    return not state[_BROKEN]


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def list_size(
    data: cython.const[cython.uchar][::1], state: cython.longlong[::1]
) -> cython.ulonglong:
    """Return how many elements a list has, whose kind becomes that of the state."""
    head: cython.longlong = read_byte(data, state)
    state[_KIND] = head & 15
    if head >> 4 == 15:
        return read_varint(data, state)
    return cython.cast(cython.ulonglong, head >> 4)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def skip(
    data: cython.const[cython.uchar][::1],
    state: cython.longlong[::1],
    kind: cython.longlong,
    depth: cython.int,
    inside: cython.bint,
) -> cython.void:
    """Go to the end of a value; `inside` a list the truth is a byte, and else part of its head."""
    size: cython.ulonglong
    element: cython.longlong
    value: cython.longlong
    if depth > _DEEPEST:
        state[_BROKEN] = 1
    if state[_BROKEN]:
        return
    if kind == 3 or (kind in (1, 2) and inside):
        step_over(data, state, 1)
    elif kind in (1, 2):
        pass
    elif kind in (4, 5, 6):
        read_varint(data, state)
    elif kind == 7:
        step_over(data, state, 8)
    elif kind == 8:
        step_over(data, state, read_varint(data, state))
    elif kind in (9, 10):
        size = list_size(data, state)
        element = state[_KIND]
        while size > 0 and not state[_BROKEN]:
            skip(data, state, element, depth + 1, True)
            size -= 1
    elif kind == 11:
        size = read_varint(data, state)
        if size > 0:
            value = read_byte(data, state)
            while size > 0 and not state[_BROKEN]:
                skip(data, state, value >> 4, depth + 1, True)
                skip(data, state, value & 15, depth + 1, True)
                size -= 1
    elif kind == 12:
        state[_NUMBER] = 0
        while next_field(data, state):
            element = state[_NUMBER]
            skip(data, state, state[_KIND], depth + 1, False)
            state[_NUMBER] = element
    else:
        state[_BROKEN] = 1


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def read_values(
    data: cython.const[cython.uchar][::1],
    state: cython.longlong[::1],
    columns: cython.longlong[:, ::1],
    row: cython.Py_ssize_t,
) -> cython.void:
    """Read what tells of a column's values: a structure ColumnMetaData."""
    number: cython.longlong
    kind: cython.longlong
    size: cython.ulonglong
    state[_NUMBER] = 0
    while next_field(data, state):
        number = state[_NUMBER]
        kind = state[_KIND]
        if number == 3 and kind == 9:
            columns[row, _PATH_AT] = state[_AT]
            size = list_size(data, state)
            columns[row, _PATH_NAMES] = 0
            if state[_KIND] != 8:
                state[_BROKEN] = 1
            while size > 0 and not state[_BROKEN]:
                step_over(data, state, read_varint(data, state))
                columns[row, _PATH_NAMES] += 1
                size -= 1
            columns[row, _READ] |= 1
        elif number == 4 and kind == 5:
            columns[row, _CODEC] = read_number(data, state)
            columns[row, _READ] |= 2
        elif number == 7 and kind == 6:
            columns[row, _SIZE] = read_number(data, state)
            columns[row, _READ] |= 4
        elif number == 9 and kind == 6:
            columns[row, _DATA_AT] = read_number(data, state)
            columns[row, _READ] |= 8
        elif number == 11 and kind == 6:
            columns[row, _DICTIONARY_AT] = read_number(data, state)
        else:
            if number == 12 and kind == 12:
                columns[row, _HAS_STATISTICS] = 1
            skip(data, state, kind, 1, False)
        state[_NUMBER] = number


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def read_column(
    data: cython.const[cython.uchar][::1],
    state: cython.longlong[::1],
    columns: cython.longlong[:, ::1],
    row: cython.Py_ssize_t,
) -> cython.void:
    """Read a structure ColumnChunk."""
    number: cython.longlong
    kind: cython.longlong
    has_place: cython.bint = False
    has_length: cython.bint = False
    field: cython.Py_ssize_t
    for field in range(columns.shape[1]):
        columns[row, field] = 0
    columns[row, _DICTIONARY_AT] = -1
    state[_NUMBER] = 0
    while next_field(data, state):
        number = state[_NUMBER]
        kind = state[_KIND]
        if number == 3 and kind == 12:
            read_values(data, state, columns, row)
        else:
            has_place = has_place or (number == 4 and kind == 6)
            has_length = has_length or (number == 5 and kind == 5)
            skip(data, state, kind, 1, False)
        state[_NUMBER] = number
    columns[row, _HAS_INDEX] = has_place and has_length


@takes_arrays
def read_footer(
    data: cython.const[cython.uchar][::1],
    state: cython.longlong[::1],
    group_rows: cython.longlong[::1],
    columns: cython.longlong[:, ::1],
    counts: cython.longlong[::1],
) -> None:
    """Read a footer: the number of rows of each row group, and a row of `columns` for each column.

    `state`: zeros, of which the second is 1 where the footer is broken, or has more groups or
    columns than there is room for; `counts`: how many groups and columns there are.
    """
    number: cython.longlong
    kind: cython.longlong
    inner: cython.longlong
    groups: cython.ulonglong
    size: cython.ulonglong
    group: cython.Py_ssize_t
    row: cython.Py_ssize_t = 0
    with cython.nogil:
        group = 0
        while next_field(data, state):
            number = state[_NUMBER]
            kind = state[_KIND]
            if number == 4 and kind == 9:
                group = row = 0
                groups = list_size(data, state)
                if state[_KIND] != 12:
                    state[_BROKEN] = 1
                while groups > 0 and not state[_BROKEN]:
                    if group >= group_rows.shape[0]:
                        state[_BROKEN] = 1
                        break
                    group_rows[group] = -1
                    state[_NUMBER] = 0
                    while next_field(data, state):
                        inner = state[_NUMBER]
                        kind = state[_KIND]
                        if inner == 1 and kind == 9:
                            size = list_size(data, state)
                            if state[_KIND] != 12:
                                state[_BROKEN] = 1
                            while size > 0 and not state[_BROKEN]:
                                if row >= columns.shape[0]:
                                    state[_BROKEN] = 1
                                    break
                                read_column(data, state, columns, row)
                                columns[row, _GROUP] = group
                                if columns[row, _READ] != _COMPLETE:
                                    state[_BROKEN] = 1
                                row += 1
                                size -= 1
                        elif inner == 3 and kind == 6:
                            group_rows[group] = read_number(data, state)
                        else:
                            skip(data, state, kind, 1, False)
                        state[_NUMBER] = inner
                    if group_rows[group] < 0:
                        state[_BROKEN] = 1
                    group += 1
                    groups -= 1
            else:
                skip(data, state, kind, 1, False)
            state[_NUMBER] = number
        counts[0] = group
        counts[1] = row
