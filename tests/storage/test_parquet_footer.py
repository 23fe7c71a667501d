"""Footers of Parquet files: read as Arrow reads them, and where they are damaged, told."""

from __future__ import annotations

import io
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cleaner import clean_files
from cleaner.journal.tables import EDITS
from cleaner.storage.parquet_footer import Footer
from tests.interpreted import kernels
from tests.running import Run, environment

TABLE = pa.table(
    {
        "text": pa.array(["a", None, "b"] * 9),
        "word": pa.array(["a", "b", "a"] * 9).dictionary_encode(),
        "numbers": pa.array([[1, 2], [], None] * 9),
        "inner": pa.array([{"x": 1, "é": "q"}] * 27),
    }
)
OPTIONS: tuple[dict[str, Any], ...] = (
    {},
    {"row_group_size": 5, "compression": {"text": "zstd"}, "write_page_index": True},
    {"use_dictionary": False, "write_statistics": ["text"], "compression": "gzip"},
    {"data_page_version": "2.0", "version": "1.0", "use_dictionary": ["word"]},
)


def footer_of(data: bytes) -> tuple[int, int]:
    """Return where the footer of a file begins and ends."""
    end = len(data) - 8
    return end - int.from_bytes(data[end : end + 4], "little"), end


@pytest.mark.parametrize("compiled", [True, False])
@pytest.mark.parametrize("options", OPTIONS)
def test_what_arrow_reads(tmp_path: Path, options: dict[str, Any], compiled: bool) -> None:
    pq.write_table(TABLE, tmp_path / "a.parquet", **options)
    told = pq.read_metadata(tmp_path / "a.parquet")
    with kernels(compiled=compiled), (tmp_path / "a.parquet").open("rb") as file:
        footer = Footer(file.fileno())
    groups = [told.row_group(number) for number in range(told.num_row_groups)]
    assert footer.group_rows == [group.num_rows for group in groups]
    for number, group in enumerate(groups):
        expected = [group.column(index) for index in range(group.num_columns)]
        assert [
            (one.path, one.size, one.data_at, one.dictionary_at, one.has_statistics, one.has_index)
            for one in footer.columns(number)
        ] == [
            (
                one.path_in_schema, one.total_compressed_size, one.data_page_offset,
                one.dictionary_page_offset, one.is_stats_set, one.has_offset_index,
            )
            for one in expected
        ]  # fmt: skip


@pytest.mark.parametrize("compiled", [True, False])
def test_any_damage_is_a_value_error(tmp_path: Path, compiled: bool) -> None:
    sink = io.BytesIO()
    pq.write_table(TABLE, sink, row_group_size=9)
    data = sink.getvalue()
    start, end = footer_of(data)
    dice = random.Random(1)
    broken = 0
    with kernels(compiled=compiled):
        for _ in range(300):
            damaged = bytearray(data)
            for _ in range(dice.choice((1, 1, 3))):
                damaged[dice.randrange(start, end)] = dice.choice((0, 255, dice.randrange(256)))
            (tmp_path / "a.parquet").write_bytes(damaged)
            with (tmp_path / "a.parquet").open("rb") as file:
                try:
                    footer = Footer(file.fileno())
                    for number in range(len(footer.group_rows)):
                        footer.columns(number)
                except ValueError:
                    broken += 1
    assert 0 < broken < 300


# Reads a file again and again, with one bit of its footer after the other changed.
_FLIPS = """
import sys
from pathlib import Path
from cleaner.core.errors import CleanerError
from tests.storage.test_parquet_footer import READERS, footer_of
path, every = Path(sys.argv[1]), int(sys.argv[3])
data, read = path.read_bytes(), READERS[sys.argv[2]]
start, end = footer_of(data)
for bit in range(8 * start, 8 * end, every):
    damaged = bytearray(data)
    damaged[bit // 8] ^= 1 << bit % 8
    path.write_bytes(damaged)
    try:
        read(path)
    except CleanerError:
        pass
"""


def read_table(path: Path) -> None:
    from cleaner.formats.columnar.parquet import ParquetTable

    with path.open("rb") as file:
        for _ in ParquetTable(file).pieces():
            pass


def read_journal(path: Path) -> None:
    from cleaner.journal import read

    for _, entries in read.read_journal(path.parents[1]):
        for _ in entries:
            pass


READERS = {"table": read_table, "journal": read_journal}


def flipped(path: Path, reader: str, every: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", _FLIPS, path, reader, str(every)],
        cwd=Path(__file__).parents[2], env=environment(), capture_output=True, text=True,
        check=False,
    )  # fmt: skip


def test_no_footer_ends_the_process(tmp_path: Path) -> None:
    """Arrow aborts on 17 of these when it is asked about the columns."""
    pq.write_table(pa.table({"text": ["a", None]}), tmp_path / "a.parquet", store_schema=False)
    ended = flipped(tmp_path / "a.parquet", "table", 1)
    assert (ended.returncode, ended.stderr) == (0, "")


def test_no_footer_of_a_journal_ends_the_process(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The  tide came in &amp; went.\n")
    clean_files([tmp_path / "a.txt"], tmp_path / "out")
    ended = flipped(tmp_path / "out" / EDITS.path, "journal", 37)
    assert (ended.returncode, ended.stderr) == (0, "")


def test_the_rest_is_done(here: Path, run: Run) -> None:
    pq.write_table(pa.table({"text": ["a", None]}), here / "a.parquet", store_schema=False)
    data = (here / "a.parquet").read_bytes()
    codec = data.rindex(b"\x04text\x15\x02") + 6
    (here / "a.parquet").write_bytes(data[:codec] + b"\x1a" + data[codec + 1 :])
    (here / "b.txt").write_text("The  tide came in.\n")
    for command in ("clean", "dedup"):
        ended = run(command, "a.parquet", "b.txt", "-o", "out", "-q", "--overwrite")
        assert (ended.status, len(ended.errors), ended.others) == (3, 1, [])
        assert "error: a.parquet: " in ended.errors[0]
        assert (here / "out/b.txt").exists()
