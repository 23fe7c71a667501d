"""What a run wrote: sources restored from it, and its edits explained."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from cleaner.api.arguments import AnyPath, path_of, url_of

if TYPE_CHECKING:
    from cleaner.journal.restore import Restored
    from cleaner.runs.explain import Explanation


def restore_files(
    output: AnyPath, destination: AnyPath, *, overwrite: bool = False
) -> Iterator[Restored]:
    """Restore the sources of an output folder below `destination`, telling of each file.

    An `output` that is a URL is fetched first. A restore that was killed can be run again. Raises
    UsageError where there is no journal, or `destination` is not empty.
    """
    from cleaner.runs.restore import restore_outputs

    with ExitStack() as stack:
        folder = stack.enter_context(run_folder(output))
        restored = restore_outputs(folder, path_of(destination), overwrite=overwrite)
        return _held(restored, stack.pop_all())


def explain_place(output: AnyPath, file: AnyPath, line: int) -> list[Explanation]:
    """Return what the run that wrote `output` changed at a line of a source, and why.

    `file` is the source, by any path that ends with its name in the run. Raises UsageError where
    the run read no such file.
    """
    from cleaner.runs import explain as explaining

    with run_folder(output) as folder:
        return explaining.explain_place(folder, Path(file), line)


@contextmanager
def run_folder(output: AnyPath) -> Iterator[Path]:
    """Give the folder that a run wrote; what stands at a URL is fetched, all of it."""
    url = url_of(output)
    if url is None:
        yield path_of(output)
        return
    from cleaner.storage.remote.fetching import fetch_folder

    with tempfile.TemporaryDirectory(prefix="cleaner-") as name:
        folder = Path(name) / "output"
        fetch_folder(url, folder, lambda count: None)
        yield folder


def _held(restored: Iterator[Restored], stack: ExitStack) -> Iterator[Restored]:
    with stack:
        yield from restored
