"""Tables of values parted by commas or other signs; only the cells with the text are changed."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from functools import cache
from typing import BinaryIO, NamedTuple

from cleaner.core.document import Document, Source
from cleaner.core.errors import InputError
from cleaner.core.settings.config import Input
from cleaner.formats.base import (
    FieldText,
    FieldTexts,
    Form,
    Frame,
    Parsed,
    PassedOn,
    Record,
    Token,
)  # fmt: skip
from cleaner.formats.refused import refuse_content
from cleaner.formats.txt import check_lines

_PIECE = 1 << 18
_BOM = "\ufeff"
_LINE_ENDS = "\r\n"
_WIDE = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_MOST_SHOWN = 12
_QUOTED = re.compile(rb'"(?:[^"]++|"")*+"')
_QUOTED_TEXT = re.compile(r'"(?:[^"]++|"")*+"')


class Layout(NamedTuple):
    """What the first row tells of all rows: the sign between cells, the columns, the texts'."""

    delimiter: str
    header: bytes
    columns: tuple[str, ...]
    texts: tuple[int, ...]


class Csv:
    r"""A table with the names of its columns in the first row.

    It is read as `csv` and pandas read it: a cell is quoted where it begins with a quote, in a
    quoted cell two quotes are one, and rows end with ``\r``, ``\n`` or both outside of quotes.
    """

    name = "csv"
    suffixes: tuple[str, ...] = (".csv",)
    member_per_record = False
    written_suffix = ""
    one_document = False
    delimiters = ",;\t|"

    def records(self, stream: BinaryIO, options: Input) -> Iterator[Record]:
        """Yield the rows, that with the names of columns too.

        Raises InputError where the file is no such table, or a row has not its cells.
        """
        layout = None
        rows = _Rows(stream, options.max_document_size)
        number = 0
        while True:
            # Which sign parts cells is not known before the first row, where none is wanted: names
            # of columns hold no line ends.
            raw = rows.next(layout.delimiter if layout else self.delimiters[0])
            if not raw:
                return
            number += 1
            if layout is None and _text_of(raw):
                layout = self._layout(raw, options)
                if rows.parts_otherwise(raw, layout.delimiter):
                    raise InputError("a quoted name of a column has no end", hint="repair it")
            elif layout is not None and raw.strip(b"\r\n"):
                _check_row(raw, number, layout)
            yield Record(number, raw, layout)

    def parse(self, record: Record, name: str, options: Input) -> Parsed | PassedOn:
        """Return the row's document; a row without a text is none."""
        layout: Layout | None = record.layout
        if layout is None or record.raw == layout.header or not record.raw.strip():
            return PassedOn()
        line = _decoded(record.raw)
        cells = _cells(line, layout.delimiter)
        frame, text = _opened(line, cells, layout.texts[0])
        if not text:
            return PassedOn()
        check_lines(text.encode(), options)
        values = self.cells_of(record)
        del values[layout.columns[layout.texts[0]]]
        return Parsed(
            Document(
                values.get(options.id_field) or f"{name}:{record.number}",
                Source(name, record.number),
                text,
                values,
            ),
            frame,
            {} if frame.head.endswith('"') else {"bare": True},
        )

    def cells_of(self, record: Record) -> dict[str, str]:
        """Return what the cells of a row mean, by column."""
        layout: Layout = record.layout
        line = _decoded(record.raw)
        values = (_value(line[a:b]) for a, b in _cells(line, layout.delimiter))
        return dict(zip(layout.columns, values, strict=True))

    def texts_in(self, record: Record, options: Input) -> FieldTexts | PassedOn:
        """Return the texts of the row's columns."""
        layout: Layout | None = record.layout
        if layout is None or record.raw == layout.header or not record.raw.strip():
            return PassedOn()
        line = _decoded(record.raw)
        cells = _cells(line, layout.delimiter)
        texts = []
        for number in layout.texts:
            start, end = cells[number]
            mark = layout.delimiter + '"' * line.startswith('"', start, end)
            texts.append(FieldText(layout.columns[number], start, end, mark))
        values = self.cells_of(record).items()
        return FieldTexts(line, texts, {name: value for name, value in values if value})

    def token_at(self, line: str, at: int, mark: str) -> Token:
        """Return the cell at a place of a row; `mark` is the delimiter, and a quote if it had."""
        found = _patterns(mark[0]).alone.match(line, at)
        end = found.end() if found else at
        return Token(end, _value(line[at:end]), {} if mark[1:] else {"bare": True})

    def token_of(self, text: str, mark: str) -> str:
        """Return the cell that a text is written as, quoted if it was or if it has to be."""
        if mark[1:] or any(sign in text for sign in ('"', *_LINE_ENDS, mark[0])):
            return f'"{_doubled(text)}"'
        return text

    def source_token(self, text: str, form: Form, mark: str) -> str:
        """Return the cell that a text was in the source."""
        return text if form.get("bare") else f'"{_doubled(text)}"'

    def written(self, frame: Frame, text: str) -> bytes:
        """Return the row with `text` in its place, quoted if it was or if it has to be."""
        head, tail = frame
        if head.endswith('"'):
            return f"{head}{_doubled(text)}{tail}".encode()
        delimiter = head[-1:] or tail[:1].strip(_LINE_ENDS) or self.delimiters[0]
        # A row of nothing but an empty cell would be a blank line.
        alone = not text and not head and not tail.strip(_LINE_ENDS)
        if alone or any(sign in text for sign in ('"', *_LINE_ENDS, delimiter)):
            return f'{head}"{_doubled(text)}"{tail}'.encode()
        return f"{head}{text}{tail}".encode()

    def opened(self, written: Record, options: Input) -> tuple[Frame, str]:
        """Return frame and text of an output row."""
        layout: Layout = written.layout
        line = _decoded(written.raw)
        return _opened(line, _cells(line, layout.delimiter), layout.texts[0])

    def source(self, form: Form, frame: Frame, text: str) -> bytes:
        """Return the row as it stood in the source."""
        head, tail = frame
        if not head.endswith('"'):
            return f"{head}{text}{tail}".encode()
        if form.get("bare"):
            return f"{head[:-1]}{text}{tail[1:]}".encode()
        return f"{head}{_doubled(text)}{tail}".encode()

    def columns(self, head: bytes) -> tuple[str, ...]:
        """Return the names of the columns of a table that begins like this, as far as can be told.

        They are parted by the sign that parts it into most.
        """
        line = _text_of(head).splitlines()[0] if head.strip() else ""
        parts = (
            tuple(_value(line[a:b]) for a, b in _cells(line, delimiter))
            for delimiter in self.delimiters
        )
        return max(parts, key=len)

    def _layout(self, raw: bytes, options: Input) -> Layout:
        """Return what the first row tells; the delimiter is the one by which it has the text.

        Raises InputError where a column is missing, or which one is meant is not clear.
        """
        line = _text_of(raw)
        choices = []
        wanted = options.text_fields
        for delimiter in self.delimiters:
            columns = tuple(_value(line[a:b]) for a, b in _cells(line, delimiter))
            choices.append(
                (sum(map(columns.__contains__, wanted)), len(columns), delimiter, columns)
            )
        found, count, delimiter, columns = max(choices, key=lambda choice: choice[:2])
        if found < len(wanted):
            missing = next(name for name in wanted if name not in columns)
            shown = ", ".join(map(repr, columns[:_MOST_SHOWN]))
            raise InputError(
                f"no column {missing!r}",
                why=f"the table has {shown}{', …' if count > _MOST_SHOWN else ''}",
                hint="name the right one with --text-field",
            )
        if len(set(columns)) < count:
            twice = next(name for name in columns if columns.count(name) > 1)
            raise InputError(f"two columns are called {twice!r}", hint="rename one of them")
        return Layout(delimiter, raw, columns, tuple(map(columns.index, wanted)))


