"""The language of a stretch of text, and the script of a word."""

from __future__ import annotations

import regex

from cleaner.steps.lost_spaces.languages.closely import is_enough, likeness, words_of

# A part of a text is taken for one in another language if so many more of its words say so.
_MORE_WORDS = 2
# Fewer words tell nothing against the language of the whole text.
_FEW_WORDS = 15
# The halves of a word say nothing.
_SPLIT = regex.compile(r"[^\s-]*+[-‐\u00ad][^\S\n]*+\n[^\S\n]*+\S*+")
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
    sample = _SPLIT.sub(" ", sample)
    if script != "Latin" or not sample.isascii():
        belongs = _SCRIPTS[script].search
        sample = " ".join(word for word in sample.split() if belongs(word))
    words = words_of(sample)
    found = likeness(words)
    usually = found.of(usual) if usual else 0
    likest = found.likest()
    if likest is not None and is_enough(likest.words, len(words)):
        return usual if usual and likest.words < usually + _MORE_WORDS else likest.language
    return usual if len(words) < _FEW_WORDS or is_enough(usually, len(words)) else None
