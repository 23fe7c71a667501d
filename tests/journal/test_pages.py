"""What is read of the headers of pages."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.journal.pages import check_group
from cleaner.storage.parquet_footer import Footer
from cleaner.storage.parquet_pages import read_struct


@given(st.binary(max_size=60))
def test_any_bytes_are_a_header_or_none(data: bytes) -> None:
    try:
        fields, end = read_struct(data, 0)
    except ValueError:
        return
    assert end <= len(data)
    assert all(isinstance(value, int) for value in fields.values())


def test_structures_in_structures_without_end() -> None:
    with pytest.raises((ValueError, RecursionError)):
        read_struct(b"\x1c" * 16_000, 0)


@pytest.mark.parametrize("count", [1, 5_000, 300_000])
def test_what_parquet_is_written_passes(tmp_path: Path, count: int) -> None:
    table = pa.table({
        "file": ["a.txt", "b.txt"] * count, "text": [None, "word " * 9] * count,
        "number": range(2 * count), "flag": [True, False] * count,
    })  # fmt: skip
    pq.write_table(table, tmp_path / "a", compression="zstd", use_dictionary=["file"])
    with (tmp_path / "a").open("rb") as file:
        footer = Footer(file.fileno())
        assert sum(footer.group_rows) == 2 * count
        for number, rows in enumerate(footer.group_rows):
            columns = footer.columns(number)
            check_group(file.fileno(), columns, rows, ("file",))
            with pytest.raises(ValueError, match="a page of 'file' that no journal has"):
                check_group(file.fileno(), columns, rows, ())
