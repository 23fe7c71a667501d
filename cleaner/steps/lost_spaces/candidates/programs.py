"""Which places stand in sentences, and which in tables, program text, markup and logs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import regex

from cleaner.blocks import Kind, kinds_of

_PROGRAM = frozenset({Kind.CODE, Kind.DIFF, Kind.MARKUP, Kind.LOG})
_COLUMNS = ("  ", "\t", "|")
_SENTENCES = frozenset({Kind.PROSE, Kind.VERSE, Kind.DIALOGUE, Kind.HEADING})
# Most prose has none of these, and is not read into blocks.
_MARKS = b"={}<>\\$#@`|_"
_SIGNS = (b"::", b"()", b"//")
_LINE_STARTS = re.compile(rb"\n(?:[ \t.\[\]+*%/0-9]|import |from |return )")
# A quoted letter is markup, a conversation with the time of each line is a log, but people wrote
# what is in them.
_WRITTEN = regex.compile(r"[ \t]*+(?:[>|]|[^<>\n]{0,40}<[^<>\n]{1,40}> )")


def in_prose(text: str, places: Sequence[int]) -> list[int]:
    """Return those of `places` that stand in sentences: not in lists, tables or program text."""
    kinds = kinds_of(text, [(place, place) for place in places])
    return [place for place, kind in zip(places, kinds, strict=True) if kind in _SENTENCES]


def in_tables(text: str, places: Iterable[int]) -> set[int]:
    r"""Return those of `places` that stand in tables.

    >>> in_tables("sda1  ext4  ro,user,auto\nsda2  ext4  rw,user,auto\n", [15])
    {15}
    """
    asked = sorted(set(places))
    if not asked or not any(sign in text for sign in _COLUMNS):
        return set()
    kinds = kinds_of(text, [(place, place) for place in asked])
    return {place for place, kind in zip(asked, kinds, strict=True) if kind is Kind.TABLE}


def _may_hold_programs(text: str) -> bool:
    """Whether `text` has anything that program text, markup or a log is not without."""
    if not text[:1].isalpha():
        return True
    data = text.encode("utf-8", "surrogatepass")
    return (
        len(data.translate(None, _MARKS)) < len(data)
        or any(sign in data for sign in _SIGNS)
        or _LINE_STARTS.search(data) is not None
    )


def in_programs(text: str, places: Iterable[int]) -> set[int]:
    r"""Return those of `places` that stand in blocks of program text, markup or logs.

    >>> in_programs("10:02:11 WARNING late\n10:02:12 ERROR lost\n\nIt was late.", [9, 50])
    {9}
    """
    asked = sorted(set(places))
    if not asked or not _may_hold_programs(text):
        return set()
    kinds = kinds_of(text, [(place, place) for place in asked])
    return {
        place
        for place, kind in zip(asked, kinds, strict=True)
        if kind in _PROGRAM and not _WRITTEN.match(text, text.rfind("\n", 0, place) + 1)
    }
