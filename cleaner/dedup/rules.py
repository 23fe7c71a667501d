"""The rules on duplicates."""

from __future__ import annotations

from cleaner.core.rules import Example, Rule

_STORM = "The storm of that winter took the roof of the chapel and eleven boats."
_NEAR = (
    "The storm of that winter took the roof of the old chapel by the quay, eleven boats with all "
    "their nets, and the bridge that the two parishes had built together after the war."
)

RULES = (
    Rule(
        code="DUP401",
        name="exact-in-file",
        summary="paragraph stands earlier in the same file",
        rationale=(
            "Equal but for case and white space. Repeated headlines and doubled bodies come from "
            "page templates; a model trained on them learns them by heart. The first copy stays."
        ),
        examples=(
            Example(f"{_STORM}\n\n{_STORM.upper()}\n\nEnd.\n", f"{_STORM}\n\nEnd.\n"),
            Example("Yes.\n\nYes.\n", "Yes.\n\nYes.\n"),
        ),
    ),
    Rule(
        code="DUP402",
        name="exact-across-files",
        summary="paragraph stands in an earlier document",
        rationale="As DUP401, with the surviving copy in another document.",
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
        name="near-in-file",
        summary="near-copy of an earlier paragraph of the same file",
        rationale=(
            "The sets of word 5-grams of the two paragraphs have a Jaccard similarity at or over "
            "the threshold. The removed paragraph is always that close to the one which stays, "
            "never through a chain of others."
        ),
        examples=(
            Example(f"{_NEAR}\n\n{_NEAR[:-1]}, too.\n", f"{_NEAR}\n"),
            Example(f"{_NEAR}\n\n{_STORM}\n", f"{_NEAR}\n\n{_STORM}\n"),
        ),
    ),
    Rule(
        code="DUP412",
        name="near-across-files",
        summary="near-copy of a paragraph in an earlier document",
        rationale="As DUP411, with the surviving copy in another document.",
        examples=(
            Example(
                f"==> a.txt <==\n{_NEAR}\n==> b.txt <==\n{_NEAR[:-1]}, too.\n\nEnd.\n",
                f"==> a.txt <==\n{_NEAR}\n==> b.txt <==\nEnd.\n",
            ),
            Example(
                f"==> a.txt <==\n{_NEAR}\n==> b.txt <==\n{_STORM}\n",
                f"==> a.txt <==\n{_NEAR}\n==> b.txt <==\n{_STORM}\n",
            ),
        ),
    ),
)
