"""Speed of boilerplate removal: ``python -m benchmarks.speed.boilerplate FILE...`` (plain text).

Prints MB/s of UTF-8 on one core for the rules, for rules with a table of repeated lines, and for
the line model alone, after a first pass that compiles what is needed.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path

from cleaner.cli.process import multiply_in_one_thread


def rate(texts: list[str], act: Callable[[str], object]) -> float:
    """Return the MB/s of processor time at which `act` takes the texts."""
    for text in texts:
        act(text)
    start = time.process_time()
    for text in texts:
        act(text)
    spent = time.process_time() - start
    return sum(len(text.encode("utf-8", "replace")) for text in texts) / 1e6 / spent


def main() -> None:
    """Time the three nets."""
    # Before numpy is imported, as the command does it.
    multiply_in_one_thread()
    from cleaner.core.rules import Selection
    from cleaner.steps.boilerplate import RULES, freeze_lines, learn_lines, remove_boilerplate
    from cleaner.steps.boilerplate.line_model.model import line_scores
    from cleaner.steps.context import Context

    def model_alone(text: str) -> None:
        line_scores([line for line in text.split("\n") if line.strip()])

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", type=Path, nargs="+")
    texts = [p.read_text(encoding="utf-8", errors="replace") for p in parser.parse_args().files]
    context = Context(rules=Selection(rules=RULES))
    table = freeze_lines(learn_lines([(str(n), "", text) for n, text in enumerate(texts)]))
    print(f"rules: {rate(texts, lambda text: remove_boilerplate(text, context)):.1f} MB/s")
    both = rate(texts, lambda text: remove_boilerplate(text, context, table))
    print(f"rules and repeated lines: {both:.1f} MB/s")
    print(f"line model: {rate(texts, model_alone):.1f} MB/s")


if __name__ == "__main__":
    main()
