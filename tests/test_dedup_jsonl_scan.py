"""The byte scanner of JSONL, held against the json module."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cleaner.formats.jsonl_scan import Records, scan_records
from tests.interpreted import kernels

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=6,
)
objects = st.dictionaries(
    st.sampled_from(["text", "id", "te", "", "tëxt", 'a"b']), values, max_size=5
)
lines = st.builds(
    lambda record, ascii_only, gap: json.dumps(
        record, ensure_ascii=ascii_only, separators=(gap[0], gap[1])
    ),
    objects,
    st.booleans(),
    st.sampled_from([(",", ":"), (", ", ": "), (" ,\t", " :\r ")]),
)


def reference(line: bytes) -> str | None:
    """Return the text of a line, or None where there is none to be had."""
    try:
        record = json.loads(line.decode("utf-8"))
    except ValueError:
        return None
    text = record.get("text") if isinstance(record, dict) else None
    return text if isinstance(text, str) else None


def check(data: bytes) -> None:
    for compiled in (True, False):
        with kernels(compiled=compiled):
            check_found(data, scan_records(data))


def check_found(data: bytes, found: Records) -> None:
    split = data.split(b"\n")
    if split[-1] == b"":
        split.pop()
    assert len(found) == len(split)
    for number, ended in enumerate(split):
        line = ended.removesuffix(b"\r")
        assert data[found.line_starts[number] : found.line_ends[number]] == line
        text = bytes(found.texts[found.starts[number] : found.ends[number]])
        if not line.strip(b" \t\r"):
            assert found.blank[number]
            assert number not in found.errors
            continue
        expected = reference(line)
        assert (number in found.errors) == (expected is None)
        assert text == (expected or "").encode("utf-8", "surrogatepass")


@settings(deadline=None)
@given(st.lists(lines, max_size=5), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_valid_records(batch: list[str], line_end: str, closed: bool) -> None:
    data = line_end.join(batch) + (line_end if closed and batch else "")
    check(data.encode("utf-8", "surrogatepass"))


@settings(deadline=None)
@given(lines, st.data())
@example('{"text": "a"}', None)
def test_broken_records(line: str, draw: st.DataObject | None) -> None:
    raw = bytearray(line.encode("utf-8", "surrogatepass"))
    if draw is not None:
        for _ in range(draw.draw(st.integers(1, 3))):
            at = draw.draw(st.integers(0, len(raw)))
            new = draw.draw(
                st.binary(max_size=2) | st.sampled_from([b'"', b"\\", b"{", b"]", b",", b"0"])
            )
            raw[at : at + draw.draw(st.integers(0, 2))] = new
    check(bytes(raw))


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b" \t",
        b"{}",
        b"[]",
        b'"text"',
        b'{"text": "a", "text": "b"}',
        b'{"text": "a", "meta": {"text": "inner", "l": [1, {"text": 2}, []]}}',
        b'{"meta": {"text": "inner"}}',
        b'{"text": 3}',
        b'{"text": "x", "n": 01}',
        b'{"text": "x", "n": -}',
        b'{"text": "x", "n": 1.}',
        b'{"text": "x", "n": NaN}',
        b'{"text": "x",}',
        b'{"text": "x"} x',
        b'{"text": "\\ud800"}',
        b'{"text": "\\ud83d\\ude00 \\u00e9\\n\\"\\\\\\/\\b\\f\\r\\t"}',
        b'{"te\\u0078t": "x"}',
        b'{"text": "\xff"}',
        b'{"text": "\xed\xa0\x80"}',
        b'{"text": "\x01"}',
        b'\xef\xbb\xbf{"text": "x"}',
        b'{"text": "x", "deep": ' + b"[" * 100 + b"]" * 100 + b"}",
        b'{"text": "x", "n": ' + b"1" * 5000 + b"}",
        b'{"text"',
        b'{"text": "never ends',
    ],
)
def test_unusual_lines(line: bytes) -> None:
    check(line)
    check(b'{"text": "before"}\n' + line + b'\n{"text": "after"}\n')
