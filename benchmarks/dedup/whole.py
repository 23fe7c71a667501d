"""Deduplicate the records of one JSONL file with the library: read, sign, decide, write, journal.

usage: whole.py IN.jsonl OUT.jsonl [--jobs N] [--numbers differ|ignore] [--threshold T]

The kept lines go to OUT.jsonl; OUT.jsonl.removed holds the removed lines, and OUT.jsonl.journal one
line per removed record: its number, its survivor's number, the kind and the similarity.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

import numpy as np

from cleaner.dedup.engine import Claims, Deduplicator
from cleaner.dedup.scanning import Batch, Signed, Terms, sign
from cleaner.formats.jsonl_scan import Records, copy_lines, scan_records

BATCH = 4 * 2**20


def pieces(path: Path) -> Iterator[bytes]:
    """Yield whole lines, a few megabytes at a time."""
    with path.open("rb", buffering=0) as source:
        rest = b""
        while data := source.read(BATCH):
            cut = data.rfind(b"\n") + 1
            if not cut:
                rest += data
                continue
            yield rest + data[:cut]
            rest = data[cut:]
        if rest:
            yield rest


class Serial:
    """An executor of one thread that runs a call at once."""

    def submit(self, call, *arguments, **options):
        future: Future = Future()
        future.set_result(call(*arguments, **options))
        return future

    def shutdown(self) -> None:
        return None


def part_lines(piece: bytes, starts, ends, keep) -> tuple[memoryview, memoryview]:
    """Return the lines kept and those removed."""
    starts, ends = starts.astype(np.int64), ends.astype(np.int64)
    return copy_lines(piece, starts[keep], ends[keep]), copy_lines(
        piece, starts[~keep], ends[~keep]
    )


def write(part: Future[tuple[memoryview, memoryview]], kept: BinaryIO, removed: BinaryIO) -> None:
    """Write the lines of one piece."""
    for lines, out in zip(part.result(), (kept, removed), strict=True):
        out.write(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--numbers", default="differ")
    parser.add_argument("--threshold", type=float, default=0.8)
    parser.add_argument("--memory", type=float, default=2e9)
    given = parser.parse_args()
    terms = Terms(threshold=given.threshold, numbers=given.numbers)
    clock = time.perf_counter
    marks = [("start", clock())]
    pool = ThreadPoolExecutor(given.jobs) if given.jobs > 1 else Serial()
    with Deduplicator(terms, memory=int(given.memory)) as engine:
        lines = []
        scans: deque[tuple[bytes, Future[Records]]] = deque()
        signs: deque[tuple[Claims, Future[Signed]]] = deque()

        def hand_over(limit: int) -> None:
            while len(signs) > limit:
                claims, signed = signs.popleft()
                engine.add(signed.result(), claims=claims)

        def claim(limit: int) -> None:
            while len(scans) > limit:
                records = scans.popleft()[1].result()
                lines.append((records.line_starts.astype("i4"), records.line_ends.astype("i4")))
                batch = Batch(records.texts, records.starts, records.ends)
                claims = engine.claim(batch)
                signs.append(
                    (
                        claims,
                        pool.submit(
                            sign, batch, terms, compiled=True, raw=claims.raw, units=claims.fresh
                        ),
                    )
                )
                hand_over(given.jobs - 1)

        for piece in pieces(given.source):
            scans.append((piece, pool.submit(scan_records, piece)))
            claim(given.jobs - 1)
        claim(0)
        hand_over(0)
        marks.append(("sign", clock()))
        decisions = engine.decide()
    marks.append(("decide", clock()))
    keep = np.ones(engine.count, dtype=bool)
    keep[decisions.units] = False
    at = 0
    with given.target.open("wb") as kept, Path(f"{given.target}.removed").open("wb") as removed:
        parts: deque[Future[tuple[memoryview, memoryview]]] = deque()
        for piece, (starts, ends) in zip(pieces(given.source), lines, strict=True):
            own = keep[at : at + len(starts)]
            parts.append(pool.submit(part_lines, piece, starts, ends, own))
            at += len(starts)
            if len(parts) >= given.jobs:
                write(parts.popleft(), kept, removed)
        while parts:
            write(parts.popleft(), kept, removed)
    with Path(f"{given.target}.journal").open("w", encoding="utf-8") as journal:
        rows = zip(
            decisions.units.tolist(),
            decisions.survivors.tolist(),
            decisions.kinds.tolist(),
            decisions.similarities.tolist(),
            strict=True,
        )
        journal.writelines(
            f"[{unit},{survivor},{kind},{similarity:.6f}]\n"
            for unit, survivor, kind, similarity in rows
        )
    marks.append(("write", clock()))
    size = given.source.stat().st_size
    print(
        json.dumps(
            {
                "records": engine.count,
                "removed": len(decisions.units),
                "verified": decisions.verified,
                "seconds": {
                    name: round(end - start, 3) for (_, start), (name, end) in pairwise(marks)
                },
                "megabytes": round(size / 1e6, 1),
                "peak_megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            }
        ),
        file=sys.stderr,
    )


if __name__ == "__main__":
    main()
