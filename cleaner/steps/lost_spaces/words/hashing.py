"""The numbers that words are hashed with."""

from __future__ import annotations

#: The bits of a hash.
MASK = 2**64 - 1
#: A word is hashed as the sum of its code points, each times a power of this (modulo 2**64), so
#: that the hash of any part of a word follows from running sums.
BASE = 0x9E3779B97F4A7C15
INVERSE = pow(BASE, -1, 2**64)
#: What such a hash is mixed with for its key in a table.
MIXER = 0xBF58476D1CE4E5B9
