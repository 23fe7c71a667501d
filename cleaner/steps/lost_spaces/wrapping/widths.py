"""The widths that lines may have been wrapped at, and what is made of a choice among them.

The path of breaks through a line at one width is found by dynamic programming over the starts of
the wrapped lines, one of these at a time (`decode_kernel`); the widths of the lines of a stretch
are then chosen together (`widths_kernel`).
"""

from __future__ import annotations

from typing import NamedTuple

WIDTHS = range(40, 121)

# log10 odds; a state that falls this far behind the best of its line is dropped.
BEAM_ODDS = 7.0
BEAM_STATES = 5
# A width whose best path falls this low is given up.
GIVE_UP = -10.0
# Widths seen among this many lines each side are tried on a line.
NEAR = 12
# Suspicious tokens for each line of the widest wrap, in the line itself.
MIN_SHARE = 0.25
MIN_VOTE = 1.5
MAX_WIDTHS_NEAR = 5
MAX_SCANNED = 5
# Widths that a line speaks for this clearly need no others beside them.
CONVINCING_ODDS = 6.0
CONVINCING_ODDS_PER_BREAK = 1.5
# A width leads that has so much more of the odds near it than the next.
LEAD = 1.3
CLEAR_BREAKS = 4
CLEAR_ODDS = 6.0
NO_PATH = -30.0
SWITCH_WIDTH = -6.0
LEAVE_WIDTH = -2.0


class Chosen(NamedTuple):
    """The widths chosen for the lines of a stretch (0: not wrapped), and the breaks there.

    Those of line ``i`` are `places` (in the text) and `odds` from ``first[i]`` to ``first[i + 1]``.
    """

    widths: list[int]
    first: list[int]
    places: list[int]
    odds: list[float]


def not_wrapped(lines: int) -> Chosen:
    """Return that no line of a stretch was wrapped."""
    return Chosen([0] * lines, [0] * (lines + 1), [], [])
