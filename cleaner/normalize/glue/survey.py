"""Where in a text the tokens stand that may have lost a space."""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from cleaner.normalize.glue.examine import Examiner

# Lines are surveyed together up to so many characters.
_BLOCK = 32_768
# More odd tokens than this are sooner found line by line than one by one.
_MANY = 24


def line_starts(lines: Sequence[str]) -> list[int]:
    """Return where each of the `lines` of a text starts.

    >>> line_starts(["ab", "", "c"])
    [0, 3, 4]
    """
    lengths = (len(line) + 1 for line in lines[:-1])
    return list(itertools.accumulate(lengths, initial=0))


def odd_by_line(
    text: str, lines: Sequence[str], starts: Sequence[int], examiner: Examiner, *, dull: bool
) -> tuple[int, dict[int, set[str]]]:
    """Return the number of words of `text`, and by line number the tokens that may part.

    With `dull`, tokens are included that nothing in them speaks against.
    """
    words = 0
    found: dict[int, set[str]] = {}
    for first, after in _blocks(starts, len(text)):
        end = starts[after] - 1 if after < len(starts) else len(text)
        block = text[starts[first] : end]
        count, odd = examiner.odd_tokens(block)
        words += count
        if not dull:
            odd -= examiner.dull
        if len(odd) > _MANY:
            for number in range(first, after):
                mine = odd.intersection(lines[number].split())
                if mine:
                    found[number] = mine
        else:
            for token in odd:
                for place in _places(token, block):
                    number = bisect_right(starts, starts[first] + place) - 1
                    found.setdefault(number, set()).add(token)
    return words, dict(sorted(found.items()))


def _blocks(starts: Sequence[int], length: int) -> Iterator[tuple[int, int]]:
    first = 0
    while first < len(starts):
        after = max(first + 1, bisect_right(starts, min(starts[first] + _BLOCK, length)))
        yield first, after
        first = after


def _places(token: str, block: str) -> Iterator[int]:
    """Yield where `token` stands in `block` between white space."""
    place = block.find(token)
    while place >= 0:
        end = place + len(token)
        if (place == 0 or block[place - 1].isspace()) and (
            end == len(block) or block[end].isspace()
        ):
            yield place
        place = block.find(token, place + 1)
