"""The language of a document, from how many of its words are the commonest of a language."""

from __future__ import annotations

import functools

from cleaner.normalize.glue.common import count_common, languages

_SAMPLE_CHARACTERS = 2100
_SAMPLES_REMEMBERED = 8
_MIN_SHARE = 0.1
_MIN_COUNT = 2


def detect_language(text: str) -> str | None:
    """Return the code (ISO 639-1, or wordfreq's) of the language of `text`, or None.

    A word shared by several languages counts for each of them; the first by count, then by code,
    wins if at least two and a tenth of the sampled words are its own.

    >>> detect_language("The cat sat on the mat, and that was all there was to it.")
    'en'
    >>> detect_language("Der Hund und die Katze sind nicht im Garten, sondern auf dem Dach.")
    'de'
    >>> detect_language("0x3f 12 14;") is None
    True
    """
    return _detect(_sample(text))


# A text is asked about by several steps and in several rounds.
@functools.lru_cache(maxsize=_SAMPLES_REMEMBERED)
def _detect(sample: str) -> str | None:
    words, counts = count_common(sample)
    # Of equal counts the first wins: the languages are sorted.
    first = int(counts.argmax())
    if counts[first] < max(_MIN_COUNT, _MIN_SHARE * words):
        return None
    return languages()[first]


def _sample(text: str) -> str:
    """Return `text`, or of a long one three parts from its head, middle and end."""
    if len(text) <= _SAMPLE_CHARACTERS:
        return text
    third = _SAMPLE_CHARACTERS // 3
    middle = (len(text) - third) // 2
    return " ".join((text[:third], text[middle : middle + third], text[-third:]))
