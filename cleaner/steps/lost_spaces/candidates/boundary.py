"""Boundary glue (GLU202): a space lost after punctuation, at a case change, at a number's edge."""

from __future__ import annotations

import regex

from cleaner.steps.lost_spaces.candidates.code import is_shielded
from cleaner.steps.lost_spaces.candidates.lexical import Parting
from cleaner.steps.lost_spaces.languages.language import COMPOUNDING, LOW_QUOTES
from cleaner.steps.lost_spaces.odds import LISTED, VERY_COMMON
from cleaner.steps.lost_spaces.words.lexicon import lexicon_of

# Log odds (natural) of a seam, on the scale of `lexical`.
_SURE = 7.0
_LIKELY = 4.0
_POSSIBLE = 2.5
_DOUBTFUL = 1.0
# Two capitalised words run together are a brand unless the document has them parted.
_BRAND = -0.5

_MAX_TOKEN = 80
_COMMON = -5.0
# So common (log10) are the words that a sentence behind a name is likely to begin with.
_SENTENCE_START = -3.7
# A word so long is no abbreviation.
_MIN_LAST_WORD = 4

# What a token may hold, as bits.
_MARK, _DIGIT, _CAPITAL = 1, 2, 4

_COMMA = regex.compile(r"(?<=\p{L}[,;][’”»)\"']?)(?=[“«‘(]?\p{L})")
_STOP = regex.compile(r"(?<=\p{Ll}\p{Ll}[.!?][’”»)\"']?)(?=[“«‘(]?\p{Lu})")
_COLON = regex.compile(r"(?<=\p{Ll}\p{Ll}:)(?=\p{L})")
_BRACKET = regex.compile(r"(?<=[)\]”»])(?=\p{L}\p{L})")
_OPENED = regex.compile(r"(?<=\p{Ll}\p{Ll})(?=[(“«]\p{L}\p{L})")
_PLURAL_OWNER = regex.compile(r"(?<=\p{Ll}s[’'])(?=\p{Ll}{3})")
_YEAR_WORD = regex.compile(r"(?<=(?<!\d)(?:1[0-9]|20)\d\d)(?=\p{Ll}{2})")
_NUMBER_WORD = regex.compile(r"(?<=\d)(?=\p{Ll}{3})")
_WORD_YEAR = regex.compile(r"(?<=\p{L})(?=(?:1[5-9]|20)\d\d(?!\d))")
_WORD_NUMBER = regex.compile(r"(?<=\p{Ll}\p{Ll})(?=[$£€]?\d)")
_DASH = regex.compile(r"(?<=\p{Ll}\p{Ll})(?=[–&]$)|(?<=^[–&])(?=\p{L}\p{Ll})")
_CAPITALS = regex.compile(r"(?<=^[\"'“‘(]?\p{Lu}{2,6})(?=\p{Ll}{2})")
_OPENED_NUMBER = regex.compile(r"(?<=\p{Ll}\p{Ll})(?=[(][$£€]?\d)")
_FILE_NAME = regex.compile(r"\p{L}\.\p{Ll}\w*[,;]$")
# One value in quotes, as programs are given it: "name,password".
_VALUE = regex.compile(r"[\"'“‘][\p{Ll}\p{N}_]+(?:,[\p{Ll}\p{N}_]+)+[\"'”’][.,;:)]*")
_CASE = regex.compile(r"(?<=\p{Ll})(?=\p{Lu})")
_WORD_BEFORE = regex.compile(r"(\p{L}[\p{L}\p{M}'’]*)[^\p{L}\p{N}]*$")
_WORD_AFTER = regex.compile(r"^[^\p{L}\p{N}]*(\p{L}[\p{L}\p{M}'’]*)")
# What stands right behind a number and belongs to it, by itself or as the start of a compound.
_UNITS = frozenset(
    "am pm th st nd rd km kg mg ml cm mm kb mb gb tb hz khz mhz ghz mph kph bit bits byte "
    "bytes inch inches in ft feet foot lb lbs oz hour hours hr hrs day days week weeks month "
    "months year years yr yrs min mins minute minutes sec secs second seconds million billion "
    "trillion thousand hundred dozen bn mn mln star stars fold some ish way man men woman "
    "point points pack core cores speed ply times person people percent per cent pounds pound "
    "dollars dollar euros euro cents degree degrees mile miles meter meters metre metres yard "
    "yards acre acres seater door cylinder volt volts watt watts amp amps ers".split()
)
# Units that are written apart, outside compounds.
_COUNTED = frozenset(
    "hours days weeks months years minutes seconds million billion trillion thousand hundred "
    "people percent pounds dollars euros cents degrees miles meters metres yards acres times "
    "points".split()
)
_CAMEL_PREFIXES = regex.compile(
    r"(?:Mc|Mac|De|Di|Da|Le|La|Van|Von|Fitz|O|D|L|Mc?|St|Du|Del|Des|Al|El|Ma|Mi|e|i)$"
)


