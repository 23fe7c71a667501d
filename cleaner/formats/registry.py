"""The formats there are, and which one a file's name asks for."""

from __future__ import annotations

from pathlib import PurePosixPath

from cleaner.formats.base import Format
from cleaner.formats.columnar.formats import Arrow, Parquet
from cleaner.formats.csv import Csv, Tsv
from cleaner.formats.json_array import JsonArray
from cleaner.formats.jsonl import Jsonl
from cleaner.formats.txt import Txt

_ALL: tuple[Format, ...] = (Txt(), Jsonl(), Csv(), Tsv(), Parquet(), Arrow(), JsonArray())
FORMATS: dict[str, Format] = {format.name: format for format in _ALL}


def format_of(name: str, packed_suffixes: tuple[str, ...]) -> Format | None:
    """Return the format of the file `name`, its compression's suffix aside; None where none fits.

    >>> format_of("a/b.JSONL.gz", (".gz",)).name
    'jsonl'
    """
    path = PurePosixPath(name.lower())
    if path.suffix in packed_suffixes:
        path = path.with_suffix("")
    for format in FORMATS.values():
        if path.suffix in format.suffixes:
            return format
    return None
