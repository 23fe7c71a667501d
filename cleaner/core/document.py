"""Documents: a text, its id, and where it came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Source:
    """Where a document stands: a path, and the record (counted from 1) where a file holds many.

    ``field`` is the name of the field, where records have several texts.
    """

    path: str
    record: int | None = None
    field: str = ""

    def __str__(self) -> str:
        return self.path if self.record is None else f"{self.path}:{self.record}"


@dataclass(frozen=True, slots=True)
class Document:
    """A text with its identity; `metadata` passes through untouched."""

    id: str
    source: Source
    text: str
    metadata: Mapping[str, Any] = field(default_factory=dict)


def record_of(number: int, fields: int) -> int:
    """Return the record that a text stands in, where each record has so many.

    >>> [record_of(number, 2) for number in (1, 2, 3)]
    [1, 1, 2]
    """
    return (number - 1) // fields + 1


def place_in(name: str, number: int, fields: int = 1) -> str:
    """Return the place of a text in a file of records, as people read it.

    >>> place_in("a.jsonl", 3), place_in("a.jsonl", 3, 2)
    ('a.jsonl:3', 'a.jsonl:2')
    """
    return f"{name}:{record_of(number, fields)}"
