"""The codes that the compiled functions and their callers share."""

from __future__ import annotations

from cleaner.normalize.glue.widths import BEAM_STATES

# What is known of a token; a dull one could part, but nothing in it speaks for that.
PLAIN, ODD, DULL = 1, 2, 4

# What was made of a line at a width.
UNTRIED, SCANNED, FILLED, FAILED = 0, 1, 2, 3

# Why a line could not be decoded: the seams of a token are not known, a path found no room.
MISSING, FULL = -1, -2

# A token has less than eighty seams, and a line at most so many states.
REACHED = 80 * BEAM_STATES
