"""How much a parting must say for itself in a short text that holds little glue without doubt.

In a short text three lost spaces make a high rate, but they do not say that the next odd word is
glue as well: it may be a name, a brand, a term. So what the rate adds does not count there for
partings that are doubtful by their kind; the longer the text, and the more glue it holds that
leaves no doubt, the less is asked of them.
"""

from __future__ import annotations

from cleaner.steps.lost_spaces.alphabet import EDGES
from cleaner.steps.lost_spaces.candidates.lexical import Parting
from cleaner.steps.lost_spaces.odds import VERY_COMMON
from cleaner.steps.lost_spaces.words.lexicon import Lexicon

# A text of so few words is short; from so many on it speaks for itself.
_SHORT_WORDS, _LONG_WORDS = 200.0, 600.0
# So many lost spaces that leave no doubt are enough even there; fewer plain ones in a text of few
# words, if they are such a share of them.
_MUCH_GLUE, _LEAST_GLUE, _MUCH_SHARE = 12.0, 5.0, 0.25

# The natural log odds that a parting needs of its own, by its kind: two of the commonest words
# ("inthe"), one of them ("thestorm"), one beside a rare word ("spokeshave"), others ("stopword").
_FUNCTION_WORDS = 1.0
_FUNCTION_WORD = 2.0
#: Partings that need no more than this are made of function words, in small letters.
PLAIN = _FUNCTION_WORD
_BESIDE_RARE = 3.5
_OTHER_WORDS = 3.2
_RARE = -5.0
# Names begin with a capital.
_CAPITAL = 1.5
# Old words are made of common ones: "thereinafter", "whereof".
_ADVERB = 3.5
_ADVERBS = frozenset("here there where herein therein wherein hereto thereto".split())
# Names and spoken words end in it: "Marroquina", "woulda".
_SMALL_A = 3.0
# A capital behind a small letter: "andTom", "inApril" or "isHovered", "setState", "QuickBooks".
_CASE_BEHIND_FUNCTION_WORD = 1.0
_CASE_BEHIND_VERB_OF_PROGRAMS = 4.5
_CASE_BEHIND_WORD = 3.0
_CASE_BEHIND_CAPITAL = 8.0
# Names of programs begin with them.
_VERBS_OF_PROGRAMS = frozenset(
    "as at by can do for from get has in is of on set should to use will with".split()
)
# At a digit ("win32") or at a mark.
_NUMBER = 2.5
_MARK = 1.2
#: No parting at a mark needs more.
AT_MARK = _MARK
# What a parting loses in a text without other words run together that leave no doubt, however long
# it is; with so many others nothing.
_LONE, _COMPANY = 2.1, 0.8
_MARKS_SAY, _OTHERS_SAY = 0.3, 0.5


def caution(words: int, evidence: float, plain: float) -> float:
    """Return from 0 to 1 how cautious a text of so many words asks to be.

    `evidence` is how many lost spaces the rest of the text has that leave no doubt; `plain` is how
    many of them part function words.

    >>> caution(50, 0.0, 0.0), caution(50, 12.0, 0.0), caution(20, 5.0, 5.0)
    (1.0, 0.0, 0.0)
    """
    much = min(_MUCH_GLUE, max(_LEAST_GLUE, _MUCH_SHARE * words))
    little = 1.0 - max(evidence / _MUCH_GLUE, plain / much)
    return _shortness(words) * min(max(little, 0.0), 1.0)


def _shortness(words: int) -> float:
    """Return from 0 to 1 how short a text of so many words is."""
    return min(max((_LONG_WORDS - words) / (_LONG_WORDS - _SHORT_WORDS), 0.0), 1.0)


def loneliness(words: int, others: float) -> float:
    """Return what a parting between words loses (natural log odds) where few others are beside it.

    One odd word in a long text is a name, a term or an old word; in a short one `caution` is due
    instead. `others` is how many lost spaces the rest of the text has, as `company_of` counts them.

    >>> loneliness(5000, 0.0), loneliness(5000, 5.0), loneliness(20, 0.0)
    (2.1, 0.0, 0.0)
    """
    return _LONE * (1.0 - _shortness(words)) * max(0.0, 1.0 - others / _COMPANY)


def company_of(token: str, parting: Parting, need: float) -> float:
    """Return how far a parting says that spaces were lost between words, from 0 to 1.

    `need` is what `needed` has of it. Names, those in programs among them, are seldom made of
    function words.
    """
    if need == AT_MARK:
        return _MARKS_SAY
    if need == _FUNCTION_WORDS:
        return 1.0
    if _words(token, parting.places[0], parting)[0] in _VERBS_OF_PROGRAMS:
        return 0.0
    return 1.0 if need <= PLAIN else _OTHERS_SAY


def needed(token: str, parting: Parting, lexicon: Lexicon) -> float:
    """Return the natural log odds that the parting of `token` needs where all caution is due."""
    needs = [_needed_at(token, place, parting, lexicon) for place in parting.places]
    # "inthemiddle": two such words beside each other are enough.
    return min(needs) if min(needs) == _FUNCTION_WORDS else max(needs)


def _needed_at(token: str, place: int, parting: Parting, lexicon: Lexicon) -> float:
    before, after = token[place - 1], token[place]
    if not (before.isalpha() and after.isalpha()):
        return _NUMBER if before.isdigit() or after.isdigit() else _MARK
    left, right = _words(token, place, parting)
    if before.islower() and after.isupper():
        if not left.islower():
            return _CASE_BEHIND_CAPITAL
        if left in _VERBS_OF_PROGRAMS:
            return _CASE_BEHIND_VERB_OF_PROGRAMS
        common = lexicon.logp(left) > VERY_COMMON
        return _CASE_BEHIND_FUNCTION_WORD if common else _CASE_BEHIND_WORD
    low = left.lower(), right.lower()
    logps = [lexicon.logp(word) for word in low]
    odds = _OTHER_WORDS
    if min(logps) > VERY_COMMON:
        odds = _FUNCTION_WORDS
    elif max(logps) > VERY_COMMON:
        odds = _FUNCTION_WORD if min(logps) > _RARE else _BESIDE_RARE
    return (
        odds
        + _CAPITAL * token.lstrip(EDGES)[:1].isupper()
        + _ADVERB * (low[0] in _ADVERBS)
        + _SMALL_A * (low[1] == "a")
    )


def _words(token: str, place: int, parting: Parting) -> tuple[str, str]:
    """Return the two words on both sides of a seam, without what stands at their edges."""
    borders = [0, *parting.places, len(token)]
    number = borders.index(place)
    return (
        token[borders[number - 1] : place].strip(EDGES),
        token[place : borders[number + 1]].strip(EDGES),
    )
