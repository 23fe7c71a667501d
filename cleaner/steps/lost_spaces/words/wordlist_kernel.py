# mypy: ignore-errors
"""The words of a language, hashed from wordfreq's file: a table to look parts of tokens up in.

A word is hashed as the sum of its code points, each times a power of `hashing.BASE`, so that the
hash of any part of a word follows from running sums. What is mixed of that is its key. The lower
bits of a key name a bucket, one of a power of two; ``entries[starts[b]:starts[b + 1]]`` are those
of bucket ``b``: each is the higher bits of a key and, in place of the lower ones, which the bucket
tells, the place of the word's value among the `values`. So a word takes some nine bytes, where a
table with free places takes thirty, and the words of forty languages stand beside each other.

The file is msgpack (https://github.com/msgpack/msgpack/blob/master/spec.md): a list of a header
and, by centibel, lists of words.
"""

from __future__ import annotations

import cython

from cleaner.core.kernels import takes_arrays
from cleaner.steps.lost_spaces.words.hashing import BASE, MASK

if not cython.compiled:
    from cleaner.steps.lost_spaces.reader.words.words_kernel import key_of


def has(known, value):
    """Whether `known` holds a hash; 0 is no hash of a word."""
    mask: cython.ulonglong = known.shape[0] - 1
    slot: cython.ulonglong = (value >> 20) & mask
    while known[slot] != 0 and known[slot] != value:
        slot = (slot + 1) & mask
    return known[slot] != 0


