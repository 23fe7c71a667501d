"""What the line model sees of a line: its form, its neighbours, its place; never its site."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from cleaner.normalize.boilerplate import charclass as cc

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]

_NEIGHBOURS = (-3, -2, -1, 1, 2, 3)
_WINDOWS = (2, 5, 10, 25)
_PROSE_WORDS = 12
_CLIP = 1.0e6


class Lexicon(NamedTuple):
    """Words that tell a language or furniture, by hash (sorted, unique).

    ``languages`` has one bit for each language in which the word is a stop word; ``furniture``
    words stand in the packaged rules.
    """

    stop_words: npt.NDArray[np.uint64]
    languages: npt.NDArray[np.uint64]
    furniture: npt.NDArray[np.uint64]


class Forms(NamedTuple):
    """Counts of each line, shape (lines,) each."""

    chars: Ints
    letters: Ints
    upper: Ints
    digits: Ints
    punctuation: Ints
    ends: Ints
    commas: Ints
    separators: Ints
    symbols: Ints
    money: Ints
    brackets: Ints
    unspaced: Ints
    tokens: Ints
    words: Ints
    capitalised: Ints
    stops: Ints
    furniture: Ints
    final: Ints
    initial: Ints
    first_word: npt.NDArray[np.uint64]
    last_word: npt.NDArray[np.uint64]
    whole: npt.NDArray[np.uint64]
    marks: Ints


def line_forms(lines: list[str], lexicon: Lexicon) -> Forms:
    """Return the counts of `lines` (none blank, none with a line feed)."""
    codes = cc.code_points("\n".join(lines) + "\n")
    bits = cc.classes(codes)
    edges = np.concatenate(([0], np.flatnonzero(codes == 10) + 1)).astype(np.int64)
    first, last = edges[:-1], edges[1:] - 1

    def per_line(mask: npt.NDArray[np.bool_]) -> Ints:
        sums = np.zeros(len(mask) + 1, dtype=np.int64)
        np.cumsum(mask, out=sums[1:])
        return sums[last] - sums[first]

    def count(bit: int) -> Ints:
        return per_line((bits & bit) != 0)

    space = (bits & cc.SPACE) != 0
    after_space = np.concatenate(([True], space[:-1]))
    letter = (bits & cc.LETTER) != 0
    word_start = letter & ~np.concatenate(([False], letter[:-1]))
    starts = np.flatnonzero(word_start).astype(np.int64)
    ends = np.flatnonzero(letter & ~np.concatenate((letter[1:], [False]))).astype(np.int64) + 1
    hashes = cc.word_hashes(codes, starts, ends)
    line_of = np.searchsorted(edges, starts, side="right") - 1
    stops = _stop_words(hashes, line_of, len(lines), lexicon)
    furniture = np.bincount(line_of[_among(hashes, lexicon.furniture)], minlength=len(lines))
    solid = np.flatnonzero(~space).astype(np.int64)
    head = solid[np.minimum(np.searchsorted(solid, first), len(solid) - 1)]
    tail = solid[np.maximum(np.searchsorted(solid, last) - 1, 0)]
    head = np.minimum(head, last - 1)
    closing = (bits[tail] & cc.BRACKET) != 0
    tail = np.where(closing & (tail > first), tail - 1, tail)
    mark = (codes == 0x40) | (codes == 0xA9) | (codes == 0x25)
    link = (codes[:-2] == 0x3A) & (codes[1:-1] == 0x2F) & (codes[2:] == 0x2F)
    marks = per_line(mark) + 16 * per_line(np.concatenate((link, [False, False])))
    return Forms(
        chars=last - first,
        letters=count(cc.LETTER),
        upper=count(cc.UPPER),
        digits=count(cc.DIGIT),
        punctuation=count(cc.PUNCTUATION),
        ends=count(cc.END),
        commas=count(cc.COMMA),
        separators=count(cc.SEPARATOR),
        symbols=count(cc.SYMBOL),
        money=count(cc.MONEY),
        brackets=count(cc.BRACKET),
        unspaced=count(cc.UNSPACED),
        tokens=per_line(after_space & ~space),
        words=per_line(word_start),
        capitalised=per_line(word_start & ((bits & cc.UPPER) != 0)),
        stops=stops,
        furniture=furniture.astype(np.int64),
        final=_kind(bits[tail], codes[tail]),
        initial=_kind(bits[head], codes[head]),
        first_word=_edge_word(hashes, line_of, len(lines), first=True),
        last_word=_edge_word(hashes, line_of, len(lines), first=False),
        whole=cc.word_hashes(codes, first, last),
        marks=marks,
    )


def _kind(bits: npt.NDArray[np.uint16], codes: cc.Codes) -> Ints:
    """Return 0 other, 1 lower case, 2 upper case, 3 digit, 4 separator, 5 comma, 6 colon, 7 end."""
    kind = np.zeros(len(bits), dtype=np.int64)
    kind[(bits & cc.LETTER) != 0] = 1
    kind[(bits & cc.UPPER) != 0] = 2
    kind[(bits & cc.DIGIT) != 0] = 3
    kind[(bits & cc.SEPARATOR) != 0] = 4
    kind[(bits & cc.COMMA) != 0] = 5
    kind[codes == 0x3A] = 6
    kind[(bits & cc.END) != 0] = 7
    return kind


def _among(hashes: npt.NDArray[np.uint64], known: npt.NDArray[np.uint64]) -> npt.NDArray[np.bool_]:
    if len(known) == 0:
        return np.zeros(len(hashes), dtype=np.bool_)
    at = np.minimum(np.searchsorted(known, hashes), len(known) - 1)
    found: npt.NDArray[np.bool_] = known[at] == hashes
    return found


def _stop_words(
    hashes: npt.NDArray[np.uint64], line_of: Ints, lines: int, lexicon: Lexicon
) -> Ints:
    """Return how many stop words of the text's main language each line has."""
    known = np.flatnonzero(_among(hashes, lexicon.stop_words))
    if len(known) == 0:
        return np.zeros(lines, dtype=np.int64)
    spoken = lexicon.languages[np.searchsorted(lexicon.stop_words, hashes[known])]
    counts = [
        int(np.count_nonzero(spoken & np.uint64(1 << bit)))
        for bit in range(int(lexicon.languages.max()).bit_length())
    ]
    main = np.uint64(1 << int(np.argmax(counts)))
    return np.bincount(line_of[known[(spoken & main) != 0]], minlength=lines).astype(np.int64)


