"""What git says has changed in a working tree."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cleaner.core.errors import UsageError

LineRange = tuple[int, int]
"""First and last line, from 1; where lines are gone, the line behind the gap and that before it."""

_HUNK = re.compile(rb"@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")


def repository_root(folder: Path) -> Path | None:
    """Return the top folder of the working tree that `folder` stands in; None where in none.

    Nothing is run for it: the nearest folder upward that holds ``.git`` is one's own.
    """
    for above in (folder, *folder.parents):
        if (above / ".git").exists():
            return above
    return None


@dataclass(frozen=True)
class Changes:
    """The files that changed, by their resolved paths, and the lines that did; None for all."""

    files: Mapping[Path, Sequence[LineRange] | None]

    def has(self, path: Path) -> bool:
        """Whether the file changed at all."""
        return path.resolve() in self.files

    def touches(self, path: Path, first: int, last: int) -> bool:
        """Whether one of the lines from `first` to `last` changed."""
        ranges = self.files.get(path.resolve(), ())
        return ranges is None or any(low <= last and first <= high for low, high in ranges)


def changes_since(revision: str, paths: Sequence[Path]) -> Changes:
    """Return what changed below `paths` from `revision` to the working tree.

    Files that git does not know count as new, unless it ignores them. With three dots behind it
    the revision stands for the commit at which HEAD parted from it. Raises UsageError where there
    is no repository, or no such revision.
    """
    tops: dict[Path, list[Path]] = {}
    for path in paths:
        top = repository_root(path.resolve() if path.is_dir() else path.resolve().parent)
        if top is None:
            raise UsageError("is in no git repository", where=str(path), hint="leave out --since")
        tops.setdefault(top, []).append(path.resolve())
    files: dict[Path, Sequence[LineRange] | None] = {}
    for top, inside in tops.items():
        names = [os.path.relpath(path, top) for path in inside]
        start = _commit(top, revision)
        options = ["--unified=0", "--text", "--no-color", "--no-ext-diff", "--no-textconv", "-M"]
        prefixes = ["--src-prefix=a/", "--dst-prefix=b/", "--no-relative"]
        patch = _git(top, "diff", *options, *prefixes, start, "--", *names)
        files.update((top / name, ranges) for name, ranges in _changed_lines(patch))
        others = _git(top, "ls-files", "--others", "--exclude-standard", "-z", "--", *names)
        for name in filter(None, others.split(b"\0")):
            files[top / os.fsdecode(name)] = None
    return Changes(files)


def _commit(top: Path, revision: str) -> str:
    """Return the commit that `revision` names."""
    named, dots, _ = revision.partition("...")
    _git(top, "rev-parse", "--git-dir")
    try:
        found = _git(top, "rev-parse", "--verify", "--end-of-options", f"{named}^{{commit}}")
        commit = found.decode().strip()
        if dots:
            commit = _git(top, "merge-base", commit, "HEAD").decode().strip()
    except UsageError as error:
        raise UsageError(
            f"git knows no revision {revision!r}",
            where=str(top),
            hint="name a branch, a tag or a commit that has been fetched",
        ) from error
    return commit


def _git(top: Path, *arguments: str) -> bytes:
    """Return what git prints; UsageError where it cannot be run or fails."""
    command = ["git", "-C", str(top), "-c", "core.quotePath=true", *arguments]
    try:
        done = subprocess.run(  # noqa: S603 - no shell, and names stand behind `--`
            command, capture_output=True, check=True, stdin=subprocess.DEVNULL
        )
    except OSError as error:
        raise UsageError(
            "git cannot be run", why=error.strerror or "", hint="install it, or leave out --since"
        ) from error
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode("utf-8", "replace").strip().splitlines()
        raise UsageError("git fails", where=str(top), why=said[-1] if said else "") from error
    return done.stdout


def _changed_lines(patch: bytes) -> Iterator[tuple[str, list[LineRange]]]:
    """Yield the files of a patch without context that still stand, with their changed lines."""
    name: str | None = None
    ranges: list[LineRange] = []
    inside = 0
    for line in patch.split(b"\n"):
        if inside and line[:1] in (b"-", b"+"):
            inside -= 1
        elif line.startswith(b"diff --git "):
            if name is not None:
                yield name, ranges
            name, ranges = None, []
        elif line.startswith((b"+++ ", b"rename to ")):
            name = _file_name(line.partition(b" ")[2].removeprefix(b"to "), line[:1] == b"+")
        elif found := _HUNK.match(line):
            removed, first, added = (1 if part is None else int(part) for part in found.groups())
            inside = removed + added
            # Only what reaches over a gap is touched by it: from the line before to the one behind.
            ranges.append((first, first + added - 1) if added else (first + 1, first))
    if name is not None:
        yield name, ranges


def _file_name(written: bytes, prefixed: bool) -> str | None:
    """Return a file's name from a line of a patch; None for none."""
    if written.startswith(b'"'):
        written = _unquoted(written.rstrip(b"\t"))
    if not prefixed:
        return os.fsdecode(written)
    # Behind a name with a space in it stands a tab.
    return os.fsdecode(written.rstrip(b"\t")[2:]) if written.startswith(b"b/") else None


def _unquoted(written: bytes) -> bytes:
    r"""Return a name that git put in quotes.

    >>> _unquoted(b'"b/caf\\303\\251 \\"x\\".txt"').decode()
    'b/café "x".txt'
    """
    escapes = dict(zip(b"ntrabfv", b"\n\t\r\a\b\f\v", strict=True))

    def plain(found: re.Match[bytes]) -> bytes:
        code = found[1]
        return bytes([int(code, 8) if len(code) == 3 else escapes.get(code[0], code[0])])

    return re.sub(rb"\\([0-7]{3}|.)", plain, written[1:-1], flags=re.DOTALL)
