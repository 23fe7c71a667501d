"""Arrays of objects in JSON: every byte but those of texts stays."""

from __future__ import annotations

import gzip
import io
import json
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.core.settings.config import Input
from cleaner.formats.base import Parsed, Record
from cleaner.formats.json_array import JsonArray
from tests.running import Run

FORMAT = JsonArray()
OPTIONS = Input()
PAGE = """\
The tide came in over the third step again, and nobody who stood on the quay that morning said a
word about the boats, the nets, or what the harbour master had written down the night before."""
SOURCE = [
    {"id": 1, "text": "He left, and &quot;she&quot; stayed."}, {"id": 2, "text": "  "},
    {"id": 3, "text": PAGE, "more": [1, {"text": "}],[{"}]}, {"id": 4, "text": "", "n": None},
    {"text": "Nothing here  at all, so they said.", "id": 5}, {"id": 6, "text": PAGE},
]  # fmt: skip

values = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text('ab"\\[]{},\n é', max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)
spaces = st.text(" \t\r\n", max_size=3)


@st.composite
def arrays(draw: st.DrawFn) -> tuple[str, list[dict]]:
    """Draw an array of objects with a text, laid out in any way."""
    found = draw(st.lists(st.tuples(st.text(max_size=5), values), max_size=4))
    objects = [{"more": more, "text": text} for text, more in found]
    parts = [
        draw(spaces) + json.dumps(one, ensure_ascii=draw(st.booleans()), indent=draw(
            st.sampled_from((None, 1)))) + draw(spaces)
        for one in objects
    ]  # fmt: skip
    mark = draw(st.sampled_from(("", "\ufeff")))
    inner = ",".join(parts) or draw(spaces)
    return f"{mark}{draw(spaces)}[{inner}]{draw(spaces)}", objects


def packed(records: list[bytes]) -> bytes:
    sink = io.BytesIO()
    packer = FORMAT.packer(io.BytesIO(), sink, io.BytesIO, OPTIONS)
    for record in records:
        packer.write(record, b"\1")
    packer.close()
    return sink.getvalue()


def records_of(data: bytes) -> list[Record]:
    return list(FORMAT.records(io.BytesIO(data), OPTIONS))


@given(arrays(), st.sampled_from((1, 2, 5, 1 << 18)), st.data())
def test_there_and_back(drawn: tuple[str, list[dict]], piece: int, data: st.DataObject) -> None:
    source, objects = drawn
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("cleaner.formats.json_array._PIECE", piece)
        records = records_of(source.encode("utf-8", "surrogatepass"))
    assert packed([record.raw for record in records]) == source.encode()
    parsed = [FORMAT.parse(record, "a.json", OPTIONS) for record in records]
    found = [one for one in parsed if isinstance(one, Parsed)]
    assert [{"text": one.document.text, **one.document.metadata} for one in found] == objects
    for record, one in zip(records[1:], found, strict=False):
        assert FORMAT.source(one.form, one.frame, one.document.text) == record.raw
    stay = [data.draw(st.booleans()) for _ in found]
    lines = [FORMAT.written(one.frame, "so be it") for one in found]
    output = packed([
        records[0].raw, *(line for line, stays in zip(lines, stay, strict=True) if stays),
        records[-1].raw,
    ])  # fmt: skip
    left = [one for one, stays in zip(objects, stay, strict=True) if stays]
    assert json.loads(output.decode("utf-8-sig")) == [{**one, "text": "so be it"} for one in left]
    again = records_of(output)[1:-1]
    for record, one in zip(again, (f for f, stays in zip(found, stay, strict=True) if stays),
                           strict=True):  # fmt: skip
        frame, text = FORMAT.opened(record, OPTIONS)
        assert (frame, text) == (one.frame, "so be it")


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("name", ["a.json", "a.json.gz"])
def test_commands(here: Path, run: Run, indent: int | None, name: str) -> None:
    def read(path: str) -> bytes:
        data = (here / path / name).read_bytes()
        return gzip.decompress(data) if name.endswith("gz") else data

    data = json.dumps(SOURCE, indent=indent).encode() + b"\n"
    (here / name).write_bytes(gzip.compress(data, mtime=0) if name.endswith("gz") else data)
    assert run("clean", name, "-o", "out", "-q").status == 0
    cleaned = json.loads(read("out"))
    assert [one["id"] for one in cleaned] == [1, 3, 5]
    assert [one["text"] for one in cleaned] == [
        'He left, and "she" stayed.', PAGE, "Nothing here at all, so they said.",
    ]  # fmt: skip
    assert run("clean", f"out/{name}", "-o", "again", "-q").status == 0
    assert read("again") == read("out")
    listed = run("check", name, "-q")
    assert f"{name}:6:13: FMT508" in listed.out
    assert "FMT508" in run("explain", f"{name}:6", "--output", "out").out
    for unit in ("paragraph", "line", "record"):
        assert run("dedup", name, "-o", unit, "-q", "--unit", unit).status == 0
        assert json.loads(read(unit)) == SOURCE[:-1]
    assert run("fit", name, "-o", "a.model", "-q").status == 0
    for output in ("out", "paragraph", "line", "record"):
        assert run("restore", output, "-o", f"{output}.back", "-q").status == 0
        assert read(f"{output}.back") == data


