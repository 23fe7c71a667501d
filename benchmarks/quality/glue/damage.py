"""Damage with gold: clean text whose spaces are deleted by a wrap or at random."""

from __future__ import annotations

import random

_LINES_A_WIDTH = 20


def wrapped(text: str, width: int, seed: int = 1) -> str:
    """Return `text` with each line wrapped greedily at `width` columns and the line ends deleted.

    Width 0 draws a width of 60 to 100 for every twenty lines.
    """
    draw = random.Random(seed)
    lines = []
    now = width
    for number, line in enumerate(text.split("\n")):
        if not width and number % _LINES_A_WIDTH == 0:
            now = draw.randint(60, 100)
        lines.append(_wrap(line, now))
    return "\n".join(lines)


def _wrap(text: str, width: int) -> str:
    pieces: list[str] = []
    line = ""
    for word in text.split(" "):
        if line and len(line) + 1 + len(word) > width:
            pieces.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return "".join([*pieces, line])


def thinned(text: str, rate: float, seed: int = 1) -> str:
    """Return `text` with each space deleted with probability `rate`."""
    draw = random.Random(seed)
    return "".join(c for c in text if c != " " or draw.random() >= rate)
