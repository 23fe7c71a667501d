"""What the line model sees of a text, as compiled loops over what `line_kernel` counts."""

# mypy: disable-error-code="untyped-decorator"

from __future__ import annotations

from typing import Any

import numpy as np

from cleaner.normalize.boilerplate.columns import (
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
from cleaner.normalize.boilerplate.line_kernel import compiled, inlined, look_up, number, scan

U = np.uint64


@inlined
def _scale(count: Any) -> Any:
    """Return eight times the binary logarithm of count + 1, rounded down piece by piece."""
    value = count + 1
    bits = 0
    while value >> (bits + 1):
        bits += 1
    return min(8 * bits + ((value << 3) >> bits) - 8, 127)


@inlined
def _share(part: Any, whole: Any) -> Any:
    return min(part * 100 // max(whole, 1), 127)


@compiled
def speak(
    numbers: Any,
    word_ends: Any,
    tongues: Any,
    furniture: Any,
    most: Any,
    tally: Any,
    counts: Any,
) -> None:
    """Count each line's stop words of the text's main language, and its furniture words.

    By number of word: ``tongues`` has the languages in which it is a stop word, as bits, and
    ``furniture`` says whether it stands in rules. ``tally``: room for `most` languages, zeros.
    """
    for at in range(len(numbers)):
        spoken = tongues[numbers[at]]
        language = 0
        while spoken:
            tally[language] += int(spoken & U(1))
            spoken >>= U(1)
            language += 1
    main = 0
    for language in range(most):
        if tally[language] > tally[main]:
            main = language
    at = 0
    for line in range(len(word_ends)):
        while at < word_ends[line]:
            counts[line, STOPS] += int((tongues[numbers[at]] >> U(main)) & U(1))
            counts[line, FURNITURE] += furniture[numbers[at]]
            at += 1


@inlined
def _is_prose(row: Any) -> Any:
    size = row[TOKENS] + row[UNSPACEDS] // 2
    spoken = row[STOPS] * 5 >= row[WORDS] or row[UNSPACEDS] * 2 > row[LETTERS]
    return size >= PROSE_WORDS and row[ENDS] + row[COMMAS] > 0 and spoken


@compiled
def compare(numbers: Any, word_ends: Any, counts: Any, seen: Any, shares: Any) -> None:
    """Write what per cent of each line's words other prose has, no other line, the first line.

    ``seen``: (words, 4), zeros: by number of word its last line + 1, in how many lines and prose
    lines it stands, and whether it stands in the first line. ``shares``: (lines, 3) and more.
    """
    at = 0
    for line in range(len(word_ends)):
        prose = _is_prose(counts[line])
        while at < word_ends[line]:
            row = seen[numbers[at]]
            if row[0] != line + 1:
                row[0] = line + 1
                row[1] += 1
                row[2] += prose
                row[3] |= line == 0
            at += 1
    at = 0
    for line in range(len(word_ends)):
        prose = _is_prose(counts[line])
        elsewhere = alone = title = 0
        size = word_ends[line] - at
        while at < word_ends[line]:
            row = seen[numbers[at]]
            elsewhere += row[2] > prose
            alone += row[1] == 1
            title += row[3]
            at += 1
        shares[line, 0] = _share(elsewhere, size)
        shares[line, 1] = _share(alone, size)
        shares[line, 2] = _share(title, size) if line > 0 and size >= TITLE_WORDS else 0


@compiled
def repeats(numbers: Any, counted: Any, last: Any, out: Any) -> None:
    """Write how often each line (or shape) stands, how often before, how far the one before is.

    ``counted`` and ``last`` by number: zeros, and -1. ``out``: (lines, 4), the fourth how far the
    next one is; `FAR` where there is none.
    """
    for line in range(len(numbers)):
        one = numbers[line]
        out[line, 1] = counted[one]
        out[line, 2] = line - last[one] if last[one] >= 0 else FAR
        out[line, 3] = FAR
        if last[one] >= 0:
            out[last[one], 3] = line - last[one]
        counted[one] += 1
        last[one] = line
    for line in range(len(numbers)):
        out[line, 0] = counted[numbers[line]]


@compiled
def describe(
    counts: Any, shares: Any, copies: Any, shapes: Any, numbers: Any, word_ends: Any, table: Any
) -> None:
    """Write the features of each line, 0 to 127: (lines, features) as `columns.FEATURES` has."""
    lines = len(counts)
    total = prose_total = 0
    for line in range(lines):
        row = counts[line]
        size = row[TOKENS] + row[UNSPACEDS] // 2
        total += size
        prose_total += size if _is_prose(row) else 0
    before = prose_before = 0
    since_prose = since_title = FAR
    for line in range(lines):
        row, out = counts[line], table[line]
        size = row[TOKENS] + row[UNSPACEDS] // 2
        prose = _is_prose(row)
        out[0] = _scale(row[CHARS])
        out[1] = _scale(size)
        out[2] = _scale(row[WORDS])
        out[3] = _scale(row[STOPS])
        out[4] = _share(row[STOPS], row[WORDS])
        out[5] = _share(row[CAPITALISED], row[WORDS])
        out[6] = _share(row[DIGITS], row[CHARS])
        out[7] = _share(row[UPPERS], row[LETTERS])
        out[8] = _share(row[LETTERS], row[CHARS])
        out[9] = _share(row[PUNCTUATIONS], row[CHARS])
        out[10] = min(row[LETTERS] * 8 // max(row[WORDS], 1), 127)
        out[11] = _scale(row[FURNITURE])
        out[12] = _share(row[FURNITURE], row[WORDS])
        out[13] = _share(row[UNSPACEDS], row[CHARS])
        out[14] = min(2 * _scale(row[ENDS]), 127)
        out[15] = min(2 * _scale(row[COMMAS]), 127)
        out[16] = min(2 * _scale(row[SEPARATORS]), 127)
        out[17] = min(2 * _scale(row[SYMBOLS]), 127)
        out[18] = min(2 * _scale(row[MONEYS]), 127)
        out[19] = min(2 * _scale(row[BRACKETS]), 127)
        out[20] = min(2 * _scale(row[MARKS]), 127)
        out[21] = min(2 * _scale(row[LINKS]), 127)
        out[22] = 64 * (size <= 1)
        out[23] = 64 * (size <= 3)
        out[24] = 64 * (size >= 8)
        out[25] = 64 * (size >= 20)
        out[26] = 64 * (row[UPPERS] == row[LETTERS])
        out[27] = 64 * prose
        out[28] = shares[line, 0]
        out[29] = shares[line, 1]
        out[30] = shares[line, 2]
        out[31] = min(2 * _scale(copies[line, 0] - 1), 127)
        out[32] = min(2 * _scale(copies[line, 1]), 127)
        out[33] = _scale(shapes[line, 0] - 1)
        out[34] = _scale(min(shapes[line, 2], FAR))
        out[35] = _scale(min(shapes[line, 3], FAR))
        for kind in range(KINDS):
            out[36 + kind] = 64 * (row[FINAL] == kind)
            out[36 + KINDS + kind] = 64 * (row[INITIAL] == kind)
        place = FIRST_PLACE
        out[place] = _scale(line)
        out[place + 1] = _scale(lines - 1 - line)
        out[place + 2] = _share(before, total)
        out[place + 3] = _share(prose_before, prose_total)
        out[place + 4] = _share(prose_total, total)
        out[place + 5] = _scale(lines)
        out[place + 6] = min(_scale(total) * 3 // 4, 127)
        before += size
        prose_before += size if prose else 0
        out[FIRST_PROSE_PLACE] = _scale(since_prose)
        out[FIRST_PROSE_PLACE + 1] = _scale(since_title)
        since_prose = 1 if prose else min(since_prose + 1, FAR)
        since_title = 1 if shares[line, 2] >= 60 else min(since_title + 1, FAR)
        begin = word_ends[line - 1] if line > 0 else 0
        end = word_ends[line]
        for other, to in ((line - 1, 0), (line + 1, 1)):
            alike_first = alike_last = 0
            if 0 <= other < lines:
                other_begin = word_ends[other - 1] if other > 0 else 0
                other_end = word_ends[other]
                if begin < end and other_begin < other_end:
                    alike_first = numbers[begin] == numbers[other_begin]
                    alike_last = numbers[end - 1] == numbers[other_end - 1]
            out[FIRST_PROSE_PLACE + 4 + to] = 64 * alike_first
            out[FIRST_PROSE_PLACE + 6 + to] = 64 * alike_last
    since_prose = since_title = FAR
    for line in range(lines - 1, -1, -1):
        table[line, FIRST_PROSE_PLACE + 2] = _scale(since_prose)
        table[line, FIRST_PROSE_PLACE + 3] = _scale(since_title)
        since_prose = 1 if _is_prose(counts[line]) else min(since_prose + 1, FAR)
        since_title = 1 if shares[line, 2] >= 60 else min(since_title + 1, FAR)


@inlined
def _repeats_of(hashes: Any, slots: Any, work: Any, out: Any) -> None:
    numbers = work[0][: len(hashes)]
    count = number(hashes, slots, work[1], numbers)
    counted, last = work[2][:count], work[3][:count]
    counted[:] = 0
    last[:] = -1
    repeats(numbers, counted, last, out)


@compiled
def see(
    codes: Any,
    class_of: Any,
    lower_of: Any,
    stop_words: Any,
    languages: Any,
    furniture_words: Any,
    most: Any,
    slots: Any,
    words: Any,
    work: Any,
    around: Any,
    counts: Any,
    hashes: Any,
    table: Any,
    sizes: Any,
) -> None:
    """Write what the model sees of a text.

    ``codes``: code points of its lines, none blank, each with its line feed. ``languages``: those
    of each stop word, as bits, `most` of them. Room, over the number of words and of lines:
    ``slots``, a power of two over twice of it; ``words`` (3, room), hashes of all words, by number
    of word, and languages; ``work`` (6, room); ``around`` (3 * lines + room, 4). ``counts``
    (lines, columns), zeros; ``hashes`` (2, lines), of each line and its shape. Result: ``table``
    (lines, features), ``work[0]``, the numbers of the words, ``work[1]``, for each line the words
    up to its end, and ``sizes``: how many words there are, and how many different ones.
    """
    lines = len(counts)
    word_ends = work[1][:lines]
    found = scan(codes, class_of, lower_of, counts, hashes, word_ends, words[0])
    copies, shapes = around[:lines], around[lines : 2 * lines]
    _repeats_of(hashes[0], slots, work[2:], copies)
    _repeats_of(hashes[1], slots, work[2:], shapes)
    numbers = work[0][:found]
    count = number(words[0][:found], slots, work[2], numbers)
    unique, tongues = words[1][:count], words[2][:count]
    for at in range(count):
        unique[at] = words[0][work[2][at]]
    places = work[3][:count]
    look_up(stop_words, unique, places)
    for at in range(count):
        tongues[at] = languages[places[at]] if places[at] >= 0 else U(0)
    look_up(furniture_words, unique, places)
    for at in range(count):
        places[at] = places[at] >= 0
    tally = work[2][:64]
    tally[:] = 0
    speak(numbers, word_ends, tongues, places, most, tally, counts)
    shares, seen = around[2 * lines : 3 * lines], around[3 * lines : 3 * lines + count]
    seen[:] = 0
    compare(numbers, word_ends, counts, seen, shares)
    describe(counts, shares, copies, shapes, numbers, word_ends, table)
    sizes[0], sizes[1] = found, count
