"""Growing the forest of the line model: boosted trees by CatBoost, put into whole numbers."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from catboost import CatBoostClassifier, Pool

from benchmarks.quality.boilerplate.net import Hashes, places
from benchmarks.quality.boilerplate.samples import Lines, Source
from cleaner.steps.boilerplate.line_model.columns import FIRST_WINDOW, FOREST_COLUMNS, REACH, TOP
from cleaner.steps.boilerplate.line_model.features import Lexicon, extract_features
from cleaner.steps.boilerplate.line_model.scores.forest import Bytes, Forest, forest_columns

_TREES, _LEVELS, _RATE = 500, 6, 0.15
_SMOOTH, _EVIDENCE_UNIT = 3.0, 16.0
_TEXT_WEIGHT, _TEMPER = 2.0, 0.3
_CLEANED = 0.4
_BOOKS, _MOST_PAGES = 60, 60
_MOST_LEAF = 32_000
_SHIFTS = 2 * REACH + 1

Evidence = npt.NDArray[np.int8]
Floats = npt.NDArray[np.float64]


class WordCounts:
    """On how many sites each known word stands in text, and in furniture."""

    def __init__(self, sources: list[Source], lexicon: Lexicon, words: Hashes) -> None:
        self._own: dict[str, npt.NDArray[np.bool_]] = {}
        for source in sources:
            own = self._own.setdefault(source.page.site, np.zeros((2, len(words) + 1), np.bool_))
            for label in (0, 1):
                chosen = source.left[source.page.labels[source.left] == label]
                if len(chosen):
                    sight = extract_features(
                        [source.page.lines[line] for line in chosen.tolist()], lexicon
                    )
                    own[label, places(words, sight.words)] = True
        self._all = np.sum([own[:, 1:] for own in self._own.values()], axis=0, dtype=np.int64)

    def evidence(self, without: str = "") -> Evidence:
        """Return the log-odds of each word, -64 to 63, as if there were no site `without`."""
        counts = self._all - (self._own[without][:, 1:] if without in self._own else 0)
        odds = np.log((counts[1] + _SMOOTH) / (counts[0] + _SMOOTH)) * _EVIDENCE_UNIT
        return np.clip(np.rint(odds), -64, 63).astype(np.int8)


def grow(sources: list[Source], lexicon: Lexicon, words: Hashes, seed: int = 1) -> Forest:
    """Return a forest that has learned from the pages, and from some without their furniture.

    It learns from books too, the text of many pages one after the other: else it would take long
    texts, where every place is far from all it knows, for furniture. What words say of a page
    while the forest learns is counted without the page's site.
    """
    rng = np.random.default_rng(seed)
    sources = [source for source in sources if len(source.left)]
    counts = WordCounts(sources, lexicon, words)
    rows: list[Bytes] = []
    targets: list[npt.NDArray[np.int8]] = []
    weights: list[Floats] = []
    for _ in range(_BOOKS):
        size = int(_MOST_PAGES ** rng.uniform(0.2, 1.0))
        parts = [sources[number] for number in rng.choice(len(sources), size)]
        texts = [part.left[part.page.labels[part.left] == 1] for part in parts]
        lines = [
            part.page.lines[line]
            for part, text in zip(parts, texts, strict=True)
            for line in text.tolist()
        ]
        if lines:
            rows.append(questions(_columns(lines, lexicon, words, counts.evidence())))
            targets.append(np.ones(len(lines), dtype=np.int8))
            weights += [_weights(part, text) for part, text in zip(parts, texts, strict=True)]
    for source in sources:
        evidence = counts.evidence(source.page.site)
        labels = source.page.labels[source.left]
        versions = [source.left]
        if rng.random() < _CLEANED:
            share = rng.uniform(0.5, 1.0)
            versions.append(source.left[(labels != 0) | (rng.random(len(labels)) > share)])
        for chosen in versions:
            known = source.page.labels[chosen] >= 0
            if known.any():
                lines = [source.page.lines[line] for line in chosen.tolist()]
                rows.append(questions(_columns(lines, lexicon, words, evidence))[known])
                targets.append(source.page.labels[chosen][known])
                weights.append(_weights(source, chosen)[known])
    model = CatBoostClassifier(
        iterations=_TREES,
        depth=_LEVELS,
        learning_rate=_RATE,
        rsm=0.1,
        border_count=24,
        l2_leaf_reg=20,
        bootstrap_type="Bernoulli",
        subsample=0.5,
        boosting_type="Plain",
        leaf_estimation_iterations=1,
        thread_count=1,
        random_seed=seed,
        verbose=0,
        allow_writing_files=False,
    )
    weight = np.concatenate(weights)
    seen = np.concatenate(rows).astype(np.float32)
    model.fit(Pool(seen, np.concatenate(targets), weight=weight / weight.mean()))
    return _packed(model, counts.evidence())


def _weights(source: Source, chosen: Lines) -> Floats:
    """Return how much lines count: by their words, text more, those of large pages less."""
    weights = (
        source.weights[chosen] * max(float(source.weights[source.left].sum()), 1.0) ** -_TEMPER
    )
    return np.where(source.page.labels[chosen] == 1, _TEXT_WEIGHT * weights, weights)


def _columns(lines: list[str], lexicon: Lexicon, words: Hashes, evidence: Evidence) -> Bytes:
    sight = extract_features(lines, lexicon)
    return forest_columns(sight, places(words, sight.words) - 1, evidence)


def questions(columns: Bytes) -> Bytes:
    """Return what a tree may ask of each line: (lines, questions).

    All but the windows are asked of the lines within reach too.
    """
    lines = columns.shape[1] - 2 * REACH
    near = [columns[:FIRST_WINDOW, shift : shift + lines] for shift in range(_SHIFTS)]
    far = columns[FIRST_WINDOW:, REACH : REACH + lines]
    return np.ascontiguousarray(np.concatenate([*near, far]).T)


def _question(number: int) -> tuple[int, int]:
    """Return the column and the shift of a question.

    >>> _question(0), _question(FIRST_WINDOW * 7) == (FIRST_WINDOW, REACH)
    ((0, 0), True)
    """
    if number < FIRST_WINDOW * _SHIFTS:
        return number % FIRST_WINDOW, number // FIRST_WINDOW
    column = number - FIRST_WINDOW * (_SHIFTS - 1)
    assert column < FOREST_COLUMNS
    return column, REACH


def _packed(model: CatBoostClassifier, evidence: Evidence) -> Forest:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "forest.json"
        model.save_model(str(path), format="json")
        told: dict[str, Any] = json.loads(path.read_text())
    trees = told["oblivious_trees"]
    shape = len(trees), _LEVELS
    asked, shifts = np.zeros(shape, np.uint8), np.zeros(shape, np.uint8)
    least = np.full(shape, TOP + 1, np.uint8)
    leaves = np.zeros((len(trees), 1 << _LEVELS))
    for number, tree in enumerate(trees):
        for level, split in enumerate(tree["splits"] or ()):
            asked[number, level], shifts[number, level] = _question(split["float_feature_index"])
            least[number, level] = int(np.floor(split["border"])) + 1
        leaves[number, : len(tree["leaf_values"])] = tree["leaf_values"]
    scale, bias = told["scale_and_bias"]
    unit = float(np.abs(leaves).max()) / _MOST_LEAF
    whole = np.rint(leaves / unit).astype(np.int16)
    return Forest(
        evidence, asked, shifts, least, whole, np.array(unit * scale), np.array(float(bias[0]))
    )
