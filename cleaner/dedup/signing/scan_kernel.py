# mypy: ignore-errors
"""Words, shingles and numbers of many texts, hashed in one go: the definitions of `hashing`."""

from __future__ import annotations

import cython

from cleaner.core.kernels import takes_arrays
from cleaner.dedup.signing import hashing
from cleaner.dedup.text import words

if not cython.compiled:
    from cleaner.dedup.text.reader_kernel import LONG, Reader

WORD = cython.declare(cython.uint, words.WORD)
DIGIT = cython.declare(cython.uint, words.DIGIT)
SPACELESS = cython.declare(cython.uint, words.SPACELESS)
SPACE = cython.declare(cython.uint, words.SPACE)
MARK = cython.declare(cython.uint, words.MARK)
MASK = cython.declare(cython.ulonglong, hashing.MASK)
FIRST = cython.declare(cython.ulonglong, hashing.FIRST)
SECOND = cython.declare(cython.ulonglong, hashing.SECOND)
STEP = cython.declare(cython.ulonglong, hashing.STEP)
LAST = cython.declare(cython.ulonglong, hashing.LAST)


@cython.final
@cython.cclass
class Scanner(Reader):
    """Reads texts word by word, and gathers their numbers and shingles."""

    numbers: cython.ulonglong
    characters: cython.Py_ssize_t
    spaceless: cython.Py_ssize_t
    filled: cython.Py_ssize_t

    @cython.cfunc
    @cython.inline
    @cython.nogil
    @cython.exceptval(check=False)
    def take_number(self, value: cython.ulonglong) -> cython.void:
        mixed: cython.ulonglong = (self.numbers ^ value) * FIRST & MASK
        self.numbers = mixed ^ (mixed >> 32)

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def word(self) -> cython.void:
        """Hash the word at the place; its numbers and characters are taken in."""
        code: cython.uint
        kind: cython.uchar
        byte: cython.uchar
        before: cython.Py_ssize_t
        start: cython.Py_ssize_t = self.at
        chunk: cython.ulonglong = 0
        bits: cython.int = 0
        value: cython.ulonglong = 0
        in_number: cython.bint = False
        marked: cython.bint = False
        self.first = self.second = 0
        while self.at < self.end:
            byte = self.data[self.at]
            if byte < 0x80:
                kind = self.classes[byte]
                if not kind & WORD or marked:
                    break
                if kind & DIGIT:
                    value = value * SECOND + byte & MASK
                    in_number = True
                elif in_number:
                    self.take_number(value)
                    value = 0
                    in_number = False
                chunk |= cython.cast(cython.ulonglong, byte | 0x20) << bits
                bits += 8
                if bits == 64:
                    self.chunk = chunk
                    self.take_chunk()
                    chunk = 0
                    bits = 0
                self.at += 1
                continue
            before = self.at
            code = self.decode()
            kind = self.classes[code]
            if not kind & WORD or (marked and not kind & MARK):
                self.at = before
                break
            self.characters += before - start
            marked = (kind & MARK) != 0
            if kind & DIGIT:
                value = value * SECOND + code & MASK
                in_number = True
            elif in_number:
                self.take_number(value)
                value = 0
                in_number = False
            self.chunk = chunk
            self.bits = bits
            self.characters += self.push_folded(code)
            chunk = self.chunk
            bits = self.bits
            start = self.at
            if kind & SPACELESS:
                self.spaceless += 1
        self.characters += self.at - start
        if in_number:
            self.take_number(value)
        self.chunk = chunk
        self.bits = bits
        self.end_piece()

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def between(self, is_first: cython.bint) -> cython.bint:
        """Hash what stands before the next word; return whether it counts.

        A run of white space counts as one space, and as nothing at the start (`is_first`) and end
        of the text.
        """
        code: cython.uint
        kind: cython.uchar
        before: cython.Py_ssize_t
        count: cython.Py_ssize_t = 0
        space: cython.bint = False
        self.first = self.second = 0
        while self.at < self.end:
            before = self.at
            code = self.data[self.at]
            if code < 0x80:
                self.at += 1
            else:
                code = self.decode()
            kind = self.classes[code]
            if kind & WORD:
                self.at = before
                break
            if kind & SPACE:
                space = True
                continue
            if space and (count or not is_first):
                self.push_byte(32)
                count += 1
            space = False
            self.push_folded(code)
            count += 1
        if count == 0:
            return False
        if space and self.at < self.end:
            self.push_byte(32)
        self.end_piece()
        return True

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def single_shingles(
        self,
        n: cython.int,
        power: cython.ulonglong,
        ring: cython.ulonglong[::1],
        shingles: cython.uint[::1],
    ) -> cython.Py_ssize_t:
        """Write the shingles of single characters; return how many characters there are."""
        code: cython.uint
        folded: cython.uint
        row: cython.uint
        parts: cython.int
        part: cython.int
        slot: cython.int
        total: cython.ulonglong = 0
        count: cython.Py_ssize_t = 0
        while self.at < self.end:
            code = self.decode()
            if not self.classes[code] & WORD:
                continue
            parts = 1
            row = 0
            folded = self.folds[code] if code < self.fold_end else code
            if folded & LONG:
                row = 3 * (folded ^ LONG)
                parts = 3 if self.long_folds[row + 2] else 2
            for part in range(parts):
                if folded & LONG:
                    code = self.long_folds[row + part]
                else:
                    code = folded
                self.first = self.second = 0
                self.push(code)
                self.end_piece()
                slot = count % n
                total = total * STEP + self.first & MASK
                if count >= n:
                    total = total - (ring[slot] * power & MASK) & MASK
                ring[slot] = self.first
                count += 1
                if count >= n:
                    self.add_shingle(total, shingles)
        if 0 < count < n:
            self.add_shingle(total, shingles)
        return count

    @cython.cfunc
    @cython.inline
    @cython.nogil
    @cython.exceptval(check=False)
    def add_shingle(self, total: cython.ulonglong, shingles: cython.uint[::1]) -> cython.void:
        total ^= total >> 32
        shingles[self.filled] = (total * LAST & MASK) >> 32
        self.filled += 1


