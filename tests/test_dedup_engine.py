"""Decisions, held against plain references that compare every pair."""

from __future__ import annotations

import random
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.dedup.decisions import Decisions
from cleaner.dedup.engine import Deduplicator
from cleaner.dedup.signing import hashing
from cleaner.dedup.signing.sign import Batch, DedupConfig, sign
from cleaner.dedup.text import essence, words
from cleaner.dedup.verify.survivors import Survivor
from tests.interpreted import kernels
from tests.plain_hashes import flaws

VOCABULARY = [f"word{letter}{other}" for letter in "abcdefgh" for other in "klmnop"]


def jaccard(one: frozenset[int], two: frozenset[int]) -> float:
    """Return the Jaccard similarity of two sets; 0 where both are empty."""
    union = len(one | two)
    return len(one & two) / union if union else 0.0


def decide(
    texts: list[str],
    config: DedupConfig | None = None,
    *,
    files: list[int] | None = None,
    protected: list[bool] | None = None,
    damage: list[int] | None = None,
    survivor: Survivor = "first",
    what: str = "decide",
    cuts: tuple[int, ...] = (),
    claiming: bool = False,
    memory: int = 2**31,
) -> Decisions:
    config = config or DedupConfig()
    places = files or [0] * len(texts)
    with Deduplicator(config, survivor=survivor, memory=memory) as engine:
        for start, end in pairwise([0, *sorted(cuts), len(texts)]):
            own = np.array(places[start:end], dtype=np.uint32)
            batch = Batch.from_texts(texts[start:end], own)
            interned = engine.intern(batch) if claiming else None
            signed = sign(
                batch,
                config,
                raw=interned.raw if interned else None,
                units=interned.fresh if interned else None,
            )
            engine.add(
                signed,
                interned=interned,
                files=own,
                protected=np.array(protected[start:end]) if protected else None,
                damage=np.array(damage[start:end], dtype=np.uint32) if damage else None,
            )
        found = engine.decide()
        return engine.variants() if what == "variants" else found


THINNING = DedupConfig(variants="remove")


def as_dict(decisions: Decisions) -> dict[int, tuple[int, int, float]]:
    return {
        unit: (survivor, kind, similarity)
        for unit, survivor, kind, similarity in zip(
            decisions.units.tolist(),
            decisions.survivors.tolist(),
            decisions.kinds.tolist(),
            decisions.similarities.tolist(),
            strict=True,
        )
    }


def greedy(
    texts: list[str],
    config: DedupConfig,
    files: list[int],
    protected: list[bool],
    order: list[int],
) -> dict[int, tuple[int, int, float]]:
    """The definition: in order, against every text kept before."""
    cut = [words.split_words(text) for text in texts]
    ignoring = config.numbers == "ignore"
    essences = [essence.essence(text, ignore_digits=ignoring) for text in texts]
    cases = [essence.cases(text) for text in texts]
    keeping = config.variants == "keep"
    sets = [frozenset(hashing.shingles(one, config.shingle)) for one in cut]
    counts = [words.count_words(one) for one in cut]
    folded = [(" ".join(text.casefold().split()), essence.cases(text)) for text in texts]
    numbers = [words.numbers(text) if config.numbers == "differ" else [] for text in texts]
    apart = files if config.scope == "file" else [0] * len(texts)
    result: dict[int, tuple[int, int, float]] = {}
    rank = {unit: at for at, unit in enumerate(order)}
    first: dict[tuple[tuple[str, int], int], int] = {}
    kept: list[int] = []
    for unit in order:
        head = first.setdefault((folded[unit], apart[unit]), unit)
        if head == unit and counts[unit] >= max(1, config.min_words_near):
            best = (0.0, 0, -1)
            for other in kept:
                if protected[unit] or apart[other] != apart[unit]:
                    continue
                if keeping and essences[other] != essences[unit]:
                    continue
                if keeping and not essence.cases_agree(cases[other], cases[unit]):
                    continue
                similarity = jaccard(sets[unit], sets[other])
                if numbers[unit] == numbers[other] and similarity >= config.threshold - 1e-9:
                    best = max(best, (similarity, -rank[other], other))
            if best[2] >= 0:
                across = files[unit] != files[best[2]]
                result[unit] = (best[2], 411 + across, best[0])
            else:
                kept.append(unit)
        elif head != unit and not protected[unit]:
            if head in result:
                survivor, _, similarity = result[head]
                result[unit] = (survivor, 411 + (files[unit] != files[survivor]), similarity)
            elif counts[unit] >= config.min_words_exact:
                result[unit] = (head, 401 + (files[unit] != files[head]), 1.0)
    return result


