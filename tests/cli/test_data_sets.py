"""Folders of data sets: the same layout comes out, and `datasets` loads it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.running import Run

datasets = pytest.importorskip("datasets", reason="the extra `dev` brings datasets")

PAGE = (
    "The tide came in over the third step again, and nobody who stood on the quay that morning "
    "said a word about the boats, the nets, or what the harbour master had written down."
)
TEXTS = {"train": ["a  b", PAGE, "c &amp; d", PAGE], "test": ["e  f", "g"]}
CLEANED = {"train": ["a b", PAGE, "c & d"], "test": ["e f", "g"]}
CARD = """\
---
license: cc0-1.0
dataset_info:
- config_name: tides
  features:
  - name: text
    dtype: string
  - name: n
    dtype: int64
  splits:
  - name: train
    num_bytes: 400
    num_examples: 4
  - name: test
    num_bytes: 20
    num_examples: 2
  download_size: 1000
  dataset_size: 420
configs:
- config_name: tides
  data_files:
  - split: train
    path: data/train-*
  - split: test
    path: data/test-*
---
# Tides  of the quay

What it   &quot;holds&quot;.
"""
LEFT_OUT = """\
  splits:
  - name: train
    num_bytes: 400
    num_examples: 4
  - name: test
    num_bytes: 20
    num_examples: 2
  download_size: 1000
  dataset_size: 420
"""


def loaded(folder: Path, form: str, cache: Path) -> dict[str, list[str]]:
    """Load a folder as people do, by its card; or by the names of its files."""
    named = {} if (folder / "README.md").exists() else {
        "path": form, "data_files": {one: f"{folder}/data/{one}-*" for one in TEXTS},
    }  # fmt: skip
    found = datasets.load_dataset(**{"path": str(folder), **named}, cache_dir=str(cache))
    return {split: rows["text"][:] for split, rows in found.items()}


@pytest.fixture
def source(here: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(datasets.config, "HF_HUB_OFFLINE", True)
    datasets.disable_progress_bars()
    (here / "in/data").mkdir(parents=True)
    return here / "in"


def write(source: Path, form: str) -> None:
    for split, texts in TEXTS.items():
        rows = datasets.Dataset.from_dict({"text": texts, "n": list(range(len(texts)))})
        path = source / f"data/{split}-00000-of-00001.{'jsonl' if form == 'json' else form}"
        rows.to_json(path) if form == "json" else rows.to_parquet(path)


@pytest.mark.parametrize("form", ["parquet", "json"])
@pytest.mark.parametrize("has_card", [True, False])
def test_cleaned_loaded_and_restored(
    form: str, has_card: bool, source: Path, here: Path, run: Run
) -> None:
    write(source, form)
    if has_card:
        (source / "README.md").write_text(CARD)
    before = loaded(source, form, here / "cache")
    assert before == TEXTS
    ended = run("clean", "in", "-o", "out", "-q")
    assert (ended.status, ended.err) == (0, "")
    names = sorted(path.relative_to(source) for path in source.rglob("*.*"))
    out = here / "out"
    found = sorted(path.relative_to(out) for path in out.rglob("*.*"))
    assert [path for path in found if path.parts[0] != "_cleaner"] == names
    assert loaded(out, form, here / "cache") == CLEANED
    if has_card:
        assert (out / "README.md").read_text() == CARD.replace(LEFT_OUT, "")
        report = json.loads((out / "_cleaner/report.json").read_text())
        assert report["remarks"] == {"README.md": "the card of a data set, which goes as it stands"}
    assert run("restore", "out", "-o", "back", "-q").status == 0
    if has_card:
        assert (here / "back/README.md").read_text() == CARD
    assert loaded(here / "back", form, here / "cache") == TEXTS


def test_a_card_whose_figures_hold_stays_whole(source: Path, here: Path, run: Run) -> None:
    write(source, "parquet")
    (source / "README.md").write_text(CARD)
    (here / "in/sub").mkdir()
    (here / "in/sub/README.md").write_text("# No  card\n")
    assert run("clean", "in", "-o", "out", "-q", "--scope", "none").status == 0
    assert (here / "out/README.md").read_text() == CARD
    assert (here / "out/sub/README.md").read_text() == "# No card\n"
    assert run("dedup", "in", "-o", "deduped", "-q").status == 0
    assert (here / "deduped/README.md").read_text() == CARD.replace(LEFT_OUT, "")
    assert run("check", "in/README.md", "-q").status == 0
    assert run("check", "in/README.md", "-q", "--as", "txt").status == 1


def test_splits_in_shards_are_loaded(source: Path, here: Path, run: Run) -> None:
    write(source, "json")
    ended = run("clean", "in", "-o", "out", "-q", "--shard-size", "200", "--scope", "none")
    assert ended.status == 0
    assert len(list((here / "out/data").glob("train-*-of-*.jsonl"))) > 1
    expected = [text.replace("  ", " ").replace("&amp;", "&") for text in TEXTS["train"]]
    assert loaded(here / "out", "json", here / "cache")["train"] == expected
