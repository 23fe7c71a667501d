"""What holds for every input: cleaning can be undone, is stable, and does not depend on chance."""

from __future__ import annotations

import json
import random
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st

from cleaner import Settings, check_files, clean_files, clean_text, restore_files
from cleaner.core.edits import apply_edits
from cleaner.core.findings import located_edits, undo_steps
from cleaner.journal.read import read_journal
from cleaner.reports.record import RunReport
from tests.strategies import corpora, files, plain_texts, texts

ONE_JOB = Settings(jobs=1)

# Which rules act must not matter for what holds.
some_settings = st.sampled_from(
    (
        ONE_JOB,
        ONE_JOB,
        Settings(jobs=1, unsafe_fixes=True, select=("ALL", "ENC121", "ENC122", "ENC123", "ENC124")),
        Settings(jobs=1, select=("ENC",)),
        Settings(jobs=1, select=("DUP",)),
        Settings(jobs=1, ignore=("FMT",)),
        Settings(jobs=1, ignore=("ENC",)),
        Settings(jobs=1, ignore=("FMT504", "FMT505")),
    )
)


@contextmanager
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="cleaner-test-") as name:
        yield Path(name)


def write(place: Path, contents: Mapping[str, bytes]) -> Path:
    for name, data in contents.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(data)
    return place


def tree(place: Path, *, journal: bool = False) -> dict[str, bytes]:
    """Return the files below `place`; of `_cleaner` only where asked."""
    return {
        path.relative_to(place).as_posix(): path.read_bytes()
        for path in sorted(place.rglob("*"))
        if path.is_file() and (journal or "_cleaner" not in path.parts)
    }


def cleaned(source: Path, output: Path, how: Settings) -> RunReport:
    return clean_files([source], output, how)


def restored(output: Path, destination: Path) -> dict[str, bytes]:
    assert [r.error for r in restore_files(output, destination) if r.error is not None] == []
    return tree(destination)


def jsonl(documents: list[str]) -> bytes:
    records = ({"id": number, "text": text} for number, text in enumerate(documents))
    return b"".join(json.dumps(record).encode() + b"\n" for record in records)


# What is only said of a text, and is so as long as nobody changes it.
REPORTED = {"BOI399", "DUP421", "DUP430", "ENC115", "ENC117", "ENC125"}


@given(data=st.lists(files, min_size=1, max_size=3), how=some_settings)
def test_restored_bytes_are_the_source(data: list[bytes], how: Settings) -> None:
    with folder() as place:
        contents = {f"{number}.txt": one for number, one in enumerate(data)}
        report = cleaned(write(place / "source", contents), place / "output", how)
        read = {file.name for file in report.files}
        assert len(read) + len(report.problems) == len(contents)
        assert restored(place / "output", place / "back") == {n: contents[n] for n in read}


@given(documents=st.lists(texts, min_size=1, max_size=4), how=some_settings)
def test_restored_records_are_the_source(documents: list[str], how: Settings) -> None:
    with folder() as place:
        contents = {"a.jsonl": jsonl(documents)}
        report = cleaned(write(place / "source", contents), place / "output", how)
        assert report.problems == []
        assert restored(place / "output", place / "back") == contents


@given(lines=st.lists(st.one_of(st.binary(max_size=60), plain_texts.map(str.encode)), max_size=5))
def test_restored_bad_records_are_the_source(lines: list[bytes]) -> None:
    with folder() as place:
        contents = {"a.jsonl": b"\n".join([b'{"text": "good"}', *lines])}
        cleaned(write(place / "source", contents), place / "output", ONE_JOB)
        assert restored(place / "output", place / "back") == contents


@given(text=texts, how=some_settings)
def test_edits_lead_there_and_back(text: str, how: Settings) -> None:
    result = clean_text(text, how)
    forth = text
    for edits in result.steps:
        forth = apply_edits(forth, edits)
    assert forth == result.text
    assert undo_steps(result.text, result.steps) == text


@given(text=texts, how=some_settings)
@example(text="&a&#109;p;lt;", how=ONE_JOB)
def test_cleaned_text_is_stable(text: str, how: Settings) -> None:
    once = clean_text(text, how).text
    assert [e for e in clean_text(once, how).edits if e.before != e.after] == []


@given(documents=corpora, how=some_settings)
def test_cleaned_files_are_stable(documents: list[str], how: Settings) -> None:
    with folder() as place:
        contents = {f"{number}.txt": text.encode() for number, text in enumerate(documents)}
        cleaned(write(place / "source", contents), place / "once", how)
        once = tree(place / "once")
        if once:
            report = cleaned(place / "once", place / "twice", how)
            assert set(report.counts) <= REPORTED
            assert tree(place / "twice") == once


