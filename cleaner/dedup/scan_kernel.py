# mypy: ignore-errors
"""Words, shingles and numbers of many texts, hashed in one go: the definitions of `hashing`.

Texts are UTF-8 (lone surrogates as three bytes); a place is an index into ``data``. All arithmetic
is modulo 2**64, which the masks say to the interpreter; compiled, they cost nothing.
"""

from __future__ import annotations

import cython

from cleaner.core.kernels import takes_arrays

# The classes of characters, as in `words`.
WORD = cython.declare(cython.uchar, 1)
DIGIT = cython.declare(cython.uchar, 2)
SPACELESS = cython.declare(cython.uchar, 4)
SPACE = cython.declare(cython.uchar, 8)
MARK = cython.declare(cython.uchar, 16)
# The multipliers, as in `hashing`.
MASK = cython.declare(cython.ulonglong, 0xFFFFFFFFFFFFFFFF)
FIRST = cython.declare(cython.ulonglong, 0x9E3779B97F4A7C15)
SECOND = cython.declare(cython.ulonglong, 0xC2B2AE3D27D4EB4F)
STEP = cython.declare(cython.ulonglong, 0xD6E8FEB86659FD93)
LAST = cython.declare(cython.ulonglong, 0xFF51AFD7ED558CCD)
# Set in a folded code point: the rest is a row of `long_folds`.
LONG = cython.declare(cython.uint, 0x80000000)


@cython.final
@cython.cclass
class Piece:
    """The two hashes of a piece of text as its bytes come in, eight at a time."""

    chunk: cython.ulonglong
    filled: cython.int
    first: cython.ulonglong
    second: cython.ulonglong

    @cython.cfunc
    @cython.inline
    @cython.nogil
    @cython.exceptval(check=False)
    def begin(self) -> cython.void:
        self.chunk = self.first = self.second = 0
        self.filled = 0

    @cython.cfunc
    @cython.inline
    @cython.nogil
    @cython.exceptval(check=False)
    def take_chunk(self) -> cython.void:
        first: cython.ulonglong = (self.first ^ self.chunk) * FIRST & MASK
        second: cython.ulonglong = (self.second ^ self.chunk) * SECOND & MASK
        self.first = first ^ (first >> 32)
        self.second = second ^ (second >> 29)
        self.chunk = 0
        self.filled = 0

    @cython.cfunc
    @cython.inline
    @cython.nogil
    @cython.exceptval(check=False)
    def push_byte(self, byte: cython.ulonglong) -> cython.void:
        self.chunk |= byte << (8 * self.filled)
        self.filled += 1
        if self.filled == 8:
            self.take_chunk()

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def push(self, code: cython.uint) -> cython.void:
        """Take in the UTF-8 bytes of a code point."""
        if code < 0x80:
            self.push_byte(code)
        elif code < 0x800:
            self.push_byte(0xC0 | (code >> 6))
            self.push_byte(0x80 | (code & 63))
        elif code < 0x10000:
            self.push_byte(0xE0 | (code >> 12))
            self.push_byte(0x80 | ((code >> 6) & 63))
            self.push_byte(0x80 | (code & 63))
        else:
            self.push_byte(0xF0 | (code >> 18))
            self.push_byte(0x80 | ((code >> 12) & 63))
            self.push_byte(0x80 | ((code >> 6) & 63))
            self.push_byte(0x80 | (code & 63))

    @cython.cfunc
    @cython.inline
    @cython.nogil
    @cython.exceptval(check=False)
    def end(self) -> cython.void:
        if self.filled:
            self.take_chunk()


