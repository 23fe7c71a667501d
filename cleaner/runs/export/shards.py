"""Files that are begun anew when they have grown to some size."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast

from cleaner.runs.input.target import Target
from cleaner.storage.below import RUN_DIR, move_below
from cleaner.storage.compress import writing
from cleaner.storage.digests import DigestWriter
from cleaner.storage.replace import whole_file

# Where shards stand until it is known how many there are.
_UNNAMED = f"{RUN_DIR}/shards"


class Shard(NamedTuple):
    """A file that was written: its name, its digest and size."""

    name: str
    sha256: str
    size: int


class Shards:
    """The files of a target, each of its size at most; sizes are of what is compressed.

    What is written at once is not parted, so a file of one such piece may be larger.
    """

    def __init__(self, folder: Path, target: Target) -> None:
        self._folder = folder
        self._target = target
        self.most = target.shard_size
        self._open = ExitStack()
        self._digest: DigestWriter | None = None
        self._stream: BinaryIO | None = None
        self._written = 0
        self._done: list[tuple[str, DigestWriter]] = []

    @property
    def stream(self) -> BinaryIO:
        """The stream of the file at hand, decompressed."""
        if self._stream is None:
            name = self._target.name
            place = f"{_UNNAMED}/{name}-{len(self._done)}" if self.most else name
            raw = self._open.enter_context(whole_file(self._folder, place))
            self._digest = DigestWriter(raw)
            packed = writing(cast("BinaryIO", self._digest), self._target.codec)
            self._stream = self._open.enter_context(packed)
            self._done.append((place, self._digest))
        return self._stream

    @property
    def is_fresh(self) -> bool:
        """Whether nothing was written into the file at hand."""
        return not self._written

    @property
    def size(self) -> int:
        """The size of the file at hand."""
        return 0 if self._digest is None else self._digest.tell()

    def is_full(self, size: int) -> bool:
        """Whether a piece of some bytes has no room in a file that holds others."""
        return bool(self.most and self._written and self._written + size > self.most)

    def count(self, size: int) -> None:
        """Take note of so many bytes that were written."""
        self._written += size

    def write(self, piece: bytes) -> None:
        """Append a piece to the file at hand, or to a new one."""
        if self.is_full(len(piece)):
            self.end()
        self.stream.write(piece)
        self.count(len(piece))

    def end(self) -> None:
        """End the file at hand."""
        self._open.close()
        self._stream, self._written = None, 0

    def close(self) -> list[Shard]:
        """End all files, and give them their names."""
        _ = self.stream if not self._done else None
        self.end()
        found = []
        for number, (place, digest) in enumerate(self._done):
            name = place
            if self.most:
                count = f"{number:05d}-of-{len(self._done):05d}"
                name = f"{self._target.stem}-{count}{self._target.suffix}"
                move_below(self._folder, place, name)
            found.append(Shard(name, digest.hexdigest(), digest.tell()))
        return found

    def abandon(self, error: BaseException) -> None:
        """Let go of the file at hand."""
        self._open.__exit__(type(error), error, error.__traceback__)


@contextmanager
def opened(make: Callable[[], Shards]) -> Generator[Shards]:
    """Give files that are let go where what is written to them fails."""
    shards = make()
    try:
        yield shards
    except BaseException as error:
        shards.abandon(error)
        raise
