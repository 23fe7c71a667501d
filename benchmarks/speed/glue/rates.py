"""MB/s of the repair of lost spaces and of its peers, each measured in the process that calls."""

from __future__ import annotations

import time
from collections.abc import Callable
from importlib.resources import files

from cleaner.steps.context import Context
from cleaner.steps.lost_spaces.repair import repair_glue

_CONTEXT = Context()
_PEER_SHARE = 20


def speed(work: Callable[[str], object], documents: list[str]) -> float:
    """Return MB/s of CPU time."""
    size = sum(len(document.encode("utf-8")) for document in documents)
    start = time.process_time()
    for document in documents:
        work(document)
    return size / 1e6 / max(1e-9, time.process_time() - start)


def by_cleaner(text: str) -> object:
    return repair_glue(text, _CONTEXT)


def cold_and_warm(documents: list[str]) -> dict[str, float]:
    """Return MB/s of the repair in a process that has not seen the words, and once it has."""
    by_cleaner("The cat sat on the mat and that was that.")
    return {f"cleaner, {state}": speed(by_cleaner, documents) for state in ("cold", "warm")}


def by_peers(documents: list[str]) -> dict[str, float]:
    """Return MB/s of each peer on some of the documents."""
    some = documents[::_PEER_SHARE]
    return {name: speed(worker(), some) for name, worker in PEERS.items()}


def wordninja_worker() -> Callable[[str], object]:
    import wordninja

    model = wordninja.DEFAULT_LANGUAGE_MODEL
    known = model._wordcost
    return lambda text: [
        model.split(t) for t in text.split() if t.isalpha() and t.lower() not in known
    ]


def symspell_worker() -> Callable[[str], object]:
    from symspellpy import SymSpell

    model = SymSpell()
    model.load_dictionary(str(files("symspellpy") / "frequency_dictionary_en_82_765.txt"), 0, 1)
    return lambda text: [
        model.word_segmentation(t, max_edit_distance=0)
        for t in text.split()
        if t.isalpha() and t.lower() not in model.words
    ]


def wordsegment_worker() -> Callable[[str], object]:
    import wordsegment

    wordsegment.load()
    return lambda text: [
        wordsegment.segment(t)
        for t in text.split()
        if t.isalpha() and t.lower() not in wordsegment.UNIGRAMS
    ]


PEERS = {
    "wordninja": wordninja_worker,
    "symspellpy": symspell_worker,
    "wordsegment": wordsegment_worker,
}
