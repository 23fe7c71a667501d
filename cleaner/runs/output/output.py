"""One output file, from the records that are written of its source."""

from __future__ import annotations

import io
from collections.abc import Sequence
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Protocol, cast

from cleaner.core.errors import InputError
from cleaner.core.openfile import open_file
from cleaner.core.settings.config import Input
from cleaner.formats.base import Packed, Packer
from cleaner.formats.registry import FORMATS
from cleaner.runs.input.containers import changed, raw_records
from cleaner.runs.input.reading import SourceFile, looks_around
from cleaner.storage.below import rows_name
from cleaner.storage.compress import writing
from cleaner.storage.digests import DigestReader, DigestWriter
from cleaner.storage.replace import WholeFiles, whole_file


class Written(Protocol):
    """What is written of some records of a file, which follow each other."""

    @property
    def output(self) -> bytes | memoryview:
        """The bytes of those that are written."""

    @property
    def records(self) -> int:
        """How many records there were."""

    @property
    def written(self) -> int:
        """How many of them are written."""

    @property
    def removed(self) -> Sequence[int]:
        """The numbers of those that are not written, in the file."""


class Output(AbstractContextManager["Output"]):
    """An output file that comes into being with its first record; that of a table always does."""

    def __init__(self, file: SourceFile, outputs: WholeFiles, folder: Path, options: Input) -> None:
        self._file = file
        self._format = FORMATS[file.format]
        self._outputs = outputs
        self._folder = folder
        self._options = options
        self._has_members = file.codec != "plain" and self._format.member_per_record
        self._stack = ExitStack()
        self._digest: DigestWriter | None = None
        self._stream: BinaryIO | None = None
        self._packer: Packer | None = None
        self._done = 0
        self.values_sha256: str | None = None

    def add(self, part: Written) -> None:
        """Append what is written of some records."""
        if isinstance(self._format, Packed):
            kept = bytearray(b"\1") * part.records
            for number in part.removed:
                kept[number - self._done - 1] = 0
            self._done += part.records
            packer = self._opened_packer()
            try:
                packer.write(part.output, bytes(kept))
            except InputError as error:
                self._check_source()
                raise cast("InputError", error.at(self._file.where)) from error
        elif part.written:
            self.write(part.output)

    def write(self, records: bytes | memoryview) -> None:
        """Append the bytes of records that are all that the file is made of."""
        if self._has_members:
            self._opened().writelines(raw_records(io.BytesIO(records), self._format))
        else:
            self._opened().write(records)

    def finish(self) -> None:
        """Write the end of the file; an empty source has an empty output.

        Raises InputError where the source is no longer what it was when it was read.
        """
        if isinstance(self._format, Packed) and (self._packer or not self._file.content_size):
            try:
                self.values_sha256 = self._opened_packer().close()
            except InputError as error:
                self._check_source()
                raise cast("InputError", error.at(self._file.where)) from error
            if self.values_sha256 is not None:
                self._check_source()
        elif not self._file.content_size:
            self._opened().write(b"")

    def _opened(self) -> BinaryIO:
        if self._stream is None:
            raw = self._stack.enter_context(self._outputs.open(self._file.output_place))
            self._digest = DigestWriter(raw)
            packed = writing(
                cast("BinaryIO", self._digest), self._file.codec, members=self._has_members
            )
            self._stream = self._stack.enter_context(packed)
        return self._stream

    def _opened_packer(self) -> Packer:
        if self._packer is None:
            try:
                around = looks_around(self._format)
                source = open_file(self._file.place) if around else io.BytesIO()
                self._stack.enter_context(source)
                self._packer = cast("Packed", self._format).packer(
                    source, self._opened(), self._removed, self._options
                )
            except (InputError, OSError) as error:
                raise changed(self._file.name) from error
        return self._packer

    def _removed(self) -> BinaryIO:
        place = rows_name(self._file.name)
        return self._stack.enter_context(whole_file(self._folder, place))

    def _check_source(self) -> None:
        """Raise InputError where rows were taken from a source that is not what was read."""
        try:
            with open_file(self._file.place) as source:
                tap = DigestReader(source)
                tap.drain()
        except OSError as error:
            raise changed(self._file.name) from error
        if tap.hexdigest() != self._file.sha256:
            raise changed(self._file.name)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool | None:
        if kind is not None and self._packer is not None:
            self._packer.abandon()
        return self._stack.__exit__(kind, error, trace)

    @property
    def sha256(self) -> str | None:
        """The digest of the file, once it is closed; None where nothing was written."""
        return None if self._digest is None else self._digest.hexdigest()
