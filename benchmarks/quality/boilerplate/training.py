"""Training the net: batches of pages, fresh versions of them in every epoch, one cycle of rates."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from torch import nn
from torch.nn import functional

from benchmarks.quality.boilerplate.net import MEMBERS, Hashes, Net, batch
from benchmarks.quality.boilerplate.samples import Sample, Source, sample
from cleaner.steps.boilerplate.line_model.features import Lexicon, extract_features

_LEAST_SITES = 16
_LINES = 6000
_EPOCHS = 6.0
_RATE = 3e-3
_DECAY = 0.02
_UNSEEN = 0.2


class Trained(NamedTuple):
    """A net, and the words and shapes that it knows."""

    net: Net
    lexicon: Lexicon
    words: Hashes
    shapes: Hashes


def common(sources: list[Source], lexicon: Lexicon) -> tuple[Hashes, Hashes]:
    """Return the words, and the shapes of lines, that stand on many sites (hashes, sorted)."""
    words: dict[str, set[int]] = {}
    shapes: dict[str, set[int]] = {}
    for source in sources:
        if len(source.left):
            sight = extract_features(
                [source.page.lines[line] for line in source.left.tolist()], lexicon
            )
            words.setdefault(source.page.site, set()).update(sight.words.tolist())
            shapes.setdefault(source.page.site, set()).update(sight.shapes.tolist())
    return _on_many(words), _on_many(shapes)


def _on_many(by_site: dict[str, set[int]]) -> Hashes:
    counts = Counter(one for found in by_site.values() for one in found)
    return np.array(sorted(one for one, n in counts.items() if n >= _LEAST_SITES), np.uint64)


def train(
    sources: list[Source], lexicon: Lexicon, seed: int = 0, epochs: float = _EPOCHS
) -> Trained:
    """Return a net that has learned from the pages."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    sources = [source for source in sources if len(source.left)]
    words, shapes = common(sources, lexicon)
    net = Net(len(words), len(shapes))
    rate = torch.optim.AdamW(net.parameters(), lr=_RATE, weight_decay=_DECAY)
    total = int(epochs * sum(len(source.left) for source in sources) / _LINES)
    cycle = torch.optim.lr_scheduler.OneCycleLR(rate, _RATE, total_steps=total, pct_start=0.15)
    usual = float(np.mean(np.concatenate([source.weights for source in sources])))
    shares = rng.choice([0.0, 1 / (1 - _UNSEEN)], (len(sources), MEMBERS), p=[_UNSEEN, 1 - _UNSEEN])
    net.train()
    order: list[int] = []
    for _ in range(total):
        samples: list[Sample] = []
        seen: list[npt.NDArray[np.float64]] = []
        while sum(len(one.lines) for one in samples) < _LINES:
            if not order:
                order = rng.permutation(len(sources)).tolist()
            number = order.pop()
            one = sample(sources[number], sources, rng)
            if one.lines:
                samples.append(one)
                seen.append(np.tile(shares[number], (len(one.lines), 1)))
        pages = batch([one.lines for one in samples], lexicon, words, shapes)
        found = net(pages)[:, pages.full > 0]
        targets = torch.from_numpy(np.concatenate([one.targets for one in samples]))
        weights = torch.from_numpy(np.concatenate([one.weights for one in samples]))
        members = torch.from_numpy(np.concatenate(seen).T.astype(np.float32))
        targets, weights = targets.expand(len(found), -1), weights * members
        loss = functional.binary_cross_entropy_with_logits(found, targets, weights, reduction="sum")
        rate.zero_grad()
        (loss / (usual * _LINES)).backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        rate.step()
        cycle.step()
    return Trained(net, lexicon, words, shapes)
