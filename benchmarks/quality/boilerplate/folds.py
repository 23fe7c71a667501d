"""Score the whole pipeline on unseen sites: ``python -m ...boilerplate.folds FILE MODEL...``.

FILE holds labelled pages as `train_line_model` reads them; the models are those that its
``--folds-out`` wrote, ``fold0.npz`` and so on, each trained without the sites of its fold. Rules,
repeated lines and the model of the fold act together on the pages of the fold, and the result is
scored in words as `score` does. The repeated lines are counted over all pages, without labels.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path
from unittest.mock import patch

from benchmarks.quality.boilerplate.pages import read_pages
from benchmarks.quality.boilerplate.score import figures, tally
from cleaner.core.rules import Selection
from cleaner.core.settings.config import Boilerplate, Settings
from cleaner.steps.boilerplate import RULES, freeze_lines, learn_lines, remove_boilerplate
from cleaner.steps.boilerplate.line_model import model as line_model
from cleaner.steps.context import Context


def main() -> None:
    """Score each threshold over all the folds that have a model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("models", type=Path, nargs="+")
    parser.add_argument("--thresholds", type=float, nargs="+", default=[-1.5, 0.05])
    parser.add_argument("--worst", type=int, default=10, help="pages that lose most text")
    chosen = parser.parse_args()
    pages = read_pages(chosen.file)
    table = freeze_lines(learn_lines([(page.id, "", "\n".join(page.lines)) for page in pages]))
    models = {
        int(path.stem[-1]): line_model.read_model(path.read_bytes()) for path in chosen.models
    }
    for least in chosen.thresholds:
        context = Context(
            rules=Selection(ignore=["BOI320"], rules=RULES, unsafe_fixes=True),
            settings=Settings(boilerplate=Boilerplate(model_threshold=least)),
        )
        whole: Counter[tuple[int, bool]] = Counter()
        parts: dict[str, Counter[tuple[int, bool]]] = {}
        losses = []
        for fold, model in sorted(models.items()):
            with patch.object(line_model, "packaged_model", lambda model=model: model):
                for page in (page for page in pages if page.fold == fold):
                    text = remove_boilerplate("\n".join(page.lines), context, table).text
                    words = tally(page, text)
                    whole.update(words)
                    for part in (f"fold {fold}", page.kind):
                        parts.setdefault(part, Counter()).update(words)
                    losses.append((words[1, False], page.id, page.kind, words[1, True]))
        print(f"threshold {least}: {figures(whole)}")
        for part, words in sorted(parts.items()):
            print(f"    {part}: {figures(words)}", flush=True)
        for lost, name, kind, kept in sorted(losses, reverse=True)[: chosen.worst]:
            print(f"    page {name} ({kind}): {lost} words of text lost, {kept} kept")


if __name__ == "__main__":
    main()