def change(text: str, rng: random.Random) -> str:
    cut = text.split(" ")
    for _ in range(rng.randrange(0, 3)):
        cut[rng.randrange(len(cut))] = rng.choice([*VOCABULARY, "7", "8"])
    if rng.random() < 0.2:
        cut[0] = cut[0].upper()
    if rng.random() < 0.3:
        cut[rng.randrange(len(cut))] += rng.choice([",", ".", " -", "-", "+", "!", "\u00ad"])
    if rng.random() < 0.1:
        return "".join(cut[:2]) + " " + " ".join(cut[2:])
    return " ".join(cut)


def corpus(seed: int, count: int) -> list[str]:
    rng = random.Random(seed)
    texts: list[str] = []
    for _ in range(count):
        if texts and rng.random() < 0.6:
            texts.append(change(rng.choice(texts), rng))
        else:
            size = rng.choice([3, 6, 9, 12, 30, 60])
            texts.append(" ".join(rng.choice(VOCABULARY) for _ in range(size)))
    return texts


@settings(deadline=None, max_examples=60)
@given(
    st.integers(0, 10**6),
    st.integers(0, 60),
    st.sampled_from(["first", "best"]),
    st.sampled_from(["corpus", "file"]),
    st.sampled_from(["differ", "ignore"]),
    st.sampled_from(["keep", "remove"]),
    st.booleans(),
)
def test_decisions_follow_the_definition(
    seed: int,
    count: int,
    survivor: Survivor,
    scope: str,
    numbers: str,
    variants: str,
    compiled: bool,
) -> None:
    rng = random.Random(seed)
    texts = corpus(seed, count)
    files = sorted(rng.randrange(4) for _ in texts)
    protected = [rng.random() < 0.1 for _ in texts]
    damage = [rng.randrange(3) for _ in texts]
    config = DedupConfig(  # type: ignore[arg-type]
        threshold=0.6, scope=scope, numbers=numbers, variants=variants
    )
    order = list(range(len(texts)))
    if survivor == "best":
        order.sort(
            key=lambda unit: (
                # Reference texts are equally good.
                not protected[unit] and flaws(texts[unit]) + (damage[unit] << essence.DAMAGE_SHIFT),
                unit,
            )
        )
    order.sort(key=lambda unit: not protected[unit])
    expected = greedy(texts, config, files, protected, order)
    cuts = tuple(rng.randrange(len(texts) + 1) for _ in range(3))
    with kernels(compiled=compiled):
        found = decide(
            texts,
            config,
            files=files,
            protected=protected,
            damage=damage,
            survivor=survivor,
            cuts=cuts,
            claiming=survivor == "first" and rng.random() < 0.5,
            memory=rng.choice([0, 2**31]),
        )
    assert as_dict(found) == expected


def test_batches_and_memory_do_not_matter() -> None:
    texts = corpus(5, 3000)
    for config, least in ((DedupConfig(), 200), (THINNING, 500)):
        whole = as_dict(decide(texts, config))
        assert len(whole) > least
        assert as_dict(decide(texts, config, cuts=(1, 700, 2999), memory=0)) == whole
        assert as_dict(decide(texts, config, cuts=(1500,), claiming=True)) == whole
    varied = as_dict(decide(texts, what="variants"))
    assert len(varied) > 100
    assert as_dict(decide(texts, what="variants", cuts=(9,))) == varied


