"""Models of texts, without files."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from cleaner import Model
from cleaner.normalize.context import Context
from cleaner.normalize.learn import Seen, count_lines, look


def seen(texts: Iterable[str], site: str = "") -> list[Seen]:
    """Return texts as documents of one site."""
    return [Seen(str(number), site, text) for number, text in enumerate(texts)]


def model_of(documents: list[Seen]) -> Model:
    """Return the model of documents whose characters need no repair."""
    found = look(documents, Context())
    return Model.of(found, count_lines(documents, found.sketch))


def bytes_of(model: Model, folder: Path) -> bytes:
    """Return the bytes of the model's file."""
    model.save(folder / "bytes.model", overwrite=True)
    return (folder / "bytes.model").read_bytes()
