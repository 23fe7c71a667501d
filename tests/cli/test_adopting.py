"""A corpus that is dirty already: what is known is put up with, what is new is told."""

from __future__ import annotations

import json
import random
import subprocess
from pathlib import Path

import pytest

from tests.running import Run

WORDS = "harbour tide barge quay lantern rope mooring captain signal weather ledger".split()


def git(folder: Path, *arguments: str) -> None:
    who = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)


def sentence(number: int) -> str:
    some = random.Random(number).sample(WORDS, 5)
    return f"The {some[0]} of line {number} kept &amp; sold its {' '.join(some[1:])}.\n"


@pytest.fixture
def corpus(here: Path) -> Path:
    """Make a folder of ten files with a hundred findings each."""
    folder = here / "corpus"
    folder.mkdir()
    for file in range(10):
        lines = [sentence(100 * file + number) + "\n" for number in range(100)]
        (folder / f"{file}.txt").write_text("".join(lines).rstrip("\n") + "\n")
    return folder


def test_of_a_thousand_known_and_moved_findings_one_new_is_told(corpus: Path, run: Run) -> None:
    ended = run("check", "corpus", "--write-baseline", "known.json")
    assert (ended.status, ended.out) == (0, "")
    assert ended.err == "known.json knows 1,000 findings\n"
    assert run("check", "corpus", "--baseline", "known.json").status == 0
    # A file gets another name, another its lines in another order and more of them, and lines of a
    # third stand in a fourth.
    (corpus / "3.txt").rename(corpus / "three.txt")
    turned = (corpus / "4.txt").read_text().rstrip().split("\n\n")[::-1]
    (corpus / "4.txt").write_text("A clean line above.\n\n" + "\n\n".join(turned) + "\n")
    moved = (corpus / "5.txt").read_text().split("\n\n")
    (corpus / "5.txt").write_text("\n\n".join(moved[:50]) + "\n")
    (corpus / "6.txt").write_text(
        (corpus / "6.txt").read_text() + "\n" + "\n\n".join(moved[50:]).rstrip() + "\n"
    )
    (corpus / "7.txt").write_text((corpus / "7.txt").read_text() + "\n" + sentence(7777))
    ended = run("check", "corpus", "--baseline", "known.json")
    assert ended.status == 1
    (told,) = ended.out.splitlines()
    assert told.startswith("corpus/7.txt:201:")
    assert ended.err == "1 finding; 1,000 more are known\n"


def test_what_is_gone_is_forgotten_where_its_file_was_read(corpus: Path, run: Run) -> None:
    run("check", "corpus", "--write-baseline", "known.json")
    for file in (1, 2):
        (corpus / f"{file}.txt").write_text("All of it was repaired.\n")
    ended = run("check", "corpus/1.txt", "--baseline", "known.json")
    assert ended.status == 0
    assert ended.err == (
        "nothing found; 0 more are known, and 100 that were are gone, which the baseline forgets\n"
    )
    ended = run("check", "corpus", "--baseline", "known.json")
    assert "800 more are known, and 100 that were are gone" in ended.err
    known = json.loads((corpus.parent / "known.json").read_text())
    assert [Path(file["path"]).name for file in known["files"]] == [
        "0.txt",
        *(f"{n}.txt" for n in range(3, 10)),
    ]
    # What was repaired is new when it comes back.
    (corpus / "1.txt").write_text(sentence(100))
    assert run("check", "corpus", "--baseline", "known.json").status == 1


def test_a_second_copy_of_a_known_finding_is_new(corpus: Path, run: Run) -> None:
    run("check", "corpus", "--write-baseline", "known.json", "--select", "ENC")
    (corpus / "copy.txt").write_text(sentence(1))
    ended = run("check", "corpus", "--baseline", "known.json", "--select", "ENC")
    (told,) = ended.out.splitlines()
    assert told.startswith("corpus/copy.txt:1:")


def test_a_baseline_works_from_any_folder(
    corpus: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("check", "corpus", "--write-baseline", "known.json")
    monkeypatch.chdir(corpus)
    assert run("check", ".", "--baseline", "../known.json").status == 0


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"cleaner-baseline": 9}', '{"cleaner-baseline": 1, "files": [1]}']
)
def test_what_is_no_baseline_is_refused(corpus: Path, run: Run, text: str) -> None:
    (corpus.parent / "known.json").write_text(text)
    ended = run("check", "corpus", "--baseline", "known.json")
    assert ended.status == 2
    (error,) = ended.errors
    assert "known.json: is " in error
    assert "--write-baseline" in error


def test_a_missing_baseline_is_refused(corpus: Path, run: Run) -> None:
    ended = run("check", "corpus", "--baseline", "known.json")
    assert ended.status == 2
    assert "cannot be read" in ended.errors[0]


@pytest.fixture
def repository(corpus: Path) -> Path:
    git(corpus.parent, "init", "-q", "-b", "main")
    git(corpus.parent, "add", "-A")
    git(corpus.parent, "commit", "-q", "-m", "A dirty corpus")
    return corpus.parent


def places(run: Run, *arguments: str) -> list[str]:
    out = run("check", "corpus", *arguments).out
    return [":".join(line.split(":")[:2]) for line in out.splitlines()]


def test_since_looks_at_changed_lines_alone(repository: Path, run: Run) -> None:
    corpus = repository / "corpus"
    assert run("check", "corpus", "--since", "HEAD").status == 0
    lines = (corpus / "3.txt").read_text().splitlines(keepends=True)
    lines[10] = sentence(8000)
    lines.insert(50, "This is clean.\n")
    lines[150:152] = []
    (corpus / "3.txt").write_text("".join(lines))
    (corpus / "new é.txt").write_text(sentence(9000))
    (corpus / "9.txt").unlink()
    assert places(run, "--since", "HEAD") == ["corpus/3.txt:11", "corpus/new é.txt:1"]
    git(repository, "add", "-A")
    assert places(run, "--since", "main") == ["corpus/3.txt:11", "corpus/new é.txt:1"]


