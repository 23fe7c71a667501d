"""Tables in Parquet and Arrow: only texts change, and the same table comes back."""

from __future__ import annotations

import datetime
from pathlib import Path

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cleaner.formats.columnar import ipc
from cleaner.formats.registry import FORMATS
from tests.formats.tables import (
    CLEANED,
    KEPT,
    TEXTS,
    WRITERS,
    read,
    records,
    rows,
    same,
    table,
    write_file,
    write_parquet,
)
from tests.running import Run

KINDS = {
    "string": pa.string(), "large": pa.large_string(), "view": pa.string_view(),
    "dictionary": pa.dictionary(pa.int8(), pa.string()),
    "large dictionary": pa.dictionary(pa.int32(), pa.large_string()),
}  # fmt: skip


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize("kind", KINDS)
def test_commands(here: Path, run: Run, name: str, kind: str) -> None:
    texts = pa.array(TEXTS)
    plain = texts.dictionary_encode() if "dictionary" in kind else texts
    source = table(plain.cast(KINDS[kind]))
    WRITERS[name](here / name, source)
    before = read(here / name)
    assert run("clean", name, "-o", "out", "-q").status == 0
    cleaned = read(here / "out" / name)
    assert cleaned["text"].to_pylist() == CLEANED
    assert same(cleaned.drop(["text"]), rows(before.drop(["text"]), KEPT))
    assert cleaned.schema.equals(before.schema, check_metadata=True)
    listed = run("check", name, "-q")
    assert listed.status == 1
    assert f"{name}:5:13: FMT508" in listed.out
    assert run("clean", f"out/{name}", "-o", "again", "-q").status == 0
    assert same(read(here / "again" / name), cleaned)
    assert run("check", f"out/{name}", "-q").status == 0
    assert "FMT508" in run("explain", f"{name}:5", "--output", "out").out
    for unit in ("paragraph", "line", "record"):
        assert run("dedup", name, "-o", unit, "-q", "--unit", unit).status == 0
        kept = [n for n in range(len(TEXTS)) if n not in (6, 9)]
        assert same(read(here / unit / name), rows(before, kept))
    assert run("fit", name, "-o", "a.model", "-q").status == 0
    assert run("clean", name, "-o", "by", "-q", "--model", "a.model").status == 0
    for output in ("out", "paragraph", "line", "record", "by"):
        assert run("restore", output, "-o", f"{output}.back", "-q").status == 0
        assert same(read(here / f"{output}.back" / name), before)


@pytest.mark.parametrize("codec", ["none", "snappy", "gzip", "brotli", "zstd", "lz4"])
def test_form_of_parquet_is_kept(here: Path, run: Run, codec: str) -> None:
    source = table().drop(["map"])
    options = {"use_dictionary": ["kind"], "write_statistics": ["id"], "store_schema": True}
    write_parquet(here / "a.parquet", source, compression=codec, **options)
    assert run("clean", "a.parquet", "-o", "out", "-q").status == 0
    assert run("restore", "out", "-o", "back", "-q").status == 0
    before, after, back = (
        pq.ParquetFile(here / path).metadata
        for path in ("a.parquet", "out/a.parquet", "back/a.parquet")
    )
    assert [after.row_group(n).num_rows for n in range(after.num_row_groups)] == [4, 2, 1]
    assert back.num_rows == before.num_rows == 10
    for metadata in (after, back):
        for index in range(metadata.num_columns):
            one, other = (each.row_group(0).column(index) for each in (before, metadata))
            assert one.compression == other.compression
            assert one.has_dictionary_page == other.has_dictionary_page
            assert one.is_stats_set == other.is_stats_set


