"""Traces of print: overstrike, letters printed twice, ligatures set apart (ENC116, 118, 119)."""

from __future__ import annotations

import re

from cleaner.core.edits import Edit, StepResult, edited, unchanged
from cleaner.core.rules import Example, Rule
from cleaner.language.reading import Readings
from cleaner.steps.context import Context
from cleaner.steps.lost_spaces.languages.detect import detect_language
from cleaner.steps.lost_spaces.words.lexicon import Lexicon, lexicon_of

RULES = (
    Rule(
        code="ENC116",
        name="overstrike",
        summary="character printed over itself or underlined",
        rationale=(
            "Manual pages made for printers strike a character twice to make it bold, and over an "
            "underscore to underline it. The character stands for itself once."
        ),
        examples=(
            Example("N\x08NA\x08AM\x08ME\x08E of the _\x08f_\x08i_\x08l_\x08e", "NAME of the file"),
            Example("fat\x08\x08\x08stout", "fat\x08\x08\x08stout"),
        ),
    ),
    Rule(
        code="ENC118",
        name="letters-printed-twice",
        summary="line of which every character stands twice",
        rationale=(
            "Bold type in a PDF may be the same text printed twice a little apart, and its letters "
            "then come out in pairs. Such a line has every character twice, spaces too."
        ),
        examples=(
            Example("HHaarrbboouurr  DDuueess", "Harbour Dues"),
            Example("AABB  CCDD", "AABB  CCDD"),
        ),
    ),
    Rule(
        code="ENC119",
        name="ligature-apart",
        summary="ligature set apart from its word by spaces",
        rationale=(
            "Where a PDF has no width for a ligature, “difficult” comes out as “di ffi cult”. The "
            "parts are joined where they make a listed word that is likelier than they are alone."
        ),
        examples=(
            Example("It is di ffi cult to de fi ne that.", "It is difficult to define that."),
            Example(
                "A sci fi novel, 12 fl oz, pp. 3 ff and on.",
                "A sci fi novel, 12 fl oz, pp. 3 ff and on.",
            ),
        ),
    ),
)

_OVERSTRUCK = re.compile(
    r"(?:_\x08)?([^\s\x08])(?:\x08\1)+|_\x08([^\s\x08])|([^\s\x08_])\x08_"
    r"|([\u1100-\uffdc])\x08\x08\4"
)
# Two words at least, so that their spaces are doubled too; not longer than a line of print.
_DOUBLED = re.compile(r"(?m)^(?:(\S)\1){2,100}(?:  (?:(\S)\2){1,100}){1,40} {0,8}$")
_APART = (" ff", " fi ", " fl ")
_LIGATURE = re.compile(
    r"(?<!\w)(?:([a-zA-Zß-öø-ÿ]{1,20}) )?(ffi|ffl|ff|fi|fl) ([a-zß-öø-ÿ]{1,20})(?!\w)"
)
_FEWEST_LETTERS = 8
# How much likelier the repair must be: in nats by its letters, in powers of ten by its words.
_CLEARLY = 8.0
_LIKELIER = 1.0


def join_overstrike(text: str, context: Context) -> StepResult:
    r"""Write characters once that were struck twice, or over an underscore.

    >>> join_overstrike("b\x08bo\x08ol\x08ld", Context()).text
    'bold'
    """
    if "\x08" not in text or not context.rules.acts("ENC116"):
        return unchanged(text)
    return edited(
        text,
        [
            Edit(m.start(), m.end(), m[0], m[1] or m[2] or m[3] or m[4], "ENC116")
            for m in _OVERSTRUCK.finditer(text)
        ],
    )


def halve_doubled_lines(text: str, context: Context) -> StepResult:
    """Write lines once of which every character was printed twice.

    >>> halve_doubled_lines("SSttaatteemmeenntt  ooff  DDuueess", Context()).text
    'Statement of Dues'
    """
    if "  " not in text or not context.rules.acts("ENC118"):
        return unchanged(text)
    readings = Readings()
    edits = []
    for found in _DOUBLED.finditer(text):
        half = found[0].rstrip(" ")[::2]
        if sum(map(str.islower, half)) < _FEWEST_LETTERS:
            continue
        if readings.rate(half).cost + _CLEARLY < readings.rate(found[0]).cost:
            edits.append(Edit(found.start(), found.end(), found[0], half, "ENC118"))
    return edited(text, edits)


def join_ligatures(text: str, context: Context) -> StepResult:
    """Join ligatures that spaces set apart from the rest of their word."""
    if not any(letters in text for letters in _APART) or not context.rules.acts("ENC119"):
        return unchanged(text)
    language = detect_language(text)
    if language is None:
        return unchanged(text)
    lexicon = lexicon_of(language)
    joined = [(m, _joined(m, lexicon)) for m in _LIGATURE.finditer(text)]
    # Letters that stand alone elsewhere, too, are a word of the text.
    words = {m[2] for m, after in joined if not after}
    return edited(
        text,
        [
            Edit(m.start(), m.end(), m[0], after, "ENC119")
            for m, after in joined
            if m[2] not in words
        ],
    )


def _joined(found: re.Match[str], lexicon: Lexicon) -> str:
    """Return the text of a match with its ligature joined; nothing where it is not."""
    head, letters, tail = found.groups("")
    forms: list[tuple[str, ...]] = [(f"{head}{letters}{tail}",)]
    if head:
        forms.append((head, f"{letters}{tail}"))
    if head and letters.startswith("ff"):
        forms.append((f"{head}{letters}", tail))
    apart = sum(lexicon.logp(part) for part in (head, letters, tail) if part)
    best = max(forms, key=lambda form: sum(map(lexicon.logp, form)))
    known = all(lexicon.listed.get(word.lower()) is not None for word in best)
    likelier = sum(map(lexicon.logp, best)) > apart + _LIKELIER
    return " ".join(best) if known and likelier else ""
