"""The rules on lost spaces."""

from __future__ import annotations

from cleaner.core.rules import Example, Rule

_PASSAGE = (
    "When the storm had passed, the keeper of the light wrote in his book that seven boats were "
    "lost and nobody knew their names.\n"
)
_GLUED = _PASSAGE.replace("that seven", "thatseven")
_COPY = f"==> a.txt <==\n{_PASSAGE}"

GLU201 = Rule(
    code="GLU201",
    name="glued-at-line-end",
    summary="space lost with the line end of wrapped text",
    rationale=(
        "The last word of each line is glued to the first of the next. The width of the lines "
        "follows from the glues that no dictionary has, and with the width every other glue is "
        "determined, even one that looks like a word. Acts only where a whole paragraph or "
        "document fits one width."
    ),
    examples=(
        Example(
            "The ferry to the outer islands leaves the old harbour atnoon on most days, but when"
            " the wind comes from the norththe captain waits behind the breakwater until the "
            "eveningtide. Passengers sit in the small hall beside the customshouse, where an "
            "iron stove burns.",
            "The ferry to the outer islands leaves the old harbour at noon on most days, but "
            "when the wind comes from the north the captain waits behind the breakwater until "
            "the evening tide. Passengers sit in the small hall beside the customs house, where "
            "an iron stove burns.",
        ),
        Example(
            "The ferry to the outer islands leaves at noon on most days.",
            "The ferry to the outer islands leaves at noon on most days.",
        ),
    ),
)
GLU202 = Rule(
    code="GLU202",
    name="glued-at-boundary",
    summary="space missing behind punctuation, at a capital or at a number",
    rationale=(
        "Elements of a page that are joined without a space leave seams that written text does "
        "not have. Addresses, versions, abbreviations, units, identifiers and brand names have "
        "such seams by right and stay whole, and so do tables, program text, logs, markup, "
        "hashes, paths and values."
    ),
    examples=(
        Example(
            "The boats were in the harbour,renowned for its light.",
            "The boats were in the harbour, renowned for its light.",
        ),
        Example(
            "The mail of the harbour is at example.com and its YouTube page.",
            "The mail of the harbour is at example.com and its YouTube page.",
        ),
    ),
)
GLU203 = Rule(
    code="GLU203",
    name="glued-words",
    summary="words that stand together without a space",
    rationale=(
        "A token that the language does not know and that parts into common words is glue where "
        "the document holds other glue; in a clean document it is a name, a term or an old word, "
        "and stays. Languages that write compounds as one word are never parted by word counts "
        "alone."
    ),
    examples=(
        Example(
            "It wassaid that the ships werelost in the storm and thatthe crew was safe on land.",
            "It was said that the ships were lost in the storm and that the crew was safe on land.",
        ),
        Example(
            "The lookout of Goodfellow Point was in the wheelhouse of the boat.",
            "The lookout of Goodfellow Point was in the wheelhouse of the boat.",
        ),
    ),
)
GLU204 = Rule(
    code="GLU204",
    name="glued-unlike-copy",
    summary="space that another copy of the passage has",
    rationale=(
        "The same twenty letters before and after stand elsewhere in the corpus with a space "
        "between two words; a form that several documents have is a word and stays. Two words that "
        "may be spelled as one stay outside of prose, where no other space was lost, and compounds "
        "stay everywhere. A line end behind a hyphen is no space."
    ),
    examples=(
        Example(f"{_COPY}==> b.txt <==\n{_GLUED}", f"{_COPY}==> b.txt <==\n{_PASSAGE}"),
        Example(f"==> b.txt <==\n{_GLUED}", f"==> b.txt <==\n{_GLUED}"),
    ),
)
RULES = (GLU201, GLU202, GLU203, GLU204)