@pytest.mark.parametrize("compression", [None, "lz4", "zstd"])
def test_form_of_arrow_is_kept(here: Path, run: Run, compression: str | None) -> None:
    write_file(here / "a.feather", table(), compression)
    assert run("clean", "a.feather", "-o", "out", "-q").status == 0
    with (here / "out/a.feather").open("rb") as file:
        assert ipc.IpcTable(file).compression == compression
    assert pd.read_feather(here / "out/a.feather")["text"][0] == CLEANED[0]


def test_pandas_and_polars_write_and_read(here: Path, run: Run) -> None:
    frame = pd.DataFrame({"text": ["so  be it", None, "x"], "n": [1, 2, 3]}, index=list("abc"))
    frame.to_parquet(here / "pandas.parquet")
    frame.to_feather(here / "pandas.feather")
    own = pl.DataFrame({
        "text": ["so  be it", None, "x"], "n": [1, 2, 3], "c": pl.Series(list("aba")).cast(
            pl.Categorical),
    })  # fmt: skip
    own.write_parquet(here / "polars.parquet")
    own.write_ipc(here / "polars.arrow", compression="zstd")
    own.write_ipc_stream(here / "stream.arrow")
    assert run("clean", ".", "-o", "../out", "-q").status == 0
    out = here / "../out"
    for read_back in (pd.read_parquet(out / "pandas.parquet"), pd.read_feather(
        out / "pandas.feather")):  # fmt: skip
        assert read_back["text"].tolist()[::2] == ["so be it", "x"]
        assert read_back.index.tolist() == ["a", "b", "c"]
    for again in (
        pl.read_parquet(out / "polars.parquet"), pl.read_ipc(out / "polars.arrow"),
        pl.read_ipc_stream(out / "stream.arrow"),
    ):  # fmt: skip
        assert again["text"].to_list() == ["so be it", None, "x"]
        assert again.schema == own.schema
    assert run("restore", out, "-o", "../back", "-q").status == 0
    assert pl.read_parquet(here / "../back/polars.parquet").equals(own)
    assert pl.read_ipc(here / "../back/polars.arrow").equals(own)
    assert pd.read_parquet(here / "../back/pandas.parquet").equals(frame)


def test_duckdb_writes_and_reads(here: Path, run: Run) -> None:
    duckdb = pytest.importorskip("duckdb")
    duckdb.sql(
        "COPY (SELECT 'so  be it' AS text, [1, 2] AS l, {'a': 'b'} AS s, DATE '2020-01-01' AS d) "
        "TO 'a.parquet'"
    )
    assert run("clean", "a.parquet", "-o", "out", "-q").status == 0
    (row,) = duckdb.sql("SELECT * FROM 'out/a.parquet'").fetchall()
    assert row == ("so be it", [1, 2], {"a": "b"}, datetime.date(2020, 1, 1))
    assert run("restore", "out", "-o", "back", "-q").status == 0
    assert same(read(here / "back/a.parquet"), read(here / "a.parquet"))


@pytest.mark.parametrize("name", ["v0.7.1.parquet", "v0.7.1.all-named-index.parquet"])
def test_tables_that_come_with_pyarrow(here: Path, run: Run, name: str) -> None:
    path = Path(pa.__file__).parent / "tests/data/parquet" / name
    if not path.exists():
        pytest.skip("pyarrow was installed without its tests")
    (here / "a.parquet").write_bytes(path.read_bytes())
    ended = run("clean", "a.parquet", "-o", "out", "-q", "--text-field", "cut", "--scope", "none")
    assert ended.status == 0
    assert same(read(here / "out/a.parquet"), read(path))
    assert pd.read_parquet(here / "out/a.parquet").equals(pd.read_parquet(path))
    assert run("restore", "out", "-o", "back", "-q").status == 0
    assert same(read(here / "back/a.parquet"), read(path))


