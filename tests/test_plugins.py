"""Formats, steps and reports of other packages: an example is built, installed and used."""

from __future__ import annotations

import importlib
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cleaner import testing
from cleaner.core.edits import Edit, StepResult, apply_edits
from cleaner.core.rules import Example, Rule
from cleaner.formats.jsonl import Jsonl
from cleaner.formats.txt import Txt
from cleaner.reports.findings.registry import REPORTS
from tests.running import ROOT, Ended, command, environment

EXAMPLE = ROOT / "tests" / "example_package"
POST = "Subject: the  harbour\nFrom: nobody\n\nThe tide  came in!!! It&#8217;s late.\n"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the example package and install it into a folder of its own."""
    pytest.importorskip("setuptools", "77")
    folder = tmp_path_factory.mktemp("site")
    source = tmp_path_factory.mktemp("source") / "package"
    shutil.copytree(EXAMPLE, source)
    subprocess.run(
        [
            sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation",
            "--no-index", "--disable-pip-version-check", "--target", folder, source,
        ],
        check=True, capture_output=True,
    )  # fmt: skip
    return folder


def ran(site: Path, here: Path, *arguments: str) -> Ended:
    done = subprocess.run(
        command(*arguments), cwd=here, capture_output=True, text=True, check=False,
        env=environment(PYTHONPATH=f"{ROOT}:{site}"),
    )  # fmt: skip
    return Ended(done.returncode, done.stdout, done.stderr)


class TestInstalled:
    def test_all_three(self, site: Path, here: Path) -> None:
        (here / "in").mkdir()
        (here / "in/a.post").write_text(POST)
        (here / "in/b.txt").write_text("Nothing  here!! Or is there?\n")
        checked = ran(site, here, "check", "in", "--output-format", "csv", "-j", "2")
        assert (checked.status, checked.err) == (1, "5 findings\n")
        assert checked.out.splitlines()[0] == "path,line,code,severity,message"
        assert checked.out.count('XMP101,warning,"more than one exclamation mark') == 2
        cleaned = ran(site, here, "clean", "in", "-o", "out", "-j", "2")
        assert cleaned.status == 0
        assert "of other packages                 2  (XMP101 2)" in cleaned.out
        assert (here / "out/a.post").read_text() == (
            "Subject: the  harbour\nFrom: nobody\n\nThe tide came in! It’s late.\n"
        )
        assert (here / "out/b.txt").read_text() == "Nothing here! Or is there?\n"
        assert ran(site, here, "check", "out").status == 0
        assert ran(site, here, "restore", "out", "-o", "back").status == 0
        for name in ("a.post", "b.txt"):
            assert (here / "back" / name).read_bytes() == (here / "in" / name).read_bytes()

    def test_its_rules_are_rules(self, site: Path, here: Path) -> None:
        (here / "a.txt").write_text("Fire!!!\n")
        assert "XMP101 shouting (of other packages)" in ran(site, here, "rule", "XMP101").out
        assert "XMP101  shouting" in ran(site, here, "rule").out
        assert ran(site, here, "check", "a.txt", "--ignore", "XMP").status == 0
        assert ran(site, here, "check", "a.txt", "--select", "XMP1").status == 1
        assert ran(site, here, "check", "a.txt", "--diff").out.endswith("-Fire!!!\n+Fire!\n")

    def test_without_it_nothing_is_known_of_it(self, site: Path, here: Path) -> None:
        (here / "in").mkdir()
        (here / "in/a.post").write_text(POST)
        (here / "in/b.txt").write_text("Fire!!!\n")
        ran(site, here, "clean", "in", "-o", "out")
        elsewhere = here / "nothing"
        assert ran(elsewhere, here, "check", "in").status == 0
        restored = ran(elsewhere, here, "restore", "out", "-o", "back")
        assert restored.status == 3
        assert "unknown format 'post'" in restored.err

    def test_it_keeps_the_contracts(self, site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.syspath_prepend(str(site))
        example = importlib.import_module("cleaner_example.exclaim")
        testing.check_step(example.STEP, [*testing.TEXTS, "a!!b!!!", "!!"])
        post = importlib.import_module("cleaner_example.post")
        testing.check_format(post.Post(), [POST.encode(), b"A: b\n\n", b"A:\nB: \xff\n\n\n\nx\r\n"])
        report = importlib.import_module("cleaner_example.csv_report")
        assert testing.check_report(report.csv_report).count("\r\n") == 4


@pytest.mark.parametrize(
    ("entries", "module", "said"),
    [
        ("[cleaner.steps]\nx = nowhere:STEP\n", "", "cleaner.steps x of broken 1.0: cannot be"),
        ("[cleaner.steps]\nx = own:STEP\n", "STEP = 5", "cleaner.steps x: is no step with `rules`"),
        ("[cleaner.formats]\nx = own:X\n", "X = 5", "cleaner.formats x: is no format: it has no"),
        (
            "[cleaner.formats]\nx = own:X\n",
            "from cleaner.formats.txt import Txt\nclass X(Txt):\n    name = 'x'",
            "cleaner.formats x: has a suffix that is taken: ",
        ),
        (
            "[cleaner.steps]\nx = own:X\n",
            "from cleaner.core.rules import Rule\nclass X:\n"
            "    rules = (Rule(code='ENC901', name='n', summary='s', rationale='r'),)\n"
            "    def __call__(self, text, context): ...\nX = X()",
            "cleaner.steps x: has a rule with the code 'ENC901'",
        ),
    ],
)
def test_what_cannot_be_used_is_one_line(here: Path, entries: str, module: str, said: str) -> None:
    site = here / "site"
    (site / "broken-1.0.dist-info").mkdir(parents=True)
    (site / "broken-1.0.dist-info/METADATA").write_text("Name: broken\nVersion: 1.0\n")
    (site / "broken-1.0.dist-info/entry_points.txt").write_text(entries)
    (site / "own.py").write_text(module)
    (here / "a.txt").write_text("Fire!!!\n")
    ended = ran(site, here, "check", "a.txt")
    assert (ended.status, len(ended.errors), ended.others) == (2, 1, [])
    assert said in ended.errors[0]


class TestContracts:
    @pytest.mark.parametrize("name", list(REPORTS))
    def test_of_our_own_reports(self, name: str) -> None:
        testing.check_report(REPORTS[name])

    def test_of_our_own_formats(self) -> None:
        files = [b"", b"one\r\ntwo", "caf\u00e9\n".encode("cp1252"), b"\xef\xbb\xbfmark\n"]
        testing.check_format(Txt(), files)
        testing.check_format(
            Jsonl(), [b"", b'{"text": "a"}', b' {"a": 1, "text":"\\u00e9"} \r\n\n{"text":""}\n']
        )

    def test_broken_formats_are_found(self) -> None:
        class Loses(Txt):
            def records(self, stream: Any, options: Any) -> Iterator[Any]:
                for record in super().records(stream, options):
                    yield record._replace(raw=record.raw.strip())

        class Forgets(Txt):
            def source(self, form: Any, frame: Any, text: str) -> bytes:
                return text.encode()

        class Shouts(Txt):
            def written(self, frame: Any, text: str) -> bytes:
                return super().written(frame, text).upper()

        for broken, said in (
            (Loses(), "lost bytes of b'one"),
            (Forgets(), "a record comes back as"),
            (Shouts(), "written, is read as"),
        ):
            with pytest.raises(AssertionError, match=said):
                testing.check_format(broken, ["one é\n".encode("cp1252")])

    def test_broken_steps_are_found(self) -> None:
        rule = Rule(
            code="XMP101", name="n", summary="s", rationale="r", examples=(Example("x", "y"),)
        )

        def step(*edits: Edit, result: str | None = None, codes: tuple[Rule, ...] = (rule,)) -> Any:
            class Step:
                rules = codes

                def __call__(self, text: str, context: Any, /) -> StepResult:
                    if text != "x x":
                        return StepResult(text.replace("x", "y"), ())
                    return StepResult(result or apply_edits(text, edits), edits)

            return Step()

        bare = Rule(code="XMP101", name="n", summary="s", rationale="r")
        good = Edit(0, 3, "x x", "y y", "XMP101")
        testing.check_step(step(good), ["x x"])
        for broken, said in (
            (step(good._replace(code="XMP102")), "an edit by XMP102"),
            (step(good._replace(before="z"), result="y"), "a wrong `before`"),
            (step(good, good, result="y y"), "edits out of order"),
            (step(good, result="z"), "edits that do not apply"),
            (step(Edit(0, 1, "x", "y", "XMP101")), "not at rest"),
            (step(good, codes=(bare,)), "XMP101 has no example"),
        ):
            with pytest.raises(AssertionError, match=said):
                testing.check_step(broken, ["x x"])

    def test_broken_reports_are_found(self) -> None:
        with pytest.raises(AssertionError, match="no text"):
            testing.check_report(lambda findings, context: iter([b"x"]))  # type: ignore[arg-type]
