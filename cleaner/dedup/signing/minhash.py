"""MinHash signatures, bit-identical to datasketch 2's ``affine32`` scheme.

Broder, "On the resemblance and containment of documents" (1997): the share of equal places of two
signatures estimates the Jaccard similarity of the sets that were signed. The scheme: each element's
32-bit hash goes through the finalizer of MurmurHash3 once, then through ``a * h + b`` modulo 2**32
for each of the permutations; the least value is kept.
"""

from __future__ import annotations

import functools

import numpy as np
import numpy.typing as npt

from cleaner.dedup.signing.hashing import FIRST

PERMUTATIONS = 128
SEED = 1


@functools.cache
def permutations(count: int = PERMUTATIONS, seed: int = SEED) -> npt.NDArray[np.uint32]:
    """Return the factors (odd) and addends of the permutations: uint32, shape (2, count)."""
    generator = np.random.RandomState(seed)
    factors = generator.randint(0, 2**31, count, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
    addends = generator.randint(0, 2**32, count, dtype=np.uint32)
    both = np.array([factors, addends])
    both.setflags(write=False)
    return both


def band_keys(
    signatures: npt.NDArray[np.uint32], salts: npt.NDArray[np.uint64], bands: int, rows: int
) -> npt.NDArray[np.uint32]:
    """Return a 32-bit key for each band of each signature: uint32, shape (bands, m).

    `signatures` has shape (m, at least bands * rows), `salts` shape (m,): signatures with different
    salts share no bucket but by chance. A key starts as the salt, takes in each row ``r`` by
    ``k = (k ^ r) * FIRST; k ^= k >> 32`` modulo 2**64, and is the low half of ``k``.
    """
    keys = np.empty((bands, len(signatures)), dtype=np.uint32)
    for band in range(bands):
        mixed = salts.copy()
        for row in range(band * rows, (band + 1) * rows):
            mixed = (mixed ^ signatures[:, row].astype(np.uint64)) * np.uint64(FIRST)
            mixed ^= mixed >> np.uint64(32)
        keys[band] = mixed.astype(np.uint32)
    return keys
