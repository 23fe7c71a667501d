# mypy: ignore-errors
"""The scanner behind `jsonl_scan`: RFC 8259 over bytes, one line at a time.

It says of a line either where its text stands, or that it is in doubt; then the `json` module
decides. So nothing here needs to tell what is wrong, or to know every valid form.
"""

from __future__ import annotations

import cython

from cleaner.core.kernels import takes_arrays

if not cython.compiled:
    from cleaner.core.utf8_kernel import encoded

DEPTH = cython.declare(cython.int, 60)
DIGITS = cython.declare(cython.Py_ssize_t, 300)
TRUE = cython.declare(cython.ulonglong, 0x74727565)
FALSE = cython.declare(cython.ulonglong, 0x66616C7365)
NULL = cython.declare(cython.ulonglong, 0x6E756C6C)


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def hex_value(byte: cython.int) -> cython.int:
    """Return the value of a hexadecimal digit, -1 where the byte is none."""
    if 48 <= byte <= 57:
        return byte - 48
    byte |= 32
    return byte - 87 if 97 <= byte <= 102 else -1


@cython.final
@cython.cclass
class LineScanner:
    """Reads a line from the place `at` on, up to `end`; methods return False where in doubt."""

    data: cython.const[cython.uchar][::1]
    key: cython.const[cython.uchar][::1]
    at: cython.Py_ssize_t
    end: cython.Py_ssize_t
    escaped: cython.bint
    text_start: cython.Py_ssize_t
    text_end: cython.Py_ssize_t
    text_escaped: cython.bint

    def __init__(self, data: cython.const[cython.uchar][::1], key: cython.const[cython.uchar][::1]):
        self.data = data
        self.key = key

    @cython.cfunc
    @cython.inline
    @cython.nogil
    @cython.exceptval(check=False)
    def skip_space(self) -> cython.int:
        """Go to the next byte that is no white space and return it, -1 at the end."""
        while self.at < self.end:
            if self.data[self.at] not in (32, 9, 13):
                return self.data[self.at]
            self.at += 1
        return -1

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def skip_digits(self) -> cython.bint:
        start: cython.Py_ssize_t = self.at
        while self.at < self.end and 48 <= self.data[self.at] <= 57:
            self.at += 1
        return self.at > start

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def number(self) -> cython.bint:
        start: cython.Py_ssize_t = self.at
        first: cython.Py_ssize_t
        if self.data[self.at] == 45:
            self.at += 1
        first = self.at
        if not self.skip_digits() or (self.data[first] == 48 and self.at > first + 1):
            return False
        if self.at < self.end and self.data[self.at] == 46:
            self.at += 1
            if not self.skip_digits():
                return False
        if self.at < self.end and self.data[self.at] in (69, 101):
            self.at += 1
            if self.at < self.end and self.data[self.at] in (43, 45):
                self.at += 1
            if not self.skip_digits():
                return False
        return self.at - start <= DIGITS

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def literal(self) -> cython.bint:
        """Go behind true, false, null or a number."""
        first: cython.int = self.data[self.at]
        size: cython.Py_ssize_t = 5 if first == 102 else 4
        place: cython.Py_ssize_t
        word: cython.ulonglong = 0
        if first == 45 or 48 <= first <= 57:
            return self.number()
        if self.at + size > self.end:
            return False
        for place in range(self.at, self.at + size):
            word = word << 8 | self.data[place]
        self.at += size
        return word in (TRUE, FALSE, NULL)

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def character(self) -> cython.bint:
        """Go behind a UTF-8 character that is not ASCII."""
        lead: cython.int = self.data[self.at]
        second: cython.int
        size: cython.Py_ssize_t
        place: cython.Py_ssize_t
        if lead < 0xC2 or lead > 0xF4:
            return False
        size = 2 + (lead >= 0xE0) + (lead >= 0xF0)
        if self.at + size > self.end:
            return False
        second = self.data[self.at + 1]
        if (
            (lead == 0xE0 and second < 0xA0)
            or (lead == 0xED and second > 0x9F)
            or (lead == 0xF0 and second < 0x90)
            or (lead == 0xF4 and second > 0x8F)
        ):
            return False
        for place in range(self.at + 1, self.at + size):
            if self.data[place] & 0xC0 != 0x80:
                return False
        self.at += size
        return True

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def string(self) -> cython.bint:
        """Go to the closing quote of a string; `escaped` then says whether it has escapes."""
        byte: cython.int
        place: cython.Py_ssize_t
        self.escaped = False
        while self.at < self.end:
            byte = self.data[self.at]
            if byte == 34:
                return True
            if byte == 92:
                self.escaped = True
                if self.at + 1 >= self.end:
                    return False
                byte = self.data[self.at + 1]
                if byte == 117:
                    if self.at + 5 >= self.end:
                        return False
                    for place in range(self.at + 2, self.at + 6):
                        if hex_value(self.data[place]) < 0:
                            return False
                    self.at += 6
                elif byte in (34, 92, 47, 98, 102, 110, 114, 116):
                    self.at += 2
                else:
                    return False
            elif byte < 32:
                return False
            elif byte < 128:
                self.at += 1
            elif not self.character():
                return False
        return False

    @cython.cfunc
    @cython.inline
    @cython.nogil
    @cython.exceptval(check=False)
    def is_key(self, start: cython.Py_ssize_t) -> cython.bint:
        place: cython.Py_ssize_t
        if self.at - start != self.key.shape[0]:
            return False
        for place in range(self.key.shape[0]):
            if self.data[start + place] != self.key[place]:
                return False
        return True

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def record(self) -> cython.bint:
        """Find the text field's string: `text_start` (-1: none), `text_end`, `text_escaped`."""
        objects: cython.ulonglong = 1
        depth: cython.int = 1
        byte: cython.int
        start: cython.Py_ssize_t
        ours: cython.bint
        closed: cython.bint
        self.text_start = -1
        if self.data[self.at] != 123:
            return False
        self.at += 1
        while True:
            byte = self.skip_space()
            ours = False
            closed = byte == (125 if objects & 1 else 93)
            if closed:
                self.at += 1
            else:
                if objects & 1:
                    if byte != 34:
                        return False
                    self.at += 1
                    start = self.at
                    if not self.string() or self.escaped:
                        return False
                    ours = depth == 1 and self.is_key(start)
                    self.at += 1
                    if self.skip_space() != 58:
                        return False
                    self.at += 1
                    byte = self.skip_space()
                if byte == 34:
                    self.at += 1
                    start = self.at
                    if not self.string():
                        return False
                    if ours:
                        self.text_start = start
                        self.text_end = self.at
                        self.text_escaped = self.escaped
                    self.at += 1
                elif ours or byte < 0:
                    return False
                elif byte in (123, 91):
                    if depth >= DEPTH:
                        return False
                    objects = objects << 1 | (byte == 123)
                    depth += 1
                    self.at += 1
                    continue
                elif not self.literal():
                    return False
            while True:
                if closed:
                    objects >>= 1
                    depth -= 1
                    if depth == 0:
                        return self.skip_space() < 0
                byte = self.skip_space()
                self.at += 1
                if byte == 44:
                    break
                if byte != (125 if objects & 1 else 93):
                    return False
                closed = True
            if self.skip_space() in (-1, 125, 93):
                return False

    @cython.cfunc
    @cython.inline
    @cython.nogil
    @cython.exceptval(check=False)
    def code_at(self, at: cython.Py_ssize_t) -> cython.uint:
        return (
            hex_value(self.data[at]) << 12
            | hex_value(self.data[at + 1]) << 8
            | hex_value(self.data[at + 2]) << 4
            | hex_value(self.data[at + 3])
        )

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def unescape(self, texts: cython.uchar[::1], filled: cython.Py_ssize_t) -> cython.Py_ssize_t:
        """Decode the text's string, checked before; -1 where it has a lone surrogate."""
        at: cython.Py_ssize_t = self.text_start
        end: cython.Py_ssize_t = self.text_end
        byte: cython.int
        code: cython.uint
        low: cython.uint
        packed: cython.uint
        while at < end:
            byte = self.data[at]
            if byte != 92:
                texts[filled] = byte
                at += 1
                filled += 1
                continue
            byte = self.data[at + 1]
            if byte != 117:
                if byte == 98:
                    byte = 8
                elif byte == 102:
                    byte = 12
                elif byte == 110:
                    byte = 10
                elif byte == 114:
                    byte = 13
                elif byte == 116:
                    byte = 9
                texts[filled] = byte
                at += 2
                filled += 1
                continue
            code = self.code_at(at + 2)
            at += 6
            if 0xD800 <= code < 0xE000:
                if code >= 0xDC00 or at + 5 >= end or self.data[at] != 92:
                    return -1
                if self.data[at + 1] != 117:
                    return -1
                low = self.code_at(at + 2)
                if low < 0xDC00 or low >= 0xE000:
                    return -1
                code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00)
                at += 6
            packed = encoded(code)
            texts[filled] = packed & 0xFF
            filled += 1
            while packed > 0xFF:
                packed >>= 8
                texts[filled] = packed & 0xFF
                filled += 1
        return filled


