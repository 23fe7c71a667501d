"""What each distinct token of a text is taken for, remembered from text to text."""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterable
from typing import Any, NamedTuple

import regex

from cleaner.steps.lost_spaces.alphabet import EDGES
from cleaner.steps.lost_spaces.candidates.boundary import part_boundaries
from cleaner.steps.lost_spaces.candidates.code import is_code_like, is_shielded
from cleaner.steps.lost_spaces.candidates.lexical import Parting, part_letters
from cleaner.steps.lost_spaces.candidates.names import is_hash, is_path
from cleaner.steps.lost_spaces.candidates.seams import Seams, strip_clitic
from cleaner.steps.lost_spaces.languages.language import NOUN_CAPITALS
from cleaner.steps.lost_spaces.odds import (
    FAMILIAR,
    KNOWN,
    MAX_LISTED_LENGTH,
    MIN_LENGTH,
    MIN_LISTED_ODDS,
    MIN_SPLIT_ODDS,
    MIN_SUSPICIOUS_LENGTH,
    MIN_SUSPICIOUS_ODDS,
    SUSPICIOUS_KNOWN,
)
from cleaner.steps.lost_spaces.reader.codes import (
    SUSPICIOUS,
    UNFOUND,
    UNKNOWN,
    UNLESS_CODE,
    UNSUSPICIOUS,
    WORDLESS,
)
from cleaner.steps.lost_spaces.reader.tokens import TokenTable
from cleaner.steps.lost_spaces.words.lexicon import lexicon_of, most_remembered
from cleaner.steps.lost_spaces.words.wordtable import reader_of

_WEIGHED = SUSPICIOUS | UNSUSPICIOUS | UNLESS_CODE
_INFLECTED = regex.compile(r"\p{Lu}?\p{Ll}+(?:'\p{Ll}{1,3})?(?:-\p{Lu}?\p{Ll}+(?:'\p{Ll}{1,3})?)*")


class Finding(NamedTuple):
    """How a token may part, and the rule that says so."""

    code: str
    parting: Parting


class TokenClassifier:
    """Examines the tokens of one language.

    What it remembers are values of pure functions of a token, so it changes no result.
    """

    def __init__(self, language: str) -> None:
        self.language = language
        #: Held by who surveys a text: the table has room for one at a time.
        self.lock = threading.RLock()
        self.lexicon = lexicon_of(language)
        self.table = TokenTable(reader_of(language))
        self.seams = Seams(self.lexicon, self.table.seams_of)
        #: Tokens that could part but that nothing in them speaks against.
        self.dull: set[str] = set()
        self._suspicious: dict[str, bool] = {}
        self._findings: dict[str, Finding | None] = {}
        self._told: dict[str, int] = {}

    def is_weighed(self, token: str) -> bool:
        """Whether `is_suspicious` remembers the token, and so costs nothing."""
        return token in self._suspicious or self._told.get(token, UNKNOWN) & _WEIGHED != 0

    def is_examined(self, token: str) -> bool:
        """Whether `finding` remembers the token, and so costs nothing."""
        return token in self._findings or self._told.get(token, UNKNOWN) & UNFOUND != 0

    def is_suspicious(self, token: str) -> bool:
        """Whether a lost line end in `token` is likelier than the token itself."""
        told = self._told.get(token, UNKNOWN)
        if told & (SUSPICIOUS | UNSUSPICIOUS):
            return told & SUSPICIOUS != 0
        found = self._suspicious.get(token)
        if found is None:
            _limit(self._suspicious)
            found = self._suspicious[token] = self.is_evidence(token) and (
                told & UNLESS_CODE != 0
                or (
                    len(token) > MIN_SUSPICIOUS_LENGTH
                    and self.lexicon.logp(token) < SUSPICIOUS_KNOWN
                    and self.seams.best(token) > MIN_SUSPICIOUS_ODDS
                )
            )
        return found

    def remember(self, tokens: Iterable[str], kinds: Iterable[int]) -> None:
        """Remember what the kernels say of tokens, in the bits of `kernel_terms`."""
        _limit(self._told)
        self._told.update(zip(tokens, kinds, strict=True))

    def is_evidence(self, token: str) -> bool:
        """Whether a seam in `token` speaks for a lost line end; code and camel case do not."""
        return not is_code_like(token, camel=self.language not in NOUN_CAPITALS)

    def finding(self, token: str) -> Finding | None:
        """Return what punctuation, case and words say of `token`."""
        if token in self._findings:
            return self._findings[token]
        _limit(self._findings)
        told = self._told.get(token, UNKNOWN)
        found = self._findings[token] = None if told & UNFOUND else self._find(token)
        if found is None and not self.is_suspicious(token):
            _limit(self.dull)
            self.dull.add(token)
        return found

    def unlisted_words(self, text: str) -> set[str]:
        """Return the distinct words of `text`, in lower case, that are not or hardly listed."""
        with self.lock:
            self.table.read(text)
            try:
                return self.table.unlisted_words(self.is_plain, self._unlisted)
            finally:
                self.table.close()

    def _unlisted(self, tokens: list[str]) -> list[str | None]:
        """Return the word that each token is, or None where it is none or well listed."""
        cores = list(map(strip_clitic, tokens))
        words = [core.lower() for core in cores]
        return [
            word if core.isalpha() and logp < KNOWN else None
            for core, word, logp in zip(cores, words, self.lexicon.logps(words), strict=True)
        ]

    def is_plain(self, token: str) -> bool:
        """Whether `token` cannot have a finding nor be suspicious."""
        core = token.strip(EDGES)
        if core.isalpha():
            if not (core.islower() or core[1:].islower()) and not core.isupper():
                return False
            low = core.lower()
            logp = self.lexicon.logp(low)
            if logp >= FAMILIAR or len(core) < MIN_LENGTH:
                return True
            if logp >= KNOWN:
                return len(core) > MAX_LISTED_LENGTH or self.seams.best(core) < MIN_LISTED_ODDS
            plain = self.seams.best(core) < MIN_SPLIT_ODDS
        else:
            plain = not any(c.isalpha() for c in core) or self._is_inflected(core)
        return plain

    def _is_inflected(self, core: str) -> bool:
        """Whether `core` is a listed word with an apostrophe, or hyphenated from listed words."""
        word = core.replace("’", "'")
        if not _INFLECTED.fullmatch(word):
            return False
        return all(self.lexicon.logp(part) >= FAMILIAR for part in word.split("-"))

    def _find(self, token: str) -> Finding | None:
        if is_hash(token) or is_path(token):
            return None
        parting = part_boundaries(token, self.language)
        if parting is not None:
            return Finding("GLU202", parting)
        if self._told.get(token, UNKNOWN) & WORDLESS or is_shielded(token):
            return None
        parting = part_letters(token, self.language, self.table.part_word)
        return Finding("GLU203", parting) if parting is not None else None


def _limit(memo: set[str] | dict[str, Any]) -> None:
    if len(memo) >= most_remembered():
        memo.clear()


@functools.cache
def classifier_of(language: str) -> TokenClassifier:
    """Return the classifier of `language`, one a process."""
    return TokenClassifier(language)
