"""Writing a journal: rows come in tables of any size, and go out in row groups of one size.

Where a row group ends depends on the rows alone, not on how they came, so the same rows give the
same bytes. Memory holds one row group.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from cleaner.journal.arrays import lengths
from cleaner.journal.pages import MOST_BYTES
from cleaner.journal.tables import EDITS, FILES, RECORDS, FileRow, Table, columns
from cleaner.storage.replace import whole_file

# A row group ends before the row that would bring it beyond so many bytes.
GROUP_BYTES = MOST_BYTES // 4
# What a row counts for beside its texts. So a row group has no more than 2**18 rows.
ROW_BYTES = 64

_FILES_AT_ONCE = 1024


class JournalWriter:
    """Writes the three tables of a journal into open files."""

    def __init__(self, files: tuple[BinaryIO, BinaryIO, BinaryIO], run: Mapping[str, str]) -> None:
        self._run = run
        self._count = 0
        self._edits, self._records, self._files = (
            _TableWriter(file, table)
            for file, table in zip(files, (EDITS, RECORDS, FILES), strict=True)
        )
        self._rows: list[FileRow] = []

    def write(self, edits: pa.Table, records: pa.Table) -> None:
        """Append rows of edits and records."""
        self._edits.write(edits)
        self._records.write(records)

    def end_file(self, row: FileRow) -> None:
        """Append the row of a file."""
        self._rows.append(row)
        self._count += 1
        if len(self._rows) == _FILES_AT_ONCE:
            self._files.write(columns(FILES, self._rows))
            self._rows = []

    def close(self) -> None:
        """Write what is held, and the ends of the tables."""
        self._files.write(columns(FILES, self._rows))
        for writer in (self._edits, self._records, self._files):
            writer.close({**self._run, "cleaner.files": str(self._count)})

    def abandon(self) -> None:
        """Let go of files that will not be kept."""
        for writer in (self._edits, self._records, self._files):
            writer.abandon()


@contextmanager
def journal_writer(folder: Path, staging: str, run: Mapping[str, str]) -> Iterator[JournalWriter]:
    """Give a writer of the journal of an output folder; each table appears whole or not at all."""
    with ExitStack() as stack:
        edits, records, files = (
            stack.enter_context(whole_file(folder, table.path, staging))
            for table in (EDITS, RECORDS, FILES)
        )
        writer = JournalWriter((edits, records, files), run)
        try:
            yield writer
            writer.close()
        except BaseException:
            writer.abandon()
            raise


class _TableWriter:
    def __init__(self, file: BinaryIO, table: Table) -> None:
        self._writer = pq.ParquetWriter(
            file,
            table.schema,
            compression="zstd",
            compression_level=1,
            use_dictionary=list(table.short),
            write_statistics=["file", "record", "rule"],
            store_schema=False,
            write_page_checksum=True,
        )
        self._texts = [
            field.name for field in table.schema if field.type in (pa.string(), pa.binary())
        ]
        self._held: list[pa.Table] = []
        self._bytes = 0

    def write(self, rows: pa.Table) -> None:
        """Append rows."""
        ends = np.append(0, np.cumsum(self._sizes(rows)))
        start = 0
        while start < len(rows):
            room = max(0, GROUP_BYTES - self._bytes)
            cut = int(np.searchsorted(ends, ends[start] + room, side="right")) - 1
            if cut == start and not self._bytes:
                cut += 1  # larger than a row group, so it is one
            self._held.append(rows.slice(start, cut - start))
            self._bytes += int(ends[cut] - ends[start])
            start = cut
            if start < len(rows):
                self._flush()

    def _sizes(self, rows: pa.Table) -> npt.NDArray[np.int64]:
        sizes = np.full(len(rows), ROW_BYTES, dtype=np.int64)
        for name in self._texts:
            at = 0
            for chunk in rows.column(name).chunks:
                sizes[at : at + len(chunk)] += lengths(chunk)
                at += len(chunk)
        return sizes

    def _flush(self) -> None:
        held, self._held, self._bytes = self._held, [], 0
        if held:
            # Where one table ends and another begins would show in the bytes.
            group = pa.concat_tables(held).combine_chunks()
            self._writer.write_table(group, row_group_size=len(group))

    def close(self, run: Mapping[str, str]) -> None:
        """Write what is held, what describes the run, and the end of the table."""
        self._flush()
        self._writer.add_key_value_metadata(dict(run))
        self._writer.close()

    def abandon(self) -> None:
        """Close what will not be kept, wherever it stands."""
        writer: Any = self._writer
        with suppress(Exception):
            writer.close()
        writer.is_open = False