class WordList:
    """The lists of a file, read word by word.

    Words of list ``i`` have the share ``logps[i]``; those of ``n`` letters pay the `penalty` where
    it is below ``least[n]``.
    """

    def __init__(
        self,
        data: cython.const[cython.uchar][::1],
        logps: cython.const[cython.double][::1],
        least: cython.const[cython.double][::1],
        penalty: cython.double,
    ):
        self.data = data
        self.logps = logps
        self.least = least
        self.penalty = penalty
        self.end = data.shape[0]
        if not cython.compiled:
            self.code = [0] * 256
            self.right = [0] * 257

    def length(self):
        """Return the number of items of the list that starts here, and step into it; or -1."""
        lead: cython.int
        at: cython.Py_ssize_t = self.at
        if at >= self.end:
            return -1
        lead = self.data[at]
        if 0x90 <= lead <= 0x9F:
            self.at = at + 1
            return lead & 0x0F
        if lead == 0xDC and at + 2 < self.end:
            self.at = at + 3
            return self.data[at + 1] << 8 | self.data[at + 2]
        if lead == 0xDD and at + 4 < self.end:
            self.at = at + 5
            return (
                cython.cast(cython.Py_ssize_t, self.data[at + 1]) << 24
                | cython.cast(cython.Py_ssize_t, self.data[at + 2]) << 16
                | cython.cast(cython.Py_ssize_t, self.data[at + 3]) << 8
                | self.data[at + 4]
            )
        return -1

    def word(self):
        """Read a word of at most 255 bytes into `code`; return its length, or -1."""
        lead: cython.int
        stop: cython.Py_ssize_t
        size: cython.Py_ssize_t = 0
        at: cython.Py_ssize_t = self.at
        if at >= self.end:
            return -1
        lead = self.data[at]
        if 0xA0 <= lead <= 0xBF:
            at += 1
            stop = at + (lead & 0x1F)
        elif lead == 0xD9 and at + 1 < self.end:
            at += 2
            stop = at + self.data[at - 1]
        else:
            return -1
        if stop > self.end:
            return -1
        while at < stop:
            lead = self.data[at]
            if lead < 0x80:
                self.code[size] = lead
                at += 1
            elif lead >= 0xF0 and at + 3 < stop:
                self.code[size] = (
                    (lead & 7) << 18
                    | (self.data[at + 1] & 63) << 12
                    | (self.data[at + 2] & 63) << 6
                    | (self.data[at + 3] & 63)
                )
                at += 4
            elif lead >= 0xE0 and at + 2 < stop:
                self.code[size] = (
                    (lead & 15) << 12 | (self.data[at + 1] & 63) << 6 | (self.data[at + 2] & 63)
                )
                at += 3
            elif at + 1 < stop:
                self.code[size] = (lead & 31) << 6 | (self.data[at + 1] & 63)
                at += 2
            else:
                return -1
            size += 1
        self.at = stop
        return size

    def hash_of_word(self, size):
        """Return the hash of the word in `code`."""
        place: cython.Py_ssize_t
        value: cython.ulonglong = 0
        for place in range(size - 1, -1, -1):
            value = value * BASE + self.code[place] & MASK
        return value

    def begin(self):
        """Go to the first list of words; return how many there are, or -1."""
        pair: cython.int
        count: cython.Py_ssize_t
        self.at = 0
        count = self.length()
        # The header is a map of a few short strings and numbers.
        if count < 1 or self.at >= self.end or self.data[self.at] & 0xF0 != 0x80:
            return -1
        pair = self.data[self.at] & 0x0F
        self.at += 1
        while pair > 0:
            if self.word() < 0 or self.at >= self.end:
                return -1
            if self.data[self.at] < 0x80:
                self.at += 1
            elif self.word() < 0:
                return -1
            pair -= 1
        return count - 1

    def count(self) -> int:
        """Return the number of words, or -1 where the file is none of wordfreq's."""
        total: cython.Py_ssize_t = 0
        items: cython.Py_ssize_t
        lists: cython.Py_ssize_t
        with cython.nogil:
            lists = self.begin()
            while lists > 0:
                items = self.length()
                while items > 0 and self.word() >= 0:
                    total += 1
                    items -= 1
                if items != 0:
                    lists = -1
                    break
                lists -= 1
        return total if lists == 0 else -1

    def pays(self, index, size):
        """Whether a word of list `index` pays the penalty."""
        return size < self.least.shape[0] and self.logps[index] < self.least[size]

    def share_of(self, index, size):
        """Return the log10 share of a word of list `index`."""
        if self.pays(index, size):
            return self.logps[index] + self.penalty
        return self.logps[index]

    @takes_arrays
    def write_keys(self, keys: cython.ulonglong[::1], places: cython.ushort[::1]) -> None:
        """Write the keys of all words, and the places of their values.

        Those are the shares of the lists, and behind them the same with the penalty.
        """
        index: cython.Py_ssize_t
        items: cython.Py_ssize_t
        size: cython.Py_ssize_t
        at: cython.Py_ssize_t = 0
        with cython.nogil:
            self.begin()
            for index in range(self.logps.shape[0]):
                items = self.length()
                while items > 0:
                    items -= 1
                    size = self.word()
                    keys[at] = key_of(self.hash_of_word(size), 0)
                    places[at] = index
                    if self.pays(index, size):
                        places[at] = self.logps.shape[0] + index
                    at += 1

    @takes_arrays
    def enter_partners(
        self, least: cython.double, length: cython.Py_ssize_t, known: cython.ulonglong[::1]
    ) -> cython.Py_ssize_t:
        """Enter the hashes of words likelier than `least`; return how many, or -1 for no room."""
        index: cython.Py_ssize_t
        items: cython.Py_ssize_t
        size: cython.Py_ssize_t
        slot: cython.Py_ssize_t
        value: cython.ulonglong
        mask: cython.Py_ssize_t = known.shape[0] - 1
        count: cython.Py_ssize_t = 0
        room: cython.bint = True
        with cython.nogil:
            self.begin()
            for index in range(self.logps.shape[0]):
                items = self.length()
                while items > 0 and room:
                    items -= 1
                    size = self.word()
                    if size < length or self.share_of(index, size) <= least:
                        continue
                    if 2 * count > mask:
                        room = False
                        break
                    value = self.hash_of_word(size)
                    slot = (value >> 20) & mask
                    while known[slot] != 0 and known[slot] != value:
                        slot = (slot + 1) & mask
                    known[slot] = value
                    count += 1
        return count if room else -1

    @takes_arrays
    def part_compounds(
        self,
        least: cython.double,
        length: cython.Py_ssize_t,
        known: cython.const[cython.ulonglong][::1],
        beginnings: cython.ulonglong[::1],
        endings: cython.ulonglong[::1],
    ) -> bool:
        """Part the words likelier than `least` wherever one part is `known`; False for no room.

        The hash of the left part goes to `beginnings` where the right one is known, that of the
        right one to `endings` where the left one is; `begun` and `ended` say how many there are.
        """
        index: cython.Py_ssize_t
        items: cython.Py_ssize_t
        size: cython.Py_ssize_t
        place: cython.Py_ssize_t
        left: cython.ulonglong
        power: cython.ulonglong
        room: cython.bint = True
        self.begun = self.ended = 0
        with cython.nogil:
            self.begin()
            for index in range(self.logps.shape[0]):
                items = self.length()
                while items > 0 and room:
                    items -= 1
                    size = self.word()
                    if size < length or self.share_of(index, size) <= least:
                        continue
                    if (
                        self.begun + size > beginnings.shape[0]
                        or self.ended + size > endings.shape[0]
                    ):
                        room = False
                        break
                    self.right[size] = 0
                    for place in range(size - 1, 0, -1):
                        self.right[place] = self.right[place + 1] * BASE + self.code[place] & MASK
                    left = 0
                    power = 1
                    for place in range(1, size):
                        left = left + power * self.code[place - 1] & MASK
                        power = power * BASE & MASK
                        if has(known, self.right[place]):
                            beginnings[self.begun] = left
                            self.begun += 1
                        if has(known, left):
                            endings[self.ended] = self.right[place]
                            self.ended += 1
        return room


