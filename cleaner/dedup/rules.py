"""The rules on duplicated text."""

from __future__ import annotations

from cleaner.core.rules import Example, Rule

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

_STORM = "The storm of that winter took the roof of the chapel and eleven boats."
_LONG = (
    "The storm of that winter took the roof of the old chapel by the quay, eleven boats with all "
    "their nets, and the bridge that the two parishes had built together after the war."
)
_REMOVING = '==> cleaner.toml <==\nselect = ["DUP421"]\n[dedup]\ncontained = "remove"\n'
_QUOTED = (
    f"==> a.txt <==\n{_LONG}\n==> b.txt <==\nThe bridge that the two parishes had built together "
    "after the war.\n\nSo it was told.\n"
)
_RETOLD = (
    f"==> a.txt <==\n{_LONG}\n==> b.txt <==\nThe bridge that both parishes had put up after the "
    "war was taken, too.\n"
)
_REPRINT = f"==> a.txt <==\n{_LONG}\n\n{_STORM}\n==> b.txt <==\n{_LONG}\n\nPrinted by leave.\n"
_REPLY = (
    f"==> a.txt <==\n{_STORM}\n==> b.txt <==\n{_STORM}\n\nWe who lost boats in that winter would "
    "rather hear who will pay for them than how many they were.\n"
)

RULES = (
    Rule(
        code="DUP401",
        name="exact-duplicate-in-file",
        summary="paragraph stands earlier in the same file",
        rationale=_EXACT,
        examples=(
            Example(f"{_STORM}\n\n{_STORM.upper()}\n\nEnd.\n", f"{_STORM}\n\nEnd.\n"),
            Example("Yes.\n\nYes.\n", "Yes.\n\nYes.\n"),
        ),
    ),
    Rule(
        code="DUP402",
        name="exact-duplicate-across-files",
        summary="paragraph stands in another file",
        rationale=_EXACT,
        examples=(
            Example(
                f"==> a.txt <==\n{_STORM}\n==> b.txt <==\n{_STORM}\n\nEnd.\n",
                f"==> a.txt <==\n{_STORM}\n==> b.txt <==\nEnd.\n",
            ),
            Example(
                "==> a.txt <==\nYes.\n==> b.txt <==\nYes.\n",
                "==> a.txt <==\nYes.\n==> b.txt <==\nYes.\n",
            ),
        ),
    ),
    Rule(
        code="DUP411",
        name="near-duplicate-in-file",
        summary="near-copy of a paragraph of the same file",
        rationale=_NEAR,
        examples=(
            Example(f"{_LONG}\n\n{_LONG[:-1]}, too.\n", f"{_LONG}\n"),
            Example(f"{_LONG}\n\n{_STORM}\n", f"{_LONG}\n\n{_STORM}\n"),
        ),
    ),
    Rule(
        code="DUP412",
        name="near-duplicate-across-files",
        summary="near-copy of a paragraph in another file",
        rationale=_NEAR,
        examples=(
            Example(
                f"==> a.txt <==\n{_LONG}\n==> b.txt <==\n{_LONG[:-1]}, too.\n\nEnd.\n",
                f"==> a.txt <==\n{_LONG}\n==> b.txt <==\nEnd.\n",
            ),
            Example(
                f"==> a.txt <==\n{_LONG}\n==> b.txt <==\n{_STORM}\n",
                f"==> a.txt <==\n{_LONG}\n==> b.txt <==\n{_STORM}\n",
            ),
        ),
    ),
    Rule(
        code="DUP421",
        name="contained-passage",
        summary="paragraph stands inside a longer one elsewhere",
        rationale=(
            "A quotation or an excerpt repeats text that the corpus has in full elsewhere: nine "
            "tenths and more of its word 5-grams stand in one longer paragraph. It may be wanted "
            "where it stands, so it is only reported, unless the setting `dedup.contained` is "
            "`remove`; one that names a number which may be missing there stays even then."
        ),
        examples=(
            Example(_QUOTED, _QUOTED, note="share 1.000 stands inside a.txt:1"),
            Example(
                f"{_REMOVING}{_QUOTED}",
                f"{_REMOVING}==> a.txt <==\n{_LONG}\n==> b.txt <==\nSo it was told.\n",
            ),
            Example(_RETOLD, _RETOLD),
        ),
        notes=True,
    ),
    Rule(
        code="DUP430",
        name="duplicate-document",
        summary="most of the document stands in one other document",
        rationale=(
            "A document that is another one's copy or earlier version is better judged as a whole "
            "than paragraph by paragraph: of one with several paragraphs, duplicates of one other "
            "document make up more than half of the words."
        ),
        examples=(
            Example(_REPRINT, _REPRINT, note="92% of its words stand in a.txt"),
            Example(_REPLY, _REPLY),
        ),
        notes=True,
    ),
)
