"""The codes that the compiled functions and their callers share."""

from __future__ import annotations

from typing import Any

import numpy as np

from cleaner.normalize.glue.widths import BEAM_STATES

# What is known of a token, as bits; a dull one could part, but nothing in it speaks for that.
PLAIN, ODD, DULL = 1, 2, 4
# Whether a lost line end in an odd token is likelier than the token; neither: not known.
SUSPICIOUS, UNSUSPICIOUS = 8, 16
# Neither punctuation, case nor words speak for a lost space in it.
UNFOUND = 32
# No run of its letters may be several words.
WORDLESS = 64
# A lost line end in it is likelier than the token, unless that is program text.
UNLESS_CODE = 128
# The compiled functions cannot tell.
UNKNOWN = 0

# Places of `state`, which counts for the table of tokens: those in it, those met in a text, where
# to go on in it, how many of those written are of no known kind, the seams of all tokens.
KNOWN_TOKENS, MET, GO_ON, FRESH, FILLED_SEAMS = range(5)

# What was made of a line at a width.
UNTRIED, SCANNED, FILLED, FAILED = 0, 1, 2, 3

# Why a line could not be decoded: the seams of a token are not known, a path found no room.
MISSING, FULL = -1, -2

# Seams of a token that has characters which the compiled functions do not know.
STRANGE = -1

# No seams are sought in longer tokens.
MAX_TOKEN = 80
# A token has less than eighty seams, and a line at most so many states.
REACHED = MAX_TOKEN * BEAM_STATES

# Classes of characters, as bits: letters and digits; edges of words and what `seams` goes by; marks
# of program text; what ends a clause, closes, opens, and may stand beside those, where `boundary`
# seeks lost spaces.
UPPER, LOWER, LETTER, DIGIT, SYMBOL = (1 << bit for bit in range(5))
EDGE, CLOSING, OPENING, OPENING_AFTER, MARK = (1 << bit for bit in range(5, 10))
DASH, JOINER, HYPHEN, APOSTROPHE, BROKEN = (1 << bit for bit in range(10, 15))
LONE, LONE_DASH, FRENCH_LONE = (1 << bit for bit in range(15, 18))
CODE, ENDS, CLOSES, OPENS, QUOTES = (1 << bit for bit in range(18, 23))

# Rows of the array that describes a token: the class of each character and the character as word
# lists have it; then, up to each place, how many characters have a small twin, how many are
# otherwise in word lists, how many are letters, and how many stand between spaces as words do; the
# running hash of the normal form, the powers that it is made with, and their inverses.
CLASS, NORMAL, CASED, CHANGED, LETTERS, ALONE, ALONE_DASH, ALONE_FRENCH, SUM, POWER, INVERSE = (
    range(11)
)
ROWS = 11

# Traits of a language.
COMPOUNDS, ELIDES, LOW_QUOTED, IS_FRENCH, IS_ENGLISH, HAS_CAMEL = 1, 2, 4, 8, 16, 32

# Kinds of words: those of the list, and what a language has besides. A plain constant as argument
# would have numba compile the function that is called once for each.
_KINDS: tuple[Any, ...] = tuple(map(np.int64, range(9)))
WORD, LINK, ELISION, ENCLITIC, CLITIC, PREFIX, SUFFIX, BEGINNING, ENDING = _KINDS
# So many letters each side tell a gap between words (`passages`).
WINDOW = 20
# The start of the token in hand, and no place.
START: Any = np.int64(0)
NOWHERE: Any = np.int64(-1)
MAX_LINK = 2