def test_what_leaves_a_table_stands_beside_it(here: Path, run: Run) -> None:
    write_parquet(here / "a.parquet", table())
    assert run("clean", "a.parquet", "-o", "out", "-q").status == 0
    gone = [n for n in range(len(TEXTS)) if n not in KEPT]
    assert same(read(here / "out/_cleaner/.rows/a.parquet"), rows(read(here / "a.parquet"), gone))
    write_parquet(here / "a.parquet", table().slice(0, 1))
    assert run("clean", "a.parquet", "-o", "out", "-q", "--overwrite").status == 0
    assert not (here / "out/_cleaner/.rows/a.parquet").exists()


@pytest.mark.parametrize("name", WRITERS)
def test_tables_without_rows_or_without_any_left(here: Path, run: Run, name: str) -> None:
    for count in (0, 3):
        source = table().take(pa.array([5] * count, pa.int64()))
        WRITERS[name](here / name, source)
        assert run("clean", name, "-o", f"out{count}", "-q").status == 0
        left = read(here / f"out{count}" / name)
        assert len(left) == 0
        assert left.schema.equals(read(here / name).schema, check_metadata=True)
        assert run("restore", f"out{count}", "-o", f"back{count}", "-q").status == 0
        assert same(read(here / f"back{count}" / name), read(here / name))


def test_texts_that_are_not_in_utf_8(here: Path, run: Run) -> None:
    values = pa.array([b"so  be it", b'caf\xe9 "\n', b"x"], pa.binary())
    column = pa.Array.from_buffers(pa.string(), 3, values.buffers())
    for name, writer in WRITERS.items():
        writer(here / name, pa.table({"text": column}))
        ended = run("clean", name, "-o", f"out.{name}", "-q")
        assert ended.status == 3
        assert ended.errors == [f"cleaner: error: {name}:2: not valid UTF-8; repair the text"]
        assert read(here / f"out.{name}" / name)["text"].to_pylist() == ["so be it", "x"]
        assert run("restore", f"out.{name}", "-o", f"back.{name}", "-q").status == 0
        back = read(here / f"back.{name}" / name)["text"].combine_chunks()
        assert back.view(pa.binary()).to_pylist() == values.to_pylist()


def test_data_sets_keep_their_layout(here: Path, run: Run) -> None:
    datasets = pytest.importorskip("datasets")
    for name in ("en/train-00000-of-00002", "en/train-00001-of-00002", "en/test-00000-of-00001"):
        (here / "set" / name).parent.mkdir(parents=True, exist_ok=True)
        write_parquet(here / "set" / f"{name}.parquet", table().select(["id", "text", "tags"]))
    assert run("clean", "set", "-o", "out", "-q", "--scope", "none").status == 0
    loaded = datasets.load_dataset(
        "parquet", data_dir=str(here / "out"), cache_dir=str(here / "cache")
    )
    assert {name: len(split) for name, split in loaded.items()} == {"train": 18, "test": 9}
    assert loaded["test"]["text"][0] == CLEANED[0]


def test_every_format_says_whether_it_looks_around() -> None:
    from cleaner.runs.input.reading import looks_around

    assert [name for name, format in FORMATS.items() if looks_around(format)] == [
        "parquet", "arrow",
    ]  # fmt: skip


@pytest.mark.parametrize("name", WRITERS)
def test_a_text_inside_of_a_column(here: Path, run: Run, name: str) -> None:
    inner = pa.StructArray.from_arrays(
        [pa.array([*TEXTS[:9], "x"]), pa.array(range(10)), pa.array(["https://a.org"] * 10)],
        names=["body", "n", "url"],
        mask=pa.array([False] * 9 + [True]),
    )
    outer = pa.StructArray.from_arrays([inner, pa.array([None, 1] * 5)], names=["doc", "m"])
    WRITERS[name](here / name, pa.table({"meta": outer, "text": list("abcdefghij")}))
    before = read(here / name)
    named = ("--text-field", "meta.doc.body")
    assert run("clean", name, "-o", "out", "-q", *named).status == 0
    after = read(here / "out" / name)
    assert [
        None if row["doc"] is None else row["doc"]["body"] for row in after["meta"].to_pylist()
    ] == [*CLEANED, None]
    assert after["meta"].to_pylist()[-1] == {"doc": None, "m": 1}
    assert after["text"].to_pylist() == list("abcdehij")
    assert after.schema.equals(before.schema, check_metadata=True)
    assert run("dedup", name, "-o", "dedup", "-q", *named).status == 0
    for output in ("out", "dedup"):
        assert run("restore", output, "-o", f"{output}.back", "-q").status == 0
        assert same(read(here / f"{output}.back" / name), before)
    ended = run("clean", name, "-o", "none", "-q", "--text-field", "meta.doc")
    assert ended.status == 3
    assert "column 'meta.doc' is struct<" in ended.errors[0]


