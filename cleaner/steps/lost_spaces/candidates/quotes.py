"""On which side of a straight quotation mark a space was lost."""

from __future__ import annotations

import regex

# What these begin with is no quotation mark.
_ELIDED = regex.compile(
    r"'(?:tis|twas|twere|twill|twould|twixt|tween|gainst|neath|em|im|cause|bout|round|til|till)\b",
    regex.I,
)
_OPENED = regex.compile(r"(?<![\p{L}\p{N}.,;:!?])'(?=[\p{L}\p{N}])")
_CLOSED = regex.compile(r"(?<=[\p{L}\p{N}.,;:!?])'(?![\p{L}\p{N}])")


def settle(line: str, place: int) -> int:
    """Return `place`, moved across a straight quote beside it where the quotes before it say so.

    An opening quote belongs to the word after it, a closing one to the word before.

    >>> line = 'He said,"wait" and left'
    >>> settle(line, 9), settle(line, 8)
    (8, 8)
    >>> settle('"Wait,"he said', 6)
    7
    >>> settle("'Twas he,'tis he", 9), settle("'Twas he,'tis he", 10)
    (9, 9)
    """
    if place > 1 and _ELIDED.match(line, place - 1) and not line[place - 2].isspace():
        moved = place - 1
    elif _ELIDED.match(line, place):
        return place
    elif (
        line[place - 1] in "\"'"
        and not _is_apostrophe(line, place - 1)
        and not _is_open(line, place - 1)
    ):
        moved = place - 1
    elif line[place] in "\"'" and not _is_apostrophe(line, place) and _is_open(line, place):
        moved = place + 1
    else:
        return place
    if 0 < moved < len(line) and not (line[moved - 1].isspace() or line[moved].isspace()):
        return moved
    return place


def _is_apostrophe(line: str, place: int) -> bool:
    return line[place] == "'" and place > 0 and line[place - 1].isalpha()


def _is_open(line: str, place: int) -> bool:
    """Whether a quotation is open before the quote at `place`."""
    if line[place] == '"':
        return line.count('"', 0, place) % 2 == 1
    opened = sum(
        1 for found in _OPENED.finditer(line, 0, place) if not _ELIDED.match(line, found.start())
    )
    closed = sum(1 for _ in _CLOSED.finditer(line, 0, place))
    return opened > closed
