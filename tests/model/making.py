"""Models of texts, without files."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from cleaner import Model
from cleaner.steps.context import Context
from cleaner.steps.learn import Sample, collect_stats, count_lines


def samples(texts: Iterable[str], site: str = "") -> list[Sample]:
    """Return texts as documents of one site."""
    return [Sample(str(number), site, text) for number, text in enumerate(texts)]


def model_of(documents: list[Sample]) -> Model:
    """Return the model of documents whose characters need no repair."""
    found = collect_stats(documents, Context())
    return Model.of(found, count_lines(documents, found.sketch))


def bytes_of(model: Model, folder: Path) -> bytes:
    """Return the bytes of the model's file."""
    model.save(folder / "bytes.model", overwrite=True)
    return (folder / "bytes.model").read_bytes()
