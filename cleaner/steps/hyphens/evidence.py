"""What a text says of its own breaks: kinds of blocks, languages, the words it has elsewhere."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import regex

from cleaner.blocks import Block, Kind, find_blocks
from cleaner.steps.hyphens.breaks import SOFT, Break
from cleaner.steps.hyphens.languages import language_of, script_of

_WORDS = regex.compile(
    r"[\p{L}\p{M}]++(?:['’][\p{L}\p{M}]++)*+(?:[-‐‑][\p{L}\p{M}]++(?:['’][\p{L}\p{M}]++)*+)*+"
)
_HYPHENS = regex.compile("[-‐‑]")
_SPLIT_AT_LINE_END = regex.compile(r"[\p{L}\p{N}](?:[-‐]\u00ad*|\u00ad+)[ \t]*\n")
_INDENTED = regex.compile(r"(?: {4}|\t)[ \t]*+(?![-*+•·–‣◦]|\p{N}{1,3}[.)]|\p{L}[.)])")
_ITEM = regex.compile(r"^[ \t]*+(?:[-*+•·–‣◦#]|\p{N}{1,3}[.)]|\p{L}[.)]|\()", regex.M)
# Lines of these kinds may go on in the next line.
_FLOWING = frozenset({Kind.PROSE, Kind.DIALOGUE, Kind.LIST, Kind.BIBLIOGRAPHY, Kind.HEADING})
# A soft hyphen at a line end is no part of verse either.
_FLOWING_SOFTLY = _FLOWING | {Kind.VERSE}
# So much of a block (characters) tells its language.
_SAMPLE = 2000


class Evidence:
    """Answers what the decision on a break asks of the text; finds it out when first asked."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._blocks: list[Block] | None = None
        self._starts: list[int] = []
        self._flows: dict[int, bool] = {}
        self._languages: dict[tuple[int, str], str | None] = {}
        self._usually: dict[str, str | None] = {}
        self._words: Counter[str] = Counter()

    def read_words(self, breaks: Sequence[Break]) -> None:
        """Count what the breaks would become, and what stands behind them, wherever it stands."""
        if not breaks:
            return
        asked = {
            form.lower()
            for one in breaks
            for form in (one.whole, f"{one.left}-{one.right}", one.right)
        }
        text = self._text.replace(SOFT, "") if SOFT in self._text else self._text
        for word, count in Counter(map(str.lower, _WORDS.findall(text))).items():
            parts = _HYPHENS.split(word)
            for part in parts:
                if part in asked:
                    self._words[part] += count
            for one, other in pairwise(parts):
                pair = f"{one}-{other}"
                if pair in asked:
                    self._words[pair] += count

    def count(self, form: str) -> int:
        """Return how often the text has `form`, in any case; it must have been asked for."""
        return self._words[form.lower()]

    def flows(self, start: int, end: int, *, softly: bool = False) -> bool:
        """Whether the line that begins at `end` goes on with the one that ends at `start`.

        Both lie in blocks that read on; no paragraph ends in half a word, so they may be two if no
        blank line is between them. Behind a soft hyphen, `softly`, verse reads on as well.
        """
        numbers = self._block_at(start), self._block_at(end)
        if None in numbers:
            return False
        one, other = (self._found()[number] for number in numbers if number is not None)
        if other.first > one.last + 1:
            return False
        if softly:
            return one.kind in _FLOWING_SOFTLY and other.kind in _FLOWING_SOFTLY
        return all(self._reads_on(number) for number in {*numbers} if number is not None)

    def language(self, place: int, word: str) -> str | None:
        """Return the language of the words around `place` that are of the script of `word`."""
        script = script_of(word)
        if not script:
            return None
        number = self._block_at(place)
        key = (-1 if number is None else number, script)
        if key not in self._languages:
            language = self._usual(script)
            if number is not None:
                block = self._found()[number]
                sample = self._text[block.start : block.end][:_SAMPLE]
                language = language_of(sample, script, language)
            self._languages[key] = language
        return self._languages[key]

    def _usual(self, script: str) -> str | None:
        """Return the language of the text as a whole, as far as it is of one script."""
        if script not in self._usually:
            self._usually[script] = language_of(self._sample(), script)
        return self._usually[script]

    def _sample(self) -> str:
        """Return the text, or of a long one its head, middle and end."""
        text = self._text
        if len(text) <= 3 * _SAMPLE:
            return text
        middle = len(text) // 2
        return " ".join((text[:_SAMPLE], text[middle : middle + _SAMPLE], text[-_SAMPLE:]))

    def _found(self) -> Sequence[Block]:
        if self._blocks is None:
            self._blocks = find_blocks(self._text)
            self._starts = [block.start for block in self._blocks]
        return self._blocks

    def _block_at(self, place: int) -> int | None:
        blocks = self._found()
        number = bisect_right(self._starts, place) - 1
        return number if number >= 0 and place < blocks[number].end else None

    def _reads_on(self, number: int) -> bool:
        if number not in self._flows:
            self._flows[number] = self._can_read_on(self._found()[number])
        return self._flows[number]

    def _can_read_on(self, block: Block) -> bool:
        unmarked = False
        if block.kind is Kind.LIST:
            if _INDENTED.match(self._text, block.start):
                # Indented lines without a mark are no items, but may be program text.
                return False
            unmarked = not _ITEM.search(self._text, block.start, block.end)
        if block.kind in _FLOWING and not unmarked:
            return True
        if block.kind is not Kind.VERSE and not unmarked:
            return False
        # No verse, nor a list of short lines, breaks its words at every other line end, but short
        # lines of prose do.
        split = sum(1 for _ in _SPLIT_AT_LINE_END.finditer(self._text, block.start, block.end))
        return 2 * split >= block.last - block.first
