"""Findings that are known and put up with, in a file beside the corpus."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from cleaner.core.errors import UsageError
from cleaner.core.findings import Finding
from cleaner.core.openfile import open_file
from cleaner.reports.findings.context import content_of
from cleaner.storage.replace import whole_file

_NAME = "cleaner-baseline"
_VERSION = 1
_AGAIN = "make one with --write-baseline"
# Larger than any that people put up with; one that is cut there is no JSON.
_MOST_BYTES = 1 << 30


class Known(NamedTuple):
    """What a baseline knows a finding by: its file, its rule, and its content."""

    path: str
    code: str
    content: str


class Baseline:
    """Known findings and how many there are of each, by their contents and not by their lines.

    One may stand on any line of its file. Where a file has fewer than are known of it, as one that
    was renamed or from which lines were moved, so many are known in others.
    """

    def __init__(self, path: Path, counts: Counter[Known] | None = None) -> None:
        self._path = path
        self._counts = Counter() if counts is None else counts

    @classmethod
    def load(cls, path: Path) -> Baseline:
        """Read a baseline; UsageError where the file is none."""
        try:
            with open_file(path) as file:
                read = json.loads(file.read(_MOST_BYTES))
            if read[_NAME] != _VERSION:
                raise UsageError("is a baseline of another version", where=str(path), hint=_AGAIN)
            counts = Counter(
                {
                    Known(str(file["path"]), str(code), str(content)): int(count)
                    for file in read["files"]
                    for code, content, count in file["findings"]
                }
            )
        except OSError as error:
            raise UsageError(
                "cannot be read", where=str(path), why=error.strerror or "", hint=_AGAIN
            ) from error
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise UsageError("is no baseline", where=str(path), hint=_AGAIN) from error
        return cls(path, counts)

    def __len__(self) -> int:
        return self._counts.total()

    def add(self, findings: Iterable[Finding]) -> None:
        """Know all of `findings`."""
        self._counts.update(map(self._known, findings))

    def new(self, findings: Iterable[Finding], known: Counter[Known]) -> Iterator[Finding]:
        """Yield those of `findings` that are beyond what is `known` (see `known_of`)."""
        left = known.copy()
        for finding in findings:
            key = self._known(finding)
            if left[key] > 0:
                left[key] -= 1
            else:
                yield finding

    def known_of(self, findings: Iterable[Finding]) -> Counter[Known]:
        """Return how many of all `findings` of a run are known, by what they are known by."""
        found = Counter(map(self._known, findings))
        known = found & self._counts
        unused: Counter[tuple[str, str]] = Counter()
        for key, count in (self._counts - known).items():
            unused[key.code, key.content] += count
        for key, count in sorted((found - known).items()):
            moved = min(count, unused[key.code, key.content])
            if moved:
                known[key] += moved
                unused[key.code, key.content] -= moved
        return known

    def shrunk(self, known: Counter[Known], read: Collection[str]) -> Baseline:
        """Return the baseline without what is gone from the files that were `read`, or with them.

        What is known of files that stand, but were not read, stays.
        """
        were_read = {self._relative(path) for path in read}
        folder = self._path.absolute().parent
        kept = Counter(
            {
                key: count
                for key, count in self._counts.items()
                if key.path not in were_read and (folder / key.path).exists()
            }
        )
        return Baseline(self._path, kept + known)

    def save(self) -> None:
        """Write the file, whole or not at all; UsageError where it cannot be written."""
        files: dict[str, list[str]] = {}
        for key, count in sorted(self._counts.items()):
            files.setdefault(key.path, []).append(json.dumps([key.code, key.content, count]))
        pieces = [
            f'{{"path": {json.dumps(path)}, "findings": [\n' + ",\n".join(found) + "\n]}"
            for path, found in files.items()
        ]
        text = f'{{"{_NAME}": {_VERSION}, "files": [\n' + ",\n".join(pieces) + "\n]}\n"
        place = self._path.absolute()
        with whole_file(place.parent, place.name) as file:
            file.write(text.encode("ascii"))

    def _known(self, finding: Finding) -> Known:
        return Known(self._relative(finding.source.path), finding.code, content_of(finding))

    def _relative(self, path: str) -> str:
        """Return a path as seen from the baseline, which may be used from any folder."""
        return Path(os.path.relpath(path, self._path.absolute().parent)).as_posix()
