"""What spans blank lines: fenced and literal code, front matter, armour, diffs, subtitles."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cleaner.blocks.kinds import Kind
from cleaner.blocks.lines import BLANKS

_FENCE = re.compile(r"\s*(?:>\s?)*(`{3,}|~{3,})([^`\n]*)\Z")
_YAML_LINE = re.compile(r"[\w.\"'-][^:\n]{0,60}:(?:\s|\Z)|[\s#-]|\Z")
_ARMOUR = re.compile(r"\s*-----(BEGIN|END) [A-Z0-9 ]+-----\s*\Z")
_TIMES = re.compile(
    r"\s*(?:\d{1,3}:)?\d\d:\d\d[.,]\d{2,3}\s+-->\s+(?:\d{1,3}:)?\d\d:\d\d[.,]\d{2,3}"
)
_DIFF = re.compile(r"@@ -\d+(?:,\d+)? \+\d+(?:,\d+)? @@|diff --git |Index: \S|--- \S|\+\+\+ \S")
_DIFF_SIGNS = ("+", "-", " ", "\t", "\\", "@", "index ")
_HUNK = re.compile(r"@@ -\d+(?:,\d+)? \+\d+(?:,\d+)? @@")
_DIRECTIVE = re.compile(r"\s*\.\. (?:[\w:+.-]+::|_[^:]+:|\[[^\]]+\]|\|[^|]+\|)")
_VERBATIM = re.compile(
    r"\s*\.\. (?:code|code-block|sourcecode|parsed-literal|math|raw|graphviz|productionlist"
    r"|literalinclude|highlight|csv-table|list-table|table|toctree|image|figure|doctest|testcode"
    r"|testoutput|prompt|ipython|plantuml|mermaid|uml|include)::"
)
# The longest head of a file that can be its front matter, in lines.
_LONGEST_FRONT_MATTER = 200


class Region(NamedTuple):
    """Lines from `first` to `last`, blank ones among them, that are of one kind."""

    first: int
    last: int
    kind: Kind


def find_regions(text: str, lines: Sequence[str]) -> list[Region]:
    """Return the regions of `text`, whose lines are `lines`, in order and without overlap."""
    found: list[Region] = []
    for sign, finder in _FINDERS:
        if sign in text:
            found.extend(finder(lines))
    found.sort()
    kept: list[Region] = []
    for region in found:
        if not kept or region.first > kept[-1].last:
            kept.append(region)
    return kept


def _front_matter(lines: Sequence[str]) -> Iterator[Region]:
    """Find the YAML between two `---` at the very head."""
    if lines[0].rstrip() != "---":
        return
    fields = 0
    for i in range(1, min(len(lines), _LONGEST_FRONT_MATTER)):
        if lines[i].rstrip() in ("---", "..."):
            if fields:
                yield Region(0, i, Kind.MARKUP)
            return
        if not _YAML_LINE.match(lines[i]):
            return
        fields += ":" in lines[i]


def _fences(lines: Sequence[str]) -> Iterator[Region]:
    """Find code between fences; a fence that nothing closes is none."""
    opened: tuple[int, str] | None = None
    fences = [
        (i, found)
        for i, line in enumerate(lines)
        if ("```" in line or "~~~" in line) and (found := _FENCE.match(line))
    ]
    # How long the longest bare fence of each sign is from here on, so that none is waited for.
    longest: list[dict[str, int]] = []
    seen = {"`": 0, "~": 0}
    for _, found in reversed(fences):
        longest.append(dict(seen))
        if not found[2].strip():
            seen[found[1][0]] = max(seen[found[1][0]], len(found[1]))
    for (i, found), ahead in zip(fences, reversed(longest), strict=True):
        fence = found[1]
        if opened is None:
            if ahead[fence[0]] >= len(fence):
                opened = i, fence
        elif fence.startswith(opened[1]) and not found[2].strip():
            yield Region(opened[0], i, Kind.CODE)
            opened = None


def _armour(lines: Sequence[str]) -> Iterator[Region]:
    """Find keys, certificates and signed messages between BEGIN and END."""
    begun = -1
    for i, line in enumerate(lines):
        if "-----" in line and (found := _ARMOUR.match(line)):
            if found[1] == "BEGIN" and "SIGNED MESSAGE" not in line:
                begun = i
            elif begun >= 0:
                yield Region(begun, i, Kind.CODE)
                begun = -1


def _literal(lines: Sequence[str]) -> Iterator[Region]:
    """Find the indented lines below a line that ends with two colons, as in reStructuredText."""
    i = 0
    while i < len(lines):
        line = lines[i].rstrip(BLANKS)
        directive = line.lstrip(BLANKS).startswith(".. ") and _DIRECTIVE.match(line)
        verbatim = directive and _VERBATIM.match(line)
        if not verbatim and (directive or not line.endswith("::")):
            i += 1
            continue
        last = _last_deeper(lines, i)
        if last > i and (verbatim or not lines[i + 1].strip(BLANKS)):
            yield Region(i if verbatim else i + 1, last, Kind.CODE)
        i = max(last, i) + 1


def _last_deeper(lines: Sequence[str], i: int) -> int:
    """Return the last of the lines below line `i` that are blank or deeper than it."""
    depth = _depth(lines[i])
    last = i
    for j in range(i + 1, len(lines)):
        if lines[j].strip(BLANKS):
            if _depth(lines[j]) <= depth:
                break
            last = j
    return last


def _depth(line: str) -> int:
    line = line.expandtabs(8)
    return len(line) - len(line.lstrip(BLANKS))


def _subtitles(lines: Sequence[str]) -> Iterator[Region]:
    """Find each time line with the number above it and the text below."""
    for i, line in enumerate(lines):
        if "-->" in line and _TIMES.match(line):
            first = i - 1 if i and lines[i - 1].strip(BLANKS) else i
            last = i
            while last + 1 < len(lines) and lines[last + 1].strip(BLANKS):
                last += 1
            yield Region(first, last, Kind.SUBTITLES)


def _diffs(lines: Sequence[str]) -> Iterator[Region]:
    """Find hunks, each with the lines around it that begin as those of a diff do."""
    i = 0
    while i < len(lines):
        if not lines[i].startswith("@@") or not _HUNK.match(lines[i]):
            i += 1
            continue
        first = i
        while first and (_DIFF.match(lines[first - 1]) or lines[first - 1].startswith("index ")):
            first -= 1
        last = i
        for j in range(i + 1, len(lines)):
            if lines[j].startswith(_DIFF_SIGNS) or _DIFF.match(lines[j]):
                last = j
            elif lines[j].strip(BLANKS):
                break
        yield Region(first, last, Kind.DIFF)
        i = last + 1


def _comments(lines: Sequence[str]) -> Iterator[Region]:
    """Find comments of HTML that have lines of their own."""
    begun = -1
    for i, line in enumerate(lines):
        if begun < 0 and "<!--" in line and line.lstrip(BLANKS).startswith("<!--"):
            begun = i
        if begun >= 0 and "-->" in line:
            if i > begun:
                yield Region(begun, i, Kind.MARKUP)
            begun = -1


# What must stand in a text for a region of a kind to be looked for.
_FINDERS = (
    ("---", _front_matter),
    ("```", _fences),
    ("~~~", _fences),
    ("-----BEGIN ", _armour),
    ("::\n", _literal),
    (":: ", _literal),
    ("<!--", _comments),
    ("-->", _subtitles),
    ("@@ -", _diffs),
)