@takes_arrays
def scan(
    data: cython.const[cython.uchar][::1],
    starts: cython.const[cython.longlong][::1],
    ends: cython.const[cython.longlong][::1],
    units: cython.const[cython.longlong][::1],
    n: cython.int,
    classes: cython.const[cython.uchar][::1],
    folds: cython.const[cython.uint][::1],
    long_folds: cython.const[cython.uint][::1],
    ring: cython.ulonglong[::1],
    texts: cython.ulonglong[:, ::1],
    counts: cython.uint[::1],
    numbers: cython.ulonglong[::1],
    shingles: cython.uint[::1],
    places: cython.longlong[::1],
) -> None:
    """Hash the texts of `units`; see `scanning.Signed` for what is written.

    Shapes: data (bytes,), starts and ends (n,), units (m,), ring (n,), texts (m, 2), counts (m,),
    numbers (m,), shingles (large enough,), places (m + 1,).
    """
    scanner: Scanner = Scanner(data, classes, folds, long_folds)
    index: cython.Py_ssize_t
    start: cython.Py_ssize_t
    before: cython.Py_ssize_t
    words: cython.Py_ssize_t
    first_filled: cython.Py_ssize_t
    slot: cython.int
    a: cython.ulonglong
    b: cython.ulonglong
    total: cython.ulonglong
    power: cython.ulonglong = 1
    with cython.nogil:
        for slot in range(n):
            power = power * STEP & MASK
        scanner.filled = 0
        places[0] = 0
        for index in range(units.shape[0]):
            start = starts[units[index]]
            first_filled = scanner.filled
            scanner.at = start
            scanner.end = ends[units[index]]
            scanner.numbers = 0
            scanner.characters = scanner.spaceless = 0
            a = FIRST
            b = SECOND
            total = 0
            words = 0
            slot = 0
            while scanner.at < scanner.end:
                if words and scanner.is_plain_space():
                    scanner.at += 1
                else:
                    before = scanner.at
                    if scanner.between(words == 0) or (words and scanner.at == before):
                        a = (a ^ scanner.first) * SECOND & MASK
                        a ^= a >> 32
                        b = (b + scanner.second & MASK) * FIRST & MASK
                        b ^= b >> 29
                    if scanner.at >= scanner.end:
                        break
                scanner.word()
                a = (a ^ scanner.first) * SECOND & MASK
                a ^= a >> 32
                b = (b + scanner.second & MASK) * FIRST & MASK
                b ^= b >> 29
                total = total * STEP + scanner.first & MASK
                if words >= n:
                    total = total - (ring[slot] * power & MASK) & MASK
                ring[slot] = scanner.first
                slot = slot + 1 if slot + 1 < n else 0
                words += 1
                if words >= n:
                    scanner.add_shingle(total, shingles)
            if 0 < words < n:
                scanner.add_shingle(total, shingles)
            if 2 * scanner.spaceless > scanner.characters:
                scanner.at = start
                scanner.filled = first_filled
                words = scanner.single_shingles(n, power, ring, shingles) // 2
            texts[index, 0] = a
            texts[index, 1] = b
            counts[index] = words
            numbers[index] = scanner.numbers
            places[index + 1] = scanner.filled
