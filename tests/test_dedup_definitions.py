"""The plain definitions: words, hashes, signatures, bands; and their compiled twins."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from cleaner.dedup.candidates import lsh
from cleaner.dedup.index.index import signatures_of
from cleaner.dedup.signing import hashing, minhash
from cleaner.dedup.signing.sign import Batch, DedupConfig, Signed, sign
from cleaner.dedup.text import essence, words
from cleaner.dedup.text.marks import mark_kind
from tests.interpreted import kernels
from tests.plain_hashes import flaws, numbers_hash, text_hash

PIECES = (
    "the", "Committee", "of", "ÉTÉ", "Straße", "İzmir", "e\u0301t", "7", "1984", "٣٤", "x²",
    "漢字", "か", "カタ", "ไทย", "ย่อ", "ភាសា", "မြန်", "ŉ", "ﬃ", "Ａ", "\ud800", "𝟘", "😀", "_",
    "abcdefgh", "ABCDEFGHIJKLMNOP", "12345678901", "a1b22", ".", "-", ", ", " ", "  ", "\u00a0",
    "\t", "\n", "\x1c", "\x00", "(", "—", "\U000e0101", "a", "I", "'", "’", "5", "½", "*", ")",
    "- ", "…", "«", "。", "Ã©", "Ãª", "Ã\xa0", "\ufffd", "\u00ad", "ß", "%", "# ", "C++", "x-",
)  # fmt: skip
texts = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=40).map("".join),
    st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join),
    st.text(max_size=60),
    st.text(st.characters(), max_size=30),
)


@settings(deadline=None)
@given(texts)
def test_tables_agree_with_the_plain_definition(text: str) -> None:
    tables = words.tables()
    for character in text:
        kind = tables.classes[ord(character)]
        assert bool(kind & words.WORD) == words.is_word_character(character)
        assert bool(kind & words.SPACE) == character.isspace()
        if not kind & (words.WORD | words.SPACE):
            assert kind >> words.KIND_SHIFT == mark_kind(character)
            continue
        assert bool(kind & words.MARK) == words.is_mark(character)
        assert bool(kind & words.DIGIT) == character.isdecimal()
        assert bool(kind & words.SPACELESS) == words.is_spaceless(character)


def test_folding_changes_no_class_and_only_early_characters() -> None:
    tables = words.tables()
    for code in range(0x110000):
        folded = chr(code).casefold()
        if folded == chr(code):
            continue
        assert code < len(tables.folds)
        kinds = {int(tables.classes[ord(part)]) & ~words.MARK for part in folded}
        assert kinds == {int(tables.classes[code]) & ~words.MARK}


@pytest.mark.parametrize("end", [0x80, 0x3000])
def test_smaller_tables_are_the_head_of_the_whole_ones(end: int) -> None:
    whole, head = words.tables(), words.tables(end)
    assert head.classes.tolist() == whole.classes[:end].tolist()
    assert head.folds.tolist() == whole.folds[:end].tolist()
    assert head.long_folds.tolist() == whole.long_folds[: len(head.long_folds)].tolist()


def test_a_batch_is_signed_alike_whatever_else_is_in_it() -> None:
    for text in ("the ferry came late today", "Größe und Straße im Überfluß ŉ", "ჰაერი ⱿⰀ end"):
        alone = sign(Batch.from_texts([text]), DedupConfig())
        among = sign(Batch.from_texts([text, "京\U00020000 ꭰ"]), DedupConfig())
        assert alone.texts[0].tolist() == among.texts[0].tolist()
        assert alone.essences[0] == among.essences[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("don't stop", ["don", "t", "stop"]),
        ("snake_case Über", ["snake", "case", "über"]),
        ("हिन्दी भाषा", ["हि", "न्", "दी", "भा", "षा"]),
        ("中文，字", ["中", "文", "字"]),
        ("Python 的 文档 is translated text", ["python", "的", "文档", "is", "translated", "text"]),
        ("", []),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert words.split_words(text).words == expected


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(texts, max_size=8), st.integers(1, 7), st.sampled_from(["differ", "ignore"]))
def test_compiled_signing_is_the_plain_one(
    batch_texts: list[str], shingle: int, numbers: str
) -> None:
    config = DedupConfig(shingle=shingle, min_words_near=1, numbers=numbers)  # type: ignore[arg-type]
    files = np.arange(len(batch_texts), dtype=np.uint32) // 2
    batch = Batch.from_texts(batch_texts, files)
    with kernels(compiled=False):
        plain = sign(batch, config)
    compiled = sign(batch, config)
    for name in Signed.__dataclass_fields__:
        np.testing.assert_array_equal(getattr(plain, name), getattr(compiled, name), name)


@settings(deadline=None)
@given(texts, st.booleans())
def test_signing_follows_the_plain_definitions(text: str, ignoring: bool) -> None:
    config = DedupConfig(numbers="ignore" if ignoring else "differ", variants="remove")
    signed = sign(Batch.from_texts([text]), config)
    cases, salt, first = (int(one[0]) for one in (signed.cases, signed.salts, signed.texts[:, 0]))
    kept = essence.essence(text, ignore_digits=ignoring)
    assert cases == essence.cases(text)
    assert salt == (0 if ignoring else numbers_hash(text))
    assert int(signed.essences[0]) ^ salt == hashing.piece_hashes(kept)[0]
    assert int(signed.flaws[0]) == flaws(text)
    if "\0" not in text:
        assert (first ^ cases, int(signed.texts[0, 1])) == text_hash(text)


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=60).map(" ".join))
def test_signatures_are_those_of_datasketch(text: str) -> None:
    from datasketch import MinHash

    config = DedupConfig(min_words_near=0)
    signed = sign(Batch.from_texts([text]), config)
    signatures = signatures_of(signed.shingles, signed.places)
    cut = words.split_words(text)
    if not cut.words or words.count_words(cut) < 1:
        return
    theirs = MinHash(num_perm=128, seed=1, scheme="affine32", hashfunc=hashing.shingle_hash)
    count = max(1, len(cut.words) - config.shingle + 1)
    theirs.update_batch(cut.words[at : at + config.shingle] for at in range(count))
    np.testing.assert_array_equal(signatures[0], theirs.hashvalues)


@given(st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=20))
def test_signatures_are_those_of_whole_numbers(elements: list[int]) -> None:
    factors, addends = minhash.permutations()
    expected = []
    for a, b in zip(factors.tolist(), addends.tolist(), strict=True):
        values = []
        for element in elements:
            h = element ^ element >> 16
            h = h * 0x85EBCA6B % 2**32
            h = h ^ h >> 13
            h = h * 0xC2B2AE35 % 2**32
            h = h ^ h >> 16
            values.append((a * h + b) % 2**32)
        expected.append(min(values))
    places = np.array([0, len(elements)], dtype=np.int64)
    signatures = signatures_of(np.array(elements, dtype=np.uint32), places)
    assert signatures.tolist() == [expected]


@given(texts, texts)
def test_texts_have_one_hash_if_and_only_if_they_fold_alike(one: str, two: str) -> None:
    assume("\0" not in one + two)
    if text_hash(one) == text_hash(two):
        assert one.casefold().split() == two.casefold().split()
    elif words.split_words(one) == words.split_words(one.casefold()):
        assert one.casefold().split() != two.split()


@given(texts, st.sampled_from(["  ", "\n", "\u00a0 "]))
def test_case_and_white_space_do_not_count(text: str, space: str) -> None:
    changed = space + text.replace(" ", space) + space
    assert text_hash(changed) == text_hash(text)
    if words.split_words(text) == words.split_words(text.casefold()):
        assert text_hash(text.casefold()) == text_hash(text)


@pytest.mark.parametrize("threshold", [0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 1.0])
def test_bands_find_the_threshold(threshold: float) -> None:
    bands = lsh.choose_bands(threshold)
    assert bands.probability(threshold) >= 0.999
    assert bands.bands * bands.rows <= 128
    more = lsh.Bands(128 // (bands.rows + 1), bands.rows + 1)
    assert more.probability(threshold) < 0.999


def test_the_plan_shows_the_curve() -> None:
    shown = lsh.plan_text(lsh.choose_bands(0.8), 0.8)
    assert "18 bands of 5 rows" in shown
    assert "0.80     0.9992" in shown
