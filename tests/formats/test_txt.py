from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.core.errors import InputError
from cleaner.core.settings.config import Input
from cleaner.formats.base import Record
from cleaner.formats.registry import FORMATS, format_of
from cleaner.formats.txt import Txt, check_lines


@pytest.mark.parametrize(("size", "fits"), [(5, True), (4, False)])
def test_size_of_a_document(size: int, fits: bool) -> None:
    options = Input(max_document_size=size)
    if fits:
        assert list(Txt().records(io.BytesIO(b"12345"), options)) == [Record(1, b"12345")]
    else:
        with pytest.raises(InputError, match="is larger than 4 bytes"):
            list(Txt().records(io.BytesIO(b"12345"), options))


@given(st.lists(st.text("ab", max_size=12), max_size=8), st.sampled_from(["\n", "\r\n"]))
def test_line_that_is_too_long_is_named(lines: list[str], end: str) -> None:
    data = end.join(lines).encode()
    long = [number for number, line in enumerate(lines, 1) if len(line) > 8]
    if end == "\r\n":
        # The carriage return may count as part of the line.
        long = [n for n, line in enumerate(lines, 1) if len(line) > 9]
    if not long:
        if not any(len(line) >= 8 for line in lines):
            check_lines(data, Input(max_line_size=8))
        return
    with pytest.raises(InputError, match=r"line \d+ is longer than 8 bytes") as told:
        check_lines(data, Input(max_line_size=8))
    if end == "\n":
        assert f"line {long[0]} " in str(told.value)


def test_large_document_of_short_lines_fits() -> None:
    check_lines(b"1234567\n" * 1000, Input(max_line_size=8))
    check_lines(b"1234567\r" * 1000, Input(max_line_size=8))


@pytest.mark.parametrize(
    ("name", "format"),
    [
        ("a.txt", "txt"), ("a.TXT", "txt"), ("a.text", "txt"), ("a.txt.gz", "txt"),
        ("b/a.jsonl", "jsonl"), ("a.ndjson.ZST", "jsonl"), ("a.json", "json"), ("a", None),
        ("a.geojson", None), (".txt", None), ("a.gz", None), ("a.txt.bz2", None), ("txt", None),
    ],
)  # fmt: skip
def test_format_goes_by_the_name(name: str, format: str | None) -> None:
    found = format_of(name, (".gz", ".zst"))
    assert (found.name if found else None) == format


def test_formats_go_by_their_own_names() -> None:
    assert all(format.name == name for name, format in FORMATS.items())
    suffixes = [suffix for format in FORMATS.values() for suffix in format.suffixes]
    assert len(suffixes) == len(set(suffixes))
    assert all(suffix.startswith(".") and suffix.islower() for suffix in suffixes)
