"""What a folder holds and is not read: excluded, hidden, ignored by git, the run's own output."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from cleaner import check_files, clean_files
from cleaner.storage.ignoring import Ignoring, told_of
from cleaner.storage.walk import walk
from tests.running import Run, command, environment


def tree(folder: Path, *names: str) -> None:
    for name in names:
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(f"The tide  came in at {name}.\n")


def found(folder: Path, *patterns: str, **options: bool) -> tuple[list[str], dict[str, str]]:
    walked = walk([folder], Ignoring(patterns, **options))
    return [file.name for file in walked.files], dict(walked.passed_over)


def written(output: Path) -> list[str]:
    report = json.loads((output / "_cleaner/report.json").read_bytes())
    return [file["name"] for file in report["files"]]


class TestExcluded:
    def test_patterns_are_those_of_git(self, here: Path) -> None:
        tree(here, "a.txt", "drafts/b.txt", "sub/drafts/c.txt", "sub/d.bak.txt", "sub/e.txt")
        names, why = found(here, "drafts/", "*.bak.txt")
        assert names == ["a.txt", "sub/e.txt"]
        assert why == {
            "drafts": "excluded folder",
            "sub/drafts": "excluded folder",
            "sub/d.bak.txt": "excluded",
        }

    def test_a_pattern_with_a_slash_is_seen_from_the_input(self, here: Path) -> None:
        tree(here, "in/x/a.txt", "in/y/x/a.txt")
        assert found(here / "in", "x/a.txt")[0] == ["y/x/a.txt"]

    def test_a_later_pattern_takes_one_back(self, here: Path) -> None:
        tree(here, "a.txt", "b.txt")
        assert found(here, "*.txt", "!b.txt")[0] == ["b.txt"]

    def test_what_is_named_outright_too(self, here: Path, run: Run) -> None:
        tree(here, "a.txt", "b.txt")
        ended = run("clean", "a.txt", "b.txt", "--exclude", "b.txt", "-o", "out")
        assert (ended.status, written(here / "out")) == (0, ["a.txt"])
        assert ended.err == "cleaner: note: passed over: 1 excluded (b.txt)\n"

    def test_all_that_there_is(self, here: Path, run: Run) -> None:
        tree(here, "a.txt")
        ended = run("check", ".", "--exclude", "*")
        assert ended.status == 3
        assert ended.errors == ["cleaner: error: nothing to read: passed over: 1 excluded"]

    def test_by_configuration(self, here: Path, run: Run) -> None:
        tree(here, "in/a.txt", "in/b.txt")
        (here / "cleaner.toml").write_text('[input]\nexclude = ["b.*"]\n')
        run("clean", "in", "-o", "out")
        assert written(here / "out") == ["a.txt"]

    def test_what_is_no_pattern(self, here: Path, run: Run) -> None:
        tree(here, "a.txt")
        ended = run("check", ".", "--exclude", "!")
        assert (ended.status, len(ended.errors)) == (2, 1)


class TestHidden:
    def test_files_and_folders(self, here: Path, run: Run) -> None:
        tree(here, "in/a.txt", "in/.b.txt", "in/.c/d.txt", "in/e/.f.txt")
        ended = run("clean", "in", "-o", "out")
        assert written(here / "out") == ["a.txt"]
        assert ended.err == (
            "cleaner: note: passed over: 2 hidden (.b.txt, e/.f.txt), 1 hidden folder (.c); "
            "--hidden reads them\n"
        )
        assert (
            "2 passed over: hidden: .b.txt, e/.f.txt\n1 passed over: hidden folder: .c\n"
            in ended.out
        )
        run("clean", "in", "-o", "all", "--hidden")
        assert written(here / "all") == [".b.txt", ".c/d.txt", "a.txt", "e/.f.txt"]

    def test_quiet_says_nothing(self, here: Path, run: Run) -> None:
        tree(here, "in/a.txt", "in/.b.txt")
        assert run("clean", "in", "-o", "out", "-q") == (0, "", "")

    def test_what_is_named_is_read(self, here: Path) -> None:
        tree(here, ".in/a.txt", ".b.txt")
        assert {f.source.path for f in check_files([".in", ".b.txt"]).findings} == {
            ".in/a.txt",
            ".b.txt",
        }


class TestIgnoredByGit:
    @pytest.fixture(autouse=True)
    def repository(self, here: Path) -> None:
        (here / ".git").mkdir()

    def test_as_git_has_it(self, here: Path) -> None:
        """The same files as git itself lists."""
        (here / ".git").rmdir()
        subprocess.run(["git", "init", "-q", "."], check=True, cwd=here)
        (here / ".gitignore").write_text("build/\n*.log.txt\n/top.txt\n!kept.log.txt\n\\\n")
        tree(here, "a.txt", "top.txt", "build/b.txt", "x.log.txt", "kept.log.txt")
        tree(here, "sub/top.txt", "sub/build/c.txt", "sub/own.txt", "sub/deep/y.log.txt")
        (here / "sub/.gitignore").write_text("own.txt\n!y.log.txt\n")
        (here / ".git/info/exclude").write_text("a.txt\n")
        listed = subprocess.run(
            ["git", "ls-files", "-co", "--exclude-standard", "*.txt"],
            check=True, cwd=here, capture_output=True, text=True,
            env={**environment(), "GIT_CONFIG_GLOBAL": "/dev/null"},
        ).stdout.split()  # fmt: skip
        names, why = found(here)
        assert names == sorted(listed)
        assert why["build"] == "ignored by git folder"
        assert why["a.txt"] == "ignored by git"

    def test_below_the_top_of_the_repository(self, here: Path) -> None:
        (here / ".gitignore").write_text("*.tmp.txt\nin/x.txt\n")
        tree(here, "in/a.txt", "in/b.tmp.txt", "in/x.txt")
        assert found(here / "in")[0] == ["a.txt"]

    def test_a_folder_that_is_named_is_wanted(self, here: Path) -> None:
        """Corpora stand in folders that git ignores; who names one means it."""
        (here / ".gitignore").write_text("data/\n")
        tree(here, "data/a.txt", "data/deep/b.txt")
        (here / "data/.gitignore").write_text("b.txt\n")
        assert found(here / "data")[0] == ["a.txt"]
        assert found(here / "data/deep")[0] == []

    def test_no_repository_no_rules(self, here: Path) -> None:
        (here / ".git").rmdir()
        (here / ".gitignore").write_text("*.txt\n")
        tree(here, "a.txt")
        assert found(here)[0] == ["a.txt"]

    def test_a_repository_inside_goes_by_its_own(self, here: Path) -> None:
        (here / ".gitignore").write_text("*.tmp.txt\n")
        tree(here, "lib/.git/HEAD", "lib/a.tmp.txt", "lib/b.txt")
        (here / "lib/.gitignore").write_text("b.txt\n")
        assert found(here)[0] == ["lib/a.tmp.txt"]

    def test_unless_it_is_asked_for(self, here: Path, run: Run) -> None:
        (here / ".gitignore").write_text("a.txt\n")
        tree(here, "a.txt", "b.txt")
        ended = run("check", ".", "--no-respect-gitignore", "-q")
        assert len(ended.out.splitlines()) == 2
        (here / "cleaner.toml").write_text("[input]\nrespect-gitignore = false\n")
        assert len(run("check", ".", "-q").out.splitlines()) == 2
        ended = run("check", ".", "--respect-gitignore")
        assert len(ended.out.splitlines()) == 1
        assert "1 ignored by git (a.txt)" in ended.err

    def test_a_loop_of_links(self, here: Path) -> None:
        tree(here, "a.txt")
        (here / "loop").symlink_to(here)
        walked = walk([here], Ignoring())
        assert len(walked.errors) == 1


class TestOutputInsideAnInput:
    def test_it_is_never_read(self, here: Path, run: Run) -> None:
        tree(here, "a.txt", "sub/b.txt")
        assert run("clean", ".", "-o", "cleaned").status == 0
        assert written(here / "cleaned") == ["a.txt", "sub/b.txt"]
        again = run("clean", ".", "-o", "cleaned", "--overwrite")
        assert again.status == 0
        assert written(here / "cleaned") == ["a.txt", "sub/b.txt"]
        assert "1 passed over: the output folder" in again.out

    def test_by_whatever_name(self, here: Path) -> None:
        tree(here, "in/a.txt")
        (here / "in/real").mkdir()
        (here / "link").symlink_to("in/real")
        (here / "in/other").symlink_to("real")
        report = clean_files("in", "link")
        assert [file.name for file in report.files] == ["a.txt"]
        assert report.skipped == {"other": "the output folder", "real": "the output folder"}

    def test_of_deduplication(self, here: Path, run: Run) -> None:
        tree(here, "a.txt")
        assert run("dedup", ".", "-o", "cleaned", "-q").status == 0
        assert written(here / "cleaned") == ["a.txt"]

    def test_an_input_inside_the_output_is_refused(self, here: Path, run: Run) -> None:
        tree(here, "out/a.txt")
        ended = run("clean", "out/a.txt", "-o", "out", "--overwrite")
        assert (ended.status, len(ended.errors)) == (2, 1)
        assert run("clean", "out", "-o", "out", "--overwrite").status == 2


class TestFilesFrom:
    @pytest.mark.parametrize("end", ["\n", "\r\n", "\0"])
    def test_a_file(self, here: Path, run: Run, end: str) -> None:
        tree(here, "x/a.txt", "x/b.txt", "y/c.txt", "z.txt")
        (here / "list").write_bytes("".join(f"{name}{end}" for name in ("x/b.txt", "y")).encode())
        assert run("clean", "--files-from", "list", "-o", "out", "-q").status == 0
        assert written(here / "out") == ["x/b.txt", "y/c.txt"]

    def test_names_with_line_ends(self, here: Path, run: Run) -> None:
        tree(here, "a\nb.txt", "c.txt")
        (here / "list").write_bytes(b"a\nb.txt\0c.txt\0")
        assert run("clean", "--files-from", "list", "-o", "out", "-q").status == 0
        assert written(here / "out") == ["a\nb.txt", "c.txt"]

    def test_standard_input_and_more(self, here: Path) -> None:
        tree(here, "a.txt", "b.txt", "c.txt")
        done = subprocess.run(
            command("check", "c.txt", "--files-from", "-", "-q"),
            input=b"a.txt\n\nb.txt\n",
            cwd=here, env=environment(), capture_output=True, check=False,
        )  # fmt: skip
        assert [line[:5] for line in done.stdout.decode().splitlines()] == [
            "a.txt",
            "b.txt",
            "c.txt",
        ]

    def test_what_is_missing_is_told(self, here: Path, run: Run) -> None:
        tree(here, "a.txt")
        (here / "list").write_text("a.txt\nb.txt\n")
        ended = run("check", "--files-from", "list", "-q")
        assert (ended.status, len(ended.errors), len(ended.out.splitlines())) == (3, 1, 1)

    @pytest.mark.parametrize("name", ["list", "missing", "."])
    def test_nothing_named(self, here: Path, run: Run, name: str) -> None:
        (here / "list").write_text("\n")
        ended = run("clean", "--files-from", name, "-o", "out")
        assert (ended.status, len(ended.errors)) == (2, 1)

    @pytest.mark.parametrize("name", ["clean", "check", "fit", "dedup"])
    def test_no_inputs_at_all(self, here: Path, run: Run, name: str) -> None:
        output = [] if name == "check" else ["-o", "out"]
        ended = run(name, *output)
        assert (ended.status, len(ended.errors)) == (2, 1)


def test_many_are_not_all_named() -> None:
    told = told_of({f".{n}.txt": "hidden" for n in range(9)})
    assert told == (
        "passed over: 9 hidden (.0.txt, .1.txt, .2.txt, .3.txt, .4.txt and others); "
        "--hidden reads them"
    )
