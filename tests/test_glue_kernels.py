"""The kernels of the lost-spaces stage, compiled and interpreted, and what they are to find."""

from __future__ import annotations

import functools
import math
import random
import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import event, example, given, settings
from hypothesis import strategies as st

from cleaner.steps.context import Context
from cleaner.steps.lost_spaces import odds
from cleaner.steps.lost_spaces.candidates.classifier import TokenClassifier
from cleaner.steps.lost_spaces.corpus import passages
from cleaner.steps.lost_spaces.corpus.passages import known_gaps, learn_passages, spaced_keys
from cleaner.steps.lost_spaces.languages import common
from cleaner.steps.lost_spaces.languages.common import count_common, languages
from cleaner.steps.lost_spaces.reader import codes as config
from cleaner.steps.lost_spaces.repair import repair_glue
from cleaner.steps.lost_spaces.survey import Surveyor
from cleaner.steps.lost_spaces.words import wordlist
from cleaner.steps.lost_spaces.words.compounds import compounds_of
from cleaner.steps.lost_spaces.words.hashing import BASE, MASK, MIXER
from cleaner.steps.lost_spaces.words.lexicon import lexicon_of
from cleaner.steps.lost_spaces.wrapping import widths
from cleaner.steps.lost_spaces.wrapping.wrap import Breaks
from tests.glue_plainly import interpreted_examiner, listed
from tests.interpreted import interpreted
from tests.test_glue import WORDS, damaged_paragraphs, wrapped

# Tokens of which what is left behind a seam may fill a whole line.
LONG = ["harbour-" * 7 + "wall", "wheelhouse" * 6, "a" * 79, "https://example.org/" + "sea/" * 12]
ODD_CHARACTERS = "ab \n\t\u00a0\u2028\ud800İßΣ.,-'\"()1é中\U0001f600"
strange_texts = st.text(st.sampled_from(ODD_CHARACTERS), max_size=300)

both = functools.cache(lambda language: (interpreted_examiner(language), TokenClassifier(language)))


def know_dull(surveyor: Surveyor, classifier: TokenClassifier) -> None:
    """Ask about every token of the text: what is dull is known once it is asked about."""
    surveyor.survey(dull=True)
    for tokens in surveyor.tokens(set())[0].values():
        for _, token in tokens:
            classifier.finding(token)