def part_boundaries(token: str, language: str) -> Parting | None:
    """Return the seams of `token` that punctuation, case and digits betray, or None.

    >>> part_boundaries("harbour,renowned", "en").places
    (8,)
    >>> part_boundaries("example.org", "en") is None
    True
    """
    if (token.isalpha() and token.islower()) or len(token) > _MAX_TOKEN or is_shielded(token):
        return None
    has = _has(token)
    found: dict[int, float] = {}
    for need, pattern, judge in _KINDS:
        if not need & has:
            continue
        for match in pattern.finditer(token):
            place = match.start()
            if token[place - 1 : place] == "»" and language in LOW_QUOTES:
                # There » opens a quotation.
                place -= 1
            if place and place not in found:
                odds = judge(token, place, language)
                if odds:
                    found[place] = odds
    if not found:
        return None
    if max(found.values()) >= _POSSIBLE:
        found = {place: odds for place, odds in found.items() if odds >= _POSSIBLE}
    return Parting(tuple(sorted(found)), min(found.values()))


def _has(token: str) -> int:
    """Return as bits what kinds of characters `token` has."""
    if token.isalpha():
        return _CAPITAL
    return (
        _CAPITAL * (not token.islower())
        + _DIGIT * any(map(str.isdigit, token))
        + _MARK * (not token.isalnum())
    )


def _words(token: str, place: int) -> tuple[str, str]:
    before = _WORD_BEFORE.search(token[:place])
    after = _WORD_AFTER.search(token[place:])
    return before[1] if before else "", after[1] if after else ""


def _logps(token: str, place: int, language: str) -> tuple[str, float, str, float]:
    left, right = _words(token, place)
    lexicon = lexicon_of(language)
    return (
        left,
        lexicon.logp(left) if left else -99.0,
        right,
        lexicon.logp(right) if right else -99.0,
    )


def _comma(token: str, place: int, language: str) -> float:
    left, known_left, right, known_right = _logps(token, place, language)
    if len(left) < 2 or (len(right) < 2 and known_right < VERY_COMMON):
        return 0.0
    if token.count(",") > 2 or ("(" in token[:place] and token[0] not in "(["):
        return 0.0
    if _FILE_NAME.search(token, 0, place) or _VALUE.fullmatch(token):
        return 0.0
    if token[:place].isupper():
        # "TL;DR", but "NATO,the"
        return 0.0 if right.isupper() else _DOUBTFUL
    if token.replace(",", "").isalpha() and token.count(",") > 1 and known_right <= VERY_COMMON:
        # "red,green,blue" may be written so by will.
        return _POSSIBLE
    if known_left > LISTED and known_right > LISTED:
        return _SURE
    return _LIKELY if max(known_left, known_right) > LISTED else _POSSIBLE


