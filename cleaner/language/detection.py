"""Which encoding some bytes are in, by which reading is the likeliest text in some language."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cleaner.language.encodings import SINGLE_BYTE_AND_ASIAN, UTF_8, Candidate
from cleaner.language.reading import JUNK, Reading, Readings, reads_well

# What is looked at for detection: enough for the letters of any language to show themselves.
_WINDOW = 1 << 16
_SAMPLE = 4096

# -log of a stray byte among UTF-8, and of an encoding in a language that it was not made for.
_STRAY = 1.0
_STRANGE = 6.0
# Readings closer than this are not told apart for sure.
_CLEARLY = 5.0

_HIGH = re.compile(rb"[\x80-\xff]")
_ESCAPED = re.compile("[\udc80-\udcff]")


class Detected(NamedTuple):
    """An encoding, and the next likely one whose text differs, if any.

    `sure`: the other is far behind. `plausible`: the text reads as some language at all.
    """

    encoding: str
    language: str
    other: str
    sure: bool
    plausible: bool


class _Rated(NamedTuple):
    """A reading: what it costs with its encoding, and without."""

    cost: float
    text_cost: float
    encoding: str
    language: str
    text: str


def detect(data: bytes, candidates: Sequence[Candidate] = SINGLE_BYTE_AND_ASIAN) -> Detected | None:
    """Return the likeliest encoding of `data`; None where no candidate can be.

    >>> found = detect("Zażółć gęślą jaźń, powiedział.".encode("cp1250"))
    >>> found.encoding, found.language, found.sure
    ('cp1250', 'pl', True)
    """
    sample = _sample(data)
    readings = Readings()
    whole = len(sample) == len(data)
    rated = sorted(_rated(sample, whole, candidates, readings), key=lambda one: one.cost)
    if not rated:
        return None
    best = rated[0]
    second = next((one for one in rated if one.text != best.text), None)
    junk = readings.rate(_HIGH.sub(b" ", sample).decode("latin-1")).cost
    junk += JUNK * len(_HIGH.findall(sample))
    plausible = best.text_cost < junk and (
        # Of texts that are mostly beyond ASCII, every language is known by its letters.
        _is_mostly_ascii(best.text) or reads_well(Reading(best.text_cost, best.language), best.text)
    )
    sure = plausible and (second is None or second.cost - best.cost >= _CLEARLY)
    other = second.encoding if second else ""
    return Detected(_preferred(best, rated), best.language, other, sure, plausible)


def _rated(
    sample: bytes, whole: bool, candidates: Sequence[Candidate], readings: Readings
) -> Iterator[_Rated]:
    known: dict[str, Reading] = {}
    most_stray = 1 + len(sample) // 50
    for candidate in candidates:
        # A sample that is not the whole may end inside a character.
        decoder = codecs.getincrementaldecoder(candidate.name)("surrogateescape")
        try:
            text = decoder.decode(sample, whole)
        except UnicodeDecodeError:
            continue
        cost = candidate.cost
        if candidate is UTF_8:
            stray = len(_ESCAPED.findall(text))
            if 2 * stray > len(_HIGH.findall(sample)):
                continue
            cost += _STRAY * stray
            text = _ESCAPED.sub(lambda found: _western(found[0]), text)
        elif len(_ESCAPED.findall(text)) > most_stray:
            continue
        if text not in known:
            known[text] = readings.rate(text)
        reading = known[text]
        if candidate.languages and reading.language not in candidate.languages:
            cost += _STRANGE
        yield _Rated(reading.cost + cost, reading.cost, candidate.name, reading.language, text)


def _is_mostly_ascii(text: str) -> bool:
    return 2 * len(text.encode("ascii", "ignore")) > len(text)


def _western(escaped: str) -> str:
    return bytes([ord(escaped) & 0xFF]).decode("cp1252", "replace")


def _preferred(best: _Rated, rated: Sequence[_Rated]) -> str:
    """Return the encoding that is named for the best text.

    Romanian is written with commas below, which only its own encoding has; Central European ones
    have cedillas in their place. Where both fit the same bytes, the right letters are meant.
    """
    if best.language == "ro" and best.encoding in ("cp1250", "iso8859-2"):
        commas = str.maketrans("şţŞŢ", "șțȘȚ")
        for one in rated:
            if one.encoding == "iso8859-16" and one.text == best.text.translate(commas):
                return one.encoding
    return best.encoding


def _sample(data: bytes) -> bytes:
    """Return lines of `data` with bytes beyond ASCII, from the first such byte on."""
    if len(data) <= _SAMPLE:
        return data
    first = _HIGH.search(data)
    start = first.start() if first else 0
    start = max(data.rfind(b"\n", 0, start), data.rfind(b"\r", 0, start)) + 1
    lines = [line for line in data[start : start + _WINDOW].splitlines() if not line.isascii()]
    step = 1 + sum(map(len, lines)) // _SAMPLE
    return b"\n".join(lines[::step])[:_SAMPLE]
