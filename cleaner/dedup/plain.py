"""The kernels' twins in plain Python and numpy, for small inputs and as their oracle.

Every function has the arguments and results of the compiled one of the same name and needs no
compilation. Lone surrogates stand as three bytes in ``data``.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from cleaner.dedup import essence, hashing
from cleaner.dedup.hashing import FIRST, MASK, SECOND
from cleaner.dedup.minhash import band_keys, signature
from cleaner.dedup.words import count_words, split_words

Array = npt.NDArray[Any]


def raw_hashes(data: Array, starts: Array, ends: Array, salts: Array, hashes: Array) -> None:
    """Write the 128-bit hash of the bytes of every unit, its length and its salt: (n, 2)."""
    whole = data.tobytes()
    for unit, (start, end) in enumerate(zip(starts.tolist(), ends.tolist(), strict=True)):
        first, second = int(salts[unit]), end - start
        for at in range(start, end, 8):
            chunk = int.from_bytes(whole[at : min(at + 8, end)], "little")
            first = (first ^ chunk) * FIRST & MASK
            first ^= first >> 32
            second = (second ^ chunk) * SECOND & MASK
            second ^= second >> 29
        first = (first ^ first >> 29) * SECOND & MASK
        hashes[unit] = first ^ first >> 32, second


def claim(hashes: Array, known: Array, count: int, most: int, slots: Array, owners: Array) -> int:
    """Give each hash the number of its first holder, a new number where it has none.

    From `most` on there are no new numbers, but -1.
    """
    mask = len(slots) - 1
    for index, (first, second) in enumerate(hashes.tolist()):
        slot = first & mask
        while (owner := int(slots[slot])) >= 0:
            if known[owner, 0] == first and known[owner, 1] == second:
                break
            slot = (slot + 1) & mask
        else:
            if count < most:
                slots[slot] = owner = count
                known[owner] = first, second
                count += 1
        owners[index] = owner
    return count


def rebuild(known: Array, count: int, slots: Array) -> None:
    """Enter the first `count` hashes of `known` into an empty table."""
    mask = len(slots) - 1
    for number, first in enumerate(known[:count, 0].tolist()):
        slot = first & mask
        while slots[slot] >= 0:
            slot = (slot + 1) & mask
        slots[slot] = number


def scan(
    data: Array,
    starts: Array,
    ends: Array,
    units: Array,
    n: int,
    classes: Array,
    folds: Array,
    long_folds: Array,
    ring: Array,
    ignore: bool,
    texts: Array,
    counts: Array,
    numbers: Array,
    essences: Array,
    cases: Array,
    flaws: Array,
    shingles: Array,
    places: Array,
) -> None:
    """Hash the texts of `units`; see `scanning.Signed` for what is written."""
    whole = data.tobytes()
    filled = 0
    places[0] = 0
    for index, unit in enumerate(units.tolist()):
        text = whole[starts[unit] : ends[unit]].decode("utf-8", "surrogatepass")
        words = split_words(text)
        texts[index] = hashing.text_hash(text)
        counts[index] = count_words(words)
        numbers[index] = hashing.numbers_hash(text)
        essences[index] = essence.essence_hash(text, ignore_digits=ignore)
        cases[index] = essence.cases(text)
        flaws[index] = essence.flaws(text)
        texts[index, 0] ^= cases[index]
        hashes = hashing.shingles(words, n)
        shingles[filled : filled + len(hashes)] = hashes
        filled += len(hashes)
        places[index + 1] = filled


def sign_all(
    shingles: Array,
    places: Array,
    rows_of: Array,
    factors: Array,
    terms: Array,
    signatures: Array,
) -> None:
    """Write the signature of each of `rows_of`: (m, permutations)."""
    for index, row in enumerate(rows_of.tolist()):
        signatures[index] = signature(shingles[places[row] : places[row + 1]])[: len(factors)]


def sign_bands(
    shingles: Array,
    places: Array,
    rows_of: Array,
    salts: Array,
    factors: Array,
    terms: Array,
    rows: int,
    least: Array,
    keys: Array,
) -> None:
    """Write the band keys of each of `rows_of` without keeping its signature: (bands, m)."""
    signatures = np.empty((len(rows_of), len(factors)), dtype=np.uint32)
    sign_all(shingles, places, rows_of, factors, terms, signatures)
    keys[:] = band_keys(signatures, salts[rows_of], len(keys), rows)


def mark_shared(keys: Array, marks: Array) -> int:
    """Return how many keys may stand more than once; misses none, and needs no marks."""
    return len(keys)


def group_shared(
    keys: Array,
    marks: Array,
    entries: Array,
    spare: Array,
    tally: Array,
    members: Array,
    buckets: Array,
) -> int:
    """Write the members whose key another has too, by key, and number the keys."""
    _, inverse, counts = np.unique(keys, return_inverse=True, return_counts=True)
    shared = counts > 1
    order = np.argsort(inverse, kind="stable")
    order = order[shared[inverse[order]]]
    filled = len(order)
    members[:filled] = order
    buckets[:filled] = (np.cumsum(shared) - 1)[inverse[order]]
    return filled


def link(members: Array, buckets: Array, roots: Array) -> None:
    """Write the least member that each member hangs together with through buckets."""

    def root(member: int) -> int:
        while roots[member] != member:
            member = int(roots[member])
        return member

    for index in np.flatnonzero(buckets[1:] == buckets[:-1]).tolist():
        one, two = sorted((root(int(members[index])), root(int(members[index + 1]))))
        roots[two] = one
    roots[:] = [root(member) for member in range(len(roots))]


def group(members: Array, values: Array, ends: Array, grouped: Array) -> None:
    """Gather the values of each member, in order: ``grouped[places[m]:places[m + 1]]``."""
    grouped[:] = values[np.argsort(members, kind="stable")]
    ends[1:] += np.bincount(members, minlength=len(ends) - 1)


def count_elements(
    members: Array, shingles: Array, starts: Array, facts: Array, tally: Array
) -> None:
    """Count the elements of some members' sets in a table (a power of two long) of their hashes."""
    for member in members.tolist():
        for element in _set_of(member, shingles, starts, facts):
            tally[_rare_key(element, int(facts[member, 1])) & (len(tally) - 1)] += 1


