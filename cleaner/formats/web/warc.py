r"""Web archives (WARC, WET): texts that were extracted from pages are documents, and pages.

Records are cut here and not by a library: those give headers in a form of their own, and what is
not changed must come out byte for byte.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from typing import BinaryIO

from cleaner.core.document import Document, Source
from cleaner.core.errors import InputError
from cleaner.core.settings.config import Input
from cleaner.formats.base import Form, Frame, Parsed, PassedOn, Record
from cleaner.formats.encoding import Decoded, decode, encode
from cleaner.formats.txt import check_lines, read_up_to
from cleaner.formats.web.http_response import page_of
from cleaner.formats.web.page_text import page_text
from cleaner.formats.web.warc_header import LENGTH, Header, media_type

_END = b"\r\n\r\n"
_MOST_HEADER_BYTES = 1 << 20


class Warc:
    """A file of WARC records, compressed each for itself where the file is compressed.

    Documents are the conversion records of plain text. Their headers stay as they are, but for
    length and digests, which are those of the text. Responses with a page become such records. All
    others pass through.
    """

    name = "warc"
    suffixes = (".warc", ".wet")
    one_document = False
    member_per_record = True
    written_suffix = ""

    def records(self, stream: BinaryIO, options: Input) -> Iterator[Record]:
        """Yield the records with the line ends behind them; InputError where one does not fit."""
        number = 1
        while raw := _next(stream, number, options.max_document_size):
            yield Record(number, raw)
            number += 1

    def parse(self, record: Record, name: str, options: Input) -> Parsed | PassedOn:
        """Return the record's document, whose site is that of the record's address."""
        header, block = _parts(record.raw)
        kind = header.get("warc-type"), media_type(header.get("content-type"))
        id = header.get("warc-record-id") or f"{name}:{record.number}"
        if kind == ("conversion", "text/plain"):
            check_lines(block, options)
            decoded = decode(block, header.charset() or options.encoding)
            frame = Frame(header.frame())
        elif kind == ("response", "application/http") and (page := _page(block, options)):
            decoded = page
            frame = Frame(header.converted(id))
        else:
            return PassedOn()
        address = header.get("warc-target-uri").strip("<>")
        metadata = {"warc-target-uri": address, "warc-date": header.get("warc-date")}
        document = Document(id, Source(name, record.number), decoded.text, metadata)
        form: Form = {}
        if self.written(frame, decoded.text) != record.raw:
            form["bytes"] = base64.b64encode(record.raw).decode("ascii")
        return Parsed(document, frame, form, decoded.notes)

    def written(self, frame: Frame, text: str) -> bytes:
        """Return the record with `text` as its block, in UTF-8, and length and digests of that."""
        block = encode(text, "utf-8")
        return Header.of_frame(frame.head).filled(block) + block + _END

    def opened(self, written: Record, options: Input) -> tuple[Frame, str]:
        """Return frame and text of an output record."""
        header, block = _parts(written.raw)
        return Frame(header.frame()), block.decode("utf-8", "surrogateescape")

    def source(self, form: Form, frame: Frame, text: str) -> bytes:
        """Return the record as it stood in the source."""
        return base64.b64decode(form["bytes"]) if "bytes" in form else self.written(frame, text)


def _next(stream: BinaryIO, number: int, most: int) -> bytes:
    """Return the bytes of the next record; none at the end of the stream."""
    pieces: list[bytes] = []
    size = 0
    while True:
        line = stream.readline(_MOST_HEADER_BYTES)
        if not line and not pieces:
            return b""
        if not pieces and not line.startswith(b"WARC/"):
            why = "its first line has no WARC version"
            if number > 1:
                why = f"the Content-Length of record {number - 1:,} may be wrong; {why}"
            raise _broken(number, why)
        pieces.append(line)
        size += len(line)
        if line in (b"\r\n", b"\n"):
            break
        if not line.endswith(b"\n"):
            raise _broken(number, "the file ends in its header")
        if size > _MOST_HEADER_BYTES:
            raise _broken(number, "its header is too long")
    header = Header(b"".join(pieces))
    length = header.length()
    if length is None:
        raise _broken(number, f"its header has no {LENGTH} that is a number")
    if size + length > most:
        raise InputError(
            f"record {number:,} is larger than {most:,} bytes",
            hint="raise --max-document-size to read it",
        )
    block = read_up_to(stream, length)
    if len(block) < length:
        why = f"the file ends after {len(block):,} bytes of the {length:,} that it should have"
        raise _broken(number, why)
    end = stream.read(2)
    if end != b"\n\n":
        end += stream.read(2)
    if end not in (_END, b"\n\n"):
        raise _broken(number, f"it does not end after the {length:,} bytes of its Content-Length")
    return b"".join([*pieces, block, end])


def _page(response: bytes, options: Input) -> Decoded | None:
    """Return the main text of a page; None where there is none, or nobody can tell what it is."""
    if options.html == "off":
        return None
    page = page_of(response, options.max_document_size)
    if page is None:
        return None
    try:
        found = page_text(page.data, page.charset, options)
    except InputError:
        return None
    return found if found.text.strip() else None


def _broken(number: int, why: str) -> InputError:
    return InputError(f"record {number:,} is broken", why=why, hint="fetch or write it again")


def _parts(raw: bytes) -> tuple[Header, bytes]:
    """Return header and block of a record that `_next` has cut."""
    stream = io.BytesIO(raw)
    while stream.readline() not in (b"\r\n", b"\n"):
        pass
    at = stream.tell()
    return Header(raw[:at]), raw[at : len(raw) - (2 if raw.endswith(b"\n\n") else 4)]