@cython.final
@cython.cclass
class Scanner:
    """Reads texts word by word; `at` is the place it has come to.

    `classes`, `folds` and `long_folds` are `words.Tables`, the last one flat.
    """

    data: cython.const[cython.uchar][::1]
    classes: cython.const[cython.uchar][::1]
    folds: cython.const[cython.uint][::1]
    long_folds: cython.const[cython.uint][::1]
    fold_end: cython.uint
    at: cython.Py_ssize_t
    piece: Piece
    numbers: cython.ulonglong
    characters: cython.Py_ssize_t
    spaceless: cython.Py_ssize_t
    filled: cython.Py_ssize_t

    def __init__(
        self,
        data: cython.const[cython.uchar][::1],
        classes: cython.const[cython.uchar][::1],
        folds: cython.const[cython.uint][::1],
        long_folds: cython.const[cython.uint][::1],
    ):
        self.data = data
        self.classes = classes
        self.folds = folds
        self.long_folds = long_folds
        self.fold_end = folds.shape[0]
        self.piece = Piece()

    @cython.cfunc
    @cython.inline
    @cython.nogil
    @cython.exceptval(check=False)
    def decode(self, end: cython.Py_ssize_t) -> cython.uint:
        """Return the code point at the place and go behind it, never behind `end`."""
        at: cython.Py_ssize_t = self.at
        lead: cython.uint = self.data[at]
        code: cython.uint
        if lead < 0x80:
            self.at = at + 1
            return lead
        if lead >= 0xF0 and at + 3 < end:
            self.at = at + 4
            code = (
                (lead & 7) << 18
                | (self.data[at + 1] & 63) << 12
                | (self.data[at + 2] & 63) << 6
                | (self.data[at + 3] & 63)
            )
            return code if code < 0x110000 else 0x10FFFF
        if lead >= 0xE0 and at + 2 < end:
            self.at = at + 3
            return (lead & 15) << 12 | (self.data[at + 1] & 63) << 6 | (self.data[at + 2] & 63)
        if at + 1 < end:
            self.at = at + 2
            return (lead & 31) << 6 | (self.data[at + 1] & 63)
        self.at = at + 1
        return 0xFFFD

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def push_folded(self, code: cython.uint) -> cython.int:
        """Take in the case-folded form of a code point; return how many characters that is."""
        folded: cython.uint
        part: cython.uint
        column: cython.int
        count: cython.int = 0
        if code < self.fold_end:
            folded = self.folds[code]
            if folded & LONG:
                for column in range(3):
                    part = self.long_folds[3 * (folded ^ LONG) + column]
                    if part:
                        self.piece.push(part)
                        count += 1
                return count
            code = folded
        self.piece.push(code)
        return 1

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
    def word(self, end: cython.Py_ssize_t) -> cython.void:
        """Hash the word at the place into `piece`; its numbers and characters are taken in."""
        code: cython.uint
        kind: cython.uchar
        byte: cython.uchar
        before: cython.Py_ssize_t
        value: cython.ulonglong = 0
        in_number: cython.bint = False
        marked: cython.bint = False
        self.piece.begin()
        while self.at < end:
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
                # Letters and digits of ASCII fold by this bit alone.
                self.piece.push_byte(byte | 0x20)
                self.characters += 1
                self.at += 1
                continue
            before = self.at
            code = self.decode(end)
            kind = self.classes[code]
            if not kind & WORD or (marked and not kind & MARK):
                self.at = before
                break
            marked = (kind & MARK) != 0
            if kind & DIGIT:
                value = value * SECOND + code & MASK
                in_number = True
            elif in_number:
                self.take_number(value)
                value = 0
                in_number = False
            self.characters += self.push_folded(code)
            if kind & SPACELESS:
                self.spaceless += 1
        if in_number:
            self.take_number(value)
        self.piece.end()

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def between(self, end: cython.Py_ssize_t, first: cython.bint) -> cython.bint:
        """Hash what stands before the next word into `piece`; return whether it counts.

        A run of white space counts as one space, and as nothing at the start (`first`) and end of
        the text.
        """
        code: cython.uint
        kind: cython.uchar
        before: cython.Py_ssize_t
        count: cython.Py_ssize_t = 0
        space: cython.bint = False
        self.piece.begin()
        while self.at < end:
            before = self.at
            code = self.decode(end)
            kind = self.classes[code]
            if kind & WORD:
                self.at = before
                break
            if kind & SPACE:
                space = True
                continue
            if space and (count or not first):
                self.piece.push_byte(32)
                count += 1
            space = False
            self.push_folded(code)
            count += 1
        if count == 0:
            return False
        if space and self.at < end:
            self.piece.push_byte(32)
        self.piece.end()
        return True

    @cython.cfunc
    @cython.inline
    @cython.nogil
    @cython.exceptval(check=False)
    def is_plain_space(self, end: cython.Py_ssize_t) -> cython.bint:
        """Whether one space stands at the place, and behind it a word that begins in ASCII."""
        at: cython.Py_ssize_t = self.at
        if self.data[at] != 32 or at + 1 >= end or self.data[at + 1] >= 0x80:
            return False
        return (self.classes[self.data[at + 1]] & WORD) != 0

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def single_shingles(
        self,
        end: cython.Py_ssize_t,
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
        while self.at < end:
            code = self.decode(end)
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
                self.piece.begin()
                self.piece.push(code)
                self.piece.end()
                slot = count % n
                total = total * STEP + self.piece.first & MASK
                if count >= n:
                    total = total - (ring[slot] * power & MASK) & MASK
                ring[slot] = self.piece.first
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
    end: cython.Py_ssize_t
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
            end = ends[units[index]]
            first_filled = scanner.filled
            scanner.at = start
            scanner.numbers = 0
            scanner.characters = scanner.spaceless = 0
            a = FIRST
            b = SECOND
            total = 0
            words = 0
            slot = 0
            while scanner.at < end:
                if words and scanner.is_plain_space(end):
                    scanner.at += 1
                else:
                    before = scanner.at
                    if scanner.between(end, words == 0) or (words and scanner.at == before):
                        a = (a ^ scanner.piece.first) * SECOND & MASK
                        a ^= a >> 32
                        b = (b + scanner.piece.second & MASK) * FIRST & MASK
                        b ^= b >> 29
                    if scanner.at >= end:
                        break
                scanner.word(end)
                a = (a ^ scanner.piece.first) * SECOND & MASK
                a ^= a >> 32
                b = (b + scanner.piece.second & MASK) * FIRST & MASK
                b ^= b >> 29
                total = total * STEP + scanner.piece.first & MASK
                if words >= n:
                    total = total - (ring[slot] * power & MASK) & MASK
                ring[slot] = scanner.piece.first
                slot = slot + 1 if slot + 1 < n else 0
                words += 1
                if words >= n:
                    scanner.add_shingle(total, shingles)
            if 0 < words < n:
                scanner.add_shingle(total, shingles)
            if 2 * scanner.spaceless > scanner.characters:
                scanner.at = start
                scanner.filled = first_filled
                words = scanner.single_shingles(end, n, power, ring, shingles) // 2
            texts[index, 0] = a
            texts[index, 1] = b
            counts[index] = words
            numbers[index] = scanner.numbers
            places[index + 1] = scanner.filled
