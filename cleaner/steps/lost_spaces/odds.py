"""The odds that words, seams and partings are weighed with; all are log10 unless it says natural.

The kernels share them with the functions that tell the same of any token.
"""

from __future__ import annotations

# Words (`lexicon`).
UNKNOWN_BASE = -8.0
UNKNOWN_PER_LETTER = -0.5
NUMBER = -4.0
PUNCTUATION = -4.0
CLITIC = -1.0
HYPHEN = 2.0
MAX_HYPHENATED = -4.0
BROKEN_WORD = -3.0
TITLED = -0.7
UNTITLED = -3.0
MIN_COMPONENT = 4
MAX_COMPOUND = 40

# Seams (`seams`).
ADDRESS_SEAM = 5.0
OPENING_SEAM = 1.5
IMPOSSIBLE = -7.0
DIGIT_SEAM = -4.0
DASH_SEAM = -1.0
# Against the odds that `Lexicon` gives to punctuation.
LONE_SEAM = 1.5
LONE_DASH_SEAM = 3.0
QUOTED_SEAM = -3.0
ARTICLE = -2.5
MISSHAPEN = -1.0
HYPHEN_SEAM = -4.0
OWNER_SEAM = -0.5
CASE_SEAM = 2.0
CAPITALS_SEAM = -2.0
ACRONYM_SEAM = 0.5
PUNCTUATION_SEAM = 1.0
MIN_ODDS = -9.0
MIN_WORD = -6.5
# Of a seam that stands where none should.
LAST_RESORT = -6.5
SYMBOL_SEAM = -4.5

# A word likelier than this is never parted.
FAMILIAR = -4.6
# One likelier than this only where its parts are far likelier together: lists hold common glue.
KNOWN = -5.8
MIN_LISTED_ODDS = 2.2
MAX_LISTED_LENGTH = 7
MIN_LENGTH = 4
MAX_LENGTH = 45
MIN_SPLIT_ODDS = -2.0
MAX_WORDS = 6
# Longer parts speak no more for a parting.
FULL_SIZE = 3
# The longest word that is sought in a run of several.
MAX_PART = 24

# Parts of a token at a case change (`boundary`).
LISTED = -6.5
VERY_COMMON = -2.9

# Lost line ends (`examine`).
SUSPICIOUS_KNOWN = -6.5
MIN_SUSPICIOUS_LENGTH = 5
MIN_SUSPICIOUS_ODDS = 2.5

# Lost line ends asked about again (`rescore_breaks`): the share of a word that the document has.
OWN_WORD = -4.0
MIN_OWN_WORD = 3
# A split that is likelier by so much than the one that the width asks for is taken instead.
MARGIN = 3.0
# A split as likely as this parts two words that the list has; it is not asked about again.
SURE = 4.0

# Logistic regression of "two words run together" against "a word of its own that the list lacks or
# hardly has", over features of the token and its best seam, on English web text and novels; the
# constant fits a text that lost one space in 125. The odds are log10, the result is a natural log.
CONSTANT = 1.58
W_ODDS = 1.19
W_RARER_PART = -0.36
W_COMMONER_PART = 0.48
W_SHORTER_PART = -0.35
W_LENGTH = -0.36
W_CAPITAL = -1.43
W_INNER_CAPITAL = -3.0
W_LISTED = -0.53
W_UNLISTED = 0.93
W_BEGINS_COMPOUNDS = -1.39
W_ENDS_COMPOUNDS = -1.07
W_HYPHENATED = -1.0
W_AFFIX = -2.0
W_DETERMINER = -3.0
# Names end in it; the English pronoun is a capital.
W_SMALL_I = -2.5
# Word lists of other languages miss more inflected forms.
W_OTHER_LANGUAGE = -2.5
