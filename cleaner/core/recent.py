"""What was worked out of texts lately, so that nobody works it out again."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Recent(Generic[Key, Value]):
    """A function of texts that keeps its latest answers.

    Steps ask the same of a document one after the other, and each changes little of it. It is
    bounded by the sizes of keys: the answers to the last `most` of them are known, and to no more
    than twice as many.

    >>> recent = Recent[str, str](str.upper, size=len, most=5)
    >>> [recent(word) for word in ("nets", "oil", "nets")]
    ['NETS', 'OIL', 'NETS']
    """

    def __init__(
        self, make: Callable[[Key], Value], *, size: Callable[[Key], int], most: int
    ) -> None:
        self._make = make
        self._size = size
        self._most = most
        self._held = 0
        self._young: dict[Key, Value] = {}
        self._old: dict[Key, Value] = {}

    def __call__(self, key: Key) -> Value:
        """Return what the function says of `key`."""
        # Several threads may be here, and each may put new dictionaries in place of these.
        young, old = self._young, self._old
        if key in young:
            return young[key]
        value = old[key] if key in old else self._make(key)
        self._held += self._size(key)
        if self._held > self._most:
            self._old, self._held = young, self._size(key)
            young = self._young = {}
        young[key] = value
        return value

    def known(self, key: Key) -> Value | None:
        """Return what the function said of `key` lately, None where that is forgotten."""
        found = self._young.get(key)
        return self._old.get(key) if found is None else found
