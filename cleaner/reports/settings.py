"""The effective configuration as TOML, with the origin of each value."""

from __future__ import annotations

import msgspec

from cleaner.core.errors import one_line
from cleaner.core.settings.configfile import Configuration, flat, toml_value


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
