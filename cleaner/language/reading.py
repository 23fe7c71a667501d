"""How likely a text is as a reading of some bytes: letters by language, signs by their place."""

from __future__ import annotations

import itertools
from collections import Counter
from typing import NamedTuple

import numpy as np
import regex
from numpy.typing import NDArray

from cleaner.language.letters import (
    ARABIC,
    CYRILLIC,
    GREEK,
    HEBREW,
    IDEOGRAPHIC,
    LATIN,
    SCRIPTS,
    THAI,
    letters_of,
)
from cleaner.language.signs import cost_of_signs

_IDEOGRAPHS = r"\p{Han}\p{Hangul}\p{Katakana}\p{Hiragana}ー\uff66-\uff9f"
_WORD = regex.compile(rf"[\p{{Ll}}\p{{Lu}}\p{{Lt}}\p{{M}}[\p{{Lo}}--[ªº{_IDEOGRAPHS}]]]+", regex.V1)
_IDEOGRAPH = regex.compile(rf"[{_IDEOGRAPHS}]")
# The script of a letter, by the first code point beyond it.
_SCRIPTS: tuple[tuple[int, tuple[str, ...]], ...] = (
    (0x0250, LATIN),
    (0x0370, ()),
    (0x0400, GREEK),
    (0x0530, CYRILLIC),
    (0x0590, ()),
    (0x0600, HEBREW),
    (0x0780, ARABIC),
    (0x0E00, ()),
    (0x0E80, THAI),
    (0x1E00, ()),
    (0x1F00, LATIN),
)
_LANGUAGES = tuple(language for script in SCRIPTS for language in script)
_FIRST = {script: _LANGUAGES.index(script[0]) for script in SCRIPTS}
_RARE = frozenset("af br cy eo et eu fo ga gl kk lb mt mn oc se sq tt".split())
_FOLDED = str.maketrans("șț", "şţ")

#: -log of a character beyond ASCII that means nothing.
JUNK = 10.0
# -log of a word of another language, of a text in a rarer one, of a letter of none known.
_FOREIGN = 6.0
_RARER = 3.0
_UNKNOWN = 14.0
# Of capitals: at the head of a word, in all of it, inside it where small ones stand before.
_CAPITAL = 1.0
_CAPITALS = 3.0
_RISE = 4.0
_FALL = 3.0


class Reading(NamedTuple):
    """How unlikely a text is (-log), and the language in which it is the least so."""

    cost: float
    language: str


# What a character of a text costs at most (nats), by language: rare words and names included.
_MOST = {"zh": 9.0, "zh-Hant": 9.0, "ja": 9.0, "ko": 6.0, "vi": 6.0, "th": 5.5}
_MOST_OF_LETTERS = 4.5


def reads_well(reading: Reading, text: str, *, share: float = 1.0) -> bool:
    """Whether a text with this reading is writing in its language, not a run of odd letters.

    `share` of what letters of rare words and names may cost is allowed.

    >>> text = "Пулч Члъейщку омдуйчъ"
    >>> reads_well(Readings().rate(text), text)
    False
    """
    most = _MOST.get(reading.language, share * _MOST_OF_LETTERS)
    return reading.cost <= most * len(text)


class Readings:
    """Rates texts that are readings of the same bytes, and so share most of their words.

    >>> readings = Readings()
    >>> readings.rate("Ma³y ch³opiec").cost > readings.rate("Mały chłopiec").cost
    True
    """

    def __init__(self) -> None:
        self._words: dict[str, tuple[float, tuple[str, ...], NDArray[np.float64]]] = {}

    def rate(self, text: str) -> Reading:
        """Return how unlikely `text` is."""
        cost = 0.0
        gains = np.zeros(len(_LANGUAGES))
        for word, count in Counter(_WORD.findall(text)).items():
            rated = self._words.get(word)
            if rated is None:
                rated = self._words[word] = _rated(word)
            foreign, script, own = rated
            cost += foreign * count
            if script:
                first = _FIRST[script]
                gains[first : first + len(script)] += own * count
        characters = Counter(_IDEOGRAPH.findall(text))
        if characters:
            letters = letters_of(IDEOGRAPHIC)
            first = _FIRST[IDEOGRAPHIC]
            for character, count in characters.items():
                costs = letters.costs_of_character(character)
                foreign = float(costs.min()) + _FOREIGN
                cost += foreign * count
                gains[first:] += (foreign - costs) * count
        for language in _RARE:
            gains[_LANGUAGES.index(language)] -= _RARER
        best = int(gains.argmax())
        return Reading(cost - float(gains[best]) + cost_of_signs(text), _LANGUAGES[best])

    def fits(self, before: str, middle: str, behind: str) -> bool:
        """Whether `middle` reads as part of the text rather than as characters gone wrong.

        >>> Readings().fits("caf", "é", " au lait"), Readings().fits("bad ", "ÿ", " byte")
        (True, False)
        """
        without = self.rate(f"{before} {behind}").cost + JUNK * len(middle)
        return self.rate(before + middle + behind).cost < without


def _rated(word: str) -> tuple[float, tuple[str, ...], NDArray[np.float64]]:
    """Return what a word costs among another language, its script, and what its own ones spare."""
    lower = word.lower().translate(_FOLDED)
    shape = _cost_of_case(word, lower)
    script = next((languages for end, languages in _SCRIPTS if ord(lower[0]) < end), ())
    if not script:
        return shape + _UNKNOWN * len(word), (), np.zeros(0)
    costs = letters_of(script).costs(lower)
    foreign = float(costs.min()) + _FOREIGN
    return shape + foreign, script, np.maximum(foreign - costs, 0.0)


def _cost_of_case(word: str, lower: str) -> float:
    if word == lower:
        return 0.0
    if word[1:] == lower[1:]:
        return _CAPITAL
    if word.isupper():
        return _CAPITALS
    rises = sum(a.islower() and b.isupper() for a, b in itertools.pairwise(word))
    falls = sum(a.isupper() and b.islower() for a, b in itertools.pairwise(word[1:]))
    return _CAPITALS + _RISE * rises + _FALL * falls