@takes_arrays
def scan_lines(
    source: cython.const[cython.uchar][::1],
    key: cython.const[cython.uchar][::1],
    line_starts: cython.longlong[::1],
    line_ends: cython.longlong[::1],
    texts: cython.uchar[::1],
    starts: cython.longlong[::1],
    ends: cython.longlong[::1],
    states: cython.uchar[::1],
) -> cython.Py_ssize_t:
    """Write the texts and the states of all records; see `jsonl_scan.Records`.

    `line_ends` holds the places of the line feeds, and loses carriage returns before them. Returns
    how many bytes of text there are.
    """
    scanner: LineScanner = LineScanner(source, key)
    line: cython.Py_ssize_t
    place: cython.Py_ssize_t
    stop: cython.Py_ssize_t
    start: cython.Py_ssize_t
    filled: cython.Py_ssize_t = 0
    with cython.nogil:
        for line in range(line_starts.shape[0]):
            start = line_starts[line]
            stop = line_ends[line]
            if stop > start and source[stop - 1] == 13:
                stop -= 1
                line_ends[line] = stop
            starts[line] = filled
            scanner.at = start
            scanner.end = stop
            if scanner.skip_space() < 0:
                states[line] = 1
            elif not scanner.record() or scanner.text_start < 0:
                states[line] = 2
            elif scanner.text_escaped:
                place = scanner.unescape(texts, filled)
                states[line] = 2 if place < 0 else 0
                filled = max(place, filled)
            else:
                for place in range(scanner.text_start, scanner.text_end):
                    texts[filled] = source[place]
                    filled += 1
                states[line] = 0
            ends[line] = filled
    return filled
