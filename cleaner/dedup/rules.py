"""The rules of duplicated text."""

from __future__ import annotations

from cleaner.core.rules import Rule

EXACT_IN_FILE = 401
EXACT_ACROSS = 402
NEAR_IN_FILE = 411
NEAR_ACROSS = 412
CONTAINED = 421
DOCUMENT = 430

_EXACT = (
    "A passage that stands twice is counted twice by everything that is learned from the corpus. "
    "Copies are compared after case folding, with every run of white space as one space."
)
_NEAR = (
    "Copies that were edited, re-wrapped or re-encoded differ in a few words. Two paragraphs are "
    "near-duplicates when the Jaccard similarity of their sets of word 5-grams is at or over the "
    "threshold, held against the copy that is kept itself, and when they name the same numbers."
)

RULES = (
    Rule(
        code="DUP401",
        name="exact-duplicate-in-file",
        summary="The same paragraph stands earlier in this file.",
        rationale=_EXACT,
    ),
    Rule(
        code="DUP402",
        name="exact-duplicate-across-files",
        summary="The same paragraph stands in another file.",
        rationale=_EXACT,
    ),
    Rule(
        code="DUP411",
        name="near-duplicate-in-file",
        summary="Nearly the same paragraph stands in this file.",
        rationale=_NEAR,
    ),
    Rule(
        code="DUP412",
        name="near-duplicate-across-files",
        summary="Nearly the same paragraph stands in another file.",
        rationale=_NEAR,
    ),
    Rule(
        code="DUP421",
        name="contained-passage",
        summary="Nine tenths of this paragraph stand inside a longer paragraph elsewhere.",
        rationale=(
            "A quotation or an excerpt repeats text that the corpus has in full elsewhere. It may "
            "be wanted where it stands, so it is only reported unless its removal is asked for."
        ),
    ),
    Rule(
        code="DUP430",
        name="duplicate-document",
        summary="Most words of this document are duplicates of one other document.",
        rationale=(
            "A document that is another one's copy or earlier version is better judged as a whole "
            "than paragraph by paragraph."
        ),
    ),
)
