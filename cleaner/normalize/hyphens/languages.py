"""The language of a stretch of text, told more closely than by its commonest words alone.

A few lines hold few common words, and those of neighbours share them; so where the count leaves a
doubt, the word lists are asked which language has the other words as well.
"""

from __future__ import annotations

import itertools

import regex

from cleaner.normalize.glue.common import count_common, languages
from cleaner.normalize.glue.examine import examiner_of
from cleaner.normalize.glue.odds import UNKNOWN_BASE

_WORD = regex.compile(
    r"(?<![\p{L}\p{M}\p{N}\u00ad-])[\p{L}\p{M}]{2,64}(?![\p{L}\p{M}\p{N}\u00ad-])"
)
# Languages with so many common words less than the first are asked as well, the first few of them.
_LESS_COMMON = 2
_MOST_ASKED = 4
# A language has listed such a share of the words of a text that is written in it, and so many.
_MIN_SHARE, _MIN_LISTED = 0.6, 3
_MOST_WORDS = 80
_SCRIPTS = {
    name: regex.compile(rf"\p{{Script={name}}}")
    for name in (
        "Latin Cyrillic Greek Devanagari Bengali Tamil "
        "Hebrew Arabic Han Hiragana Katakana Hangul".split()
    )
}
_FIRST = regex.compile("|".join(f"(?P<{name}>{one.pattern})" for name, one in _SCRIPTS.items()))


def script_of(word: str) -> str:
    """Return the script of the first letter of `word`, or nothing for one not known here.

    >>> script_of("Hafen"), script_of("2й"), script_of("12")
    ('Latin', 'Cyrillic', '')
    """
    found = _FIRST.search(word)
    return (found.lastgroup or "") if found is not None else ""


def language_of(sample: str, script: str, usual: str | None = None) -> str | None:
    """Return the language of those words of `sample` that are of one script, or None.

    `usual` is the language of the text that it is a part of: another one must have more words.

    >>> language_of("Der Kapitän und die Männer gingen an Bord", "Latin", "en")
    'de'
    """
    if script != "Latin" or not sample.isascii():
        belongs = _SCRIPTS[script].search
        sample = " ".join(word for word in sample.split() if belongs(word))
    _, counts = count_common(sample)
    most = int(counts.max())
    if not most:
        return usual
    if usual is not None and counts[languages().index(usual)] + _LESS_COMMON > most:
        return usual
    # The first of equal counts first: the sort is stable.
    order = [int(place) for place in (-counts.astype(int)).argsort(kind="stable")]
    asked = [
        languages()[place]
        for place in order
        if counts[place] and counts[place] + _LESS_COMMON >= most
    ][:_MOST_ASKED]
    if usual is not None and usual not in asked:
        asked.append(usual)
    return _likeliest(sample, asked)


def _likeliest(sample: str, asked: list[str]) -> str | None:
    """Return the language whose list makes the words likeliest, if it has enough of them."""
    words = [match[0].lower() for match in itertools.islice(_WORD.finditer(sample), _MOST_WORDS)]
    best: tuple[float, str] | None = None
    for language in asked:
        logps = [max(logp, UNKNOWN_BASE) for logp in examiner_of(language).lexicon.logps(words)]
        listed = sum(logp > UNKNOWN_BASE for logp in logps)
        enough = listed >= max(_MIN_LISTED, _MIN_SHARE * len(words))
        if enough and (best is None or sum(logps) > best[0]):
            best = sum(logps), language
    return best[1] if best is not None else None
