"""Records with several texts: each is cleaned by itself, and all come back."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner import Cleaner
from cleaner.core.settings.config import Input, Settings
from cleaner.formats.base import Parsed, Record
from cleaner.formats.fields import Fields
from cleaner.formats.registry import FORMATS, with_fields
from tests.running import Run

NAMED = ("--text-field", "title", "--text-field", "body")
OPTIONS = Input(text_field=("title", "body"))
PAGE = (
    "The tide came in over the third step again, and nobody who stood on the quay that morning "
    "said a word about the boats, the nets, or what the harbour master had written down."
)
ROWS: list[dict[str, object]] = [
    {"id": 1, "title": "Nets &amp; boats", "lang": "en", "body": f"So it  was.\n\n{PAGE}"},
    {"id": 2, "title": "The quay", "lang": "en", "body": f"{PAGE}\n\nNobody spoke."},
    {"id": 3, "title": "Third", "lang": None, "body": PAGE},
    {"id": 4, "title": PAGE, "lang": "en", "body": PAGE},
    {"id": 5, "title": None, "lang": "en", "body": "Caf\xc3\xa9 &amp; bar"},
    {"id": 6, "title": "", "lang": "en", "body": "One  space too many."},
]


def write(path: Path, rows: list[dict[str, object]]) -> None:
    """Write rows by the library that people write such files with."""
    frame = pd.DataFrame(rows)
    if path.suffix == ".jsonl":
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    elif path.suffix == ".json":
        frame.to_json(path, orient="records", indent=1)
    elif path.suffix == ".parquet":
        pl.DataFrame(rows).write_parquet(path)
    elif path.suffix == ".feather":
        pa.feather.write_feather(pa.Table.from_pylist(rows), path)
    else:
        frame.to_csv(path, index=False, sep="\t" if path.suffix == ".tsv" else ",")


@pytest.fixture(autouse=True)
def kept(here: Path) -> None:
    (here / "kept.toml").write_text("[output]\nkeep-empty = true\n")


def expected(run: Run, command: str, *more: dict[str, object]) -> list[tuple[str | None, ...]]:
    """Return what a run makes of the rows' texts, each of which is a record of its own."""
    rows = [(row["title"], row["body"]) for row in (*ROWS, *more)]
    single = [{"text": text} for row in rows for text in row if text]
    write(Path("texts.jsonl"), single)
    ended = run(command, "texts.jsonl", "-o", "single", "-q", "--config", "kept.toml")
    assert ended.status == 0
    found = map(json.loads, Path("single/texts.jsonl").read_text().splitlines())
    left = (str(one["text"]) or None for one in found)
    cleaned = [tuple(next(left) if text else None for text in row) for row in rows]
    return [row for row in cleaned if any(row)]


def read(path: Path) -> list[tuple[str | None, str | None]]:
    if path.suffix == ".jsonl":
        rows = [json.loads(line) for line in path.read_text().splitlines()]
    elif path.suffix == ".json":
        rows = json.loads(path.read_text())
    elif path.suffix == ".parquet":
        rows = pq.read_table(path).to_pylist()
    elif path.suffix == ".feather":
        rows = pa.feather.read_table(path).to_pylist()
    else:
        sep = "\t" if path.suffix == ".tsv" else ","
        rows = pd.read_csv(path, sep=sep, keep_default_na=False).to_dict("records")
    return [(row["title"], row["body"]) for row in rows]


FORMS = ("jsonl", "json", "csv", "tsv", "parquet", "feather")


@pytest.mark.parametrize("form", FORMS)
def test_clean_and_restore(form: str, here: Path, run: Run) -> None:
    source = here / f"a.{form}"
    write(source, ROWS)
    ended = run("clean", source, "-o", "out", "-q", *NAMED)
    assert (ended.status, ended.err) == (0, "")
    found = read(here / "out" / source.name)
    rows = [(title or None, body or None) for title, body in found]
    assert rows == expected(run, "clean")
    assert run("clean", "out", "-o", "again", "-q", *NAMED).status == 0
    assert read(here / "again" / source.name) == read(here / "out" / source.name)
    assert run("restore", "out", "-o", "back", "-q").status == 0
    if form in ("parquet", "feather"):
        assert read(here / "back" / source.name) == read(source)
    else:
        assert (here / "back" / source.name).read_bytes() == source.read_bytes()


