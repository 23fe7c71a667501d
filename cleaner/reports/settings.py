"""The effective configuration as TOML, with the origin of each value."""

from __future__ import annotations

import json

import msgspec

from cleaner.core.configfile import Configuration, flat


def settings_table(configuration: Configuration) -> str:
    """Return one line a key: ``key = value  # origin``; the lines are a valid cleaner.toml."""
    values = dict(flat(msgspec.to_builtins(configuration.settings)))
    lines = [
        (f"{key} = {_toml(value)}", configuration.origins[key]) for key, value in values.items()
    ]
    width = max(len(line) for line, _ in lines)
    return "".join(f"{line:<{width}}  # {origin}\n" for line, origin in lines)


def _toml(value: object) -> str:
    # Strings, numbers, booleans and lists of strings are written alike in TOML and JSON.
    return json.dumps(list(value) if isinstance(value, tuple) else value)
