"""Archives in a journal: their members are files of their own, and they come back whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from cleaner.core.settings.config import Input
from cleaner.formats.base import Form, Frame, PassedOn, Record


class Archive:
    """An archive, of which nothing is read but its members."""

    name = "archive"
    suffixes: tuple[str, ...] = ()
    one_document = True
    member_per_record = False
    written_suffix = ""

    def records(self, stream: BinaryIO, options: Input) -> Iterator[Record]:
        """Yield nothing."""
        return iter(())

    def parse(self, record: Record, name: str, options: Input) -> PassedOn:
        """Return that there is no text in it."""
        return PassedOn()

    def written(self, frame: Frame, text: str) -> bytes:
        """Return nothing."""
        return b""

    def opened(self, written: Record, options: Input) -> tuple[Frame, str]:
        """Return nothing."""
        return Frame(), ""

    def source(self, form: Form, frame: Frame, text: str) -> bytes:
        """Return nothing."""
        return b""
