"""Train the line model: ``python -m benchmarks.quality.boilerplate.train_line_model FILE``.

FILE holds labelled pages, a JSON record each: ``{"id", "url", "type", "lines": [[text, y], ...]}``
with y 1 for text, 0 for boilerplate, null for undecided. Prints what cross-validation by site
gives, by words, and writes the model that ships. Needs scikit-learn, scipy and catboost.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import wordfreq
from catboost import CatBoostClassifier, Pool
from scipy.sparse import csr_matrix
from sklearn.linear_model import SGDClassifier

from benchmarks.quality.boilerplate.pages import FOLDS, Page, empty_lexicon, read_pages
from cleaner.normalize.boilerplate.charclass import hash_word
from cleaner.normalize.boilerplate.features import Lexicon, line_features, line_forms
from cleaner.normalize.boilerplate.lines import Lines
from cleaner.normalize.boilerplate.step import rule_set

_LEAST_PAGES = 20
_GENERAL_WORDS = 30_000
_SCALE = 1000
_CLEANED_WEIGHT = 0.5
_MODEL = Path(__file__).parents[3] / "cleaner" / "data" / "boilerplate_lines.npz"

Floats = npt.NDArray[np.float32]


def general_words(pages: list[Page]) -> dict[int, int]:
    """Return by hash the column of each common English word that stands on many pages."""
    top = {hash_word(word) for word in wordfreq.top_n_list("en", _GENERAL_WORDS) if word.isalpha()}
    seen: dict[int, int] = {}
    for page in pages:
        for word in set(line_forms(page.lines, empty()).hashes.tolist()):
            if word in top:
                seen[word] = seen.get(word, 0) + 1
    chosen = sorted(word for word, number in seen.items() if number >= _LEAST_PAGES)
    return {word: column for column, word in enumerate(chosen)}


_EMPTY: list[Lexicon] = []


def empty() -> Lexicon:
    """Return the lexicon without learned weights (built once)."""
    if not _EMPTY:
        _EMPTY.append(empty_lexicon())
    return _EMPTY[0]


def learn_words(pages: list[Page], columns: dict[int, int]) -> Lexicon:
    """Return the lexicon with the weights that a linear model gives the general words."""
    rows, places, values, labels, weights = [], [], [], [], []
    offset = 0
    for page in pages:
        forms = line_forms(page.lines, empty())
        number = np.maximum(np.bincount(forms.line_of, minlength=len(page.lines)), 1)
        for word, line in zip(forms.hashes.tolist(), forms.line_of.tolist(), strict=True):
            if word in columns and page.labels[line] >= 0:
                rows.append(offset + line)
                places.append(columns[word])
                values.append(1.0 / np.sqrt(number[line]))
        labels.append(page.labels)
        weights.append(np.minimum(forms.tokens, 30) + 1.0)
        offset += len(page.lines)
    y, w = np.concatenate(labels), np.concatenate(weights)
    table = csr_matrix((values, (rows, places)), shape=(offset, len(columns)))
    known = y >= 0
    linear = SGDClassifier(loss="log_loss", alpha=2e-6, max_iter=6, tol=None, random_state=0)
    linear.fit(table[known], y[known], sample_weight=w[known] / w[known].mean())
    learned = np.clip(np.round(linear.coef_[0] * _SCALE), -30_000, 30_000).astype(np.int32)
    return empty()._replace(words=np.array(list(columns), dtype=np.uint64), weights=learned)


def page_features(lines: list[str], lexicon: Lexicon) -> Floats:
    """Return the features of a page's lines, shape (lines, features)."""
    marks = rule_set().marks(Lines("\n".join(lines)))
    return np.ascontiguousarray(line_features(line_forms(lines, lexicon), marks).T)


def cleaned(page: Page, rng: np.random.Generator) -> Page:
    """Return the page with most of its boilerplate gone, as an earlier cleaning leaves it."""
    share = rng.uniform(0.6, 1.0)
    keep = (page.labels != 0) | (rng.random(len(page.labels)) > share)
    kept = np.flatnonzero(keep)
    if len(kept) == 0:
        return page
    return page._replace(lines=[page.lines[i] for i in kept], labels=page.labels[kept])


def learn(
    table: Floats, y: npt.NDArray[np.int8], w: npt.NDArray[np.float64], trees: int
) -> CatBoostClassifier:
    """Return a forest of symmetric trees of depth 6."""
    known = y >= 0
    forest = CatBoostClassifier(
        iterations=trees,
        depth=6,
        learning_rate=0.1,
        l2_leaf_reg=10,
        border_count=32,
        rsm=0.25,
        bootstrap_type="Bernoulli",
        subsample=0.6,
        thread_count=2,
        random_seed=1,
        verbose=0,
        allow_writing_files=False,
    )
    forest.fit(Pool(table[known], y[known], weight=w[known]))
    return forest


def report(
    name: str, y: npt.NDArray[np.int8], p: npt.NDArray[np.float64], w: npt.NDArray[np.int64]
) -> None:
    """Print what is removed at given shares kept, and the best F1, weighted by words."""
    known = y >= 0
    order = np.argsort(p[known], kind="stable")
    y, w, p = y[known][order], w[known][order], p[known][order]
    text, other = w * (y == 1), w * (y == 0)
    kept = 1 - np.cumsum(text) / text.sum()
    gone = np.cumsum(other) / other.sum()
    right = kept * text.sum()
    f1 = 2 * right / (right + (1 - gone) * other.sum() + text.sum())
    at = {
        share: int(np.searchsorted(-kept, -share, side="right")) - 1
        for share in (0.995, 0.985, 0.97, 0.95)
    }
    best = int(f1.argmax())
    shares = ", ".join(f"{gone[i]:.3f} at {share} ({p[i]:.2f})" for share, i in at.items())
    print(
        f"{name}: removed {shares}; best F1 {f1[best]:.4f} "
        f"(kept {kept[best]:.3f}, removed {gone[best]:.3f}, threshold {p[best]:.2f})",
        flush=True,
    )


