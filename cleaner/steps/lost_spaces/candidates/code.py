"""What is not prose: addresses, markup, identifiers, program text."""

from __future__ import annotations

import itertools
import math
import re

import regex

# Nothing inside a token with one of these is prose.
_SHIELD = regex.compile(
    r"://|www\.|@|\\|[_#=<>{}|~^*$\[\]`]|\(\)|::|->"
    r"|\.(?:com|org|net|edu|gov|html?|php|pdf|jpe?g|png|gif|js|py|json|xml|exe|zip)\b",
    regex.I,
)
# A quoted key or value of program text.
_QUOTED_NAME = regex.compile(r"""["']\p{Ll}+(?:\p{Lu}\p{Ll}*)+["'][:,;]?""")
_CAMEL = regex.compile(r"\p{Ll}\p{Lu}")
_MARKS = re.compile(r"[{}=<>_|\\$;#]|[a-zA-Z0-9_]\(|\)\.|\.[a-z]+[A-Z]|\(\)")
# Each mark holds one of these.
_MARK_CHARACTERS = rb"{}=<>_|\$;#(."
# Each token that is shielded holds one of the first, or begins with one of the second.
_SHIELDING = frozenset(r":@\_#=<>{}|~^*$[](.`")
_SHIELDING_QUOTES = ("'", '"')
# What prose hardly ever has, prices and lists included. Most characters are small letters, so what
# may follow one is tried behind it alone.
_PROGRAM = re.compile(
    r"[a-z](?:\((?:\)|[\"'\[{]|[1-8]\))|\)\.[a-z]|_[a-z]|\.(?:[a-z]+[A-Z(]|[chly]\b(?!\.))"
    r"|/[\w-]+\.[a-z])"
    r"|_\([\"'\[{]|[\"'\]}]\)|\w\)\.[a-z]|::|->|[=!<>]=| = "
)
_CHARACTERS_PER_PROGRAM_MARK = 600
_MIN_PROGRAM_MARKS = 5
# Each piece of program text holds one of these.
_PROGRAM_PIECES = ("(", ")", "_", "::", "->", "=")
_MEMBER = re.compile(r"\.[a-z]")
_AROUND = 70
_MARKS_AROUND = 3
_CHARACTERS_PER_MARK = 60
_MIN_MARKS = 2


def is_shielded(token: str) -> bool:
    """Whether `token` is or holds an address, markup or an identifier.

    >>> is_shielded("https://example.org/sea"), is_shielded("harbour,renowned")
    (True, False)
    """
    if _SHIELDING.isdisjoint(token) and not token.startswith(_SHIELDING_QUOTES):
        return False
    return _SHIELD.search(token) is not None or _QUOTED_NAME.fullmatch(token) is not None


def is_code_like(token: str, *, camel: bool = True) -> bool:
    """Whether `token` could be an identifier or a piece of program text.

    A capital inside a word says so unless `camel` is false.
    """
    if camel and not token.islower() and _CAMEL.search(token) is not None:
        return True
    return not token.isalpha() and (_MARKS.search(token) is not None or is_shielded(token))


def _hold_marks(text: str, least: float) -> bool:
    """Whether `text` has so many marks of program text; most prose is soon seen to have fewer."""
    encoded = text.encode("utf-8", "surrogatepass")
    if len(encoded) - len(encoded.translate(None, _MARK_CHARACTERS)) < least:
        return False
    return len(_MARKS.findall(text)) >= least


def stands_in_code(line: str, start: int, end: int) -> bool:
    """Whether the text around ``line[start:end]`` looks like program text.

    >>> line = "for (i = 0; i < n; i++) { total += cost[i]; }"
    >>> stands_in_code(line, 25, 30), stands_in_code("It was late; we left.", 3, 6)
    (True, False)
    """
    return _hold_marks(line[max(0, start - _AROUND) : end + _AROUND], _MARKS_AROUND)


def is_code_line(line: str) -> bool:
    """Whether `line` as a whole looks like program text."""
    return _hold_marks(line, max(_MIN_MARKS, len(line) / _CHARACTERS_PER_MARK))


def is_about_code(text: str) -> bool:
    r"""Whether `text` holds so much program text that its odd words may be names of a program.

    >>> is_about_code("x = cut(y)\\n" * 9), is_about_code("It cost $5; he paid (late).")
    (True, False)
    """
    least = max(_MIN_PROGRAM_MARKS, len(text) / _CHARACTERS_PER_PROGRAM_MARK)
    most = sum(map(text.count, _PROGRAM_PIECES))
    if most < least and most + sum(1 for _ in _MEMBER.finditer(text)) < least:
        return False
    marks = itertools.islice(_PROGRAM.finditer(text), math.ceil(least) - 1, None)
    return next(marks, None) is not None
