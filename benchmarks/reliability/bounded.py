"""Corpora larger than memory, one huge file, a million small documents: what a run takes of each.

The texts are made: words of English by how common they are, in sentences and paragraphs, with some
dirt and some copies. So their speed is no measure of real text; their memory is.
"""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.reliability.processes import children_of, environment

# Every so manieth paragraph is one that stood before.
_COPIED = 50
_DIRT = ("&amp;", "\u200b", "  ", "â€™", " \t")
# Rows of a row group, as data sets are mostly written.
_ROWS = 10_000
_LOOK_EVERY = 0.2

# Words of a document, by form.
_WORDS = {"large": 540, "small": 18}
FORMS = ("parquet", *_WORDS)


class Measured(NamedTuple):
    """What a run took: its status, seconds, and the most memory at a time.

    In megabytes: `peak` of all of its processes together, `own` of it without pages of files.
    """

    status: int
    seconds: float
    peak: int
    own: int
    said: str


class Prose:
    """Texts without end, the same ones for a number."""

    def __init__(self, seed: int) -> None:
        from wordfreq import top_n_list

        self._dice = np.random.default_rng(seed)
        self._words = np.array(top_n_list("en", 30_000), dtype=object)
        weights = 1 / (np.arange(len(self._words)) + 2.7)
        self._steps = np.cumsum(weights / weights.sum())
        self._earlier = [self._made(60)]

    def paragraph(self, words: int) -> str:
        """Return a paragraph of some words, sometimes an earlier one."""
        turn = int(self._dice.integers(_COPIED))
        if turn == 0:
            return self._earlier[int(self._dice.integers(len(self._earlier)))]
        made = self._made(words)
        if turn == 1:
            dirt = _DIRT[int(self._dice.integers(len(_DIRT)))]
            made = made.replace(" ", f" {dirt}", 1)
        if turn == 2 and len(self._earlier) < 1000:
            self._earlier.append(made)
        return made

    def document(self, words: int) -> str:
        """Return a document of about so many words."""
        return "\n\n".join(self.paragraph(min(words, 90)) for _ in range(max(1, words // 90)))

    def _made(self, words: int) -> str:
        places = np.searchsorted(self._steps, self._dice.random(words))
        chosen = self._words[np.minimum(places, len(self._words) - 1)]
        sentences = (
            " ".join(chosen[at : at + 15]).capitalize() + "." for at in range(0, words, 15)
        )
        return " ".join(sentences)


def make_parquet(path: Path, size: int, seed: int = 1) -> None:
    """Write tables of about `size` bytes of text in all, each of a quarter of a gigabyte."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    path.mkdir()
    prose = Prose(seed)
    numbers = itertools.count()
    written = 0
    for part in itertools.count():
        if written >= size:
            return
        end = min(size, written + (256 << 20))
        schema = pa.schema({"id": pa.string(), "text": pa.string(), "score": pa.float64()})
        with pq.ParquetWriter(path / f"part-{part:05d}.parquet", schema) as writer:
            while written < end:
                texts = [
                    prose.document(540) for _ in range(min(_ROWS, 1 + (end - written) // 3300))
                ]
                ids = [f"d{next(numbers)}" for _ in texts]
                scores = [len(text) / 7 for text in texts]
                writer.write_table(
                    pa.table({"id": ids, "text": texts, "score": scores}, schema=schema)
                )
                written += sum(map(len, texts))


def make_jsonl(path: Path, size: int, words: int, seed: int = 1) -> None:
    """Write one file of about `size` bytes of records of so many words."""
    prose = Prose(seed)
    written = 0
    with path.open("w", encoding="utf-8") as file:
        for number in itertools.count():
            if written >= size:
                return
            written += file.write(
                json.dumps({"id": number, "text": prose.document(words)}, ensure_ascii=False) + "\n"
            )


def measure(arguments: Sequence[str], folder: Path) -> Measured:
    """Run `cleaner` in a folder and watch the memory of it and its helpers."""
    begun = time.monotonic()
    with (folder / "said").open("w") as said:
        run = subprocess.Popen(
            [sys.executable, "-m", "cleaner", *arguments],
            cwd=folder, env=environment(), stdout=said, stderr=said,
        )  # fmt: skip
        peak = own = 0
        while run.poll() is None:
            held = [_memory(pid) for pid in _family(run.pid)]
            peak = max(peak, sum(resident for resident, _ in held))
            own = max(own, sum(anonymous for _, anonymous in held))
            time.sleep(_LOOK_EVERY)
    seconds = time.monotonic() - begun
    said_text = (folder / "said").read_text()
    return Measured(run.returncode, seconds, peak >> 10, own >> 10, said_text)


def _family(pid: int) -> Iterator[int]:
    yield pid
    for child in children_of(pid):
        yield from _family(child)


def _memory(pid: int) -> tuple[int, int]:
    """Return resident memory, and what of it is no page of a file, in kilobytes."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0, 0
    values = dict(line.split(":", 1) for line in lines if ":" in line)
    return tuple(int(values.get(key, "0 kB").split()[0]) for key in ("VmRSS", "RssAnon"))  # type: ignore[return-value]


def bounded(form: str, size: int, folder: Path, options: Sequence[str]) -> Measured:
    """Make a corpus of a form and some size, if it is not there yet, and clean it."""
    source = folder / f"{form}-{size}"
    if not source.exists():
        if form == "parquet":
            make_parquet(source, size)
        else:
            make_jsonl(source.with_suffix(".jsonl"), size, _WORDS[form])
    if form != "parquet":
        source = source.with_suffix(".jsonl")
    return measure(
        ["clean", str(source), "-o", "out", "--overwrite", "-j", "1", "-q", *options], folder
    )
