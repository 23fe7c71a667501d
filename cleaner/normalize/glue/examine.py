"""What each distinct token of a text is taken for, remembered from text to text."""

from __future__ import annotations

import functools
from typing import NamedTuple

from cleaner.normalize.glue.boundary import part_boundaries
from cleaner.normalize.glue.code import is_code_like, is_shielded
from cleaner.normalize.glue.lexical import Parting, part_letters
from cleaner.normalize.glue.lexicon import lexicon_of
from cleaner.normalize.glue.seams import Seams

_MEMO_LIMIT = 1_000_000
_KNOWN = -6.5
_MIN_SUSPICIOUS_LENGTH = 5
_MIN_SUSPICIOUS_ODDS = 2.5


class Finding(NamedTuple):
    """What was found in a token: a parting and its rule, and whether a line end may be lost in it."""

    code: str
    parting: Parting | None
    suspicious: bool


class Examiner:
    """Examines the tokens of one language.

    What it remembers are values of pure functions of a token, so it changes no result.
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self.seams = Seams(lexicon_of(language))
        self._lexicon = lexicon_of(language)
        self._plain: set[str] = set()
        self._found: dict[str, Finding] = {}

    def odd_tokens(self, line: str) -> tuple[int, list[str]]:
        """Return the number of tokens of `line`, and those (distinct, sorted) with a finding."""
        tokens = line.split()
        odd = set(tokens) - self._plain
        if not odd:
            return len(tokens), []
        return len(tokens), sorted(token for token in odd if self.examine(token) is not None)

    def examine(self, token: str) -> Finding | None:
        """Return the finding in `token`, or None where it is a plain word."""
        if token in self._plain:
            return None
        finding = self._found.get(token)
        if finding is not None:
            return finding
        if len(self._plain) >= _MEMO_LIMIT:
            self._plain.clear()
        if len(self._found) >= _MEMO_LIMIT:
            self._found.clear()
        finding = self._examine(token)
        if finding is None:
            self._plain.add(token)
        else:
            self._found[token] = finding
        return finding

    def _examine(self, token: str) -> Finding | None:
        suspicious = (
            len(token) > _MIN_SUSPICIOUS_LENGTH
            and self._lexicon.logp(token) < _KNOWN
            and not is_code_like(token)
            and self.seams.best(token)[1] > _MIN_SUSPICIOUS_ODDS
        )
        parting = part_boundaries(token, self.language)
        code = "GLU202"
        if parting is None and not is_shielded(token):
            parting = part_letters(token, self.language)
            code = "GLU203"
        if parting is None and not suspicious:
            return None
        return Finding(code, parting, suspicious)


@functools.cache
def examiner_of(language: str) -> Examiner:
    """Return the examiner of `language`, one a process."""
    return Examiner(language)
