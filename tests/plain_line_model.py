"""The line model in plain Python, without kernels or blocks: the oracle of the fast one.

Everything is counted anew for every line, as its definition says.
"""

from __future__ import annotations

from collections import Counter
from itertools import groupby

import numpy as np
import numpy.typing as npt

from cleaner.steps.boilerplate.line_model import charclass as cc
from cleaner.steps.boilerplate.line_model.charclass import hash_word
from cleaner.steps.boilerplate.line_model.columns import (
    FAR,
    FEATURES,
    FOREST_COLUMNS,
    NEUTRAL,
    PROSE_WORDS,
    REACH,
    TITLE_WORDS,
    TOP,
    WINDOW_COLUMNS,
    WINDOWS,
)
from cleaner.steps.boilerplate.line_model.features import Lexicon
from cleaner.steps.boilerplate.line_model.model import (
    DILATIONS,
    MOST_APART,
    POOLED_AFTER,
    SWEPT_AFTER,
    LineModel,
)

Ints = npt.NDArray[np.int64]
MASK = 2**64 - 1


def bits_of(text: str) -> list[int]:
    """Return the classes of each character."""
    table = cc.class_table()
    return [int(table[min(ord(character), len(table) - 1)]) for character in text]


class Line:
    """One line and what is counted of it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.bits = bits_of(text)
        self.words: list[str] = []
        for is_word, run in groupby(zip(text, self.bits, strict=True), lambda c: c[1] & cc.LETTER):
            if is_word:
                self.words.append("".join(character for character, _ in run))
        self.hashes = [hash_word(word) for word in self.words]
        self.tokens = [
            list(run)
            for is_space, run in groupby(
                zip(text, self.bits, strict=True), lambda c: bool(c[1] & cc.SPACE)
            )
            if not is_space
        ]
        self.stops = self.furniture = 0

    def count(self, bit: int) -> int:
        return sum(1 for bits in self.bits if bits & bit)

    @property
    def size(self) -> int:
        return len(self.tokens) + self.count(cc.UNSPACED) // 2

    @property
    def is_prose(self) -> bool:
        spoken = self.stops * 5 >= len(self.words)
        spoken = spoken or self.count(cc.UNSPACED) * 2 > self.count(cc.LETTER)
        closed = self.count(cc.END) + self.count(cc.COMMA) > 0
        return self.size >= PROSE_WORDS and closed and spoken

    @property
    def shape(self) -> int:
        """The hash of the kinds of characters of the tokens, alike neighbours once."""
        tokens = []
        for token in self.tokens:
            kinds = [self._shape_kind(character, bits) for character, bits in token]
            one = 0
            for kind, _ in groupby(kinds):
                one = (one * cc.MULTIPLIER + kind) & MASK
            tokens.append(one)
        shape = 0
        for token, _ in groupby(tokens):
            shape = (shape * cc.MULTIPLIER + token) & MASK
        return shape

    @staticmethod
    def _shape_kind(character: str, bits: int) -> int:
        if bits & cc.LETTER:
            return 2 if bits & cc.UPPER else 1
        return 3 if bits & cc.DIGIT else 8 + (ord(character) & 0xFFFF)

    def kind_at(self, at: int) -> int:
        """0 other, 1 lower case, 2 upper case, 3 digit, 4 separator, 5 comma, 6 colon, 7 end."""
        if self.bits[at] & cc.END:
            return 7
        if self.text[at] == ":":
            return 6
        for kind, bit in ((5, cc.COMMA), (4, cc.SEPARATOR), (3, cc.DIGIT), (2, cc.UPPER)):
            if self.bits[at] & bit:
                return kind
        return 1 if self.bits[at] & cc.LETTER else 0

    @property
    def ends(self) -> tuple[int, int]:
        """The kinds of the last and the first character; of the one before a closing bracket."""
        solid = [at for at, bits in enumerate(self.bits) if not bits & cc.SPACE]
        last = solid[-1]
        if self.bits[last] & cc.BRACKET and last > 0:
            last -= 1
        return self.kind_at(last), self.kind_at(solid[0])


def scale(count: int) -> int:
    bits = (count + 1).bit_length() - 1
    return min(8 * bits + (((count + 1) << 3) >> bits) - 8, TOP)


def share(part: int, whole: int) -> int:
    return min(part * 100 // max(whole, 1), TOP)


def seen_lines(texts: list[str], lexicon: Lexicon) -> list[Line]:
    """Return the lines with their stop words (of the text's main language) and rule words."""
    lines = [Line(text) for text in texts]
    spoken = dict(zip(lexicon.stop_words.tolist(), lexicon.languages.tolist(), strict=True))
    furniture = set(lexicon.furniture.tolist())
    tongues = [spoken.get(one, 0) for line in lines for one in line.hashes]
    most = int(lexicon.languages.max()).bit_length()
    main = max(range(most), key=lambda bit: (sum(tongue >> bit & 1 for tongue in tongues), -bit))
    for line in lines:
        line.stops = sum(spoken.get(one, 0) >> main & 1 for one in line.hashes)
        line.furniture = sum(one in furniture for one in line.hashes)
    return lines


def repeats(keys: list[int]) -> list[tuple[int, int, int, int]]:
    """Return how often each stands, how often before, and how far the last and next one are."""
    out = []
    for at, key in enumerate(keys):
        before = [other for other in range(at) if keys[other] == key]
        after = [other for other in range(at + 1, len(keys)) if keys[other] == key]
        back = at - before[-1] if before else FAR
        out.append((keys.count(key), len(before), back, after[0] - at if after else FAR))
    return out


def since(marks: list[bool]) -> list[int]:
    """Return how far the last marked line before each line is."""
    out, far = [], FAR
    for mark in marks:
        out.append(far)
        far = 1 if mark else min(far + 1, FAR)
    return out


def table(lines: list[Line]) -> Ints:
    """Return the features of the lines, shape (lines, FEATURES)."""
    prose = [line.is_prose for line in lines]
    in_lines = Counter(one for line in lines for one in set(line.hashes))
    in_prose = Counter(one for line in lines if line.is_prose for one in set(line.hashes))
    first = set(lines[0].hashes)
    copies = repeats([hash_word(line.text) for line in lines])
    shapes = repeats([line.shape for line in lines])
    sizes = [line.size for line in lines]
    prose_sizes = [size * mark for size, mark in zip(sizes, prose, strict=True)]
    titles = [
        share(sum(one in first for one in line.hashes), len(line.hashes))
        if number and len(line.words) >= TITLE_WORDS
        else 0
        for number, line in enumerate(lines)
    ]
    far = [since(prose), since([title >= 60 for title in titles])]
    far += [since(prose[::-1])[::-1], since([title >= 60 for title in titles][::-1])[::-1]]
    rows = []
    for at, line in enumerate(lines):
        count = line.count
        letters, words, chars = count(cc.LETTER), len(line.words), len(line.text)
        capitals = sum(bool(bits_of(word[0])[0] & cc.UPPER) for word in line.words)
        signs = sum(character in "@©%" for character in line.text)
        shared = sum(in_prose[one] > prose[at] for one in line.hashes)
        row = [
            *(scale(number) for number in (chars, sizes[at], words, line.stops)),
            share(line.stops, words),
            share(capitals, words),
            share(count(cc.DIGIT), chars),
            share(count(cc.UPPER), letters),
            share(letters, chars),
            share(sum(bool(b & cc.PUNCTUATION) and not b & cc.LETTER for b in line.bits), chars),
            min(letters * 8 // max(words, 1), TOP),
            scale(line.furniture),
            share(line.furniture, words),
            share(count(cc.UNSPACED), chars),
        ]
        for number in (
            *map(count, (cc.END, cc.COMMA, cc.SEPARATOR, cc.SYMBOL, cc.MONEY, cc.BRACKET)),
            signs,
            line.text.count("://"),
        ):
            row.append(min(2 * scale(number), TOP))
        row += [64 * (sizes[at] <= 1), 64 * (sizes[at] <= 3)]
        row += [64 * (sizes[at] >= 8), 64 * (sizes[at] >= 20)]
        row += [64 * (count(cc.UPPER) == letters), 64 * prose[at], share(shared, words)]
        row += [share(sum(in_lines[one] == 1 for one in line.hashes), words), titles[at]]
        row += [min(2 * scale(copies[at][0] - 1), TOP), min(2 * scale(copies[at][1]), TOP)]
        row += [scale(shapes[at][0] - 1), scale(shapes[at][2]), scale(shapes[at][3])]
        for end in line.ends:
            row += [64 * (end == kind) for kind in range(8)]
        row += [scale(at), scale(len(lines) - 1 - at), share(sum(sizes[:at]), sum(sizes))]
        row += [share(sum(prose_sizes[:at]), sum(prose_sizes))]
        row += [share(sum(prose_sizes), sum(sizes)), scale(len(lines))]
        row += [min(scale(sum(sizes)) * 3 // 4, TOP), *(scale(part[at]) for part in far)]
        for edge in (0, -1):
            for other in (at - 1, at + 1):
                mate = lines[other].hashes if 0 <= other < len(lines) else []
                alike = bool(mate) and bool(line.hashes) and mate[edge] == line.hashes[edge]
                row.append(64 * alike)
        rows.append(row)
    found = np.array(rows, dtype=np.int64)
    assert found.shape == (len(lines), FEATURES)
    return found


def scores(texts: list[str], model: LineModel) -> list[float]:
    """Return the log-odds of the lines, each sum taken in whole numbers."""
    lines = seen_lines(texts, model.lexicon)
    vectors = model.vectors
    words = {one: at + 1 for at, one in enumerate(vectors.words.tolist())}
    shapes = {one: at + 1 for at, one in enumerate(vectors.shapes.tolist())}
    edge = vectors.edge_vectors.shape[1] // 2
    rows = []
    for line, features in zip(lines, table(lines), strict=True):
        known = [words.get(one, 0) for one in line.hashes]
        total = vectors.word_vectors[known].astype(np.int64).sum(axis=0)
        root = int((4096.0 * max(len(known), 1)) ** 0.5)
        mean = [one * 64 // root for one in total.tolist()]
        first, last = (known[0], known[-1]) if known else (0, 0)
        rows.append(
            [
                *features.tolist(),
                *(max(min(one, TOP), -TOP) for one in mean),
                *vectors.edge_vectors[first][:edge].tolist(),
                *vectors.edge_vectors[last][edge:].tolist(),
                *vectors.shape_vectors[shapes.get(line.shape, 0)].tolist(),
            ]
        )
    found = []
    for member in range(len(model.layers["form"].weights)):
        states = _layer(model, "form", member, np.array(rows, dtype=np.int64))
        states = _pooled(model, "page", member, states)
        for number, gap in enumerate(DILATIONS):
            padded = np.pad(states, ((gap, gap), (0, 0)))
            around = [padded[shift : shift + len(states)] for shift in (0, gap, 2 * gap)]
            more = _layer(model, f"near{number}", member, np.concatenate(around, axis=1))
            states = np.minimum(states + more, TOP)
            if number == SWEPT_AFTER:
                before = np.maximum.accumulate(states)
                after = np.maximum.accumulate(states[::-1])[::-1]
                more = _layer(model, "swept", member, np.concatenate((before, after), axis=1))
                states = np.minimum(states + more, TOP)
            if number in POOLED_AFTER:
                states = _pooled(model, f"page{number}", member, states)
        views = _layer(model, "judge", member, states)
        layer = model.layers["score"]
        sums = views @ layer.weights[member].astype(np.int64)
        found.append(sums[:, 0].astype(np.float32) * layer.scale[member] + layer.bias[member])
    total = sum(one.astype(np.float64) for one in found)
    by_forest = forest_sums(columns(lines, model), model) * model.forest.unit + model.forest.bias
    by_net = total / len(found)
    apart = np.minimum(np.maximum(by_forest - by_net, -MOST_APART), MOST_APART)
    judged: list[float] = (by_net + apart / 2).tolist()
    moved = offset(judged, [len(line.words) + 1 for line in lines], model)
    return [one + moved for one in judged]


def offset(judged: list[float], words: list[int], model: LineModel) -> float:
    """Return what is added to all scores of a text."""
    units = [min(max(round(one * 64), -1280), 1280) for one in judged]
    near = [min(max(one, -128), 128) for one in units]
    said = [(len(units) ** 8).bit_length(), (sum(words) ** 8).bit_length()]
    said.append(sum(one * n for one, n in zip(near, words, strict=True)) // sum(words))
    said.append(sum(near) // len(near))
    said += [sorted(units)[(len(units) - 1) * part // 100] for part in (5, 25, 50, 75, 95)]
    said.append(sum(abs(one) * n for one, n in zip(units, words, strict=True)) // sum(words))
    least, most, weights, bias = (part.tolist() for part in model.offset)
    total = bias + sum(
        min(max(one, low), high) * weight
        for one, low, high, weight in zip(said, least, most, weights, strict=True)
    )
    return float(max(total, 0) if said[4] > 0 else total) / 2**24


def columns(lines: list[Line], model: LineModel) -> Ints:
    """Return what the forest sees of the lines: (lines, columns)."""
    said = dict(zip(model.vectors.words.tolist(), model.forest.evidence.tolist(), strict=True))
    rows = []
    for line, features in zip(lines, table(lines).tolist(), strict=True):
        each = [said.get(one, 0) for one in line.hashes] or [0]
        known = sum(one in said for one in line.hashes)
        evidence = [sum(each) * 64 // int((4096.0 * len(each)) ** 0.5), sum(each) // len(each)]
        evidence += [max(0, *each), min(0, *each), each[0], each[-1]]
        moved = [min(max(one + NEUTRAL, 0), TOP) for one in evidence]
        rows.append([*features, *moved[:4], known * 100 // len(each), *moved[4:]])
    near = np.array(rows, dtype=np.int64)
    means = []
    for column in WINDOW_COLUMNS:
        for before, after in WINDOWS:
            parts = [near[max(at - before, 0) : at + after + 1, column] for at in range(len(near))]
            means.append([int(part.sum()) // len(part) for part in parts])
    found = np.concatenate((near, np.array(means).T), axis=1)
    assert found.shape == (len(lines), FOREST_COLUMNS)
    return found


def forest_sums(seen: Ints, model: LineModel) -> Ints:
    """Return for each line the sum of the leaves in which it ends."""
    forest, rows, sums = model.forest, seen.tolist(), []
    trees = [part.tolist() for part in (forest.asked, forest.shifts, forest.least, forest.leaves)]
    for at in range(len(rows)):
        total = 0
        for asked, shifts, least, leaves in zip(*trees, strict=True):
            leaf = 0
            for level, column in enumerate(asked):
                other = at + shifts[level] - REACH
                value = rows[other][column] if 0 <= other < len(rows) else 0
                leaf += (value >= least[level]) << level
            total += leaves[leaf]
        sums.append(total)
    return np.array(sums)


def _layer(model: LineModel, name: str, member: int, inputs: Ints) -> Ints:
    layer = model.layers[name]
    sums = (inputs @ layer.weights[member].astype(np.int64)).astype(np.float32)
    value = np.floor(sums * layer.scale[member] + layer.bias[member] + np.float32(0.5))
    return np.clip(value, 0, TOP).astype(np.int64)


def _pooled(model: LineModel, name: str, member: int, states: Ints) -> Ints:
    mean = (states.sum(axis=0) + len(states) // 2) // len(states)
    both = np.concatenate((mean, states.max(axis=0)))[None, :]
    return np.minimum(states + _layer(model, name, member, both), TOP)
