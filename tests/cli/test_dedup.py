"""``cleaner dedup`` and ``cleaner explain`` as a user runs them."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from cleaner.__main__ import _run
from tests.running import command, environment
from tests.runs.corpus import edited, jsonl, near_texts, paragraph, tree


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    capsys.readouterr()
    status = int(_run(list(arguments)))
    said = capsys.readouterr()
    return status, said.out, said.err


@pytest.fixture
def copies(here: Path) -> list[str]:
    """Four records: a text, another, a near-copy of the first, and a variant of it."""
    chance = random.Random(1)
    text = f"{paragraph(chance, 40)}, {paragraph(chance, 40)}."
    texts = [text, paragraph(chance), text.replace(", ", " "), edited(text, chance, 1)]
    (here / "a.jsonl").write_bytes(jsonl(texts))
    return texts


def test_a_run_and_its_summary(
    capsys: pytest.CaptureFixture[str], here: Path, copies: list[str]
) -> None:
    status, out, err = run(capsys, "dedup", "a.jsonl", "--unit", "record", "-o", "out")
    assert (status, err) == (0, "")
    assert "        1  (DUP412 1; only noted: DUP413 1)" in out
    assert "1 of 1 files written to out, 3 of 4 records: " in out
    assert len((here / "out/a.jsonl").read_text("utf-8").splitlines()) == 3
    report = json.loads((here / "out/_cleaner/report.json").read_text("utf-8"))
    assert report["counts"] == {"DUP412": 1, "DUP413": 1}
    assert report["settings"]["dedup"]["unit"] == "record"
    assert not (here / "out/_cleaner/work").exists()
    status, out, _ = run(capsys, "restore", "out", "-o", "back")
    assert status == 0
    assert (here / "back/a.jsonl").read_bytes() == (here / "a.jsonl").read_bytes()


def test_quiet_says_nothing(
    capsys: pytest.CaptureFixture[str], here: Path, copies: list[str]
) -> None:
    assert run(capsys, "dedup", "a.jsonl", "-o", "out", "--quiet") == (0, "", "")


def test_an_output_folder_that_is_not_empty_is_refused(
    capsys: pytest.CaptureFixture[str], here: Path, copies: list[str]
) -> None:
    (here / "out").mkdir()
    (here / "out/mine.txt").write_text("mine", "utf-8")
    assert run(capsys, "dedup", "a.jsonl", "-o", "out")[0] == 2
    assert run(capsys, "dedup", "a.jsonl", "-o", "out", "--overwrite")[0] == 0
    assert (here / "out/mine.txt").read_text("utf-8") == "mine"


@pytest.mark.parametrize(
    "arguments",
    [
        ("dedup",),
        ("dedup", "a.jsonl"),
        ("dedup", "a.jsonl", "-o", "out", "--scope", "none"),
        ("dedup", "a.jsonl", "-o", "out", "--memory", "much"),
        ("dedup", "a.jsonl", "-o", "out", "--unit", "word"),
        ("dedup", "a.jsonl", "-o", "out", "--threshold", "1.5"),
        ("dedup", "a.jsonl", "-o", "out", "--protect", "a.jsonl"),
        ("dedup", "a.jsonl", "-o", "out", "--protect", "missing.jsonl"),
        ("dedup", "a.jsonl", "-o", "out", "--index", "i.db", "--scope", "file"),
        ("explain", "a.jsonl"),
        ("explain", "a.jsonl:0"),
        ("explain", "a.jsonl:1"),
    ],
)
def test_wrong_usage(
    capsys: pytest.CaptureFixture[str], here: Path, copies: list[str], arguments: tuple[str, ...]
) -> None:
    status, _, err = run(capsys, *arguments)
    assert status == 2
    assert err.startswith("cleaner: error: ")
    assert err.count("\n") == 1


def test_inputs_that_cannot_be_read(
    capsys: pytest.CaptureFixture[str], here: Path, copies: list[str]
) -> None:
    (here / "b.jsonl").write_bytes(b'{"text": "fine"}\n{broken\n')
    (here / "c.jsonl.gz").write_bytes(b"no gzip")
    for unit in ("record", "paragraph"):
        status, _, err = run(
            capsys, "dedup", "a.jsonl", "b.jsonl", "c.jsonl.gz", "missing.txt", "--unit", unit,
            "-o", unit,
        )  # fmt: skip
        assert status == 3
        assert len(err.splitlines()) == 3
        assert "b.jsonl:2: not valid JSON" in err
        assert (here / unit / "b.jsonl").read_bytes() == b'{"text": "fine"}\n'


def test_the_plan(capsys: pytest.CaptureFixture[str], here: Path) -> None:
    status, out, _ = run(capsys, "dedup", "--plan", "--threshold", "0.7")
    assert status == 0
    assert "threshold 0.7" in out
    assert "0.70     0.999" in out


def test_sizes_are_taken_with_units(
    capsys: pytest.CaptureFixture[str], here: Path, copies: list[str]
) -> None:
    run(capsys, "dedup", "a.jsonl", "-o", "out", "--memory", "64MiB", "--min-words", "12")
    settings = json.loads((here / "out/_cleaner/report.json").read_text("utf-8"))["settings"]
    assert "memory" not in settings["dedup"]  # it changes nothing that is written
    assert settings["dedup"]["min-words-near"] == 12


def test_an_index_knows_what_earlier_runs_kept(
    capsys: pytest.CaptureFixture[str], here: Path, copies: list[str]
) -> None:
    (here / "b.jsonl").write_bytes(jsonl([copies[2], paragraph(random.Random(2)), copies[1]]))
    common = ("--unit", "record", "--index", "i.db", "-q")
    assert run(capsys, "dedup", "a.jsonl", "-o", "one", *common)[0] == 0
    assert run(capsys, "dedup", "b.jsonl", "-o", "two", *common)[0] == 0
    assert len((here / "two/b.jsonl").read_text("utf-8").splitlines()) == 1
    _, out, _ = run(capsys, "explain", "b.jsonl:3", "--output", "two")
    assert "DUP402" in out
    assert "a.jsonl:2" in out
    assert run(capsys, "dedup", "b.jsonl", "-o", "three", *common, "--threshold", "0.5")[0] == 2


def test_an_index_of_paragraphs(capsys: pytest.CaptureFixture[str], here: Path) -> None:
    chance = random.Random(3)
    text = paragraph(chance, 30)
    (here / "a.txt").write_text(f"{paragraph(chance)}\n\n{text}\n", "utf-8")
    (here / "b.txt").write_text(f"{text}\n\n{paragraph(chance)}\n", "utf-8")
    assert run(capsys, "dedup", "a.txt", "-o", "one", "--index", "i.db", "-q")[0] == 0
    status, out, _ = run(capsys, "dedup", "b.txt", "-o", "two", "--index", "i.db")
    assert status == 0
    assert "DUP402 1" in out
    assert "| a.txt:3" in run(capsys, "explain", "two/b.txt:1")[1]


def test_explain_shows_both_copies(
    capsys: pytest.CaptureFixture[str], here: Path, copies: list[str]
) -> None:
    run(capsys, "dedup", "a.jsonl", "--unit", "record", "-o", "out", "-q")
    status, out, _ = run(capsys, "explain", "out/a.jsonl:3")
    assert status == 0
    assert "a.jsonl:3:1: DUP412 near-duplicate-across-files" in out
    assert "threshold 0.800" in out
    assert out.count("{+") == out.count("{+,+}") == 1
    assert "[-" not in out
    status, out, _ = run(capsys, "explain", "out/a.jsonl:4")
    assert "a.jsonl:4:1: DUP413 variant" in out
    old = next(a for a, b in zip(copies[3].split(), copies[0].split(), strict=True) if a != b)
    new = next(b for a, b in zip(copies[3].split(), copies[0].split(), strict=True) if a != b)
    assert f"[-{old}-]" in out
    assert f"{{+{new}+}}" in out
    assert out.count("{+") == 1
    status, out, _ = run(capsys, "explain", "out/a.jsonl:1")
    assert (status, out) == (1, "out/a.jsonl:1: nothing was changed there\n")
    status, _, err = run(capsys, "explain", "b.jsonl:1", "--output", "out")
    assert status == 2
    assert "did you mean a.jsonl" in err


@pytest.mark.parametrize("command", ["clean", "dedup"])
def test_explain_a_paragraph(capsys: pytest.CaptureFixture[str], here: Path, command: str) -> None:
    chance = random.Random(4)
    text = f"{paragraph(chance, 30)}, {paragraph(chance, 30)}."
    own = [paragraph(chance, 30) for _ in range(2)]
    (here / "in").mkdir()
    (here / "in/a.txt").write_text(f"{own[0]}\n\n{text}\n", "utf-8")
    copy = text.replace(",", ";").replace(".", "")
    (here / "in/b.txt").write_text(f"{own[1]}\n\n\n{copy}\n\n{own[0]}\n", "utf-8")
    run(capsys, command, "in", "-o", "out", "-q")
    status, out, _ = run(capsys, "explain", "in/b.txt:4", "--output", "out")
    assert status == 0
    assert out.startswith("b.txt:4:1: DUP412")
    assert "| a.txt:3" in out
    assert "[-;-]" in out
    assert "{+,+}" in out
    assert "{+.+}" in out
    assert "DUP402" in run(capsys, "explain", "out/b.txt:6")[1]


def test_explain_another_edit(capsys: pytest.CaptureFixture[str], here: Path) -> None:
    (here / "a.txt").write_text("The harbour was quiet.\n\nCaf\xc3\xa9 owners slept.\n", "utf-8")
    run(capsys, "clean", "a.txt", "-o", "out", "-q")
    status, out, _ = run(capsys, "explain", "a.txt:3", "--output", "out")
    assert status == 0
    assert "ENC1" in out
    assert "before" in out
    assert "after" in out


def test_explain_a_contained_passage(capsys: pytest.CaptureFixture[str], here: Path) -> None:
    chance = random.Random(5)
    long = paragraph(chance, 120)
    inside = " ".join(long.split()[20:60])
    (here / "a.jsonl").write_bytes(jsonl([long, inside]))
    options = ("--unit", "record", "--contained", "report", "-q")
    run(capsys, "dedup", "a.jsonl", "-o", "out", *options)
    status, out, _ = run(capsys, "explain", "out/a.jsonl:2")
    assert status == 0
    assert "DUP421" in out
    assert "share 1.000, threshold 0.900" in out
    assert "| a.jsonl:1" in out


@pytest.mark.parametrize("unit", ["record", "paragraph"])
def test_the_same_bytes_in_any_process(here: Path, unit: str) -> None:
    texts = near_texts(900, seed=7)
    for number, name in enumerate(("b.jsonl", "a.jsonl", "c.jsonl")):
        (here / name).write_bytes(jsonl(texts[number::3]))
    names = ["a.jsonl", "b.jsonl", "c.jsonl"]
    trees = []
    for seed, order, more in (
        ("0", names, ("--jobs", "1")),
        ("1", names[::-1], ("--jobs", "2")),
        ("random", names[1:] + names[:1], ("--jobs", "3", "--memory", "64K")),
    ):
        output = here / f"out{seed}"
        done = subprocess.run(
            command("dedup", *order, "--unit", unit, "-o", output, *more),
            env=environment(PYTHONHASHSEED=seed),
            check=False,
            capture_output=True,
            timeout=120,
        )
        assert done.returncode == 0
        trees.append(tree(output))
    assert trees[0] == trees[1] == trees[2]
    assert len(trees[0]) == 7


_LITTLE_ROOM = """
import resource, sys
from cleaner.__main__ import _run
resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 16, resource.RLIM_INFINITY))
sys.exit(_run(sys.argv[1:]))
"""


def test_no_room_for_what_memory_does_not_hold(here: Path) -> None:
    (here / "a.jsonl").write_bytes(jsonl(near_texts(900, seed=7)))
    given = ("dedup", "a.jsonl", "--unit", "record", "-o", "out", "--memory", "64K", "-j", "1")
    done = subprocess.run(
        [sys.executable, "-c", _LITTLE_ROOM, *given],
        env=environment(),
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 2
    assert "what --memory does not hold cannot be written: File too large" in done.stderr
    assert done.stderr.count("\n") == 1