@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet"])
def test_a_record_goes_with_the_last_of_its_texts(form: str, here: Path, run: Run) -> None:
    rows = [{"id": n, "title": f"{n} {PAGE}"[2:], "body": PAGE, "x": None} for n in range(3)]
    source = here / f"a.{form}"
    write(source, [*rows, {"id": 3, "title": "Alone", "body": PAGE, "x": None}])
    assert run("clean", source, "-o", "out", "-q", *NAMED).status == 0
    found = read(here / "out" / source.name)
    assert len(found) == 2
    assert sum(PAGE in (title or "") + (body or "") for title, body in found) == 1
    assert found[1][0] == "Alone"
    report = json.loads((here / "out/_cleaner/report.json").read_text())
    (file,) = report["files"]
    assert (file["records"], file["records_written"], report["emptied"]["count"]) == (
        4 + (form == "csv"), 2 + (form == "csv"), 2,
    )  # fmt: skip
    assert run("restore", "out", "-o", "back", "-q").status == 0
    assert read(here / "back" / source.name) == read(source)
    assert run("clean", source, "-o", "kept", "-q", "--keep-empty", *NAMED).status == 0
    assert len(read(here / "kept" / source.name)) == 4


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("unit", ["paragraph", "record"])
def test_dedup(form: str, unit: str, here: Path, run: Run) -> None:
    other = {"id": 7, "title": "The quay", "lang": "fr", "body": f"{PAGE}\n\nNobody spoke."}
    source = here / f"a.{form}"
    write(source, [*ROWS, other])
    ended = run("dedup", source, "-o", "out", "-q", "--unit", unit, *NAMED)
    assert (ended.status, ended.err) == (0, "")
    found = read(here / "out" / source.name)
    assert run("restore", "out", "-o", "back", "-q").status == 0
    assert read(here / "back" / source.name) == read(source)
    if unit == "record":
        # Only a record of which all texts are another's goes.
        assert found == read(source)[:-1]
    else:
        rows = [(title or None, body or None) for title, body in found]
        assert rows == expected(run, "dedup", other)


def test_findings_and_journal_name_the_field(here: Path, run: Run) -> None:
    write(here / "a.jsonl", ROWS)
    ended = run("check", "a.jsonl", *NAMED, "--output-format", "jsonl", "--select", "ENC")
    told = [json.loads(line) for line in ended.out.splitlines()]
    assert [(one["record"], one["field"], one["code"]) for one in told] == [
        (1, "title", "ENC111"), (5, "body", "ENC110"), (5, "body", "ENC111"),
    ]  # fmt: skip
    assert all(f"field {one['field']}: " in one["message"] for one in told)
    assert run("clean", "a.jsonl", "-o", "out", "-q", *NAMED).status == 0
    journal = pd.read_parquet(here / "out/_cleaner/journal.parquet")
    own = journal[journal.rule == "ENC111"]
    assert own[["record", "field"]].to_numpy().tolist() == [[1, "title"], [5, "body"]]
    copies = journal[journal.rule == "DUP402"]
    assert copies[["record", "survivor_place"]].to_numpy().tolist() == [[4, 3], [4, 3]]
    ended = run("explain", "a.jsonl:5", "--output", "out")
    assert "a.jsonl:5:" in ended.out
    assert "ENC110" in ended.out
    assert run("report", "out", "-o", "page.html").status == 0


def test_fields_in_any_order_nested_and_missing(here: Path, run: Run) -> None:
    lines = [
        '\ufeff{"body": "a  b", "m": {"title": "c  d"}}\r\n',
        '{"m": {"title": "e  \\u00e9", "x": [1, 2]}, "body": "f\\/g  h", "n": 1.0}\n',
        '{"body": "i  j", "m": {"title": null}}\n', '\n', '{"m": {"title": "k  l"}}',
    ]  # fmt: skip
    source = here / "a.jsonl"
    source.write_bytes("".join(lines).encode())
    named = ("--text-field", "m.title", "--text-field", "body", "--scope", "none")
    assert run("clean", "a.jsonl", "-o", "out", "-q", *named).status == 0
    assert (here / "out/a.jsonl").read_bytes().decode() == (
        '\ufeff{"body": "a b", "m": {"title": "c d"}}\r\n'
        '{"m": {"title": "e é", "x": [1, 2]}, "body": "f/g h", "n": 1.0}\n'
        '{"body": "i j", "m": {"title": null}}\n{"m": {"title": "k l"}}'
    )
    assert run("restore", "out", "-o", "back", "-q").status == 0
    assert (here / "back/a.jsonl").read_bytes() == source.read_bytes()


def test_bad_records_are_named_once(here: Path, run: Run) -> None:
    source = here / "a.jsonl"
    source.write_bytes(b'{"title": "x", "body": "y"}\n[]\n{"id": 1}\n{"title": 5, "body": "z"}\n')
    for command in ("clean", "dedup"):
        ended = run(command, "a.jsonl", "-o", command, "-q", *NAMED)
        assert ended.status == 3
        assert [line.split(": ")[2] for line in ended.errors] == [
            "a.jsonl:2", "a.jsonl:3", "a.jsonl:4",
        ]  # fmt: skip
        assert run("restore", command, "-o", f"{command}.back", "-q").status == 0
        assert (here / f"{command}.back/a.jsonl").read_bytes() == source.read_bytes()


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("command", ["clean", "dedup"])
def test_a_record_with_one_bad_text_is_bad(form: str, command: str, here: Path, run: Run) -> None:
    source = here / f"a.{form}"
    long = "a line that is too long " * 20
    rows = [{"title": f"t{n}", "n": n, "body": long if n == 1 else f"b{n}"} for n in range(4)]
    write(source, [*rows, {"title": long, "n": 4, "body": None}])
    limit = ("--max-line-size", "400")
    ended = run(command, source, "-o", "out", "-q", *NAMED, *limit)
    assert ended.status == 3
    assert len(ended.errors) == 2
    assert all("longer than 400 bytes" in line for line in ended.errors)
    assert read(here / "out" / source.name) == [("t0", "b0"), ("t2", "b2"), ("t3", "b3")]
    assert run("restore", "out", "-o", "back", "-q").status == 0
    assert read(here / "back" / source.name) == read(source)


