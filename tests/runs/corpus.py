"""Made-up records with copies, edited copies and lines that are no records."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import msgspec
import pyarrow.parquet as pq

from cleaner import Cleaner, Settings, restore_files
from cleaner.reports.record import RunReport

_WORDS = [
    "harbour",
    "tide",
    "ferry",
    "rope",
    "lantern",
    "gull",
    "winter",
    "market",
    "bridge",
    "stone",
    "letter",
    "captain",
    "orchard",
    "river",
    "window",
    "coal",
    "timber",
    "parish",
    "chapel",
    "meadow",
    "sailor",
    "barrel",
    "engine",
    "signal",
    "island",
    "pilot",
    "cargo",
    "wharf",
    "storm",
    "anchor",
    "ledger",
    "clerk",
    "baker",
    "miller",
    "smith",
    "weaver",
    "cooper",
    "drover",
    "shepherd",
    "mason",
    "glazier",
]


def paragraph(chance: random.Random, length: int | None = None) -> str:
    """Return a paragraph of random words; two of them hardly ever share a word 5-gram."""
    count = length or chance.randint(12, 60)
    return " ".join(chance.choice(_WORDS) + chance.choice(("", "s", "ed")) for _ in range(count))


def edited(text: str, chance: random.Random, edits: int) -> str:
    """Return `text` with so many words replaced."""
    words = text.split()
    for _ in range(edits):
        words[chance.randrange(len(words))] = chance.choice(("otherwise", "perhaps", "instead"))
    return " ".join(words)


def near_texts(count: int, seed: int) -> list[str]:
    """Return texts of which about half are copies, exact or edited, of one before them."""
    chance = random.Random(seed)
    texts: list[str] = []
    for _ in range(count):
        kind = chance.random()
        if not texts or kind < 0.5:
            texts.append(paragraph(chance))
        elif kind < 0.65:
            texts.append(chance.choice(texts))
        elif kind < 0.75:
            texts.append(chance.choice(texts).upper().replace(" ", "  "))
        else:
            texts.append(edited(chance.choice(texts), chance, chance.randint(1, 5)))
    return texts


def jsonl(texts: list[str], **more: Any) -> bytes:
    """Return a JSONL file of these texts."""
    lines = [
        json.dumps({"id": number, "text": text, **more}, ensure_ascii=number % 2 == 0)
        for number, text in enumerate(texts)
    ]
    return "".join(f"{line}\n" for line in lines).encode("utf-8")


def settings(**dedup: Any) -> Settings:
    """Return settings with these of deduplication; `jobs` is the run's own."""
    jobs = dedup.pop("jobs", 1)
    tables = {name.replace("_", "-"): value for name, value in dedup.items()}
    return msgspec.convert({"dedup": tables, "jobs": jobs}, Settings)


def deduplicate(*inputs: Path, output: Path, **dedup: Any) -> RunReport:
    """Run the command's engine on files."""
    return Cleaner(settings(**dedup)).deduplicate_files(inputs, output, overwrite=True)


def tree(folder: Path, *, but: str = "-") -> dict[str, bytes]:
    """Return every file below a folder."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != but:
            found[path.relative_to(folder).as_posix()] = path.read_bytes()
    return found


def journal(output: Path) -> list[dict[str, Any]]:
    """Return the rows of a run's journal."""
    return pq.read_table(output / "_cleaner/journal.parquet").to_pylist()


def journal_metadata(output: Path) -> dict[str, str]:
    """Return what a run's journal says of the run."""
    found = pq.read_schema(output / "_cleaner/journal.parquet").metadata
    return {key.decode(): value.decode() for key, value in found.items()}


def records(output: Path) -> list[dict[str, Any]]:
    """Return the rows of the records that outputs and edits alone do not give back."""
    return pq.read_table(output / "_cleaner/records.parquet").to_pylist()


def restored(output: Path, destination: Path) -> dict[str, bytes]:
    """Restore the sources of a run, each without an error, and return them."""
    for file in restore_files(output, destination):
        assert file.error is None, file.error
    return tree(destination)
