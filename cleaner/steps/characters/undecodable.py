"""Byte-order marks and bytes that UTF-8 does not allow (ENC102, ENC103)."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from cleaner.core.edits import Edit, StepResult, edited, unchanged
from cleaner.core.rules import Example, Rule
from cleaner.steps.context import Context

if TYPE_CHECKING:
    from cleaner.language.reading import Readings

RULES = (
    Rule(
        code="ENC102",
        name="byte-order-mark",
        summary="byte-order mark at the start",
        rationale=(
            "The mark is no text: read as such it glues itself to the first word and makes equal "
            "paragraphs differ."
        ),
        examples=(
            Example("\ufeffThe harbour.", "The harbour."),
            Example("The harbour.", "The harbour."),
        ),
    ),
    Rule(
        code="ENC103",
        name="undecodable",
        summary="bytes that are not UTF-8",
        rationale=(
            "Single bytes of Windows-1252 inside UTF-8 text are read as the characters they mean "
            "there, if that makes a word or a sign that fits its place; halves of a character are "
            "joined; what means nothing becomes U+FFFD, so that the output is valid. The journal "
            "keeps the bytes. Without this rule a file with such bytes is not cleaned: what is "
            "left of it might be read in another encoding the next time."
        ),
        examples=(
            Example("a na\udcefve plan", "a naïve plan"),
            Example("cut\ud800off", "cut\ufffdoff"),
            Example("one bad byte \udcff here", "one bad byte \ufffd here"),
            Example("a naïve plan", "a naïve plan"),
        ),
    ),
)

# What stands beside a run decides what it can be.
_BESIDE = 24
_SURROGATES = re.compile("[\ud800-\udfff]+")


def repair_undecodable(text: str, context: Context) -> StepResult:
    r"""Remove a leading byte-order mark; read or replace undecodable bytes.

    >>> repair_undecodable("\ufeffit\udc92s", Context()).text
    'it’s'
    """
    edits = []
    if text.startswith("\ufeff") and context.rules.acts("ENC102"):
        edits.append(Edit(0, 1, "\ufeff", "", "ENC102"))
    if not text.isascii() and context.rules.acts("ENC103"):
        edits += _readings(text)
    return edited(text, edits) if edits else unchanged(text)


def _readings(text: str) -> Iterator[Edit]:
    """Yield an edit for each run of surrogates."""
    known: dict[tuple[str, str, str], tuple[str, str]] = {}
    readings: Readings | None = None
    for found in _SURROGATES.finditer(text):
        readings = readings or _new_readings()
        start, end = found.span()
        beside = (text[max(0, start - _BESIDE) : start], found[0], text[end : end + _BESIDE])
        if beside not in known:
            known[beside] = _reading(*beside, readings)
        yield Edit(start, end, found[0], *known[beside][:1], "ENC103", known[beside][1])


def _new_readings() -> Readings:
    from cleaner.language.reading import Readings

    return Readings()


def _reading(before: str, surrogates: str, behind: str, readings: Readings) -> tuple[str, str]:
    """Return what surrogates between two pieces of text stand for, and why."""
    if any(c < "\udc00" for c in surrogates):
        after = surrogates.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        return after, "halves of characters"
    if not all("\udc80" <= c <= "\udcff" for c in surrogates):
        return "\ufffd" * len(surrogates), "half of a character"
    data = surrogates.encode("ascii", "surrogateescape")
    said = f"bytes {data.hex(' ')}"
    with contextlib.suppress(UnicodeDecodeError):
        halves = data.decode("utf-8", "surrogatepass").encode("utf-16-le", "surrogatepass")
        return halves.decode("utf-16-le"), f"{said} read as CESU-8"
    with contextlib.suppress(UnicodeDecodeError):
        western = data.decode("cp1252")
        if readings.fits(before, western, behind):
            return western, f"{said} read as cp1252"
    return "\ufffd" * len(surrogates), f"{said} mean nothing"
