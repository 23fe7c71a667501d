"""``cleaner index``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.running import Run

LINES = [
    "The keeper of the light wrote down every ship that passed the point before noon that day.",
    "Nobody had told the children that the ferry would not come back before the end of winter.",
]


def write(path: Path, texts: list[str]) -> None:
    path.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts))


def test_what_one_run_kept_is_known_to_the_next(run: Run, here: Path) -> None:
    write(here / "one.jsonl", LINES[:1])
    write(here / "two.jsonl", LINES)
    deduplicate = ("dedup", "-q", "--unit", "record", "--index", "seen.index")
    assert run(*deduplicate, "one.jsonl", "-o", "kept").status == 0
    assert run(*deduplicate, "two.jsonl", "-o", "kept-too").status == 0
    assert json.loads((here / "kept-too/two.jsonl").read_text())["text"] == LINES[1]
    held = run("index", "info", "seen.index").out.splitlines()
    assert "units           2" in held
    assert "sources         2" in held
    assert run("index", "compact", "seen.index").status == 0
    assert run("index", "info", "seen.index").out.splitlines()[:3] == held[:3]


def test_file_that_is_no_index(run: Run, here: Path) -> None:
    (here / "no.index").write_text("no database")
    for command in (["info"], ["compact"], ["export", "--to", "redis://localhost:1"]):
        ended = run("index", command[0], "no.index", *command[1:])
        assert ended.status == 2
        assert ended.err.startswith("cleaner: error: ")
        assert "no.index" in ended.err
        assert ended.err.count("\n") == 1


def test_an_index_that_cannot_be_used_is_refused_before_anything_is_written(
    run: Run, here: Path
) -> None:
    write(here / "one.jsonl", LINES)
    common = ("dedup", "one.jsonl", "--unit", "record", "--index", "seen.index", "-q")
    assert run(*common, "-o", "kept").status == 0
    (here / "no.index").write_text("no database")
    for more, said in (
        (("--threshold", "0.6"), "bands of"),
        (("--numbers", "ignore"), "numbers = differ"),
        (("--scope", "file"), "--scope corpus"),
        (("--index", "no.index"), "no.index"),
    ):
        ended = run(*common, "-o", "out", *more)
        assert ended.status == 2
        assert said in ended.errors[0]
        assert not (here / "out").exists()


def test_redis_that_does_not_answer(run: Run, here: Path) -> None:
    write(here / "one.jsonl", LINES)
    run("dedup", "-q", "--unit", "record", "--index", "seen.index", "one.jsonl", "-o", "kept")
    ended = run("index", "export", "seen.index", "--to", "redis://127.0.0.1:1/0")
    assert ended.status == 2
    assert ended.err.startswith("cleaner: error: redis://127.0.0.1:1/0: Redis does not answer: ")


@pytest.mark.parametrize("unit", ["paragraph", "line", "record"])
def test_two_processes_keep_what_one_keeps(run: Run, here: Path, unit: str) -> None:
    for name in ("one", "two"):
        (here / f"{name}.txt").write_text("\n\n".join([*LINES, f"{name} {LINES[0]}"]) + "\n")
    held = []
    for jobs in (1, 2):
        for number, inputs in enumerate((["one.txt"], ["one.txt", "two.txt"])):
            ended = run(
                "dedup", *inputs, "-o", f"out-{jobs}-{number}", "-q", "-j", jobs,
                "--unit", unit, "--index", f"{jobs}.index",
            )  # fmt: skip
            assert (ended.status, ended.err) == (0, "")
        held.append(run("index", "info", f"{jobs}.index").out.splitlines()[:3])
        held.append(read_tree(here / f"out-{jobs}-1"))
    assert held[:2] == held[2:]


def read_tree(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("*.txt")}


def test_check_makes_no_index(run: Run, here: Path) -> None:
    (here / "cleaner.toml").write_text('[dedup]\nindex = "seen.index"\nmin-words-alone = 1\n')
    (here / "one.txt").write_text("\n\n".join(LINES) + "\n")
    assert run("check", "one.txt").status == 0
    assert not (here / "seen.index").exists()
    assert run("clean", "one.txt", "-o", "out", "-q").status == 0
    assert (here / "seen.index").exists()
    (here / "two.txt").write_text(
        LINES[1] + "\n\nNobody in the village had heard of such a thing, and few believed it.\n"
    )
    assert "DUP402" in run("check", "two.txt").out
