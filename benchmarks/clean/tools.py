"""One tool on one corpus, in a process of its own.

usage: python -m benchmarks.clean.tools NAME CORPUS TARGET

`cleaner` and its parts are the command itself, with outputs and journal. Prints seconds of wall
time and of CPU, and peak memory in MB, as JSON; the imports of a peer are not counted, those of
`cleaner` are.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

PARTS = {
    "cleaner": (),
    "cleaner, characters": ("--select", "ENC"),
    "cleaner, layout": ("--select", "FMT"),
    "cleaner, boilerplate": ("--select", "BOI"),
    "cleaner, words": ("--select", "GLU,HYP"),
    "cleaner, duplicates": ("--select", "DUP"),
}


def documents(corpus: Path) -> Iterator[dict[str, str]]:
    """Yield the records of a JSONL file, or one for each file of a folder."""
    if corpus.is_dir():
        for path in sorted(corpus.rglob("*.txt")):
            yield {"id": path.name, "text": path.read_text("utf-8")}
        return
    with corpus.open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def with_ftfy(corpus: Path, target: Path) -> Callable[[], None]:
    """Repair every text with ftfy's defaults and write it."""
    from ftfy import fix_text

    def work() -> None:
        with target.open("w", encoding="utf-8") as out:
            for record in documents(corpus):
                record["text"] = fix_text(record["text"])
                out.write(json.dumps(record, ensure_ascii=False) + "\n")

    return work


def with_datatrove(corpus: Path, target: Path) -> Callable[[], None]:
    """Read, filter by Gopher's and C4's rules, write."""
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.filters import C4QualityFilter, GopherQualityFilter
    from datatrove.pipeline.readers import JsonlReader
    from datatrove.pipeline.writers import JsonlWriter

    if corpus.is_dir():
        joined = target.with_suffix(".source")
        joined.mkdir()
        with (joined / "all.jsonl").open("w", encoding="utf-8") as out:
            out.writelines(json.dumps(record) + "\n" for record in documents(corpus))
        source = JsonlReader(str(joined))
    else:
        source = JsonlReader(str(corpus.parent), glob_pattern=corpus.name)
    steps = [source, GopherQualityFilter(), C4QualityFilter(), JsonlWriter(str(target))]
    executor = LocalPipelineExecutor(
        steps, tasks=1, workers=1, skip_completed=False, logging_dir=f"{target}.logs"
    )

    def work() -> None:
        executor.run()

    return work


PEERS = {"ftfy": with_ftfy, "datatrove": with_datatrove}
TOOLS = (*PARTS, *PEERS)


def main() -> None:
    """Run one tool and print what it took."""
    name, corpus, target = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    if name in PARTS:
        command = ["cleaner", "clean", str(corpus), "-o", str(target), "-q", "-j", "1"]

        def work() -> None:
            done = subprocess.run([*command, *PARTS[name]], stdout=sys.stderr, check=False)
            if done.returncode not in (0, 3):
                sys.exit(done.returncode)

    else:
        work = PEERS[name](corpus, target)
    whose = resource.RUSAGE_CHILDREN if name in PARTS else resource.RUSAGE_SELF
    before = resource.getrusage(whose)
    start = time.perf_counter()
    work()
    seconds = time.perf_counter() - start
    after = resource.getrusage(whose)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    peak = after.ru_maxrss / (1 << 10 if sys.platform != "darwin" else 1 << 20)
    print(json.dumps({"seconds": seconds, "cpu": cpu, "peak": peak}))


if __name__ == "__main__":
    main()
