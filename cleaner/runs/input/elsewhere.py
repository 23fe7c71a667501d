"""Inputs that are named by URLs, fetched before a run reads them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from cleaner.core.settings.config import Input
from cleaner.runs.input.finding import ignoring_of
from cleaner.runs.input.recognition import why_not_by_name
from cleaner.runs.progress import Progress
from cleaner.storage.remote.fetching import Fetching, fetch, find_remote


def fetch_inputs(
    urls: Sequence[str],
    options: Input,
    folder: Path,
    progress: Progress,
    *,
    alone: bool,
    output: str = "",
) -> Fetching:
    """Bring what the URLs name into `folder`; what cannot be fetched is an error among the others.

    Of folders nothing is fetched that would not be read by its name. With `alone` there are no
    other inputs; what lies below the URL of the `output` is none.
    """
    if not urls:
        return Fetching()
    why_not = partial(why_not_by_name, options=options)
    ignoring = ignoring_of(options)
    files, found = find_remote(urls, ignoring, why_not, alone=alone, output=output)
    progress.begin("fetch", None)
    fetch(files, found, folder, progress.advance)
    for remark in found.remarks:
        progress.remark(remark)
    return found
