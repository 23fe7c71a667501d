"""The codes that the kernels and their callers share."""

from __future__ import annotations

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
# It is no word, or one that the list has and that is not hardly heard of.
LISTED = 256
# The kernels cannot tell.
UNKNOWN = 0

# Seams of a token that has characters which the kernels do not know.
STRANGE = -1

# No seams are sought in longer tokens.
MAX_TOKEN = 80

# Classes of characters, as bits: letters and digits; edges of words and what `seams` goes by; marks
# of program text; what ends a clause, closes, opens, and may stand beside those, where `boundary`
# seeks lost spaces.
UPPER, LOWER, LETTER, DIGIT, SYMBOL = (1 << bit for bit in range(5))
EDGE, CLOSING, OPENING, OPENING_AFTER, MARK = (1 << bit for bit in range(5, 10))
DASH, JOINER, HYPHEN, APOSTROPHE, BROKEN = (1 << bit for bit in range(10, 15))
LONE, LONE_DASH, FRENCH_LONE = (1 << bit for bit in range(15, 18))
CODE, ENDS, CLOSES, OPENS, QUOTES = (1 << bit for bit in range(18, 23))

# Traits of a language.
COMPOUNDS, ELIDES, LOW_QUOTED, IS_FRENCH, IS_ENGLISH, HAS_CAMEL = 1, 2, 4, 8, 16, 32

# Kinds of words: those of the list, and what a language has besides.
WORD, LINK, ELISION, ENCLITIC, CLITIC, PREFIX, SUFFIX, BEGINNING, ENDING = range(9)
# So many letters each side tell a gap between words (`passages`).
WINDOW = 20
MAX_LINK = 2
