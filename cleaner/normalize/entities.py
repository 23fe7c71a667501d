"""HTML character references left in plain text (ENC111)."""

from __future__ import annotations

import html
import re

from cleaner.core.edits import Edit, StepResult, edited, unchanged
from cleaner.core.rules import Example, Rule
from cleaner.normalize.context import Context

RULES = (
    Rule(
        code="ENC111",
        name="html-entity",
        summary="HTML character reference left in the text",
        rationale=(
            "A scraper that strips tags but does not decode leaves “&amp;” and “&#8217;” behind. "
            "Only references that end in a semicolon are read; one escaped many times is read "
            "to its end."
        ),
        examples=(
            Example("salt &amp; pepper", "salt & pepper"),
            Example("it&#8217;s &amp;quot;late&amp;quot;", 'it’s "late"'),
            Example("AT&T; R&D costs &c.", "AT&T; R&D costs &c."),
        ),
    ),
)

# An ampersand, the escapes of it (named or by number), and the reference that was escaped.
_REFERENCE = re.compile(
    r"&((?:(?:amp|AMP|#0{0,4}38|#[xX]0{0,4}26);)*)"
    r"(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"
)


def decode_entities(text: str, context: Context) -> StepResult:
    """Replace HTML character references by the characters they name.

    >>> decode_entities("R&amp;D &unknown;", Context()).text
    'R&D &unknown;'
    """
    if "&" not in text or not context.rules.acts("ENC111"):
        return unchanged(text)
    edits = []
    for found in _REFERENCE.finditer(text):
        escapes, name = found.groups()
        after = html.unescape(f"&{name};")
        # html.unescape also reads a known name without its semicolon ("&ltx;"), which is a guess.
        if not after.endswith(";"):
            edits.append(Edit(found.start(), found.end(), found[0], after, "ENC111"))
        elif escapes:
            edits.append(Edit(found.start(), found.start(2), f"&{escapes}", "&", "ENC111"))
    return edited(text, edits)
