"""Outputs written anew as what was asked for, once they are complete."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from functools import partial
from pathlib import Path, PurePosixPath
from typing import cast

from cleaner.core.errors import CleanerError, InputError
from cleaner.core.settings.config import Input
from cleaner.formats.card import without_figures
from cleaner.formats.columnar.formats import Columnar
from cleaner.formats.registry import CARD, FORMATS, base_of
from cleaner.reports.record import Exported
from cleaner.runs.export.rows import Row, rows_of, tables_of, unlimited
from cleaner.runs.export.shards import Shard, Shards, opened
from cleaner.runs.export.writers import WRITERS, write_tables
from cleaner.runs.input.reading import SourceFile
from cleaner.runs.input.target import Target
from cleaner.storage.below import kept_name, kind_below, open_below
from cleaner.storage.compress import reading


def export(
    files: Iterable[SourceFile],
    folder: Path,
    options: Input,
    lost: Collection[str],
    tell: Callable[[CleanerError], None],
) -> list[Exported]:
    """Write what the outputs in a folder become; tell of those of which nothing can be made.

    Files that become one stand in it one after the other. `lost` are the names of those of which
    records are not written.
    """
    exported = []
    together: dict[Target, list[SourceFile]] = {}
    for file in files:
        if file.target is not None and file.error is None and not file.protected:
            together.setdefault(file.target, []).append(file)
    for target, sources in together.items():
        try:
            if target.format == CARD:
                shards = _write_card(sources[0], target, folder, lost)
            else:
                shards = _write(sources, target, folder, options)
        except (InputError, OSError) as error:
            tell(_told(error).at(sources[0].where))
            continue
        exported += [Exported(*shard) for shard in shards]
    return exported


def _told(error: InputError | OSError) -> InputError:
    if isinstance(error, InputError):
        return error
    return InputError("cannot be converted", why=error.strerror or str(error))


def _write(files: list[SourceFile], target: Target, folder: Path, options: Input) -> list[Shard]:
    with opened(partial(Shards, folder, target)) as shards:
        if len(files) == 1 and target.format == base_of(files[0].format) != "parquet":
            _part(files[0], shards, folder, options)
        elif len(files) == 1 and target.format == "parquet" and _is_table(files[0]):
            _write_table(files[0], shards, folder)
        else:
            WRITERS[target.format](partial(_rows, files, folder, options), shards, options)
        return shards.close()


def _write_card(
    file: SourceFile, target: Target, folder: Path, lost: Collection[str]
) -> list[Shard]:
    """Write the card of a data set, without figures where they are no longer true."""
    with open_below(folder, kept_name(file.output)) as raw:
        card = raw.read()
    above = PurePosixPath(file.name).parent.as_posix()
    prefix = "" if above == "." else f"{above}/"
    with opened(partial(Shards, folder, target)) as shards:
        is_true = not any(name.startswith(prefix) for name in lost)
        shards.write(card if is_true else without_figures(card))
        return shards.close()


def _is_table(file: SourceFile) -> bool:
    return isinstance(FORMATS[file.format], Columnar)


def _rows(files: list[SourceFile], folder: Path, options: Input) -> Iterator[Row]:
    for file in files:
        yield from rows_of(file, folder, kept_name(file.output), options)


def _part(file: SourceFile, shards: Shards, folder: Path, options: Input) -> None:
    """Write records as they are; the row with the names of columns begins every shard."""
    format = FORMATS[base_of(file.format)]
    name = kept_name(file.output)
    if not kind_below(folder, name):
        return
    header = b""
    with open_below(folder, name) as raw, reading(raw, file.codec) as stream:
        for record in format.records(stream, unlimited(options)):
            if record.layout is not None and record.raw == record.layout.header:
                header = record.raw
            elif header and (shards.is_fresh or shards.is_full(len(record.raw))):
                shards.write(header + record.raw)
            else:
                shards.write(record.raw)
    if header and shards.is_fresh:
        shards.write(header)


def _write_table(file: SourceFile, shards: Shards, folder: Path) -> None:
    """Write the rows of a table with all that it has."""
    with open_below(folder, kept_name(file.output)) as raw:
        table = cast("Columnar", FORMATS[file.format]).table(raw)
        given = getattr(table, "options", None)
        options = given if isinstance(given, dict) else {"compression": "zstd"}
        write_tables(tables_of(table), table.schema, shards, options)
