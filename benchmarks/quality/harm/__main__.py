"""What cleaning does to text that is meant as it is: samples of changes, read one by one.

    python -m benchmarks.quality.harm sample FOLDER --corpus NAME > unread.jsonl
    python -m benchmarks.quality.harm record unread.jsonl --corpus NAME
    python -m benchmarks.quality.harm score FOLDER --corpus NAME

`sample` draws changes of each family and prints those that nobody has read yet, a JSON line
each, with an empty verdict. Fill the verdicts in (right, wrong, unsure), then `record` keeps them.
`score` prints what share of the drawn changes was read as right. See the README beside this file.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections import defaultdict
from pathlib import Path

from benchmarks.quality.harm.changes import Change, Corpus, read_corpus
from benchmarks.quality.harm.readings import FOLDER, Reading, add, load
from cleaner import Settings


def drawn(corpus: Corpus, count: int, seed: int) -> dict[str, list[Change]]:
    """Return by family the changes of a sample: those whose key, mixed with `seed`, hashes least.

    Equal changes between equal neighbours have one key and are drawn once.
    """
    families: dict[str, dict[str, Change]] = defaultdict(dict)
    for change in corpus.changes:
        families[change.family].setdefault(change.key, change)

    def lot(key: str) -> bytes:
        return hashlib.sha256(f"{seed} {key}".encode()).digest()

    return {
        family: [changes[key] for key in sorted(changes, key=lot)[:count]]
        for family, changes in sorted(families.items())
    }


def sample(given: argparse.Namespace) -> None:
    """Print the drawn changes that nobody has read."""
    known = load(given.corpus, given.readings)
    for family, changes in drawn(_corpus(given), given.count, given.seed).items():
        if given.family and family not in given.family.split(","):
            continue
        for change in changes:
            if change.key not in known:
                print(json.dumps({**change._asdict(), "verdict": "", "remark": ""}))


def record(given: argparse.Namespace) -> None:
    """Keep the verdicts that were filled in."""
    lines = given.file.read_text("utf-8").split("\n")
    rows = [json.loads(line) for line in lines if line]
    readings = [
        Reading(row["key"], row["code"], row["place"], row["verdict"], row.get("remark", ""))
        for row in rows
        if row["verdict"]
    ]
    print(f"{len(readings)} recorded, {add(given.corpus, readings, given.readings)} in all")


def score(given: argparse.Namespace) -> None:
    """Print the figures of a corpus."""
    corpus = _corpus(given)
    known = load(given.corpus, given.readings)
    lost = sum(c.words_lost for c in corpus.changes if c.family in ("BOI", "DUP"))
    broken = sum(c.breaks_sentence for c in corpus.changes)
    print(
        f"{given.corpus}: {corpus.words} words; by BOI and DUP lost {lost}, "
        f"{lost / max(1, corpus.words) * 1e6:.0f} per million; sentences newly broken {broken}"
    )
    totals: dict[str, int] = defaultdict(int)
    for change in corpus.changes:
        totals[change.family] += 1
    print("family   changes  drawn  read  right  wrong  unsure")
    for family, changes in drawn(corpus, given.count, given.seed).items():
        accepted = [known[c.key].verdict for c in changes if c.key in known]
        counts = [accepted.count(name) for name in ("right", "wrong", "unsure")]
        share = f"{counts[0] / len(accepted):.3f}" if accepted else "-"
        print(
            f"{family:6} {totals[family]:9} {len(changes):6} {len(accepted):5}  {share:>5} "
            f"{counts[1]:6} {counts[2]:7}"
        )
        for change in changes:
            if change.key in known and known[change.key].verdict == "wrong":
                print(f"    {change.place} {change.code} {known[change.key].remark}")


def _corpus(given: argparse.Namespace) -> Corpus:
    ignored = tuple(given.ignore.split(",")) if given.ignore else ()
    return read_corpus(given.folder.resolve(), Settings(ignore=ignored))


def main() -> int:
    """Run one of the three commands."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(required=True)
    for command in (sample, record, score):
        sub = commands.add_parser(command.__name__, help=command.__doc__)
        sub.set_defaults(command=command)
        sub.add_argument("--corpus", required=True, help="the name that readings are kept under")
        sub.add_argument("--readings", type=Path, default=FOLDER, help="folder of the readings")
        if command is record:
            sub.add_argument("file", type=Path)
            continue
        sub.add_argument("folder", type=Path)
        sub.add_argument("--count", type=int, default=200, help="changes drawn of each family")
        sub.add_argument("--seed", type=int, default=1)
        sub.add_argument("--ignore", default="", help="codes that do not act")
        if command is sample:
            sub.add_argument("--family", default="", help="only these, parted by commas")
    given = parser.parse_args()
    given.command(given)
    return 0


if __name__ == "__main__":
    sys.exit(main())
