"""Entries of reference lists: short, full of names and numbers, and yet part of the text."""

from __future__ import annotations

import re
from collections.abc import Sequence

_MIN_WORDS = 8
# So many entries, itself included, stand among the lines this near each side.
_REACH = 3
_MIN_ENTRIES = 3

# "Quuxford AB," or "Quuxford, A. B. and"
_AUTHOR = re.compile(r"[A-Z][\w'’-]+,? (?:[A-Z]\.?[ -]?){1,3}(?=[,.;&]| and | et al)")
_YEAR = re.compile(r"\b(?:18|19|20)\d\d[a-z]?\b")
# Volume and pages, a DOI, or what journals and publishers are called.
_SOURCE = re.compile(
    r"\bdoi\b|\d\s?\(\d+[^)]{0,20}\)\s?:|;\s?\d|\bpp?\.\s?\d|\d:\s?[eE]?\d+[-–]\d|\bet al\b"
    r"|\bJ [A-Z]|\b(?:Journal|Rev|Proc|Ann|Int|Med|Press|University)\b"
)


def listed_references(lines: Sequence[str]) -> list[bool]:
    """Return for each line whether it is an entry among other entries of a reference list.

    >>> entries = [
    ...     "Brombeek A, Dorn KL. Tides of the lower estuary. J Coast Stud. 2011;14:201-9.",
    ...     "Esker, P. Q., & Fell, R. (2004). Ferries and fog. Harbour University Press.",
    ...     "Garth S, et al. Lamps, oil and salt. Annals of Light 1987; 3(2): 55-61.",
    ... ]
    >>> listed_references(["Home", *entries, "Contact"])
    [False, True, True, True, False]
    >>> listed_references(entries[:1])
    [False]
    """
    entries = list(map(_is_entry, lines))
    return [
        entry and sum(entries[max(0, place - _REACH) : place + _REACH + 1]) >= _MIN_ENTRIES
        for place, entry in enumerate(entries)
    ]


def _is_entry(line: str) -> bool:
    return (
        _YEAR.search(line) is not None
        and len(line.split()) >= _MIN_WORDS
        and _AUTHOR.search(line) is not None
        and _SOURCE.search(line) is not None
    )
