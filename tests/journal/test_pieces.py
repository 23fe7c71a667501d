"""The writer of outputs and journals of many records."""

from __future__ import annotations

import json
from itertools import groupby

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cleaner.journal.pieces import KEPT, OTHER, REMOVED, Fates, Names, write_piece
from cleaner.journal.removed import read_removed, removed_line

_NAMES = ["a.jsonl", 'b"\\,"raw":.jsonl', "dé/\ud800.txt"]
_records = st.dictionaries(st.text(max_size=5), st.text(max_size=9), max_size=3).map(
    lambda record: json.dumps(record).encode() + b"\n"
)
_fates = st.tuples(
    _records,
    st.sampled_from([KEPT, KEPT, REMOVED, OTHER]),
    st.sampled_from([401, 412, 421]),
    st.integers(0, len(_NAMES) - 1),
    st.integers(1, 10**12),
    st.integers(0, 1_000_000),
    st.binary(max_size=12),
    st.binary(max_size=12),
)


@given(st.lists(_fates, max_size=12), st.integers(1, 10**9))
def test_what_stays_is_written_and_what_goes_is_told(drawn: list[tuple], first: int) -> None:
    data = b"".join(fate[0] for fate in drawn)
    sizes = np.array([len(fate[0]) for fate in drawn], dtype=np.uint32)
    gone = [fate for fate in drawn if fate[1] == REMOVED]
    fates = Fates(
        np.array([fate[1] for fate in drawn], dtype=np.uint8),
        *(np.array([fate[i] for fate in gone], dtype=np.int64) for i in (2, 3, 4, 5)),
        [(fate[6], fate[7]) for fate in drawn if fate[1] == OTHER],
    )
    names = Names.of(_NAMES)
    output, journal = write_piece(data, sizes, first, fates, names)
    kept = b"".join(
        fate[6] if fate[1] == OTHER else fate[0] for fate in drawn if fate[1] != REMOVED
    )
    assert output == kept
    others = b"".join(fate[7] for fate in drawn if fate[1] == OTHER)
    assert len(journal) >= len(others) + sum(len(fate[0]) for fate in gone)
    runs = [len(list(run)) for kind, run in groupby(fate[1] for fate in drawn) if kind == KEPT]
    for count in runs:
        assert b'{"type":"kept","count":%d}\n' % count in journal


@given(_records, st.integers(0, len(_NAMES) - 1), st.integers(0, 1_000_000))
def test_a_removed_record_is_cut_out_again(raw: bytes, name: int, share: int) -> None:
    one = np.ones(1, dtype=np.int64)
    fates = Fates(np.array([REMOVED], dtype=np.uint8), 411 * one, name * one, one, share * one, [])
    _, journal = write_piece(raw, np.array([len(raw)], np.uint32), 7, fates, Names.of(_NAMES))
    line = read_removed(bytes(journal))
    assert line is not None
    assert line["raw"] == raw
    assert (line["number"], line["code"], line["survivor"]) == (7, "DUP411", _NAMES[name])
    assert line["similarity"] == share / 1_000_000
    assert json.loads(bytes(journal))["raw"] == json.loads(raw)


@given(st.binary(max_size=20), st.booleans())
def test_other_bytes_are_kept_as_well(raw: bytes, is_json: bool) -> None:
    told = {"code": "DUP401", "survivor": _NAMES[1], "line": 1, "similarity": 1.0}
    record = b'{"a":"' + raw.hex().encode() + b'"}' if is_json else raw
    line = read_removed(removed_line(3, told, record, json_line=is_json))
    assert line is not None
    assert line["raw"] == record