def main() -> None:
    """Cross-validate and write the model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--trees", type=int, default=300)
    parser.add_argument(
        "--folds", type=int, default=FOLDS, help="folds that are tried; 0 trains only"
    )
    parser.add_argument("--folds-out", type=Path, help="folder for the models of the folds")
    parser.add_argument("--scores", type=Path, help="where cross-validated scores go (.npy)")
    parser.add_argument("--out", type=Path, default=_MODEL)
    chosen = parser.parse_args()
    pages = read_pages(chosen.file)
    columns = general_words(pages)
    rng = np.random.default_rng(0)
    folds = np.concatenate([np.full(len(page.lines), page.fold) for page in pages])
    lexicons = [learn_words([p for p in pages if p.fold != fold], columns) for fold in range(FOLDS)]
    table = np.concatenate([page_features(p.lines, lexicons[p.fold]) for p in pages])
    y = np.concatenate([page.labels for page in pages])
    w = np.array([len(line.split()) for page in pages for line in page.lines])
    again = [cleaned(page, rng) for page in pages[::2]]
    more = np.concatenate([page_features(p.lines, lexicons[p.fold]) for p in again])
    more_y = np.concatenate([page.labels for page in again])
    more_w = np.array([len(line.split()) for page in again for line in page.lines])
    more_folds = np.concatenate([np.full(len(page.lines), page.fold) for page in again])
    print("features", table.shape, more.shape, flush=True)
    every = np.concatenate([table, more])
    every_y = np.concatenate([y, more_y])
    every_w = np.concatenate(
        [np.minimum(w, 60) + 1.0, (np.minimum(more_w, 60) + 1.0) * _CLEANED_WEIGHT]
    )
    every_folds = np.concatenate([folds, more_folds])
    scores = np.full(len(y), np.nan)
    for fold in range(chosen.folds):
        rest = every_folds != fold
        forest = learn(every[rest], every_y[rest], every_w[rest], chosen.trees)
        scores[folds == fold] = forest.predict(
            table[folds == fold], prediction_type="RawFormulaVal"
        )
        report(f"fold {fold}", y[folds == fold], scores[folds == fold], w[folds == fold])
        if chosen.folds_out:
            target = chosen.folds_out / f"fold{fold}.npz"
            write(forest, lexicons[fold], chosen.file, target)
        part = more_folds == fold
        again_scores = forest.predict(more[part], prediction_type="RawFormulaVal")
        report(f"fold {fold} cleaned", more_y[part], again_scores, more_w[part])
        if chosen.scores:
            np.save(chosen.scores, scores)
    tried = ~np.isnan(scores)
    if tried.any():
        report("all", y[tried], scores[tried], w[tried])
    write(
        learn(every, every_y, every_w, chosen.trees),
        learn_words(pages, columns),
        chosen.file,
        chosen.out,
    )


def padded(tree: dict[str, Any]) -> dict[str, Any]:
    """Return the tree with six splits; the added ones never hold, so their leaves are not met."""
    never = {"float_feature_index": 0, "border": float("inf")}
    missing = 6 - len(tree["splits"] or [])
    splits = [*(tree["splits"] or []), *[never] * missing]
    leaves = tree["leaf_values"]
    return {"splits": splits, "leaf_values": [*leaves, *[0.0] * (64 - len(leaves))]}


def write(forest: CatBoostClassifier, lexicon: Lexicon, source: Path, out: Path) -> None:
    """Write the forest and the lexicon as arrays, with where they come from."""
    dump = out.with_suffix(".json")
    forest.save_model(str(dump), format="json")
    model = json.loads(dump.read_text())
    dump.unlink()
    borders = [
        (f["flat_feature_index"], f.get("borders") or [])
        for f in model["features_info"]["float_features"]
    ]
    assert all(index == place for place, (index, _) in enumerate(borders))
    trees = [padded(tree) for tree in model["oblivious_trees"]]
    features = np.array(
        [[s["float_feature_index"] for s in tree["splits"]] for tree in trees], np.int16
    )
    limits = np.array([[s["border"] for s in tree["splits"]] for tree in trees], np.float32)
    leaves = np.array([tree["leaf_values"] for tree in trees])
    scale, bias = model["scale_and_bias"]
    base = np.round((bias[0] if isinstance(bias, list) else bias) * 1e6).astype(np.int64)
    about = {
        "source": "Web Content Extraction Benchmark (WCXB), development pages, labels by line",
        "licence": "the pages are CC-BY-4.0 (Murrough-Foley); here are statistics of them, "
        "no text; word lists are from wordfreq",
        "sha256": hashlib.sha256(source.read_bytes()).hexdigest(),
        "features": len(borders),
        "trees": len(trees),
    }
    np.savez_compressed(
        out,
        about=np.frombuffer(json.dumps(about).encode(), dtype=np.uint8),
        features=features,
        limits=limits,
        leaves=np.round(leaves * scale * 1e6).astype(np.int32),
        base=base,
        **lexicon._asdict(),
    )
    print(out, out.stat().st_size, "bytes", about)


if __name__ == "__main__":
    main()
