"""Configuration files: found, read, checked, and merged with what the command line says."""

from __future__ import annotations

import difflib
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from cleaner.core.errors import ConfigError, UsageError
from cleaner.core.settings.config import Settings, choices_hint, setting_type
from cleaner.core.settings.per_file import anchored, pairs_of
from cleaner.core.settings.smallfile import read_small_file

Values = Mapping[str, Any]

_PER_FILE = "per-file-ignores"
_TEXTS = "ignore-texts"


@dataclass(frozen=True)
class Configuration:
    """Settings, and for each dotted key where its value came from."""

    settings: Settings
    origins: dict[str, str]


def find_config(start: Path) -> Path | None:
    """Return the nearest ``cleaner.toml`` or ``pyproject.toml`` with ``[tool.cleaner]``, upward."""
    for folder in (start, *start.parents):
        own = folder / "cleaner.toml"
        if own.is_file():
            return own
        shared = folder / "pyproject.toml"
        if shared.is_file() and _own_table(_read(shared)) is not None:
            return shared
    return None


def load_configuration(file: Path | None, options: Values) -> Configuration:
    """Return the settings of `file` (if any) with the command line's `options` over them.

    Raises ConfigError naming file, key and the nearest valid key; UsageError for options.
    """
    from_file: dict[str, Any] = {}
    if file is not None:
        tables = _read(file)
        from_file = _own_table(tables) if _is_shared(file) else tables
        from_file = {} if from_file is None else from_file
        if not isinstance(from_file, dict):
            raise ConfigError("`tool.cleaner` is not a table", where=str(file))
        from_file = _with_pairs(from_file)
        read = _convert(from_file, str(file), ConfigError)
        # A file names others as seen from its own folder, wherever the command is run.
        if read.boilerplate.rules:
            rules = [str(file.parent / rule) for rule in read.boilerplate.rules]
            from_file = _merged(from_file, {"boilerplate": {"rules": rules}})
        if read.model:
            from_file = _merged(from_file, {"model": str(file.parent / read.model)})
        if read.per_file_ignores:
            from_file[_PER_FILE] = anchored(read.per_file_ignores, file.parent)
    options = _with_pairs(options)
    settings = _convert(_merged(from_file, options), "command line", UsageError)
    origins = {key: "default" for key, _ in flat(msgspec.to_builtins(settings))}
    origins.update((key, str(file)) for key, _ in flat(from_file))
    origins.update((key, "command line") for key, _ in flat(options))
    return Configuration(settings, origins)


def _with_pairs(values: Values) -> dict[str, Any]:
    """Return values with pairs in the place of tables whose keys are patterns or codes."""
    found = dict(values)
    if _PER_FILE in found:
        found[_PER_FILE] = pairs_of(found[_PER_FILE])
    if isinstance(found.get(_TEXTS), Mapping):
        found[_TEXTS] = tuple(found[_TEXTS].items())
    return found


def flat(values: Values, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield dotted keys and values of nested tables.

    >>> list(flat({"glue": {"confidence": 0.5}}))
    [('glue.confidence', 0.5)]
    """
    for key, value in values.items():
        if isinstance(value, Mapping):
            yield from flat(value, f"{prefix}{key}.")
        else:
            yield prefix + key, value


def _keys(values: Values, prefix: str = "") -> Iterator[str]:
    """Yield the dotted keys of nested tables, those of the tables too."""
    for key, value in values.items():
        yield prefix + key
        if isinstance(value, Mapping):
            yield from _keys(value, f"{prefix}{key}.")


def _is_shared(file: Path) -> bool:
    return file.name == "pyproject.toml"


def _own_table(tables: Values) -> Any:
    """Return what stands under ``[tool.cleaner]``; None where nothing does."""
    tools = tables.get("tool")
    return tools.get("cleaner") if isinstance(tools, Mapping) else None


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(read_small_file(file))
    except OSError as error:
        raise ConfigError("cannot be read", where=str(file), why=error.strerror or "") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ConfigError("is not valid TOML", where=str(file), why=str(error)) from error


def _merged(under: Values, over: Values) -> dict[str, Any]:
    merged = dict(under)
    for key, value in over.items():
        below = merged.get(key)
        if isinstance(value, Mapping) and isinstance(below, Mapping):
            merged[key] = _merged(below, value)
        else:
            merged[key] = value
    return merged


def _convert(values: Values, where: str, kind: type[ConfigError | UsageError]) -> Settings:
    unknown = _unknown_key(values)
    if unknown is not None:
        key, near = unknown
        raise kind(
            f"unknown key `{key}`",
            where=where,
            hint=f"did you mean `{near}`?" if near else "`cleaner config` lists the keys",
        )
    try:
        return msgspec.convert(values, Settings)
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at ")
        key = re.sub(r"^`\$\.?|`$", "", path)
        hint = choices_hint(setting_type(key))
        raise kind(f"wrong value for `{key}`", where=where, why=message, hint=hint) from error


def _unknown_key(values: Values) -> tuple[str, str] | None:
    """Return the first key that no setting has, with the nearest that one has."""
    tables = msgspec.to_builtins(Settings())
    valid = {key for key, _ in flat(tables)} | {k for k, v in tables.items() if isinstance(v, dict)}
    for key in _keys(values):
        if key not in valid:
            name = key.rpartition(".")[2]
            by_name = {known.rpartition(".")[2]: known for known in sorted(valid)}
            near = difflib.get_close_matches(key, sorted(valid), n=1, cutoff=0.6)
            near = near or [by_name[n] for n in difflib.get_close_matches(name, sorted(by_name), 1)]
            return key, near[0] if near else ""
    return None


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