def test_pandas_writes_and_reads(here: Path, run: Run) -> None:
    frame = pd.DataFrame({"text": ["so  be it", "x"], "n": [1.5, 2.0]})
    frame.to_json(here / "a.json", orient="records")
    assert run("clean", "a.json", "-o", "out", "-q").status == 0
    assert pd.read_json(here / "out/a.json").equals(frame.assign(text=["so be it", "x"]))


def test_nothing_left(here: Path, run: Run) -> None:
    for data in (b'[{"text": " "}, {"text": "\\n"}]', b" [ ]\n", b"[]"):
        (here / "a.json").write_bytes(data)
        assert run("clean", "a.json", "-o", "out", "-q", "--overwrite").status == 0
        assert json.loads((here / "out/a.json").read_bytes()) == []
        assert run("restore", "out", "-o", "back", "-q", "--overwrite").status == 0
        assert (here / "back/a.json").read_bytes() == data


BAD = {
    '{"text": "a"}': "is JSON, but no array of objects; give its name the suffix .jsonl if",
    "The tide.": "is no JSON",
    " ": "is no JSON",
    "[1, 2]": "not valid JSON: an object was expected, at character 1",
    '["a"]': "not valid JSON: an object was expected",
    '[{"text": "a"}': "not valid JSON: the array has no end",
    '[{"text": "a"},]': "not valid JSON: an object was expected",
    '[{"text": "a"} {"text": "b"}]': "not valid JSON: a comma is missing",
    '[{"text": "a"}] x': "not valid JSON: something stands behind the array",
    '[{"text": "a", "b": [1, 2}]': "not valid JSON: ",
    '[{"text": "a': "not valid JSON: ",
    '[{"text": "a", "b": \\q}' + " " * 5000 + "]": "not valid JSON: ",
    '[{"a":' + "[" * 100_000: "not valid JSON: ",
    '[{"text": "caf\xe9"}]': "is JSON that is not in UTF-8",
}


@pytest.mark.parametrize("data", BAD)
def test_what_is_no_array_is_one_line(here: Path, run: Run, data: str) -> None:
    (here / "a.txt").write_bytes(b"The  tide came in.\n")
    (here / "b.json").write_bytes(data.encode("latin-1"))
    for command in (["clean"], ["dedup"], ["dedup", "--unit", "record"]):
        ended = run(*command, "a.txt", "b.json", "-o", "out", "-q", "--overwrite")
        assert (ended.status, len(ended.errors), ended.others) == (3, 1, [])
        assert f"b.json: {BAD[data]}" in ended.errors[0]
        assert [path.name for path in (here / "out").iterdir() if path.is_file()] == ["a.txt"]


def test_objects_without_a_text_are_told_and_come_back(here: Path, run: Run) -> None:
    data = b'[{"text": "so  be it"}, {"body": 1}, {"text": null}, {"text": "and so  on"}]'
    (here / "a.json").write_bytes(data)
    ended = run("clean", "a.json", "-o", "out", "-q")
    assert ended.status == 3
    assert [error[:24] for error in ended.errors] == [
        "cleaner: error: a.json:3", "cleaner: error: a.json:4",
    ]  # fmt: skip
    assert json.loads((here / "out/a.json").read_bytes()) == [
        {"text": "so be it"}, {"text": "and so on"},
    ]  # fmt: skip
    assert run("restore", "out", "-o", "back", "-q").status == 0
    assert (here / "back/a.json").read_bytes() == data


def test_large_objects_and_many() -> None:
    data = json.dumps([{"text": "a" * 3_000_000}] * 3 + [{"text": "b", "l": [1] * 50}] * 20_000)
    assert len(records_of(data.encode())) == 20_005


def test_other_json_in_a_folder_is_passed_over(here: Path, run: Run) -> None:
    (here / "in").mkdir()
    for name, data in {
        "a.json": '[{"text": "so  be it"}]', "state.json": '{"a": [1]}', "n.json": "[1]",
        "empty.json": "[]", "README.md": "The tide.\n", "log.csvx": "1",
    }.items():  # fmt: skip
        (here / "in" / name).write_text(data)
    assert run("clean", "in", "-o", "out", "-q").status == 0
    written = sorted(path.name for path in (here / "out").iterdir() if path.is_file())
    assert written == ["README.md", "a.json", "empty.json"]
    report = json.loads((here / "out/_cleaner/report.json").read_bytes())
    assert report["skipped"]["state.json"] == "JSON, but no array of objects"
    assert "log.csvx" in report["skipped"]


def test_a_field_that_no_object_has(here: Path, run: Run) -> None:
    (here / "a.json").write_bytes(json.dumps([{"body": "a"}] * 99).encode())
    ended = run("clean", "a.json", "-o", "out")
    assert (ended.status, len(ended.errors)) == (2, 1)
    assert "no record has a field 'text': they have 'body'" in ended.errors[0]
