"""The methods of a `Cleaner` as functions, for one call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleaner.api.arguments import AnyPath, AnyPaths
from cleaner.api.cleaner import AnySettings, Checked, CleanedText, Cleaner
from cleaner.reports.record import RunReport

if TYPE_CHECKING:
    from cleaner.model.model import Model


def clean_text(
    text: str, settings: AnySettings | None = None, *, model: Model | AnyPath | None = None
) -> CleanedText:
    r"""Clean one text; for many texts and a saved model, make one `Cleaner`, which loads it once.

    >>> clean_text("The  harbour\u200b was caf\xc3\xa9-lined.").text
    'The harbour was café-lined.\n'
    """
    return Cleaner(settings, model=model).clean_text(text)


def clean_files(
    inputs: AnyPaths,
    output: AnyPath,
    settings: AnySettings | None = None,
    *,
    model: Model | AnyPath | None = None,
    overwrite: bool = False,
) -> RunReport:
    """Clean files and folders into a folder; see `Cleaner.clean_files`."""
    return Cleaner(settings, model=model).clean_files(inputs, output, overwrite=overwrite)


def check_files(
    inputs: AnyPaths,
    settings: AnySettings | None = None,
    *,
    model: Model | AnyPath | None = None,
) -> Checked:
    """List what `clean_files` would change; see `Cleaner.check_files`."""
    return Cleaner(settings, model=model).check_files(inputs)


def fit_files(inputs: AnyPaths, settings: AnySettings | None = None) -> Model:
    """Return the model of files and folders; see `Cleaner.fit_files`."""
    return Cleaner(settings).fit_files(inputs)
