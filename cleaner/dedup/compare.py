"""Two paragraphs side by side: how alike they are, and which words differ."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import NamedTuple

from cleaner.dedup.hashing import shingles
from cleaner.dedup.scanning import Terms
from cleaner.dedup.words import begins_word, is_word_character, numbers, split_words

Span = tuple[int, int]


class Comparison(NamedTuple):
    """How two texts compare.

    `similarity` is the Jaccard similarity of their shingle sets, `shared` of `union` shingles;
    `distance` is the similarity less the threshold, so duplicates have 0 and more. `same_numbers`
    says whether they name the same numbers. The spans (code points) are the words of each text
    that differ.
    """

    similarity: float
    shared: int
    union: int
    distance: float
    same_numbers: bool
    first_spans: tuple[Span, ...]
    second_spans: tuple[Span, ...]


def compare(first: str, second: str, terms: Terms | None = None) -> Comparison:
    """Return how two texts compare under `terms`.

    >>> found = compare("one two three four five six", "one two three four five sex")
    >>> found.shared, found.union, found.first_spans
    (1, 3, ((24, 27),))
    """
    terms = terms or Terms()
    one, two = (set(shingles(split_words(text), terms.shingle)) for text in (first, second))
    shared, union = len(one & two), len(one | two)
    similarity = shared / union if union else 0.0
    spans = word_spans(first), word_spans(second)
    folded = [
        [text[start:end].casefold() for start, end in own]
        for text, own in zip((first, second), spans, strict=True)
    ]
    matcher = SequenceMatcher(None, folded[0], folded[1], autojunk=len(folded[0]) > 2000)
    different: tuple[list[Span], list[Span]] = ([], [])
    for kind, start, end, other_start, other_end in matcher.get_opcodes():
        if kind != "equal":
            different[0].extend(spans[0][start:end])
            different[1].extend(spans[1][other_start:other_end])
    return Comparison(
        similarity,
        shared,
        union,
        similarity - terms.threshold,
        numbers(first) == numbers(second),
        tuple(different[0]),
        tuple(different[1]),
    )


def word_spans(text: str) -> list[Span]:
    """Return where the words of `text` stand; single characters where it has no spaces.

    >>> word_spans("To be, or")
    [(0, 2), (3, 5), (7, 9)]
    """
    single = split_words(text).single
    spans: list[Span] = []
    for at, character in enumerate(text):
        if not is_word_character(character):
            continue
        if at and not single and not begins_word(text[at - 1], character):
            spans[-1] = (spans[-1][0], at + 1)
        else:
            spans.append((at, at + 1))
    return spans