@given(documents=st.lists(texts, min_size=1, max_size=4), how=some_settings)
def test_cleaned_records_are_stable(documents: list[str], how: Settings) -> None:
    with folder() as place:
        contents = {"a.jsonl": jsonl(documents)}
        cleaned(write(place / "source", contents), place / "once", how)
        once = tree(place / "once")
        if once:
            report = cleaned(place / "once", place / "twice", how)
            assert set(report.counts) <= REPORTED
            assert tree(place / "twice") == once


@given(documents=corpora, seed=st.integers(0, 99))
def test_order_of_arguments_does_not_matter(documents: list[str], seed: int) -> None:
    with folder() as place:
        contents = {f"{number}.txt": text.encode() for number, text in enumerate(documents)}
        source = write(place / "source", contents)
        inputs = sorted(source.iterdir())
        clean_files(inputs, place / "one", ONE_JOB)
        random.Random(seed).shuffle(inputs)
        clean_files(inputs, place / "two", ONE_JOB)
        assert tree(place / "one", journal=True) == tree(place / "two", journal=True)


def test_number_of_jobs_does_not_matter() -> None:
    # Enough text for several batches.
    dice = random.Random(7)
    words = [f"w{number}" for number in range(900)]
    passages = [" ".join(dice.choices(words, k=400)) for _ in range(500)]
    with folder() as place:
        contents = {
            f"{number}/{number}.txt": "\r\n\r\n".join(dice.choices(passages, k=200)).encode()
            for number in range(5)
        }
        source = write(place / "source", contents)
        one = cleaned(source, place / "one", Settings(jobs=1))
        three = cleaned(source, place / "three", Settings(jobs=3))
        assert sum(count for code, count in one.counts.items() if code[:3] == "DUP") > 40
        assert one.counts == three.counts
        assert one.files == three.files
        assert tree(place / "one", journal=True) == tree(place / "three", journal=True)
        found_one, found_three = (check_files([source], Settings(jobs=n)) for n in (1, 3))
        assert found_one == found_three


def journaled(output: Path) -> list[tuple[str, int | None, int, int, str, str, str, str]]:
    """Return every journaled edit as `check` places it: in the source text, in its order."""
    edits = []
    for file, entries in read_journal(output):
        many = file.format == "jsonl"
        for entry in entries:
            for edit in located_edits([entry.notes(), *entry.steps()]):
                edits.append((file.file, entry.number if many else None, *edit[:6]))
    return edits


@given(data=st.lists(files, min_size=1, max_size=3), records=st.lists(texts, max_size=3))
def test_check_lists_what_clean_journals(data: list[bytes], records: list[str]) -> None:
    with folder() as place:
        contents = {f"{number}.txt": one for number, one in enumerate(data)}
        contents["records.jsonl"] = jsonl([*records, "The end."])
        source = write(place / "source", contents)
        checked = check_files([source], ONE_JOB)
        report = cleaned(source, place / "output", ONE_JOB)
        assert list(checked.problems) == report.problems
        assert [
            (
                Path(f.source.path).name,
                f.source.record,
                f.start,
                f.end,
                f.before,
                f.after,
                f.code,
                f.detail,
            )
            for f in checked.findings
        ] == journaled(place / "output")
        assert len(checked.findings) == sum(report.counts.values())


@given(text=plain_texts)
def test_findings_stand_where_they_say(text: str) -> None:
    with folder() as place:
        path = write(place, {"a.jsonl": jsonl([text])}) / "a.jsonl"
        for found in check_files([path], ONE_JOB).findings:
            assert found.line == 1
            assert found.column == found.start + 1
            assert 0 <= found.start <= found.end <= len(text)


def test_hash_seed_does_not_matter(tmp_path: Path) -> None:
    import os
    import subprocess
    import sys

    text = "\n\n".join(
        f"The {n % 40}th boat of the fleet came home in the {n % 7}th hour of the storm."
        for n in range(200)
    )
    write(tmp_path / "source", {f"{n}.txt": text.encode() for n in range(3)})
    trees = []
    for hash_seed in ("0", "4242"):
        output = tmp_path / hash_seed
        command = [sys.executable, "-m", "cleaner", "clean", "source", "-o", str(output), "-q"]
        subprocess.run(
            command,
            check=True,
            cwd=tmp_path,
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
        )
        trees.append(tree(output, journal=True))
    assert trees[0] == trees[1]
