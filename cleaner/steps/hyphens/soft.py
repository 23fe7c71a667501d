"""Soft hyphens (U+00AD): taken out of words, made hyphens where they stand for one (HYP212)."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
from typing import NamedTuple

import regex

from cleaner.core.edits import Edit
from cleaner.steps.hyphens.breaks import LONGEST, SOFT
from cleaner.steps.hyphens.evidence import Evidence
from cleaner.steps.hyphens.suspended import (
    could_be_conjunction,
    is_conjunction,
    is_suspended,
    may_be_conjunction,
)
from cleaner.steps.lost_spaces.languages.language import COMPOUNDING
from cleaner.steps.lost_spaces.odds import UNKNOWN_BASE, VERY_COMMON
from cleaner.steps.lost_spaces.words.lexicon import Lexicon

_BLANK = " \t\u00a0"
_SEAM = regex.compile(rf"{SOFT}[{SOFT}{_BLANK}\r\n]*+")
_GAP = regex.compile(rf"(?r)(?:\r?\n)?[{_BLANK}]{{0,{LONGEST}}}")
_BEFORE = regex.compile(rf"(?r)[\p{{L}}\p{{M}}\p{{N}}'’{SOFT}]{{1,{LONGEST}}}")
_AFTER = regex.compile(rf"[\p{{L}}\p{{M}}\p{{N}}'’{SOFT}]{{1,{LONGEST}}}")
_DIGITS_BEFORE = regex.compile(rf"(?r)[\p{{N}}{SOFT}]{{0,{LONGEST}}}")
_DIGITS_AFTER = regex.compile(rf"[\p{{N}}{SOFT}]{{0,{LONGEST}}}")
# Thousands parted by soft hyphens: whether these stand for anything, nobody can tell.
_THOUSANDS = regex.compile(rf"\p{{N}}{{1,3}}(?:{SOFT}+\p{{N}}{{3}})+")
# Behind these a line may end as well as inside a word.
_OPEN_TO_BREAKS = frozenset("-‐‑–—/.,:;_@&=+'’)]}")
# A list that goes on to a suspended hyphen: "zwei-, drei- oder viermal".
_SUSPENDED_LATER = regex.compile(rf"[,;][^\n]{{1,80}}?\p{{L}}[{SOFT}‐-] \p{{Ll}}")
_WORD_AND_SPACE = regex.compile(r"(?r)(?<!\p{L})\p{L}{1,15}\.? ")
_BLANK_LINE = regex.compile(rf"\n[{_BLANK}\r]*\n")

LexiconAt = Callable[[int, str, Evidence], Lexicon | None]


class _Seam(NamedTuple):
    """Soft hyphens with the white space around them; the first stands at `first`.

    `gap` is the white space in front, `spaces` that between and behind them; `left` and `right` are
    the words beside, without soft hyphens.
    """

    start: int
    first: int
    end: int
    gap: str
    spaces: str
    left: str
    right: str


class _Change(NamedTuple):
    start: int
    end: int
    after: str
    why: str


class SoftHyphens:
    """Decides on the soft hyphens of one text."""

    def __init__(self, text: str, evidence: Evidence, lexicon_at: LexiconAt) -> None:
        self._text = text
        self._evidence = evidence
        self._lexicon_at = lexicon_at

    def edits(self, taken: Container[int]) -> Iterator[Edit]:
        """Yield what becomes of all soft hyphens but those at places that are `taken`."""
        for match in _SEAM.finditer(self._text):
            if match.start() not in taken:
                change = self._changed(self._seam(*match.span()))
                if change is not None:
                    start, end, after, why = change
                    yield Edit(start, end, self._text[start:end], after, "HYP212", why)

    def _seam(self, first: int, end: int) -> _Seam:
        text = self._text
        gap = _GAP.match(text, 0, first)
        start = gap.start() if gap is not None else first
        before, after = _BEFORE.match(text, 0, start), _AFTER.match(text, end)
        return _Seam(
            start,
            first,
            end,
            text[start:first],
            text[first:end].replace(SOFT, ""),
            before[0].replace(SOFT, "") if before is not None else "",
            after[0].replace(SOFT, "") if after is not None else "",
        )

    def _changed(self, seam: _Seam) -> _Change | None:
        """Return what becomes of a seam, or None for one that stays."""
        if _BLANK_LINE.search(self._text, max(0, seam.start - 1), seam.end + 1):
            return None
        if not seam.gap and not seam.spaces:
            return self._inside(seam) if seam.start else self._at_start(seam)
        if not seam.gap:
            return self._at_end(seam)
        if not seam.spaces:
            return self._at_start(seam)
        return self._alone(seam)

    def _inside(self, seam: _Seam) -> _Change | None:
        """Return what becomes of soft hyphens without white space beside them."""
        left, right = seam.left, seam.right
        if not left:
            if not right:
                return None
            if self._text[seam.first - 1] in _OPEN_TO_BREAKS:
                return _removed(seam, "soft hyphen behind a sign")
            return self._at_start(seam)
        if not right:
            if left[-1].isdigit() or seam.end == len(self._text):
                return None
            if _SUSPENDED_LATER.match(self._text, seam.end):
                return _hyphen(seam, "it stands for a suspended hyphen")
            return _removed(seam, "soft hyphen at the end of a word")
        if left[-1].isdigit() or right[0].isdigit():
            return self._in_number(seam)
        if self._is_suspended(seam):
            return _hyphen(seam, f"{right} follows a suspended hyphen", " ")
        if right[0].isupper() and right[1:].islower():
            return self._before_capital(seam)
        return _removed(seam, "soft hyphen")

    def _in_number(self, seam: _Seam) -> _Change | None:
        before = _DIGITS_BEFORE.match(self._text, 0, seam.start)
        after = _DIGITS_AFTER.match(self._text, seam.end)
        start = before.start() if before is not None else seam.start
        end = after.end() if after is not None else seam.end
        if _THOUSANDS.fullmatch(self._text[start:end]):
            return None
        return _hyphen(seam, "between digits it stands for a hyphen")

    def _before_capital(self, seam: _Seam) -> _Change | None:
        """Return what becomes of a soft hyphen in front of a capital.

        No word goes on with one behind capitals (T-Shirt); Jean-Paul and PowerPoint are alike.
        """
        if seam.left.isupper():
            return _hyphen(seam, f"in front of {seam.right} it stands for a hyphen")
        return None

    def _at_end(self, seam: _Seam) -> _Change | None:
        """Return what becomes of soft hyphens at the end of a line, or in front of a space."""
        left, right = seam.left, seam.right
        at_line_end = "\n" in seam.spaces
        if not left or not right or (at_line_end and not self._flows(seam)):
            return None
        if self._is_suspended(seam):
            return _hyphen(seam, f"{right} follows a suspended hyphen", " ")
        if left[-1].isdigit() or right[0].isdigit():
            return self._in_number(seam) if at_line_end else None
        if right[0].isupper() and not left.isupper():
            return self._before_capital(seam) if at_line_end else None
        if at_line_end:
            return _removed(seam, "soft hyphen at a line end")
        return _removed(seam, "soft hyphen at a lost line end") if self._is_word(seam) else None

    def _at_start(self, seam: _Seam) -> _Change | None:
        """Return what becomes of soft hyphens in front of a word or number."""
        right = seam.right
        if not right:
            return None
        if right[0].isdigit() or len(right) == 1 or seam.end - seam.first > 1:
            why = f"in front of {right} it stands for a hyphen"
            return _Change(seam.first, seam.end, "-" * (seam.end - seam.first), why)
        if "\n" in seam.gap and seam.left and right.islower() and self._flows(seam):
            lexicon = self._lexicon(seam)
            if lexicon is not None and _is_likelier_whole(seam, lexicon):
                return _Change(seam.start, seam.end, "", "soft hyphen behind a line end")
        word = _WORD_AND_SPACE.match(self._text, 0, seam.first)
        if word is not None and is_conjunction(word[0].strip(" ."), self._lexicon(seam)):
            return _hyphen(seam, f"in front of {right} it stands for a suspended hyphen")
        return _removed(seam, "soft hyphen at the start of a word")

    def _alone(self, seam: _Seam) -> _Change | None:
        """Return what becomes of soft hyphens on a line of their own, or between spaces."""
        if (
            "\n" in seam.gap
            and "\n" in seam.spaces
            and seam.left.isalpha()
            and seam.right[:1].islower()
        ):
            return _Change(seam.start, seam.end, "", "soft hyphen on a line of its own")
        return None

    def _flows(self, seam: _Seam) -> bool:
        return self._evidence.flows(max(0, seam.start - 1), seam.end, softly=True)

    def _lexicon(self, seam: _Seam) -> Lexicon | None:
        return self._lexicon_at(seam.first, seam.right, self._evidence)

    def _is_suspended(self, seam: _Seam) -> bool:
        """Whether the word behind the seam is a conjunction that a hyphen is left before."""
        if not could_be_conjunction(seam.right):
            return False
        lexicon = self._lexicon(seam)
        if not seam.spaces and (lexicon is None or len(seam.right) == 1):
            # Within a word, only what is known is taken for two.
            return False
        raw = _AFTER.match(self._text, seam.end)
        if raw is None or not may_be_conjunction(self._text, seam.end, raw[0], lexicon):
            return False
        found = is_suspended(seam.left, seam.right, self._text, raw.end(), lexicon)
        return found is True

    def _is_word(self, seam: _Seam) -> bool:
        """Whether the words on both sides of a soft hyphen and a space are one."""
        lexicon = self._lexicon(seam)
        if lexicon is None or lexicon.listed.get((seam.left + seam.right).lower()) is not None:
            return True
        if not _are_words(seam, lexicon):
            return True
        return lexicon.language in COMPOUNDING and lexicon.logp(seam.right.lower()) < VERY_COMMON


def _are_words(seam: _Seam, lexicon: Lexicon) -> bool:
    return all(lexicon.logp(word.lower()) >= UNKNOWN_BASE for word in (seam.left, seam.right))


def _is_likelier_whole(seam: _Seam, lexicon: Lexicon) -> bool:
    """Whether both words make up one that is listed, and likelier than they are side by side."""
    whole = lexicon.listed.get((seam.left + seam.right).lower())
    apart = sum(lexicon.logp(word.lower()) for word in (seam.left, seam.right))
    return whole is not None and whole > apart


def _removed(seam: _Seam, why: str) -> _Change:
    return _Change(seam.first, seam.end, "", why)


def _hyphen(seam: _Seam, why: str, space: str = "") -> _Change:
    """Return the change of a soft hyphen to a plain one; a space in front of it stays."""
    return _Change(seam.first, seam.end, f"-{space}", why)