@pytest.mark.parametrize(
    ("name", "content", "status"),
    [("a.jsonl", '{"title": "x"}\n', 2), ("a.csv", "title,x\na,b\n", 3)],
)
def test_a_field_that_nothing_has(
    name: str, content: str, status: int, here: Path, run: Run
) -> None:
    (here / name).write_text(content)
    ended = run("clean", name, "-o", "out", "-q", *NAMED)
    assert ended.status == status
    assert len(ended.errors) == 1
    assert "'body'" in ended.errors[0]


def test_diff_shows_records(here: Path, run: Run) -> None:
    (here / "a.jsonl").write_text('{"title": "a  b", "body": "c"}\n{"title": "", "body": "d"}\n')
    ended = run("clean", "a.jsonl", "--diff", "-q", *NAMED)
    assert ended.out.splitlines()[2:] == [
        "@@ -1,2 +1,2 @@", '-{"title": "a  b", "body": "c"}', '+{"title": "a b", "body": "c"}',
        ' {"title": "", "body": "d"}',
    ]  # fmt: skip


def test_settings() -> None:
    assert Input(text_field=["a", "b", "a"]).text_field == ("a", "b")
    assert Input(text_field=("a",)) == Input(text_field="a")
    assert with_fields("csv", Input()) == "csv"


def test_configuration_names_several(here: Path, run: Run) -> None:
    (here / "cleaner.toml").write_text('[input]\ntext-field = ["title", "body"]\n')
    (here / "a.csv").write_text("title,body\na  b,c  d\n")
    assert run("clean", "a.csv", "-o", "out", "-q").status == 0
    assert (here / "out/a.csv").read_text() == "title,body\na b,c d\n"


def test_batches() -> None:
    cleaner = Cleaner(Settings(input=Input(text_field=("title", "body"))))
    batch = {"title": ["a  b"], "body": ["c  d"], "n": [1]}
    assert cleaner.clean_batch(batch) == {"title": ["a b"], "body": ["c d"], "n": [1]}
    assert cleaner.clean_batch(batch, column="body")["title"] == ["a  b"]
    assert cleaner.clean_batch(["a  b"]) == ["a b"]


texts = st.text('ab";,\t\n\\ é{}[]', max_size=6) | st.none()


@given(st.lists(st.tuples(texts, texts, st.booleans()), max_size=4), st.data())
@pytest.mark.parametrize("form", ["jsonl", "json", "csv"])
def test_pieces_there_and_back(
    form: str, rows: list[tuple[str | None, str | None, bool]], data: st.DataObject
) -> None:
    objects = [
        {"title": title, "n": 1, "body": body} if first else {"body": body, "title": title}
        for title, body, first in rows
    ]
    if form == "csv":
        source = pd.DataFrame(objects, columns=["title", "n", "body"]).to_csv(index=False)
    elif form == "json":
        source = json.dumps(objects, ensure_ascii=data.draw(st.booleans()))
    else:
        source = "".join(json.dumps(one) + "\n" for one in objects)
    format = FORMATS[f"{form}-fields"]
    assert isinstance(format, Fields)
    records = list(format.records(io.BytesIO(source.encode()), OPTIONS))
    assert len(records) % 2 == 0
    assert packed(format, [record.raw for record in records]) == source.encode()
    written = []
    for record in records:
        parsed = format.parse(record, "a", OPTIONS)
        if not isinstance(parsed, Parsed):
            written.append(record.raw)
            continue
        assert format.source(parsed.form, parsed.frame, parsed.document.text) == record.raw
        other = data.draw(st.text('ab";,\t\n\\ é', max_size=5))
        piece = format.written(parsed.frame, other)
        opened = format.opened(Record(record.number, piece, record.layout), OPTIONS)
        assert opened[1] == other
        assert format.source(parsed.form, opened[0], parsed.document.text) == record.raw
        written.append(piece)
    again = list(format.records(io.BytesIO(packed(format, written)), OPTIONS))
    assert packed(format, [record.raw for record in again]) == packed(format, written)


def packed(format: Fields, pieces: list[bytes]) -> bytes:
    sink = io.BytesIO()
    packer = format.packer(io.BytesIO(), sink, io.BytesIO, OPTIONS)
    for piece in pieces:
        packer.write(piece, b"\1")
    packer.close()
    return sink.getvalue()
