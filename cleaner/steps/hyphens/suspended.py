"""Suspended hyphens ("pre- and post-war"): the hyphen stands for what a later word ends in."""

from __future__ import annotations

import functools
from importlib.resources import files

import regex

from cleaner.steps.lost_spaces.odds import UNKNOWN_BASE
from cleaner.steps.lost_spaces.words.lexicon import Lexicon

# What may stand right behind a conjunction; anything else makes it a part of a longer word.
_GOES_ON = regex.compile(r"[\p{L}\p{M}\p{N}'’‐‑-]")
_VOWELS = frozenset("aeiouyàáâãäåæèéêëìíîïòóôõöøœùúûüýаеёиоуыэюяіїєαεηιουωάέήίόύώ")
# Dutch writes two letters for one vowel.
_MORE_VOWELS = {"nl": frozenset("j")}
_HYPHENATED = regex.compile(r"\.?\s{1,8}[^\s-]{1,64}-\w")
# English parts words by what they are made of, not only by sound: col-or, thous-and.
_NOT_BY_SOUND = frozenset({"en"})
# No other language has words or endings like them.
_UNMISTAKABLE = frozenset("und oder och eller és vagy oraz sekä și или либо або".split())
# Conjunctions that words of other languages end in.
_ENDINGS = frozenset(
    "aber ali als and aut bei bis but dan ega eli ill kuin lub maar meg men nem nor ori ose plus "
    "sau serta som statt ter than til till tot vai van vel wie".split()
)
_MIN_UNKNOWN = 3
# So common (log10) is what a typesetter has split, or so much commoner than both parts by chance.
_COMMON = -4.5
_MARGIN = 1.0


@functools.cache
def conjunctions() -> dict[str, frozenset[str]]:
    """Return for each language what may stand behind a suspended hyphen, in lower case."""
    table = files("cleaner").joinpath("data", "hyphens", "conjunctions.txt").read_text("utf-8")
    lines = (line.split() for line in table.splitlines() if not line.startswith("#"))
    return {code: frozenset(words) for code, *words in lines}


@functools.cache
def _of_all_languages() -> frozenset[str]:
    return frozenset().union(*conjunctions().values())


@functools.cache
def _of_any_language() -> frozenset[str]:
    """Return the conjunctions of all languages that are no endings as well."""
    return _of_all_languages() - _ENDINGS


def may_be_conjunction(
    text: str, start: int, word: str, lexicon: Lexicon | None, *, often: bool = False
) -> bool:
    """Whether `word`, which stands at `start`, is a conjunction that a hyphen may be left before.

    `often` says that it stands elsewhere in a text of unknown language.
    """
    end = start + len(word)
    if not could_be_conjunction(word) or _GOES_ON.match(text, end):
        return False
    return is_conjunction(word, lexicon, often=often) or (
        text[end : end + 1] == "." and is_conjunction(f"{word}.", lexicon, often=often)
    )


def could_be_conjunction(word: str) -> bool:
    """Whether `word`, with a full stop or without, is a conjunction of any language."""
    word = word.lower()
    return word in _of_all_languages() or f"{word}." in _of_all_languages()


def is_conjunction(word: str, lexicon: Lexicon | None, *, often: bool = False) -> bool:
    """Whether `word`, in any case, is a conjunction.

    Where the language is not known, one of any language will do that is no ending as well; in
    quotations from another one, those that can be nothing else.
    """
    word = word.lower()
    if lexicon is None:
        return (often or len(word) >= _MIN_UNKNOWN) and word in _of_any_language()
    return word in conjunctions().get(lexicon.language, ()) or word in _UNMISTAKABLE


def is_suspended(
    left: str, right: str, text: str, end: int, lexicon: Lexicon | None
) -> bool | None:
    """Whether the hyphen between `left` and the conjunction `right` is suspended, if that is sure.

    The conjunction ends at `end`. Where both make up a word ("ten- or eleven-year", "ten-or") it is
    what follows, and the sound, that tell; None where they do not.
    """
    if lexicon is None or min(len(left), len(right)) < 2 or not left[-1].isalpha():
        # Nobody parts a word behind its first letter, or in front of its last.
        return True
    whole = lexicon.listed.get((left + right).lower())
    if whole is None or _HYPHENATED.match(text, end):
        return True
    vowels = _VOWELS | _MORE_VOWELS.get(lexicon.language, frozenset())
    if (
        lexicon.language not in _NOT_BY_SOUND
        and left[-1].lower() not in vowels
        and right[0].lower() in vowels
    ):
        return True
    if left.isupper() and right.islower():
        return True
    apart = lexicon.logp(left.lower()), lexicon.logp(right.lower())
    if apart[0] < UNKNOWN_BASE or whole > _COMMON or whole > sum(apart) + _MARGIN:
        return False
    return True if whole < sum(apart) - _MARGIN else None