def rarest(
    members: Array,
    shingles: Array,
    starts: Array,
    facts: Array,
    tally: Array,
    prefixes: Array,
    work: Array,
    keys: Array,
    holders: Array,
) -> int:
    """Write the keys of each member's rarest elements that others may have, and the member."""
    filled = 0
    for member, prefix in zip(members.tolist(), prefixes.tolist(), strict=True):
        salt = int(facts[member, 1])
        ranked = sorted(
            (int(tally[_rare_key(element, salt) & (len(tally) - 1)]), element)
            for element in _set_of(member, shingles, starts, facts)
        )
        for count, element in ranked[:prefix]:
            if count > 1:
                keys[filled], holders[filled] = _rare_key(element, salt), member
                filled += 1
    return filled


def _rare_key(element: int, salt: int) -> int:
    key = (element ^ salt) * FIRST & MASK
    key = (key ^ key >> 32) * SECOND & MASK
    return key ^ key >> 29


def _set_of(member: int, shingles: Array, starts: Array, facts: Array) -> frozenset[int]:
    start = int(starts[member])
    return frozenset(shingles[start : start + int(facts[member, 0])].tolist())


def take_sets(shingles: Array, sizes: Array, chosen: Array, taken: Array) -> None:
    """Copy the chosen ones of sets that lie one after the other."""
    found = shingles[: int(sizes.sum())][np.repeat(chosen, sizes)]
    taken[: len(found)] = found


def sort_sets(
    shingles: Array,
    starts: Array,
    ends: Array,
    salts: Array,
    cases: Array,
    sizes: Array,
    facts: Array,
) -> None:
    """Sort each set in place, its distinct elements first; write their number, and `sets.facts`."""
    for index, (start, end) in enumerate(zip(starts.tolist(), ends.tolist(), strict=True)):
        distinct = np.unique(shingles[start:end])
        shingles[start : start + len(distinct)] = distinct
        sizes[index] = len(distinct)
        facts[index] = len(distinct), salts[index], 0, 0, cases[index]
        for value in distinct.tolist():
            bit = (value * 0x9E3779B1 & 0xFFFFFFFF) >> 25
            facts[index, 2 + (bit >> 6)] |= np.uint64(1 << (bit & 63))