class Tsv(Csv):
    """A table of values parted by tabs."""

    name = "tsv"
    suffixes = (".tsv",)
    delimiters = "\t"


class _Rows:
    """The rows of a stream, cut off its bytes one by one."""

    def __init__(self, stream: BinaryIO, limit: int) -> None:
        self._stream = stream
        self._limit = limit
        self._held = b""
        self._at = 0
        self._ended = False
        self._count = 0

    def next(self, delimiter: str) -> bytes:
        """Return the next row, its line end included; nothing at the end."""
        pattern = _patterns(delimiter).row
        while True:
            found = pattern.match(self._held, self._at)
            if found is None and self._ended:
                break
            if found is not None and found.end() - self._at <= self._limit:
                self._at = found.end()
                self._count += 1
                return found[0]
            if len(self._held) - self._at > self._limit:
                raise InputError(
                    f"record {self._count + 1:,} is larger than {self._limit:,} bytes",
                    why="a quote that nothing closes makes one cell of all that follows",
                    hint="close it, or raise --max-document-size",
                )
            self._read()
        rest = self._held[self._at :]
        if rest.rstrip(b"\r\n") and not _patterns(delimiter).last_row.fullmatch(rest):
            raise InputError(
                f"record {self._count + 1:,} begins a quoted cell that has no end",
                hint="close the quote",
            )
        self._at = len(self._held)
        self._count += 1
        return rest

    def parts_otherwise(self, raw: bytes, delimiter: str) -> bool:
        """Whether the row ends elsewhere where `delimiter` parts cells."""
        row, last_row, *_ = _patterns(delimiter)
        return not (row.fullmatch(raw) or last_row.fullmatch(raw))

    def _read(self) -> None:
        """Read as much again as is held, so that a long row is looked at few times."""
        held = self._held[self._at :]
        piece = self._stream.read(max(_PIECE, len(held)))
        if not self._count and not held:
            _check_head(piece)
        self._held, self._at = held + piece, 0
        self._ended = not piece


