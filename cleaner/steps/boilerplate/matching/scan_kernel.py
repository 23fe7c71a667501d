# mypy: ignore-errors
"""Where words of many rules stand in a text: each place is asked which words begin so."""

from __future__ import annotations

import cython

from cleaner.core.kernels import takes_arrays

MASK = cython.declare(cython.ulonglong, 0xFFFFFFFFFFFFFFFF)
MIXER = cython.declare(cython.ulonglong, 0x9E3779B97F4A7C15)
# So many bytes are compared at once.
HEAD = cython.declare(cython.Py_ssize_t, 8)


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def slot_of(head: cython.ulonglong, size: cython.Py_ssize_t) -> cython.ulonglong:
    """Return the slot, of 2**14, of words that go by the first `size` bytes of eight."""
    return ((head >> 8 * (HEAD - size) << 3 | size) * MIXER & MASK) >> 50


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def key_size(length: cython.Py_ssize_t) -> cython.Py_ssize_t:
    """Return how many of its first bytes a word goes by: 4, 2 or 1."""
    return 4 if length >= 4 else 2 if length >= 2 else 1


@takes_arrays
def enter_words(
    letters: cython.const[cython.uchar][::1],
    places: cython.const[cython.longlong][::1],
    lengths: cython.const[cython.longlong][::1],
    slots: cython.longlong[::1],
    heads: cython.ulonglong[:, ::1],
) -> cython.int:
    """Write the slot of each word, which stands among the letters at its place, and its head.

    A head are the first eight bytes, and a mask of them where the word is shorter. Returns the
    numbers of bytes that words go by, as bits.
    """
    sizes: cython.int = 0
    word: cython.Py_ssize_t
    at: cython.Py_ssize_t
    size: cython.Py_ssize_t
    head: cython.ulonglong
    mask: cython.ulonglong
    with cython.nogil:
        for word in range(places.shape[0]):
            size = min(HEAD, lengths[word])
            head = mask = 0
            for at in range(HEAD):
                head <<= 8
                mask <<= 8
                if at < size:
                    head |= letters[places[word] + at]
                    mask |= 0xFF
            slots[word] = slot_of(head, key_size(size))
            sizes |= key_size(size)
            heads[word, 0] = head
            heads[word, 1] = mask
    return sizes


@takes_arrays
def find_words(
    text: cython.const[cython.uchar][::1],
    letters: cython.const[cython.uchar][::1],
    starts: cython.const[cython.int][::1],
    words: cython.const[cython.int][:, ::1],
    heads: cython.const[cython.ulonglong][:, ::1],
    sizes: cython.int,
    found: cython.int[:, ::1],
) -> cython.Py_ssize_t:
    """Write number, line and characters of the line of each word in a text; return how many.

    They are as many as `found` had room for, or more. `words` are number, place among the letters,
    length and the characters of the widest line, by slot and the widest first, as are their
    `heads`; ``starts[slot]`` is the first of a slot, and words go by so many bytes as `sizes` has.
    The text ends in eight bytes of no word. A line feed counts as a space, and a word belongs to
    the line in which it begins.
    """
    place: cython.Py_ssize_t
    at: cython.Py_ssize_t
    word: cython.Py_ssize_t
    size: cython.Py_ssize_t
    slot: cython.ulonglong
    head: cython.ulonglong = 0
    code: cython.uint
    width: cython.int = 0
    line: cython.int = -1
    end: cython.Py_ssize_t = -1
    whole: cython.Py_ssize_t = text.shape[0] - HEAD
    count: cython.Py_ssize_t = 0
    with cython.nogil:
        for at in range(HEAD - 1):
            code = text[at]
            head = head << 8 | (32 if code == 10 else code)
        for place in range(whole):
            if place > end:
                line += 1
                end = place
                width = 0
                while end < whole and text[end] != 10:
                    # A character has one byte that does not go on with another.
                    width += (text[end] & 0xC0) != 0x80
                    end += 1
            code = text[place + HEAD - 1]
            head = head << 8 & MASK | (32 if code == 10 else code)
            for size in range(1, 5):
                if not sizes & size or size == 3:
                    continue
                slot = slot_of(head, size)
                for word in range(starts[slot], starts[slot + 1]):
                    if words[word, 3] < width:
                        break
                    if head & heads[word, 1] != heads[word, 0]:
                        continue
                    at = HEAD
                    while at < words[word, 2]:
                        code = text[place + at]
                        if letters[words[word, 1] + at] != (32 if code == 10 else code):
                            break
                        at += 1
                    if at >= words[word, 2]:
                        if count < found.shape[0]:
                            found[count, 0] = words[word, 0]
                            found[count, 1] = line
                            found[count, 2] = width
                        count += 1
    return count
