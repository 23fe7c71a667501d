"""The formats there are, and which one a file's name asks for."""

from __future__ import annotations

import difflib
from pathlib import PurePosixPath

from cleaner.core.errors import UsageError
from cleaner.core.settings.config import Input
from cleaner.formats.base import Format
from cleaner.formats.columnar.formats import Arrow, Parquet
from cleaner.formats.csv import Csv, Tsv
from cleaner.formats.html import Html
from cleaner.formats.json_array import JsonArray
from cleaner.formats.jsonl import Jsonl
from cleaner.formats.txt import Txt
from cleaner.formats.warc import Warc

_ALL: tuple[Format, ...] = (
    Txt(), Jsonl(), Csv(), Tsv(), Parquet(), Arrow(), JsonArray(), Warc(), Html(),
)  # fmt: skip
FORMATS: dict[str, Format] = {format.name: format for format in _ALL}


def check_format(options: Input) -> None:
    """Raise UsageError where the format to read as is none that is known."""
    if options.format and options.format not in FORMATS:
        near = difflib.get_close_matches(options.format.lower(), FORMATS, n=1)
        raise UsageError(
            f"no format is called {options.format!r}",
            hint=f"did you mean {near[0]!r}?" if near else f"there are {', '.join(FORMATS)}",
        )


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
