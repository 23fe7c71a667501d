"""Databases that somebody else made, in the place of an index: one line, nothing else read."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.running import Ended, Run

LINES = [
    "The keeper of the light wrote down every ship that passed the point before noon that day.",
    "Nobody had told the children that the ferry would not come back before the end of winter.",
]

CHANGES = {
    "a view in the place of a table": [
        "alter table parts rename to others",
        "create view parts as select * from others",
    ],
    "a trigger": [
        "create trigger more after insert on parts begin delete from meta; end",
    ],
    "a table too many": ["create table more (x bigint)"],
    "a table too few": ["drop table bands"],
    "another column": ["alter table parts add column x bigint"],
    "no parameters": ["delete from meta"],
    "parameters that are no JSON": ["update meta set value = '{'"],
    "parameters that are null": ["update meta set value = null"],
    "parameters that are bytes": ["update meta set value = x'ff'"],
    "deep parameters": ["update meta set value = printf('%.*c', 100000, '[')"],
    "another version": ["update meta set value = '99' where key = 'version'"],
    "version as text": ["update meta set value = '\"3\"' where key = 'version'"],
    "bands of another type": ["update meta set value = '[]' where key = 'bands'"],
    "too many bands": ["update meta set value = '100000' where key = 'bands'"],
    "no rows": ["update meta set value = '0' where key = 'rows'"],
    "negative rows": ["update meta set value = '-5' where key = 'rows'"],
    "parts without sources": ["update parts set sources = null"],
    "sources that are no JSON": ["update parts set sources = '{'"],
    "sources of another type": ["update parts set sources = '[3]'"],
    "deep sources": ["update parts set sources = printf('%.*c', 100000, '[')"],
    "too few sources": ["update parts set sources = '[]'"],
    "no units": ["update parts set units = x''"],
    "units cut": ["update parts set units = substr(units, 1, 20)"],
    "units of another type": ["update parts set units = 'abc'"],
    "shingles cut": ["update parts set shingles = x'616263'"],
    "no shingles": ["update parts set shingles = x''"],
    "sizes of nothing": ["update parts set near = x'0000000000000000'"],
    "places beyond the units": ["update parts set near = x'0900000001000000'"],
    "places twice": ["update parts set near = near || near"],
    "a terminal's commands": ["update parts set sources = '[\"\\u001b[2J\\n\"]'"],
    "bands that lead nowhere": ["update bands set part = 99999"],
    "keys cut": ["update bands set keys = x''"],
    "keys of another type": ["update bands set keys = 7"],
}


def line_each(path: Path, texts: list[str]) -> None:
    path.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts))


def assert_one_line(ended: Ended) -> None:
    assert ended.status in (0, 2, 3), ended.err
    assert ended.others == []
    assert len(ended.errors) == (ended.status != 0)
    assert "\x1b" not in ended.out + ended.err


@pytest.mark.parametrize("change", CHANGES)
def test_changed_index(run: Run, here: Path, change: str) -> None:
    line_each(here / "one.jsonl", LINES[:1])
    line_each(here / "two.jsonl", LINES)
    common = ("--unit", "record", "--index", "seen.index", "-q", "-o")
    assert run("dedup", "one.jsonl", *common, "kept").status == 0
    with closing(sqlite3.connect("seen.index")) as base, base:
        for statement in CHANGES[change]:
            base.execute(statement)
    for arguments in (
        ("index", "info", "seen.index"),
        ("index", "compact", "seen.index"),
        ("index", "export", "seen.index", "--to", "redis://127.0.0.1:1/0"),
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
    common = ("--unit", "record", "--index", "seen.index", "-q", "-o")
    assert run("dedup", "one.jsonl", *common, "kept").status == 0
    data = (here / "seen.index").read_bytes()
    (here / "seen.index").write_bytes(data[: int(len(data) * share)])
    for arguments in (("index", "info", "seen.index"), ("dedup", "one.jsonl", *common, "again")):
        assert_one_line(run(*arguments))
