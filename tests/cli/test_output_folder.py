"""Where output may go: status 2 and nothing written where it may not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.running import Run

TEXT = "The  tide came in.\n"


@pytest.fixture
def source(here: Path) -> Path:
    (here / "source/sub").mkdir(parents=True)
    (here / "source/a.txt").write_text(TEXT)
    return here / "source"


@pytest.mark.parametrize("out", ["source", "source/sub", "./source/../source/sub"])
def test_output_where_sources_stand(source: Path, run: Run, out: str) -> None:
    """What a source would be lost by is refused, whatever is said."""
    (source / "sub/a.txt").write_text(TEXT)
    before = sorted(source.rglob("*"))
    ended = run("clean", "source", "-o", out, "--overwrite")
    assert ended.status == 2
    assert "inside" in ended.errors[0]
    assert sorted(source.rglob("*")) == before


def test_output_where_sources_stand_by_a_link(source: Path, run: Run) -> None:
    (source / "sub/b.txt").write_text(TEXT)
    (source.parent / "link").symlink_to("source/sub", target_is_directory=True)
    ended = run("clean", "source", "-o", "link", "--overwrite")
    assert ended.status == 2
    assert "lies inside an input folder" in ended.errors[0]


@pytest.mark.parametrize("path", ["source/a.txt", "source/sub"])
def test_input_inside_the_output(source: Path, run: Run, path: str) -> None:
    (source / "sub/a.txt").write_text(TEXT)
    ended = run("clean", path, "-o", "source", "--overwrite")
    assert ended.status == 2
    assert "lies inside the output folder" in ended.errors[0]
    assert (source / "a.txt").read_text() == TEXT


def test_existing_output_is_refused(source: Path, run: Run) -> None:
    assert run("clean", "source", "-o", "out", "-q").status == 0
    before = (source.parent / "out/_cleaner/report.json").stat()
    ended = run("clean", "source", "-o", "out", "-q")
    assert ended.status == 2
    assert ended.errors[0].startswith("cleaner: error: out: the output folder is not empty")
    assert "--overwrite" in ended.errors[0]
    assert (source.parent / "out/_cleaner/report.json").stat() == before


def test_folder_with_a_hidden_file_is_not_empty(source: Path, run: Run) -> None:
    (source.parent / "out").mkdir()
    (source.parent / "out/.keep").touch()
    assert run("clean", "source", "-o", "out").status == 2


def test_output_that_is_a_file(source: Path, run: Run) -> None:
    (source.parent / "out").touch()
    for out in ("out", "out/deeper"):
        ended = run("clean", "source", "-o", out, "--overwrite")
        assert ended.status == 2
        assert ended.errors[0].startswith(f"cleaner: error: {out}: ")


def test_output_that_links_to_itself(source: Path, run: Run) -> None:
    (source.parent / "out").symlink_to("out")
    ended = run("clean", "source", "-o", "out")
    assert ended.status == 2
    assert len(ended.errors) == 1


def test_overwrite_removes_what_the_earlier_run_wrote_and_nothing_else(
    source: Path, run: Run
) -> None:
    out = source.parent / "out"
    (source / "sub/b.txt").write_text(TEXT.replace("tide", "boat"))
    assert run("clean", "source", "-o", "out", "-q").status == 0
    (out / "own.txt").write_text("somebody's own")
    (source / "sub/b.txt").unlink()
    assert run("clean", "source", "-o", "out", "-q", "--overwrite").status == 0
    assert (out / "a.txt").read_text() == "The tide came in.\n"
    assert not (out / "sub/b.txt").exists()
    assert (out / "own.txt").read_text() == "somebody's own"


@pytest.mark.parametrize("name", ["../own.txt", "sub/../../own.txt", "/own.txt", 5, None, ["x"]])
def test_report_of_an_earlier_run_cannot_have_other_files_removed(
    source: Path, run: Run, name: object
) -> None:
    import json

    out = source.parent / "out"
    assert run("clean", "source", "-o", "out", "-q").status == 0
    own = source.parent / "own.txt"
    own.write_text("somebody's own")
    report = json.loads((out / "_cleaner/report.json").read_bytes())
    named = str(own) if name == "/own.txt" else name
    report["files"].append({**report["files"][0], "name": named})
    (out / "_cleaner/report.json").write_text(json.dumps(report))
    assert run("clean", "source", "-o", "out", "-q", "--overwrite").status == 0
    assert own.read_text() == "somebody's own"


def test_folder_in_the_place_of_an_output(source: Path, run: Run) -> None:
    (source.parent / "out/a.txt").mkdir(parents=True)
    ended = run("clean", "source", "-o", "out", "--overwrite")
    assert ended.status == 2
    assert len(ended.errors) == 1
    assert "out/a.txt: cannot be written: a folder stands there" in ended.errors[0]
    assert ended.others == []


def test_file_in_the_place_of_a_folder(source: Path, run: Run) -> None:
    (source / "sub/b.txt").write_text(TEXT)
    (source.parent / "out").mkdir()
    (source.parent / "out/sub").touch()
    ended = run("clean", "source", "-o", "out", "--overwrite")
    assert ended.status == 2
    assert "out/sub/b.txt: cannot be written: " in ended.errors[0]
    assert ended.others == []


def test_document_left_without_text_is_not_written(source: Path, run: Run) -> None:
    (source / "blank.txt").write_text(" \n\n\t\n")
    ended = run("clean", "source", "-o", "out")
    assert ended.status == 0
    assert "1 file had no text left" in ended.out
    assert not (source.parent / "out/blank.txt").exists()
    assert run("restore", "out", "-o", "back").status == 0
    assert (source.parent / "back/blank.txt").read_text() == " \n\n\t\n"


def test_keep_empty_writes_it(source: Path, run: Run) -> None:
    (source / "blank.txt").write_text(" \n\n\t\n")
    (source / "blank.jsonl").write_text('{"text": " \\n"}\n')
    assert run("clean", "source", "-o", "out", "--keep-empty").status == 0
    assert (source.parent / "out/blank.txt").read_bytes() == b""
    assert (source.parent / "out/blank.jsonl").read_bytes() == b'{"text": ""}\n'
    assert run("restore", "out", "-o", "back").status == 0
    assert (source.parent / "back/blank.txt").read_text() == " \n\n\t\n"


@pytest.mark.parametrize("name", ["_cleaner/journal.parquet", "_cleaner/report.json", "_cleaner"])
def test_report_that_lists_what_is_the_run_s_own(source: Path, run: Run, name: str) -> None:
    assert run("clean", "source", "-o", "out", "-q").status == 0
    report = json.loads((source.parent / "out/_cleaner/report.json").read_bytes())
    report["files"].append({**report["files"][0], "name": name})
    (source.parent / "out/_cleaner/report.json").write_text(json.dumps(report))
    assert run("clean", "source", "-o", "out", "-q", "--overwrite").status == 0
    assert run("restore", "out", "-o", "back", "-q").status == 0


@pytest.mark.parametrize("link", ["sub", "_cleaner", "sub/deeper"])
def test_links_in_the_output_are_not_followed(source: Path, run: Run, link: str) -> None:
    here = source.parent
    (source / "sub/deeper").mkdir()
    (source / "sub/deeper/b.txt").write_text(TEXT)
    (here / "own/work").mkdir(parents=True)
    (here / "own/b.txt").write_text("somebody's own")
    (here / "out/sub").mkdir(parents=True)
    if link == "sub":
        (here / "out/sub").rmdir()
    (here / "out" / link).symlink_to(here / "own", target_is_directory=True)
    ended = run("clean", "source", "-o", "out", "--overwrite", "-q")
    assert ended.status == 2
    assert len(ended.errors) == 1
    assert "link" in ended.errors[0]
    assert sorted(path.name for path in (here / "own").rglob("*")) == ["b.txt", "work"]
    assert (here / "own/b.txt").read_text() == "somebody's own"


@pytest.mark.parametrize("name", ["_cleaner", "_cleaner.txt/a.txt"])
def test_names_that_cannot_be_written_are_told_first(source: Path, run: Run, name: str) -> None:
    if "/" in name:
        (source / "_cleaner.txt").mkdir()
        (source / name).write_text(TEXT)
        assert run("clean", "source", "-o", "out", "-q").status == 0
        return
    (source / name).write_text(TEXT)
    ended = run("clean", f"source/{name}", "-o", "out", "-q")
    assert ended.status == 2
    assert "_cleaner holds the journal" in ended.errors[0]
    assert not (source.parent / "out").exists()