def _check_head(data: bytes) -> None:
    """Raise InputError where a file's beginning is not that of a table in UTF-8."""
    refuse_content(data)
    if data.startswith(_WIDE) or b"\0" in data:
        raise InputError(
            "is a table in UTF-16 or binary data", why="tables are read in UTF-8",
            hint="save it in UTF-8",
        )  # fmt: skip
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        decoder.decode(data)
    except UnicodeDecodeError as error:
        raise InputError(
            "is a table that is not in UTF-8", why=f"byte {error.start}", hint="save it in UTF-8"
        ) from error


def _check_row(raw: bytes, number: int, layout: Layout) -> None:
    """Raise InputError where a row has not its cells, or its text has a doubtful end."""
    delimiter = layout.delimiter.encode()
    if b'"' not in raw:
        count = raw.count(delimiter) + 1
    else:
        cells = _patterns(layout.delimiter).cell.findall(raw.rstrip(b"\r\n") + delimiter)
        count = len(cells)
        for text in (cells[number] for number in layout.texts if number < count):
            if text.startswith(b'"') and not _QUOTED.fullmatch(text):
                raise InputError(
                    f"record {number:,} has something behind the closing quote of its text",
                    why="what is meant is not clear",
                    hint="double the quotes inside of quoted cells",
                )
    if count != len(layout.columns):
        raise InputError(
            f"record {number:,} has {count:,} cells, not {len(layout.columns):,} as the first row",
            hint="repair the row; a cell that holds the delimiter or a line end is quoted",
        )


class _Patterns(NamedTuple):
    """What matches, for one delimiter, a row, the last row, a cell with the delimiter, or alone."""

    row: re.Pattern[bytes]
    last_row: re.Pattern[bytes]
    cell: re.Pattern[bytes]
    cell_of_text: re.Pattern[str]
    alone: re.Pattern[str]


@cache
def _patterns(delimiter: str) -> _Patterns:
    sign = re.escape(delimiter)
    cell = f'(?:"(?:[^"]++|"")*+"[^{sign}\r\n]*+|(?!")[^{sign}\r\n]*+)'
    row = f"{cell}(?:{sign}{cell})*+"
    return _Patterns(
        # Behind a carriage return that ends what was read a line feed may follow.
        re.compile(rf"{row}(?:\r\n|\n|\r(?=[^\n]))".encode()),
        re.compile(rf"{row}\r?".encode()),
        re.compile(f"({cell}){sign}".encode()),
        re.compile(f"({cell}){sign}"),
        re.compile(cell),
    )


def _text_of(raw: bytes) -> str:
    return _decoded(raw).removeprefix(_BOM).rstrip(_LINE_ENDS)


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(
            "not valid UTF-8",
            why=f"byte {error.start} of the record",
            hint="convert the file to UTF-8",
        ) from error


def _cells(line: str, delimiter: str) -> list[tuple[int, int]]:
    """Return the spans of a row's cells, quotes included."""
    body = line.rstrip(_LINE_ENDS) + delimiter
    return [found.span(1) for found in _patterns(delimiter).cell_of_text.finditer(body)]


def _value(cell: str) -> str:
    """Return what a cell means.

    >>> print(_value('"a ""b"" c"'), _value('a "b"'))
    a "b" c a "b"
    """
    if not cell.startswith('"'):
        return cell
    quoted = _QUOTED_TEXT.match(cell)
    end = quoted.end() if quoted else len(cell)
    return cell[1 : end - 1].replace('""', '"') + cell[end:]


def _opened(line: str, cells: list[tuple[int, int]], text: int) -> tuple[Frame, str]:
    """Return what stands around the text, the quotes included, and the text."""
    start, end = cells[text]
    value = _value(line[start:end])
    if line.startswith('"', start):
        start, end = start + 1, end - 1
    return Frame(line[:start], line[end:]), value


def _doubled(text: str) -> str:
    return text.replace('"', '""')
