"""Lines of one legacy encoding that were read as another, told by their letters (for ENC110)."""

from __future__ import annotations

import re

from cleaner.language.detection import detect
from cleaner.language.encodings import SINGLE_BYTE_AND_ASIAN, UTF_8
from cleaner.language.reading import Readings, reads_well

# Bytes as they look in Windows-1252 but for common punctuation, and letters alone.
_BYTES = "\x80-\x9f¡-¯±-¶¸-ÿŒœŠšŽžŸƒˆ˜†‡‰‹›„‚•™€"
_SIGNS = "¡-©¬®¯±-³´-¶¸¹¼-¿×÷ˆ˜†‡‰‹›„‚•ƒ¤"
# Letters of Latin-1 in places where they stand only for others: Czech, Croatian, Hungarian,
# Latvian, Lithuanian and Polish ones.
_OUT_OF_PLACE = (
    "(?<=[A-Za-z]ì)[a-z]|(?<=è)[aeiou]|(?<=[aeiou]æ)|(?<=[a-z]õ)(?!e)|(?<=[bgjklnptvz]û)(?![a-z])"
    "|(?<=ç)[b-df-hj-np-tv-xz]|(?<=[a-z]{3}ø)(?![a-zß-ÿ])|(?<=[a-z][±¶])"
)
#: Where a line may have been misread: a run of such letters and signs; a sign, or a capital with an
#: accent, inside a word; a sign at the head of one; letters out of place, or that few languages
#: have; Cyrillic beside such signs, beside Latin, or with inverted case.
MISREAD = re.compile(
    # One class in front lets the search pass over all else fast.
    f"[{_BYTES}А-Яа-яё](?:"
    f"(?<=[{_BYTES}])(?:[{_BYTES}]{{3}}|(?<=[a-zß-ÿ][{_SIGNS}])[a-zß-ÿ]"
    "|(?<=[¯³¹º¶±¾¼])(?<![^\\W\\d_].)[a-zß-öø-ÿ]|(?<=[a-z][À-ÖØ-ÞŠŽ])[a-z]|(?<=[ðþÐÞýÝ])"
    f"|{_OUT_OF_PLACE})"
    "|(?<=[А-Яа-яё])(?:"
    "[\x80-\x9f¡-§©«-±¶Ђ-ЏђѓљњќћџҐґ†‡‰‹‚•™€](?=[А-Яа-яё])|(?<=[а-яё])[А-ЯЁ]{2}"
    "|(?<=[a-z][ВГДЕР])[\xa0-»Ђ-ЏђѓљњќћџҐґ‘’“”•–—„‚…†‡€‰‹›™]))"
)
# Icelandic and its kin have þ, ð and ý of their own.
_NORDIC = re.compile(r"(?i)[a-z]æ|æ[a-z]|\b(?:og|að|ok|at)\b")
_ITS_OWN = re.compile("[ðþÐÞýÝ]")
# The encodings that text is read in by mistake.
_WRONG = ("sloppy-windows-1252", "latin-1", "windows-1251", "koi8-r")
_CANDIDATES = (*SINGLE_BYTE_AND_ASIAN, UTF_8)
# The second byte of an Asian character whose first was dropped.
_HALF_LOST = re.compile(r"(?<=[\u3040-\u9fff\uac00-\ud7a3])[@-~](?=[\u3040-\u9fff\uac00-\ud7a3])")
# How much likelier (nats) than the line the other reading must be.
_CLEARLY = 12.0
# Text of a language that is not known must not pass for one of a known one.
_WELL = 0.75
_MOST_READ = 2048


def reread(line: str, readings: Readings) -> str | None:
    """Return what a line says whose bytes were read in the wrong encoding; None if it seems right.

    >>> reread("Bugün Ýstanbul güneþli, yarýn yaðmur yaðacak.", Readings())
    'Bugün İstanbul güneşli, yarın yağmur yağacak.'
    >>> reread("Það þýðir að æðurin sefur.", Readings()) is None
    True
    """
    if _is_nordic(line):
        return None
    best = None
    least = readings.rate(line[:_MOST_READ]).cost - _CLEARLY
    for wrong in _WRONG:
        text = _read_again(line, wrong)
        if text is None or _HALF_LOST.search(text) or not _is_of_letters(line, text):
            continue
        sample = text[: len(text) * min(len(line), _MOST_READ) // len(line)]
        reading = readings.rate(sample)
        if reading.cost < least and reads_well(reading, sample, share=_WELL):
            best, least = text, reading.cost
    return best


def _read_again(line: str, wrong: str) -> str | None:
    """Return the text of a line in the encoding that its bytes are surely in, if in another."""
    try:
        data = line.encode(wrong)
        found = detect(data, _CANDIDATES)
        if found is None or not found.sure or found.encoding == "utf-8":
            return None
        text = data.decode(found.encoding)
    except UnicodeError:
        return None
    return None if text == line else text


def _is_of_letters(line: str, text: str) -> bool:
    """Whether most of what changes becomes letters."""
    changed = (
        text
        if len(text) != len(line)
        else [new for old, new in zip(line, text, strict=True) if old != new]
    )
    foreign = [c for c in changed if c > "\x7f"]
    return 10 * sum(map(str.isalpha, foreign)) > 7 * len(foreign)


def _is_nordic(line: str) -> bool:
    return bool(_ITS_OWN.search(line) and _NORDIC.search(line))
