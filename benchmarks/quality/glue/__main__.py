"""Measure the repair of lost spaces.

usage: python -m benchmarks.quality.glue FOLDER [--errors N] [--half 0|1] [--lines N] [--only WORD]

FOLDER is searched for clean_text.tar.xz, wcxb_*.jsonl.xz and NAME.corrupt.txt.xz with its correct
twin; what is not there is not measured. `--half` takes every second page, so that figures can be
taken on pages that nothing was tuned on. Clean text should come out unchanged: what is counted as
false splits there includes spaces that the source itself has lost, so read the errors.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from benchmarks.quality.glue.damage import thinned, wrapped
from benchmarks.quality.glue.data import clean_texts, corrections, in_documents, pages
from benchmarks.quality.glue.score import Score
from cleaner.steps.context import Context
from cleaner.steps.lost_spaces.repair import repair_glue

_CONTEXT = Context()
_MIN_PARAGRAPHS = 10
_SENTENCES = ("de", "fr", "es", "ru")

Damage = Callable[[str], str]
Repair = Callable[[str], str]


def repaired(text: str) -> str:
    return repair_glue(text, _CONTEXT).text


def scored(documents: Sequence[str], damage: Damage = str, repair: Repair = repaired) -> Score:
    score = Score()
    for gold in documents:
        damaged = damage(gold)
        score.add(gold, damaged, repair(damaged))
    return score


def measures(folder: Path, half: int | None, only: str) -> Iterator[tuple[str, Score]]:
    for name, measure in _measures(folder, half):
        if only in name:
            score = measure()
            if score.words:
                yield name, score


def _measures(folder: Path, half: int | None) -> Iterator[tuple[str, Callable[[], Score]]]:
    texts = clean_texts(folder)
    articles, others = pages(folder, "article"), pages(folder, None)
    if half is not None:
        articles, others = articles[half::2], others[half::2]
    long = [page for page in articles if page.count("\n") >= _MIN_PARAGRAPHS]
    novels = [d for name in texts if name.startswith("eng/") for d in in_documents(texts[name])]
    for name, documents in (("articles", long), ("novels", novels)):
        yield f"wrap at 75, {name}", partial(scored, documents, partial(wrapped, width=75))
        yield (
            f"wrap at changing widths, {name}",
            partial(scored, documents, partial(wrapped, width=0)),
        )
    yield "random glue 0.5 %, articles", partial(scored, long, partial(thinned, rate=0.005))
    for code in _SENTENCES:
        if f"pud/{code}" in texts:
            sentences = [texts[f"pud/{code}"]]
            yield (
                f"wrap at 72, sentences {code}",
                partial(scored, sentences, partial(wrapped, width=72)),
            )
    yield "clean articles", partial(scored, articles)
    yield "clean other pages", partial(scored, others)
    for name, text in sorted(texts.items()):
        yield f"clean {name}", partial(scored, [text])


def correction_measures(folder: Path, most: int, only: str) -> Iterator[tuple[str, Score, str]]:
    """Yield the scores of lines with real damage, of those that lack nothing but spaces.

    At most `most` lines of each source are taken, evenly spread.
    """
    for name, damaged, gold in corrections(folder):
        if only not in name:
            continue
        lines = [
            (bad, good)
            for bad, good in zip(damaged, gold, strict=True)
            if "".join(bad.split()) == "".join(good.split())
        ]
        lines = lines[:: -(-len(lines) // most)]
        for tool, repair in (("cleaner", _repair_lines), ("wordninja", _by_wordninja)):
            score = Score()
            results = repair([bad for bad, _ in lines])
            for (bad, good), result in zip(lines, results, strict=True):
                score.add(good, bad, result)
            yield name, score, tool


def _repair_lines(lines: list[str]) -> list[str]:
    """Repair lines as one document, a line a paragraph."""
    return repaired("\n".join(lines)).split("\n")


def _by_wordninja(lines: list[str]) -> list[str]:
    """Split with wordninja every token of ASCII letters that its word list does not have."""
    import wordninja

    model = wordninja.DEFAULT_LANGUAGE_MODEL
    known = model._wordcost
    return [
        " ".join(
            " ".join(model.split(token))
            if token.isascii() and token.isalpha() and token.lower() not in known
            else token
            for token in line.split(" ")
        )
        for line in lines
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--errors", type=int, default=0, help="show so many errors of each kind")
    parser.add_argument("--half", type=int, choices=(0, 1))
    parser.add_argument("--lines", type=int, default=20_000, help="damaged lines of a source")
    parser.add_argument("--only", default="", help="measures with this in their name")
    options = parser.parse_args()
    print("| measure | missing | recall | precision | false splits per M words |")
    print("| --- | --- | --- | --- | --- |")
    for name, score in measures(options.folder, options.half, options.only):
        _show(name, score, options.errors)
    for name, score, tool in correction_measures(options.folder, options.lines, options.only):
        _show(f"{name}, {tool}", score, options.errors)


def _show(name: str, score: Score, errors: int) -> None:
    print(
        f"| {name} | {score.missing} | {score.recall:.4f} | {score.precision:.4f} "
        f"| {score.false_per_million:.1f} ({len(score.wrong)} in {score.words}) |",
        flush=True,
    )
    for kind, examples in (("false", score.wrong), ("missed", score.missed)):
        for example in examples[:errors]:
            print(f"    {kind}: {example}")


if __name__ == "__main__":
    main()
