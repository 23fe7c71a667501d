"""Outputs in another format, and in shards: read by other libraries, and the sources come back."""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cleaner import Cleaner, Settings
from cleaner.core.errors import UsageError
from cleaner.core.settings.config import Output
from tests.cli.test_warc import by_warcio
from tests.running import Run

WORDS = "tide quay boats nets harbour lantern ferry chapel steps children morning keeper".split()


def text(number: int) -> str:
    chosen = random.Random(number)
    return f"Number {number}  says: " + " ".join(chosen.choice(WORDS) for _ in range(40)) + "."


def cleaned(number: int) -> str:
    return text(number).replace("  ", " ")


ROWS: list[dict[str, Any]] = [
    {"id": n, "text": text(n), "tags": ["a", "b"][: n % 3], "meta": {"n": n, "s": None},
     "odd": n if n < 3 else "several", "some": None if n % 2 else 0.5}
    for n in range(60)
]  # fmt: skip


def write(path: Path) -> None:
    """Write the rows, but for what a table of texts cannot hold."""
    flat = [{"id": row["id"], "text": row["text"], "some": row["some"]} for row in ROWS]
    name = path.name
    if ".jsonl" in name:
        data = "".join(json.dumps(row) + "\n" for row in ROWS).encode()
        path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    elif name.endswith(".json"):
        path.write_text(json.dumps(ROWS))
    elif name.endswith(".parquet"):
        pl.DataFrame(flat).write_parquet(path)
    elif name.endswith(".arrow"):
        pl.DataFrame(flat).write_ipc(path)
    elif name.endswith("csv"):
        pd.DataFrame(flat).to_csv(path, index=False)
    else:
        by_warcio(path, [row["text"] for row in ROWS], packed=name.endswith(".gz"))


def read(path: Path) -> list[str]:
    """Return the texts of a file, as another library reads them."""
    if path.suffix == ".parquet":
        return pd.read_parquet(path).text.tolist()
    if path.suffix == ".csv":
        return pl.read_csv(path)["text"].to_list()
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    if ".txt" in path.name:
        return data.decode().removesuffix("\n").split("\n\n")
    return [json.loads(line)["text"] for line in data.splitlines()]


SOURCES = ("a.jsonl", "a.jsonl.gz", "a.json", "a.csv", "a.parquet", "a.arrow", "a.wet.gz")
CASES = [
    *((name, to) for name in SOURCES[1:] for to in ("jsonl", "parquet")),
    ("a.jsonl", "parquet"), ("a.jsonl", "csv"), ("a.parquet", "csv"), ("a.wet.gz", "txt"),
    ("a.csv", "txt"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "to"), CASES)
def test_converted_and_restored(name: str, to: str, here: Path, run: Run) -> None:
    write(here / name)
    ended = run("clean", name, "-o", "out", "-q", "--to", to)
    assert (ended.status, ended.err) == (0, "")
    (written,) = (path for path in (here / "out").iterdir() if path.is_file())
    if name.startswith(f"a.{to}"):
        assert written.name == name
        return
    packed = ".gz" if name.endswith(".gz") and to != "parquet" else ""
    assert written.name == f"a.{to}{packed}"
    if not (packed and to == "csv"):
        found = [one.strip("\n") for one in read(written)]
        assert found == [cleaned(row["id"]) for row in ROWS]
    if to == "parquet" and "json" in name:
        rows = pq.read_table(written).to_pylist()
        assert [(row["id"], row["tags"], row["meta"], row["some"]) for row in rows] == [
            (row["id"], row["tags"], row["meta"], row["some"]) for row in ROWS
        ]
        # What has no common type is JSON.
        assert [row["odd"] for row in rows] == ["0", "1", "2", *["several"] * 57]
    if to == "jsonl" and "json" in name:
        data = written.read_bytes()
        lines = (gzip.decompress(data) if packed else data).splitlines()
        assert [{**json.loads(line), "text": ""} for line in lines] == [
            {**row, "text": ""} for row in ROWS
        ]
    if to == "jsonl" and "wet" in name:
        first = json.loads(gzip.decompress(written.read_bytes()).splitlines()[0])
        assert first["url"] == "http://example0.org/page"
        assert first["id"].startswith("<urn:uuid:")
        assert first["date"]
    if to == "parquet" and name in ("a.parquet", "a.arrow"):
        assert pq.read_schema(written).names == ["id", "text", "some"]
    report = json.loads((here / "out/_cleaner/report.json").read_text())
    assert [one["name"] for one in report["exported"]] == [written.name]
    assert run("restore", "out", "-o", "back", "-q").status == 0
    if name not in ("a.parquet", "a.arrow"):
        assert (here / "back" / name).read_bytes() == (here / name).read_bytes()
    assert run("explain", f"{name}:2", "--output", "out").status == 0
    assert run("report", "out", "-o", "page.html").status == 0
    again = run("clean", name, "-o", "out", "-q", "--overwrite")
    assert again.status == 0
    assert [path.name for path in (here / "out").iterdir() if path.is_file()] == [name]


