"""Which codes do not act in a file, by the patterns of the settings."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from cleaner.core.errors import UsageError
from cleaner.core.settings.per_file import PerFile

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


@dataclass(frozen=True)
class PerFileIgnores:
    """Patterns with codes; one that names no folder from the root on is seen from this folder.

    >>> PerFileIgnores([("*.md", ("FMT",)), ("!*.md", ("BOI",))]).codes_of(Path("notes/a.md"))
    ('FMT',)
    """

    pairs: Sequence[PerFile]
    _specs: list[tuple[GitIgnoreSpec, bool, tuple[str, ...]]] = field(
        init=False, default_factory=list
    )

    def __post_init__(self) -> None:
        if not self.pairs:
            return
        from pathspec import GitIgnoreSpec

        for pattern, codes in self.pairs:
            try:
                spec = GitIgnoreSpec.from_lines([pattern.removeprefix("!")])
            except ValueError as error:
                raise UsageError(
                    "a pattern of `per-file-ignores` is none",
                    why=str(error),
                    hint="write it as in .gitignore",
                ) from error
            self._specs.append((spec, pattern.startswith("!"), codes))

    def codes_of(self, path: Path) -> tuple[str, ...]:
        """Return the codes and prefixes that do not act in the file at `path`."""
        if not self._specs:
            return ()
        names = [os.path.abspath(path)[1:], os.path.relpath(path)]
        found: dict[str, None] = {}
        for spec, is_negated, codes in self._specs:
            if any(map(spec.match_file, names)) != is_negated:
                found.update(dict.fromkeys(codes))
        return tuple(found)