def hold(
    first: int,
    last: int,
    recent: Array,
    order: Array,
    ranks: Array,
    fixed: Array,
    places: Array,
    buckets: Array,
    room: Array,
    fills: Array,
    leaders: Array,
    shingles: Array,
    starts: Array,
    facts: Array,
    threshold: float,
    survivors: Array,
    similarities: Array,
) -> int:
    """Hold the members ``order[first:last]``, one after the other, against those kept before."""
    verified = 0
    for member in order[first:last].tolist():
        own = buckets[places[member] : places[member + 1]].tolist()
        found = {int(o) for b in own for o in leaders[room[b] : room[b] + fills[b]]}
        best, key = -1, (0.0, 0)
        for other in set() if fixed[member] else found:
            if facts[other, 1] != facts[member, 1]:
                continue
            if not essence.cases_agree(int(facts[other, 4]), int(facts[member, 4])):
                continue
            verified += 1
            similarity = jaccard(
                _set_of(member, shingles, starts, facts), _set_of(other, shingles, starts, facts)
            )
            if similarity > 0 and similarity >= threshold - 1e-9:
                best, key = max((best, key), (other, (similarity, -int(ranks[other]))), key=_second)
        survivors[member], similarities[member] = best, key[0]
        if best < 0:
            for bucket in own:
                leaders[room[bucket] + fills[bucket]] = member
                fills[bucket] += 1
    return verified


def _second(pair: tuple[int, tuple[float, int]]) -> tuple[float, int]:
    return pair[1]


def jaccard(one: frozenset[int], two: frozenset[int]) -> float:
    """Return the Jaccard similarity of two sets; 0 where both are empty.

    >>> jaccard(frozenset({1, 2, 3}), frozenset({2, 3, 4}))
    0.5
    """
    shared = len(one & two)
    union = len(one) + len(two) - shared
    return shared / union if union else 0.0


def winnow(
    shingles: Array, starts: Array, ends: Array, window: int, fingerprints: Array, counts: Array
) -> int:
    """Write the least shingle (the last of equals) of every window of each unit, once a place."""
    filled = 0
    for unit, (start, end) in enumerate(zip(starts.tolist(), ends.tolist(), strict=True)):
        own = shingles[start:end].tolist()
        chosen: list[int] = []
        for first in range(max(1, len(own) - window + 1) if own else 0):
            part = own[first : first + window]
            best = first + max(at for at, value in enumerate(part) if value == min(part))
            if not chosen or chosen[-1] != best:
                chosen.append(best)
        fingerprints[filled : filled + len(chosen)] = [own[at] for at in chosen]
        filled += len(chosen)
        counts[unit] = len(chosen)
    return filled


def count_prints(hashes: Array, tally: Array) -> None:
    """Count each hash in a table of its low bits (a power of two long), up to 2."""
    slots, counts = np.unique(hashes & np.uint32(len(tally) - 1), return_counts=True)
    tally[slots] = np.minimum(2, tally[slots] + counts)


def contain(
    order: Array,
    fixed: Array,
    groups: Array,
    places: Array,
    prints: Array,
    rooms: Array,
    posted: Array,
    stamps: Array,
    shingles: Array,
    starts: Array,
    sizes: Array,
    least: float,
    tries: int,
    containers: Array,
    shares: Array,
) -> int:
    """Find for each member of `order` (longest first) the best longer one that contains it."""
    looked = 0
    containers[:] = -1
    sets = [
        frozenset(shingles[start : start + size].tolist())
        for start, size in zip(starts.tolist(), sizes.tolist(), strict=True)
    ]
    for member in order.tolist():
        candidates: dict[int, None] = {}
        if not fixed[member]:
            for number in prints[places[member] : places[member + 1]].tolist():
                for other in posted[rooms[number] : rooms[number + 1]].tolist():
                    longer = sizes[other] > sizes[member] and containers[other] < 0
                    if longer and groups[other] == groups[member]:
                        candidates[other] = None
        best, best_share = -1, 0.0
        spare = math.floor((1.0 - least + 1e-9) * int(sizes[member]))
        for other in list(candidates)[:tries]:
            looked += 1
            inside = len(sets[member] & sets[other])
            if inside and int(sizes[member]) - inside <= spare:
                share = inside / int(sizes[member])
                if share > best_share or (share == best_share and other < best):
                    best, best_share = other, share
        containers[member] = best
        shares[member] = best_share
    return looked
