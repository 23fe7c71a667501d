"""Text that was decoded with the wrong encoding (ENC110), by ftfy."""

from __future__ import annotations

import re

from ftfy import TextFixerConfig, fix_encoding
from ftfy.badness import MOJIBAKE_CATEGORIES, is_bad

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


def _suspects() -> re.Pattern[str]:
    """Return an expression that matches in every line in which ftfy's badness expression does.

    Each of its alternatives holds a character that alone is rare, or two neighbours of its
    categories, one of them at least neither common punctuation nor a Greek or Cyrillic letter.
    """
    classes = MOJIBAKE_CATEGORIES
    strange = "".join(
        classes[name]
        for name in classes
        if name not in ("c1", "common", "upper_common", "lower_common")
    )
    letters = classes["upper_common"] + classes["lower_common"]
    return re.compile(
        f"[{classes['c1']}\u0152\u0153\xc2\xc3\xce\xd0\xd8\xd9\u221a\u0402]"
        f"|[{strange}][{strange}{letters}]|[{letters}][{strange}]"
    )


_SUSPECT = _suspects()


def repair_mojibake(text: str, context: Context) -> StepResult:
    """Undo wrong decodings, line by line.

    ftfy changes a line's encoding only where its badness expression matches; a cheaper
    expression that matches wherever that one does shows the lines worth giving to it.
    """
    if text.isascii() or not context.rules.acts("ENC110"):
        return unchanged(text)
    edits: list[Edit] = []
    found = _SUSPECT.search(text)
    while found:
        start = text.rfind("\n", 0, found.start()) + 1
        end = text.find("\n", found.start())
        end = len(text) if end < 0 else end
        line = text[start:end]
        if is_bad(line):
            edits.extend(_edits(start, line, fix_encoding(line, _CONFIG)))
        found = _SUSPECT.search(text, end)
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
