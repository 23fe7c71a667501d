"""Letters spaced out (FMT509) or printed twice (FMT511), as typesetters do for emphasis."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from cleaner.core.edits import Edit, StepResult, edited, unchanged
from cleaner.core.rules import Example, Rule
from cleaner.steps.context import Context
from cleaner.steps.lost_spaces.candidates.classifier import classifier_of
from cleaner.steps.lost_spaces.languages.detect import detect_language
from cleaner.steps.lost_spaces.odds import UNKNOWN_BASE

RULES = (
    Rule(
        code="FMT509",
        name="letter-spacing",
        summary="line with a space behind each letter",
        rationale=(
            "Headings are spaced out for the eye, and some extractors put a space between all "
            "characters; no search finds their words. A line is closed up where wider gaps part "
            "words that the language knows, or where Chinese characters and their punctuation "
            "stand one by one."
        ),
        examples=(
            Example("T h e  t i d e  c a m e  i n\n", "The tide came in\n"),
            Example("船 今 天 不 能 出 海 ， 明 天 再 来 。\n", "船今天不能出海，明天再来。\n"),
            Example("a b c  d e f  g h i\n", "a b c  d e f  g h i\n"),
        ),
    ),
    Rule(
        code="FMT511",
        name="doubled-letters",
        summary="line in which every character stands twice",
        rationale=(
            "Bold type made by printing each character twice comes out of a PDF doubled, spaces "
            "and all."
        ),
        examples=(
            Example("TThhee  hhaarrbboouurr\n", "The harbour\n"),
            Example("a book keeper\n", "a book keeper\n"),
        ),
    ),
)

_HAN = "\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff"
_SPACED_HAN = re.compile(rf"[{_HAN}] [{_HAN}] [{_HAN}] ")
_MARK = re.compile("[,.:;!?、。，：；！？]")
_IS_HAN = re.compile(f"[{_HAN}]")
_FEWEST_CHARACTERS = 8
_FEWEST_DOUBLED = 12
_FEWEST_WORDS = 2
# So many of the words must be known to the language.
_MOST = 0.6


def close_up_letters(text: str, context: Context) -> StepResult:
    """Close up lines that are spaced out, and halve those that are printed twice."""
    if "  " not in text and (text.isascii() or not _SPACED_HAN.search(text)):
        return unchanged(text)
    rules = [(code, close) for code, close in _CLOSERS if context.rules.acts(code)]
    return edited(text, list(_edits(text, rules)))


def _edits(text: str, rules: list[tuple[str, Callable[[str, str], str | None]]]) -> Iterator[Edit]:
    at = 0
    for row in text.split("\n"):
        body = row.strip(" \t")
        if len(body) >= _FEWEST_CHARACTERS:
            for code, close in rules:
                closed = close(body, text)
                if closed is not None:
                    start = at + row.find(body)
                    yield Edit(start, start + len(body), body, closed, code)
                    break
        at += len(row) + 1


def _without_spacing(body: str, text: str) -> str | None:
    """Return a line without the spaces between its letters, or None where they are meant.

    >>> _without_spacing("T h e  t i d e  i s  l o w", "The harbour is closed in the winter.")
    'The tide is low'
    """
    if body[1:4:2] != "  ":
        return None
    if _SPACED_HAN.search(body):
        return _without_spaces(body)
    words = [word.split(" ") for word in body.split("  ")]
    if len(words) < _FEWEST_WORDS or any(len(letter) != 1 for word in words for letter in word):
        return None
    if len(set(map(len, words))) == 1:
        # A grid of letters.
        return None
    joined = ["".join(word) for word in words]
    closed = " ".join(joined)
    language = detect_language(f"{closed}. {text}")
    if language is None:
        return None
    lexicon = classifier_of(language).lexicon
    longer = [word.lower() for word in joined if len(word) > 1]
    known = sum(lexicon.logp(word) > UNKNOWN_BASE for word in longer)
    return closed if len(longer) > 1 and known >= _MOST * len(longer) else None


def _without_spaces(body: str) -> str | None:
    tokens = body.split(" ")
    han = sum(_IS_HAN.match(token) is not None for token in tokens)
    if (
        len(tokens) < _FEWEST_CHARACTERS
        or any(len(token) != 1 for token in tokens)
        or han < _MOST * len(tokens)
        or not _MARK.search(body)
    ):
        return None
    return "".join(tokens)


def _halved(body: str, text: str) -> str | None:
    """Return every other character of a line in which each stands twice, or None.

    >>> _halved("TThhee  hhaarrbboouurr", ""), _halved("00 00 11 11", "")
    ('The harbour', None)
    """
    half = body[::2]
    if len(body) < _FEWEST_DOUBLED or half != body[1::2] or " " not in half:
        return None
    return half if sum(map(str.islower, half)) * 2 > len(half) else None


_CLOSERS: tuple[tuple[str, Callable[[str, str], str | None]], ...] = (
    ("FMT509", _without_spacing),
    ("FMT511", _halved),
)
