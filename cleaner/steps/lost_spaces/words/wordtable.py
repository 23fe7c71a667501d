"""Readers of texts of a language: the kernels, with its words."""

from __future__ import annotations

import functools

from cleaner.steps.lost_spaces.alphabet import characters, spaces
from cleaner.steps.lost_spaces.languages.language import (
    COMPOUNDING,
    ELIDING,
    LOW_QUOTES,
    NOUN_CAPITALS,
)
from cleaner.steps.lost_spaces.reader import codes as terms
from cleaner.steps.lost_spaces.reader.wrapping.reading_kernel import Reader, reader
from cleaner.steps.lost_spaces.words.wordlist import Table, hashed_compounds, hashed_words


def reader_of(language: str) -> Reader:
    """Return a new reader of `language`; all of a process share the words.

    Only `get` may be asked by several threads at a time.

    >>> reader_of("en").get("the") > reader_of("en").get("harbour")
    True
    """
    made = reader(*_words_of(language), characters().reshape(-1), _traits(language))
    made.hold_spaces(spaces())
    return made


@functools.cache
def compounds_reader_of(language: str) -> Reader:
    """Return a reader that is to be asked only for the parts of compounds, in any language."""
    if language not in COMPOUNDING:
        return reader_of(language)
    return reader(*hashed_compounds(language), characters().reshape(-1), _traits(language))


@functools.cache
def _words_of(language: str) -> Table:
    return hashed_words(language)


def _traits(language: str) -> int:
    traits = {
        terms.COMPOUNDS: language in COMPOUNDING,
        terms.ELIDES: language in ELIDING,
        terms.LOW_QUOTED: language in LOW_QUOTES,
        terms.IS_FRENCH: language == "fr",
        terms.IS_ENGLISH: language == "en",
        terms.HAS_CAMEL: language not in NOUN_CAPITALS,
    }
    return sum(trait for trait, has in traits.items() if has)