def test_documents_become_one_file(here: Path, run: Run) -> None:
    (here / "in/deep").mkdir(parents=True)
    for number in range(3):
        (here / f"in/deep/{number}.txt").write_text(text(number))
    page = f"<html><body><main><p>{text(3)}</p><p>{text(4)}</p></main></body></html>"
    (here / "in/page.html").write_text(page)
    write(here / "in/a.jsonl")
    ended = run("clean", "in", "-o", "out", "-q", "--to", "parquet", "--scope", "none")
    assert ended.status == 0
    assert sorted(path.name for path in (here / "out").iterdir()) == [
        "_cleaner", "a.parquet", "documents.parquet",
    ]  # fmt: skip
    found = pl.read_parquet(here / "out/documents.parquet")
    assert found["id"].to_list() == ["deep/0.txt", "deep/1.txt", "deep/2.txt", "page.html"]
    assert found["text"].to_list()[:3] == [f"{cleaned(number)}\n" for number in range(3)]
    assert cleaned(4) in found["text"][3]
    assert run("restore", "out", "-o", "back", "-q").status == 0
    assert (here / "back/page.html").read_text() == page
    assert (here / "back/deep/1.txt").read_text() == text(1)


@pytest.mark.parametrize(
    ("name", "command"),
    [("a.jsonl", "dedup"), ("a.jsonl.gz", "clean"), ("a.csv", "clean"), ("a.parquet", "clean")],
)
def test_shards(name: str, command: str, here: Path, run: Run) -> None:
    write(here / name)
    whole = (here / name).stat().st_size if name != "a.jsonl.gz" else 20_000
    size = whole // 3 + 1
    ended = run(command, name, "-o", "out", "-q", "--shard-size", size)
    assert (ended.status, ended.err) == (0, "")
    written = sorted(path.name for path in (here / "out").iterdir() if path.is_file())
    stem, _, suffix = name.partition(".")
    assert len(written) > 1
    assert written == [
        f"{stem}-{n:05d}-of-{len(written):05d}.{suffix}" for n in range(len(written))
    ]
    found = [one for shard in written for one in read(here / "out" / shard)]
    wanted = cleaned if command == "clean" else text
    assert found == [wanted(row["id"]) for row in ROWS]
    if suffix in ("jsonl", "csv"):
        assert all((here / "out" / shard).stat().st_size <= size for shard in written)
    assert run(command, name, "-o", "other", "-q", "--shard-size", size, "--jobs", "2").status == 0
    for shard in written:
        assert (here / "other" / shard).read_bytes() == (here / "out" / shard).read_bytes()
    assert run("restore", "out", "-o", "back", "-q").status == 0
    if suffix != "parquet":
        assert (here / "back" / name).read_bytes() == (here / name).read_bytes()


def test_converted_shards(here: Path, run: Run) -> None:
    write(here / "a.wet.gz")
    ended = run("clean", "a.wet.gz", "-o", "out", "-q", "--to", "parquet", "--shard-size", "8KB")
    assert ended.status == 0
    shards = sorted((here / "out").glob("*.parquet"))
    assert len(shards) > 1
    assert [one.strip("\n") for one in pl.read_parquet(shards)["text"]] == [
        cleaned(row["id"]) for row in ROWS
    ]


def test_what_cannot_be_converted_is_one_line(here: Path, run: Run) -> None:
    (here / "in").mkdir()
    write(here / "in/a.jsonl")
    (here / "in/b.jsonl").write_text('{"text": "lone \\ud83d  half"}\n')
    ended = run("clean", "in", "-o", "out", "-q", "--to", "parquet", "--select", "FMT508")
    assert ended.status == 3
    (line,) = ended.errors
    assert line.startswith(
        "cleaner: error: in/b.jsonl: has values that cannot be written as Parquet"
    )
    assert [path.name for path in (here / "out").glob("*.parquet")] == ["a.parquet"]
    assert run("restore", "out", "-o", "back", "-q").status == 0
    assert (here / "back/b.jsonl").read_bytes() == (here / "in/b.jsonl").read_bytes()


def test_names_that_would_meet_are_refused(here: Path, run: Run) -> None:
    (here / "in").mkdir()
    write(here / "in/a.jsonl")
    write(here / "in/a.csv")
    ended = run("clean", "in", "-o", "out", "-q", "--to", "parquet")
    assert ended.status == 2
    assert "two inputs would be written as a.parquet" in ended.errors[0]


def test_streams_and_files_in_place_stay_what_they_are(here: Path, run: Run) -> None:
    write(here / "a.jsonl")
    assert run("clean", "a.jsonl", "--in-place", "--journal", "j", "--to", "csv").status == 2
    with pytest.raises(UsageError):
        Cleaner(Settings(output=Output(to="csv"))).clean_in_place(["a.jsonl"], "j")


def test_schema_and_metadata_of_tables_stay_in_shards(here: Path, run: Run) -> None:
    schema = pa.schema(
        [("text", pa.large_string()), ("n", pa.int8())], metadata={"huggingface": "{}"}
    )
    rows = {"text": [text(n) for n in range(40)], "n": range(40)}
    pq.write_table(pa.table(rows, schema=schema), here / "a.parquet", compression="zstd")
    assert run("clean", "a.parquet", "-o", "out", "-q", "--shard-size", "3KB").status == 0
    shards = sorted((here / "out").glob("*.parquet"))
    assert len(shards) > 1
    for shard in shards:
        assert pq.read_schema(shard).equals(schema, check_metadata=True)
        assert pq.ParquetFile(shard).metadata.row_group(0).column(0).compression == "ZSTD"
