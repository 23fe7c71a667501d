"""The formats there are, and which one a file's name asks for."""

from __future__ import annotations

import difflib
from pathlib import PurePosixPath
from typing import cast

from cleaner.core.errors import UsageError
from cleaner.core.plugins import brought, refused
from cleaner.core.settings.config import Input
from cleaner.formats.archive import Archive
from cleaner.formats.base import FieldFormat, Format
from cleaner.formats.card import Card
from cleaner.formats.columnar.formats import Arrow, Columnar, Parquet
from cleaner.formats.csv import Csv, Tsv
from cleaner.formats.fields import SUFFIX, Fields
from cleaner.formats.json_array import JsonArray
from cleaner.formats.jsonl import Jsonl
from cleaner.formats.txt import Txt
from cleaner.formats.web.html import Html
from cleaner.formats.web.warc import Warc

_BUILT_IN: tuple[Format, ...] = (
    Txt(), Jsonl(), Csv(), Tsv(), Parquet(), Arrow(), JsonArray(), Warc(), Html(),
)  # fmt: skip


def _all_formats() -> dict[str, Format]:
    """Return the formats by name, those that other packages bring last.

    Raises ConfigError where one of these cannot be used.
    """
    formats: dict[str, Format] = {format.name: format for format in _BUILT_IN}
    suffixes = {suffix for format in formats.values() for suffix in format.suffixes}
    for name, given in brought("formats").items():
        where = f"cleaner.formats {name}"
        format = given() if isinstance(given, type) else given
        missing = [part for part in _PARTS if not hasattr(format, part)]
        if missing:
            raise refused(where, "is no format", f"it has no {', '.join(missing)}")
        if format.name != name or name in formats:
            raise refused(where, f"has the name {format.name!r}", "a format is called as its entry")
        if taken := suffixes.intersection(format.suffixes):
            raise refused(where, f"has a suffix that is taken: {', '.join(sorted(taken))}")
        suffixes.update(format.suffixes)
        formats[name] = format
    return formats


# What a format has, as `base.Format` says.
_PARTS = (
    "name", "suffixes", "one_document", "member_per_record", "written_suffix",
    "records", "parse", "written", "opened", "source",
)  # fmt: skip

FORMATS = _all_formats()
# Those whose records may have several texts, for which others stand then: `Fields` of them.
_FIELDS = {
    name: Fields(cast("FieldFormat", FORMATS[name])) for name in ("jsonl", "json", "csv", "tsv")
}
_BY_NAME = tuple(FORMATS)
_ARCHIVE = Archive()
_CARD = Card()
ARCHIVE, CARD = _ARCHIVE.name, _CARD.name
FORMATS.update({ARCHIVE: _ARCHIVE, CARD: _CARD})
FORMATS.update((format.name, format) for format in _FIELDS.values())


def with_fields(format: str, options: Input) -> str:
    """Return the format that stands for one where records have several texts.

    >>> with_fields("csv", Input(text_field=("title", "body"))), with_fields("csv", Input())
    ('csv-fields', 'csv')
    """
    several = len(options.text_fields) > 1 and format in _FIELDS
    return _FIELDS[format].name if several else format


def base_of(format: str) -> str:
    """Return the format that another stands for.

    >>> base_of("csv-fields"), base_of("csv")
    ('csv', 'csv')
    """
    return format.removesuffix(SUFFIX)


def joined(records: bytes, format: str) -> bytes:
    """Return records of a format that is no more than these as they stand in its files."""
    known = FORMATS[format]
    return known.joined(records) if isinstance(known, Fields) else records


def fields_in(format: str, options: Input) -> int:
    """Return how many texts each record of a format that is read has."""
    known = FORMATS[format]
    return len(options.text_fields) if isinstance(known, Fields | Columnar) else 1


def check_format(options: Input) -> None:
    """Raise UsageError where the format to read as is none that is known."""
    if options.format and options.format not in _BY_NAME:
        near = difflib.get_close_matches(options.format.lower(), _BY_NAME, n=1)
        raise UsageError(
            f"no format is called {options.format!r}",
            hint=f"did you mean {near[0]!r}?" if near else f"there are {', '.join(_BY_NAME)}",
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
