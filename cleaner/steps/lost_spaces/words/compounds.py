"""How readily a word makes compounds: "over" and "man" do, "the" and "said" do not."""

from __future__ import annotations

from typing import NamedTuple

from cleaner.steps.lost_spaces.reader.codes import BEGINNING, ENDING
from cleaner.steps.lost_spaces.reader.wrapping.reading_kernel import Reader
from cleaner.steps.lost_spaces.words.wordtable import compounds_reader_of


class Compounds(NamedTuple):
    """How many listed words of one language are a given word and another one."""

    reader: Reader

    def beginning(self, part: str) -> float:
        """Return log10 of one more than how many listed words are `part` and a word after it."""
        return self.reader.get(part, BEGINNING) or 0.0

    def ending(self, part: str) -> float:
        """Return log10 of one more than how many listed words are a word and `part` after it."""
        return self.reader.get(part, ENDING) or 0.0


def compounds_of(language: str) -> Compounds:
    """Return the compound counts of `language`.

    >>> counts = compounds_of("en")
    >>> counts.beginning("over") > 2 > counts.beginning("said")
    True
    """
    return Compounds(compounds_reader_of(language))
