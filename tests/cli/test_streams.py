"""`-`: standard input is cleaned into standard output, by real processes and through real pipes."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import threading
from pathlib import Path

import pytest

from cleaner import Cleaner, clean_files, fit_files, restore_files
from cleaner.core.errors import InputError, UsageError
from tests.running import Ended, command, environment

DIRTY = "The harbour master saw it all.\r\nIt&#8217;s cafÃ© weather, he said.\n"
CLEAN = "The harbour master saw it all.\nIt’s café weather, he said.\n"

RECORDS = (
    '{"id": 1, "text": "The tide  came in.", "more": [1.0, {"a": "b"}]}\n'
    "\n"
    '{"text": 5}\n'
    "no record at all\n"
    '{"text": "Nothing to change here."}'
)
CLEANED_RECORDS = (
    '{"id": 1, "text": "The tide came in.", "more": [1.0, {"a": "b"}]}\n'
    "\n"
    '{"text": 5}\n'
    "no record at all\n"
    '{"text": "Nothing to change here."}\n'
)


def piped(data: bytes | str, *arguments: object, cwd: Path) -> Ended:
    """Run a real process that reads `data` from a pipe, to its end."""
    done = subprocess.run(
        command(*arguments),
        input=data.encode() if isinstance(data, str) else data,
        cwd=cwd,
        env=environment(),
        capture_output=True,
        check=False,
        timeout=120,
    )
    return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())


def test_text(here: Path) -> None:
    ended = piped(DIRTY, "clean", "-", "-o", "-", cwd=here)
    assert (ended.status, ended.out) == (0, CLEAN)
    assert ended.err.startswith("cleaner: 1 of 1 documents written; 3 edits and notes (")
    assert ended.err.count("\n") == 1
    assert list(here.iterdir()) == []


def test_text_of_another_encoding(here: Path) -> None:
    text = "Über die Brücke fährt im März kein Zug mehr, sagte der Wärter.\n"
    ended = piped(text.encode("cp1252"), "clean", "-", "-o", "-", "-q", cwd=here)
    assert ended == (0, text, "")


def test_clean_text_goes_through(here: Path) -> None:
    ended = piped(CLEAN, "clean", "-", "-o", "-", cwd=here)
    assert (ended.status, ended.out) == (0, CLEAN)
    assert "nothing to change" in ended.err


@pytest.mark.parametrize("options", [[], ["--as", "jsonl"]])
def test_nothing_gives_nothing(here: Path, options: list[str]) -> None:
    assert piped("", "clean", "-", "-o", "-", "-q", *options, cwd=here) == (0, "", "")


def test_records_and_what_is_none(here: Path) -> None:
    ended = piped(RECORDS, "clean", "-", "-o", "-", "--as", "jsonl", cwd=here)
    assert (ended.status, ended.out) == (3, CLEANED_RECORDS)
    assert [line.split(": ", 3)[2] for line in ended.errors] == ["-:3", "-:4"]
    (summary,) = ended.others
    assert "5 of 5 documents written; 2 that could not be read go through as they stand" in summary


def test_tables(here: Path) -> None:
    table = 'id;text\r\n1;"The tide  came; in."\r\n2;\r\n'
    ended = piped(table, "clean", "-", "-o", "-", "--as", "csv", "--journal", "j", "-q", cwd=here)
    assert ended == (0, table.replace("  ", " "), "")
    assert [file.error for file in restore_files("j", "back")] == [None]
    assert (here / "back/stdin.csv").read_bytes() == table.encode()


def test_a_second_time_changes_nothing(here: Path) -> None:
    ended = piped(CLEANED_RECORDS, "clean", "-", "-o", "-", "--as", "jsonl", cwd=here)
    assert ended.out == CLEANED_RECORDS


def test_records_that_lose_all_text_are_told_of(here: Path) -> None:
    records = '{"text": "\\u200b \\n"}\n{"text": "The tide came in."}\n'
    ended = piped(records, "clean", "-", "-o", "-", "--as", "jsonl", cwd=here)
    assert ended.out == '{"text": "The tide came in."}\n'
    assert "1 that lost all their text are left out (-:1)" in ended.err


@pytest.mark.parametrize(
    "data", ['{"text": "a record"}\n', "<!doctype html><p>One.</p>", "%PDF-1.7\n1 0 obj"]
)
def test_what_is_no_plain_text_is_refused(here: Path, data: str) -> None:
    ended = piped(data, "clean", "-", "-o", "-", cwd=here)
    assert (ended.status, ended.out) == (3, "")
    (error,) = ended.errors
    assert error.startswith("cleaner: error: -: is ")


def test_said_to_be_text_it_is_read_as_text(here: Path) -> None:
    data = '{"text": "a record"}\n'
    assert piped(data, "clean", "-", "-o", "-", "--as", "txt", "-q", cwd=here) == (0, data, "")


@pytest.mark.parametrize("form", ["txt", "jsonl"])
def test_too_large_a_document(here: Path, form: str) -> None:
    data = json.dumps({"text": "The tide came in. " * 9}) + "\n"
    ended = piped(
        data, "clean", "-", "-o", "-", "--as", form, "--max-document-size", "99", cwd=here
    )
    assert (ended.status, ended.out) == (3, "")
    assert len(ended.err.splitlines()) == 1
    assert "larger than 99 bytes; raise --max-document-size" in ended.err


def test_findings(here: Path) -> None:
    ended = piped("The tide  came in.\n", "check", "-", cwd=here)
    assert ended == (
        1,
        '-:1:9: FMT508 more than one space between words: "  " -> " "\n',
        "1 finding\n",
    )
    assert piped(CLEAN, "check", "-", cwd=here) == (0, "", "nothing found\n")


def test_findings_of_records(here: Path) -> None:
    ended = piped(RECORDS, "check", "-", "--as", "jsonl", "--output-format", "json", cwd=here)
    assert ended.status == 3
    (finding,) = json.loads(ended.out)
    assert (finding["path"], finding["record"], finding["line"]) == ("-", 1, 1)
    assert len(ended.errors) == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ["clean", "-"],
        ["clean", "-", "-o", "out"],
        ["clean", "-", "a.txt", "-o", "-"],
        ["clean", "a.txt", "-o", "-"],
        ["clean", "a.txt", "-o", "out", "--journal", "j"],
        ["clean", "-", "-o", "-", "--scope", "corpus"],
        ["clean", "-", "-o", "-", "--as", "pdf"],
        ["clean", "-", "-o", "-", "--as", "parquet"],
        ["check", "-", "a.txt"],
    ],
    ids=" ".join,
)
def test_what_cannot_be_is_said(here: Path, arguments: list[str]) -> None:
    (here / "a.txt").write_text(DIRTY)
    ended = piped(DIRTY, *arguments, cwd=here)
    assert (ended.status, ended.out, len(ended.errors)) == (2, "", 1)
    assert [path.name for path in here.iterdir()] == ["a.txt"]


def test_a_file_may_bear_that_name(here: Path) -> None:
    (here / "-").write_text(DIRTY)
    ended = piped("", "clean", "./-", "-o", "out", "-q", cwd=here)
    assert (ended.status, (here / "out" / "-").read_text()) == (0, CLEAN)


def test_as_files_are_cleaned(here: Path) -> None:
    """With a model, records of a stream are judged as those of a file."""
    paragraph = "The committee met on the quay, and the committee went home without a word. " * 3
    texts = [f"{paragraph}\n\n{paragraph}\n\nThe boat  {n} came in.\n" for n in range(40)]
    records = "".join(
        json.dumps({"text": text, "url": f"https://example.org/{n}"}) + "\n"
        for n, text in enumerate(texts)
    )
    (here / "a.jsonl").write_text(records)
    fit_files("a.jsonl").save("a.model")
    clean_files("a.jsonl", "out", {"dedup": {"scope": "file"}, "model": "a.model"})
    for jobs in (1, 2):
        ended = piped(
            records, "clean", "-", "-o", "-", "--as", "jsonl", "--model", "a.model", "-q",
            "--jobs", jobs, cwd=here,
        )  # fmt: skip
        assert ended == (0, (here / "out/a.jsonl").read_text(), "")
    assert ended.out.count("committee met") == len(texts) * 3


def test_journal(here: Path) -> None:
    ended = piped(RECORDS, "clean", "-", "-o", "-", "--as", "jsonl", "--journal", "j", cwd=here)
    assert ended.out == CLEANED_RECORDS == (here / "j/stdin.jsonl").read_text()
    report = json.loads((here / "j/_cleaner/report.json").read_bytes())
    assert report["counts"] == {"FMT508": 1}
    assert [file.error for file in restore_files("j", "back")] == [None]
    assert (here / "back/stdin.jsonl").read_text() == RECORDS
    again = piped(RECORDS, "clean", "-", "-o", "-", "--as", "jsonl", "--journal", "j", cwd=here)
    assert (again.status, again.out) == (2, "")


def test_journal_of_a_text(here: Path) -> None:
    source = "Über die  Brücke fährt im März kein Zug mehr.\r\n".encode("cp1252")
    piped(source, "clean", "-", "-o", "-", "--journal", "j", cwd=here)
    assert [file.error for file in restore_files("j", "back")] == [None]
    assert (here / "back/stdin.txt").read_bytes() == source


def many_records(megabytes: int) -> bytes:
    record = json.dumps({"text": "The tide came in, and nobody saw it. " * 50}).encode() + b"\n"
    return record * ((megabytes << 20) // len(record))


@pytest.mark.parametrize("journal", [[], ["--journal", "j"]])
def test_reader_that_goes_away(here: Path, journal: list[str]) -> None:
    """The status is that of a filter whose pipe was closed; nothing is said, no journal left."""
    arguments = command("clean", "-", "-o", "-", "--as", "jsonl", "--select", "FMT508", *journal)
    (here / "in.jsonl").write_bytes(many_records(3))
    with (here / "in.jsonl").open("rb") as source:
        running = subprocess.Popen(
            arguments, stdin=source, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            cwd=here, env=environment(),
        )  # fmt: skip
        assert running.stdout is not None
        assert running.stdout.read(10) == b'{"text": "'
        running.stdout.close()
        assert running.stderr is not None
        said = running.stderr.read()
        running.stderr.close()
    assert (running.wait(60), said) == (128 + signal.SIGPIPE, b"")
    assert not (here / "j/_cleaner/journal.parquet").exists()


def test_output_comes_before_the_input_ends(here: Path) -> None:
    running = subprocess.Popen(
        command("clean", "-", "-o", "-", "--as", "jsonl", "--select", "FMT508", "-q"),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=here, env=environment(),
    )  # fmt: skip
    assert running.stdin is not None
    assert running.stdout is not None
    data = many_records(1)[: 5 << 17]
    writing = threading.Thread(target=running.stdin.write, args=(data,))
    writing.start()
    assert running.stdout.read(1 << 19) == data[: 1 << 19]
    writing.join(60)
    running.stdin.close()
    assert running.stdout.read() == data[1 << 19 :]  # a record that is cut off goes through
    running.stdout.close()
    assert running.wait(60) == 3


_PEAK = """
import os, resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
"""


def test_memory_does_not_grow_with_the_stream(here: Path) -> None:
    peaks = []
    for megabytes in (3, 24):
        (here / "in.jsonl").write_bytes(many_records(megabytes))
        arguments = command("clean", "-", "-o", "-", "--as", "jsonl", "--select", "FMT508", "-q")
        with (here / "in.jsonl").open("rb") as source:
            done = subprocess.run(
                [arguments[0], "-c", _PEAK, *arguments],
                stdin=source, capture_output=True, cwd=here, env=environment(), check=True,
            )  # fmt: skip
        peaks.append(int(done.stdout))
    assert peaks[1] < min(200, peaks[0] + 20)


def test_interrupted(here: Path) -> None:
    running = subprocess.Popen(
        command("clean", "-", "-o", "-"),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        cwd=here, env=environment(), bufsize=0,
    )  # fmt: skip
    assert running.stdin is not None
    os.set_blocking(running.stdin.fileno(), False)
    sent = 0
    while sent < 1 << 20:  # more than a pipe holds, so it reads by now
        try:
            sent += running.stdin.write(b"The tide came in.\n" * 64) or 0
        except BlockingIOError:
            continue
    running.terminate()
    out, err = running.communicate(timeout=60)
    assert (running.returncode, out) == (128 + signal.SIGTERM, b"")
    assert err.startswith(b"cleaner: error: interrupted")


class TestFromPython:
    def test_no_such_format(self) -> None:
        with pytest.raises(UsageError, match="no format of streams 'pdf'; there are txt, jsonl"):
            Cleaner().clean_stream(io.BytesIO(), io.BytesIO(), format="pdf")

    def test_source_that_cannot_be_read(self) -> None:
        class Broken(io.BytesIO):
            def read(self, size: int | None = -1) -> bytes:
                raise OSError(5, "Input/output error")

        with pytest.raises(InputError, match="-: cannot be read: Input/output error"):
            Cleaner().clean_stream(Broken(), io.BytesIO())
