"""Mining: rules proposed from repeated lines, as a rule file for a person to review."""

from __future__ import annotations

import re
from collections.abc import Iterable

from cleaner.steps.boilerplate.lines import view
from cleaner.steps.boilerplate.repeated.linecounts import SHOWN_CHARACTERS, LineCount
from cleaner.steps.boilerplate.repeated.repeated import LineTable

_DOCUMENTS = 8


def mine_rules(table: LineTable, known: Iterable[str] = (), most: int = 200) -> str:
    r"""Return a TOML rule file that proposes the lines of `table` as rules, the commonest first.

    Proposed are lines that stand beside the same others at head or tail of documents, eight and
    more, at most `most` of them; not those that are in `known` (as patterns see them). Each
    proposal says how often its line stands; its negative examples are for the reviewer to write,
    and the file does not pass the check before they are.

    >>> lines = {1: LineCount(40, 41, "Harbour News, printed weekly")}
    >>> print(mine_rules(LineTable(50, lines)).split("\n")[4])
    summary = "in 40 of 50 documents, 41 times"
    """
    left_out = set(known)
    out = ['code = "BOI340"', ""]
    worth = [
        count
        for count in table.lines.values()
        if count.documents >= _DOCUMENTS and len(count.example) < SHOWN_CHARACTERS
    ]
    ranked = sorted(worth, key=lambda count: (-count.documents, count.example))
    seen: set[str] = set()
    for count in ranked:
        pattern = _escaped(view(count.example))
        if pattern in seen or view(count.example) in left_out or "'''" in pattern:
            continue
        seen.add(pattern)
        out.extend(_rule(len(seen), count, pattern, table.documents))
        if len(seen) == most:
            break
    return "\n".join(out)


def _escaped(text: str) -> str:
    return re.sub(r"([\\.^$*+?{}\[\]|()])", r"\\\1", text)


def _rule(number: int, count: LineCount, pattern: str, documents: int) -> list[str]:
    return [
        "[[rule]]",
        f'id = "mined-{number}"',
        f'summary = "in {count.documents} of {documents} documents, {count.times} times"',
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
