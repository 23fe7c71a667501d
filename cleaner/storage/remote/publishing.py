"""A finished output folder brought to a URL: outputs first, then the journal, the report last.

Object stores put single objects whole or not at all, and cannot rename; so no folder of theirs can
change at once. Whoever reads one knows by its report that the rest is there: it is taken away
before the first file is written over, and comes back when everything stands.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from cleaner.core.errors import CleanerError, InputError, UsageError
from cleaner.core.urls import redacted
from cleaner.storage.below import RUN_DIR
from cleaner.storage.remote.store import Store, move_all

T = TypeVar("T")

# What tells that all of a folder stands there.
REPORT = f"{RUN_DIR}/report.json"

_UNWRITABLE = ("http", "https", "data", "github", "git")


class Published:
    """A folder elsewhere that is to hold what a run wrote."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self.shown = redacted(self.url)
        self._store = Store(self.url)
        if self._store.scheme in _UNWRITABLE:
            raise UsageError(
                "cannot be written to",
                where=self.shown,
                why=f"{self._store.scheme} is read only",
                hint="name a folder, or a bucket of an object store, with -o",
            )

    def read(self, name: str) -> bytes | None:
        """Return what a small file here holds; None where there is none."""
        return self._reached(lambda: self._store.read(f"{self.url}/{name}"))

    def is_empty(self) -> bool:
        """Whether nothing stands here."""
        return not self._reached(lambda: self._store.files_below(f"{self.url}/"))

    def names_below(self, folder: str) -> list[str]:
        """Return the names of the files that stand in a folder here."""
        base = f"{self.url}/{folder}/"
        found = self._reached(lambda: self._store.files_below(base))
        return [f"{folder}/{self._store.inside(entry, base)}" for entry in found]

    def publish(
        self,
        folder: Path,
        names: Sequence[str],
        stale: Sequence[str],
        advance: Callable[[int], None],
    ) -> None:
        """Write the files of a folder, by their names, and remove those that are `stale`.

        May be stopped anywhere, and called again.
        """
        self._reached(lambda: self._store.remove(f"{self.url}/{REPORT}"))
        outputs = [name for name in names if not name.startswith(f"{RUN_DIR}/")]
        own = [name for name in names if name.startswith(f"{RUN_DIR}/") and name != REPORT]

        def put(name: str, count: Callable[[int], None]) -> None:
            count(0)
            self._store.put(folder / name, f"{self.url}/{name}")
            count((folder / name).stat().st_size)

        def drop(name: str, count: Callable[[int], None]) -> None:
            self._store.remove(f"{self.url}/{name}")

        for function, some in ((put, outputs), (drop, sorted(stale)), (put, own), (put, [REPORT])):
            for done in move_all(function, some, advance):
                if isinstance(done, InputError):
                    raise _unpublished(done)

    def _reached(self, function: Callable[[], T]) -> T:
        try:
            return function()
        except InputError as error:
            raise _unpublished(error) from None


def _unpublished(error: CleanerError) -> UsageError:
    return UsageError(
        "cannot be written",
        where=error.where,
        why=": ".join(part for part in (error.what, error.why) if part),
        hint="run the same command again; it goes on where it stood",
    )
