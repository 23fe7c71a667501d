"""Encodings that write other scripts in bytes of ASCII: ISO-2022, HZ and UTF-7."""

from __future__ import annotations

import re

_ISO_2022 = ("iso2022_jp", "iso2022_jp_2", "iso2022_jp_3", "iso2022_jp_ext", "iso2022_kr")
_UTF_7 = re.compile(rb"\+[A-I][A-Za-z0-9+/]{2}")
_SAMPLE = 4096
# How much likelier (nats) than ASCII the text must be.
_CLEARLY = 10.0
_FEWEST = 4


def read_seven_bit(data: bytes) -> tuple[str, str] | None:
    """Return the text of ASCII bytes that stand for other characters, and the encoding; or None.

    >>> read_seven_bit("Příliš žluťoučký kůň".encode("utf-7"))[1]
    'utf-7'
    >>> read_seven_bit(b"a +Bcd c++") is None
    True
    """
    names: tuple[str, ...] = ()
    if b"\x1b$" in data or b"\x1b(J" in data or b"\x1b(I" in data:
        names = _ISO_2022
    elif b"~{" in data:
        names = ("hz",)
    elif _UTF_7.search(data):
        names = ("utf-7",)
    for name in names:
        try:
            text = data.decode(name)
        except UnicodeDecodeError:
            continue
        if not text.isascii() and "\x1b" not in text and _is_likelier(text, data):
            return text, name
    return None


def _is_likelier(text: str, data: bytes) -> bool:
    first = max(0, next(place for place, c in enumerate(text) if c > "\x7f") - _SAMPLE // 2)
    sample = text[first : first + _SAMPLE]
    share = len(sample) / len(text)
    start = int(first / len(text) * len(data))
    written = data[start : start + int(len(data) * share)].decode("ascii")
    from cleaner.language.reading import Readings, reads_well

    readings = Readings()
    reading = readings.rate(sample)
    likelier = reading.cost + _CLEARLY < readings.rate(written).cost
    return likelier and reads_well(reading, sample) and len(sample) > _FEWEST