def test_interpreted_kernels_decide_alike() -> None:
    texts = corpus(5, 600)
    for config in (DedupConfig(), THINNING):
        whole = as_dict(decide(texts, config))
        varied = as_dict(decide(texts, config, what="variants"))
        assert whole
        with kernels(compiled=False):
            assert as_dict(decide(texts, config, claiming=True)) == whole
            assert as_dict(decide(texts, config, what="variants", cuts=(9,))) == varied


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10**6), st.booleans())
def test_variants_resemble_one_that_is_kept_and_stay(seed: int, compiled: bool) -> None:
    texts = corpus(seed, 60)
    config = DedupConfig(threshold=0.6)
    with kernels(compiled=compiled):
        gone = as_dict(decide(texts, config))
        varied = as_dict(decide(texts, config, what="variants"))
    first = {}
    for unit, text in enumerate(texts):
        first.setdefault((" ".join(text.casefold().split()), essence.cases(text)), unit)
    kept = [unit for unit in first.values() if unit not in gone]
    options = DedupConfig(threshold=0.6, variants="remove", numbers="ignore")
    among = greedy(
        [texts[unit] for unit in kept], options, [0] * 60, [False] * 60, [*range(len(kept))]
    )
    assert varied == {
        kept[unit]: (kept[other], 413, how) for unit, (other, _, how) in among.items()
    }


@given(st.integers(0, 10**6), st.sampled_from(["keep", "remove"]), st.sampled_from([2, 3, 5, 9]))
def test_units_that_share_nothing_are_neither_copies_nor_variants(
    seed: int, variants: str, count: int
) -> None:
    texts = corpus(seed, count)
    config = DedupConfig(variants=variants)
    found = decide(texts, config)
    varying = decide(texts, config, what="variants")
    may = sign(Batch.from_texts(texts), config).may_repeat()
    assert may or not len(found.units) + len(varying.units)
    distinct = [f"word{number} " * 30 + f"end{number}" for number in range(count)]
    assert not sign(Batch.from_texts(distinct), config).may_repeat()


def test_tasks_and_large_buckets_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = corpus(6, 2000)
    rng = random.Random(6)
    texts += [change(texts[0] if len(texts[0]) > 200 else " ".join(VOCABULARY), rng)] * 2
    texts += [change(" ".join(VOCABULARY), rng) for _ in range(600)]
    whole = as_dict(decide(texts, THINNING))
    monkeypatch.setattr("cleaner.dedup.verify.near._MEMBERS_A_TASK", 1)
    assert as_dict(decide(texts, THINNING)) == whole
    monkeypatch.setattr("cleaner.dedup.verify.near._RECENT", 1)
    monkeypatch.setattr("cleaner.dedup.candidates.join.LARGE", 2)
    assert as_dict(decide(texts, THINNING)) == whole
    with kernels(compiled=False):
        assert as_dict(decide(texts, THINNING)) == whole


NOTICE = (
    "The office in building {} will be closed on day {} of the month for maintenance of the "
    "heating, and calls will be answered by the main desk until the work has ended"
)


def test_notices_that_differ_in_numbers_are_kept() -> None:
    texts = [NOTICE.format(unit, unit % 28) for unit in range(1000)]
    assert len(decide(texts).units) == 0
    assert len(decide(texts, THINNING).units) == 0
    lifted = decide(texts, DedupConfig(numbers="ignore", threshold=0.3))
    assert len(lifted.units) == 999


def test_templates_are_joined_without_quadratic_work() -> None:
    rng = random.Random(1)
    shared = "this method was described in the class above and is shown here for the reader only"
    texts = [f"{shared} {' '.join(rng.choice(VOCABULARY) for _ in range(12))}" for _ in range(4000)]
    texts += [text.replace("above", "below") for text in texts[::100]]
    found = decide(texts, THINNING)
    expected = greedy_pairs(texts[:4000:100], texts[4000:])
    assert dict(zip(found.units.tolist(), found.survivors.tolist(), strict=True)) == expected
    assert found.verified < 4040 * 20


