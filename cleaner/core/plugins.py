"""What other packages bring: formats, steps and reports, by entry points of ``cleaner.*``."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from cleaner.core.errors import ConfigError

GROUPS = ("formats", "steps", "reports")


def brought(group: str) -> dict[str, Any]:
    """Return what packages register in the group ``cleaner.<group>``, by name.

    Raises ConfigError where something cannot be loaded: to go on without it would pass over files
    or leave out repairs without a word.
    """
    found: dict[str, Any] = {}
    for entry in _entries(group):
        if entry.name in found:
            raise refused(entry, "is brought by two packages")
        try:
            found[entry.name] = entry.load()
        except Exception as error:
            raise refused(entry, "cannot be loaded", f"{type(error).__name__}: {error}") from error
    return found


@functools.cache  # what is installed is looked up on disk, and asked for with every part
def fingerprint() -> str:
    """Return what names all that packages bring, with their versions."""
    return "".join(
        f"{group} {entry.name} {entry.value} {_package(entry)}\n"
        for group in GROUPS
        for entry in _entries(group)
    )


def refused(entry: EntryPoint | str, what: str, why: str = "") -> ConfigError:
    """Return the error on something that a package brings and that cannot be used."""
    where = entry if isinstance(entry, str) else f"{entry.group} {entry.name} of {_package(entry)}"
    return ConfigError(what, where=where, why=why, hint="mend the package, or uninstall it")


def _entries(group: str) -> Iterator[EntryPoint]:
    return iter(sorted(entry_points(group=f"cleaner.{group}"), key=lambda one: one.name))


def _package(entry: EntryPoint) -> str:
    package = entry.dist
    return "an unknown package" if package is None else f"{package.name} {package.version}"
