"""Only the text of a record changes; every other byte of it stays."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.core.errors import InputError
from cleaner.core.settings.config import Input
from cleaner.formats.base import Record
from cleaner.formats.jsonl import Jsonl, members_of
from tests.running import Run
from tests.strategies import texts

FORMAT = Jsonl()
OPTIONS = Input()

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)
spaces = st.text(" \t", max_size=2)


@st.composite
def lines(draw: st.DrawFn) -> tuple[bytes, dict]:
    """Draw a record with a text somewhere in it, laid out in any way that JSON allows."""
    members = draw(st.dictionaries(st.text(max_size=4).filter(lambda k: k != "text"), values))
    members["text"] = draw(texts)
    order = draw(st.permutations(sorted(members)))
    style = [draw(st.booleans()) for _ in order]
    parts = []
    for name, is_ascii in zip(order, style, strict=True):
        name_token, value = (json.dumps(v, ensure_ascii=is_ascii) for v in (name, members[name]))
        parts.append(
            f"{draw(spaces)}{name_token}{draw(spaces)}:{draw(spaces)}{value}{draw(spaces)}"
        )
    line = draw(st.sampled_from(("", " ", "\ufeff"))) + "{" + ",".join(parts) + "}"
    line += draw(spaces) + draw(st.sampled_from(("\n", "\r\n", "")))
    return line.encode("utf-8", "backslashreplace"), {n: members[n] for n in order}


@given(lines(), texts)
def test_record_goes_there_and_back(drawn: tuple[bytes, dict], other: str) -> None:
    data, _ = drawn
    parsed = FORMAT.parse(Record(3, data), "a.jsonl", OPTIONS)
    assert parsed is not None
    source = json.loads(data.decode().lstrip("\ufeff"))
    assert parsed.document.text == source["text"]
    assert FORMAT.source(parsed.form, parsed.frame, parsed.document.text) == data
    try:
        other.encode()
    except UnicodeEncodeError:
        other = json.loads(json.dumps(other))
    written = FORMAT.written(parsed.frame, other)
    assert written.endswith(b"\n")
    assert written.count(b"\n") == 1
    assert FORMAT.opened(Record(1, written), OPTIONS) == (parsed.frame, other)
    assert json.loads(written) == {**source, "text": other}
    assert list(json.loads(written)) == list(source)


@given(st.text(max_size=40), values)
def test_members_are_those_of_json(junk: str, value: object) -> None:
    for line in (junk, json.dumps(value), json.dumps({"a": value, "b": value}), "{" + junk + "}"):
        try:
            expected = json.loads(line)
        except ValueError:
            expected = None
        if isinstance(expected, dict):
            assert {name: m.value for name, m in members_of(line).items()} == expected
        else:
            with pytest.raises(InputError):
                members_of(line)


@pytest.mark.parametrize(
    ("line", "end"),
    [
        ('{"text": "a", "text": "b"}', {"text": "b"}),
        ('{"text":"a","n":1e999,"m":-0.0,"big":123456789012345678901234567890}', None),
        ('{"text": "\\u00e9\\/"}', {"text": "é/"}),
        ('{"text": "a", "deep": [[[{"text": "b"}]]]}', None),
    ],
)
def test_odd_records(line: str, end: dict | None) -> None:
    del end
    data = line.encode() + b"\n"
    parsed = FORMAT.parse(Record(1, data), "a", OPTIONS)
    assert parsed is not None
    assert FORMAT.source(parsed.form, parsed.frame, parsed.document.text) == data
    assert parsed.document.text == json.loads(line)["text"]


def test_identity_of_a_record() -> None:
    line = b'{"id": 7, "text": "a", "tags": ["x"]}\n'
    parsed = FORMAT.parse(Record(2, line), "a.jsonl", OPTIONS)
    assert parsed is not None
    assert parsed.document.id == "7"
    assert str(parsed.document.source) == "a.jsonl:2"
    assert parsed.document.metadata == {"id": 7, "tags": ["x"]}
    nameless = FORMAT.parse(Record(2, b'{"text": "a"}\n'), "a.jsonl", OPTIONS)
    assert nameless is not None
    assert nameless.document.id == "a.jsonl:2"


def test_blank_lines_are_no_documents() -> None:
    for data in (b"\n", b"  \t\r\n", b"\xef\xbb\xbf\n", b" "):
        assert FORMAT.parse(Record(1, data), "a", OPTIONS) is None


def test_records_are_lines() -> None:
    stream = io.BytesIO(b"one\n\ntwo\r\nthree")
    assert list(FORMAT.records(stream, OPTIONS)) == [
        Record(1, b"one\n"), Record(2, b"\n"), Record(3, b"two\r\n"), Record(4, b"three"),
    ]  # fmt: skip


@pytest.mark.parametrize(("size", "fits"), [(10, True), (9, False)])
def test_size_of_a_record(size: int, fits: bool) -> None:
    options = Input(max_document_size=size)
    stream = io.BytesIO(b"a\n" + b"x" * 9 + b"\n" + b"b\n")
    if fits:
        assert len(list(FORMAT.records(stream, options))) == 3
    else:
        with pytest.raises(InputError, match="record 2 is larger than 9 bytes"):
            list(FORMAT.records(stream, options))


NESTED = b"""\
{"id": 1, "meta": {"doc": {"body": "The  tide &amp; so on.", "n": 1}}, "text": 5}
{"meta.doc": {"body": "The  boats &amp; so on."}, "meta": {"doc": {"body": "no"}}}
{"meta.doc.body": "The  nets &amp; so on.", "meta": {"doc": {"body": "no"}}}
{"meta": {"doc": {"body": "one", "body": "The  quay &amp; so on.\\u00e9"}}}
"""


@pytest.mark.parametrize("name", ["a.jsonl", "a.json"])
def test_a_text_inside_of_a_field(here: Path, run: Run, name: str) -> None:
    data = NESTED
    if name == "a.json":
        data = b"[" + b",".join(data.splitlines()) + b"]"
    (here / name).write_bytes(data)
    named = ("--text-field", "meta.doc.body")
    assert run("clean", name, "-o", "out", "-q", *named).status == 0
    expected = data.replace(b"&amp;", b"&").replace(b"  ", b" ")
    expected = expected.replace(b"\\u00e9", "\xe9".encode())
    assert (here / "out" / name).read_bytes() == expected
    assert run("restore", "out", "-o", "back", "-q").status == 0
    assert (here / "back" / name).read_bytes() == data
    for unit in ("paragraph", "record"):
        assert run("dedup", name, "-o", unit, "-q", "--unit", unit, *named).status == 0
        assert (here / unit / name).read_bytes() == data


def test_a_path_that_leads_nowhere(here: Path, run: Run) -> None:
    (here / "a.jsonl").write_bytes(b'{"meta": {"doc": 5}, "text": "a"}\n')
    ended = run("clean", "a.jsonl", "-o", "out", "--text-field", "meta.doc.body")
    assert (ended.status, len(ended.errors)) == (2, 1)
    assert "no record has a field 'meta.doc.body': they have 'meta', 'text'" in ended.errors[0]


def test_many_texts_inside_of_fields_take_linear_time(here: Path, run: Run) -> None:
    line = b'{"meta": {"body": "The tide came in over the third step again, so they said."}}\n'
    (here / "a.jsonl").write_bytes(line * 40_000)
    ended = run(
        "dedup", "a.jsonl", "-o", "out", "-q", "--unit", "record", "--text-field", "meta.body"
    )
    assert ended.status == 0
    assert (here / "out/a.jsonl").read_bytes() == line
