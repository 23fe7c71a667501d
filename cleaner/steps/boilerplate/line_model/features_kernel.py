# mypy: ignore-errors
"""What the line model sees of a text, made of what `lines_kernel` counts."""

from __future__ import annotations

import cython

from cleaner.core.kernels import takes_arrays
from cleaner.steps.boilerplate.line_model.columns import (
    BRACKETS,
    CAPITALISED,
    CHARS,
    COMMAS,
    DIGITS,
    ENDS,
    FAR,
    FINAL,
    FIRST_PLACE,
    FIRST_PROSE_PLACE,
    FURNITURE,
    INITIAL,
    KINDS,
    LETTERS,
    LINKS,
    MARKS,
    MONEYS,
    PROSE_WORDS,
    PUNCTUATIONS,
    SEPARATORS,
    STOPS,
    SYMBOLS,
    TITLE_WORDS,
    TOKENS,
    UNSPACEDS,
    UPPERS,
    WORDS,
)


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def scale(count: cython.longlong) -> cython.longlong:
    """Return eight times the binary logarithm of count + 1, rounded down piece by piece."""
    value: cython.longlong = count + 1
    bits: cython.longlong = 0
    while value >> (bits + 1):
        bits += 1
    return min(8 * bits + ((value << 3) >> bits) - 8, 127)


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def double_scale(count: cython.longlong) -> cython.longlong:
    return min(2 * scale(count), 127)


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def share(part: cython.longlong, whole: cython.longlong) -> cython.longlong:
    """Return how many per cent of the whole a part is, at most 127."""
    return min(part * 100 // max(whole, 1), 127)


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def size_of(
    counts: cython.const[cython.longlong][:, ::1], line: cython.Py_ssize_t
) -> cython.longlong:
    return counts[line, TOKENS] + counts[line, UNSPACEDS] // 2


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def is_prose(counts: cython.const[cython.longlong][:, ::1], line: cython.Py_ssize_t) -> cython.bint:
    if size_of(counts, line) < PROSE_WORDS:
        return False
    if counts[line, ENDS] + counts[line, COMMAS] == 0:
        return False
    if counts[line, STOPS] * 5 >= counts[line, WORDS]:
        return True
    return counts[line, UNSPACEDS] * 2 > counts[line, LETTERS]


@takes_arrays
def count_stop_words(
    numbers: cython.const[cython.longlong][::1],
    word_ends: cython.const[cython.longlong][::1],
    tongues: cython.const[cython.ulonglong][::1],
    furniture: cython.const[cython.longlong][::1],
    tally: cython.longlong[::1],
    counts: cython.longlong[:, ::1],
) -> None:
    """Count each line's stop words of the text's main language, and its furniture words.

    By number of word: ``tongues`` has the languages in which it is a stop word, as bits, and
    ``furniture`` says whether it stands in rules. ``tally``: zeros, one for each language.
    """
    at: cython.Py_ssize_t
    line: cython.Py_ssize_t
    language: cython.Py_ssize_t
    main: cython.Py_ssize_t = 0
    spoken: cython.ulonglong
    with cython.nogil:
        for at in range(numbers.shape[0]):
            spoken = tongues[numbers[at]]
            language = 0
            while spoken:
                tally[language] += spoken & 1
                spoken >>= 1
                language += 1
        for language in range(tally.shape[0]):
            if tally[language] > tally[main]:
                main = language
        at = 0
        for line in range(word_ends.shape[0]):
            while at < word_ends[line]:
                counts[line, STOPS] += tongues[numbers[at]] >> main & 1
                counts[line, FURNITURE] += furniture[numbers[at]]
                at += 1


@takes_arrays
def compare(
    numbers: cython.const[cython.longlong][::1],
    word_ends: cython.const[cython.longlong][::1],
    counts: cython.const[cython.longlong][:, ::1],
    seen: cython.longlong[:, ::1],
    shares: cython.longlong[:, ::1],
) -> None:
    """Write what per cent of each line's words other prose has, no other line, the first line.

    ``seen``: (words, 4), zeros: by number of word its last line + 1, in how many lines and prose
    lines it stands, and whether it stands in the first line. ``shares``: (lines, 3).
    """
    at: cython.Py_ssize_t = 0
    line: cython.Py_ssize_t
    word: cython.Py_ssize_t
    size: cython.longlong
    prose: cython.longlong
    elsewhere: cython.longlong
    alone: cython.longlong
    title: cython.longlong
    with cython.nogil:
        for line in range(word_ends.shape[0]):
            prose = is_prose(counts, line)
            while at < word_ends[line]:
                word = numbers[at]
                if seen[word, 0] != line + 1:
                    seen[word, 0] = line + 1
                    seen[word, 1] += 1
                    seen[word, 2] += prose
                    if line == 0:
                        seen[word, 3] = 1
                at += 1
        at = 0
        for line in range(word_ends.shape[0]):
            prose = is_prose(counts, line)
            elsewhere = alone = title = 0
            size = word_ends[line] - at
            while at < word_ends[line]:
                word = numbers[at]
                elsewhere += seen[word, 2] > prose
                alone += seen[word, 1] == 1
                title += seen[word, 3]
                at += 1
            shares[line, 0] = share(elsewhere, size)
            shares[line, 1] = share(alone, size)
            shares[line, 2] = share(title, size) if line > 0 and size >= TITLE_WORDS else 0


@takes_arrays
def count_repeats(
    numbers: cython.const[cython.longlong][::1],
    counted: cython.longlong[::1],
    last: cython.longlong[::1],
    out: cython.longlong[:, ::1],
) -> None:
    """Write how often each line (or shape) stands, how often before, how far the one before is.

    ``counted`` and ``last`` by number: zeros, and -1. ``out``: (lines, 4), the fourth how far the
    next one is; `FAR` where there is none.
    """
    line: cython.Py_ssize_t
    one: cython.Py_ssize_t
    with cython.nogil:
        for line in range(numbers.shape[0]):
            one = numbers[line]
            out[line, 1] = counted[one]
            out[line, 2] = line - last[one] if last[one] >= 0 else FAR
            out[line, 3] = FAR
            if last[one] >= 0:
                out[last[one], 3] = line - last[one]
            counted[one] += 1
            last[one] = line
        for line in range(numbers.shape[0]):
            out[line, 0] = counted[numbers[line]]


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def describe_form(
    counts: cython.const[cython.longlong][:, ::1],
    line: cython.Py_ssize_t,
    out: cython.uchar[:, ::1],
) -> cython.void:
    """Write the features of a line's own form, the first 28 and those of its two ends."""
    size: cython.longlong = size_of(counts, line)
    chars: cython.longlong = counts[line, CHARS]
    words: cython.longlong = counts[line, WORDS]
    letters: cython.longlong = counts[line, LETTERS]
    kind: cython.Py_ssize_t
    out[line, 0] = scale(chars)
    out[line, 1] = scale(size)
    out[line, 2] = scale(words)
    out[line, 3] = scale(counts[line, STOPS])
    out[line, 4] = share(counts[line, STOPS], words)
    out[line, 5] = share(counts[line, CAPITALISED], words)
    out[line, 6] = share(counts[line, DIGITS], chars)
    out[line, 7] = share(counts[line, UPPERS], letters)
    out[line, 8] = share(letters, chars)
    out[line, 9] = share(counts[line, PUNCTUATIONS], chars)
    out[line, 10] = min(letters * 8 // max(words, 1), 127)
    out[line, 11] = scale(counts[line, FURNITURE])
    out[line, 12] = share(counts[line, FURNITURE], words)
    out[line, 13] = share(counts[line, UNSPACEDS], chars)
    out[line, 14] = double_scale(counts[line, ENDS])
    out[line, 15] = double_scale(counts[line, COMMAS])
    out[line, 16] = double_scale(counts[line, SEPARATORS])
    out[line, 17] = double_scale(counts[line, SYMBOLS])
    out[line, 18] = double_scale(counts[line, MONEYS])
    out[line, 19] = double_scale(counts[line, BRACKETS])
    out[line, 20] = double_scale(counts[line, MARKS])
    out[line, 21] = double_scale(counts[line, LINKS])
    out[line, 22] = 64 * (size <= 1)
    out[line, 23] = 64 * (size <= 3)
    out[line, 24] = 64 * (size >= 8)
    out[line, 25] = 64 * (size >= 20)
    out[line, 26] = 64 * (counts[line, UPPERS] == letters)
    out[line, 27] = 64 * is_prose(counts, line)
    for kind in range(KINDS):
        out[line, 36 + kind] = 64 * (counts[line, FINAL] == kind)
        out[line, 36 + KINDS + kind] = 64 * (counts[line, INITIAL] == kind)


@takes_arrays
def describe(
    counts: cython.const[cython.longlong][:, ::1],
    shares: cython.const[cython.longlong][:, ::1],
    copies: cython.const[cython.longlong][:, ::1],
    shapes: cython.const[cython.longlong][:, ::1],
    numbers: cython.const[cython.longlong][::1],
    word_ends: cython.const[cython.longlong][::1],
    table: cython.uchar[:, ::1],
) -> None:
    """Write the features of each line, 0 to 127: (lines, features) as `columns.FEATURES` has."""
    lines: cython.Py_ssize_t = counts.shape[0]
    line: cython.Py_ssize_t
    other: cython.Py_ssize_t
    to: cython.Py_ssize_t
    begin: cython.Py_ssize_t
    end: cython.Py_ssize_t
    other_begin: cython.Py_ssize_t
    other_end: cython.Py_ssize_t
    size: cython.longlong
    total: cython.longlong = 0
    prose_total: cython.longlong = 0
    before: cython.longlong = 0
    prose_before: cython.longlong = 0
    since_prose: cython.longlong = FAR
    since_title: cython.longlong = FAR
    alike_first: cython.bint
    alike_last: cython.bint
    with cython.nogil:
        for line in range(lines):
            size = size_of(counts, line)
            total += size
            if is_prose(counts, line):
                prose_total += size
        for line in range(lines):
            size = size_of(counts, line)
            describe_form(counts, line, table)
            table[line, 28] = shares[line, 0]
            table[line, 29] = shares[line, 1]
            table[line, 30] = shares[line, 2]
            table[line, 31] = double_scale(copies[line, 0] - 1)
            table[line, 32] = double_scale(copies[line, 1])
            table[line, 33] = scale(shapes[line, 0] - 1)
            table[line, 34] = scale(min(shapes[line, 2], FAR))
            table[line, 35] = scale(min(shapes[line, 3], FAR))
            table[line, FIRST_PLACE] = scale(line)
            table[line, FIRST_PLACE + 1] = scale(lines - 1 - line)
            table[line, FIRST_PLACE + 2] = share(before, total)
            table[line, FIRST_PLACE + 3] = share(prose_before, prose_total)
            table[line, FIRST_PLACE + 4] = share(prose_total, total)
            table[line, FIRST_PLACE + 5] = scale(lines)
            table[line, FIRST_PLACE + 6] = min(scale(total) * 3 // 4, 127)
            before += size
            table[line, FIRST_PROSE_PLACE] = scale(since_prose)
            table[line, FIRST_PROSE_PLACE + 1] = scale(since_title)
            if is_prose(counts, line):
                prose_before += size
                since_prose = 1
            else:
                since_prose = min(since_prose + 1, FAR)
            since_title = 1 if shares[line, 2] >= 60 else min(since_title + 1, FAR)
            begin = word_ends[line - 1] if line > 0 else 0
            end = word_ends[line]
            for to in range(2):
                other = line + 1 if to else line - 1
                alike_first = alike_last = False
                if 0 <= other < lines:
                    other_begin = word_ends[other - 1] if other > 0 else 0
                    other_end = word_ends[other]
                    if begin < end and other_begin < other_end:
                        alike_first = numbers[begin] == numbers[other_begin]
                        alike_last = numbers[end - 1] == numbers[other_end - 1]
                table[line, FIRST_PROSE_PLACE + 4 + to] = 64 * alike_first
                table[line, FIRST_PROSE_PLACE + 6 + to] = 64 * alike_last
        since_prose = since_title = FAR
        for line in range(lines - 1, -1, -1):
            table[line, FIRST_PROSE_PLACE + 2] = scale(since_prose)
            table[line, FIRST_PROSE_PLACE + 3] = scale(since_title)
            since_prose = 1 if is_prose(counts, line) else min(since_prose + 1, FAR)
            since_title = 1 if shares[line, 2] >= 60 else min(since_title + 1, FAR)
