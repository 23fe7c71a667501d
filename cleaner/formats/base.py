"""What a file format must do, and the pieces that formats share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, NamedTuple, Protocol

from cleaner.core.config import Input
from cleaner.core.document import Document
from cleaner.core.edits import Edit

# What a format keeps of a record so that its bytes can be made again: JSON values only.
Form = dict[str, Any]


class Record(NamedTuple):
    """One record as it stands in a file: its number from 1 and all its bytes, end mark included."""

    number: int
    raw: bytes


@dataclass(frozen=True, slots=True)
class Parsed:
    """A record taken apart: the document, how to make its bytes again, and edits made in reading."""

    document: Document
    form: Form
    notes: tuple[Edit, ...] = ()


class Format(Protocol):
    """A file format. Every method is pure; records come and go in file order.

    For each record, ``source(form, text) == raw`` for the text that ``parse`` gave, and
    ``text(written(form, t)) == t`` for the records that ``records`` finds in what was written.
    """

    name: str
    suffixes: tuple[str, ...]
    one_document: bool

    def records(self, stream: BinaryIO, options: Input) -> Iterator[Record]:
        """Yield the records of a file; InputError where one is larger than allowed."""

    def parse(self, record: Record, name: str, options: Input) -> Parsed | None:
        """Return the record's document; None where it holds nothing; InputError where it is bad."""

    def written(self, form: Form, text: str) -> bytes:
        """Return the bytes that stand in the output for a document with this text."""

    def text(self, form: Form, written: bytes) -> str:
        """Return the text of an output record."""

    def source(self, form: Form, text: str) -> bytes:
        """Return the bytes of the source record, from its text and form."""
