"""Hyphen breaks: words split at line ends (HYP210, HYP211), and soft hyphens (HYP212)."""

from __future__ import annotations

from collections.abc import Iterator

import regex

from cleaner.core.edits import Edit, StepResult, edited, unchanged
from cleaner.core.rules import Example, Rule
from cleaner.normalize.context import Context
from cleaner.normalize.glue.detect import detect_language
from cleaner.normalize.glue.examine import examiner_of
from cleaner.normalize.glue.language import COMPOUNDING
from cleaner.normalize.glue.lexicon import Lexicon
from cleaner.normalize.glue.odds import UNKNOWN_BASE
from cleaner.normalize.glue.tables import GlueTables

HYP210 = Rule(
    code="HYP210",
    name="hyphen-break",
    summary="word split by a hyphen at a line end",
    rationale=(
        "Typesetters split words at line ends; once the text flows, the halves are no words. "
        "They are joined where the whole word is listed, or stands elsewhere in the document or "
        "the corpus, and the hyphenated form is not likelier."
    ),
    examples=(
        Example(
            "The coast has many har-\nbours for boats.", "The coast has many harbours for boats."
        ),
        Example("Open from two to -\nwell, late.", "Open from two to -\nwell, late."),
    ),
)
HYP211 = Rule(
    code="HYP211",
    name="hyphen-kept-at-break",
    summary="hyphenated word split behind its own hyphen",
    rationale=(
        "The line end goes and the hyphen stays where the parts are words and the joined form is"
        " none."
    ),
    examples=(
        Example("They sent a follow-\nup to the crew.", "They sent a follow-up to the crew."),
        Example("Pre- and\npost-war boats.", "Pre- and\npost-war boats."),
    ),
)
HYP212 = Rule(
    code="HYP212",
    name="soft-hyphen",
    summary="soft hyphen (U+00AD) in a word",
    rationale="It marks where a word may be split, unseen; counts and searches miss the word.",
    examples=(
        Example("a long\u00adshore drift", "a longshore drift"),
        Example("a long-shore drift", "a long-shore drift"),
    ),
)
RULES = (HYP210, HYP211, HYP212)

_SOFT = "\u00ad"
# A letter, the hyphen, the line end and its indent, and the rest of the word.
_BREAK = regex.compile(
    r"([\p{L}\p{M}\p{N}'’\u00ad]+)([-‐])[ \t]*\r?\n[ \t]*(?=(\p{L}[\p{L}\p{M}'’]*))"
)
_LINE_END_HYPHEN = regex.compile(r"[-‐][ \t]*\r?\n")
_SOFT_BREAK = regex.compile(r"\u00ad+(?:[ \t]*\r?\n[ \t]*(?=\p{L}))?")
# The whole must be this much likelier (log10) than its parts side by side.
_MIN_ODDS = 1.0
_MIN_PART = 2
_NO_TABLES = GlueTables()
_MIN_DOCUMENTS = 2


def rejoin_hyphens(text: str, context: Context, tables: GlueTables = _NO_TABLES) -> StepResult:
    r"""Join words that line ends split at hyphens, and take out soft hyphens.

    Call it before the lines of a paragraph are joined. `tables` is what `learn_glue` learned.

    >>> text = "The coast of the island has many har-\nbours for the boats."
    >>> rejoin_hyphens(text, Context()).text
    'The coast of the island has many harbours for the boats.'
    """
    if _SOFT not in text and not _LINE_END_HYPHEN.search(text):
        return unchanged(text)
    edits = sorted([*_soft_edits(text, context), *_break_edits(text, context, tables)])
    return edited(text, edits) if edits else unchanged(text)


def _soft_edits(text: str, context: Context) -> Iterator[Edit]:
    if not context.rules.acts("HYP212"):
        return
    for match in _SOFT_BREAK.finditer(text):
        before = match.group()
        detail = "soft hyphen at a line end" if "\n" in before else "soft hyphen"
        yield Edit(match.start(), match.end(), before, "", "HYP212", detail)


def _break_edits(text: str, context: Context, tables: GlueTables) -> Iterator[Edit]:
    matches = list(_BREAK.finditer(text))
    language = detect_language(text) if matches else None
    if language is None:
        return
    lexicon = examiner_of(language).lexicon
    for match in matches:
        left = match.group(1).replace(_SOFT, "") or _SOFT
        right = match.group(3)
        code, detail = _decide(left, right, text, lexicon, tables)
        if context.rules.acts(code):
            # HYP210 takes the hyphen with the line end, HYP211 leaves it.
            start = match.start(2) if code == "HYP210" else match.end(2)
            yield Edit(start, match.end(), text[start : match.end()], "", code, detail)


def _decide(
    left: str, right: str, text: str, lexicon: Lexicon, tables: GlueTables
) -> tuple[str, str]:
    """Return the code that fits the break between `left` and `right`, and why."""
    whole = left + right
    if not left[-1].isalpha() or len(left) < _MIN_PART:
        return "HYP211", f"{left} before the hyphen is no part of a word"
    if right[0].isupper() and not left.isupper():
        return "HYP211", f"{right} has a capital"
    joined = text.count(whole)
    kept = text.count(f"{left}-{right}")
    if joined != kept:
        if joined > kept:
            return "HYP210", f"{whole} stands {joined} times in the document"
        return "HYP211", f"{left}-{right} stands {kept} times in the document"
    odds_whole = lexicon.logp(whole)
    parts = (lexicon.logp(left), lexicon.logp(right))
    if odds_whole >= UNKNOWN_BASE and odds_whole >= sum(parts) + _MIN_ODDS:
        return "HYP210", f"{whole} is a word of the language"
    if tables.words.documents(whole) >= _MIN_DOCUMENTS:
        return "HYP210", f"{whole} stands in {tables.words.documents(whole)} documents"
    if min(parts) < UNKNOWN_BASE or lexicon.language in COMPOUNDING:
        # One half is no word, so the hyphen was the typesetter's.
        return "HYP210", f"{left if parts[0] < UNKNOWN_BASE else right} is no word by itself"
    return "HYP211", f"{left} and {right} are words, {whole} is not listed"
