"""What is asked of a file that holds a table, and what can be wrong with one."""

from __future__ import annotations

import errno
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple, Protocol

import pyarrow as pa

from cleaner.core.errors import InputError

_MOST_SHOWN = 12


class Piece(NamedTuple):
    """Some rows of a table, and the number of the group (row group, batch) they stand in."""

    group: int
    rows: pa.RecordBatch


class TableFile(Protocol):
    """A file with a table, open."""

    @property
    def schema(self) -> pa.Schema:
        """The table's columns and metadata."""

    def pieces(self, columns: Sequence[str] | None = None) -> Iterator[Piece]:
        """Yield the rows in order, with all columns or some (``a.b`` is a field of ``a``).

        A piece has no more rows than memory holds. Raises InputError where the file is broken.
        """


class TableWriter(Protocol):
    """A file with a table that is being written."""

    def write(self, rows: pa.Table) -> None:
        """Append rows as a group."""

    def close(self) -> None:
        """Write the end of the file."""

    def abandon(self) -> None:
        """Let go of a file that will not be kept."""


@contextmanager
def told_of(what: str) -> Iterator[None]:
    """Tell in one line of what Arrow cannot read."""
    try:
        yield
    except InputError:
        raise
    except (pa.ArrowException, ValueError, OverflowError, MemoryError, RecursionError) as error:
        raise _broken(what, error) from error
    except OSError as error:
        if error.errno not in (None, errno.EINVAL):  # sought where no file has a place
            raise
        raise _broken(what, error) from error


def _broken(what: str, error: Exception) -> InputError:
    why = str(error).strip().partition("\n")[0].rstrip(".") or type(error).__name__
    return InputError(f"broken {what} file", why=why[:200], hint="fetch or write it again")


def sound(schema: pa.Schema) -> pa.Schema:
    """Return a schema whose names can be read; ValueError where they cannot."""
    for field in schema:
        _read_names(field)
    return schema


def _read_names(field: pa.Field) -> str:
    for number in range(field.type.num_fields):
        _read_names(field.type.field(number))
    return str(field.name)


def path_of(schema: pa.Schema | pa.StructType, name: str) -> list[int]:
    """Return where a column or a field of one stands, from outside to inside; empty for nowhere.

    >>> inner = pa.struct([("c", pa.int8()), ("d", pa.string())])
    >>> path_of(pa.schema([("a", pa.int8()), ("b", inner)]), "b.d")
    [1, 1]
    """
    number = schema.get_field_index(name)
    if number >= 0:
        return [number]
    outer, _, inner = name.partition(".")
    number = schema.get_field_index(outer)
    if not inner or number < 0 or not pa.types.is_struct(schema.field(number).type):
        return []
    rest = path_of(schema.field(number).type, inner)
    return [number, *rest] if rest else []


def text_column(schema: pa.Schema, name: str) -> None:
    """Raise InputError where there is no column that holds the text, or it is not clear which."""
    names = schema.names
    if len(set(names)) < len(names):
        twice = next(one for one in names if names.count(one) > 1)
        raise InputError(f"two columns are called {twice!r}", hint="rename one of them")
    path = path_of(schema, name)
    if not path:
        shown = ", ".join(map(repr, names[:_MOST_SHOWN])) or "no columns"
        raise InputError(
            f"no column {name!r}",
            why=f"the table has {shown}{', …' if len(names) > _MOST_SHOWN else ''}",
            hint="name the right one with --text-field",
        )
    field = schema.field(path[0])
    for number in path[1:]:
        field = field.type.field(number)
    if not is_text(field.type):
        raise InputError(
            f"column {name!r} is {field.type}, not text",
            hint="name the right one with --text-field",
        )


def is_text(type: pa.DataType) -> bool:
    """Whether values of a type are texts.

    >>> is_text(pa.dictionary(pa.int8(), pa.large_string())), is_text(pa.binary())
    (True, False)
    """
    if pa.types.is_dictionary(type):
        type = type.value_type
    is_view = pa.types.is_string_view(type)
    return bool(is_view or pa.types.is_string(type) or pa.types.is_large_string(type))


def numbered(indices: pa.Array, column: pa.DataType) -> pa.Array:
    """Return the numbers of values in a dictionary, as a column has them.

    Raises InputError where it has no room for them.
    """
    try:
        return indices.cast(column.index_type)
    except pa.ArrowInvalid:
        raise InputError(
            f"more different texts than {column.index_type} can number",
            hint="write the column with a larger type of numbers",
        ) from None