def greedy_pairs(originals: list[str], changed: list[str]) -> dict[int, int]:
    result = {}
    for at, (one, two) in enumerate(zip(originals, changed, strict=True)):
        sets = [frozenset(hashing.shingles(words.split_words(text), 5)) for text in (one, two)]
        if jaccard(*sets) >= 0.8:
            result[4000 + at] = 100 * at
    return result


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (
            "東京の天気は今日も晴れで、最高気温は平年より高くなる見込みです。",
            "東京の天気は今日も晴れで、最高気温は平年より高くなる予想です。",
        ),
        (
            "ประเทศไทยมีสามฤดูคือฤดูร้อนฤดูฝนและฤดูหนาวซึ่งแต่ละภาคมีอากาศต่างกันไป",
            "ประเทศไทยมีสามฤดูคือฤดูร้อนฤดูฝนและฤดูหนาวซึ่งแต่ละภาคมีอากาศต่างกัน",
        ),
    ],
)
def test_scripts_without_spaces(one: str, two: str) -> None:
    found = as_dict(decide([one, two], DedupConfig(threshold=0.7, variants="remove")))
    assert found[1][:2] == (0, 411)
    assert as_dict(decide([one, two], DedupConfig(threshold=0.7), what="variants"))[1][:2] == (
        0,
        413,
    )
    assert decide([one, one]).kinds.tolist() == [401]


def test_short_texts_are_left_alone() -> None:
    assert not len(decide(["four words stand here"] * 2).units)
    assert decide(["now five words stand here"] * 2).kinds.tolist() == [401]


def test_no_chain_removes_what_resembles_nothing_kept() -> None:
    rng = random.Random(3)
    first = [rng.choice(VOCABULARY) + str(at) for at in range(60)]
    chain = [first]
    for step in range(8):
        following = list(chain[-1])
        following[step * 6] = "changed"
        chain.append(following)
    texts = [" ".join(one) for one in chain]
    found = as_dict(decide(texts, DedupConfig(numbers="ignore", variants="remove")))
    assert found
    for unit, (survivor, _, similarity) in found.items():
        sets = [
            frozenset(hashing.shingles(words.split_words(texts[one]), 5))
            for one in (unit, survivor)
        ]
        assert survivor not in found
        assert jaccard(*sets) == similarity >= 0.8


@pytest.mark.parametrize(
    "config", [DedupConfig(), THINNING, DedupConfig(numbers="ignore", min_words_near=0)]
)
@pytest.mark.parametrize("survivor", ["first", "best"])
def test_units_signed_again_are_decided_as_if_they_were_new(
    config: DedupConfig, survivor: Survivor
) -> None:
    dice = random.Random(5)
    shared = [" ".join(dice.choices(VOCABULARY, k=dice.choice((3, 8, 30)))) for _ in range(40)]
    texts = []
    for _ in range(400):
        parts = dice.choice(shared).split()
        if dice.random() < 0.5:
            parts[dice.randrange(len(parts))] = dice.choice(("other", "7", "8", parts[0].upper()))
        texts.append(" ".join(parts))
    left = [number for number in range(len(texts)) if dice.random() < 0.7]
    more = [f"{dice.choice(texts)} and more" for _ in range(20)]
    with (
        Deduplicator(config, survivor=survivor) as engine,
        Deduplicator(config, survivor=survivor) as again,
        Deduplicator(config, survivor=survivor) as fresh,
    ):
        engine.add(sign(Batch.from_texts(texts), config))
        engine.decide()
        groups, flaws_of = engine.groups()[left], np.zeros(len(left), dtype=np.uint32)
        if survivor == "best":
            flaws_of = engine.flaws()[left]
        signed = sign(Batch.from_texts(more), config)
        groups = np.append(engine.groups_of(signed), groups)
        flaws_of = np.append(signed.flaws, flaws_of)
        for some in (slice(0, 90), slice(90, 400)):
            again.add(engine.signed_again(groups[some], flaws_of[some]))
        fresh.add(sign(Batch.from_texts([*more, *(texts[number] for number in left)]), config))
        for one, other in ((again.decide(), fresh.decide()), (again.variants(), fresh.variants())):
            assert as_dict(one) == as_dict(other)
        inside, expected = again.contained(), fresh.contained()
        assert inside.units.tolist() == expected.units.tolist()
        assert inside.containers.tolist() == expected.containers.tolist()
        assert np.array_equal(again.groups(), fresh.groups())
        assert np.array_equal(again.flaws(), fresh.flaws())
