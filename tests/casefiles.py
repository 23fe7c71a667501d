"""Case files: what a rule does to a text, written for people (tests/cases/README.md)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cleaner.core.edits import Edit

CASES = Path(__file__).parent / "cases"

_ESCAPE = re.compile(
    r"\\(?:x(?P<x>[0-9a-fA-F]{2})|u(?P<u>[0-9a-fA-F]{4})|U(?P<U>[0-9a-fA-F]{8})|(?P<sign>.))"
)
_SIGNS = {"n": "\n", "r": "\r", "t": "\t", "s": " ", "\\": "\\", '"': '"', "#": "#", "-": "-"}
_QUOTED = r'"((?:[^"\\]|\\.)*)"'
_EDIT = re.compile(rf"(\d+):(\d+) ([A-Z]{{3}}\d{{3}}) {_QUOTED} -> {_QUOTED}")


@dataclass(frozen=True)
class Case:
    """A text, what it becomes, and the edits that lead there (None: not said)."""

    place: str
    settings: dict[str, Any]
    text: str
    expected: str
    edits: tuple[str, ...] | None


def all_cases(folder: Path = CASES) -> Iterator[Case]:
    """Yield the cases of every case file below `folder`."""
    for path in sorted(folder.rglob("*.txt")):
        yield from cases_in(path)


def cases_in(path: Path) -> Iterator[Case]:
    """Yield the cases of one file; ValueError names the line of a mistake."""
    lines = path.read_text("utf-8").split("\n")
    if lines[-1] == "":
        lines.pop()
    settings: dict[str, Any] = {}
    at = 0
    while at < len(lines) and (lines[at].startswith("# ") or not lines[at]):
        settings = _merged(settings, _setting(lines[at]))
        at += 1
    while at < len(lines):
        end = next((i for i in range(at, len(lines)) if lines[i] == "---"), len(lines))
        yield _case(f"{path.parent.name}/{path.name}:{at + 1}", settings, lines[at:end])
        at = end + 1


def _case(place: str, settings: dict[str, Any], lines: list[str]) -> Case:
    while lines and lines[0].startswith("# note"):
        lines = lines[1:]
    parts: dict[str, list[str]] = {"text": []}
    part = parts["text"]
    for line in lines:
        if line in ("# expect", "# edits", "# stays"):
            part = parts[line[2:]] = []
        else:
            part.append(line)
    if ("expect" in parts) == ("stays" in parts) or any(parts.get("stays", [])):
        raise ValueError(f"{place}: a case has either `# expect` and a text, or `# stays`")
    text = unescaped("\n".join(parts["text"]), place)
    expected = unescaped("\n".join(parts["expect"]), place) if "expect" in parts else text
    edits = tuple(parts["edits"]) if "edits" in parts else None
    if "stays" in parts:
        edits = ()
    for line in edits or ():
        if not _EDIT.fullmatch(line):
            raise ValueError(f'{place}: not `start:end CODE "before" -> "after"`: {line}')
    return Case(place, settings, text, expected, edits)


def edit_line(edit: Edit) -> str:
    """Return an edit as case files write it."""
    before, after = (escaped(text).replace('"', '\\"') for text in (edit.before, edit.after))
    return f'{edit.start}:{edit.end} {edit.code} "{before}" -> "{after}"'


def same_edit(line: str) -> str:
    """Return an edit line in the one spelling that `edit_line` uses."""
    found = _EDIT.fullmatch(line)
    if found is None:
        raise ValueError(line)
    start, end, code, before, after = found.groups()
    return edit_line(
        Edit(int(start), int(end), unescaped(before, line), unescaped(after, line), code)
    )


def unescaped(text: str, place: str) -> str:
    r"""Return what a text with escapes says.

    >>> unescaped(r"a\u200bb\s\n", "here")
    'a\u200bb \n'
    """

    def read(found: re.Match[str]) -> str:
        code = found["x"] or found["u"] or found["U"]
        if code:
            return chr(int(code, 16))
        if found["sign"] not in _SIGNS:
            raise ValueError(f"{place}: unknown escape {found[0]}")
        return _SIGNS[found["sign"]]

    return _ESCAPE.sub(read, text)


def escaped(text: str) -> str:
    r"""Return `text` with what cannot be seen written as escapes.

    >>> print(escaped("a\u200bb\n"))
    a\u200bb\n
    """
    return "".join(
        c if c.isprintable() and c != "\\" else c.encode("unicode_escape").decode() for c in text
    )


def _setting(line: str) -> dict[str, Any]:
    if line.startswith("# set "):
        return tomllib.loads(line[len("# set ") :])
    if line.startswith("# rules "):
        codes = [code.strip() for code in line[len("# rules ") :].split(",")]
        return {"select": codes}
    return {}


def _merged(under: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    merged = dict(under)
    for key, value in over.items():
        below = merged.get(key)
        merged[key] = _merged(below, value) if isinstance(below, dict) else value
    return merged
