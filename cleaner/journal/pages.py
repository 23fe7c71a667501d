"""What a row group of a journal would grow to, read from the headers of its pages.

Values that refer to others may repeat them without end, so row groups that no journal has are
refused before they are read.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from cleaner.storage.parquet_footer import Column
from cleaner.storage.parquet_pages import DATA, DICTIONARY, pages_of

# Row groups of several rows come to a fourth of this; a row that is larger has one for itself.
MOST_BYTES = 64 << 20

# Numbers of the format: encodings of values.
_PLAIN, _PLAIN_DICTIONARY, _RLE, _RLE_DICTIONARY = 0, 2, 3, 8
# Fields of what a page's header holds of data.
_OF_DATA = 5
_ENCODING = 2


def check_group(
    descriptor: int, columns: Sequence[Column], rows: int, short: Collection[str]
) -> None:
    """Raise ValueError where reading a row group would take more memory than one ever has.

    The file is open by its `descriptor`, the group has these columns and `rows`. Values of the
    columns `short` may be numbers in a dictionary.
    """
    grown = 0
    for column in columns:
        allowed = {_PLAIN, _RLE}
        if column.path in short:
            allowed = {_PLAIN, _PLAIN_DICTIONARY, _RLE_DICTIONARY}
        for page in pages_of(descriptor, column):
            if page.kind == DATA:
                sound = page.header.get((_OF_DATA, _ENCODING)) in allowed
            else:
                sound = page.kind == DICTIONARY and column.path in short
            if not sound:
                raise ValueError(f"a page of {column.path!r} that no journal has")
            grown += page.grown
        if grown > MOST_BYTES and rows > 1:
            raise ValueError("a row group that is larger than any is")