def _edge_word(
    hashes: npt.NDArray[np.uint64], line_of: Ints, lines: int, first: bool
) -> npt.NDArray[np.uint64]:
    edge = np.zeros(lines, dtype=np.uint64)
    if first:
        edge[line_of[::-1]] = hashes[::-1]
    else:
        edge[line_of] = hashes
    return edge


def line_features(forms: Forms) -> tuple[Floats, list[str]]:
    """Return the features of each line, shape (features, lines), and the features' names."""
    rows: dict[str, npt.NDArray[np.generic]] = {}
    lines = len(forms.chars)
    chars = np.maximum(forms.chars, 1)
    words = np.maximum(forms.words, 1)
    size = forms.tokens + forms.unspaced // 2
    prose = _is_prose(forms, size)
    rows["size"] = size
    rows["chars"] = forms.chars
    rows["letters"] = forms.letters / chars
    rows["upper"] = forms.upper / np.maximum(forms.letters, 1)
    rows["digits"] = forms.digits / chars
    rows["punctuation"] = forms.punctuation / chars
    rows["capitalised"] = forms.capitalised / words
    rows["stops"] = forms.stops / words
    rows["stop_count"] = forms.stops
    rows["furniture"] = forms.furniture / words
    rows["furniture_count"] = forms.furniture
    rows["word_length"] = forms.letters / words
    for name in ("ends", "commas", "separators", "symbols", "money", "brackets", "final"):
        rows[name] = getattr(forms, name)
    rows["initial"] = forms.initial
    rows["marks"] = forms.marks
    rows["prose"] = prose
    copies, order = _copies(forms.whole)
    rows["copies"] = copies
    rows["copy_order"] = order
    same = (forms.first_word[1:] == forms.first_word[:-1]) & (forms.first_word[1:] != 0)
    rows["same_first"] = _pad(same, 1, 0) + _pad(same, 0, 1)
    same = (forms.last_word[1:] == forms.last_word[:-1]) & (forms.last_word[1:] != 0)
    rows["same_last"] = _pad(same, 1, 0) + _pad(same, 0, 1)
    _add_places(rows, size, prose, lines)
    _add_neighbours(rows)
    _add_windows(rows, forms, size, prose)
    names = list(rows)
    table = np.empty((len(names), lines), dtype=np.float32)
    for index, name in enumerate(names):
        np.minimum(rows[name], _CLIP, out=table[index], casting="unsafe")
    return table, names


