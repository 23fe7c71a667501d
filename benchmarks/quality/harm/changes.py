"""The changes that cleaning would make to a corpus, with the text around them."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from cleaner import Settings, check_files

AROUND = 160
_KEY_AROUND = 40
_WORD = re.compile(r"\w+")
_SENTENCE_END = (".", "!", "?", ":", ";", "…", "。", "！", "？", "؟", "।", "۔")
_CLOSING = "\"'”’»)]*_`"


class Change(NamedTuple):
    """One change: where it stands, its code, what stood there, what comes, and the text around.

    `key` tells the change by what it does and by the text next to it, so that a reading of it
    holds for later versions of the program too.
    """

    key: str
    place: str
    code: str
    before: str
    after: str
    left: str
    right: str

    @property
    def family(self) -> str:
        """The three letters that its code begins with."""
        return self.code[:3]

    @property
    def words_lost(self) -> int:
        """How many more words stood there than stand there now."""
        return max(0, len(_WORD.findall(self.before)) - len(_WORD.findall(self.after)))

    @property
    def breaks_sentence(self) -> bool:
        """Whether it puts a paragraph border where the text goes on in lower case."""
        if self.before.count("\n") >= 2 or self.after.count("\n") < 2:
            return False
        ends = self.left.rstrip().rstrip(_CLOSING).endswith(_SENTENCE_END)
        return not ends and self.right.lstrip()[:1].islower()


class Corpus(NamedTuple):
    """What cleaning would do to a corpus: its size in words, and the changes."""

    words: int
    changes: list[Change]


def read_corpus(folder: Path, settings: Settings) -> Corpus:
    """Return the changes that `cleaner` would make to the files below `folder`."""
    texts = dict(_texts(folder))
    words = sum(len(_WORD.findall(text)) for text in texts.values())
    here = Path.cwd()
    os.chdir(folder.parent)  # places are told from the corpus on, wherever it lies
    try:
        findings = check_files([folder.name], settings).findings
    finally:
        os.chdir(here)
    changes = []
    for found in findings:
        if found.note:
            continue
        text = texts[found.source.path, found.source.record]
        left = text[max(0, found.start - AROUND) : found.start]
        right = text[found.end : found.end + AROUND]
        told = (found.code, found.before, found.after, left[-_KEY_AROUND:], right[:_KEY_AROUND])
        key = hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]
        place = f"{found.source.path}:{found.line}"
        changes.append(Change(key, place, found.code, found.before, found.after, left, right))
    return Corpus(words, changes)


def _texts(folder: Path) -> Iterator[tuple[tuple[str, int | None], str]]:
    """Yield the texts of plain text and JSONL files by path and record."""
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        name = path.relative_to(folder.parent).as_posix()
        if path.suffix == ".jsonl":
            for number, line in enumerate(path.read_text("utf-8").split("\n"), start=1):
                if line:
                    yield (name, number), json.loads(line)["text"]
        else:
            yield (name, None), path.read_bytes().decode("utf-8", "replace")
