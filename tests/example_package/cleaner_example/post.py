"""Texts below a header, as mail and some blogs have them: "Subject: ...", and a blank line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from cleaner.core.document import Document, Source
from cleaner.core.errors import InputError
from cleaner.core.settings.config import Input
from cleaner.formats.base import Form, Frame, Parsed, Record

_HEADER = re.compile(r"(?:[A-Za-z-]++:[^\n]*+\n)++\n")


class Post:
    """A file with a header, which stays as it is, and one text."""

    name = "post"
    suffixes = (".post",)
    one_document = True
    member_per_record = False
    written_suffix = ""

    def records(self, stream: BinaryIO, options: Input) -> Iterator[Record]:
        """Yield the whole file as one record; an empty file has none."""
        data = stream.read(options.max_document_size + 1)
        if len(data) > options.max_document_size:
            raise InputError("is too large", hint="raise --max-document-size to read it")
        if data:
            yield Record(1, data)

    def parse(self, record: Record, name: str, options: Input) -> Parsed:
        """Return the text; bytes that are no UTF-8 are kept in it as lone surrogates."""
        frame, text = self.opened(record, options)
        return Parsed(Document(name, Source(name), text), frame, {})

    def written(self, frame: Frame, text: str) -> bytes:
        """Return header and text."""
        return f"{frame.head}{text}".encode("utf-8", "surrogateescape")

    def opened(self, written: Record, options: Input) -> tuple[Frame, str]:
        """Return header and text of a file."""
        content = written.raw.decode("utf-8", "surrogateescape")
        header = _HEADER.match(content)
        if header is None:
            raise InputError("has no header", hint='a post begins with lines like "Subject: ..."')
        return Frame(header[0]), content[header.end() :]

    def source(self, form: Form, frame: Frame, text: str) -> bytes:
        """Return the file as it stood."""
        return self.written(frame, text)