@pytest.mark.parametrize("name", WRITERS)
def test_names_with_dots_and_none_at_all(here: Path, run: Run, name: str) -> None:
    source = pa.table({"": [1, 2], "a.b": ["so  be it", None], "a.id": ["x", "y"], "c": [1.5, 2]})
    WRITERS[name](here / name, source)
    named = ("--text-field", "a.b", "--id-field", "a.id")
    assert run("clean", name, "-o", "out", "-q", *named).status == 0
    after = read(here / "out" / name)
    assert after["a.b"].to_pylist() == ["so be it", None]
    assert same(after.drop(["a.b"]), read(here / name).drop(["a.b"]))
    (one,) = records(here / name, text_field="a.b", id_field="a.id")
    assert one.document.id == "x"


@pytest.mark.parametrize("column", ["text", "page.text"])
def test_dictionaries_that_begin_empty_or_stand_inside(here: Path, run: Run, column: str) -> None:
    """A file of Arrow has one dictionary for a column, that can only grow, and not from nothing."""
    texts = pa.array([None, None, "The  tide.", "Nets &amp; oil.", "Nets &amp; oil.", "No  boat."])
    coded = texts.dictionary_encode()
    inside = pa.StructArray.from_arrays([pa.array(range(6)), coded], ["n", "text"])
    data = pa.table({"page": inside} if "." in column else {"text": coded})
    with pa.ipc.new_file(here / "a.arrow", data.schema) as writer:
        writer.write_table(data, max_chunksize=2)
    assert run("clean", "a.arrow", "-o", "out", "-q", "--text-field", column).status == 0
    found = read(here / "out/a.arrow").flatten()[column].to_pylist()
    assert found == [None, None, "The tide.", "Nets & oil.", "Nets & oil.", "No boat."]
    assert run("restore", "out", "-o", "back", "-q").status == 0
    assert same(read(here / "back/a.arrow"), read(here / "a.arrow"))


@pytest.mark.parametrize("name", WRITERS)
def test_bytes_do_not_depend_on_how_records_are_batched(
    here: Path, run: Run, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    WRITERS[name](here / name, table(times=3))
    for size in (1, 200, 1 << 20):
        monkeypatch.setattr("cleaner.runs.input.reading._BATCH_BYTES", size)
        monkeypatch.setattr("cleaner.runs.records.chunks._PIECE_BYTES", size)
        assert run("clean", name, "-o", f"out{size}", "-q", "-j", "1").status == 0
        assert run("dedup", name, "-o", f"dedup{size}", "-q", "-j", "1").status == 0
    for command in ("out", "dedup"):
        written = {(here / f"{command}{size}" / name).read_bytes() for size in (1, 200, 1 << 20)}
        assert len(written) == 1


def test_documents_tell_where_they_come_from(tmp_path: Path) -> None:
    for name, writer in WRITERS.items():
        writer(tmp_path / name, table())
        _, document, *_ = (one.document for one in records(tmp_path / name))
        assert (document.id, document.source.record) == ("2", 3)
        assert document.metadata == {
            "id": 2, "url": "https://example.org/2", "metadata": {"url": "https://2.org"},
        }  # fmt: skip
