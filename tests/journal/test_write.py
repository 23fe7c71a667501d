"""Rows that are written, in whatever portions, and read again."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.core.edits import Edit, Survivor
from cleaner.journal import write
from cleaner.journal.read import read_journal
from cleaner.journal.tables import (
    EDITS,
    RECORDS,
    TABLES,
    EditRow,
    FileRow,
    RecordRow,
    columns,
    edit_rows,
    escaped,
    form_of,
    record_row,
    run_metadata,
    unescaped,
)

RUN = run_metadata("1.0", {"input": {}})


def written(
    folder: Path, portions: list[tuple[list[EditRow], list[RecordRow]]], files: list[FileRow]
) -> dict[str, bytes]:
    with write.journal_writer(folder, "_cleaner/work", RUN) as journal:
        for edits, records in portions:
            journal.write(columns(EDITS, edits), columns(RECORDS, records))
        for file in files:
            journal.end_file(file)
    return {table.path: (folder / table.path).read_bytes() for table in TABLES}


def row(number: int, size: int) -> EditRow:
    return EditRow("a", number, "edit", "FMT508", 1, 0, size, "x" * size, "")


sizes = st.lists(st.one_of(st.integers(0, 200), st.integers(900, 3000)), max_size=40)


@given(sizes=sizes, cuts=st.lists(st.integers(0, 40), max_size=6))
def test_row_groups_depend_on_the_rows_alone(sizes: list[int], cuts: list[int]) -> None:
    rows = [row(number, size) for number, size in enumerate(sizes, 1)]
    borders = sorted({0, *(min(cut, len(rows)) for cut in cuts), len(rows)})
    portions = [(rows[a:b], []) for a, b in pairwise(borders)]
    with pytest.MonkeyPatch.context() as patch, TemporaryDirectory() as name:
        patch.setattr(write, "GROUP_BYTES", 1000)
        whole = written(Path(name, "whole"), [(rows, [])], [])
        assert written(Path(name, "parts"), portions, []) == whole
        metadata = pq.read_metadata(Path(name, "whole", EDITS.path))
        groups = [metadata.row_group(i).num_rows for i in range(metadata.num_row_groups)]
        at = 0
        for count in groups:
            held = [write.ROW_BYTES + size + 11 for size in sizes[at : at + count]]
            assert count == 1 or sum(held) <= 1000
            at += count
        assert at == len(rows)
        assert pq.read_table(Path(name, "whole", EDITS.path)).to_pylist() == [
            one._asdict() for one in rows
        ]


texts = st.text(st.characters(codec=None), max_size=6) | st.sampled_from(
    ["\udc80", "a\\", "\\udc80", "\ud83d\udc80", "\ufffd"]
)


@given(texts)
def test_escapes(text: str) -> None:
    assert unescaped(escaped(text)) == text
    escaped(text).encode("utf-8")


@given(texts, texts, texts, st.none() | st.integers(1, 9))
def test_any_texts_come_back(before: str, after: str, name: str, place: int | None) -> None:
    survivor = Survivor(name, place, 0.875)
    steps = [[Edit(3, 4, before, after, "FMT508", after)], [Edit(0, 1, "é", before, "FMT501")]]
    notes = [Edit.duplicate(2, 2, "", "DUP413", survivor)] if name else []
    form = {"encoding": "cp1252", "lead": " ", "end": "", "token": '"é"', "ascii": True}
    record = record_row("a", 7, form, written=False, head=before, tail=after, text=before)
    edits = edit_rows("a", 7, steps, notes)
    file = FileRow("a", "jsonl", "plain", 9, "0", None, 9, len(edits), container_kept=False)
    with TemporaryDirectory() as folder:
        written(Path(folder), [(edits, [record])], [file])
        ((told, entries),) = ((file, list(some)) for file, some in read_journal(Path(folder)))
        (entry,) = entries
        assert told == file
        assert (entry.number, entry.steps(), entry.notes()) == (7, steps, notes)
        assert entry.row is not None
        assert form_of(entry.row) == form
        assert (entry.row.head, entry.row.tail, entry.row.text) == (before, after, before)


def test_a_journal_that_fails_leaves_nothing(tmp_path: Path) -> None:
    def fail() -> None:
        with write.journal_writer(tmp_path, "_cleaner/work", RUN) as journal:
            journal.write(columns(EDITS, [row(1, 5)]), columns(RECORDS, []))
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_record_that_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    from cleaner.core.errors import InputError
    from cleaner.journal import arrays

    monkeypatch.setattr(arrays, "LARGEST", 100)
    with pytest.raises(InputError, match="2 GB"):
        columns(EDITS, [row(1, 50), row(2, 60)])
    assert arrays.lengths(pa.nulls(3, pa.string())).tolist() == [0, 0, 0]
