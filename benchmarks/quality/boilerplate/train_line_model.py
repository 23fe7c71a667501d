"""Train the line model: ``python -m benchmarks.quality.boilerplate.train_line_model FILE``.

FILE holds labelled pages, a JSON record each: ``{"id", "url", "type", "lines": [[text, y], ...]}``
with y 1 for text, 0 for boilerplate, null for undecided. Prints what cross-validation by site
gives, by words, and writes the model that ships. Needs PyTorch and CatBoost; runs in one thread, so
that the same pages give the same model on the same machine.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import tempfile
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from benchmarks.quality.boilerplate.growing import grow
from benchmarks.quality.boilerplate.net import exported
from benchmarks.quality.boilerplate.offsets import Judged, fit_offset
from benchmarks.quality.boilerplate.pages import FOLDS, lexicon, read_pages
from benchmarks.quality.boilerplate.samples import Source, sources
from benchmarks.quality.boilerplate.training import train
from cleaner.steps.boilerplate.line_model.features import Lexicon, counts_of, extract_features
from cleaner.steps.boilerplate.line_model.model import LineModel, line_scores, read_model
from cleaner.steps.boilerplate.line_model.scores.calibration import STATISTICS, Offset, offset_of

_MODEL = Path(__file__).parents[3] / "cleaner" / "data" / "boilerplate_lines.npz"
_FAR = 99.0

Floats = npt.NDArray[np.float64]
_NONE = np.zeros(STATISTICS, dtype=np.int64)
_NO_OFFSET = Offset(_NONE, _NONE, _NONE, np.array(0))


def scores(model: LineModel, source: Source) -> Floats:
    """Return the log-odds of all lines of the page; beyond reach for those that rules decide."""
    found = np.full(len(source.page.lines), -_FAR if source.within else _FAR)
    if source.within:
        left = [source.page.lines[line] for line in source.left.tolist()]
        found[source.left] = line_scores(left, model)
    return found


def judged(source: Source, found: Floats, words: Lexicon) -> Judged | None:
    """Return what the model said of the lines that rules leave of the page, if any."""
    if not source.within or not len(source.left):
        return None
    left = [source.page.lines[line] for line in source.left.tolist()]
    counts = np.array([len(line.split()) for line in left])
    labels = source.page.labels[source.left]
    return Judged(found[source.left], counts_of(extract_features(left, words)), counts, labels)


def moved(source: Source, found: Floats, offset: Offset, words: Lexicon) -> Floats:
    """Return the log-odds with the offset of the page."""
    page = judged(source, found, words)
    if page is None:
        return found
    out = found.copy()
    out[source.left] += offset_of(page.scores, page.words, offset)
    return out


def put_offset(path: Path, offset: Offset) -> None:
    """Write the offset into the model in the file."""
    with np.load(path, allow_pickle=False) as arrays:
        whole = dict(arrays)
    whole |= {f"offset_{name}": array for name, array in offset._asdict().items()}
    np.savez_compressed(path, **whole)


def report(name: str, pages: list[tuple[Source, Floats]]) -> None:
    """Print what is removed at given shares kept, and the best F1, weighted by words."""
    y = np.concatenate([source.page.labels for source, _ in pages])
    w = np.array([len(line.split()) for source, _ in pages for line in source.page.lines])
    p = np.concatenate([found for _, found in pages])
    known = y >= 0
    order = np.argsort(p[known], kind="stable")
    y, w, p = y[known][order], w[known][order], p[known][order]
    text, other = w * (y == 1), w * (y == 0)
    kept = 1 - np.cumsum(text) / text.sum()
    gone = np.cumsum(other) / other.sum()
    right = kept * text.sum()
    f1 = 2 * right / (right + (1 - gone) * other.sum() + text.sum())
    at = {
        share: max(int(np.searchsorted(-kept, -share, side="right")) - 1, 0)
        for share in (0.99, 0.985, 0.97, 0.95)
    }
    best = int(f1.argmax())
    shares = ", ".join(f"{gone[i]:.3f} at {share} ({p[i]:.2f})" for share, i in at.items())
    print(
        f"{name}: removed {shares}; best F1 {f1[best]:.4f} "
        f"(kept {kept[best]:.3f}, removed {gone[best]:.3f}, threshold {p[best]:.2f})",
        flush=True,
    )


def write(learn_from: list[Source], words: Lexicon, source: Path, out: Path) -> LineModel:
    """Train on the pages; write the model in whole numbers, with where it comes from."""
    net = train(learn_from, words)
    forest = grow(learn_from, words, net.words)
    about = {
        "source": "Web Content Extraction Benchmark (WCXB), development pages, labels by line",
        "licence": "the pages are CC-BY-4.0 (Murrough-Foley); here are statistics of them, "
        "no text; word lists are from wordfreq",
        "sha256": hashlib.sha256(source.read_bytes()).hexdigest(),
        "words": len(net.words),
        "shapes": len(net.shapes),
    }
    np.savez_compressed(
        out,
        about=np.frombuffer(json.dumps(about).encode(), dtype=np.uint8),
        words=net.words,
        shapes=net.shapes,
        **net.lexicon._asdict(),
        **exported(net.net),
        **{f"forest_{name}": array for name, array in forest._asdict().items()},
        **{f"offset_{name}": array for name, array in _NO_OFFSET._asdict().items()},
    )
    print(out, out.stat().st_size, "bytes", about, flush=True)
    return read_model(out.read_bytes())


def main() -> None:
    """Cross-validate and write the model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--folds", type=int, nargs="*", default=list(range(FOLDS)))
    parser.add_argument("--folds-out", type=Path, help="folder for the models of the folds")
    parser.add_argument("--out", type=Path, default=_MODEL)
    chosen = parser.parse_args()
    torch.set_num_threads(1)
    every, words = sources(read_pages(chosen.file)), lexicon()
    seen: list[tuple[Source, Floats]] = []
    folder = chosen.folds_out or Path(tempfile.mkdtemp())
    folder.mkdir(parents=True, exist_ok=True)
    for fold in chosen.folds:
        others = [source for source in every if source.page.fold != fold]
        model = write(others, words, chosen.file, folder / f"fold{fold}.npz")
        part = [(one, scores(model, one)) for one in every if one.page.fold == fold]
        report(f"fold {fold}, without the offset", part)
        seen += part
    whole: list[tuple[Source, Floats]] = []
    for fold in chosen.folds:
        offset = _fitted([part for part in seen if part[0].page.fold != fold], words)
        put_offset(folder / f"fold{fold}.npz", offset)
        part = [(one, moved(one, p, offset, words)) for one, p in seen if one.page.fold == fold]
        report(f"fold {fold}", part)
        whole += part
    if whole:
        report("all", whole)
    for kind in sorted({source.page.kind for source, _ in whole}):
        report(f"    {kind}", [one for one in whole if one[0].page.kind == kind])
    write(every, words, chosen.file, chosen.out)
    put_offset(chosen.out, _fitted(seen, words))


def _fitted(seen: list[tuple[Source, Floats]], words: Lexicon) -> Offset:
    found = (judged(source, scored, words) for source, scored in seen)
    pages = [page for page in found if page is not None]
    return fit_offset(pages) if pages else _NO_OFFSET


if __name__ == "__main__":
    main()
