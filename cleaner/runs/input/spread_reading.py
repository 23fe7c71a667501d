"""Inputs that tasks read themselves: each some files, cut into batches for other tasks to parse.

So what is read need not pass through the process that starts the tasks, which may be far from
them. Batches lie in the scratch folder of the engine in between.
"""

from __future__ import annotations

import pickle
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

from cleaner.core.errors import CleanerError, UsageError
from cleaner.core.settings.config import Input
from cleaner.engines.base import ClusterEngine
from cleaner.runs.input.parsing import ParseBatch, SpoolPart, keep_own_container, told_in_order
from cleaner.runs.input.reading import Batch, Entry, Failure, Inputs, SourceFile, read_batches
from cleaner.storage.compress import reading, writing
from cleaner.storage.replace import whole_file

# Small files are read by one task as long as they come to no more than this together.
_GROUP_BYTES = 8 << 20


class FileGroup(NamedTuple):
    """Some files in a row: the first one's number among all, and the files."""

    first: int
    files: list[SourceFile]


class Reading(NamedTuple):
    """What was read of some files: batches, failures (of batches counted here), and the files."""

    batches: list[Path]
    failures: list[Failure]
    files: list[SourceFile]


@dataclass(frozen=True)
class ReadFiles:
    """Reading as a picklable function of some files; batches go into `scratch`."""

    options: Input
    scratch: Path
    staged: Path | None

    def __call__(self, group: FileGroup) -> Reading:
        """Write the batches of these files; an attempt that was stopped is simply done again."""
        first, files = group
        failures: list[Failure] = []
        batches = []
        keep = None if self.staged is None else partial(keep_own_container, staged=self.staged)
        read = read_batches(Inputs(files), self.options, failures.append, _say_nothing, keep)
        for batch in read:
            name = f"{first:08d}-{batch.place:08d}.batch"
            with whole_file(self.scratch, name) as raw, writing(raw, "zstd") as stream:
                stream.write(pickle.dumps(_numbered(batch, first)))
            batches.append(self.scratch / name)
        numbered = [failure._replace(file=first + failure.file) for failure in failures]
        return Reading(batches, numbered, files)


@dataclass(frozen=True)
class ParseRead:
    """Parsing as a picklable function of a batch that another task has read."""

    parse: ParseBatch

    def __call__(self, path: Path) -> SpoolPart:
        """Write the batch's staged documents."""
        with path.open("rb") as raw, reading(raw, "zstd") as stream:
            batch: Batch = pickle.loads(stream.read())  # noqa: S301 - a task of this run wrote it
        return self.parse(batch)


def parse_spread(
    inputs: Inputs,
    parse: ParseBatch,
    engine: ClusterEngine,
    report: Callable[[CleanerError], None],
    advance: Callable[[int], None],
    staged: Path | None = None,
) -> list[SpoolPart]:
    """Parse all inputs as `parse_inputs` does; tasks read them, and tell what they came to.

    Raises UsageError where one is in an archive: it was unpacked where tasks may not see it.
    """
    if archive := next((file.archive for file in inputs.files if file.archive), ""):
        raise UsageError(
            "archives are not read on a cluster", where=archive, hint="unpack it into a folder"
        )
    failures: deque[Failure] = deque()
    batches: list[Path] = []
    groups = file_groups(inputs.files)
    read = ReadFiles(parse.settings.input, engine.scratch, staged)
    for group, done in zip(groups, engine.map(read, groups), strict=True):
        failures.extend(f._replace(batch=len(batches) + f.batch) for f in done.failures)
        batches += done.batches
        inputs.files[group.first : group.first + len(group.files)] = done.files

    def parsed() -> Iterator[SpoolPart]:
        for spool_part in engine.map(ParseRead(parse), batches):
            advance(spool_part.size)
            yield spool_part

    return told_in_order(inputs, parsed(), failures, report)


def file_groups(files: Sequence[SourceFile]) -> list[FileGroup]:
    """Return the files by the task that reads them, in order."""
    groups: list[FileGroup] = []
    held = _GROUP_BYTES
    for number, file in enumerate(files):
        size = Inputs([file]).total_bytes()
        if held + size > _GROUP_BYTES:
            groups.append(FileGroup(number, []))
            held = 0
        groups[-1].files.append(file)
        held += size
    return groups


def _numbered(batch: Batch, first: int) -> Batch:
    """Return a batch with the numbers that its files have among all."""
    return Batch(
        batch.place,
        [Entry(first + entry.file, entry.record) for entry in batch.entries],
        {first + number: name for number, name in batch.names.items()},
        {first + number: format for number, format in batch.formats.items()},
        {first + number: codes for number, codes in batch.ignored.items()},
    )


def _say_nothing(count: int) -> None:
    """Hear how much was read; the driver is told of what was parsed."""
