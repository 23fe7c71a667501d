"""What the line model sees of a line: its form, its neighbours, its place; never its site."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from cleaner.normalize.boilerplate import charclass as cc
from cleaner.normalize.boilerplate.windows import distances, means, scale, shifted, windows

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]

MARKS = 11
"""Groups of rules whose matches the model is told of; a bit of a line's marks each."""

_NEIGHBOURS = (-3, -2, -1, 1, 2, 3)
_PROSE_WORDS = 12
_TITLE_WORDS = 3


class Lexicon(NamedTuple):
    """Words that tell a language or furniture, by hash (sorted, unique).

    ``languages`` has one bit for each language in which the word is a stop word; ``furniture``
    words stand in the packaged rules; ``weights`` are what the general ``words`` of English speak
    for text (positive) or furniture (negative), in thousandths of log-odds.
    """

    stop_words: npt.NDArray[np.uint64]
    languages: npt.NDArray[np.uint64]
    furniture: npt.NDArray[np.uint64]
    words: npt.NDArray[np.uint64]
    weights: npt.NDArray[np.int32]


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
    signs: Ints
    weight: Ints
    hashes: npt.NDArray[np.uint64]
    word: Ints
    line_of: Ints


def line_forms(lines: list[str], lexicon: Lexicon) -> Forms:
    """Return the counts of `lines` (none blank, none with a line feed)."""
    codes = cc.code_points("\n".join(lines) + "\n")
    bits = cc.classes(codes)
    edges = np.concatenate(([0], np.flatnonzero(codes == 10) + 1)).astype(np.int64)
    first, last = edges[:-1], edges[1:] - 1

    def per_line(mask: npt.NDArray[np.bool_]) -> Ints:
        places = np.flatnonzero(mask)
        counts: Ints = np.searchsorted(places, last) - np.searchsorted(places, first)
        return counts

    def count(bit: int) -> Ints:
        return per_line((bits & bit) != 0)

    space = (bits & cc.SPACE) != 0
    after_space = np.concatenate(([True], space[:-1]))
    letter = (bits & cc.LETTER) != 0
    word_start = letter & ~np.concatenate(([False], letter[:-1]))
    starts = np.flatnonzero(word_start).astype(np.int64)
    ends = np.flatnonzero(letter & ~np.concatenate((letter[1:], [False]))).astype(np.int64) + 1
    hashes = cc.word_hashes(codes, starts, ends)
    words = per_line(word_start)
    line_of = np.repeat(np.arange(len(lines)), words)
    unique, word = np.unique(hashes, return_inverse=True)
    stops = _stop_words(unique, word, line_of, len(lines), lexicon)
    furniture = np.bincount(line_of[_among(unique, lexicon.furniture)[word]], minlength=len(lines))
    solid = np.flatnonzero(~space).astype(np.int64)
    head = solid[np.minimum(np.searchsorted(solid, first), len(solid) - 1)]
    tail = solid[np.maximum(np.searchsorted(solid, last) - 1, 0)]
    head = np.minimum(head, last - 1)
    closing = (bits[tail] & cc.BRACKET) != 0
    tail = np.where(closing & (tail > first), tail - 1, tail)
    mark = (codes == 0x40) | (codes == 0xA9) | (codes == 0x25)
    link = (codes[:-2] == 0x3A) & (codes[1:-1] == 0x2F) & (codes[2:] == 0x2F)
    signs = per_line(mark) + 16 * per_line(np.concatenate((link, [False, False])))
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
        words=words,
        capitalised=per_line(word_start & ((bits & cc.UPPER) != 0)),
        stops=stops,
        furniture=furniture.astype(np.int64),
        final=_kind(bits[tail], codes[tail]),
        initial=_kind(bits[head], codes[head]),
        first_word=_edge_word(hashes, line_of, len(lines), first=True),
        last_word=_edge_word(hashes, line_of, len(lines), first=False),
        whole=cc.word_hashes(codes, first, last),
        signs=signs,
        weight=_weights(unique, word, line_of, len(lines), lexicon),
        hashes=hashes,
        word=word.astype(np.int64),
        line_of=line_of,
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
    unique: npt.NDArray[np.uint64], word: Ints, line_of: Ints, lines: int, lexicon: Lexicon
) -> Ints:
    """Return how many stop words of the text's main language each line has."""
    known = _among(unique, lexicon.stop_words)
    if not known.any():
        return np.zeros(lines, dtype=np.int64)
    spoken = np.zeros(len(unique), dtype=np.uint64)
    spoken[known] = lexicon.languages[np.searchsorted(lexicon.stop_words, unique[known])]
    number = np.bincount(word, minlength=len(unique))
    counts = [
        int(number[(spoken & np.uint64(1 << bit)) != 0].sum())
        for bit in range(int(lexicon.languages.max()).bit_length())
    ]
    main = np.uint64(1 << int(np.argmax(counts)))
    said = ((spoken & main) != 0)[word]
    return np.bincount(line_of[said], minlength=lines).astype(np.int64)


def _edge_word(
    hashes: npt.NDArray[np.uint64], line_of: Ints, lines: int, first: bool
) -> npt.NDArray[np.uint64]:
    edge = np.zeros(lines, dtype=np.uint64)
    if first:
        edge[line_of[::-1]] = hashes[::-1]
    else:
        edge[line_of] = hashes
    return edge


def _weights(
    unique: npt.NDArray[np.uint64], word: Ints, line_of: Ints, lines: int, lexicon: Lexicon
) -> Ints:
    """Return what each line's words speak for, in thousandths over the root of their number."""
    known = _among(unique, lexicon.words)
    if not known.any():
        return np.zeros(lines, dtype=np.int64)
    weight = np.zeros(len(unique))
    weight[known] = lexicon.weights[np.searchsorted(lexicon.words, unique[known])]
    sums = np.bincount(line_of, weights=weight[word], minlength=lines)
    number = np.maximum(np.bincount(line_of, minlength=lines), 1)
    return np.floor(sums / np.sqrt(number)).astype(np.int64)


