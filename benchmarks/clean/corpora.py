"""Makes the corpora of this benchmark from public data.

usage: python -m benchmarks.clean.corpora TARGET [--pages FILE] [--novels FOLDER] [--docs FOLDER]

FILE holds labelled pages (see the README of `benchmarks/quality/boilerplate`), `--novels` names a
folder of plain text, `--docs` one of unpacked documentation packages (see `benchmarks/dedup`). Of
each, `TARGET` gets what can be made of it, up to `--megabytes` each:

- `news.jsonl`: the text of articles in pieces of some 2 KB; `pages.jsonl`: whole pages as they are
- `novels/`: as they are; `wrapped/`: with every line end of a wrap at 75 columns lost
- `docs.jsonl`: documentation, a record a file; `files/`: the smaller ones as files
"""

from __future__ import annotations

import argparse
import json
import lzma
import textwrap
from collections.abc import Iterable, Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Any

from benchmarks.dedup.corpus import document

PIECE = 2_000
SMALL = 12_000


def pages(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the records of a JSONL file, plain or compressed by xz."""
    start = lzma.open if path.suffix == ".xz" else open
    with start(path, "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)


def news(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the text of each article, by whole paragraphs, in pieces."""
    for page in pages(path):
        if page["type"] != "article":
            continue
        piece: list[str] = []
        number = 0
        for line, label in [*page["lines"], ["", 1]]:
            if piece and (not line or sum(map(len, piece)) > PIECE):
                yield {"id": f"{page['id']}-{number}", "text": "\n\n".join(piece)}
                piece, number = [], number + 1
            if label == 1 and line:
                piece.append(line)


def files(folder: Path) -> Iterator[Path]:
    """Yield the files below a folder, from each of its subfolders in turn."""
    parts = [
        sorted(path for path in part.rglob("*") if path.is_file() and not path.is_symlink())
        for part in sorted(folder.iterdir())
        if part.is_dir()
    ]
    for turn in zip_longest(*parts):
        yield from filter(None, turn)


def glued(text: str) -> str:
    """Return a text whose line ends were lost after a wrap at 75 columns."""
    return "\n".join(
        "".join(textwrap.wrap(line, 75, break_on_hyphens=False, break_long_words=False))
        for line in text.split("\n")
    )


def write_records(target: Path, records: Iterable[dict[str, Any]], most: int) -> None:
    """Write records as JSONL up to so many bytes."""
    size = 0
    with target.open("w", encoding="utf-8") as out:
        for record in records:
            size += out.write(json.dumps(record, ensure_ascii=False) + "\n")
            if size > most:
                break


def write_files(folder: Path, texts: Iterable[tuple[str, str]], most: int) -> None:
    """Write named texts as files up to so many characters."""
    size = 0
    for name, text in texts:
        folder.mkdir(parents=True, exist_ok=True)
        size += (folder / name).write_text(text, encoding="utf-8")
        if size > most:
            break


def main() -> None:
    """Make the corpora."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("target", type=Path)
    parser.add_argument("--pages", type=Path)
    parser.add_argument("--novels", type=Path)
    parser.add_argument("--docs", type=Path)
    parser.add_argument("--megabytes", type=float, default=10)
    given = parser.parse_args()
    target: Path = given.target
    target.mkdir(parents=True, exist_ok=True)
    most = int(given.megabytes * 1e6)
    if given.pages:
        write_records(target / "news.jsonl", news(given.pages), most)
        whole = (
            {"id": page["id"], "url": page["url"], "text": "\n".join(x for x, _ in page["lines"])}
            for page in pages(given.pages)
        )
        write_records(target / "pages.jsonl", whole, most)
    if given.novels:
        novels = [
            (path.name, path.read_text("utf-8")) for path in sorted(given.novels.rglob("*.txt"))
        ]
        write_files(target / "novels", novels, most)
        write_files(target / "wrapped", ((name, glued(text)) for name, text in novels), most)
    if given.docs:
        found = ((path, text) for path in files(given.docs) if len(text := document(path)) > 200)
        records = ({"id": str(path), "text": text} for path, text in found)
        write_records(target / "docs.jsonl", records, 3 * most)
        small = (
            (f"{number:06}.txt", record["text"])
            for number, record in enumerate(pages(target / "docs.jsonl"))
            if len(record["text"]) < SMALL
        )
        write_files(target / "files", small, most)


if __name__ == "__main__":
    main()
