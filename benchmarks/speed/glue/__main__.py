"""Time the repair of lost spaces. usage: python -m benchmarks.speed.glue FILE... [--megabytes N]

FILE holds clean English text, a paragraph a line. Prints MB/s of one core (CPU time) on the text
as it is, wrapped at 75 with its line ends deleted, and with one space in 200 deleted; cold (first
sight of the words) and warm; and for the peers wordninja, symspellpy and wordsegment, each applied
as its users do: to the tokens that its own word list does not have. Each round runs all of them in
turn, in processes of their own, and the fastest round of each counts: what else runs on a machine
only slows.
"""

from __future__ import annotations

import argparse
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from benchmarks.quality.glue.damage import thinned, wrapped
from benchmarks.quality.glue.data import in_documents, squeezed
from benchmarks.speed.glue.rates import by_peers, cold_and_warm


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--megabytes", type=float, default=15.0)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    text = "\n".join(squeezed(path.read_text("utf-8")) for path in options.files)
    clean = in_documents(text[: int(options.megabytes * 1e6)])
    kinds = {
        "clean": clean,
        "wrapped": [wrapped(document, 75) for document in clean],
        "random": [thinned(document, 0.005) for document in clean],
    }
    fastest: dict[tuple[str, str], float] = {}
    for _ in range(options.rounds):
        for kind, documents in kinds.items():
            for work in (cold_and_warm, by_peers):
                with ProcessPoolExecutor(1, get_context("spawn")) as pool:
                    for tool, rate in pool.submit(work, documents).result().items():
                        fastest[kind, tool] = max(rate, fastest.get((kind, tool), 0.0))
    print("| text | tool | MB/s |")
    print("| --- | --- | --- |")
    for (kind, tool), rate in fastest.items():
        print(f"| {kind} | {tool} | {rate:.2f} |")


if __name__ == "__main__":
    main()