def line_features(forms: Forms, marks: Ints) -> Floats:
    """Return the features of each line, shape (features, lines).

    ``marks`` are the groups of rules that match each line, as bits. All features are small
    integers or quotients of integers, so that every machine computes the same.
    """
    lines = len(forms.chars)
    chars = np.maximum(forms.chars, 1)
    words = np.maximum(forms.words, 1)
    size = forms.tokens + forms.unspaced // 2
    prose = _is_prose(forms, size)
    copies, order = _copies(forms.whole)
    overlap, unique = _overlap(forms, prose)
    title = _title(forms)
    marked = ((marks[None, :] >> np.arange(MARKS)[:, None]) & 1).astype(np.int64)
    any_mark = (marks > 0).astype(np.int64)
    alike = _alike(forms.first_word) + 3 * _alike(forms.last_word)
    form = np.stack(
        [
            size,
            forms.stops * 100 // words,
            forms.final,
            forms.capitalised * 100 // words,
            forms.digits * 100 // chars,
            forms.furniture * 100 // words,
            copies,
            forms.initial,
            any_mark,
            forms.weight,
            overlap,
        ]
    )
    single = np.stack(
        [
            forms.chars,
            forms.letters * 100 // chars,
            forms.upper * 100 // np.maximum(forms.letters, 1),
            forms.punctuation * 100 // chars,
            forms.letters * 10 // words,
            forms.stops,
            forms.furniture,
            forms.ends,
            forms.commas,
            forms.separators,
            forms.symbols,
            forms.money,
            forms.brackets,
            forms.signs,
            prose,
            order,
            alike,
            unique,
            title,
        ]
    )
    counted = np.stack(
        [
            size,
            prose * size,
            (forms.final == 7).astype(np.int64),
            forms.stops,
            forms.furniture,
            (size <= 3).astype(np.int64),
            forms.digits,
            (copies > 1).astype(np.int64),
            any_mark,
        ]
    )
    heavy = np.minimum(size, 60) + 1
    parts = [
        form,
        single,
        marked,
        _places(size, prose, lines),
        distances(np.concatenate((prose[None, :], title[None, :] >= 60, marked))),
        *(shifted(form, shift) for shift in _NEIGHBOURS),
        *windows(counted),
        *means(forms.weight * heavy, heavy),
        *means(overlap * heavy, heavy),
    ]
    return np.concatenate(parts).astype(np.float32)


def _is_prose(forms: Forms, size: Ints) -> Ints:
    stops = forms.stops * 5 >= forms.words
    spoken = stops | (forms.unspaced * 2 > forms.letters)
    prose = (size >= _PROSE_WORDS) & (forms.ends + forms.commas > 0) & spoken
    return prose.astype(np.int64)


def _alike(word: npt.NDArray[np.uint64]) -> Ints:
    """Return with how many of its two neighbours each line has its first (last) word in common."""
    same = ((word[1:] == word[:-1]) & (word[1:] != 0)).astype(np.int64)
    alike: Ints = np.pad(same, (1, 0)) + np.pad(same, (0, 1))
    return alike


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
    return np.minimum(copies, 20), np.minimum(earlier, 20)


def _overlap(forms: Forms, prose: Ints) -> tuple[Ints, Ints]:
    """Return the per cent of each line's words that other prose lines have, or no other line."""
    lines = len(prose)
    number = np.maximum(np.bincount(forms.line_of, minlength=lines), 1)
    if len(forms.hashes) == 0:
        return np.zeros(lines, dtype=np.int64), np.zeros(lines, dtype=np.int64)
    word = forms.word
    pairs = np.sort(word * lines + forms.line_of)
    pairs = pairs[np.concatenate(([True], pairs[1:] != pairs[:-1]))]
    pair_word, pair_line = pairs // lines, pairs % lines
    in_prose = np.bincount(pair_word, weights=prose[pair_line]).astype(np.int64)
    in_lines = np.bincount(pair_word)
    elsewhere = in_prose[word] - prose[forms.line_of] > 0
    shared = np.bincount(forms.line_of[elsewhere], minlength=lines)
    alone = np.bincount(forms.line_of[in_lines[word] == 1], minlength=lines)
    return shared * 100 // number, alone * 100 // number


def _title(forms: Forms) -> Ints:
    """Return the per cent of each line's words (three and more) that the first line has too."""
    first = np.unique(forms.hashes[forms.line_of == 0])
    lines = len(forms.chars)
    number = np.bincount(forms.line_of, minlength=lines)
    shared = np.bincount(forms.line_of[_among(forms.hashes, first)], minlength=lines)
    title = np.where(number >= _TITLE_WORDS, shared * 100 // np.maximum(number, 1), 0)
    title[0] = 0
    return title


def _places(size: Ints, prose: Ints, lines: int) -> Ints:
    """Return where each line stands, coarse enough not to tell documents apart."""
    place = np.arange(lines)
    total = max(int(size.sum()), 1)
    in_prose = np.cumsum(prose * size)
    return np.stack(
        [
            scale(place),
            scale(lines - 1 - place),
            (np.cumsum(size) - size) * 16 // total,
            (in_prose - prose * size) * 16 // max(int(in_prose[-1]), 1),
            np.full(lines, int(in_prose[-1]) * 8 // total),
            np.full(lines, lines.bit_length()),
            np.full(lines, total.bit_length()),
        ]
    )
