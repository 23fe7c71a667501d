"""What the output of a file becomes, where that is something else."""

from __future__ import annotations

from typing import NamedTuple


class Target(NamedTuple):
    """A format, the beginning and the end of a name, a codec, and the bytes of a shard (0: any).

    Documents that have the same one are written as one; others name the file that it is `of`.
    """

    format: str
    stem: str
    suffix: str
    codec: str
    shard_size: int
    of: str = ""

    @property
    def name(self) -> str:
        """The name of the file, if it is not parted."""
        return f"{self.stem}{self.suffix}"
