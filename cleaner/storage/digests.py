"""Streams that take the SHA-256 digest of what passes through them."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from typing import BinaryIO


class DigestReader(io.RawIOBase):
    """Reads from `raw`; tells `advance` of every number of bytes read."""

    def __init__(self, raw: BinaryIO, advance: Callable[[int], None] = lambda count: None) -> None:
        self._raw = raw
        self._advance = advance
        self._digest = hashlib.sha256()
        self.size = 0

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        """Read into `buffer`."""
        data = self._raw.read(len(buffer))
        self._count(data)
        buffer[: len(data)] = data
        return len(data)

    def read(self, size: int = -1) -> bytes:
        """Return up to `size` bytes without a copy on the way."""
        data = self._raw.read(size)
        self._count(data)
        return data

    def drain(self) -> None:
        """Read to the end, for the digest of a whole file whose reader stopped short."""
        while data := self._raw.read(1 << 16):
            self._count(data)

    def hexdigest(self) -> str:
        """Return the digest of what was read."""
        return self._digest.hexdigest()

    def _count(self, data: bytes) -> None:
        self._digest.update(data)
        self.size += len(data)
        self._advance(len(data))


class DigestWriter(io.RawIOBase):
    """Writes to `raw`."""

    def __init__(self, raw: BinaryIO) -> None:
        self._raw = raw
        self._digest = hashlib.sha256()
        self._size = 0

    def tell(self) -> int:
        """Return how many bytes were written."""
        return self._size

    def writable(self) -> bool:
        """Return True."""
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        """Write `data` whole."""
        self._digest.update(data)
        self._raw.write(data)
        self._size += len(data)
        return len(data)

    def hexdigest(self) -> str:
        """Return the digest of what was written."""
        return self._digest.hexdigest()
