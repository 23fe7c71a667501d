"""What a file format must do, and the pieces that formats share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, NamedTuple, Protocol, runtime_checkable

from cleaner.core.document import Document
from cleaner.core.edits import Edit
from cleaner.core.settings.config import Input

# Members in which crawls say where a record comes from, and those that may hold them.
ADDRESSES = ("url", "uri", "source_url", "page_url", "link", "warc-target-uri", "id")
NESTED_ADDRESSES = ("meta", "metadata", "warc_headers")

# What a format keeps so that a record's bytes can be made again from its text: JSON values only.
Form = dict[str, Any]


class Record(NamedTuple):
    """One record as it stands in a file: its number from 1 and all its bytes, end mark included.

    `layout` is what the file's beginning tells of all its records (the columns of a table), one
    object for all of them; None where a record tells everything itself.
    """

    number: int
    raw: bytes
    layout: Any = None


class Frame(NamedTuple):
    """What stands around the text in a record, before and after; passes through untouched."""

    head: str = ""
    tail: str = ""


@dataclass(frozen=True, slots=True)
class Parsed:
    """A record taken apart: its document, its frame, its form, and what reading it told."""

    document: Document
    frame: Frame
    form: Form
    notes: tuple[Edit, ...] = ()


class PassedOn(NamedTuple):
    """A record that holds no text and goes into the output as it stands: the names of columns."""


class Format(Protocol):
    """A file format. Every method is pure; records come and go in file order.

    A file is its records one after the other, and so is an output, which `records` parts like a
    source. For a parsed record, ``source(form, frame, document.text)`` gives its bytes back, and
    ``opened(written(frame, text))`` gives ``frame`` and ``text`` back.
    """

    @property
    def name(self) -> str:
        """The name people use."""

    @property
    def suffixes(self) -> tuple[str, ...]:
        """The file name suffixes, in lower case."""

    @property
    def one_document(self) -> bool:
        """Whether a file is one document; else each record is one."""

    @property
    def member_per_record(self) -> bool:
        """Whether each record of a compressed file can be decompressed alone."""

    @property
    def written_suffix(self) -> str:
        """What the name of an output has more than that of its source."""

    def records(self, stream: BinaryIO, options: Input) -> Iterator[Record]:
        """Yield the records of a file; InputError where one is larger than allowed."""

    def parse(self, record: Record, name: str, options: Input) -> Parsed | PassedOn | None:
        """Return what the record holds; None for nothing at all; InputError where it is bad."""

    def written(self, frame: Frame, text: str) -> bytes:
        """Return the bytes of the output record with this text."""

    def opened(self, written: Record, options: Input) -> tuple[Frame, str]:
        """Return frame and text of an output record."""

    def source(self, form: Form, frame: Frame, text: str) -> bytes:
        """Return the bytes of the source record."""


class Packer(Protocol):
    """Makes a file of records."""

    def write(self, records: bytes | memoryview, kept: bytes) -> None:
        """Append records; `kept` has a byte for each of the source, 1 where it is written."""

    def close(self) -> str | None:
        """Write the end of the file; return the digest of the source's values, if it has one."""

    def abandon(self) -> None:
        """Let go of files that will not be kept."""


@runtime_checkable
class Packed(Protocol):
    """What a format has besides whose files are more than their records one after the other.

    Where ``looks_around``, records are read from a whole file, not from a stream; rows that have no
    place in an output are kept in a file beside it (`removed`), and a restored file has the same
    values as its source, but not always the same bytes.
    """

    @property
    def looks_around(self) -> bool:
        """Whether the whole file must be at hand."""

    def packer(
        self, source: BinaryIO, sink: BinaryIO, removed: Callable[[], BinaryIO], options: Input
    ) -> Packer:
        """Return what writes an output: `written` records are given, those that are kept."""

    def restorer(
        self, output: BinaryIO, removed: BinaryIO | None, sink: BinaryIO, options: Input
    ) -> Packer:
        """Return what writes a source again: all its records are given."""


class FieldText(NamedTuple):
    """A text in a record: the name of its field, the span of its token, and how to read that."""

    field: str
    start: int
    end: int
    mark: str = ""


class FieldTexts(NamedTuple):
    """The texts of a record, in any order, and its other members."""

    line: str
    texts: list[FieldText]
    members: dict[str, Any]


class Token(NamedTuple):
    """A token opened: where it ends, what it means, and what gives it back from that."""

    end: int
    text: str
    form: Form


class FieldFormat(Format, Protocol):
    """What a format has besides whose records may have several texts."""

    def texts_in(self, record: Record, options: Input) -> FieldTexts | PassedOn | None:
        """Return the texts of a record, empty ones too; what is no record as `parse` has it."""

    def token_at(self, line: str, at: int, mark: str) -> Token:
        """Return the token at a place of a record."""

    def token_of(self, text: str, mark: str) -> str:
        """Return the token that a text is written as."""

    def source_token(self, text: str, form: Form, mark: str) -> str:
        """Return the token of a source."""
