"""Databases that somebody else made, in the place of an index: one line, nothing else read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.running import Ended, Run

duckdb = pytest.importorskip("duckdb")

LINES = [
    "The keeper of the light wrote down every ship that passed the point before noon that day.",
    "Nobody had told the children that the ferry would not come back before the end of winter.",
]

CHANGES = {
    "a view of another file": [
        "drop table units",
        "create view units as select 1::bigint id, 1::ubigint text_one, 1::ubigint text_two, "
        "1::uinteger words, 1::ubigint salt, content source, 1::bigint line, null::blob shingles "
        "from read_text('secret.txt')",
    ],
    "a table too many": ["create table more (x bigint)"],
    "a table too few": ["drop table bands"],
    "another column": ["alter table units add column x bigint"],
    "another type": ["alter table units alter column source type blob"],
    "no parameters": ["delete from meta"],
    "parameters that are no JSON": ["update meta set value = '{'"],
    "parameters that are null": ["update meta set value = null"],
    "deep parameters": ["update meta set value = repeat('[', 100000)"],
    "another version": ["update meta set value = '99' where key = 'version'"],
    "version as text": ["update meta set value = '\"1\"' where key = 'version'"],
    "bands of another type": ["update meta set value = '[]' where key = 'bands'"],
    "too many bands": ["update meta set value = '100000' where key = 'bands'"],
    "no rows": ["update meta set value = '0' where key = 'rows'"],
    "negative rows": ["update meta set value = '-5' where key = 'rows'"],
    "units without a source": ["update units set source = null"],
    "units without words": ["update units set words = null"],
    "shingles cut": ["update units set shingles = 'abc'::blob"],
    "no shingles": ["update units set shingles = ''::blob"],
    "a terminal's commands": ["update units set source = chr(27) || '[2J' || chr(10)"],
    "bands that lead nowhere": ["update bands set id = 99999"],
}


def line_each(path: Path, texts: list[str]) -> None:
    path.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts))


def assert_one_line(ended: Ended) -> None:
    assert ended.status in (0, 2, 3), ended.err
    assert ended.others == []
    assert len(ended.errors) == (ended.status != 0)
    assert "secret" not in ended.out
    assert "\x1b" not in ended.out + ended.err


@pytest.mark.parametrize("change", CHANGES)
def test_changed_index(run: Run, here: Path, change: str) -> None:
    (here / "secret.txt").write_text("a secret")
    line_each(here / "one.jsonl", LINES[:1])
    line_each(here / "two.jsonl", LINES)
    common = ("--unit", "record", "--index", "seen.duckdb", "-q", "-o")
    assert run("dedup", "one.jsonl", *common, "kept").status == 0
    with duckdb.connect("seen.duckdb") as base:
        for statement in CHANGES[change]:
            base.execute(statement)
    for arguments in (
        ("index", "info", "seen.duckdb"),
        ("index", "compact", "seen.duckdb"),
        ("index", "export", "seen.duckdb", "--to", "redis://127.0.0.1:1/0"),
        ("dedup", "two.jsonl", *common, "kept-too"),
        ("explain", "two.jsonl:1", "--output", "kept-too"),
    ):
        if arguments[0] == "explain" and not (here / "kept-too").exists():
            continue
        assert_one_line(run(*arguments))
    if (here / "kept-too/two.jsonl").exists():
        assert LINES[1] in (here / "kept-too/two.jsonl").read_text()


@pytest.mark.parametrize("share", [0.0, 0.3, 0.6, 0.95])
def test_cut_index(run: Run, here: Path, share: float) -> None:
    line_each(here / "one.jsonl", LINES)
    common = ("--unit", "record", "--index", "seen.duckdb", "-q", "-o")
    assert run("dedup", "one.jsonl", *common, "kept").status == 0
    data = (here / "seen.duckdb").read_bytes()
    (here / "seen.duckdb").write_bytes(data[: int(len(data) * share)])
    for arguments in (("index", "info", "seen.duckdb"), ("dedup", "one.jsonl", *common, "again")):
        assert_one_line(run(*arguments))
