# mypy: ignore-errors
"""Essence, places of capitals and flaws of many texts, as `essence` defines them."""

from __future__ import annotations

import cython

from cleaner.core.kernels import takes_arrays
from cleaner.dedup.signing import hashing
from cleaner.dedup.text import essence, marks, words

if not cython.compiled:
    from cleaner.dedup.text.reader_kernel import LONG, Reader

WORD = cython.declare(cython.uint, words.WORD)
DIGIT = cython.declare(cython.uint, words.DIGIT)
SPACELESS = cython.declare(cython.uint, words.SPACELESS)
SPACE = cython.declare(cython.uint, words.SPACE)
KIND_SHIFT = cython.declare(cython.uint, words.KIND_SHIFT)

SKIPPED = cython.declare(cython.uint, marks.SKIPPED)
PERIOD = cython.declare(cython.uint, marks.PERIOD)
COLON = cython.declare(cython.uint, marks.COLON)
SINGLE = cython.declare(cython.uint, marks.SINGLE)
HYPHEN = cython.declare(cython.uint, marks.HYPHEN)
DOTS = cython.declare(cython.uint, marks.DOTS)

MASK = cython.declare(cython.ulonglong, hashing.MASK)
FIRST = cython.declare(cython.ulonglong, hashing.FIRST)
LOW = cython.declare(cython.ulonglong, 0xFFFF)

MOST_DAMAGE = cython.declare(cython.Py_ssize_t, essence.MOST_DAMAGE)
MOST_WORDS = cython.declare(cython.Py_ssize_t, essence.MOST_WORDS)
MOST_MARKS = cython.declare(cython.Py_ssize_t, essence.MOST_MARKS)
WORDS_SHIFT = cython.declare(cython.int, essence.WORDS_SHIFT)
DAMAGE_SHIFT = cython.declare(cython.int, essence.DAMAGE_SHIFT)


