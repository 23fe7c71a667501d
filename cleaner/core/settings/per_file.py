"""Codes that do not act in some files: pairs of a pattern, as in .gitignore, and codes."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from cleaner.core.errors import UsageError

# A pattern, and the codes or prefixes that do not act in the files that it fits.
PerFile = tuple[str, tuple[str, ...]]

_SPECIAL = re.compile(r"([*?\[\\ ])")


def pairs_of(value: Any) -> Any:
    """Return a table of patterns and codes as pairs; what is none is given back as it is.

    >>> pairs_of({"*.md": "fmt,BOI3", "drafts/": ["ALL"]})
    (('*.md', ('FMT', 'BOI3')), ('drafts/', ('ALL',)))
    """
    if not isinstance(value, Mapping):
        return value
    return tuple((pattern, _codes(codes)) for pattern, codes in value.items())


def _codes(value: Any) -> Any:
    if isinstance(value, str):
        value = value.split(",")
    if isinstance(value, Iterable) and not isinstance(value, bytes | Mapping):
        codes = list(value)
        if all(isinstance(code, str) for code in codes):
            return tuple(code.strip().upper() for code in codes if code.strip())
    return value


def pairs_from_option(texts: Iterable[str]) -> list[PerFile]:
    """Return pairs as the command line has them, ``PATTERN:CODE`` and more of these after commas.

    Codes without a pattern go by the one before them. Raises UsageError where there is none.

    >>> pairs_from_option(["*.md:FMT,boi3,drafts/:ALL"])
    [('*.md', ('FMT', 'BOI3')), ('drafts/', ('ALL',))]
    """
    found: dict[str, tuple[str, ...]] = {}
    for text in texts:
        pattern = ""
        for piece in text.split(","):
            named, colon, code = piece.strip().rpartition(":")
            pattern = named if colon else pattern
            if not pattern or not code.strip():
                raise UsageError(
                    f"no pattern with a code: {text!r}", hint="write PATTERN:CODE, as *.md:FMT"
                )
            found[pattern] = (*found.get(pattern, ()), code.strip().upper())
    return list(found.items())


def anchored(pairs: Iterable[PerFile], folder: Path) -> list[PerFile]:
    """Return pairs whose patterns fit absolute paths below `folder`, wherever they are read.

    A pattern without a slash fits a name anywhere below it; ``!`` in front means all others.

    >>> anchored([("*.md", ("FMT",)), ("!old/a.txt", ("BOI",))], Path("/corpus"))
    [('/corpus/**/*.md', ('FMT',)), ('!/corpus/old/a.txt', ('BOI',))]
    """
    root = _SPECIAL.sub(r"\\\1", os.path.abspath(folder).rstrip("/"))
    return [(_anchored(pattern, root), codes) for pattern, codes in pairs]


def _anchored(pattern: str, root: str) -> str:
    negation = "!" if pattern.startswith("!") else ""
    body = pattern.removeprefix("!")
    if body.startswith(f"{root}/"):
        return pattern
    if "/" in body.rstrip("/"):
        return f"{negation}{root}/{body.lstrip('/')}"
    return f"{negation}{root}/**/{body}"
