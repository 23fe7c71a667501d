"""Score boilerplate removal: ``python -m benchmarks.quality.boilerplate.score FILE``.

FILE holds labelled pages as `train_line_model` reads them. A line counts as kept when its letters
and digits still stand in the cleaned text; a short one (under 25) only as a line of its own.
Prints, by words and per page type, the share of text kept, of boilerplate removed, and the F1 of
what is kept: for rules, for rules and repeated lines, and with the line model. The packaged model
has seen the development pages: its figures there are not those of other pages.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from pathlib import Path

from benchmarks.quality.boilerplate.pages import Page, read_pages
from cleaner.core.rules import Selection
from cleaner.core.settings.config import Boilerplate, Settings
from cleaner.steps.boilerplate import RULES, freeze_lines, learn_lines, remove_boilerplate
from cleaner.steps.boilerplate.repeated.repeated import LineTable
from cleaner.steps.context import Context

_SHORT = 25
_bare = re.compile(r"[\W_]+").sub


def tally(page: Page, cleaned: str) -> Counter[tuple[int, bool]]:
    """Return the words of lines by label and whether they were kept."""
    stream = _bare("", cleaned).casefold()
    own = {_bare("", line).casefold() for line in cleaned.split("\n")}
    words: Counter[tuple[int, bool]] = Counter()
    for line, label in zip(page.lines, page.labels.tolist(), strict=True):
        key = _bare("", line).casefold()
        if label >= 0 and key:
            kept = key in own if len(key) < _SHORT else key in stream
            words[label, kept] += len(line.split())
    return words


def figures(words: Counter[tuple[int, bool]]) -> str:
    """Return text kept, boilerplate removed and F1 in words."""
    kept, lost, left, gone = (words[1, True], words[1, False], words[0, True], words[0, False])
    recall, precision = kept / max(1, kept + lost), kept / max(1, kept + left)
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    return f"kept {recall:.4f} removed {gone / max(1, gone + left):.4f} F1 {f1:.4f}"


def score(
    name: str, pages: list[Page], table: LineTable | None, unsafe: bool, least: float
) -> None:
    """Clean the pages and print the figures."""
    context = Context(
        rules=Selection(ignore=["BOI320"], rules=RULES, unsafe_fixes=unsafe),
        settings=Settings(boilerplate=Boilerplate(model_threshold=least)),
    )
    whole: Counter[tuple[int, bool]] = Counter()
    kinds: dict[str, Counter[tuple[int, bool]]] = {}
    left_alone = 0
    for page in pages:
        result = remove_boilerplate("\n".join(page.lines), context, table)
        left_alone += any(edit.code == "BOI399" for edit in result.edits)
        words = tally(page, result.text)
        whole.update(words)
        kinds.setdefault(page.kind, Counter()).update(words)
    print(f"{name}: {figures(whole)}; over the budget: {left_alone}")
    for kind, words in sorted(kinds.items()):
        print(f"    {kind}: {figures(words)}")


def main() -> None:
    """Score the three nets."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--fold", type=int, help="only the pages of this fold of sites (0 to 4)")
    parser.add_argument("--threshold", type=float, default=Boilerplate().model_threshold)
    parser.add_argument("--no-model", action="store_true")
    chosen = parser.parse_args()
    pages = read_pages(chosen.file)
    table = freeze_lines(learn_lines([(page.id, "", "\n".join(page.lines)) for page in pages]))
    tried = [page for page in pages if chosen.fold in (None, page.fold)]
    score("rules", tried, None, False, chosen.threshold)
    score("rules and repeated lines", tried, table, False, chosen.threshold)
    if not chosen.no_model:
        score("with the line model", tried, table, True, chosen.threshold)


if __name__ == "__main__":
    main()
