"""What a run wrote: sources restored from it, and its edits explained."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from cleaner.api.arguments import AnyPath

if TYPE_CHECKING:
    from cleaner.journal.restore import Restored
    from cleaner.runs.explain import Explanation


def restore_files(
    output: AnyPath, destination: AnyPath, *, overwrite: bool = False
) -> Iterator[Restored]:
    """Restore the sources of an output folder below `destination`, telling of each file.

    A restore that was killed can be run again. Raises UsageError where there is no journal, or
    `destination` is not empty.
    """
    from cleaner.runs.restore import restore_outputs

    return restore_outputs(Path(output), Path(destination), overwrite=overwrite)


def explain_place(output: AnyPath, file: AnyPath, line: int) -> list[Explanation]:
    """Return what the run that wrote `output` changed at a line of a source, and why.

    `file` is the source, by any path that ends with its name in the run. Raises UsageError where
    the run read no such file.
    """
    from cleaner.runs import explain as explaining

    return explaining.explain_place(Path(output), Path(file), line)