def _stop(token: str, place: int, language: str) -> float:
    left, known_left, right, known_right = _logps(token, place, language)
    if token.count(".") > 1 + token.endswith(".") or _is_in_call(token, place):
        return 0.0
    if (len(right) < 2 and known_right < VERY_COMMON) or token[place:].startswith(f"{right}("):
        return 0.0
    if right != right.capitalize():
        return _DOUBTFUL
    if left[:1].isupper() and known_right <= _SENTENCE_START:
        # A name within a name: "Harbour.Boats".
        return 0.0
    if known_left > _COMMON and known_right > _COMMON and left[0].islower():
        return _SURE if known_right > -4.0 or token[place - 1] != "." else _LIKELY
    if left.islower() and len(left) >= _MIN_LAST_WORD and known_right > VERY_COMMON:
        # Rare words end sentences, and such words begin them.
        return _POSSIBLE
    return _POSSIBLE if min(known_left, known_right) > LISTED else _DOUBTFUL


def _is_in_call(token: str, place: int) -> bool:
    """Whether `place` stands among the arguments of a call, as in "open(path.Name)"."""
    return token[0] not in "([" and token.count("(", 0, place) > token.count(")", 0, place)


def _colon(token: str, place: int, language: str) -> float:
    left, known_left, right, known_right = _logps(token, place, language)
    if token.count(":", 0, -1) > 1:
        # What a program writes at the head of a line: "WARNING:root:Watch".
        return 0.0
    if known_left > _COMMON and known_right > _COMMON and len(right) > 1:
        if left[0].isupper() and right[0].islower():
            return _DOUBTFUL
        return _LIKELY if right[0].isupper() else _POSSIBLE
    return 0.0


def _bracket(token: str, place: int, language: str) -> float:
    _left, _known_left, right, known_right = _logps(token, place, language)
    inside = token[: place - 1]
    if not inside or (token[place - 1] == "»" and language in LOW_QUOTES):
        return 0.0
    if not (inside[-1].isalnum() or inside[-1] in ".,!?…'’%"):
        return 0.0
    if any(mark in inside for mark in "([") and not inside.strip("([").isdigit():
        # "(re)use", "word(s)mith", "f(x)dx"
        return 0.0
    if known_right <= _COMMON:
        return _DOUBTFUL
    return _SURE if right[0].islower() and len(right) > 2 else _LIKELY


def _opened(token: str, place: int, language: str) -> float:
    left, known_left, _right, known_right = _logps(token, place, language)
    inside = token[place:].rstrip(".,;:!?").strip("()")
    if (token.endswith("s)") and len(inside) < 3) or known_left <= _COMMON:
        return 0.0
    if "." in token[:place]:
        # A call: "path.open(name)".
        return 0.0
    if inside.isupper() and len(inside) > 1 and len(left) > 3:
        return _POSSIBLE if left.islower() else _DOUBTFUL
    return _DOUBTFUL if known_right > _COMMON and len(inside) > 3 else 0.0


def _plural_owner(token: str, place: int, language: str) -> float:
    _left, known_left, _right, known_right = _logps(token, place, language)
    if language != "en" or min(known_left, known_right) <= _COMMON:
        return 0.0
    return _POSSIBLE


def _year_word(token: str, place: int, language: str) -> float:
    _, _, right, known = _logps(token, place, language)
    if right in _UNITS or known <= _COMMON:
        return 0.0
    if not token[:place].strip("(“\"‘'").isdigit():
        return _DOUBTFUL
    return _SURE if known > VERY_COMMON and len(right) > 2 else _LIKELY


def _number_word(token: str, place: int, language: str) -> float:
    _, _, right, known = _logps(token, place, language)
    if right in _COUNTED and token[:place].strip("(“\"‘'$£€").replace(",", "").isdigit():
        return _DOUBTFUL
    if (
        right in _UNITS
        or known <= _COMMON
        or not token[:place].strip("(“\"‘'$£€").replace(",", "").isdigit()
    ):
        return 0.0
    if len(right) < 3 or not token[max(0, place - 2) : place].isdigit():
        return _DOUBTFUL
    return _POSSIBLE if known > VERY_COMMON else _DOUBTFUL