def assert_same(text: str, language: str = "en") -> None:
    """Both ways to read `text` find the same tokens and the same widths."""
    plain, compiled = (Surveyor(text, classifier) for classifier in both(language))
    for surveyor, classifier in zip((plain, compiled), both(language), strict=True):
        know_dull(surveyor, classifier)
    for dull in (True, False):
        assert compiled.survey(dull=dull) == plain.survey(dull=dull)
        assert compiled.tokens(set()) == plain.tokens(set())
    if not compiled.survey(dull=True).may_part:
        return
    plain.survey(dull=True)
    assert compiled.suspicious() == plain.suspicious()
    count = len(text.split("\n"))
    for suspicious in ([1] * count, [len(line) // 60 for line in text.split("\n")]):
        chosen = compiled.choose(0, count, suspicious)
        assert chosen == plain.choose(0, count, suspicious)
        breaks = Breaks(chosen.places, chosen.odds, [0] * len(chosen.places))
        assert compiled.rescore_breaks(breaks) == plain.rescore_breaks(breaks)


@settings(max_examples=25, deadline=None)
@given(text=damaged_paragraphs())
def test_damaged_text_is_read_alike(text: str) -> None:
    assert_same(text)


@settings(max_examples=60, deadline=None)
@given(text=strange_texts)
def test_any_text_is_read_alike(text: str) -> None:
    assert_same(text)


@settings(max_examples=10, deadline=None)
@given(
    chosen=st.lists(st.sampled_from([*WORDS, *LONG]), min_size=10, max_size=60),
    width=st.integers(40, 90),
)
def test_long_tokens_are_decoded_alike(chosen: list[str], width: int) -> None:
    assert_same("Brombeek " + wrapped(" ".join(chosen), width))


@pytest.mark.parametrize("language", ["de", "fr", "ru"])
def test_other_languages_are_read_alike(language: str) -> None:
    draw = random.Random(language)
    words = [word for word in listed(language)[:3000] if len(word) > 1]
    assert_same(
        "\n".join(wrapped(" ".join(draw.choices(words, k=60)), 72) for _ in range(3)), language
    )


@settings(max_examples=40, deadline=None)
@given(text=damaged_paragraphs(), draw=st.data())
def test_any_breaks_are_asked_about_alike(text: str, draw: st.DataObject) -> None:
    strange = draw.draw(st.text(st.sampled_from(ODD_CHARACTERS), max_size=60))
    text = f"{text} {strange} {text[:200].replace(' ', '')}"
    inside = [
        at for at in range(1, len(text)) if not (text[at - 1].isspace() or text[at].isspace())
    ]
    places = sorted(draw.draw(st.sets(st.sampled_from(inside), max_size=60)))
    odds = draw.draw(st.lists(st.floats(-9, 6), min_size=len(places), max_size=len(places)))
    plain, compiled = (Surveyor(text, classifier) for classifier in both("en"))
    breaks = Breaks(places, odds, [70] * len(places))
    moved = compiled.rescore_breaks(breaks)
    assert moved == plain.rescore_breaks(breaks)
    event("moved" if moved != breaks else "as it was")


def key_of_gap(letters: str) -> int:
    """Return the key of a gap with these letters before and after it."""
    total = sum(ord(letter.lower()[0]) * BASE**at for at, letter in enumerate(letters)) & MASK
    key = ((total ^ (total >> 31)) * MIXER) & MASK
    return key ^ (key >> 29)


def gaps_of(text: str) -> dict[int, tuple[int, bool]]:
    """Return the key of the gap before each letter with a window around it, and if it is spaced."""
    at = [
        place
        for place, character in enumerate(text)
        if character < "\u3000" and character.isalnum()
    ]
    half = config.WINDOW
    return {
        at[gap]: (
            key_of_gap("".join(text[place] for place in at[gap - half : gap + half])),
            any(map(str.isspace, text[at[gap - 1] : at[gap]])),
        )
        for gap in range(half, len(at) - half + 1)
    }


@settings(max_examples=100, deadline=None)
@given(
    texts=st.lists(damaged_paragraphs(), min_size=1, max_size=2),
    strange=st.text(st.sampled_from(ODD_CHARACTERS), max_size=60),
    joined=st.sets(st.integers(0, 80)),
)
def test_gaps_in_copies_are_found(texts: list[str], strange: str, joined: set[int]) -> None:
    text = strange.join(texts)
    keys = [key for key, spaced in gaps_of(text).values() if spaced]
    assert spaced_keys(text).tolist() == keys
    # A copy that has lost some of its spaces.
    words = text.split(" ")
    copy = "".join(word + " " * (at not in joined) for at, word in enumerate(words))
    spans = [match.span() for match in re.finditer(r"\S{4,}", copy)]
    learned = learn_passages([text])
    found = known_gaps(copy, spans, learned)
    event(f"{min(len(found), 3)} or more gaps")
    assert found == [
        place
        for place, (key, spaced) in gaps_of(copy).items()
        if key in keys and not spaced and any(start < place < end for start, end in spans)
    ]
    with pytest.MonkeyPatch.context() as patch:
        plain = interpreted("cleaner.steps.lost_spaces.corpus.passages_kernel")
        patch.setattr(passages, "gaps_by", plain.gaps_by)
        assert spaced_keys(text).tolist() == keys
        assert known_gaps(copy, spans, learned) == found


@settings(max_examples=200, deadline=None)
@given(
    words=st.lists(
        st.sampled_from([*"the der LES ÎN İLE και ΤΗΣ не 的 a\u0307 \u212aan ß l'".split(), *WORDS])
        | st.text(st.sampled_from(ODD_CHARACTERS), max_size=8)
    )
)
@example(words=["a\u0130"])
def test_common_words_are_counted(words: list[str]) -> None:
    text = " ".join(words)
    met = Counter(text.lower().split())
    count, counts = count_common(text)
    assert count == met.total()
    common_words = common.words_by_language()
    assert counts.tolist() == [
        sum(met[word] for word in set(common_words[language])) for language in languages()
    ]
    with pytest.MonkeyPatch.context() as patch:
        plain = interpreted("cleaner.steps.lost_spaces.languages.common_kernel")
        patch.setattr(common, "_kernel", plain)
        again, plainly = count_common(text)
        assert (again, plainly.tolist()) == (count, counts.tolist())


def test_more_tokens_than_there_is_room_for() -> None:
    draw = random.Random(1)
    words = ["".join(draw.choices("abcdehilnorst", k=draw.randint(2, 9))) for _ in range(30_000)]
    text = "\n".join(" ".join(words[at : at + 30]) for at in range(0, len(words), 30))
    classifier = TokenClassifier("en")
    once = Surveyor(text, classifier)
    know_dull(once, classifier)
    again = Surveyor(text, classifier)
    assert again.survey(dull=True) == once.survey(dull=True)
    assert again.tokens(set()) == once.tokens(set())
    assert once.survey(dull=True).words == len(words)


def test_one_line_of_many_breaks() -> None:
    draw = random.Random(2)
    words = draw.choices(WORDS, k=20_000)
    found = repair_glue(wrapped(" ".join(words), 64), Context())
    assert sum(edit.code == "GLU201" for edit in found.edits) > 1500


def test_threads_share_what_is_known() -> None:
    draw = random.Random(5)
    texts = [wrapped(" ".join(draw.choices(WORDS, k=400)), 60 + n) for n in range(40)]
    repaired = [repair_glue(text, Context()).text for text in texts]
    with ThreadPoolExecutor(4) as pool:
        for found in pool.map(lambda _: [repair_glue(t, Context()).text for t in texts], range(4)):
            assert found == repaired


@pytest.mark.parametrize("language", ["en", "da"])
def test_words_have_their_shares(language: str) -> None:
    lexicon = lexicon_of(language)
    words = listed(language)
    assert None not in map(lexicon.listed.get, words)
    draw = random.Random(language)
    known = set(words)
    for word in draw.choices(words, k=2000):
        other = draw.choice(words) + word
        assert (lexicon.listed.get(other) is not None) == (other in known)
    shares = [lexicon.listed.get(word) or 0.0 for word in words if len(word) > 3]
    assert shares == sorted(shares, reverse=True)


def test_short_words_that_are_rare_are_rarer_still() -> None:
    lexicon = lexicon_of("en")
    assert lexicon.listed.get("the") == pytest.approx(-1.27, abs=0.01)
    # One word in 300,000 is "hux", but no word of three letters is one that is so rare.
    assert (lexicon.listed.get("vra") or 0.0) < -8.0


@pytest.mark.parametrize("language", ["en", "da"])
def test_compounds_are_counted(language: str) -> None:
    share, counts = lexicon_of(language).listed.get, compounds_of(language)
    words = [word for word in listed(language) if len(word) > 3 and (share(word) or 0.0) > -7.5]
    known = {word for word in listed(language) if len(word) > 1 and (share(word) or 0.0) > -5.8}
    for part in ("over", "man", "the", "s", "house", "land"):
        begun = sum(word.startswith(part) and word[len(part) :] in known for word in words)
        ended = sum(word.endswith(part) and word[: -len(part)] in known for word in words)
        assert counts.beginning(part) == pytest.approx(math.log10(1 + begun))
        assert counts.ending(part) == pytest.approx(math.log10(1 + ended))


@given(
    keys=st.lists(st.integers(0, 2**64 - 1).map(lambda key: key | 1), max_size=80),
    few=st.booleans(),
)
def test_tables_of_words_are_dictionaries(keys: list[int], few: bool) -> None:
    if few:  # many in one bucket, some of them twice
        keys = [key & 0xF00000000000000F for key in keys]
    places = [number % 7 for number in range(len(keys))]
    values = -np.arange(7.0)
    table = wordlist.table_of(np.array(keys, np.uint64), np.array(places, np.uint16), values)
    plain = interpreted("cleaner.steps.lost_spaces.words.wordlist_kernel")
    with patch.object(wordlist, "arrange", plain.arrange):
        again = wordlist.table_of(np.array(keys, np.uint64), np.array(places, np.uint16), values)
    assert [one.tolist() for one in table] == [one.tolist() for one in again]
    expected = dict(zip(keys, places, strict=True))
    assert len(table.entries) == len(expected)
    place_of = interpreted("cleaner.steps.lost_spaces.reader.words.words_kernel").place_of
    shift = (len(table.starts) - 1).bit_length()
    entries, starts = table.entries.tolist(), table.starts.tolist()
    for key in {*keys, *(key ^ 2 for key in keys), *(key ^ 1 << 63 for key in keys)}:
        assert place_of(entries, starts, shift, key) == expected.get(key, -1)


@pytest.mark.parametrize("language", ["vi", "is", "de"])
def test_a_table_holds_the_words_of_a_list(language: str) -> None:
    table = wordlist.hashed_words(language)
    listed_words = listed(language)
    shift = (len(table.starts) - 1).bit_length()
    keys = wordlist.keys_of(listed_words)
    buckets = (keys >> np.uint64(1)) & np.uint64(len(table.starts) - 2)
    for key, bucket in zip(keys[:3000].tolist(), buckets[:3000].tolist(), strict=True):
        own = table.entries[table.starts[bucket] : table.starts[bucket + 1]].tolist()
        assert [(entry ^ key) >> shift for entry in own].count(0) == 1
    # A word takes some nine bytes.
    assert table.entries.nbytes + table.starts.nbytes < 11 * len(table.entries)


def small_file(words: list[list[str]]) -> bytes:
    """Return a file of words such as those of wordfreq."""
    data = b"\xdc" + (len(words) + 1).to_bytes(2, "big") + b"\x82\xa6format\xa2cB\xa7version\x01"
    for one in words:
        data += b"\xdc" + len(one).to_bytes(2, "big")
        for word in one:
            encoded = word.encode("utf-8")
            data += b"\xd9" + bytes([len(encoded)]) + encoded
    return data


@given(
    words=st.lists(
        st.lists(st.text(st.sampled_from("aeß中😀"), max_size=9), max_size=5), max_size=9
    ),
    cut=st.integers(0, 60),
    place=st.integers(0, 200),
    byte=st.integers(0, 255),
)
def test_no_damaged_file_is_read(words: list[list[str]], cut: int, place: int, byte: int) -> None:
    whole = small_file(words)
    other = bytearray(whole)
    other[place % len(other)] = byte
    for data in (whole, whole[: -cut or None], bytes(other)):
        counts = []
        tables = []
        for kernel in (wordlist, interpreted("cleaner.steps.lost_spaces.words.wordlist_kernel")):
            logps = -np.arange(1.0, len(words) + 1)
            found = kernel.word_list(np.frombuffer(data, np.uint8), logps, np.zeros(0), 0.0)
            counts.append(found.count())
            keys, places = np.zeros(50, np.uint64), np.zeros(50, np.uint16)
            if counts[-1] >= 0 and counts[-1] < 50:
                found.write_keys(keys, places)
            tables.append((keys.tolist(), places.tolist()))
        assert counts[0] == counts[1]
        assert tables[0] == tables[1]
        if data == whole:
            assert counts[0] == sum(map(len, words))
        elif len(data) < len(whole):
            assert counts[0] == -1


def test_arrays_of_the_kernels_have_room() -> None:
    # The lengths of their arrays stand in the .pxd files.
    assert config.MAX_TOKEN <= 80
    assert odds.MAX_LENGTH <= 45
    assert widths.BEAM_STATES <= 5
    assert widths.MAX_WIDTHS_NEAR <= 5
    assert len(widths.WIDTHS) <= 81
    assert config.WINDOW <= 20
