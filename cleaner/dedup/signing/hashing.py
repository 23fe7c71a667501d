"""The hashes of words, shingles, numbers and whole texts: what the kernels compute.

All arithmetic is modulo 2**64. The bytes of a piece of text are its UTF-8 bytes in chunks of eight,
the last one filled up with zero bytes, each chunk read as a little-endian integer.

- A *piece* has two hashes; both start at 0 and take in each chunk ``c`` by
  ``h = (h ^ c) * FIRST; h ^= h >> 32`` and ``g = (g ^ c) * SECOND; g ^= g >> 29``.
- A *shingle* of words with first hashes ``h1 … hn`` is
  ``s = h1 * STEP**(n-1) + … + hn; s ^= s >> 32; (s * LAST) >> 32``, an integer of 32 bits: the
  ``hashfunc`` that makes a datasketch MinHash of ours.
- A *text* is hashed as its case-folded form with every run of white space as one space and none at
  its ends: its words, and what stands between them where that is not a single space (the empty
  piece where nothing does), are pieces;
  ``a = (a ^ h) * SECOND; a ^= a >> 32`` and ``b = (b + g) * FIRST; b ^= b >> 29`` over them. Where
  its capitals stand (`essence.cases`) goes into the first half when the hash is used.
- The *numbers* of a text are its runs of decimal digits of the case-folded text, each
  ``v = v * SECOND + code point`` over its digits, mixed by ``m = (m ^ v) * FIRST; m ^= m >> 32``.
"""

from __future__ import annotations

from collections.abc import Sequence

from cleaner.dedup.text.words import Words

FIRST = 0x9E3779B97F4A7C15
SECOND = 0xC2B2AE3D27D4EB4F
STEP = 0xD6E8FEB86659FD93
LAST = 0xFF51AFD7ED558CCD
MASK = 2**64 - 1


def piece_hashes(piece: str) -> tuple[int, int]:
    """Return the two 64-bit hashes of `piece`.

    >>> piece_hashes("a") == (0x61 * FIRST & MASK ^ (0x61 * FIRST & MASK) >> 32,
    ...                       0x61 * SECOND & MASK ^ (0x61 * SECOND & MASK) >> 29)
    True
    """
    first = second = 0
    data = piece.encode("utf-8", "surrogatepass")
    for start in range(0, len(data), 8):
        chunk = int.from_bytes(data[start : start + 8], "little")
        first = (first ^ chunk) * FIRST & MASK
        first ^= first >> 32
        second = (second ^ chunk) * SECOND & MASK
        second ^= second >> 29
    return first, second


def shingle_hash(words: Sequence[str]) -> int:
    """Return the 32-bit hash of a shingle; the ``hashfunc`` of our MinHash."""
    total = 0
    for word in words:
        total = (total * STEP + piece_hashes(word)[0]) & MASK
    total ^= total >> 32
    return (total * LAST & MASK) >> 32


def shingles(words: Words, n: int) -> list[int]:
    """Return the hashes of the n-word shingles in order; fewer than n words make one shingle.

    >>> from cleaner.dedup.text.words import split_words
    >>> len(shingles(split_words("one two three four five six"), 5))
    2
    """
    if not words.words:
        return []
    count = max(1, len(words.words) - n + 1)
    return [shingle_hash(words.words[i : i + n]) for i in range(count)]
