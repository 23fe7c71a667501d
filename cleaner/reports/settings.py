"""The effective configuration as TOML, with the origin of each value."""

from __future__ import annotations

import json

import msgspec

from cleaner.core.errors import one_line
from cleaner.core.settings.configfile import Configuration, flat


def settings_table(configuration: Configuration) -> str:
    """Return one line a key: ``key = value  # origin``; the lines are a valid cleaner.toml."""
    values = dict(flat(msgspec.to_builtins(configuration.settings)))
    values["per-file-ignores"] = dict(configuration.settings.per_file_ignores)
    values["ignore-texts"] = dict(configuration.settings.ignore_texts)
    lines = [
        (f"{key} = {toml_value(value)}", configuration.origins[key])
        for key, value in values.items()
    ]
    width = max(len(line) for line, _ in lines)
    return "".join(f"{line:<{width}}  # {one_line(origin)}\n" for line, origin in lines)


def toml_value(value: object) -> str:
    """Return a value as TOML has it."""
    if isinstance(value, dict):
        members = (f"{toml_value(key)} = {toml_value(one)}" for key, one in value.items())
        return f"{{{', '.join(members)}}}"
    if isinstance(value, tuple | list):
        return f"[{', '.join(map(toml_value, value))}]"
    if isinstance(value, str):
        return f'"{"".join(map(_escaped, value))}"'
    # Numbers and booleans are written alike in TOML and JSON.
    return json.dumps(value)


def _escaped(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    return character if character.isprintable() else f"\\U{ord(character):08X}"
