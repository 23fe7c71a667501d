"""Byte-order marks and bytes that UTF-8 does not allow (ENC102, ENC103)."""

from __future__ import annotations

import re

from cleaner.core.edits import Edit, StepResult, edited, unchanged
from cleaner.core.rules import Example, Rule
from cleaner.normalize.context import Context

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
            "there; what means nothing becomes U+FFFD, so that the output is valid. The journal "
            "keeps the bytes."
        ),
        examples=(
            Example("a na\udcefve plan", "a naïve plan"),
            Example("cut\ud800off", "cut\ufffdoff"),
            Example("a naïve plan", "a naïve plan"),
        ),
    ),
)

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
        for found in _SURROGATES.finditer(text):
            after, detail = _reading(found[0])
            edits.append(Edit(found.start(), found.end(), found[0], after, "ENC103", detail))
    return edited(text, edits) if edits else unchanged(text)


def _reading(surrogates: str) -> tuple[str, str]:
    """Return what the escaped bytes say in Windows-1252, or U+FFFD for each."""
    try:
        data = surrogates.encode("ascii", "surrogateescape")
        return data.decode("cp1252"), f"bytes {data.hex(' ')} read as cp1252"
    except UnicodeError:
        codes = " ".join(f"{ord(c):04x}" for c in surrogates)
        return "\ufffd" * len(surrogates), f"{codes} means nothing"
