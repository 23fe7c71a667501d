"""The language of a document, from how many of its words are the commonest of a language."""

from __future__ import annotations

from cleaner.core.recent import Recent
from cleaner.steps.lost_spaces.languages.closely import detect_closely
from cleaner.steps.lost_spaces.languages.common import Counts, count_common, languages

# A text up to this length (characters) may have too few of the commonest words to tell.
_SHORT = 1000
_SAMPLE_CHARACTERS = 2100
_REMEMBERED = 1 << 21
_MIN_SHARE = 0.1
_MIN_COUNT = 2
_AHEAD = 3


def detect_language(text: str) -> str | None:
    """Return the code (ISO 639-1, or wordfreq's) of the language of `text`, or None.

    A word shared by several languages counts for each of them; the first by count, then by code,
    wins if at least two and a tenth of the sampled words are its own. Where a short text leaves it
    in doubt, its words are looked up among more of each language.

    >>> detect_language("The cat sat on the mat, and that was all there was to it.")
    'en'
    >>> detect_language("Der Hund und die Katze sind nicht im Garten, sondern auf dem Dach.")
    'de'
    >>> detect_language("0x3f 12 14;") is None
    True
    """
    return _kept(_sample(text))


def _detect(sample: str) -> str | None:
    words, counts = count_common(sample)
    # Of equal counts the first wins: the languages are sorted.
    first = int(counts.argmax())
    most = int(counts[first])
    found = languages()[first] if most >= max(_MIN_COUNT, _MIN_SHARE * words) else None
    if len(sample) > _SHORT or (found is not None and _is_far_ahead(counts, most)):
        return found
    return detect_closely(sample) or found


# A text is asked about by several steps, in several rounds.
_kept = Recent(_detect, size=len, most=_REMEMBERED)


def _is_far_ahead(counts: Counts, most: int) -> bool:
    """Whether no language but one has nearly as many of the words."""
    return int((counts + _AHEAD > most).sum()) == 1


def _sample(text: str) -> str:
    """Return `text`, or of a long one three parts from its head, middle and end."""
    if len(text) <= _SAMPLE_CHARACTERS:
        return text
    third = _SAMPLE_CHARACTERS // 3
    middle = (len(text) - third) // 2
    return " ".join((text[:third], text[middle : middle + third], text[-third:]))
