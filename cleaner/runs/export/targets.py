"""What each output of a run becomes: its format, its name, and how large its shards may be."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath

from cleaner.core.errors import UsageError
from cleaner.core.settings.config import Output
from cleaner.formats.registry import CARD, FORMATS, base_of
from cleaner.runs.input.reading import SourceFile
from cleaner.runs.input.target import Target
from cleaner.storage.compress import SUFFIXES

# Formats whose files are parted as they are.
_PARTED = ("jsonl", "csv", "tsv", "parquet")

# Where documents go that are files of their own, if records are asked for.
_DOCUMENTS = "documents"


def set_targets(files: Iterable[SourceFile], output: Output) -> None:
    """Note of each file what is made of its output, where that is something else."""
    for file in files:
        if not file.protected:
            file.target = _target_of(file, output)


def refuse_targets(output: Output) -> None:
    """Raise UsageError where something else is asked for, and no folder is written."""
    if output.to != "same" or output.shard_size:
        raise UsageError(
            "--to and --shard-size are of runs that write a folder", hint="name one with -o"
        )


def _target_of(file: SourceFile, output: Output) -> Target | None:
    if file.format == CARD:
        return Target(CARD, file.name, "", file.codec, 0, file.name)
    own = base_of(file.format)
    alone = FORMATS[file.format].one_document
    wanted = own if output.to == "same" else output.to
    if wanted == own and not (output.shard_size and own in _PARTED):
        return None
    if alone and wanted in (own, "txt"):
        return None
    codec = "plain" if wanted == "parquet" or alone else file.codec
    stem = _DOCUMENTS if alone else _stem(file)
    of = "" if alone else file.name
    packed = next((suffix for suffix, name in SUFFIXES.items() if name == codec), "")
    return Target(wanted, stem, f".{wanted}{packed}", codec, output.shard_size, of)


def _stem(file: SourceFile) -> str:
    """Return the name of a file without what tells of its form."""
    path = PurePosixPath(file.name)
    if path.suffix.lower() in SUFFIXES:
        path = path.with_suffix("")
    if path.suffix.lower() in FORMATS[base_of(file.format)].suffixes:
        path = path.with_suffix("")
    return path.as_posix()
