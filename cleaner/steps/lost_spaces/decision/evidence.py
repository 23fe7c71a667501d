"""What the document and the corpus say of a token that may have lost a space."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence

import regex

from cleaner.steps.lost_spaces.alphabet import EDGES
from cleaner.steps.lost_spaces.candidates.code import is_about_code, is_shielded, stands_in_code
from cleaner.steps.lost_spaces.candidates.programs import in_prose
from cleaner.steps.lost_spaces.candidates.quotes import settle
from cleaner.steps.lost_spaces.candidates.seams import strip_clitic
from cleaner.steps.lost_spaces.corpus.passages import known_gaps
from cleaner.steps.lost_spaces.corpus.tables import GlueTables
from cleaner.steps.lost_spaces.languages.language import COMPOUNDING
from cleaner.steps.lost_spaces.odds import UNKNOWN_BASE, VERY_COMMON
from cleaner.steps.lost_spaces.words.compounds import compounds_of
from cleaner.steps.lost_spaces.words.lexicon import Lexicon, guess

# Log odds (natural).
_STANDS_PARTED = 3.0
_STANDS_PARTED_TOO = 2.0
_STANDS_GLUED_OFTEN = -4.0
#: The most that is added for a token that names a function or a member.
IDENTIFIER = -6.0
_PER_DOUBLING = -1.5
# So many words (log10) begin with a part of compounds.
_MANY_WORDS = 1.3
_OLD_WORD = 4.0
_NAMED_PART = 3.0
#: The most that `weigh` adds.
MOST = _STANDS_PARTED + _NAMED_PART

_LAST_WORD = regex.compile(r"(\p{L}+)\.$")
_ADVERB = regex.compile(
    "(?:here|there|where)(?:about|above|after|at|by|for|fore|from|in|into|of|on|to|under|unto|upon"
    "|with|within)"
)
_MIN_OBJECT_LENGTH = 4
_MIN_DOCUMENTS = 3
_MIN_NAME_LENGTH = 3
_VERY_COMMON = -2.5
_OPENING = "(“‘«„["
_JOINING = frozenset("-`_/=+*~<|")
# Small letters that are a word in few languages, and part of a name in all.
_NO_WORDS = frozenset("bcdfghijklmnpqrstuvwxz")


def weigh(
    token: str,
    places: Sequence[int],
    glued: int,
    text: str,
    lexicon: Lexicon,
    tables: GlueTables,
) -> float:
    """Return the log odds that `text` and the corpus add to the parting of `token` at `places`.

    `glued` is how often the token stands in `text`. A form that stands in several documents, or
    repeatedly here and never parted, is a word.
    """
    core = strip_clitic(token)
    left = token[: places[0]].rsplit("-", maxsplit=1)[-1].lstrip(EDGES)
    right = token[places[-1] :].split("-", maxsplit=1)[0].rstrip(EDGES)
    function = max(lexicon.logp(left.lower()), lexicon.logp(right.lower())) > _VERY_COMMON
    odds = 0.0
    if len(places) == 1:
        parted = text.count(f" {left} {right}")
        if parted >= 3 * glued:
            odds = _STANDS_PARTED
        elif glued > 1:
            odds = _STANDS_PARTED_TOO if function and parted >= glued else _STANDS_GLUED_OFTEN
        elif parted:
            odds = _STANDS_PARTED_TOO
    if lexicon.language == "en" and _is_old_word(core.lower(), lexicon):
        odds -= _OLD_WORD
    documents = tables.words.documents(core)
    if documents >= _MIN_DOCUMENTS and not (odds == _STANDS_PARTED and function):
        odds += _PER_DOUBLING * math.log2(documents)
    for part in (left, right):
        name = strip_clitic(part)
        if _is_unlisted_name(name, lexicon) and (
            tables.words.documents(name) >= _MIN_DOCUMENTS or text.count(f" {name}") > 1
        ):
            return odds + min(_NAMED_PART, UNKNOWN_BASE - guess(name))
    return odds


def _is_old_word(word: str, lexicon: Lexicon) -> bool:
    """Whether `word` is an adverb such as "hereto", or a verb such as "seethe".

    The list has other forms of a verb, as it has of no words run together.
    """
    if _ADVERB.fullmatch(word):
        return True
    stem = word.removesuffix("e")
    return all(lexicon.listed.get(stem + ending) is not None for ending in ("ed", "ing"))


def is_identifier(token: str, place: int, text: str) -> bool:
    """Whether `text` calls the word across `place` as a function or names it as a member.

    A word that has several members is an object of a program.

    >>> is_identifier("tailcall,", 4, "Use tailcall() here.")
    True
    >>> is_identifier("train.Time", 6, "Set train.Late and train.Time then.")
    True
    """
    if token[place - 1] == ".":
        return _has_members(token[:place], text)
    start = end = place
    while start and token[start - 1].isalpha():
        start -= 1
    while end < len(token) and token[end].isalpha():
        end += 1
    word = token[start:end]
    return start < place < end and (f"{word}(" in text or f".{word}" in text)


def _has_members(token: str, text: str) -> bool:
    """Whether the word that `token` ends in, with a stop, is never followed by a space."""
    word = _LAST_WORD.search(token)
    if word is None or len(word[1]) < _MIN_OBJECT_LENGTH or f"{word[0]} " in text:
        return False
    members = regex.finditer(rf"(?<![\p{{L}}\p{{N}}]){word[0][:-1]}\.(\p{{L}}+)", text)
    return len({match[1] for match in members}) > 1


def _is_unlisted_name(name: str, lexicon: Lexicon) -> bool:
    return (
        len(name) >= _MIN_NAME_LENGTH
        and name[0].isupper()
        and name[1:].islower()
        and lexicon.logp(name.lower()) < UNKNOWN_BASE
    )


def gaps_in_copies(
    text: str,
    spans: Sequence[tuple[int, int]],
    lexicon: Lexicon,
    tables: GlueTables,
    *,
    damaged: bool,
) -> list[int]:
    """Return the places in the tokens at `spans` where a copy of the passage has a space (GLU204).

    A copy may have spaces too many, so both sides of the gap must be words, and the token must not
    be a word of several documents itself. One writes "dataset" and the next "data set": outside of
    prose, a space was lost between such words only if others were, in a `damaged` text or here.
    """
    found: list[int] = []
    spelled: list[int] = []
    starts = [start for start, _ in spans]
    for place in known_gaps(text, spans, tables.passages):
        start, end = spans[bisect_right(starts, place) - 1]
        if is_shielded(text[start:end]):
            continue
        if tables.words.documents(strip_clitic(text[start:end])) >= _MIN_DOCUMENTS:
            continue
        line = text.rfind("\n", 0, place) + 1
        line_end = text.find("\n", end)
        whole = text[line : line_end if line_end >= 0 else len(text)]
        if stands_in_code(whole, start - line, end - line):
            continue
        while place > start + 1 and text[place - 1] in _OPENING:
            place -= 1
        place = line + settle(text[line:end], place - line)
        left, right = text[start:place], text[place:end]
        if left[-1] in _JOINING or left in _NO_WORDS or right in _NO_WORDS:
            continue
        if (
            all(_is_word(part, lexicon) for part in (left, right))
            and _is_likelier(left, right, lexicon)
            and not _is_compound(left, right, lexicon)
        ):
            (spelled if _is_spelling(left, right, lexicon) else found).append(place)
    if spelled and not found and not damaged:
        spelled = [] if is_about_code(text) else in_prose(text, spelled)
    return sorted([*found, *spelled])


def _is_compound(left: str, right: str, lexicon: Lexicon) -> bool:
    """Whether two words are one in a language that writes compounds so: nicht-amtlich."""
    if lexicon.language not in COMPOUNDING or not (left[-1].isalpha() and right[0].islower()):
        return False
    first, last = strip_clitic(left).lower(), strip_clitic(right).lower()
    rarer, commoner = sorted((lexicon.logp(first), lexicon.logp(last)))
    if rarer > VERY_COMMON:
        return False
    return commoner <= VERY_COMMON or compounds_of(lexicon.language).beginning(first) > _MANY_WORDS


def _is_spelling(left: str, right: str, lexicon: Lexicon) -> bool:
    """Whether two words or a word and a number, none of them common, may be spelled as one."""
    if not (left[-1].isalpha() and right[0].isalnum()):
        return False
    sides = strip_clitic(left).lower(), strip_clitic(right).lower()
    return max(map(lexicon.logp, sides)) <= VERY_COMMON or right[0].isdigit()


def _is_likelier(left: str, right: str, lexicon: Lexicon) -> bool:
    """Whether the words parted are likelier than glued; of names, no word list can tell."""
    parts = lexicon.logp(left), lexicon.logp(right)
    return min(parts) < UNKNOWN_BASE or sum(parts) > lexicon.logp(left + right)


def _is_word(part: str, lexicon: Lexicon) -> bool:
    """Whether `part` is a listed word, or looks like a name."""
    word = strip_clitic(part)
    return bool(word) and (
        lexicon.logp(word) >= UNKNOWN_BASE or (len(word) >= _MIN_NAME_LENGTH and word[0].isupper())
    )
