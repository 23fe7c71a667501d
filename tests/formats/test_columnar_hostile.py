"""Tables in Parquet and Arrow that are damaged, made up, or changed: one line, and no harm."""

from __future__ import annotations

import gzip
import random
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cleaner.core.errors import InputError
from cleaner.formats.columnar import parquet
from tests.formats.tables import (
    WRITERS,
    read,
    records,
    table,
    write_file,
    write_parquet,
)
from tests.running import Run


def broken(name: str, data: bytes) -> dict[str, tuple[bytes, str]]:
    whole = {
        "nothing": b"", "a word": b"The tide came in.\n", "its end": data[len(data) // 2 :],
        "half": data[: len(data) // 2], "without its end": data[:-7], "zeros": bytes(len(data)),
        "magic alone": data[:8], "json": b'{"text": "so  be it"}\n',
    }  # fmt: skip
    return {f"{name}: {what}": (value, name) for what, value in whole.items()}


def test_broken_files_are_one_line(here: Path, run: Run) -> None:
    cases: dict[str, tuple[bytes, str]] = {}
    for name, writer in WRITERS.items():
        writer(here / name, table())
        cases.update(broken(name, (here / name).read_bytes()))
        (here / name).unlink()
    del cases["a.arrows: without its end"]  # of a stream the end mark may be missing
    for what, (data, name) in cases.items():
        (here / name).write_bytes(data)
        (here / "b.txt").write_bytes(b"The  tide came in.\n")
        for command in (["clean"], ["dedup"], ["dedup", "--unit", "record"]):
            ended = run(*command, name, "b.txt", "-o", "out", "-q", "--overwrite")
            assert (ended.status, len(ended.errors), ended.others) == (3, 1, []), (what, ended)
            assert f"error: {name}: " in ended.errors[0]
            assert [path.name for path in (here / "out").iterdir() if path.is_file()] == ["b.txt"]
        (here / name).unlink()


BAD_COLUMNS = {
    "no column 'text': the table has 'body'; name the": pa.table({"body": ["a"]}),
    "column 'text' is int64, not text": pa.table({"text": [1]}),
    "column 'text' is binary, not text": pa.table({"text": [b"a"]}),
    "column 'text' is list<": pa.table({"text": [["a"]]}),
    "two columns are called 'text'": pa.table([["a"], ["b"]], names=["text", "text"]),
}


@pytest.mark.parametrize("why", BAD_COLUMNS)
@pytest.mark.parametrize("name", WRITERS)
def test_columns_that_hold_no_text_are_one_line(here: Path, run: Run, why: str, name: str) -> None:
    WRITERS[name](here / name, BAD_COLUMNS[why])
    for command in (["check"], ["clean", "-o", "out"], ["dedup", "-o", "out", "--overwrite"]):
        ended = run(*command, name, "-q")
        assert (ended.status, len(ended.errors), ended.others) == (3, 1, [])
        assert f"{name}: {why}" in ended.errors[0]


def test_compressed_tables_are_refused(here: Path, run: Run) -> None:
    write_parquet(here / "a.parquet", table())
    (here / "a.parquet.gz").write_bytes(gzip.compress((here / "a.parquet").read_bytes()))
    for command in ("clean", "dedup"):
        ended = run(command, "a.parquet.gz", "-o", "out", "-q", "--overwrite")
        assert ended.status == 3
        assert "is a gzip file around a table, which is not read; decompress it" in ended.errors[0]


def test_pages_that_would_grow_beyond_measure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_parquet(tmp_path / "a.parquet", pa.table({"text": ["a" * 9000]}), use_dictionary=False)
    assert len(records(tmp_path / "a.parquet")) == 1
    monkeypatch.setattr(parquet, "_MOST_PAGE", 8000)
    with pytest.raises(InputError, match="'text' that would grow to 9,010 bytes"):
        records(tmp_path / "a.parquet")


def test_values_that_repeat_without_end_are_decoded_a_few_at_a_time(tmp_path: Path) -> None:
    data = pa.table(
        {
            "text": pa.DictionaryArray.from_arrays(
                pa.array([0, 1] * 5000), pa.array(["a", "b" * (1 << 20)])
            )
        }
    )
    pq.write_table(
        data, tmp_path / "a.parquet", dictionary_pagesize_limit=1 << 24, store_schema=False
    )
    with (tmp_path / "a.parquet").open("rb") as file:
        pieces = parquet.ParquetTable(file).pieces(["text"])
        assert len(next(pieces).rows) == 128
    with pytest.raises(InputError, match=r"record 2 is larger than 1,000,000 bytes"):
        records(tmp_path / "a.parquet", max_document_size=1_000_000)


def test_columns_of_arrow_that_would_grow_beyond_measure(tmp_path: Path) -> None:
    write_file(tmp_path / "a.arrow", pa.table({"text": ["a" * 900]}), "zstd")
    data = bytearray((tmp_path / "a.arrow").read_bytes())
    at = data.index((900).to_bytes(8, "little") + b"\x28\xb5\x2f\xfd")
    data[at : at + 8] = (2**40).to_bytes(8, "little")
    (tmp_path / "a.arrow").write_bytes(data)
    with pytest.raises(InputError, match="a column that would grow to 1,099,511,627,776 bytes"):
        records(tmp_path / "a.arrow")


def test_offsets_that_lead_out_of_a_column(tmp_path: Path) -> None:
    write_file(tmp_path / "a.arrow", pa.table({"text": ["a" * 900, "b" * 77, "c"]}))
    data = (tmp_path / "a.arrow").read_bytes()
    offsets = b"".join(n.to_bytes(4, "little") for n in (0, 900, 977, 978))
    assert data.count(offsets) == 1
    wrong = b"".join(n.to_bytes(4, "little") for n in (0, 2**30, 977, 978))
    (tmp_path / "a.arrow").write_bytes(data.replace(offsets, wrong))
    with pytest.raises(InputError, match="broken Arrow file"):
        records(tmp_path / "a.arrow")


@pytest.mark.parametrize("name", WRITERS)
def test_any_damage_is_an_error_or_none(tmp_path: Path, name: str) -> None:
    WRITERS[name](tmp_path / name, table())
    data = (tmp_path / name).read_bytes()
    chance = random.Random(7)
    for _ in range(150):
        damaged = bytearray(data)
        for _ in range(chance.choice((1, 1, 4))):
            damaged[chance.randrange(len(damaged))] = chance.choice((0, 1, 127, 128, 255))
        (tmp_path / name).write_bytes(damaged)
        try:
            records(tmp_path / name)
        except InputError:
            continue


@pytest.mark.parametrize("name", WRITERS)
def test_changed_outputs_are_not_restored(here: Path, run: Run, name: str) -> None:
    WRITERS[name](here / name, table())
    assert run("clean", name, "-o", "out", "-q").status == 0
    beside = here / "out/_cleaner/.rows" / name
    kept = beside.read_bytes()
    own = read(beside)
    changes: list[Callable[[], object]] = [
        beside.unlink,
        lambda: WRITERS[name](beside, own.slice(1)),
        lambda: WRITERS[name](beside, pa.concat_tables([own, own])),
        lambda: WRITERS[name](beside, own.set_column(0, own.schema.field(0), own["id"].take(
            list(range(len(own)))[::-1]))),
        lambda: WRITERS[name](beside, own.drop(["id"])),
        lambda: beside.write_bytes(b"The tide came in."),
        lambda: WRITERS[name](here / "out" / name, read(here / name)),
        (here / "out" / name).unlink,
    ]  # fmt: skip
    for change in changes:
        beside.write_bytes(kept)
        change()
        ended = run("restore", "out", "-o", "back", "-q")
        assert (ended.status, len(ended.errors), ended.others) == (3, 1, [])
        assert not (here / "back" / name).exists()
