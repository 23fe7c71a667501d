"""What a file format must do, and the pieces that formats share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, NamedTuple, Protocol

from cleaner.core.document import Document
from cleaner.core.edits import Edit
from cleaner.core.settings.config import Input

# What a format keeps so that a record's bytes can be made again from its text: JSON values only.
Form = dict[str, Any]


class Record(NamedTuple):
    """One record as it stands in a file: its number from 1 and all its bytes, end mark included."""

    number: int
    raw: bytes


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


class Untouched:
    """What is parsed of a record that is no document and is written as it is."""


UNTOUCHED = Untouched()


class Format(Protocol):
    """A file format. Every method is pure; records come and go in file order.

    For a parsed record, ``source(form, frame, document.text)`` gives its bytes back, and
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

    def split(self, written: BinaryIO) -> Iterator[bytes]:
        """Yield the records of an output, or of some whole records of a file."""

    def parse(self, record: Record, name: str, options: Input) -> Parsed | Untouched | None:
        """Return what the record holds; None for nothing at all; InputError where it is bad."""

    def written(self, frame: Frame, text: str) -> bytes:
        """Return the bytes of the output record with this text."""

    def opened(self, written: bytes, options: Input) -> tuple[Frame, str]:
        """Return frame and text of an output record."""

    def source(self, form: Form, frame: Frame, text: str) -> bytes:
        """Return the bytes of the source record."""
