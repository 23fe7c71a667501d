# mypy: ignore-errors
"""Texts read code point by code point, and pieces of them hashed as in `hashing`.

Texts are UTF-8 (lone surrogates as three bytes); a place is an index into ``data``. All arithmetic
is modulo 2**64, which the masks say to the interpreter.
"""

from __future__ import annotations

import cython

from cleaner.dedup.signing import hashing
from cleaner.dedup.text import words

if not cython.compiled:
    from cleaner.core.utf8_kernel import encoded

WORD = cython.declare(cython.uint, words.WORD)
FIRST = cython.declare(cython.ulonglong, hashing.FIRST)
SECOND = cython.declare(cython.ulonglong, hashing.SECOND)
MASK = cython.declare(cython.ulonglong, hashing.MASK)
# Set in a folded code point: the rest is a row of `long_folds`.
LONG = 0x80000000


class Reader:
    """Reads a text from the place `at` up to `end`; hashes a piece as its bytes come in.

    A piece begins with `first` and `second` set to 0, and ends with `end_piece`. Letters and digits
    of ASCII fold by one bit alone; those who read them put them into `chunk` by themselves.

    `classes`, `folds` and `long_folds` are `words.Tables`, the last one flat.
    """

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
        self.chunk = 0
        self.bits = 0

    def take_chunk(self):
        """Take the bytes that are at hand into the hashes."""
        first: cython.ulonglong = (self.first ^ self.chunk) * FIRST & MASK
        second: cython.ulonglong = (self.second ^ self.chunk) * SECOND & MASK
        self.first = first ^ (first >> 32)
        self.second = second ^ (second >> 29)
        self.chunk = 0
        self.bits = 0

    def end_piece(self):
        if self.bits:
            self.take_chunk()

    def push_byte(self, byte):
        self.chunk |= byte << self.bits
        self.bits += 8
        if self.bits == 64:
            self.take_chunk()

    def push(self, code):
        """Take in the UTF-8 bytes of a code point."""
        packed: cython.uint = encoded(code)
        self.push_byte(packed & 0xFF)
        while packed > 0xFF:
            packed >>= 8
            self.push_byte(packed & 0xFF)

    def push_folded(self, code):
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
                        self.push(part)
                        count += 1
                return count
            code = folded
        self.push(code)
        return 1

    def decode(self):
        """Return the code point at the place and go behind it, never behind the end."""
        at: cython.Py_ssize_t = self.at
        lead: cython.uint = self.data[at]
        code: cython.uint
        if lead < 0x80:
            self.at = at + 1
            return lead
        if lead >= 0xF0 and at + 3 < self.end:
            self.at = at + 4
            code = (
                (lead & 7) << 18
                | (self.data[at + 1] & 63) << 12
                | (self.data[at + 2] & 63) << 6
                | (self.data[at + 3] & 63)
            )
            return code if code < 0x110000 else 0x10FFFF
        if lead >= 0xE0 and at + 2 < self.end:
            self.at = at + 3
            return (lead & 15) << 12 | (self.data[at + 1] & 63) << 6 | (self.data[at + 2] & 63)
        if at + 1 < self.end:
            self.at = at + 2
            return (lead & 31) << 6 | (self.data[at + 1] & 63)
        self.at = at + 1
        return 0xFFFD

    def is_plain_space(self):
        """Whether one space stands at the place, and behind it a word that begins in ASCII."""
        after: cython.Py_ssize_t = self.at + 1
        if after >= self.end or self.data[self.at] != 32 or self.data[after] >= 0x80:
            return False
        return (self.classes[self.data[after]] & WORD) != 0