@cython.final
@cython.cclass
class EssenceReader(Reader):
    """Reads one text after the other, runs of word characters and what stands between them.

    What matters is taken into one piece, whose first hash is the essence.
    """

    written: cython.const[cython.uchar][::1]
    ignore_digits: cython.bint
    start: cython.Py_ssize_t
    # Folded letters and digits so far, capitals among them and the hash of their places.
    place: cython.Py_ssize_t
    capitals: cython.Py_ssize_t
    places_hash: cython.ulonglong
    damage: cython.Py_ssize_t
    marks: cython.Py_ssize_t
    # Of the run of word characters read last: its last code point and how many there are.
    last_code: cython.uint
    run_length: cython.Py_ssize_t

    def settle(self, written: cython.const[cython.uchar][::1], ignore_digits: cython.bint) -> None:
        """Say what marks are written as, and whether digits matter."""
        self.written = written
        self.ignore_digits = ignore_digits

    @cython.cfunc
    @cython.inline
    @cython.nogil
    @cython.exceptval(check=False)
    def begin(self, start: cython.Py_ssize_t, end: cython.Py_ssize_t) -> cython.void:
        self.start = self.at = start
        self.end = end
        self.first = self.second = self.places_hash = 0
        self.place = self.capitals = self.damage = self.marks = 0
        self.last_code = 0
        self.run_length = 0

    @cython.cfunc
    @cython.inline
    @cython.nogil
    @cython.exceptval(check=False)
    def add_capital(self) -> cython.void:
        mixed: cython.ulonglong = cython.cast(cython.ulonglong, self.place + 1) * FIRST & MASK
        self.places_hash = self.places_hash + (mixed ^ (mixed >> 32)) & MASK
        self.capitals += 1

    @cython.cfunc
    @cython.inline
    @cython.nogil
    @cython.exceptval(check=False)
    def looks_wrong(self, code: cython.uint) -> cython.bint:
        """Whether a character and the one before look like one that was decoded wrongly."""
        if not (0x80 <= code <= 0xBF or code == 0x20AC):
            return False
        return self.last_code in (0xC2, 0xC3, 0xD0, 0xD1, 0xE2)

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def word(self) -> cython.void:
        """Take a run of word characters."""
        code: cython.uint
        folded: cython.uint
        kind: cython.uint
        before: cython.Py_ssize_t
        width: cython.Py_ssize_t
        chunk: cython.ulonglong = self.chunk
        bits: cython.int = self.bits
        self.last_code = 0
        self.run_length = 0
        while self.at < self.end:
            code = self.data[self.at]
            if code < 0x80:
                kind = self.classes[code]
                if not kind & WORD:
                    break
                if 65 <= code <= 90 and self.place:
                    self.add_capital()
                self.place += 1
                self.at += 1
                if not (self.ignore_digits and kind & DIGIT):
                    chunk |= cython.cast(cython.ulonglong, code | 0x20) << bits
                    bits += 8
                    if bits == 64:
                        self.chunk = chunk
                        self.take_chunk()
                        chunk = 0
                        bits = 0
            else:
                before = self.at
                code = self.decode()
                kind = self.classes[code]
                if not kind & WORD:
                    self.at = before
                    break
                self.damage += self.looks_wrong(code)
                width = 1
                if code < self.fold_end:
                    folded = self.folds[code]
                    if folded & LONG:
                        width = 3 if self.long_folds[3 * (folded ^ LONG) + 2] else 2
                    elif self.place and folded != code:
                        self.add_capital()
                self.place += width
                if not (self.ignore_digits and kind & DIGIT):
                    self.chunk = chunk
                    self.bits = bits
                    self.push_folded(code)
                    chunk = self.chunk
                    bits = self.bits
            self.last_code = code
            self.run_length += 1
        self.chunk = chunk
        self.bits = bits

    @cython.cfunc
    @cython.inline
    @cython.nogil
    @cython.exceptval(check=False)
    def binds(self, code: cython.uint, is_single: cython.bint) -> cython.bint:
        """Whether marks beside a word that ends or begins with `code` may carry meaning."""
        kind: cython.uint = self.classes[code]
        if kind & DIGIT:
            return not self.ignore_digits
        return is_single and not kind & SPACELESS

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def between(self) -> cython.void:
        """Take what stands before the next run of word characters."""
        start: cython.Py_ssize_t = self.at
        stop: cython.Py_ssize_t
        before: cython.Py_ssize_t
        first_space: cython.Py_ssize_t = -1
        last_space: cython.Py_ssize_t = start - 1
        unseen: cython.Py_ssize_t = 0
        seen: cython.Py_ssize_t = 0
        code: cython.uint = 0
        kind: cython.uint
        mark: cython.uint
        first_kind: cython.uint = 0
        has_left: cython.bint = start > self.start
        has_right: cython.bint
        binds_left: cython.bint = False
        binds_right: cython.bint = False
        is_left: cython.bint
        is_right: cython.bint
        matters: cython.bint
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
            if before == start:
                first_kind = 0 if kind & SPACE else kind >> KIND_SHIFT
                if has_left:
                    self.damage += self.looks_wrong(code)
            if kind & SPACE:
                if first_space < 0:
                    first_space = before
                last_space = before
            elif kind >> KIND_SHIFT == SKIPPED:
                unseen += 1
                self.damage += 1
            else:
                seen += 1
                self.damage += code == 0xFFFD
        stop = self.at
        if unseen + seen == 0:
            return
        if first_space < 0:
            first_space = stop
        has_right = stop < self.end
        self.marks += seen
        if has_left and has_right and first_kind == HYPHEN and unseen + seen == 1:
            self.damage += last_space > start
        if has_left:
            binds_left = self.binds(self.last_code, self.run_length == 1)
        if has_right:
            code = self.data[self.at]
            if code < 0x80:
                self.at += 1
            else:
                code = self.decode()
            before = self.at
            is_left = before >= self.end or not self.classes[self.decode()] & WORD
            binds_right = self.binds(code, is_left)
        self.at = start
        while self.at < stop:
            before = self.at
            code = self.data[self.at]
            if code < 0x80:
                self.at += 1
            else:
                code = self.decode()
            kind = self.classes[code]
            mark = kind >> KIND_SHIFT
            if kind & SPACE or mark == SKIPPED:
                continue
            is_left = has_left and before < first_space
            is_right = has_right and before > last_space
            if mark == 0:
                # "*", "#", ">" and "|" as the first of a text, with white space behind.
                if has_left or is_right or code not in (42, 35, 62, 124):
                    self.push_folded(code)
                continue
            if is_left and is_right:
                matters = binds_left or binds_right or mark == HYPHEN
                matters = matters or (mark == SINGLE and seen == 1)
            elif is_left:
                matters = binds_left and not (PERIOD <= mark <= COLON or mark == DOTS)
            elif is_right:
                matters = binds_right
            else:
                matters = binds_left or binds_right
            if matters:
                self.push_byte(self.written[mark - 1])

    @cython.cfunc
    @cython.inline
    @cython.nogil
    @cython.exceptval(check=False)
    def flaws(self, runs: cython.Py_ssize_t) -> cython.uint:
        damage: cython.Py_ssize_t = self.damage
        if 2 * self.capitals > self.place:
            damage += 1
        return (
            min(damage, MOST_DAMAGE) << DAMAGE_SHIFT
            | (MOST_WORDS - min(runs, MOST_WORDS)) << WORDS_SHIFT
            | (MOST_MARKS - min(self.marks, MOST_MARKS))
        )


@takes_arrays
def find_essences(
    data: cython.const[cython.uchar][::1],
    starts: cython.const[cython.longlong][::1],
    ends: cython.const[cython.longlong][::1],
    units: cython.const[cython.longlong][::1],
    classes: cython.const[cython.uchar][::1],
    folds: cython.const[cython.uint][::1],
    long_folds: cython.const[cython.uint][::1],
    written: cython.const[cython.uchar][::1],
    ignore_digits: cython.bint,
    essences: cython.ulonglong[::1],
    cases: cython.ulonglong[::1],
    flaws: cython.uint[::1],
) -> None:
    """Write essence, cases and flaws of the texts of `units`, each of shape (m,).

    `written` are the bytes of `marks.WRITTEN`; the other arguments are those of `scan_kernel.scan`.
    """
    reader: EssenceReader = EssenceReader(data, classes, folds, long_folds)
    index: cython.Py_ssize_t
    before: cython.Py_ssize_t
    runs: cython.Py_ssize_t
    reader.settle(written, ignore_digits)
    with cython.nogil:
        for index in range(units.shape[0]):
            reader.begin(starts[units[index]], ends[units[index]])
            runs = 0
            while reader.at < reader.end:
                before = reader.at
                reader.word()
                if reader.at > before:
                    runs += 1
                if reader.at > reader.start and reader.is_plain_space():
                    reader.at += 1
                elif reader.at < reader.end:
                    reader.between()
            reader.end_piece()
            essences[index] = reader.first
            cases[index] = (reader.places_hash & ~LOW & MASK) | min(
                cython.cast(cython.ulonglong, reader.capitals), LOW
            )
            flaws[index] = reader.flaws(runs)
