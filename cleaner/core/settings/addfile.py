"""Entries added to lists of a configuration file, all else of which stays as it was written."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from cleaner.core.errors import UsageError
from cleaner.core.settings.configfile import toml_value

# By table, by key: texts.
Entries = Mapping[str, Mapping[str, Sequence[str]]]


def with_entries(text: str, entries: Entries, file: Path) -> str:
    r"""Return the text of a configuration with more entries in its lists, those first.

    What stands there already is not added again. Raises UsageError where the file is written in a
    way that this does not see through.

    >>> text = "[boilerplate]\nkeep = ['a']  # mine\n"
    >>> print(with_entries(text, {"boilerplate": {"keep": ["b", "a"]}}, Path("cleaner.toml")))
    [boilerplate]
    keep = [
        "b",
    'a']  # mine
    <BLANKLINE>
    """
    prefix = ("tool", "cleaner") if file.name == "pyproject.toml" else ()
    for table, key, values in _flat(entries):
        path = (*prefix, *filter(None, (table,)))
        before = _parsed(text)
        known = _at(before, path).get(key, [])
        fresh = [value for value in dict.fromkeys(values) if value not in known]
        if not fresh:
            continue
        text = _with_list(text, ".".join(path), key, fresh)
        try:
            is_right = _parsed(text) == _expected(before, path, key, fresh)
        except (tomllib.TOMLDecodeError, TypeError):
            is_right = False
        if not is_right:
            raise UsageError(
                "entries cannot be added to this file",
                where=str(file),
                why=f"`{key}` of [{'.'.join(path)}] is no list that stands by itself",
                hint=f"add by hand: {', '.join(map(toml_value, fresh))}",
            )
    return text


def _flat(entries: Entries) -> Iterator[tuple[str, str, Sequence[str]]]:
    for table, keys in entries.items():
        for key, values in keys.items():
            yield table, key, values


def _parsed(text: str) -> dict[str, Any]:
    return tomllib.loads(text)


def _at(values: Mapping[str, Any], path: Sequence[str]) -> Mapping[str, Any]:
    for name in path:
        inner = values.get(name, {})
        values = inner if isinstance(inner, Mapping) else {}
    return values


def _expected(
    values: dict[str, Any], path: Sequence[str], key: str, fresh: Sequence[str]
) -> dict[str, Any]:
    if not path:
        return {**values, key: [*fresh, *values.get(key, [])]}
    inner = _expected(values.get(path[0], {}), path[1:], key, fresh)
    return {**values, path[0]: inner}


def _with_list(text: str, table: str, key: str, values: Sequence[str]) -> str:
    lines = "".join(f"    {toml_value(value)},\n" for value in values)
    header = re.search(
        rf"^[ \t]*\[[ \t]*{re.escape(table)}[ \t]*\][ \t]*(?:#[^\n]*)?(?:\n|\Z)", text, re.MULTILINE
    )
    if header is None:
        gap = "" if not text or text.endswith("\n\n") else "\n" if text.endswith("\n") else "\n\n"
        return f"{text}{gap}[{table}]\n{key} = [\n{lines}]\n"
    behind = re.compile(r"^[ \t]*\[", re.MULTILINE).search(text, header.end())
    end = len(text) if behind is None else behind.start()
    name = rf'(?:{re.escape(key)}|"{re.escape(key)}")'
    found = re.compile(rf"^[ \t]*{name}[ \t]*=[ \t]*\[", re.MULTILINE).search(
        text, header.end(), end
    )
    if found is not None:
        return f"{text[: found.end()]}\n{lines}{text[found.end() :].lstrip(' ')}"
    at = header.end()
    gap = "" if text[:at].endswith("\n") else "\n"
    return f"{text[:at]}{gap}{key} = [\n{lines}]\n{text[at:]}"
