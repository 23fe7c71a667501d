"""Tables in CSV: read as `csv` and pandas read them; only cells with text change."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path

import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.core.errors import InputError
from cleaner.core.settings.config import Input
from cleaner.formats.base import Parsed, PassedOn, Record
from cleaner.formats.csv import Csv, Tsv
from tests.running import Run

FORMAT = Csv()
OPTIONS = Input()
GLUED = "The  tide came in over the third step,\nand &quot;nobody&quot; saw it; or so they said."

cells = st.text(st.sampled_from("ab é,;|\t\"\n\r\u2028'\\"), max_size=8)
dialects = st.fixed_dictionaries(
    {
        "delimiter": st.sampled_from(",;\t|"),
        "quoting": st.sampled_from((csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC)),
        "lineterminator": st.sampled_from(("\n", "\r\n", "\r")),
    }
)


def written(rows: Iterable[Iterable[object]], **dialect: object) -> bytes:
    sink = io.StringIO(newline="")
    csv.writer(sink, **dialect).writerows(rows)
    return sink.getvalue().encode()


def records_of(data: bytes, format: Csv = FORMAT, **options: object) -> list[Record]:
    return list(format.records(io.BytesIO(data), Input(**options)))


def texts_of(data: bytes, format: Csv = FORMAT, **options: object) -> list[str]:
    """Return the texts; rows that are passed on have the empty one."""
    found = []
    for record in records_of(data, format, **options)[1:]:
        parsed = format.parse(record, "a.csv", Input(**options))
        found.append(parsed.document.text if isinstance(parsed, Parsed) else "")
    return found


@given(st.lists(st.tuples(cells, cells, cells), max_size=5), dialects, st.booleans(), st.data())
def test_reads_what_csv_reads_and_gives_the_bytes_back(
    rows: list[tuple[str, ...]], dialect: dict, bom: bool, data: st.DataObject
) -> None:
    if dialect["quoting"] == csv.QUOTE_MINIMAL:
        # `csv` quotes no line ends but its own, which it then reads as such.
        strange = dict.fromkeys(map(ord, {*"\r\n"}.difference(dialect["lineterminator"])), " ")
        rows = [tuple(cell.translate(strange) for cell in row) for row in rows]
    source = written([("id", "text", "more"), *rows], **dialect)
    if data.draw(st.booleans()):
        source = source.rstrip(b"\r\n")
    source = b"\xef\xbb\xbf" + source if bom else source
    records = records_of(source)
    assert b"".join(record.raw for record in records) == source
    parsed = [FORMAT.parse(record, "a.csv", OPTIONS) for record in records]
    assert parsed[0] == PassedOn()
    found = [one.document.text if isinstance(one, Parsed) else "" for one in parsed[1:]]
    reader = csv.DictReader(
        io.StringIO(source.decode("utf-8-sig"), newline=""), delimiter=dialect["delimiter"]
    )
    assert found == [row["text"] for row in reader]
    for record, one in zip(records, parsed, strict=True):
        if not isinstance(one, Parsed):
            continue
        assert FORMAT.source(one.form, one.frame, one.document.text) == record.raw
        assert FORMAT.written(one.frame, one.document.text) == record.raw or one.form
        other = data.draw(cells)
        output = records[0].raw + FORMAT.written(one.frame, other)
        _, changed = records_of(output)
        frame, text = FORMAT.opened(changed, OPTIONS)
        assert text == other
        assert FORMAT.source(one.form, frame, one.document.text) == record.raw
        (row,) = csv.DictReader(
            io.StringIO(output.decode("utf-8-sig"), newline=""), delimiter=dialect["delimiter"]
        )
        assert row == {
            **one.document.metadata, "text": other,
        }  # fmt: skip


def test_pandas_reads_the_same() -> None:
    frame = pd.DataFrame({"id": [1, 2, 3], "text": [GLUED, 'a "b", c\r\nd', "x"], "n": [1.5, 2, 3]})
    for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC):
        for sep in ",;\t|":
            data = frame.to_csv(index=False, sep=sep, quoting=quoting).encode()
            assert texts_of(data) == frame["text"].tolist()
            assert pd.read_csv(io.BytesIO(data), sep=sep).equals(frame)


@pytest.mark.parametrize(
    "row",
    [b'1,"a""b",c', b'1,a"b,c', b'1,a"b"c,c', b'1,"",c', b'"1"2,ab,c', b"1, a ,c", b'1,"a\nb",c',
     b"1,'a',c", b"1,a\\b,c", b'1,"a\r\n\r\nb","\n"'],
)  # fmt: skip
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r", b""])
def test_odd_cells_are_read_as_others_read_them(row: bytes, end: bytes) -> None:
    data = b"id,text,more" + (end or b"\n") + row + end
    (text,) = texts_of(data)
    _, expected = csv.reader(io.StringIO(data.decode(), newline=""))
    assert text == expected[1]
    by_pandas = pd.read_csv(io.BytesIO(data), dtype=str, keep_default_na=False)
    assert text == by_pandas["text"][0]


def test_delimiter_is_the_one_by_which_there_is_a_text() -> None:
    assert texts_of(b"id;a,b;text\n1;2,3;so, be it\n") == ["so, be it"]
    assert texts_of(b'"id"|"text"\n1|"so|be it"\n') == ["so|be it"]
    assert texts_of(b"text\nno delimiter; at all\n\n") == ["no delimiter; at all", ""]
    assert texts_of(b"id\ttext\n1\tso, be it\n", Tsv()) == ["so, be it"]
    assert texts_of(b"\nid,body\n1,so\n", text_field="body")[1:] == ["so"]


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_rows_do_not_depend_on_how_the_stream_comes(
    size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = b'id,text\r\n1,"a\r\nb"\r\n\r\n2,c\r3,"d""e"\n'
    expected = [record.raw for record in records_of(data)]
    assert expected == [b"id,text\r\n", b'1,"a\r\nb"\r\n', b"\r\n", b"2,c\r", b'3,"d""e"\n']
    monkeypatch.setattr("cleaner.formats.csv._PIECE", size)
    assert [record.raw for record in records_of(data)] == expected


BAD = {
    "ragged": (b"id,text\n1,a\n2,b,c\n", "record 3 has 3 cells, not 2 as the first row"),
    "short": (b"id,text\n1,a\n2\n", "record 3 has 1 cells, not 2 as the first row"),
    "no column": (b"id,body\n1,a\n", "no column 'text': the table has 'id', 'body'; name the"),
    "twice": (b"id,text,text\n1,a,b\n", "two columns are called 'text'; rename"),
    "open": (b'id,text\n1,a\n2,"b\n3,c\n', "record 3 begins a quoted cell that has no end"),
    "behind": (b'id,text\n1,"a" b\n', "record 2 has something behind the closing quote"),
    "utf-16": ("id,text\n1,a\n".encode("utf-16"), "is a table in UTF-16 or binary data"),
    "utf-16 without mark": ("id,text\n1,a\n".encode("utf-16-le"), "is a table in UTF-16 or binary"),
    "latin-1": ("id,text\n1,caf\xe9\n".encode("latin-1"), "is a table that is not in UTF-8"),
    "parquet": (b"PAR1\x15\0", "is a Parquet file"),
    "giant": (b'id,text\n1,"' + b"a" * 3000, "record 2 is larger than 2,000 bytes"),
    "quoted name": (b'id;"te\nxt";text\n1;2;3\n', "no column 'text'"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_sound_table_is_one_line_and_not_written(
    here: Path, run: Run, name: str
) -> None:
    data, why = BAD[name]
    (here / "a.txt").write_bytes(b"The  tide came in.\n")
    (here / "b.csv").write_bytes(data)
    for command in (["clean"], ["dedup"], ["dedup", "--unit", "record"]):
        ended = run(
            *command, "a.txt", "b.csv", "-o", "out", "-q", "--overwrite", "--max-document-size",
            "2000",
        )  # fmt: skip
        assert (ended.status, len(ended.errors), ended.others) == (3, 1, [])
        assert f"b.csv: {why}" in ended.errors[0]
        assert [path.name for path in (here / "out").iterdir() if path.is_file()] == ["a.txt"]


def test_bad_bytes_in_one_row_are_told_and_come_back(here: Path, run: Run) -> None:
    rows = [b"id,text\n", *(b"%d,The  tide no. %d\n" % (n, n) for n in range(40_000))]
    rows[30_000] = b"7,caf\xe9\n"
    (here / "a.csv").write_bytes(b"".join(rows))
    ended = run("clean", "a.csv", "-o", "out", "-q", "--scope", "none")
    assert ended.status == 3
    assert ended.errors[0].startswith("cleaner: error: a.csv:30001: not valid UTF-8")
    expected = [row.replace(b"  ", b" ") for row in rows[:30_000] + rows[30_001:]]
    assert (here / "out/a.csv").read_bytes() == b"".join(expected)
    assert run("restore", "out", "-o", "back", "-q").status == 0
    assert (here / "back/a.csv").read_bytes() == b"".join(rows)


PAGE = """\
The tide came in over the third step again, and nobody who stood on the quay that morning said a
word about the boats, the nets, or what the harbour master had written down the night before."""
TABLE = [
    ("id", "text", "note"), (1, GLUED, ""), (2, "", "none"), (3, PAGE, "first"),
    (4, "Nothing here  at all.", 'say "so"'), (5, PAGE, "second"), (6, "  ", "blank"),
    (7, "He left, and &#44; she stayed.", "comma"),
]  # fmt: skip


@pytest.mark.parametrize("name", ["a.csv", "b.tsv", "c.csv.gz", "d.csv.zst"])
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
def test_commands(here: Path, run: Run, name: str, quoting: int) -> None:
    from cleaner.storage.compress import codec_of, reading, writing

    delimiter = "\t" if "tsv" in name else ";"
    data = written(TABLE, delimiter=delimiter, quoting=quoting, lineterminator="\r\n")
    path = here / name
    with path.open("wb") as raw, writing(raw, codec_of(path)) as stream:
        stream.write(data)
    assert run("clean", name, "-o", "out", "-q").status == 0
    with (here / "out" / name).open("rb") as raw, reading(raw, codec_of(path)) as stream:
        cleaned = stream.read()
    rows = list(csv.reader(io.StringIO(cleaned.decode(), newline=""), delimiter=delimiter))
    assert [row[0] for row in rows] == ["id", "1", "2", "3", "4", "7"]
    assert [row[2] for row in rows] == ["note", "", "none", "first", 'say "so"', "comma"]
    assert rows[4][1] == "Nothing here at all."
    assert rows[5][1] == "He left, and , she stayed."
    untouched = written(TABLE[2:4], delimiter=delimiter, quoting=quoting, lineterminator="\r\n")
    assert untouched in cleaned
    listed = run("check", name, "-q")
    assert listed.status == 1
    assert f"{name}:5:13: FMT508" in listed.out
    assert run("clean", f"out/{name}", "-o", "again", "-q").status == 0
    assert (here / "again" / name).read_bytes() == (here / "out" / name).read_bytes()
    assert "FMT508" in run("explain", f"{name}:5", "--output", "out").out
    for unit in ("paragraph", "line", "record"):
        assert run("dedup", name, "-o", unit, "-q", "--unit", unit).status == 0
        with (here / unit / name).open("rb") as raw, reading(raw, codec_of(path)) as stream:
            lines = stream.read()
        gone = written(TABLE[5:6], delimiter=delimiter, quoting=quoting, lineterminator="\r\n")
        assert lines == data.replace(gone, b"")
    assert run("fit", name, "-o", "a.model", "-q").status == 0
    assert run("clean", name, "-o", "by", "-q", "--model", "a.model").status == 0
    for output in ("out", "paragraph", "line", "record", "by"):
        back = f"{output}.back"
        assert run("restore", output, "-o", back, "-q").status == 0
        assert (here / back / name).read_bytes() == path.read_bytes()


def test_marks_are_for_jsonl(here: Path, run: Run) -> None:
    (here / "a.csv").write_bytes(written(TABLE))
    ended = run("dedup", "a.csv", "-o", "out", "--on-duplicate", "mark", "--unit", "record")
    assert ended.status == 2
    assert ended.errors == [
        "cleaner: error: a.csv: records of csv cannot be marked; --on-duplicate mark is for JSONL "
        "with one text field"
    ]


def test_a_field_that_begins_a_row_is_no_file(here: Path, run: Run) -> None:
    (here / "a.csv").write_bytes(b"text\nThe  tide\nThe nets&#44; boats\nThe  boats")
    assert run("clean", "a.csv", "-o", "out", "-q").status == 0
    assert (here / "out/a.csv").read_bytes() == b'text\nThe tide\n"The nets, boats"\nThe boats'
    assert run("restore", "out", "-o", "back", "-q").status == 0
    assert (here / "back/a.csv").read_bytes() == (here / "a.csv").read_bytes()


def test_others_read_the_output(here: Path, run: Run) -> None:
    frame = pd.DataFrame({"n": [0.1, None, 3], "text": [GLUED, "so  be it", None], "b": [True] * 3})
    frame.to_csv(here / "pandas.csv", index=False)
    pl.from_pandas(frame).write_csv(here / "polars.csv", separator="|", quote_style="always")
    assert run("clean", "pandas.csv", "polars.csv", "-o", "out", "-q").status == 0
    for read in (
        pd.read_csv(here / "out/pandas.csv"),
        pl.read_csv(here / "out/polars.csv", separator="|").to_pandas(),
    ):
        assert read["text"].tolist()[1] == "so be it"
        assert pd.isna(read["text"][2]) or read["text"][2] == ""
        assert [str(n) for n in read["n"]][::2] == ["0.1", "3.0"]
        assert read["b"].all()


def test_giant_rows_take_linear_time_and_little_memory() -> None:
    data = b'id,text\n1,"' + b'x""' * 5_000_000 + b'"\n2,b\n'
    records = records_of(data)
    assert [len(record.raw) for record in records] == [8, len(data) - 12, 4]
    with pytest.raises(InputError, match="larger than"):
        records_of(data, max_document_size=1 << 20)
