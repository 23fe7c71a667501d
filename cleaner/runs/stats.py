"""``stats``: what the inputs are made of, counted in one reading."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import xxhash

from cleaner.core.errors import CleanerError, InputError
from cleaner.core.paragraphs import paragraph_spans
from cleaner.core.settings.config import Settings
from cleaner.engines.base import Engine
from cleaner.formats.registry import FORMATS, base_of
from cleaner.reports.statistics import UNKNOWN, CorpusStatistics, Repeats
from cleaner.runs.input.parsing import Problem, stage
from cleaner.runs.input.reading import Batch, Failure, Inputs, read_batches
from cleaner.runs.progress import Progress

# So many hashes are kept; of more, those below a limit, which is halved whenever it is needed.
_MOST_HASHES = 1 << 21

Hashes = npt.NDArray[np.uint64]


@dataclass
class Counted:
    """What a batch came to: its counts, the hashes of its documents and paragraphs, by file."""

    statistics: CorpusStatistics
    documents: Hashes
    paragraphs: Hashes
    problems: list[Problem]


@dataclass(frozen=True)
class CountBatch:
    """Counting as a picklable function of a batch."""

    settings: Settings

    def __call__(self, batch: Batch) -> Counted:
        """Return what the batch's documents come to."""
        counts = CorpusStatistics()
        documents: list[int] = []
        paragraphs: list[int] = []
        problems = []
        for entry in batch.entries:
            name, format = batch.names[entry.file], batch.formats[entry.file]
            staged = stage(entry, name, format, self.settings, repairs=False)
            if staged.error is not None:
                problems.append(Problem(entry.file, staged.error))
            if staged.raw is None:
                count_text(staged.text, counts, documents, paragraphs)
        return Counted(
            counts, np.array(documents, np.uint64), np.array(paragraphs, np.uint64), problems
        )


def count_text(
    text: str, counts: CorpusStatistics, documents: list[int], paragraphs: list[int]
) -> None:
    """Count a document; append its hash and those of its paragraphs."""
    from cleaner.blocks import find_blocks
    from cleaner.steps.lost_spaces.languages.detect import detect_language

    text = text.replace("\r\n", "\n").replace("\r", "\n")
    counts.documents += 1
    counts.characters += len(text)
    if not text.strip():
        counts.empty += 1
        return
    counts.words += len(text.split())
    counts.languages[detect_language(text) or UNKNOWN] += 1
    counts.kinds.update(str(block.kind) for block in find_blocks(text))
    for line in text.split("\n"):
        if line:
            counts.lines.add(len(line))
    documents.append(_hash(text.strip()))
    for start, end in paragraph_spans(text):
        counts.paragraphs.add(end - start)
        paragraphs.append(_hash(text[start:end]))


def _hash(text: str) -> int:
    return xxhash.xxh3_64_intdigest(text.encode("utf-8", "surrogatepass"))


@dataclass
class Copies:
    """Counts what was there before, by hashes, of which it keeps no more than some millions."""

    repeats: Repeats
    most: int = _MOST_HASHES
    _limit: int = 1 << 64
    _known: Hashes = field(default_factory=lambda: np.empty(0, np.uint64))
    _times: npt.NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))

    def add(self, hashes: Hashes) -> None:
        """Look at some more."""
        self.repeats.count += len(hashes)
        kept = hashes if self._limit == 1 << 64 else hashes[hashes < np.uint64(self._limit)]
        fresh, times = np.unique(kept, return_counts=True)
        both = np.concatenate([self._known, fresh])
        self._known, places = np.unique(both, return_inverse=True)
        weights = np.concatenate([self._times, times])
        self._times = np.bincount(places, weights, len(self._known)).astype(np.int64)
        while len(self._known) > self.most:
            self._limit //= 2
            stays = self._known < np.uint64(self._limit)
            self._known, self._times = self._known[stays], self._times[stays]
        self.repeats.looked_at = int(self._times.sum())
        self.repeats.copies = self.repeats.looked_at - len(self._known)


def count_inputs(
    inputs: Inputs, settings: Settings, engine: Engine, progress: Progress
) -> CorpusStatistics:
    """Return what all inputs are made of; what cannot be read is told."""
    whole = CorpusStatistics(skipped=inputs.skipped)
    copies = Copies(whole.repeated_documents), Copies(whole.repeated_paragraphs)

    def tell(error: CleanerError) -> None:
        whole.problems.append(str(error))
        progress.problem(error)

    for error in inputs.errors:
        tell(error)
    failures: list[Failure] = []
    progress.begin("parse", inputs.total_bytes())
    batches = read_batches(inputs, settings.input, failures.append, progress.advance)
    for counted in engine.map(CountBatch(settings), batches):
        _merge(whole, counted.statistics)
        for own, hashes in zip(copies, (counted.documents, counted.paragraphs), strict=True):
            own.add(hashes)
        for problem in counted.problems:
            file = inputs.files[problem.file]
            if FORMATS[file.format].one_document:
                file.error = problem.message
            tell(InputError(problem.message))
    for failure in failures:
        tell(failure.error)
    for file in inputs.files:
        if file.error is None:
            whole.files += 1
            whole.bytes += file.content_size
            whole.formats[base_of(file.format)] += 1
    return whole


def _merge(whole: CorpusStatistics, part: CorpusStatistics) -> None:
    whole.documents += part.documents
    whole.empty += part.empty
    whole.characters += part.characters
    whole.words += part.words
    whole.languages.update(part.languages)
    whole.kinds.update(part.kinds)
    whole.lines.merge(part.lines)
    whole.paragraphs.merge(part.paragraphs)
