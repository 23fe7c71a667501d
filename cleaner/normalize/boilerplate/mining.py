"""Mining: rules proposed from repeated lines, as a rule file for a person to review."""

from __future__ import annotations

import re
from collections.abc import Iterable

from cleaner.normalize.boilerplate.linecounts import LineCount
from cleaner.normalize.boilerplate.lines import view
from cleaner.normalize.boilerplate.repeated import LineTable

_numbers = re.compile(r"\d+(?:[.,:/-]\d+)*")
_DOCUMENTS = 8
_EDGES = 0.6
_NUMBER = "[0-9]{1,8}(?:[.,:/-][0-9]{1,8}){0,4}"


def mine_rules(table: LineTable, known: Iterable[str] = (), most: int = 200) -> str:
    r"""Return a TOML rule file that proposes the lines of `table` as rules, the commonest first.

    Proposed are the furniture of sites, and labels that eight documents share, mostly at head or
    tail, at most `most` of them; not those that are in `known` (as patterns see them).
    Numbers are left open in the patterns. Each proposal says in how many documents and sources
    its line stands; its negative examples are for the reviewer to write, and the file does not
    pass the check before they are.

    >>> lines = {1: LineCount(40, 38, 4, "Harbour News, page 12", ((7, 40, 50),))}
    >>> print(mine_rules(LineTable(50, lines)).split("\n")[7])
    patterns = ['''harbour news, page [0-9]{1,8}(?:[.,:/-][0-9]{1,8}){0,4}''']
    """
    left_out = set(known)
    out = ['code = "BOI340"', ""]
    worth = [
        count
        for key, count in table.lines.items()
        if key in table.furniture
        or (count.documents >= _DOCUMENTS and count.edges >= _EDGES * count.documents)
    ]
    ranked = sorted(worth, key=lambda count: (-count.documents, count.example))
    seen: set[str] = set()
    for count in ranked:
        pattern = _pattern(count)
        if pattern in seen or view(count.example) in left_out or "'''" in pattern:
            continue
        seen.add(pattern)
        out.extend(_rule(len(seen), count, pattern, table.documents))
        if len(seen) == most:
            break
    return "\n".join(out)


def _pattern(count: LineCount) -> str:
    parts = _numbers.split(view(count.example))
    return _NUMBER.join(_escaped(part) for part in parts)


def _escaped(text: str) -> str:
    return re.sub(r"([\\.^$*+?{}\[\]|()])", r"\\\1", text)


def _rule(number: int, count: LineCount, pattern: str, documents: int) -> list[str]:
    where = f"{len(count.sources)} sources, {count.edges} times at head or tail"
    return [
        "[[rule]]",
        f'id = "mined-{number}"',
        f'summary = "in {count.documents} of {documents} documents, {where}"',
        'languages = ["any"]',
        'scope = "line"',
        f"patterns = ['''{pattern}''']",
        f"positive = [{_quoted(count.example)}]",
        "negative = []",
        "",
    ]


def _quoted(text: str) -> str:
    """Return `text` as a TOML basic string."""
    out = []
    for character in text:
        if character in '"\\':
            out.append("\\" + character)
        elif ord(character) < 32 or ord(character) == 127:
            out.append(f"\\u{ord(character):04x}")
        elif 0xD800 <= ord(character) < 0xE000:
            out.append("\ufffd")
        else:
            out.append(character)
    return '"' + "".join(out) + '"'
