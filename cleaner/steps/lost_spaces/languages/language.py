"""What single languages have that others have not."""

from __future__ import annotations

# Languages that write compounds as one word: frequencies cannot tell a compound from glue.
COMPOUNDING = frozenset({"da", "de", "fi", "hu", "is", "ko", "nb", "nl", "sv", "tr", "ml", "ta"})

# Languages whose articles and prepositions write themselves to the next word with an apostrophe.
ELIDING = frozenset({"ca", "fr", "it"})

# Languages that write quotations „so“ or »so«.
LOW_QUOTES = frozenset({"bg", "cs", "da", "de", "hr", "hu", "is", "lt", "mk", "sh", "sk", "sl"})

# Languages whose nouns have capitals, so that a case change within a token is no brand name.
NOUN_CAPITALS = frozenset({"de"})

# Pronouns that Spanish and Italian write to the end of a verb.
ENCLITICS = {
    "es": frozenset("me te se le les lo la los las nos os".split()),
    "it": frozenset("mi ti si ci vi ne lo la li le gli".split()),
}

#: What is written to the next word with an apostrophe.
ELISIONS = (*"cdjlmnst", *"qu jusqu lorsqu puisqu dell nell all dall sull un".split())

#: What an apostrophe is written before.
CLITICS = frozenset("s t d m re ve ll em n".split())

#: What stands between the words of a compound.
LINKS = {
    "de": ("s", "n", "es", "en", "er"),
    "nl": ("s", "en"),
    "sv": ("s",),
    "da": ("s",),
    "nb": ("s",),
}

# English makes new words with these at will, unless a very common word stands beside them.
PREFIXES = frozenset(
    (
        "anti co counter cross down fore gen in inter micro mid mini multi non off on out over "
        "post pre self semi sub super trans ultra under up"
    ).split()
)
SUFFIXES = frozenset(
    (
        "abilities ability able based bound fold free hood less like maker makers making proof "
        "ship ward wards ware wise worthy"
    ).split()
)