def _is_prose(forms: Forms, size: Ints) -> Ints:
    stops = forms.stops * 5 >= forms.words
    spoken = stops | (forms.unspaced * 2 > forms.letters)
    result: Ints = ((size >= _PROSE_WORDS) & (forms.ends + forms.commas > 0) & spoken).astype(
        np.int64
    )
    return result


def _pad(values: npt.NDArray[np.bool_], before: int, after: int) -> Ints:
    return np.pad(values.astype(np.int64), (before, after))


def _copies(whole: npt.NDArray[np.uint64]) -> tuple[Ints, Ints]:
    """Return how often each line stands in the document, and how often before it."""
    order = np.argsort(whole, kind="stable")
    ranked = whole[order]
    new = np.concatenate(([True], ranked[1:] != ranked[:-1]))
    group = np.cumsum(new) - 1
    starts = np.flatnonzero(new)
    counts = np.diff(np.append(starts, len(whole)))
    copies = np.empty(len(whole), dtype=np.int64)
    earlier = np.empty(len(whole), dtype=np.int64)
    copies[order] = counts[group]
    earlier[order] = np.arange(len(whole)) - starts[group]
    return copies, earlier


def _add_places(
    rows: dict[str, npt.NDArray[np.generic]], size: Ints, prose: Ints, lines: int
) -> None:
    place = np.arange(lines)
    total = max(int(size.sum()), 1)
    before = np.cumsum(size) - size
    prose_words = np.cumsum(prose * size)
    rows["from_top"] = place
    rows["from_end"] = lines - 1 - place
    rows["share_before"] = before / total
    rows["prose_before"] = (prose_words - prose * size) / max(int(prose_words[-1]), 1)
    rows["prose_share"] = np.full(lines, int(prose_words[-1]) / total)
    rows["lines"] = np.full(lines, lines)
    rows["words"] = np.full(lines, total)
    at = np.where(prose == 1, place, -(10**6))
    rows["since_prose"] = place - np.concatenate(([-(10**6)], np.maximum.accumulate(at)[:-1]))
    at = np.where(prose == 1, place, 10**6)[::-1]
    rows["until_prose"] = np.concatenate(([10**6], np.minimum.accumulate(at)[:-1]))[::-1] - place


def _add_neighbours(rows: dict[str, npt.NDArray[np.generic]]) -> None:
    shared = ("size", "stops", "final", "capitalised", "digits", "furniture", "copies", "initial")
    for name in shared:
        values = np.asarray(rows[name])
        for shift in _NEIGHBOURS:
            rows[f"{name}{shift:+d}"] = shifted(values, shift)


def shifted(values: npt.NDArray[np.generic], shift: int) -> npt.NDArray[np.generic]:
    """Return at each line the value of the line `shift` lines on, -1 where there is none."""
    out = np.full(len(values), -1, dtype=values.dtype)
    if shift > 0:
        out[:-shift] = values[shift:]
    else:
        out[-shift:] = values[:shift]
    return out


def window_sums(values: Ints, before: int, after: int) -> Ints:
    """Return at each line the sum over it and the lines `before` and `after` it."""
    sums = np.concatenate(([0], np.cumsum(values)))
    place = np.arange(len(values))
    high = np.minimum(place + after + 1, len(values))
    low = np.maximum(place - before, 0)
    result: Ints = sums[high] - sums[low]
    return result


def _add_windows(
    rows: dict[str, npt.NDArray[np.generic]], forms: Forms, size: Ints, prose: Ints
) -> None:
    counted = {
        "size": size,
        "prose": prose * size,
        "ends": (forms.final == 7).astype(np.int64),
        "stops": forms.stops,
        "furniture": forms.furniture,
        "short": (size <= 3).astype(np.int64),
        "digits": forms.digits,
        "copies": (np.asarray(rows["copies"]) > 1).astype(np.int64),
    }
    for name, values in counted.items():
        for width in _WINDOWS:
            rows[f"{name}_before{width}"] = window_sums(values, width, -1)
            rows[f"{name}_after{width}"] = window_sums(values, -1, width)
