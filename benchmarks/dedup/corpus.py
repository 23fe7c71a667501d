"""Make a file of paragraphs from the HTML and text files below a folder.

usage: corpus.py FOLDER OUT.jsonl [--megabytes 110]

Documentation packages make a good corpus: ``apt-get download linux-doc-6.1 python3.11-doc …``, then
``dpkg-deb -x PACKAGE FOLDER/NAME`` for each. Files are taken in turn from each subfolder.
"""

from __future__ import annotations

import argparse
import gzip
import html
import json
import re
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

SCRIPT = re.compile(r"<(script|style)\b.*?</\1\s*>|<!--.*?-->", re.DOTALL | re.IGNORECASE)
BLOCK = re.compile(
    r"</?(?:p|div|h[1-6]|li|ul|ol|tr|table|pre|dt|dd|dl|section|article|td|th)\b[^>]*>",
    re.IGNORECASE,
)
TAG = re.compile(r"<[^>]*>")


def document(path: Path) -> str:
    """Return the text of an HTML or text file with its paragraphs; "" for others."""
    data = path.read_bytes()
    if path.suffix == ".gz":
        data = gzip.decompress(data)
    name = path.name.removesuffix(".gz")
    text = data.decode("utf-8", "replace")
    if name.endswith((".html", ".htm", ".xhtml", ".page")):
        text = BLOCK.sub("\n\n", SCRIPT.sub(" ", text))
        return html.unescape(TAG.sub("", text))
    return text if name.endswith((".txt", ".rst")) else ""


def paragraphs(path: Path) -> Iterator[str]:
    """Yield the paragraphs of a file that have 60 characters and more."""
    for piece in re.split(r"\n\s*\n", document(path)):
        paragraph = " ".join(piece.split())
        if len(paragraph) >= 60:
            yield paragraph


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--megabytes", type=float, default=110)
    given = parser.parse_args()
    groups = [
        sorted(path for path in part.rglob("*") if path.is_file() and not path.is_symlink())
        for part in sorted(given.folder.iterdir())
        if part.is_dir()
    ]
    number = 0
    with given.target.open("w", encoding="utf-8") as out:
        for turn in zip_longest(*groups):
            for path in filter(None, turn):
                for text in paragraphs(path):
                    record = {"id": str(number), "text": text}
                    out.write(json.dumps(record, ensure_ascii=False) + "\n")
                    number += 1
            if out.tell() > given.megabytes * 1e6:
                break


if __name__ == "__main__":
    main()
