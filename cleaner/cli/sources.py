"""What a command reads: inputs that are named one by one, or in a file."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from cleaner.core.errors import UsageError
from cleaner.core.openfile import open_file

files_from_option = click.option(
    "--files-from",
    type=click.Path(),
    metavar="FILE",
    help="Read the files and folders that FILE names too, one a line, or with a NUL after each; "
    "- is standard input.",
)


def sources_of(inputs: Sequence[str], files_from: str | None) -> list[str]:
    """Return all that is to be read; UsageError where that is nothing."""
    sources = list(inputs)
    if files_from is not None:
        sources += _named_in(files_from)
    if not sources:
        where = "" if files_from is None else files_from
        raise UsageError("nothing to read", where=where, hint="name files or folders")
    return sources


def _named_in(file: str) -> list[str]:
    try:
        if file == "-":
            data = sys.stdin.buffer.read()
        else:
            with open_file(Path(file)) as stream:
                data = stream.read()
    except OSError as error:
        raise UsageError("cannot be read", where=file, why=error.strerror or "") from error
    if b"\0" in data:
        names = data.split(b"\0")
    else:
        names = [line.removesuffix(b"\r") for line in data.split(b"\n")]
    return [os.fsdecode(name) for name in names if name]