@takes_arrays
def word_list(
    data: cython.const[cython.uchar][::1],
    logps: cython.const[cython.double][::1],
    least: cython.const[cython.double][::1],
    penalty: cython.double,
) -> WordList:
    """Return the lists of a file."""
    return WordList(data, logps, least, penalty)


@takes_arrays
def keys_of_words(
    codes: cython.const[cython.uint][::1],
    ends: cython.const[cython.longlong][::1],
    kind: cython.ulonglong,
    keys: cython.ulonglong[::1],
) -> None:
    """Write the keys of words of a kind; the first one is ``codes[:ends[0]]``."""
    word: cython.Py_ssize_t
    place: cython.Py_ssize_t
    start: cython.Py_ssize_t = 0
    value: cython.ulonglong
    with cython.nogil:
        for word in range(ends.shape[0]):
            value = 0
            for place in range(ends[word] - 1, start - 1, -1):
                value = value * BASE + codes[place] & MASK
            start = ends[word]
            keys[word] = key_of(value, kind)


@takes_arrays
def keys_of_hashes(
    hashes: cython.const[cython.ulonglong][::1],
    kind: cython.ulonglong,
    keys: cython.ulonglong[::1],
) -> None:
    """Write the keys of words of a kind, which are given by their hashes."""
    index: cython.Py_ssize_t
    with cython.nogil:
        for index in range(hashes.shape[0]):
            keys[index] = key_of(hashes[index], kind)


@takes_arrays
def arrange(
    keys: cython.const[cython.ulonglong][::1],
    places: cython.const[cython.ushort][::1],
    starts: cython.uint[::1],
    ends: cython.uint[::1],
    entries: cython.ulonglong[::1],
) -> cython.Py_ssize_t:
    """Arrange keys by their buckets; return how many entries there are.

    Of a key that comes again, the last place counts. `starts` is zero before, and has one item
    more than there are buckets; `ends` has as many as there are buckets, and means nothing after.
    """
    index: cython.Py_ssize_t
    at: cython.Py_ssize_t
    bucket: cython.Py_ssize_t
    count: cython.Py_ssize_t = 0
    buckets: cython.Py_ssize_t = ends.shape[0]
    mask: cython.ulonglong = buckets - 1
    low: cython.ulonglong = 2 * mask + 1
    key: cython.ulonglong
    first: cython.uint
    with cython.nogil:
        for index in range(keys.shape[0]):
            starts[((keys[index] >> 1) & mask) + 1] += 1
        for bucket in range(buckets):
            starts[bucket + 1] += starts[bucket]
            ends[bucket] = starts[bucket]
        for index in range(keys.shape[0]):
            key = keys[index]
            bucket = (key >> 1) & mask
            at = starts[bucket]
            while at < ends[bucket] and (entries[at] ^ key) > low:
                at += 1
            entries[at] = key & (MASK ^ low) | places[index]
            if at == ends[bucket]:
                ends[bucket] += 1
        for bucket in range(buckets):
            first = starts[bucket]
            starts[bucket] = count
            for at in range(first, ends[bucket]):
                entries[count] = entries[at]
                count += 1
        starts[buckets] = count
    return count