def _word_year(token: str, place: int, language: str) -> float:
    left, known, _, _ = _logps(token, place, language)
    if len(left) < 2 or not left[-1].islower():
        return 0.0
    if known > VERY_COMMON and left.islower():
        return _SURE
    return _POSSIBLE if known > _COMMON and left.isalpha() else _DOUBTFUL


def _word_number(token: str, place: int, language: str) -> float:
    left, known, _, _ = _logps(token, place, language)
    if not left.islower() or token[0].isdigit():
        return 0.0
    if known > VERY_COMMON:
        return _LIKELY
    # One digit behind a word is a footnote or a version.
    return _DOUBTFUL if known > _COMMON and len(token[place:].strip("$£€")) > 1 else 0.0


def _capitals(token: str, place: int, language: str) -> float:
    _, right = _words(token, place)
    return _DOUBTFUL if lexicon_of(language).logp(right) > VERY_COMMON else 0.0


def _opened_number(token: str, place: int, language: str) -> float:
    left, known, _, _ = _logps(token, place, language)
    return _DOUBTFUL if len(left) > 3 and known > _COMMON else 0.0


def _dash(token: str, place: int, language: str) -> float:
    _, known_left, _, known_right = _logps(token, place, language)
    return _DOUBTFUL if max(known_left, known_right) > _COMMON else 0.0


def _case(token: str, place: int, language: str) -> float:
    left, right = _words(token, place)
    # Only the runs of letters next to the seam count, each up to the next capital.
    start = max((i for i, c in enumerate(left) if c.isupper()), default=0)
    left = left[start:]
    stop = next((i for i, c in enumerate(right) if i and c.isupper()), len(right))
    right = right[:stop]
    if _CAMEL_PREFIXES.search(left) or (language in COMPOUNDING and not right):
        return 0.0
    lexicon = lexicon_of(language)
    if lexicon.logp(token) > LISTED or len(_CASE.findall(token)) > 1:
        return 0.0
    known_left, known_right = lexicon.logp(left), lexicon.logp(right)
    if left.islower() and len(left) > 1 and known_left > VERY_COMMON and len(right) > 3:
        return _LIKELY if known_right > VERY_COMMON else _DOUBTFUL
    if len(left) < 2 or known_left <= LISTED or known_right <= LISTED:
        return 0.0
    if len(right) < 2 and known_right < VERY_COMMON:
        return 0.0
    if left[0].islower() and known_right > VERY_COMMON and len(right) > 1 and len(left) > 2:
        return _LIKELY if "." not in token[:place] else _DOUBTFUL
    if left[0].islower():
        return _DOUBTFUL if min(known_left, known_right) > LISTED else 0.0
    return _BRAND if min(known_left, known_right) > LISTED else 0.0


# Each with what a token needs to have for it.
_KINDS = (
    (_MARK, _COMMA, _comma),
    (_MARK, _STOP, _stop),
    (_MARK, _COLON, _colon),
    (_MARK, _BRACKET, _bracket),
    (_MARK, _OPENED, _opened),
    (_MARK, _PLURAL_OWNER, _plural_owner),
    (_DIGIT, _YEAR_WORD, _year_word),
    (_DIGIT, _NUMBER_WORD, _number_word),
    (_DIGIT, _WORD_YEAR, _word_year),
    (_DIGIT, _WORD_NUMBER, _word_number),
    (_CAPITAL, _CAPITALS, _capitals),
    (_MARK, _OPENED_NUMBER, _opened_number),
    (_MARK, _DASH, _dash),
    (_CAPITAL, _CASE, _case),
)
