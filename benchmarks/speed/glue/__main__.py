"""Time the repair of lost spaces. usage: python -m benchmarks.speed.glue FILE... [--megabytes N]

FILE holds clean English text, a paragraph a line. Prints MB/s of one core (CPU time) on the text
as it is, wrapped at 75 with its line ends deleted, and with one space in 200 deleted; cold (first
sight of the words) and warm; and for the peers wordninja, symspellpy and wordsegment, each applied
as its users do: to the tokens that its own word list does not have.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

from benchmarks.quality.glue.damage import thinned, wrapped
from benchmarks.quality.glue.data import in_documents, squeezed
from cleaner.normalize.context import Context
from cleaner.normalize.glue.native import kernels
from cleaner.normalize.glue.repair import repair_glue

_CONTEXT = Context()
_PEER_SHARE = 20
# More characters than any corpus has.
_ALL = 10**18


def speed(work: Callable[[str], object], documents: list[str]) -> float:
    """Return MB/s of CPU time."""
    size = sum(len(document.encode("utf-8")) for document in documents)
    start = time.process_time()
    for document in documents:
        work(document)
    return size / 1e6 / max(1e-9, time.process_time() - start)


def by_cleaner(text: str) -> object:
    return repair_glue(text, _CONTEXT)


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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--megabytes", type=float, default=15.0)
    options = parser.parse_args()
    text = "\n".join(squeezed(path.read_text("utf-8")) for path in options.files)
    clean = in_documents(text[: int(options.megabytes * 1e6)])
    kinds = {
        "clean": clean,
        "wrapped": [wrapped(document, 75) for document in clean],
        "random": [thinned(document, 0.005) for document in clean],
    }
    kernels(_ALL)
    by_cleaner("The cat sat on the mat and that was that.")
    print("| text | tool | MB/s |")
    print("| --- | --- | --- |")
    for kind, documents in kinds.items():
        for state in ("cold", "warm"):
            print(f"| {kind} | cleaner, {state} | {speed(by_cleaner, documents):.2f} |", flush=True)
    for name, worker in (
        ("wordninja", wordninja_worker),
        ("symspellpy", symspell_worker),
        ("wordsegment", wordsegment_worker),
    ):
        work = worker()
        for kind, documents in kinds.items():
            some = documents[::_PEER_SHARE]
            print(f"| {kind} | {name} | {speed(work, some):.2f} |", flush=True)


if __name__ == "__main__":
    main()
