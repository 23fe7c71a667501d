"""What a folder holds and nobody asked for: excluded by a pattern, hidden, ignored by git."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from cleaner.core.errors import UsageError
from cleaner.core.settings.smallfile import read_small_file

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

_FOLDER = " folder"
EXCLUDED, HIDDEN, IGNORED, OUTPUT = "excluded", "hidden", "ignored by git", "the output"

# Why something is not asked for, with the option that reads it all the same.
_OPTIONS = {HIDDEN: "--hidden", IGNORED: "--no-respect-gitignore"}
_MOST_NAMED = 5


def told_of(passed_over: Mapping[str, str]) -> str:
    """Return in a line what was passed over because nobody asked for it, "" where nothing was.

    >>> told_of({".a.txt": "hidden", ".git": "hidden folder", "b": "no known suffix"})
    'passed over: 1 hidden (.a.txt), 1 hidden folder (.git); --hidden reads them'
    """
    by_reason: dict[str, list[str]] = {}
    for name, why in passed_over.items():
        if why.removesuffix(_FOLDER) in (EXCLUDED, HIDDEN, IGNORED):
            by_reason.setdefault(why, []).append(name)
    if not by_reason:
        return ""
    parts = []
    for why, names in sorted(by_reason.items()):
        more = " and others" if len(names) > _MOST_NAMED else ""
        plural = "s" if why.endswith(_FOLDER) and len(names) > 1 else ""
        named = ", ".join(sorted(names)[:_MOST_NAMED])
        parts.append(f"{len(names):,} {why}{plural} ({named}{more})")
    hint = how_to_read(passed_over)
    return f"passed over: {', '.join(parts)}" + (f"; {hint}" if hint else "")


def how_to_read(passed_over: Mapping[str, str]) -> str:
    """Return which options read what was passed over."""
    reasons = {why.removesuffix(_FOLDER) for why in passed_over.values()}
    options = [option for reason, option in _OPTIONS.items() if reason in reasons]
    if not options:
        return ""
    return f"{' and '.join(options)} {'read' if len(options) > 1 else 'reads'} them"


@dataclass(frozen=True)
class Rules:
    """Patterns of git that hold below a folder, each file of them with the folder it stands in.

    The one nearest to a file decides, and of one file the last pattern that fits.
    """

    by_folder: tuple[tuple[Path, GitIgnoreSpec], ...] = ()
    in_repository: bool = False

    def ignores(self, path: Path, *, folder: bool) -> bool:
        """Whether the patterns say that git should ignore what stands at `path`."""
        for base, spec in reversed(self.by_folder):
            name = path.relative_to(base).as_posix() + ("/" if folder else "")
            decided = spec.check_file(name).include
            if decided is not None:
                return decided
        return False

    def below(self, folder: Path) -> Rules:
        """Return the rules inside `folder`; a repository in it goes by its own alone."""
        if (folder / ".git").exists():
            return Rules((), in_repository=True)._with(folder, ".gitignore", ".git/info/exclude")
        return self._with(folder, ".gitignore") if self.in_repository else self

    def _with(self, folder: Path, *names: str) -> Rules:
        lines = [line for name in reversed(names) for line in _lines(folder / name)]
        if not lines:
            return self
        return Rules((*self.by_folder, (folder, _spec(lines))), self.in_repository)


@dataclass(frozen=True)
class Ignoring:
    """What is passed over: `patterns` as in .gitignore, of names as a run calls its files.

    `output` is where the run writes, whether it is there yet or not.
    """

    patterns: Sequence[str] = ()
    hidden: bool = False
    gitignore: bool = True
    output: Path | None = None
    _spec: GitIgnoreSpec | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        if self.patterns:
            object.__setattr__(self, "_spec", _excluding(self.patterns))
        if self.output is not None:
            object.__setattr__(self, "output", Path(os.path.realpath(self.output)))

    def rules_of(self, start: Path) -> Rules:
        """Return the rules of git for what stands in a folder that was named.

        What is named is wanted, so rules above it that ignore the folder itself do not count.
        """
        if not self.gitignore:
            return Rules()
        place = Path(os.path.realpath(start))
        top = next((one for one in (place, *place.parents) if (one / ".git").exists()), None)
        rules = Rules()
        if top is None:
            return rules
        for folder in (*reversed([one for one in place.parents if one.is_relative_to(top)]), place):
            if rules.ignores(folder, folder=True):
                rules = Rules(in_repository=True)
            rules = rules.below(folder)
        return rules

    def why(self, path: Path, name: str, rules: Rules, *, folder: bool) -> str:
        """Return why what stands at `path` is passed over; "" where it is not.

        The path begins with the real one of the folder that was named.
        """
        if folder and self.output is not None and os.path.realpath(path) == str(self.output):
            return OUTPUT
        if self.excludes(name, folder=folder):
            return EXCLUDED
        if not self.hidden and path.name.startswith("."):
            return HIDDEN
        return IGNORED if rules.ignores(path, folder=folder) else ""

    def excludes(self, name: str, *, folder: bool) -> bool:
        """Whether a pattern names this file or folder."""
        return self._spec is not None and self._spec.match_file(name + ("/" if folder else ""))


def _lines(path: Path) -> list[str]:
    """Return the lines of a file of patterns; none where there is no such file."""
    try:
        return read_small_file(path).splitlines()
    except (OSError, UnicodeDecodeError):
        return []


def _spec(lines: Iterable[str]) -> GitIgnoreSpec:
    """Return what the lines say; git passes over those that mean nothing."""
    from pathspec import GitIgnoreSpec

    sound = []
    for line in lines:
        try:
            GitIgnoreSpec.from_lines([line])
        except ValueError:
            continue
        sound.append(line)
    return GitIgnoreSpec.from_lines(sound)


def _excluding(patterns: Sequence[str]) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec

    try:
        return GitIgnoreSpec.from_lines(patterns)
    except ValueError as error:
        raise UsageError(
            "a pattern to exclude is none", why=str(error), hint="write it as in .gitignore"
        ) from error
