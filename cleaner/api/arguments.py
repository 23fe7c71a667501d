"""Arguments as people give them."""

from __future__ import annotations

from collections.abc import Iterable
from os import PathLike, fsdecode
from pathlib import Path
from typing import NamedTuple

from cleaner.core.errors import UsageError
from cleaner.core.urls import is_url, local_path, scheme_of, was_url

AnyPath = str | PathLike[str]
AnyPaths = AnyPath | Iterable[AnyPath]


class Sources(NamedTuple):
    """What is to be read: paths of this machine, and URLs of what lies elsewhere."""

    paths: list[Path]
    urls: list[str]


def sources_of(inputs: AnyPaths) -> Sources:
    """Return inputs by where they are: one path or URL, or any number of them.

    >>> sources_of(["notes", "s3://bucket/a.jsonl"])
    Sources(paths=[PosixPath('notes')], urls=['s3://bucket/a.jsonl'])
    """
    sources = Sources([], [])
    given = [inputs] if isinstance(inputs, str | bytes | PathLike) else inputs
    if not isinstance(given, Iterable):
        raise TypeError(f"inputs is a path or a sequence of paths, not a {kind_of(inputs)}")
    for one in given:
        url = url_of(one)
        if url is None:
            sources.paths.append(path_of(one))
        else:
            sources.urls.append(url)
    if not sources.paths and not sources.urls:
        raise UsageError("nothing to read", hint="name files or folders")
    return sources


def paths_of(inputs: AnyPaths) -> list[Path]:
    """Return the paths of inputs that must lie here: one path, or any number of them."""
    sources = sources_of(inputs)
    for url in sources.urls:
        path_of(url)
    return sources.paths


def url_of(path: AnyPath | bytes) -> str | None:
    """Return the URL of what lies elsewhere, None of what lies here.

    >>> url_of("s3://bucket/out"), url_of("file:///data/out"), url_of("out")
    ('s3://bucket/out', None, None)
    """
    if not isinstance(path, str | bytes | PathLike):
        raise TypeError(f"a path is a str or a Path, not a {kind_of(path)}")
    text = fsdecode(path)
    return text if is_url(text) and scheme_of(text) not in ("file", "local") else None


def path_of(path: AnyPath | bytes) -> Path:
    """Return a path as it was given; TypeError where it is none, UsageError of a URL."""
    if not isinstance(path, str | bytes | PathLike):
        raise TypeError(f"a path is a str or a Path, not a {kind_of(path)}")
    text = fsdecode(path)
    if not is_url(text) and not was_url(text):
        return Path(text)
    if scheme_of(text) in ("file", "local"):
        return Path(local_path(text))
    raise UsageError("is a URL, and must be a path here", where=text, hint="copy it here first")


def kind_of(value: object) -> str:
    """Return the name of a value's type, as an error says it."""
    return type(value).__name__
