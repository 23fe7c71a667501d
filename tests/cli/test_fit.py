"""``cleaner fit`` and ``--model``: what is learned once, and judged by it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cleaner import (
    Cleaner,
    Finding,
    Model,
    Settings,
    check_files,
    clean_files,
    clean_text,
    fit_files,
)
from cleaner.runs import clean as passes
from tests.running import Run, process
from tests.runs.corpus import journal_metadata, jsonl, tree
from tests.sites import FOOTER, MENU, site

# Only a copy of the passage tells where the second has lost a space.
WHOLE = (
    "The pilot of the old ferry wrote that Quuxford and Brannoc had mended the lamp before the "
    "fog came down on the quay."
)
GLUED = WHOLE.replace("Quuxford and", "Quuxfordand")


@pytest.fixture
def corpus(here: Path) -> Path:
    """Make a corpus that teaches words, passages and the lines of a site."""
    folder = here / "corpus"
    (folder / "site").mkdir(parents=True)
    for number, text in enumerate(site(12)):
        (folder / "site" / f"{number:02}.txt").write_text(text)
    (folder / "notes.jsonl").write_bytes(jsonl([f"A note of {day} May." for day in range(8)]))
    (folder / "whole.txt").write_text(f"{WHOLE}\n")
    (folder / "glued.txt").write_text(f"{GLUED}\n")
    return folder


def said_of(name: str, findings: tuple[Finding, ...]) -> list[str]:
    return [str(finding) for finding in findings if f"{name}:" in str(finding)]


def test_one_file_gets_the_findings_of_the_corpus(corpus: Path, here: Path) -> None:
    settings = Settings(jobs=1, dedup={"scope": "file"})
    model = fit_files(corpus, settings)
    alone = Cleaner(settings, model=model)
    whole, learned = alone.check_files(corpus).findings, check_files(corpus, settings).findings
    codes = set()
    for path in sorted(corpus.rglob("*.*")):
        found = alone.check_files(path).findings
        said = [str(finding) for finding in found]
        assert said == said_of(path.name, whole) == said_of(path.name, learned)
        codes |= {finding.code for finding in found}
    assert {"BOI350", "GLU204"} <= codes
    assert not said_of("03.txt", check_files(corpus / "site/03.txt", settings).findings)


def test_text_is_judged_by_the_model(corpus: Path) -> None:
    model = fit_files(corpus)
    page = (corpus / "site/03.txt").read_text()
    assert clean_text(page).text == page
    cleaned = clean_text(page, model=model).text
    for line in (*MENU, *FOOTER):
        assert line in page
        assert line not in cleaned
    assert clean_text(cleaned, model=model).text == cleaned
    assert Cleaner(model=model).clean_text(page).text == cleaned


def test_command_line(corpus: Path, here: Path, run: Run) -> None:
    ended = run("fit", corpus, "-o", "models/corpus.model")
    model = Model.load("models/corpus.model")
    assert ended.status == 0
    assert ended.out.startswith("models/corpus.model: learned from 22 documents, with ")
    assert f"its digest begins with {model.digest[:16]}\n" in ended.out
    assert run("fit", corpus, "-o", "again.model", "-q", "-j", 2)[:2] == (0, "")
    assert (here / "again.model").read_bytes() == (here / "models/corpus.model").read_bytes()
    assert run("check", corpus / "site/03.txt")[:2] == (0, "")
    ended = run("check", corpus / "site/03.txt", "--model", "again.model")
    assert ended.status == 1
    assert "BOI350" in ended.out
    ended = run("clean", corpus / "site/03.txt", "--model", "again.model", "-o", "out", "-q")
    assert ended.status == 0
    assert MENU[0] not in (here / "out/03.txt").read_text()
    assert json.loads((here / "out/_cleaner/report.json").read_text())["model"] == model.digest
    assert journal_metadata(here / "out")["cleaner.model"] == model.digest
    assert run("clean", "out/03.txt", "--model", "again.model", "-o", "twice", "-q").status == 0
    assert (here / "twice/03.txt").read_bytes() == (here / "out/03.txt").read_bytes()


def test_runs_that_learn_name_what_they_learned(corpus: Path, here: Path, run: Run) -> None:
    assert run("clean", corpus, "-o", "out", "-q").status == 0
    digest = json.loads((here / "out/_cleaner/report.json").read_text())["model"]
    assert len(digest) == 64
    assert journal_metadata(here / "out")["cleaner.model"] == digest
    assert run("clean", corpus / "site/03.txt", "-o", "one", "-q").status == 0
    assert json.loads((here / "one/_cleaner/report.json").read_text())["model"] == ""
    assert journal_metadata(here / "one")["cleaner.model"] == ""


def test_merge(corpus: Path, here: Path, run: Run) -> None:
    assert run("fit", corpus, "-o", "whole.model", "-q").status == 0
    assert run("fit", corpus / "site", "-o", "site.model", "-q").status == 0
    others = [corpus / name for name in ("notes.jsonl", "whole.txt", "glued.txt")]
    assert run("fit", *others, "-o", "notes.model", "-q").status == 0
    for order in (["site.model", "notes.model"], ["notes.model", "site.model"]):
        ended = run("fit", "--merge", *order, "-o", "merged.model", "--overwrite")
        assert ended.status == 0
        assert "learned from 22 documents" in ended.out
        assert Model.load("merged.model").digest == Model.load("whole.model").digest
    ended = run("fit", "--merge", "site.model", corpus / "notes.jsonl", "-o", "x.model")
    assert ended.status == 2
    assert "notes.jsonl: is no model" in ended.errors[0]
    assert not (here / "x.model").exists()


def test_what_exists_is_not_overwritten(corpus: Path, here: Path, run: Run) -> None:
    (here / "a.model").write_text("mine")
    ended = run("fit", corpus, "-o", "a.model")
    assert (ended.status, len(ended.errors)) == (2, 1)
    assert "a.model: the file exists; choose another with -o" in ended.errors[0]
    assert (here / "a.model").read_text() == "mine"
    assert run("fit", corpus, "-o", "a.model", "--overwrite").status == 0
    assert run("fit", corpus, "-o", "corpus").status == 2
    assert run("fit", corpus, "-o", "a.model/b").status == 2


def test_fit_heeds_the_options_of_clean(corpus: Path, here: Path, run: Run) -> None:
    (here / "bodies.jsonl").write_text('{"body": "The tide  came in."}\n')
    assert run("fit", "bodies.jsonl", "-o", "a.model").status == 2
    assert run("fit", "bodies.jsonl", "--text-field", "body", "-o", "a.model").status == 0
    assert run("fit", corpus, "--ignore", "BOI350", "-o", "b.model").status == 0
    assert not Model.load("b.model").counts.lines
    ended = run("fit", corpus, "--select", "ENC", "-o", "c.model")
    assert (ended.status, len(ended.errors)) == (2, 1)
    assert "there is nothing to learn" in ended.errors[0]
    assert not (here / "c.model").exists()


def test_inputs_that_cannot_be_read(corpus: Path, here: Path, run: Run) -> None:
    ended = run("fit", corpus, "nowhere", "-o", "a.model")
    assert ended.status == 3
    assert Model.load("a.model").documents == 22
    (here / "empty.txt").write_text(" \n")
    ended = run("fit", "empty.txt", "-o", "b.model")
    assert ended.status == 3
    assert "there is nothing to learn from: no document with text was read" in ended.errors[0]
    assert not (here / "b.model").exists()


def test_model_of_the_configuration(
    corpus: Path, here: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "cleaner.toml").write_text('model = "corpus.model"\n')
    page = corpus / "site/03.txt"
    ended = run("check", page)
    assert (ended.status, len(ended.errors)) == (2, 1)
    assert "corpus.model: cannot be read" in ended.errors[0]
    assert run("fit", corpus, "-o", "corpus.model", "-q").status == 0
    monkeypatch.chdir(corpus / "site")  # a file names others as seen from its own folder
    assert run("check", "03.txt").status == 1
    assert run("check", "03.txt", "--model", "").status == 0
    assert "corpus.model" in run("config").out
    assert check_files("03.txt", {"model": here / "corpus.model"}).findings
    assert not check_files("03.txt").findings
    assert run("dedup", "03.txt", "-o", here / "unique", "-q").status == 0


def test_model_in_any_form(corpus: Path, here: Path) -> None:
    model = fit_files(corpus)
    model.save("a.model")
    expected = [str(one) for one in check_files(corpus / "site", model=model).findings]
    for given in ("a.model", here / "a.model"):
        assert [str(one) for one in check_files(corpus / "site", model=given).findings] == expected
    clean_files(corpus / "site", "one", model=model)
    clean_files(corpus / "site", "two", Settings(jobs=2), model="a.model")
    assert tree(here / "one") == tree(here / "two")
    assert Cleaner().model is None
    with pytest.raises(TypeError, match="a path is a str or a Path, not a int"):
        Cleaner(model=5).clean_text("x")  # type: ignore[arg-type]


def test_a_killed_run_goes_on_by_the_model_that_is_given(
    corpus: Path, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    models = fit_files(corpus / "site"), fit_files(corpus / "notes.jsonl")
    assert models[0].digest != models[1].digest

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(passes, "write", stop)
        with pytest.raises(KeyboardInterrupt):
            clean_files(corpus, "out", model=models[1])
    assert (here / "out/_cleaner/work").is_dir()
    clean_files(corpus, "out", model=models[0])
    clean_files(corpus, "fresh", model=models[0])
    assert tree(here / "out") == tree(here / "fresh")
    assert MENU[0] not in (here / "out/site/03.txt").read_text()


def test_processes_and_hash_seeds_do_not_matter(corpus: Path, here: Path) -> None:
    for name in ("one.model", "two.model"):
        ended = process("fit", "corpus", "-j", 2, "-o", name, cwd=here)
        assert (ended.status, ended.err) == (0, "")
    assert (here / "one.model").read_bytes() == (here / "two.model").read_bytes()
