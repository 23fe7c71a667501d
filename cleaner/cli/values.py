"""What the values of options may be: sizes, codes, patterns of files with codes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cleaner.core.errors import UsageError
from cleaner.core.settings.per_file import PerFile, anchored, pairs_from_option
from cleaner.core.urls import is_url

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

_UNITS = {"": 1, "K": 2**10, "M": 2**20, "G": 2**30, "T": 2**40}
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([KMGT]?)(?:i?B)?", re.IGNORECASE)


class SizeType(click.ParamType[int]):
    """A number of bytes, with or without a unit: 4096, 16MiB, 2G."""

    name = "size"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the number of bytes."""
        if isinstance(value, int):
            return value
        found = _SIZE.fullmatch(str(value).strip())
        if found is None:
            self.fail(f"{value!r} is no size; write 4096, 16MiB or 2G", param, ctx)
        return int(float(found[1]) * _UNITS[found[2].upper()])


class RunFolder(click.Path):
    """The folder that a run wrote: a path of one that is there, or a URL as it was given."""

    def __init__(self) -> None:
        super().__init__(path_type=Path, exists=True, file_okay=False)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return a Path, or the URL."""
        return value if is_url(str(value)) else super().convert(value, param, ctx)


class CodesType(click.ParamType[tuple[str, ...]]):
    """Codes or prefixes of codes, parted by commas."""

    name = "codes"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        """Return the codes, in capitals."""
        if isinstance(value, tuple):
            return value
        return tuple(code.strip().upper() for code in str(value).split(",") if code.strip())

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Return the families and rules that begin with what stands behind the last comma."""
        from click.shell_completion import CompletionItem

        from cleaner.core.rules import FAMILIES
        from cleaner.runs.rule_registry import all_rules

        before, comma, begun = incomplete.rpartition(",")
        names = {**FAMILIES, **{code: rule.name for code, rule in all_rules().items()}}
        return [
            CompletionItem(f"{before}{comma}{code}", help=name)
            for code, name in sorted(names.items())
            if code.startswith(begun.upper())
        ]


class PerFileType(click.ParamType[list[PerFile]]):
    """Patterns of files with codes, PATTERN:CODE, parted by commas."""

    name = "per-file-ignores"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> list[PerFile]:
        """Return the pairs, as seen from the working directory."""
        if isinstance(value, list):
            return value
        try:
            return anchored(pairs_from_option([str(value)]), Path.cwd())
        except UsageError as error:
            self.fail(error.what, param, ctx)
