"""A configuration made from a look at the data is valid, says what was found, and is obeyed."""

from __future__ import annotations

import gzip
import json
import re
import tomllib
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cleaner import Settings
from cleaner.core.settings.configfile import load_configuration
from cleaner.runs import first_look
from tests.running import Run

TEXT = "The  ferry came at noon &amp; nobody was on board but the dog of the miller."


def settings_in(folder: Path) -> Settings:
    return load_configuration(folder / "cleaner.toml", {}).settings


def test_an_empty_folder_gets_the_defaults(here: Path, run: Run) -> None:
    ended = run("init")
    assert ended.status == 0, ended.err
    text = (here / "cleaner.toml").read_text("utf-8")
    assert settings_in(here) == Settings()
    assert "There was nothing to read" in text
    # With every sign of a comment before a setting taken away it is the same.
    shown = re.sub(r"^# ([a-z-]+ = )", r"\1", text, flags=re.MULTILINE)
    assert len(tomllib.loads(shown)["dedup"]) == 14
    (here / "cleaner.toml").write_text(shown, "utf-8")
    assert settings_in(here) == Settings()


def test_what_was_found_stands_in_it(here: Path, run: Run) -> None:
    (here / "data").mkdir()
    for number in range(3):
        (here / f"data/{number}.txt").write_text(f"{TEXT} Day {number}.\n")
    (here / "data/picture.png").write_bytes(b"\x89PNG\r\n")
    ended = run("init", "data")
    assert ended.out.splitlines()[0] == "cleaner.toml written: 3 files, 6 edits and notes to make"
    text = (here / "cleaner.toml").read_text("utf-8")
    assert "# Found: 3 files" in text
    assert "txt 3" in text
    assert "# Languages, by documents: en 3." in text
    assert re.search(r"^# +3 +\d\.\d\d%  ENC111 html-entity", text, re.MULTILINE)
    assert "# Passed over: 1 " in text
    told = run("check", "data", "--output-format", "json")
    assert len(json.loads(told.out)) == 6


def test_nothing_is_replaced_without_being_asked(here: Path, run: Run) -> None:
    (here / "cleaner.toml").write_text('ignore = ["FMT"]\n')
    ended = run("init")
    assert ended.status == 2
    assert "is there already; replace it with --force" in ended.errors[0]
    assert (here / "cleaner.toml").read_text() == 'ignore = ["FMT"]\n'
    assert run("init", "--force", "-q") == (0, "", "")
    assert settings_in(here) == Settings()


def write_jsonl(folder: Path) -> Path:
    records = [{"title": f"No. {n}", "body": f"{TEXT} {n}", "id": n} for n in range(5)]
    path = folder / "a.jsonl.gz"
    path.write_bytes(gzip.compress("".join(json.dumps(r) + "\n" for r in records).encode()))
    return path


def write_csv(folder: Path) -> Path:
    path = folder / "a.csv"
    path.write_text("id,title,body\n" + "".join(f"{n},No. {n},{TEXT} {n}\n" for n in range(5)))
    return path


def write_parquet(folder: Path) -> Path:
    path = folder / "a.parquet"
    table = {"id": [1, 2], "title": ["One", "Two"], "body": [TEXT, f"{TEXT} Two"]}
    pq.write_table(pa.table(table), path)
    return path


@pytest.mark.parametrize("write", [write_jsonl, write_csv, write_parquet])
def test_the_field_with_the_text_is_found_and_used(here: Path, run: Run, write: object) -> None:
    path = write(here)  # type: ignore[operator]
    assert run("clean", path.name, "-o", "before", "-q").status != 0
    ended = run("init", path.name)
    assert "the text of records is in 'body'" in ended.out
    assert settings_in(here).input.text_field == "body"
    ended = run("clean", path.name, "-o", "after", "-q")
    assert (ended.status, ended.err) == (0, "")
    report = json.loads((here / "after/_cleaner/report.json").read_text())
    assert report["counts"]["ENC111"] in (2, 5)


def test_of_much_a_part_is_looked_at(here: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(first_look, "_MOST_BYTES", 4000)
    monkeypatch.setattr(first_look, "_MOST_OF_FILE", 1000)
    (here / "data").mkdir()
    for number in range(40):
        (here / f"data/{number:02}.txt").write_text(f"{number}. {TEXT * 3}\n")
    with (here / "data/large.jsonl").open("w") as lines:
        for number in range(200):
            lines.write(json.dumps({"text": f"{number}. {TEXT}"}) + "\n")
    assert run("init", "data", "-q").status == 0
    text = (here / "cleaner.toml").read_text("utf-8")
    assert "# Found: 41 files" in text
    found = re.search(r"# A part of it was looked at: (\d+) documents", text)
    assert found is not None
    assert 5 <= int(found[1]) < 40
