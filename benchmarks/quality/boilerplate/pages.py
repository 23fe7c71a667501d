"""Labelled pages: reading them, and what the line model sees of them."""

from __future__ import annotations

import json
import lzma
import re
import zlib
from collections.abc import Iterator
from pathlib import Path

# What words a pattern holds is told by no public parser.
from re import _parser as sre  # type: ignore[attr-defined]
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import numpy as np
import numpy.typing as npt
import wordfreq

from cleaner.steps.boilerplate import load_rules
from cleaner.steps.boilerplate.line_model.charclass import hash_word
from cleaner.steps.boilerplate.line_model.features import Lexicon

FOLDS = 5
_UNSPACED = ("zh", "ja", "ko")
_letters = re.compile(r"[^\W\d_]{3,}")


class Page(NamedTuple):
    """A page: its lines (none blank), labels (1 text, 0 boilerplate, -1 undecided), site, fold."""

    id: str
    kind: str
    site: str
    fold: int
    lines: list[str]
    labels: npt.NDArray[np.int8]


def records(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the records of a JSONL file, plain or compressed by xz."""
    start = lzma.open if path.suffix == ".xz" else open
    with start(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def site(record: dict[str, Any]) -> str:
    """Return the host of the page's address, the record's id where it has none."""
    host = urlsplit(record.get("url") or "").hostname or record["id"]
    return str(host.removeprefix("www."))


def read_pages(path: Path) -> list[Page]:
    """Return the labelled pages; all pages of a site are in one fold."""
    pages = []
    for record in records(path):
        pairs = [(line.replace("\n", " "), y) for line, y in record["lines"] if line.strip()]
        if pairs:
            labels = np.array([-1 if y is None else y for _, y in pairs], dtype=np.int8)
            host = site(record)
            fold = zlib.crc32(host.encode()) % FOLDS
            lines = [line for line, _ in pairs]
            pages.append(Page(record["id"], record.get("type", ""), host, fold, lines, labels))
    return pages


def words_of_languages() -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64]]:
    """Return the hashes (sorted) of the commonest words of languages, and their language bits."""
    spoken: dict[int, int] = {}
    languages = [name for name in sorted(wordfreq.available_languages()) if name not in _UNSPACED]
    for bit, language in enumerate(languages):
        common = [word for word in wordfreq.top_n_list(language, 90) if word.isalpha()]
        for word in common[:70]:
            spoken[hash_word(word)] = spoken.get(hash_word(word), 0) | 1 << bit
    keys = sorted(spoken)
    return np.array(keys, np.uint64), np.array([spoken[key] for key in keys], np.uint64)


def words_of_rules(without: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Return the hashes (sorted) of the words of the packaged rules that are no stop words."""
    found: set[int] = set()
    for filed in load_rules():
        for pattern in (*filed.rule.patterns, *filed.rule.weak):
            found.update(map(hash_word, _pattern_words(sre.parse(pattern))))
    return np.array(sorted(found - set(without.tolist())), dtype=np.uint64)


def _pattern_words(tree: Any) -> Iterator[str]:
    run = ""
    for op, value in [*tree, (None, None)]:
        name = str(op)
        if name == "LITERAL":
            run += chr(value)
            continue
        yield from _letters.findall(run)
        run = ""
        if name == "SUBPATTERN":
            yield from _pattern_words(value[3])
        elif name in ("MAX_REPEAT", "MIN_REPEAT"):
            yield from _pattern_words(value[2])
        elif name == "BRANCH":
            for branch in value[1]:
                yield from _pattern_words(branch)


def lexicon() -> Lexicon:
    """Return the lexicon of stop words and of words of the packaged rules."""
    stops, languages = words_of_languages()
    return Lexicon(stops, languages, words_of_rules(stops))
