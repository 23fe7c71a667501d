"""The rules on duplicated text."""

from __future__ import annotations

from cleaner.core.rules import Example, Rule

EXACT_IN_FILE = 401
EXACT_ACROSS = 402
NEAR_IN_FILE = 411
NEAR_ACROSS = 412
VARIANT = 413
CONTAINED = 421
DOCUMENT = 430

_EXACT = (
    "A passage that stands twice is counted twice by everything that is learned from the corpus. "
    "Copies are compared with every run of white space as one space. A short line that stands "
    "twice is mostly meant to (a refrain, an answer, a heading, a row), so paragraphs and lines "
    "go by themselves only if they have 20 words (`dedup.min-words-alone`); shorter ones go with "
    "them, or as part of a page that stands there twice, and as the headline told once more below "
    "itself. Inside a document lists, verse, dialogue, tables, code and the like stay. Nothing "
    "goes that would leave half a sentence, a heading without text, a question without its "
    "answer, a source line without its quotation, or a document without any text, unless all of "
    "it stands in one other document."
)
_NEAR = (
    "Copies that were re-wrapped, re-encoded or typed anew differ in what does not matter: white "
    "space, a lost space, the marks around words, capitals throughout, damage that one of the two "
    "has. Two such paragraphs are near-duplicates when the Jaccard similarity of their sets of "
    "word 5-grams is at or over the threshold, held against the copy that is kept itself. What "
    "differs in a word, a number, a sign or a capital is a variant (DUP413) and stays, unless the "
    "setting `dedup.variants` is `remove`. What is said of short ones under DUP401 holds as well."
)

_STORM = (
    "The storm of that winter took the roof of the chapel, eleven boats, and the nets that hung "
    "to dry on the rails."
)
_LONG = (
    "The storm of that winter took the roof of the old chapel by the quay, eleven boats with all "
    "their nets, and the bridge that the two parishes had built together after the war."
)
_UNMARKED = _LONG.replace(",", "")
_VARIED = f"==> a.txt <==\n{_LONG}\n==> b.txt <==\n{_LONG.replace('the war', 'the fire')}\n"
_REFRAIN = "Row to the other side.\n\nMy brother mends the nets.\n\nRow to the other side.\n"
_ANSWERS = "==> a.txt <==\nI do not know.\n==> b.txt <==\nI do not know.\n"
_REMOVING = '==> cleaner.toml <==\nselect = ["DUP421"]\n[dedup]\ncontained = "remove"\n'
_QUOTED = (
    f"==> a.txt <==\n{_LONG}\n==> b.txt <==\nThe roof of the old chapel by the quay, eleven boats "
    "with all their nets, and the bridge that the two parishes had built together.\n\nSo it was "
    "told.\n"
)
_RETOLD = (
    f"==> a.txt <==\n{_LONG}\n==> b.txt <==\nThe bridge that both parishes had put up after the "
    "war was taken, too.\n"
)
_REPRINT = f"==> a.txt <==\n{_LONG}\n\n{_STORM}\n==> b.txt <==\n{_LONG}\n\nPrinted here by leave.\n"
_REPLY = (
    f"==> a.txt <==\n{_STORM}\n==> b.txt <==\n{_STORM}\n\nWe who lost boats and nets that winter "
    "would rather hear who will pay for them than how many they were, and for how long.\n"
)

RULES = (
    Rule(
        code="DUP401",
        name="exact-duplicate-in-file",
        summary="paragraph stands earlier in the same document",
        rationale=_EXACT,
        examples=(
            Example(f"{_STORM}\n\nThey wept.\n\n{_STORM}\n", f"{_STORM}\n\nThey wept.\n"),
            Example(_REFRAIN, _REFRAIN),
        ),
    ),
    Rule(
        code="DUP402",
        name="exact-duplicate-across-files",
        summary="paragraph stands in another document",
        rationale=_EXACT,
        examples=(
            Example(
                f"==> a.txt <==\n{_STORM}\n==> b.txt <==\n{_STORM}\n\nThey built anew in spring.\n",
                f"==> a.txt <==\n{_STORM}\n==> b.txt <==\nThey built anew in spring.\n",
            ),
            Example(_ANSWERS, _ANSWERS),
        ),
    ),
    Rule(
        code="DUP411",
        name="near-duplicate-in-file",
        summary="near-copy of a paragraph of the same document",
        rationale=_NEAR,
        examples=(
            Example(f"{_LONG}\n\nThey wept.\n\n{_LONG.upper()}\n", f"{_LONG}\n\nThey wept.\n"),
            Example(f"{_LONG}\n\n{_STORM}\n", f"{_LONG}\n\n{_STORM}\n"),
        ),
    ),
    Rule(
        code="DUP412",
        name="near-duplicate-across-files",
        summary="near-copy of a paragraph in another document",
        rationale=_NEAR,
        examples=(
            Example(
                f"==> a.txt <==\n{_LONG}\n"
                f"==> b.txt <==\n{_UNMARKED}\n\nThey built anew in spring.\n",
                f"==> a.txt <==\n{_LONG}\n==> b.txt <==\nThey built anew in spring.\n",
            ),
            Example(
                f"==> a.txt <==\n{_LONG}\n==> b.txt <==\n{_STORM}\n",
                f"==> a.txt <==\n{_LONG}\n==> b.txt <==\n{_STORM}\n",
            ),
        ),
    ),
    Rule(
        code="DUP413",
        name="variant",
        summary="near-copy that differs in something that matters",
        rationale=(
            "Forms, notices, facts and versions of one text are alike in all but the word, the "
            "name, the number or the sign that they are about, so a variant stays. It is told of "
            "where it resembles what is kept as near-duplicates do (DUP411, DUP412) and is as "
            "long. Whoever wants templates thinned sets `dedup.variants` to `remove`."
        ),
        examples=(
            Example(_VARIED, _VARIED, note="similarity 0.935 with a.txt:1"),
            Example(_ANSWERS, _ANSWERS),
        ),
        notes=True,
    ),
    Rule(
        code="DUP421",
        name="contained-passage",
        summary="paragraph stands inside a longer one elsewhere",
        rationale=(
            "A quotation or an excerpt repeats text that the corpus has in full elsewhere: nine "
            "tenths and more of its word 5-grams stand in one longer paragraph. It may be wanted "
            "where it stands, so it is only reported, unless the setting `dedup.contained` is "
            "`remove`; then those go whose every word and sign stands there, in this order, as "
            "far as what is said under DUP401 lets them."
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
            Example(_REPRINT, _REPRINT, note="89% of its words stand in a.txt"),
            Example(_REPLY, _REPLY),
        ),
        notes=True,
    ),
)
