"""The labelled data in a folder, found by their published file names."""

from __future__ import annotations

import json
import lzma
import tarfile
from collections.abc import Iterator
from pathlib import Path

# Lines a document, where a source is one long text.
_LINES = 30


def clean_texts(folder: Path) -> dict[str, str]:
    """Return the texts of `clean_text.tar.xz` by name: eng/NOVEL, pud/LANGUAGE, ... ."""
    texts = {}
    for path in sorted(folder.rglob("clean_text.tar.xz")):
        with tarfile.open(path) as archive:
            for member in archive:
                file = archive.extractfile(member) if member.isfile() else None
                if file is not None:
                    name = member.name.removeprefix("./").removesuffix(".txt")
                    texts[name] = squeezed(file.read().decode("utf-8"))
    return texts


def pages(folder: Path, kind: str | None) -> list[str]:
    """Return the content lines of the pages of a type, or of all others, of `wcxb_*.jsonl.xz`."""
    found = []
    for path in sorted(folder.rglob("wcxb_*.jsonl.xz")):
        with lzma.open(path, "rt", encoding="utf-8") as file:
            for line in file:
                record = json.loads(line)
                if (record["type"] == "article") == (kind == "article"):
                    content = (text for text, label in record["lines"] if label == 1)
                    found.append(squeezed("\n".join(content)))
    return found


def corrections(folder: Path) -> Iterator[tuple[str, list[str], list[str]]]:
    """Yield name, damaged and gold lines of each `NAME.corrupt.txt.xz` and its correct twin."""
    for path in sorted(folder.rglob("*.corrupt.txt.xz")):
        gold = path.with_name(path.name.replace(".corrupt.", ".correct."))
        name = path.name.removesuffix(".corrupt.txt.xz")
        yield name, _lines(path), _lines(gold)


def _lines(path: Path) -> list[str]:
    with lzma.open(path, "rt", encoding="utf-8") as file:
        return file.read().split("\n")


def squeezed(text: str) -> str:
    """Return `text` with single spaces within its lines."""
    return "\n".join(" ".join(line.split()) for line in text.split("\n"))


def in_documents(text: str) -> list[str]:
    """Return `text` in documents of thirty lines with words."""
    lines = [line for line in text.split("\n") if line]
    return ["\n".join(lines[at : at + _LINES]) for at in range(0, len(lines), _LINES)]
