"""Two paragraphs side by side: how alike they are, and which characters differ."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from cleaner.dedup.signing.hashing import shingles
from cleaner.dedup.signing.sign import DedupConfig
from cleaner.dedup.text.words import begins_word, is_word_character, numbers, split_words

Span = tuple[int, int]

# Comparing takes time in the product of two lengths; beyond this, what differs is marked as one.
_MOST_PRODUCT = 4_000_000

# Words that are so much alike are marked where they differ, others as a whole.
_ALIKE = 0.75

_SPACE = re.compile(r"\s+")


class Comparison(NamedTuple):
    """How two texts compare.

    `similarity` is the Jaccard similarity of their shingle sets, `shared` of `union` shingles;
    `distance` is the similarity less the threshold, so duplicates have 0 and more. `same_numbers`
    says whether they name the same numbers. The spans (code points) hold every character of each
    text that the other has not; runs of white space count as one space.
    """

    similarity: float
    shared: int
    union: int
    distance: float
    same_numbers: bool
    first_spans: tuple[Span, ...]
    second_spans: tuple[Span, ...]


def shared_shingles(first: str, second: str, config: DedupConfig) -> tuple[int, int]:
    """Return how many shingles two texts share, and how many they have together."""
    one, two = (set(shingles(split_words(text), config.shingle)) for text in (first, second))
    return len(one & two), len(one | two)


def compare(first: str, second: str, config: DedupConfig | None = None) -> Comparison:
    """Return how two texts compare under `config`.

    >>> found = compare("one two three four five six", "one two three four five, sex")
    >>> found.shared, found.union, found.first_spans, found.second_spans
    (1, 3, ((24, 27),), ((23, 24), (25, 28)))
    """
    config = config or DedupConfig()
    shared, union = shared_shingles(first, second, config)
    similarity = shared / union if union else 0.0
    spans = different_spans(first, second)
    return Comparison(
        similarity,
        shared,
        union,
        similarity - config.threshold,
        numbers(first) == numbers(second),
        *spans,
    )


def different_spans(first: str, second: str) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """Return where each of two texts has what the other has not.

    >>> different_spans("a lamp of 5 mW", "a lampof 5 MW")
    (((6, 7), (12, 14)), ((11, 13),))
    """
    spans = list(tokens(first)), list(tokens(second))
    one, two = (
        [_SPACE.sub(" ", text[start:end]) for start, end in own]
        for text, own in zip((first, second), spans, strict=True)
    )
    found: tuple[list[Span], list[Span]] = ([], [])
    for (start, end), (other_start, other_end) in _differences(one, two):
        own = spans[0][start:end], spans[1][other_start:other_end]
        for side, part in zip(found, _within(first, second, *own), strict=True):
            side.extend(part)
    return tuple(found[0]), tuple(found[1])


def tokens(text: str) -> Iterator[Span]:
    """Yield where words stand (characters, where a text has no spaces), marks and white space.

    >>> list(tokens("To be,  or"))
    [(0, 2), (2, 3), (3, 5), (5, 6), (6, 8), (8, 10)]
    """
    single = split_words(text).single
    start = 0
    for at in range(1, len(text) + 1):
        if at < len(text):
            before, after = text[at - 1], text[at]
            if before.isspace() and after.isspace():
                continue
            inside = is_word_character(before) and is_word_character(after)
            if inside and not single and not begins_word(before, after):
                continue
        yield start, at
        start = at


def _differences(one: Sequence[str], two: Sequence[str]) -> Iterator[tuple[Span, Span]]:
    """Yield what differs between two sequences."""
    head = 0
    while head < min(len(one), len(two)) and one[head] == two[head]:
        head += 1
    tail = 0
    while tail < min(len(one), len(two)) - head and one[-1 - tail] == two[-1 - tail]:
        tail += 1
    ends = len(one) - tail, len(two) - tail
    if (ends[0] - head) * (ends[1] - head) > _MOST_PRODUCT:
        yield (head, ends[0]), (head, ends[1])
        return
    matcher = SequenceMatcher(None, one[head : ends[0]], two[head : ends[1]], autojunk=False)
    for kind, start, end, other_start, other_end in matcher.get_opcodes():
        if kind != "equal":
            yield (head + start, head + end), (head + other_start, head + other_end)


def _within(
    first: str, second: str, own: Sequence[Span], other: Sequence[Span]
) -> tuple[list[Span], list[Span]]:
    """Return what differs within tokens that stand for each other."""
    if not own or not other:
        return list(own), list(other)
    start, other_start = own[0][0], other[0][0]
    one, two = first[start : own[-1][1]], second[other_start : other[-1][1]]
    if len(one) * len(two) <= _MOST_PRODUCT:
        matcher = SequenceMatcher(None, one, two, autojunk=False)
        if matcher.ratio() >= _ALIKE:
            found: tuple[list[Span], list[Span]] = ([], [])
            for (a, b), (c, d) in _differences(one, two):
                found[0].extend([(start + a, start + b)] if a < b else [])
                found[1].extend([(other_start + c, other_start + d)] if c < d else [])
            return found
    return list(own), list(other)
