"""Readings: what a person said of each change, kept by the change's key."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

VERDICTS = ("right", "wrong", "unsure")
FOLDER = Path(__file__).parent / "readings"


class Reading(NamedTuple):
    """A verdict on one change; `remark` says why where it is not plain."""

    key: str
    code: str
    place: str
    verdict: str
    remark: str = ""


def load(corpus: str, folder: Path = FOLDER) -> dict[str, Reading]:
    """Return the readings of a corpus by key; none where nobody has read it yet."""
    path = folder / f"{corpus}.tsv"
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        next(rows)
        return {row[0]: Reading(*row) for row in rows}


def add(corpus: str, readings: Iterable[Reading], folder: Path = FOLDER) -> int:
    """Keep `readings`, a later one in place of an earlier; return how many there are now."""
    known = load(corpus, folder)
    for reading in readings:
        if reading.verdict not in VERDICTS:
            message = f"{reading.place}: verdict {reading.verdict!r} is none of {VERDICTS}"
            raise ValueError(message)
        remark = " ".join(reading.remark.split())
        known[reading.key] = reading._replace(remark=remark)
    folder.mkdir(exist_ok=True)
    with (folder / f"{corpus}.tsv").open("w", encoding="utf-8", newline="") as file:
        file.write("\t".join(Reading._fields) + "\n")
        for _, reading in sorted(known.items()):
            file.write("\t".join(reading) + "\n")
    return len(known)
