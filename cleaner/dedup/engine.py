"""Finding duplicated paragraphs: exact ones by hash, near ones by MinHash LSH, each verified."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from datasketch import MinHash, MinHashLSH

from cleaner.core.config import Dedup

_WORD = re.compile(r"[^\W_]+")
_SHINGLE = 5
_PERMUTATIONS = 128

Shingles = frozenset[tuple[str, ...]]


class Unit(NamedTuple):
    """A paragraph: its document's number, its number there, its file, its text."""

    document: int
    paragraph: int
    file: int
    text: str


class Duplicate(NamedTuple):
    """A paragraph to remove, the survivor it copies, and their similarity."""

    document: int
    paragraph: int
    survivor_document: int
    survivor_paragraph: int
    code: str
    similarity: float


def find_duplicates(units: Iterable[Unit], settings: Dedup) -> Iterator[Duplicate]:
    """Yield what is removed, in document order; the first copy survives.

    Each near-duplicate is at or over the threshold with its survivor (true Jaccard similarity of
    the sets of word 5-grams).
    """
    if settings.scope == "none":
        return
    finders: dict[int, _Finder] = {}
    for unit in units:
        key = unit.file if settings.scope == "file" else 0
        if key not in finders:
            # A file is left for good once the next begins.
            finders.clear()
            finders[key] = _Finder(settings)
        if (found := finders[key].judge(unit)) is not None:
            yield found


class _Finder:
    """Keeps what survived so far and judges the next paragraph against it."""

    def __init__(self, settings: Dedup) -> None:
        self._settings = settings
        self._exact: dict[bytes, Unit] = {}
        self._kept: list[tuple[Unit, Shingles]] = []
        self._lsh = MinHashLSH(
            threshold=settings.threshold, num_perm=_PERMUTATIONS, weights=(0.1, 0.9)
        )

    def judge(self, unit: Unit) -> Duplicate | None:
        words = _WORD.findall(unit.text.casefold())
        if len(words) >= self._settings.min_words_exact:
            digest = hashlib.blake2b(
                " ".join(unit.text.casefold().split()).encode("utf-8", "surrogatepass"),
                digest_size=16,
            ).digest()
            survivor = self._exact.setdefault(digest, unit)
            if survivor is not unit:
                return _duplicate(unit, survivor, "DUP40", 1.0)
        if len(words) >= self._settings.min_words_near:
            return self._judge_near(unit, words)
        return None

    def _judge_near(self, unit: Unit, words: list[str]) -> Duplicate | None:
        shingles = frozenset(
            tuple(words[i : i + _SHINGLE]) for i in range(max(1, len(words) - _SHINGLE + 1))
        )
        signature = MinHash(num_perm=_PERMUTATIONS)
        signature.update_batch(
            [" ".join(s).encode("utf-8", "surrogatepass") for s in sorted(shingles)]
        )
        for index in sorted(self._lsh.query(signature)):
            survivor, others = self._kept[index]
            shared = len(shingles & others)
            similarity = shared / (len(shingles) + len(others) - shared)
            if similarity >= self._settings.threshold and _numbers(words) == _numbers(
                _WORD.findall(survivor.text.casefold())
            ):
                return _duplicate(unit, survivor, "DUP41", similarity)
        self._lsh.insert(len(self._kept), signature)
        self._kept.append((unit, shingles))
        return None


def _duplicate(unit: Unit, survivor: Unit, kind: str, similarity: float) -> Duplicate:
    code = kind + ("1" if unit.file == survivor.file else "2")
    return Duplicate(
        unit.document, unit.paragraph, survivor.document, survivor.paragraph, code, similarity
    )


def _numbers(words: list[str]) -> list[str]:
    """Notices that differ in a date or an amount are not copies of each other."""
    return sorted(word for word in words if any(c.isdigit() for c in word))
