"""What a document itself, or a pattern for its file, asks to be left as it is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner import Settings, check_files, clean_files, restore_files
from cleaner.core.findings import undo_steps
from cleaner.core.inline_ignores import inline_ignores
from cleaner.runs.input.spool import StagedDocument
from cleaner.runs.text import clean_staged
from cleaner.steps.learn import NO_TABLES
from tests.running import Run

STORM = (
    "The flood of that spring carried off the mill by the ford, seven carts with all their loads, "
    "and the stalls that the weavers had put up on the green for the fair."
)
TOLD = f"They counted what was left.\n\n{STORM}\n"
OTHER = "Nobody in the valley had seen the river so high, and few of them slept that week.\n"


def cleaned(folder: Path, run: Run, *options: str) -> dict[str, str]:
    """Return the outputs of a folder, of which `check` told, and which are restored from."""
    told = run("check", folder, "--output-format", "json", *options)
    ended = run("clean", folder, "-o", "out", "--overwrite", "-q", *options)
    assert ended.status == 0, ended.err
    assert run("restore", "out", "-o", "back", "--overwrite", "-q").status == 0
    for path in folder.iterdir():
        assert (Path("back") / path.name).read_bytes() == path.read_bytes()
    report = json.loads(Path("out/_cleaner/report.json").read_text())
    assert len(json.loads(told.out)) == sum(report["counts"].values())
    again = run("check", "out", *options)
    assert again.status == 0, again.out
    outputs = Path("out").glob("*.*")
    return {path.name: path.read_text("utf-8") for path in outputs if path.is_file()}


@pytest.fixture
def folder(here: Path) -> Path:
    made = here / "in"
    made.mkdir()
    return made


def test_a_comment_of_its_own_is_about_the_block_below(folder: Path, run: Run) -> None:
    (folder / "a.md").write_text(
        "<!-- cleaner: ignore FMT508 -->\n\nTea  &amp; bread.\n\nTea  &amp; bread.\n"
    )
    (folder / "a.rst").write_text(".. cleaner: ignore\n\nTea  &amp; rice.\n\nTea  &amp; rice.\n")
    assert cleaned(folder, run) == {
        "a.md": "<!-- cleaner: ignore FMT508 -->\n\nTea  & bread.\n\nTea & bread.\n",
        "a.rst": ".. cleaner: ignore\n\nTea  &amp; rice.\n\nTea & rice.\n",
    }


def test_a_comment_at_the_end_is_about_its_line(folder: Path, run: Run) -> None:
    line = "- Tea &amp; bread."
    (folder / "a.md").write_text(
        f"{line} <!-- cleaner: ignore: ENC -- as it was sent -->\n{line}\n"
    )
    out = cleaned(folder, run)["a.md"]
    assert out == f"{line} <!-- cleaner: ignore: ENC -- as it was sent -->\n- Tea & bread.\n"


def test_a_file_may_ignore_all_or_some(folder: Path, run: Run) -> None:
    text = "Tea  &amp; bread.\u200b\r\n\r\n\r\n\r\nTea  &amp; bread.\n"
    (folder / "all.md").write_bytes(f"{text}\n<!-- cleaner: ignore-file -->\n".encode())
    (folder / "some.md").write_text(f"<!-- cleaner: ignore-file FMT5,BOI -->\n{OTHER} &lt;\n")
    (folder / "none.md").write_text(f"`<!-- cleaner: ignore-file -->` of {OTHER} &lt;\n")
    (folder / "text.txt").write_text("Beside  it.\n\n<!-- cleaner: ignore-file -->\n")
    out = cleaned(folder, run)
    assert out["all.md"] == (folder / "all.md").read_bytes().decode().replace("\r\n", "\n")
    assert (Path("out") / "all.md").read_bytes() == (folder / "all.md").read_bytes()
    assert out["some.md"] == (folder / "some.md").read_text().replace("&lt;", "<")
    assert "&lt;" not in out["none.md"]
    assert out["text.txt"].startswith("Beside it.")


def test_what_is_quoted_or_stands_in_code_is_no_comment() -> None:
    quoted = (
        "Write `<!-- cleaner: ignore -->` there.\n```\n<!-- cleaner: ignore -->\n```\n\n"
        "    <!-- cleaner: ignore -->\n\n<!-- cleaner: ignore --> is what to write.\n"
    )
    assert inline_ignores(quoted, "markdown") == []
    assert inline_ignores("  .. cleaner: ignore\n", "rst") == []
    assert inline_ignores("<!-- cleaner: ignore -->\n", "") == []


def test_a_block_of_code_goes_to_its_fence(folder: Path, run: Run) -> None:
    text = "<!-- cleaner: ignore -->\n```\nTea &amp;\n\n\n\nbread \n```\nTea &amp; bread.\n"
    (folder / "a.md").write_text(text)
    out = cleaned(folder, run)["a.md"]
    assert out == "Tea & bread.\n".join(text.rsplit("Tea &amp; bread.\n", 1))


def test_wrapped_prose_stays_wrapped_and_apart_from_the_comment(folder: Path, run: Run) -> None:
    wrapped = (
        "The women of the lower town had agreed among themselves that none of\n"
        "them would sell a single loaf to the garrison before the bridge was\n"
        "open again, and for eleven days they kept their word although it cost\n"
        "them dearly and nobody thanked them when it was over.\n"
    )
    (folder / "a.md").write_text(f"<!-- cleaner: ignore FMT510 -->\n{wrapped}\n{wrapped[4:]}")
    out = cleaned(folder, run, "--scope", "none")["a.md"]
    assert out == (
        f"<!-- cleaner: ignore FMT510 -->\n{wrapped}\n"
        + wrapped[4:].replace("\n", " ").strip()
        + "\n"
    )


def test_a_duplicate_stays_where_it_is_asked_to(folder: Path, run: Run) -> None:
    (folder / "a.md").write_text(f"{OTHER}\n{STORM}\n")
    (folder / "b.md").write_text(TOLD)
    assert STORM not in cleaned(folder, run)["b.md"]
    (folder / "b.md").write_text(TOLD.replace(STORM, f"<!-- cleaner: ignore DUP4 -->\n\n{STORM}"))
    out = cleaned(folder, run)
    assert STORM in out["b.md"]
    assert STORM in out["a.md"]
    assert "FMT598" not in run("check", folder).out
    for unit in ("paragraph", "line"):
        assert run("dedup", folder, "-o", f"deduplicated-{unit}", "--unit", unit).status == 0
        assert STORM in Path(f"deduplicated-{unit}/b.md").read_text()
    (folder / "b.md").write_text(TOLD)
    assert STORM in cleaned(folder, run, "--per-file-ignores", "b.md:DUP402")["b.md"]
    ended = run("dedup", folder, "-o", "deduplicated", "--per-file-ignores", "b.*:DUP")
    assert ended.status == 0
    assert STORM in Path("deduplicated/b.md").read_text()


def test_a_comment_is_no_headline_that_is_told_again(folder: Path, run: Run) -> None:
    says = "<!-- cleaner: ignore GLU -->"
    text = f"{says}\nThey said so.\n{OTHER}{says}\n{STORM}\n\n{TOLD[:27]}\n"
    (folder / "a.md").write_text(text)
    assert cleaned(folder, run)["a.md"] == text
    # With all that it stands with it goes.
    (folder / "b.md").write_text(text)
    assert set(cleaned(folder, run)) == {"a.md"}


def test_a_whole_copy_stays_where_it_is_asked_to(folder: Path, run: Run) -> None:
    (folder / "a.txt").write_text(TOLD)
    (folder / "b.txt").write_text(TOLD)
    options = ("dedup", folder, "--unit", "record")
    assert run(*options, "-o", "one").status == 0
    assert run(*options, "-o", "two", "--per-file-ignores", "b.txt:DUP402").status == 0
    assert [Path(f"{name}/b.txt").exists() for name in ("one", "two")] == [False, True]


def test_furniture_of_the_corpus_stays_where_it_is_asked_to(folder: Path, run: Run) -> None:
    for number, word in enumerate("hay straw oats barley wheat rye beans peas flax hops".split()):
        body = f"The price of {word} was told in the square by the crier, who had it from the mill."
        (folder / f"{number}.md").write_text(
            "Home\nMarkets\nWeather\nLetters\nAbout us\n\n"
            f"# {word}\n\n{body} It fell by {number} pence that week, and few wept for {word}. "
            "The farmers went home early, and the inn was empty before dark, as it is in lent.\n\n"
            "Imprint\nContact us\nTerms of use\n"
        )
    first = cleaned(folder, run)
    assert "Markets" not in first["3.md"]
    kept = cleaned(folder, run, "--per-file-ignores", "3.md:BOI")
    assert "Markets" in kept["3.md"]
    assert "Markets" not in kept["4.md"]
    text = (folder / "3.md").read_text()
    (folder / "3.md").write_text("<!-- cleaner: ignore BOI -->\n" + text)
    out = cleaned(folder, run)["3.md"]
    assert "Markets" in out
    assert "Imprint" not in out


def test_a_page_may_be_ignored_as_a_whole(folder: Path, run: Run) -> None:
    pytest.importorskip("resiliparse")
    page = "<html><body><!-- cleaner: ignore-file ENC --><p>Cod &amp;amp; chips.</p></body></html>"
    (folder / "a.html").write_text(page)
    ended = run("clean", folder, "-o", "out", "-q")
    assert ended.status == 0
    assert "&amp;" in Path("out/a.html.txt").read_text()


def test_comments_that_ignore_nothing_are_told(folder: Path, run: Run) -> None:
    (folder / "a.md").write_text(
        "<!-- cleaner: ignore ENC,FMT508 -->\nTea  time.\n\n"
        "A line. <!-- cleaner: ignore -->\n\n<!-- cleaner: ignore FM508 -->\nTea time.\n\n"
        "<!-- cleaner: ignore-file GLU -->\n"
    )
    ended = run("check", folder)
    assert ended.status == 0
    said = [line.partition("a.md:")[2] for line in ended.out.splitlines()]
    idle = "FMT598 comment that ignores nothing"
    assert said == [
        f"1:1: {idle}: nothing to ignore by ENC",
        f"4:9: {idle}: nothing to ignore",
        f"6:1: {idle}: no rule begins with FM508",
        f"9:1: {idle}: nothing to ignore by GLU",
    ]
    assert run("check", folder, "--ignore", "FMT598").out == ""


def test_patterns_are_seen_from_the_folder_of_the_configuration(
    folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "old [1]").mkdir()
    for name in ("a.md", "a.txt", "old [1]/b.txt"):
        (folder / name).write_text("Tea  time.\n")
    config = folder.parent / "cleaner.toml"
    config.write_text('[per-file-ignores]\n"*.md" = ["FMT"]\n"in/old*/" = "FMT508"\n')
    assert [line.split(":")[0] for line in run("check", "in").out.splitlines()] == ["in/a.txt"]
    monkeypatch.chdir(folder / "old [1]")
    assert run("check", "b.txt").status == 0
    assert run("check", "b.txt", "--select", "FMT508").status == 0
    assert run("check", "b.txt", "--per-file-ignores", "*.md:FMT").status == 1
    assert run("check", "b.txt", "--per-file-ignores", "!*.md:FMT").status == 0
    assert "**/*.md" in run("config").out


def test_patterns_hold_for_records_and_from_python(here: Path) -> None:
    for name in ("a.jsonl", "b.jsonl"):
        (here / name).write_text('{"text": "Tea  &amp; bread."}\n')
    settings = Settings(per_file_ignores={"b.jsonl": ["FMT508", "ENC"]})
    clean_files([here / "a.jsonl", here / "b.jsonl"], here / "out", settings)
    assert (here / "out/b.jsonl").read_text() == (here / "b.jsonl").read_text()
    assert json.loads((here / "out/a.jsonl").read_text())["text"] == "Tea & bread."
    assert all(file.error is None for file in restore_files(here / "out", here / "back"))
    assert not check_files([here / "out/b.jsonl"], settings).findings


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("*.md", "no pattern with a code"),
        ("*.md:XYZ", "no rule begins with 'XYZ'"),
        ("a/**b/[:FMT", ""),
    ],
)
def test_what_is_no_pattern_with_codes_is_refused(
    here: Path, run: Run, option: str, said: str
) -> None:
    (here / "a.md").write_text("Tea.\n")
    ended = run("check", "a.md", "--per-file-ignores", option)
    assert ended.status == (2 if said else 0)
    assert said in ended.err
    (here / "cleaner.toml").write_text("per-file-ignores = 3\n")
    ended = run("check", "a.md")
    assert ended.status == 2
    assert "wrong value for `per-file-ignores`" in ended.err


LINES = st.sampled_from(
    [
        "<!-- cleaner: ignore -->", "<!-- cleaner: ignore FMT -->", "", "", "  ",
        "<!-- cleaner: ignore-file BOI -->", "Tea  &amp;  bread. <!-- cleaner: ignore ENC -->",
        "Share this article:", "Tea &amp; bread\u200b  ", "- an  item", "```",
        "The ford was deep and the men went home to",
        "wait for the ferry, which did not come that day be-", "cause of the wind.",
    ]
)  # fmt: skip


@given(st.lists(LINES, max_size=14), st.sampled_from(["\n", "\r\n"]))
def test_cleaning_comes_to_rest_beside_comments(lines: list[str], end: str) -> None:
    text = end.join(lines)
    staged = StagedDocument(0, 1, text=text, comments="markdown")
    clean_staged(staged, Settings(), NO_TABLES)
    assert undo_steps(staged.text, staged.steps) == text
    again = StagedDocument(0, 1, text=staged.text, comments="markdown")
    clean_staged(again, Settings(), NO_TABLES)
    assert again.text == staged.text
    said = [text[one.start : one.end] for one in inline_ignores(text, "markdown")]
    assert said == [
        staged.text[one.start : one.end] for one in inline_ignores(staged.text, "markdown")
    ]
