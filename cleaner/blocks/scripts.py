"""How wide the letters of a script are, and whether spaces part its words."""

from __future__ import annotations

import re

import regex

# East Asian wide and full-width characters take two columns.
_WIDE = re.compile(
    "[\u1100-\u115f\u2e80-\u303e\u3041-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3"
    "\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\U0001f300-\U0001faff"
    "\U00020000-\U0003fffd]"
)
_NO_WIDTH = regex.compile(r"[\p{Mn}\p{Me}\p{Cf}]")

# Han, kana and Bopomofo with their punctuation and full-width forms.
_HAN = "\u2e80-\u303f\u3041-\u312f\u31a0-\u9fff\uf900-\ufaff\uff01-\uff9f\U00020000-\U0003fffd"
# Thai, Lao, Burmese, Khmer: words are not parted, phrases are.
_SOUTH_EAST = "\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff\u19e0-\u19ff\ua9e0-\ua9ff\uaa60-\uaa7f"
_UNSPACED = re.compile(f"[{_HAN}{_SOUTH_EAST}]")
_IS_HAN = re.compile(f"[{_HAN}]")
_IS_SOUTH_EAST = re.compile(f"[{_SOUTH_EAST}]")
_HAN_MARK = re.compile("[\u2018\u2019\u201c\u201d\u2014\u2026\u3001-\u3020\u30fb\uff01-\uff0f"
                       "\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65]")  # fmt: skip
# None of them stands before this one.
_FAR_EAST = re.compile("[\u2e80-\U0010ffff]")
_PARTED = re.compile(f"[{_HAN}] [A-Za-z0-9]|[A-Za-z0-9] [{_HAN}]")
_CLOSE = re.compile(f"[{_HAN}][A-Za-z0-9]|[A-Za-z0-9][{_HAN}]")


def columns(text: str) -> int:
    """Return how many columns `text` takes on a screen.

    >>> columns("boat"), columns("船"), columns("ที่")
    (4, 2, 1)
    """
    if text.isascii():
        return len(text)
    return len(text) + len(_WIDE.findall(text)) - len(_NO_WIDTH.findall(text))


def is_unspaced(char: str) -> bool:
    """Whether `char` belongs to a script that writes words without spaces between them."""
    return char > "\u0dff" and _UNSPACED.match(char) is not None


def has_unspaced(text: str) -> bool:
    """Whether `text` has a character of such a script near its head."""
    return not text.isascii() and _UNSPACED.search(text, 0, 40) is not None


def parts_phrases_only(char: str) -> bool:
    """Whether `char` is Thai, Lao, Burmese or Khmer, where no sign tells what a line end is."""
    return char > "\u0dff" and _IS_SOUTH_EAST.match(char) is not None


def parts_latin(text: str) -> bool:
    """Whether `text` has spaces between Han or kana and Latin letters more often than not.

    >>> parts_latin("用 C 写"), parts_latin("用C写")
    (True, False)
    """
    if not _FAR_EAST.search(text):
        return False
    return len(_PARTED.findall(text)) > len(_CLOSE.findall(text))


def seam(left: str, right: str, *, parted: bool) -> str:
    """Return what stands between two characters when the line end between them goes.

    `parted` is whether the text has spaces between Han or kana and Latin letters.

    >>> [seam(*pair, parted=False) for pair in ("tt", "船が", "船a", "ไก")]
    [' ', '', '', '']
    """
    if max(left, right) < "\u0e00":
        return " "
    if is_unspaced(left) and is_unspaced(right):
        return ""
    if not (_IS_HAN.match(left) or _IS_HAN.match(right)):
        return " "
    if (left + right).isalnum():
        return " " if parted else ""
    return "" if _HAN_MARK.match(left) or _HAN_MARK.match(right) else " "