def test_since_sees_through_renames(repository: Path, run: Run) -> None:
    (repository / "corpus/3.txt").rename(repository / 'corpus/a tab\t"here".txt')
    path = repository / 'corpus/a tab\t"here".txt'
    path.write_text(path.read_text() + "\n" + sentence(8001))
    git(repository, "add", "-A")
    (told,) = places(run, "--since", "HEAD")
    assert told.endswith(":201")


def test_since_where_a_branch_parted(repository: Path, run: Run) -> None:
    corpus = repository / "corpus"
    git(repository, "checkout", "-q", "-b", "topic")
    (corpus / "topic.txt").write_text(sentence(8002))
    git(repository, "add", "-A")
    git(repository, "commit", "-q", "-m", "topic")
    git(repository, "checkout", "-q", "main")
    (corpus / "1.txt").unlink()
    git(repository, "commit", "-q", "-a", "-m", "main goes on")
    git(repository, "checkout", "-q", "topic")
    assert places(run, "--since", "main...") == ["corpus/topic.txt:1"]
    assert len(places(run, "--since", "main")) == 101


def test_lines_that_look_like_a_patch_are_text(repository: Path, run: Run) -> None:
    corpus = repository / "corpus"
    (corpus / "3.txt").write_text("++ b/corpus/0.txt\n\n@@ -1 +1 @@\n\n" + sentence(1))
    assert all(place.startswith("corpus/3.txt:") for place in places(run, "--since", "HEAD"))


def test_packed_files_count_as_changed_whole(repository: Path, run: Run) -> None:
    import gzip

    packed = repository / "corpus/packed.txt.gz"
    packed.write_bytes(gzip.compress(sentence(1).encode()))
    git(repository, "add", "-A")
    git(repository, "commit", "-q", "-m", "packed")
    packed.write_bytes(gzip.compress(b"Clean.\n\n" + sentence(1).encode()))
    assert places(run, "--since", "HEAD") == ["corpus/packed.txt.gz:3"]


def test_records_that_are_no_lines_count_as_changed_whole(repository: Path, run: Run) -> None:
    table = repository / "corpus/table.csv"
    rows = f'id,text\n1,"One &amp;\n\n\ntwo."\n2,{sentence(1)}'
    table.write_text(rows)
    git(repository, "add", "-A")
    git(repository, "commit", "-q", "-m", "table")
    assert places(run, "--since", "HEAD", "--select", "ENC") == []
    table.write_text(rows + f"3,{sentence(2)}")
    told = places(run, "--since", "HEAD", "--select", "ENC")
    assert told == [f"corpus/table.csv:{record}" for record in (2, 3, 4)]


def test_what_git_cannot_say_is_one_line(repository: Path, run: Run, tmp_path: Path) -> None:
    ended = run("check", "corpus", "--since", "nowhere")
    assert ended.status == 2
    assert "git knows no revision 'nowhere'" in ended.errors[0]
    assert run("check", "corpus", "--since=--output=x").status == 2
    assert not (repository / "x").exists()


def test_since_outside_of_a_repository_is_refused(here: Path, run: Run) -> None:
    (here / "a.txt").write_text(sentence(1))
    if any((above / ".git").exists() for above in here.parents):
        pytest.skip("the folder for tests stands in a repository")
    ended = run("check", "a.txt", "--since", "HEAD")
    assert ended.status == 2
    assert "is in no git repository" in ended.errors[0]


def test_a_repository_is_found_without_git(
    repository: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(repository / "no such folder"))
    assert run("check", "corpus", "--output-format", "github").status == 1
    ended = run("check", "corpus", "--since", "HEAD")
    assert ended.status == 2
    assert "git cannot be run" in ended.errors[0]


def test_several_reports_of_one_run(corpus: Path, run: Run) -> None:
    ended = run(
        "check", "corpus", "--output-format", "github", "--output-format", "json=found.json",
        "--output-format", "markdown=summary.md",
    )  # fmt: skip
    assert len(ended.out.splitlines()) == 1000
    assert len(json.loads((corpus.parent / "found.json").read_text())) == 1000
    assert (corpus.parent / "summary.md").read_text().startswith("## cleaner: 1,000 findings")


@pytest.mark.parametrize(
    "formats",
    [("json", "text"), ("json=a", "sarif=a")],
)
def test_two_reports_in_one_place_are_refused(
    corpus: Path, run: Run, formats: tuple[str, str]
) -> None:
    first, second = formats
    ended = run("check", "corpus", "--output-format", first, "--output-format", second)
    assert ended.status == 2
    assert "two reports would be written to one place" in ended.errors[0]


def test_a_report_that_cannot_be_written_is_one_line(corpus: Path, run: Run) -> None:
    ended = run("check", "corpus", "--output-format", "json=corpus/0.txt/found.json")
    assert ended.status == 2
    assert "corpus/0.txt/found.json: cannot be written" in ended.errors[0]


def test_status_zero_on_request(corpus: Path, run: Run) -> None:
    assert run("check", "corpus").status == 1
    assert run("check", "corpus", "--exit-zero").status == 0


def test_files_are_listed_and_not_read(corpus: Path, run: Run) -> None:
    (corpus / "picture.png").write_bytes(b"")
    ended = run("check", "corpus", "--show-files")
    assert ended.status == 0
    assert ended.out.splitlines() == [f"corpus/{n}.txt" for n in range(10)]
