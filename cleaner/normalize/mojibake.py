"""Text that was decoded with the wrong encoding (ENC110), by ftfy."""

from __future__ import annotations

import re

from ftfy import TextFixerConfig, fix_encoding
from ftfy.badness import BADNESS_RE

from cleaner.core.edits import Edit, StepResult, edited, unchanged
from cleaner.core.rules import Example, Rule
from cleaner.normalize.context import Context

RULES = (
    Rule(
        code="ENC110",
        name="mojibake",
        summary="text decoded with the wrong encoding",
        rationale=(
            "UTF-8 read as Windows-1252 or another single-byte encoding shows as pairs such as "
            "“Ã©”. ftfy (Speer 2019) finds the mistake that explains a line and undoes it."
        ),
        examples=(
            Example("a cafÃ© by the quay", "a café by the quay"),
            Example("itâ€™s late", "it’s late"),
            Example("São Paulo, Ångström, naïve", "São Paulo, Ångström, naïve"),
        ),
    ),
)

_CONFIG = TextFixerConfig(
    unescape_html=False,
    remove_terminal_escapes=False,
    fix_latin_ligatures=False,
    fix_character_width=False,
    uncurl_quotes=False,
    fix_line_breaks=False,
    remove_control_chars=False,
    normalization=None,
    explain=False,
)
_FOREIGN = re.compile(r"[^\x00-\x7f]+")


def repair_mojibake(text: str, context: Context) -> StepResult:
    """Undo wrong decodings, line by line.

    ftfy changes a line's encoding only where its badness expression matches, so one search of
    the whole text shows the lines worth giving to it.
    """
    if text.isascii() or not context.rules.acts("ENC110"):
        return unchanged(text)
    edits: list[Edit] = []
    found = BADNESS_RE.search(text)
    while found:
        start = text.rfind("\n", 0, found.start()) + 1
        end = text.find("\n", found.start())
        end = len(text) if end < 0 else end
        line = text[start:end]
        edits.extend(_edits(start, line, fix_encoding(line, _CONFIG)))
        found = BADNESS_RE.search(text, end)
    return edited(text, edits)


def _edits(at: int, before: str, after: str) -> list[Edit]:
    """Return the edits from one line to another, a run of foreign characters at a time."""
    if before == after:
        return []
    if _FOREIGN.split(before) != _FOREIGN.split(after):
        return [Edit(at, at + len(before), before, after, "ENC110")]
    pairs = zip(_FOREIGN.finditer(before), _FOREIGN.finditer(after), strict=True)
    return [
        Edit(at + old.start(), at + old.end(), old[0], new[0], "ENC110")
        for old, new in pairs
        if old[0] != new[0]
    ]
