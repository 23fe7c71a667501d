"""Plain text: a file is one document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from cleaner.core.document import Document, Source
from cleaner.core.errors import InputError
from cleaner.core.settings.config import Input
from cleaner.formats.base import Form, Frame, Parsed, Record
from cleaner.formats.encoding import decode, encode, form_of, source_of
from cleaner.formats.refused import refuse_content

_PIECE = 1 << 24


class Txt:
    """A file of plain text in any encoding."""

    name = "txt"
    # Text that people wrote, in forms of which the blocks are known. Logs, TeX and source code are
    # text too, but what repeats or is short there is meant so: they are read where they are named.
    suffixes: tuple[str, ...] = (".txt", ".text", ".md", ".markdown", ".rst")
    one_document = True
    member_per_record = False
    written_suffix = ""

    def records(self, stream: BinaryIO, options: Input) -> Iterator[Record]:
        """Yield the whole file as one record; an empty file has none."""
        data = read_up_to(stream, options.max_document_size + 1)
        if len(data) > options.max_document_size:
            raise InputError(
                f"is larger than {options.max_document_size:,} bytes",
                hint="raise --max-document-size to read it",
            )
        refuse_content(data)
        if data:
            yield Record(1, data)

    def parse(self, record: Record, name: str, options: Input) -> Parsed:
        """Return the file's document; its id is the file's name."""
        check_lines(record.raw, options)
        decoded = decode(record.raw, options.encoding)
        document = Document(name, Source(name), decoded.text)
        return Parsed(document, Frame(), form_of(decoded, record.raw), decoded.notes)

    def written(self, frame: Frame, text: str) -> bytes:
        """Return `text` in UTF-8."""
        return encode(text, "utf-8")

    def opened(self, written: Record, options: Input) -> tuple[Frame, str]:
        """Return the text of an output file."""
        return Frame(), written.raw.decode("utf-8", "surrogateescape")

    def source(self, form: Form, frame: Frame, text: str) -> bytes:
        """Return `text` in the source's own encoding."""
        return source_of(form, text)


def read_up_to(stream: BinaryIO, most: int) -> bytes:
    """Return up to `most` bytes; a stream asked for them at once would make room for all."""
    pieces = []
    while most and (piece := stream.read(min(most, _PIECE))):
        pieces.append(piece)
        most -= len(piece)
    return b"".join(pieces)


def check_lines(data: bytes, options: Input) -> None:
    """Raise InputError where a line is longer than allowed."""
    if len(data) <= options.max_line_size:
        return
    at = 0
    number = 1
    while len(data) - at > options.max_line_size:
        # The last line end within reach is enough: what lies before it is short enough lines.
        end = data.rfind(b"\n", at, at + options.max_line_size + 1)
        end = max(end, data.rfind(b"\r", at, at + options.max_line_size + 1))
        if end < 0:
            raise InputError(
                f"line {number:,} is longer than {options.max_line_size:,} bytes",
                hint="raise --max-line-size to read it",
            )
        number += data.count(b"\n", at, end + 1)
        at = end + 1
