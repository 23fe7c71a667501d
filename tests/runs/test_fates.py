"""Outputs and rows of many records at once."""

from __future__ import annotations

import json

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.core.errors import InputError
from cleaner.journal.arrays import from_values
from cleaner.journal.tables import escaped
from cleaner.runs.records.actions import FinishChunk, Found, Task
from cleaner.runs.records.chunks import Chunk
from cleaner.runs.records.scanning import ChunkIndex

NAMES = ("a.jsonl", 'b"\\.jsonl', "dé/\udce9.txt")

_records = st.dictionaries(st.text(max_size=5), st.text(max_size=9), max_size=3).map(
    lambda record: json.dumps({"text": "", **record}).encode() + b"\n"
)
_fates = st.tuples(
    _records,
    st.sampled_from(["kept", "kept", "found", "noted", "blank", "bad"]),
    st.sampled_from([401, 412, 421]),
    st.integers(0, len(NAMES) - 1),
    st.integers(1, 10**12),
    st.floats(0, 1),
)


def duplicates(drawn: list[tuple], what: str) -> Found:
    own = [(at, *fate[2:]) for at, fate in enumerate(drawn) if fate[1] == what]
    kinds = (np.int64, np.uint16, np.int32, np.int64, np.float64)
    values = zip(*own, strict=True) if own else [()] * 5
    return Found(*(np.array(column, kind) for column, kind in zip(values, kinds, strict=True)))


def finish(*, mark: bool) -> FinishChunk:
    names = from_values([escaped(name) for name in NAMES], pa.string())
    count = len(NAMES)
    return FinishChunk(names, NAMES, (False,) * count, (True,) * count, mark, (1,) * count)


@given(st.lists(_fates, max_size=12), st.integers(1, 10**9), st.booleans(), st.booleans())
def test_output_and_rows_give_the_piece_back(
    drawn: list[tuple], first: int, mark: bool, open_end: bool
) -> None:
    records = [fate[0] for fate in drawn]
    if records and open_end:
        records[-1] = records[-1].rstrip(b"\n")
    others = {
        at: InputError("bad") if fate[1] == "bad" else None
        for at, fate in enumerate(drawn)
        if fate[1] in ("bad", "blank")
    }
    chunk_index = ChunkIndex(
        0, np.array([len(one) for one in records], np.uint32), None, others, first=first
    )
    found, noted = duplicates(drawn, "found"), duplicates(drawn, "noted")
    done = finish(mark=mark)(Task(Chunk(0, b"".join(records)), chunk_index, found, noted))

    rows = {row["record"] - first: row for row in done.rest.to_pylist()}
    assert list(rows) == sorted(rows)
    output = bytes(done.output)
    for at, record in enumerate(records):
        row = rows.get(at)
        if row is not None and not row["written"]:
            assert row["source"] == record
            assert row["error"] == ("bad" if drawn[at][1] == "bad" else None)
        elif row is not None:
            size = len(record) + row["added_size"]
            place = row["added_at"]
            marked, output = output[:size], output[size:]
            assert json.loads(marked)["duplicate_of"].rpartition(":")[2] == str(drawn[at][4])
            assert marked[:place] + marked[place + row["added_size"] :] == record
        else:
            assert output.startswith(record)
            output = output[len(record) :]
    assert output == b""
    assert (done.records, done.written) == (len(records), len(records) - len(others) - (
        0 if mark else len(found.records)
    ))  # fmt: skip

    edits = done.edits.to_pylist()
    told = [(at, fate) for at, fate in enumerate(drawn) if fate[1] in ("found", "noted")]
    assert [row["record"] - first for row in edits] == [at for at, _ in told]
    for row, (_, (_, what, code, file, line, similarity)) in zip(edits, told, strict=True):
        assert row["kind"] == ("removed" if what == "found" and not mark else "note")
        assert (row["file"], row["rule"]) == ("a.jsonl", f"DUP{code}")
        assert (row["survivor"], row["survivor_place"]) == (escaped(NAMES[file]), line)
        assert row["similarity"] == pytest.approx(similarity, abs=1e-6)
    assert sum(done.codes.values()) == len(edits)


def test_a_piece_that_is_not_what_it_was() -> None:
    chunk_index = ChunkIndex(0, np.array([9], np.uint32))
    nothing = duplicates([], "found")
    with pytest.raises(InputError, match="was changed while it was read"):
        finish(mark=False)(Task(Chunk(0, b"{}\n"), chunk_index, nothing, nothing))
