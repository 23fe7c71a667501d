"""The methods of a `Cleaner` as functions, for one call."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from cleaner.api.arguments import AnyPath, AnyPaths
from cleaner.api.texts import AnySettings, CleanedText, Deduplicated, TextCleaner

if TYPE_CHECKING:
    from cleaner.api.results import Checked
    from cleaner.model.model import Model
    from cleaner.reports.record import RunReport


def clean_text(
    text: str, settings: AnySettings | None = None, *, model: Model | AnyPath | None = None
) -> CleanedText:
    r"""Clean one text; for many texts and a saved model, make one `Cleaner`, which loads it once.

    >>> clean_text("The  harbour\u200b was caf\xc3\xa9-lined.").text
    'The harbour was café-lined.\n'
    """
    return TextCleaner(settings, model=model).clean_text(text)


def clean_texts(
    texts: Iterable[str],
    settings: AnySettings | None = None,
    *,
    model: Model | AnyPath | None = None,
) -> Iterator[CleanedText]:
    r"""Yield what becomes of each text, in order, as they come; see `Cleaner.clean_texts`.

    >>> for cleaned in clean_texts(["The  tide came in.", "Nobody saw it.\n"]):
    ...     print(cleaned.text, len(cleaned.edits))
    The tide came in.
     2
    Nobody saw it.
     0
    """
    return TextCleaner(settings, model=model).clean_texts(texts)


def deduplicate(texts: Any, settings: AnySettings | None = None) -> Deduplicated:
    """Find the duplicates among texts, in memory; see `Cleaner.deduplicate`."""
    return TextCleaner(settings).deduplicate(texts)


def fit_texts(texts: Iterable[str], settings: AnySettings | None = None) -> Model:
    """Return the model of texts; see `Cleaner.fit_texts`."""
    return TextCleaner(settings).fit_texts(texts)


def clean_files(
    inputs: AnyPaths,
    output: AnyPath,
    settings: AnySettings | None = None,
    *,
    model: Model | AnyPath | None = None,
    overwrite: bool = False,
) -> RunReport:
    """Clean files and folders into a folder; see `Cleaner.clean_files`."""
    from cleaner.api.cleaner import Cleaner

    return Cleaner(settings, model=model).clean_files(inputs, output, overwrite=overwrite)


def check_files(
    inputs: AnyPaths,
    settings: AnySettings | None = None,
    *,
    model: Model | AnyPath | None = None,
) -> Checked:
    """List what `clean_files` would change; see `Cleaner.check_files`."""
    from cleaner.api.cleaner import Cleaner

    return Cleaner(settings, model=model).check_files(inputs)


def fit_files(inputs: AnyPaths, settings: AnySettings | None = None) -> Model:
    """Return the model of files and folders; see `Cleaner.fit_files`."""
    from cleaner.api.cleaner import Cleaner

    return Cleaner(settings).fit_files(inputs)
